"""What was written, and who holds which priority."""

from otwatch.events import Point, Request, Verb
from otwatch.inventory.endpoints import ends
from otwatch.inventory.points import Points, Written
from otwatch.sightings import Outcome
from tests.inventory.said import feed, inventory, said, udp

SETPOINT = Point("analog-value", 12, part="present-value")
A, B, DEVICE = "10.20.1.10", "10.20.1.11", "10.22.1.15"


def write(value: str, priority: int | None = 8) -> Request:
    return Request("bacnet", Verb.WRITE, "writeProperty", 15, points=(SETPOINT,), values=(value,), priority=priority)


def written(*orders: tuple[str, str, int | None], outcome: Outcome = Outcome.OK) -> list[Written]:
    """Of (who, what, priority), a second apart."""
    site = inventory()
    for at, (client, value, priority) in enumerate(orders):
        feed(site, said(udp(client, DEVICE), write(value, priority), at=at, outcome=outcome, number=at + 1))
    return [one for _, one in site.habits.points.all()]


def slots(one: Written) -> dict[int, tuple[str, str]]:
    return {slot.priority: (slot.client, slot.value) for slot in one.slots}


def test_each_priority_has_its_holder() -> None:
    (one,) = written((A, "21.5", 8), (B, "30.0", 5))
    assert slots(one) == {8: (A, "21.5"), 5: (B, "30.0")}
    assert (one.writes, one.writers, one.value, one.least, one.most) == (2, (A, B), "30.0", 21.5, 30.0)


def test_null_gives_the_priority_back() -> None:
    (one,) = written((A, "21.5", 8), (B, "30.0", 5), (B, "null", 5))
    assert slots(one) == {8: (A, "21.5")}
    assert one.value == "30.0"


def test_the_last_one_at_a_priority_holds_it() -> None:
    (one,) = written((A, "21.5", 8), (B, "19.0", 8))
    assert slots(one) == {8: (B, "19.0")}


def test_what_was_refused_writes_nothing() -> None:
    assert not written((A, "21.5", 8), outcome=Outcome.ERROR)


def test_full_the_table_forgets_what_it_met_first() -> None:
    points = Points(limit=2)
    for number in range(3):
        item = said(udp(A, DEVICE), write("1")._replace(points=(Point("analog-value", number, part="present-value"),)))
        points.write(item, item.event, ends(item))  # type: ignore[arg-type]  # a request
    assert [where[2] for where, _ in points.all()] == ["analog-value:1 present-value", "analog-value:2 present-value"]
    assert points.evicted == 1
