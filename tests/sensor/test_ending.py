"""The end of a sensor: all that came before is heard where there is time, and what is given up where there is none is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from otwatch.capture.live import Counted
from otwatch.packets import Frames
from otwatch.sensor import ending, unseen
from otwatch.sensor.ending import GivenUp, hear_out
from otwatch.sensor.hearing import GIVEN_UP, Hearing
from tests.sensor.test_hearing import HOSPITAL, batches, ended

NEVER_NS = 1 << 62


class Given:
    """An interface on which these frames wait."""

    name, link_type = HOSPITAL.name, 1

    def __init__(self, waiting: Iterator[Frames]) -> None:
        self.waiting = list(waiting)

    def fileno(self) -> int:
        return -1

    def full(self) -> bool:
        return bool(self.waiting)

    def filled(self) -> float:
        return float(bool(self.waiting))

    def take(self) -> Frames | None:
        return self.waiting.pop(0) if self.waiting else None

    def counted(self) -> Counted:
        return Counted(0, 0, 0)

    def trouble(self) -> str:
        return ""

    def close(self) -> None:
        self.waiting.clear()


class Steps:
    """A clock that goes on by so much at every look."""

    def __init__(self, step_s: float) -> None:
        self.now_s, self.step_s = 0.0, step_s

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


def test_with_time_nothing_is_given_up() -> None:
    hearing, whole = Hearing(None), Hearing(None)
    for frames in batches():
        whole.take(frames)
    assert hear_out(hearing, [Given(batches())], NEVER_NS, Steps(0.0)) == GivenUp()
    found, expected = hearing.results({}), ended(whole)
    assert found.assets == expected.assets
    assert found.alerts == expected.alerts
    assert not set(GIVEN_UP) & set(found.notes)


def test_what_comes_after_the_order_to_stop_is_not_heard() -> None:
    """The batch in which the order falls is the last."""
    all_frames = list(batches(100))
    hearing, given = Hearing(None), Given(iter(all_frames))
    assert not any(hear_out(hearing, [given], int(all_frames[2].time_ns[50]), Steps(0.0)))
    assert hearing.frames == 300
    assert len(given.waiting) == len(all_frames) - 3


def test_frames_are_given_up_when_the_time_to_hear_is_over() -> None:
    """Four looks at the clock: then what still waits is counted, what came after the order to stop is not."""
    all_frames = list(batches(100))
    hearing, end_ns = Hearing(None), int(all_frames[9].time_ns[19])
    given_up = hear_out(hearing, [Given(iter(all_frames))], end_ns, Steps(ending.HEAR_S / 5))
    assert hearing.frames == 400
    came = sum(int((frames.time_ns <= end_ns).sum()) for frames in all_frames)
    assert given_up.packets == came - 400 > 0
    found = hearing.results({f"{HOSPITAL.name}: dropped": 3}).notes
    assert found[GIVEN_UP[0]] == given_up.packets
    assert found[f"{HOSPITAL.name}: dropped"] == 3 + given_up.packets


def test_items_are_given_up_when_the_time_to_learn_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "ITEMS", 10)
    hearing = Hearing(None)
    for frames in batches():
        hearing.take(frames)
    hearing.close()
    waited = hearing.waiting
    given_up = hear_out(hearing, [Given(iter(()))], NEVER_NS, Steps(ending.LEARN_S / 5))
    assert 0 < given_up.items < waited
    assert (waited - given_up.items) % 10 == 0
    assert not hearing.waiting
    assert hearing.results({}).notes[GIVEN_UP[1]] == given_up.items


def test_what_waits_is_learnt_before_more_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unseen, "ROOM", 0)
    hearing, waited = Hearing(None), list[int]()

    class Watched(Given):
        def take(self) -> Frames | None:
            waited.append(hearing.waiting)
            return super().take()

    assert not any(hear_out(hearing, [Watched(batches(100))], NEVER_NS, Steps(0.0)))
    assert len(waited) > 20
    assert not any(waited)


def test_what_was_given_up_is_still_known_after_a_restart(tmp_path: Path) -> None:
    first, second = Hearing(None), Hearing(None)
    first.give_up({"eth1": 1, "eth2": 2})
    second.carry_on(first.state(), (), first.results({}).notes)
    second.give_up({"eth1": 4})
    assert second.results({}).notes == {**second.results({}).notes, GIVEN_UP[0]: 7, "eth1: dropped": 5, "eth2: dropped": 2}
