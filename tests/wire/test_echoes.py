"""wire/echoes.py: packets that a mirror shows twice are said once."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.events import Answer, Echo, Request
from otwatch.sightings import Outcome, Sighting
from tests.decode.builders import Frame, ethernet
from tests.decode.wraps import IPV4
from tests.wire.dialogues import MS, Item, connection, hear, modbus, opened, requests, tallies, write
from tests.wire.mirrored import ASK, GRANT, asked, granted, packet


def echoes(items: Iterable[Item]) -> int:
    said = ((item.times, item.event) for item in items if isinstance(item, Sighting))
    return sum(times for times, event in said if isinstance(event, Echo) and isinstance(event.event, Request))


ROUTED = bytes.fromhex("0200000000aa0200000000bb")


@pytest.mark.parametrize(
    ("again", "times"),
    [
        (asked(5, MS), 1),  # a second port of the same switch
        (asked(5, 40 * MS, 63, ROUTED), 1),  # behind the router
        (asked(6, MS), 2),  # the device sends it again
        (asked(5, 60 * MS), 2),  # the identification has come round
    ],
)
def test_a_write_shown_twice_is_one_write(again: Frame, times: int) -> None:
    items = hear([asked(5), again, granted(9, 70 * MS)])
    assert len(requests(items)) == times
    assert echoes(items) == 2 - times
    assert sum(tally.twice for tally in tallies(items)) == 2 - times
    assert sum(tally.packets[0] for tally in tallies(items)) == 2


@pytest.mark.parametrize(("apart_ns", "times"), [(4 * MS, 1), (6 * MS, 2)])
def test_without_an_identification_only_what_comes_at_once_is_the_same(apart_ns: int, times: int) -> None:
    assert len(requests(hear([asked(0), asked(0, apart_ns)]))) == times


def test_an_answer_shown_twice_answers_once() -> None:
    items = hear([asked(5), asked(5, 1000), granted(9, MS), granted(9, MS + 1000)])
    assert [(one.outcome, one.times) for one in requests(items)] == [(Outcome.OK, 1)]
    assert [item for item in items if isinstance(item, Sighting) and isinstance(item.event, Answer)] == []
    assert sum(tally.twice for tally in tallies(items)) == 2


def test_another_payload_is_another_packet() -> None:
    other = Frame(ethernet(IPV4, packet(1, 2, modbus(1, write(8)), 5)), time_ns=MS)
    assert len(requests(hear([asked(5), other]))) == 2


def test_segments_shown_twice() -> None:
    client, server = connection()
    frames = [*opened(client, server), client.says(ASK, MS), server.says(GRANT, 2 * MS)]
    doubled = [frame for frame in frames for _ in range(2)]
    items = hear(doubled)
    assert [one.outcome for one in requests(items)] == [Outcome.OK]
    assert sum(tally.twice for tally in tallies(items)) == len(frames)


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_whole_dialogue_shown_twice(size: int) -> None:
    """The second SYN opens nothing: what was said behind the first would be new again."""
    client, server = connection()
    frames = [*opened(client, server), client.says(ASK, MS), server.says(GRANT, 2 * MS), client.says(ASK, 3 * MS)]
    items = hear([*frames, *frames], size)
    assert [one.times for one in requests(items)] == [1, 1]
    assert sum(tally.twice for tally in tallies(items)) == len(frames)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=20), st.integers(1, 5))
def test_batches_may_end_between_the_two(said: list[tuple[int, int]], size: int) -> None:
    time_ns, frames = 0, []
    for ident, later in said:
        time_ns += later * MS
        frames.append(asked(ident, time_ns))
    assert hear(frames, size) == hear(frames)


