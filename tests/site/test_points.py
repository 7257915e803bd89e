"""Points of assets as they are in the end."""

from otwatch.events import Binding, Point, Request, Verb
from otwatch.inventory.endpoints import ends
from otwatch.inventory.points import Points
from otwatch.results import ReaderRow, SlotRow
from otwatch.site.points import point_rows
from tests.inventory.said import SECOND, START, said, udp

SETPOINT = Point("analog-value", 12, part="present-value")
A, B, DEVICE = "10.20.1.10", "10.20.1.11", "10.22.1.15"
READ = Request("bacnet", Verb.READ, "readProperty", 12, points=(SETPOINT,))


def write(to: Points, value: str, server: str = DEVICE, client: str = A, at: float = 0) -> None:
    event = Request("bacnet", Verb.WRITE, "writeProperty", 15, points=(SETPOINT,), values=(value,), priority=8)
    item = said(udp(client, server), event, at=at)
    to.write(item, event, ends(item))


def test_what_is_known_of_a_point_is_one_row() -> None:
    points = Points()
    write(points, "21.5")
    for at in range(4):
        points.reads.see_one(said(udp(B, DEVICE), READ, at=at * 10, number=at))
    name = Binding("point-name", "analog-value:12", "Consigne salle 3")
    points.labels.take(DEVICE, name, said(udp(B, DEVICE), name))
    (row,) = point_rows(points, str)
    assert (row.asset, row.point, row.name, row.value, row.writes) == (DEVICE, str(SETPOINT), "Consigne salle 3", "21.5", 1)
    (reader,) = row.readers
    assert reader == ReaderRow(B, 4, 10_000, START, START + 30 * SECOND, reader.frame)
    assert (row.first_ns, row.last_ns) == (START, START + 30 * SECOND)


def test_two_addresses_of_one_device_are_one_point() -> None:
    points = Points()
    write(points, "21.5")
    write(points, "19", server="10.22.1.16", client=B, at=1)
    (row,) = point_rows(points, lambda key: DEVICE if key == "10.22.1.16" else key)
    assert (row.writes, row.writers, row.value, row.least, row.most) == (2, (A, B), "19", "19", "21.5")
    assert row.slots == (SlotRow(8, B, "19", START + SECOND, row.slots[0].frame),)


def test_a_point_that_was_only_named() -> None:
    points = Points()
    name = Binding("point-name", "analog-input:3", "Départ")
    points.labels.take(DEVICE, name, said(udp(B, DEVICE), name))
    (row,) = point_rows(points, str)
    assert (row.point, row.protocol, row.name, row.readers, row.writes) == ("analog-input:3", "bacnet", "Départ", (), 0)


def test_few_questions_have_no_period() -> None:
    points = Points()
    for at in range(2):
        points.reads.see_one(said(udp(B, DEVICE), READ, at=at))
    assert [reader.period_ms for row in point_rows(points, str) for reader in row.readers] == [0]


def test_a_subscription_is_about_a_whole_object() -> None:
    points = Points()
    event = Request("bacnet", Verb.SUBSCRIBE, "subscribeCOV", 5, points=(Point("analog-value", 12),))
    points.reads.see_one(said(udp(B, DEVICE), event))
    name = Binding("point-name", "analog-value:12", "Consigne salle 3")
    points.labels.take(DEVICE, name, said(udp(B, DEVICE), name))
    assert [(row.point, row.name) for row in point_rows(points, str)] == [("analog-value 12", "Consigne salle 3")]
