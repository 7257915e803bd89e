"""Folding: no count is lost, the order decides nothing, everything is bounded."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.alerts import repeats
from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.model import Evidence, Finding
from otwatch.alerts.repeats import FRAMES, VALUES, Repeats, join, single
from otwatch.alerts.tracks import SECOND
from otwatch.sightings import Frame
from tests.alerts.site import CAPTURE, LATER, FakeSite

WRITE = next(detection for detection in DETECTIONS if detection.id == "modbus.write.unexpected")
DAY = 86_400


def finding(
    second: int, *, value: str = "1", client: str = "a", subkey: str = "r1", times: int = 1, number: int = 0, outcome: str = "ok"
) -> Finding:
    time_ns = LATER + second * SECOND
    frames, facts = (Frame(CAPTURE, number or second + 1),), {"value": value, "outcome": outcome}
    return Finding(WRITE, Evidence("success", client, "b", "modbus", time_ns, time_ns, frames, (), subkey, facts, times=times))


def folded(*findings: Finding) -> list[repeats.Fold]:
    kept = Repeats(DAY)
    for one in findings:
        kept.add(one)
    return kept.folds(FakeSite())


def test_same_is_one_with_a_count() -> None:
    (fold,) = folded(finding(0), finding(5), finding(9, times=3))
    assert (fold.evidence.times, fold.evidence.first_ns, fold.evidence.last_ns) == (5, LATER, LATER + 9 * SECOND)


def test_points_and_clients_are_apart() -> None:
    assert len(folded(finding(0), finding(1, subkey="r2"), finding(2, client="c"))) == 3


def test_after_a_day_it_is_another() -> None:
    assert [fold.evidence.times for fold in folded(finding(0), finding(DAY), finding(2 * DAY + 1))] == [2, 1]


def test_the_earliest_frames_and_values_are_kept() -> None:
    (fold,) = folded(*(finding(second, value=str(second)) for second in range(40)))
    assert [frame.number for _, frame in fold.frames] == list(range(1, FRAMES + 1))
    assert [value for _, value in fold.lists["value"]] == [str(second) for second in range(VALUES)]


def test_assets_that_turn_out_to_be_one_are_folded() -> None:
    kept = Repeats(DAY)
    kept.add(finding(0, client="10.0.0.1/unit 1"))
    kept.add(finding(1, client="10.0.0.1"))
    (fold,) = kept.folds(FakeSite(parts={"10.0.0.1/unit 1": "10.0.0.1"}))
    assert (fold.evidence.client, fold.evidence.times) == ("10.0.0.1", 2)


def test_a_crowd_of_keys_is_bounded_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "BOUND", 10)
    folds = folded(*(finding(at, subkey=f"r{at}") for at in range(50)))
    assert len(folds) <= 11
    assert sum(fold.evidence.times for fold in folds) == 50


some = st.lists(
    st.tuples(st.integers(0, 3 * DAY), st.sampled_from("xyz"), st.sampled_from("ab"), st.integers(1, 4)), min_size=1, max_size=30
)


@given(some)
def test_counts_are_never_lost(said: list[tuple[int, str, str, int]]) -> None:
    folds = folded(*(finding(second, value=value, client=client, times=times) for second, value, client, times in sorted(said)))
    assert sum(fold.evidence.times for fold in folds) == sum(times for *_, times in said)


@pytest.mark.parametrize(("outcomes", "said"), [
    (("ok", "ok"), "ok"), (("error", "ok"), "partly"), (("ok", "error"), "partly"), (("error", "unknown"), "some"),
    (("unanswered", "ok"), "ok"), (("error", "unknown", "ok"), "partly"), (("unanswered", "unknown"), "unknown"),
    (("finished", "ok"), "finished"), (("error", "aborted"), "aborted"), (("running", "finished"), "finished"),
])  # fmt: skip
def test_what_became_of_several_requests(outcomes: tuple[str, ...], said: str) -> None:
    """The last one does not speak for those before it."""
    (fold,) = folded(*(finding(second, outcome=outcome) for second, outcome in enumerate(outcomes)))
    assert fold.evidence.facts["outcome"] == said


near = st.lists(
    st.tuples(
        st.integers(0, 9), st.sampled_from("uvwxyz"), st.integers(1, 4), st.integers(1, 99),
        st.sampled_from(["ok", "error", "unknown", "unanswered"]),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


@given(near, st.randoms(use_true_random=False))
def test_order_inside_a_slot_decides_nothing(said: list[tuple[int, str, int, int, str]], shuffle: random.Random) -> None:
    there = [finding(second, value=value, times=times, number=number, outcome=outcome) for second, value, times, number, outcome in said]
    back = there.copy()
    shuffle.shuffle(back)
    assert folded(*there) == folded(*back)


@given(near)
def test_joining_is_associative(said: list[tuple[int, str, int, int, str]]) -> None:
    folds = [
        single(finding(second, value=value, times=times, number=number, outcome=outcome)) for second, value, times, number, outcome in said
    ]
    left, right = folds[0], folds[-1]
    for fold in folds[1:]:
        left = join(left, fold)
    for fold in reversed(folds[:-1]):
        right = join(fold, right)
    assert left == right
