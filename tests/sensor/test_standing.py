"""Two machines with one address are not swapped when a sensor begins again, whoever speaks first then."""

from dataclasses import replace

import pytest

from otwatch.results import StateRow
from otwatch.sensor import standing
from otwatch.sensor.hearing import DAY_NS, Hearing
from otwatch.site.memory import Strange
from otwatch.wire.overlaps import Standing
from tests.decode.builders import Frame, batch
from tests.wire.test_overlaps import B1, B10, HMI, PLC, arp, cells, datagram

LATER_MS = 60_000
OTHER = f"{PLC}%20"


def second(begin_ms: int) -> list[Frame]:
    """Only the cell in VLAN 20 speaks, through nothing that would prove it anew."""
    return [datagram(20, (B1, B10), (HMI, PLC), begin_ms + 10 * at, ttl=60) for at in range(5)]


def packets(hearing: Hearing) -> dict[str, int]:
    hearing.finish()
    return {row.key: row.packets for row in hearing.results({}).assets}


def begun() -> Hearing:
    hearing = Hearing(None)
    hearing.take(batch([arp(20, B10, PLC, HMI, 1_000), *cells()]))
    hearing.work()
    return hearing


def test_a_restart_swaps_nobody() -> None:
    first, again, anew = begun(), Hearing(None), Hearing(None)
    before = packets(begun())
    first.finish()
    again.carry_on(first.state(), (), {})
    for one in (again, anew):
        one.take(batch(second(LATER_MS)))
    assert [packets(again)[key] - before[key] for key in (f"{HMI}%20", f"{HMI}%10")] == [5, 0]
    assert set(packets(anew)) <= {HMI, PLC}  # without that, nothing says who it is


def test_a_clock_that_is_set_back_swaps_nobody() -> None:
    hearing, before = begun(), packets(begun())
    late = second(LATER_MS)
    hearing.take(batch([replace(frame, time_ns=frame.time_ns + 2 * DAY_NS) for frame in cells()]))
    hearing.take(batch(late))
    assert hearing.steps == 1
    after = packets(hearing)
    assert after[f"{HMI}%20"] - before[f"{HMI}%20"] == 5 + 12 // 2
    assert set(after) == set(before)


def test_it_comes_back_from_rows() -> None:
    many = Standing(tuple((n, 7, 0xA0B0C0) for n in range(3000)), (5, 1 << 43), ((PLC, B10, 20),))
    kept = list(standing.rows(many))
    assert [row.number for row in kept] == [1, 2, 3, 1, 1]
    assert standing.standing(kept) == many
    assert standing.standing(()) == Standing()


@pytest.mark.parametrize(
    ("part", "body"), [("other", "[1]"), ("first", '[["x", 1, 2]]'), ("apart", "{"), ("apart", "[-1]"), ("first", f"[[{1 << 33}, 1, 2]]")]
)
def test_what_is_no_such_row_begins_anew(part: str, body: str) -> None:
    hearing = Hearing(None)
    with pytest.raises(Strange):
        hearing.carry_on([StateRow(f"wire.overlaps.{part}", 1, body)], (), {})


def test_that_an_address_is_two_machines_is_written_at_once() -> None:
    """No item tells it, and what the journal says of the one must not become the other's after a restart."""
    hearing = Hearing(None)
    hearing.take(batch([arp(20, B10, PLC, HMI, 1_000)]))
    hearing.journal.whole(hearing.journal.begin(True))
    hearing.take(batch(cells()))
    assert hearing.journal.must_be_whole
    hearing.journal.whole(hearing.journal.begin(True))
    hearing.take(batch(second(LATER_MS)))
    assert not hearing.journal.must_be_whole
