"""What devices call their own points."""

from otwatch.events import Binding
from otwatch.inventory.labels import Label, Labels
from otwatch.sightings import Frame
from tests.inventory.said import START, feed, inventory, said, udp

TALK = udp("10.20.1.12", "10.22.1.15")
NAME, UNIT = Binding("point-name", "analog-value:12", "Consigne salle 3"), Binding("point-unit", "analog-value:12", "degrees-celsius")


def test_a_device_names_its_points() -> None:
    site = inventory()
    feed(site, said(TALK, NAME, by_client=False), said(TALK, UNIT, by_client=False, at=1, number=2))
    ((where, label),) = site.habits.points.labels.all()
    assert where == ("10.22.1.15", "analog-value:12")
    assert label == Label("bacnet", START, START + 1_000_000_000, Frame("a.pcap", 1), "Consigne salle 3", unit="degrees-celsius")


def test_what_is_said_last_holds() -> None:
    labels = Labels()
    for text in ("A", "B"):
        labels.take("10.22.1.15", NAME._replace(value=text), said(TALK, NAME))
    assert [label.name for _, label in labels.all()] == ["B"]


def test_full_it_counts_what_it_does_not_keep() -> None:
    labels = Labels(limit=1)
    for point in ("a:1", "a:2"):
        labels.take("10.22.1.15", NAME._replace(key=point), said(TALK, NAME))
    assert (len(dict(labels.all())), labels.crowded) == (1, 1)
