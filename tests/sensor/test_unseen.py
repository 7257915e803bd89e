"""What waits for the site half: in order, and weighed by what it holds."""

from otwatch.events import Point, Request, Verb
from otwatch.sensor.unseen import ITEM, ROOM, Unseen
from otwatch.sightings import Conversation, Frame, Item, Role, Routine, Sighting, Tally

TALK = Conversation("10.0.0.1", "10.0.0.2", "tcp", 0, 502, "modbus", Role.SYN)
FRAME = Frame("eth1", 1)
TALLY = Tally(TALK, (1, 0), (60, 0), (0, 0), (2, 0), 0, 0, ("", ""), -1, (64, 0), 1, 1, FRAME)


def asked(points: int) -> Request:
    return Request("modbus", Verb.WRITE, "write", 16, points=(Point("holding", 1),) * points, values=("7",) * points)


def seen(points: int) -> Sighting:
    return Sighting(TALK, True, asked(points), 1, 1, 1, FRAME)


def weight(*items: Item) -> int:
    waiting = Unseen()
    waiting.extend(items)
    return waiting.weight


def test_order_is_kept_and_what_is_gone_weighs_nothing() -> None:
    waiting = Unseen()
    items: list[Item] = [TALLY, seen(1), Routine(TALK, True, ((asked(2), 1, 1, 1, FRAME),)), seen(3)]
    waiting.extend(items)
    assert [waiting.popleft() for _ in range(len(waiting))] == items
    assert (len(waiting), waiting.weight) == (0, 0)


def test_long_writes_weigh_more_than_short_ones() -> None:
    assert weight(seen(123)) - weight(seen(1)) == 2 * 122
    assert weight(seen(1)) > weight(TALLY) == ITEM


def test_a_routine_weighs_as_much_as_what_it_says() -> None:
    said = tuple((asked(points), 1, 1, 1, FRAME) for points in (1, 5, 5))
    assert weight(Routine(TALK, True, said)) - weight(Routine(TALK, True, said[:1])) > 2 * 2 * 5


def crowded(*items: Item) -> bool:
    waiting = Unseen()
    waiting.extend(items)
    return waiting.crowded


def test_it_is_crowded_by_weight() -> None:
    """Few long writes crowd it as many tallies do."""
    assert not crowded(*[TALLY] * (ROOM // ITEM))
    assert crowded(*[TALLY] * (ROOM // ITEM + 1))
    assert crowded(*[seen(123)] * (ROOM // 200))
    assert not crowded(*[seen(123)] * (ROOM // 300))


def test_it_is_crowded_no_longer_once_some_are_gone() -> None:
    waiting = Unseen()
    waiting.extend([TALLY] * (ROOM // ITEM + 1))
    before = waiting.crowded
    waiting.popleft()
    assert before > waiting.crowded
    waiting.clear()
    assert (len(waiting), waiting.weight) == (0, 0)
