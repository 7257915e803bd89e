"""Counters: when they cross, what they forget, and that the order inside a window decides nothing."""

import random
from collections import defaultdict
from collections.abc import Callable, Hashable

from hypothesis import given
from hypothesis import strategies as st

from otwatch.alerts.crossings import beside, disagreed, distinct, doors, restless, spread, sweep, total, twice
from otwatch.alerts.tracks import HELD, KEY, SECOND, THINGS, Counter, Crossing, Line, Mark, Seen, Track
from otwatch.sightings import Frame
from tests.alerts.site import CAPTURE


def mark(thing: object, second: float = 0, *, key: str = "client", times: int = 1, failed: bool = False, quantity: int = 1) -> Mark:
    time_ns = int(second * SECOND)
    return Mark("any", key, thing, time_ns, Frame(CAPTURE, time_ns), times, failed, quantity)


def fed(counter: Counter, *marks: Mark) -> list[Crossing | None]:
    return [counter.add(one) for one in marks]


def test_distinct_things_cross() -> None:
    found = fed(Counter(60, distinct(3)), mark("a"), mark("a"), mark("b"), mark("c"))
    assert [bool(crossing) for crossing in found] == [False, False, False, True]


def test_keys_are_apart() -> None:
    assert fed(Counter(60, distinct(2)), mark("a", key="one"), mark("b", key="other")) == [None, None]


def test_old_things_are_forgotten() -> None:
    assert fed(Counter(60, distinct(3)), mark("a", 0), mark("b", 50), mark("c", 70)) == [None, None, None]


def test_what_is_told_late_meets_nothing_newer() -> None:
    """A segment behind a gap was waited for: what it wrote is told a minute after it, beside what was written since."""
    counter = Counter(60, restless(10, 6))
    newer = [mark("2500", second) for second in range(64, 80)]
    assert fed(counter, mark("2500", 3), *newer, mark("0", 3.5), mark("2500", 80)) == [None] * 19


def test_a_clock_that_was_set_back_blinds_no_counter() -> None:
    counter = Counter(60, distinct(3))
    assert fed(counter, mark("a", 5000), mark("b", 100), mark("c", 110), mark("d", 120))[-1] is not None


def test_total_counts_times() -> None:
    assert fed(Counter(60, total(5)), mark("a", times=3), mark("a", 1, times=2))[1] is not None


def test_spread_counts_quantities_once() -> None:
    counter = Counter(60, spread(200))
    assert fed(counter, mark("r0", quantity=125), mark("r0", 1, quantity=125)) == [None, None]
    assert counter.add(mark("r1", 2, quantity=125)) is not None


def test_first_crossing_tells_all_and_each_further_one_itself() -> None:
    found = fed(Counter(60, distinct(3)), mark("a", 1), mark("b", 2, times=4), mark("c", 3), mark("d", 4))
    assert [crossing.times for crossing in found if crossing] == [6, 1]
    assert found[2] is not None
    assert [frame.number // SECOND for frame in found[2].frames] == [1, 2, 3]


def test_open_keys_forget_nothing_until_they_are_silent() -> None:
    counter = Counter(60, distinct(2))
    fed(counter, mark("a", 0), mark("b", 1))
    long = fed(counter, *(mark(f"t{second}", second) for second in range(30, 300, 30)))[-1]
    assert long is not None
    assert len(long.things) == 11
    assert counter.add(mark("z", 400)) is None
    assert len(long.things) == 11


def test_fresh_leaves_habits_out() -> None:
    counter = Counter(60, distinct(3), fresh=True)
    for second in range(0, 600, 10):
        counter.add(mark("usual 1", second))
        counter.add(mark("usual 2", second))
    assert fed(counter, mark("new 1", 601), mark("usual 1", 602), mark("usual 2", 603), mark("new 2", 604)) == [None] * 4
    assert counter.add(mark("new 3", 605)) is not None


def test_sweep_needs_tries_in_vain() -> None:
    vain = [mark((f"host{at}", 502), at, failed=True) for at in range(10)]
    served = [one._replace(failed=False) for one in vain]
    assert fed(Counter(60, sweep(10, 15, 60, 0.5)), *vain)[-1] is not None
    assert fed(Counter(60, sweep(10, 15, 60, 0.5)), *served)[-1] is None


def test_hosts_and_ports_at_random_are_a_sweep() -> None:
    """No host comes up fifteen times and no port ten times, as in a scan of a /16 in any order."""
    tries = [mark((f"host{at}", 1000 + at % 30), at / 2, failed=True) for at in range(60)]
    crossed = [bool(found) for found in fed(Counter(60, sweep(10, 15, 60, 0.5)), *tries)]
    assert crossed == [False] * 59 + [True]
    outside = [one._replace(quantity=0) for one in tries]
    served = [one._replace(failed=at % 3 == 0) for at, one in enumerate(tries)]
    few_ports = [one._replace(thing=(f"host{at}", 1000 + at % 14), failed=at % 2 > 0) for at, one in enumerate(tries)]
    assert not any(map(any, (fed(Counter(60, sweep(10, 15, 60, 0.5)), *some) for some in (outside, served, few_ports))))


def test_a_retry_that_succeeds_is_no_try_in_vain() -> None:
    counter = Counter(60, sweep(2, 15, 60, 1.0))
    assert fed(counter, mark(("a", 80), failed=True), mark(("a", 80), 1), mark(("b", 80), 2, failed=True))[-1] is None


def test_things_of_one_key_are_bounded_and_counted_on() -> None:
    counter = Counter(60, distinct(10))
    found = fed(counter, *(mark(number) for number in range(THINGS + 50)))[-1]
    assert found is not None
    assert len(found.things) == THINGS


def test_all_keys_together_are_bounded() -> None:
    counter = Counter(60, distinct(THINGS + 1))
    for number in range(HELD + 1000):
        counter.add(mark("thing", key=f"spoofed {number}"))
    assert len(counter._tracks) <= HELD // (KEY + 1)
    assert counter._held <= HELD
    assert counter.forgotten == HELD + 1000 - len(counter._tracks)


def test_a_key_whose_window_is_over_is_let_go_in_silence() -> None:
    counter = Counter(60, distinct(2))
    for number in range(HELD // KEY):
        counter.add(mark("thing", number * 60, key=f"one after the other {number}"))
    assert (len(counter._tracks), counter.forgotten) == (HELD // (KEY + 1), 0)


marks = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(1, 3)), min_size=1, max_size=40)


@given(marks, st.randoms(use_true_random=False))
def test_order_inside_the_window_decides_nothing(said: list[tuple[int, int, int]], shuffle: random.Random) -> None:
    there = [mark(thing, second, times=times) for thing, second, times in said]
    back = there.copy()
    shuffle.shuffle(back)
    totals = []
    for one in (there, back):
        found = [crossing for crossing in fed(Counter(60, distinct(4)), *one) if crossing]
        totals.append((sum(crossing.times for crossing in found), sorted(found[-1].things.items()) if found else []))
    assert totals[0] == totals[1]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 200), st.integers(1, 4), st.booleans()), max_size=40))
def test_sums_of_a_track_are_those_of_its_things(tries: list[tuple[int, int, int, bool]]) -> None:
    track = Track(0)
    for thing, second, times, failed in tries:
        track.expire(max(second * SECOND, track.last_ns) - 60 * SECOND)
        track.put(mark(thing, second, times=times, failed=failed, quantity=thing + 1))
        seen = list(track.things.values())
        assert track.times == sum(one.times for one in seen)
        assert track.failed == sum(one.failed for one in seen)
        assert track.quantity == sum(one.quantity for one in seen)
        assert track.repeated == sum(one.times > 1 for one in seen)


tried = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 90), st.integers(1, 3), st.booleans()), max_size=60)
"""First and second part of a thing, seconds since the last, times, in vain."""


@given(tried)
def test_groups_cross_where_counting_all_things_anew_says_so(tries: list[tuple[int, int, int, int, bool]]) -> None:
    lines: dict[Line, Callable[[Track], bool]] = {
        sweep(3, 2, 99, 0.5): lambda track: _swept(track, 3, 2, 0.5),
        sweep(3, 3, 6, 0.8): lambda track: _swept(track, 3, 3, 0.8) or _scattered(track, 3, 3, 6, 0.8),
        doors(4, 2): lambda track: _opened(track, 4, 2),
        beside(5, 2): lambda track: _beside(track, 5, 2),
        disagreed(): lambda track: all(len({thing[part] for thing in track.things}) > 1 for part in (0, 1)),
        twice(2): lambda track: sum(seen.times > 1 for seen in track.things.values()) >= 2,
    }
    for line, anew in lines.items():
        track, second = Track(0, line.parts), 0
        for one, other, later, times, failed in tries:
            second += later
            track.expire(second * SECOND - 60 * SECOND)
            track.put(mark((one, other), second, times=times, failed=failed))
            crossed = line.crossed(track)
            assert crossed == anew(track)
            if crossed:  # it is open now, and not asked again
                break
            track.touched.clear()


def _grouped(track: Track, part: int) -> list[list[Seen]]:
    groups: defaultdict[Hashable, list[Seen]] = defaultdict(list)
    for thing, seen in track.things.items():
        assert isinstance(thing, tuple)
        groups[thing[part]].append(seen)
    return list(groups.values())


def _swept(track: Track, hosts: int, ports: int, share: float) -> bool:
    found = ((group, least) for part, least in ((0, ports), (1, hosts)) for group in _grouped(track, part))
    return any(len(group) >= least and sum(seen.failed for seen in group) >= share * len(group) for group, least in found)


def _scattered(track: Track, hosts: int, ports: int, pairs: int, share: float) -> bool:
    is_wide = len(track.things) >= pairs and len(_grouped(track, 0)) >= hosts and len(_grouped(track, 1)) >= ports
    return is_wide and sum(seen.failed for seen in track.things.values()) >= share * len(track.things)


def _opened(track: Track, least: int, each: int) -> bool:
    return sum(len(group) for group in _grouped(track, 0) if len(group) >= each) >= least


def _beside(track: Track, usual: int, few: int) -> bool:
    ways = sorted(_grouped(track, 0), key=lambda way: sum(seen.times for seen in way))
    if len(ways) != 2 or sum(seen.times for seen in ways[0]) > few or sum(seen.times for seen in ways[1]) < usual:
        return False
    side, main = ([min(seen.first_ns for seen in way), max(seen.last_ns for seen in way)] for way in ways)
    return main[0] < side[0] and side[1] < main[1]
