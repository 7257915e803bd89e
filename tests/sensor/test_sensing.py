"""The loop, with an interface that gives what a test wants."""

import os
from collections.abc import Iterator

import pytest

from otwatch.capture.live import Counted
from otwatch.changes import Blindness, SightLost
from otwatch.packets import Frames
from otwatch.sensor import sensing as loop
from otwatch.sensor import unseen
from otwatch.sensor.hearing import Hearing
from otwatch.sensor.keeping import Keeping
from otwatch.sensor.notify import Notifier
from otwatch.sensor.sensing import Sensing
from otwatch.sensor.sight import Moment, Sight
from otwatch.sensor.writing import Kept, Tally, Writer
from otwatch.sightings import Frame
from tests.sensor.test_ending import Given
from tests.sensor.test_hearing import batches


class Ready(Given):
    """Frames always wait there, until all were taken; `hearing` is looked at when they are."""

    name = "lo"

    def __init__(self, waiting: Iterator[Frames], hearing: Hearing) -> None:
        super().__init__(waiting)
        self._hearing = hearing
        self._read, self._write = os.pipe()
        os.write(self._write, b"x")
        self.sensing: Sensing | None = None
        self.waited: list[tuple[int, bool]] = []

    def fileno(self) -> int:
        return self._read

    def take(self) -> Frames | None:
        self.waited.append((self._hearing.waiting, self._hearing.crowded))
        found = super().take()
        if found is None and self.sensing is not None:
            self.sensing.stop()
        return found

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)


class Losing(Ready):
    """Half of what comes there finds no place."""

    lost = 0

    def counted(self) -> Counted:
        self.lost += 5000
        return Counted(2 * self.lost, self.lost, 0)


def sensed(hearing: Hearing, kind: type[Ready] = Ready) -> tuple[list[tuple[int, bool]], list[str]]:
    """What waited when frames were taken, and what was said."""
    one, said = kind(batches(50), hearing), list[str]()
    sensing = one.sensing = Sensing(hearing, [one], lambda word, **_: said.append(word), 0.0, 1 << 30)
    sensing.run(Keeping(hearing, Writer(Kept, 3600.0), Writer(Kept, 3600.0), lambda: sensing.note(Tally())), Notifier())
    one.close()
    return one.waited, said


def test_that_it_is_blind_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packets are lost, and what they wait in is full; the second ends with the first turn that empties it."""
    monkeypatch.setattr(loop, "SIGHT_S", 0.0)
    _, said = sensed(Hearing(None), Losing)
    assert said == ["sense.blind", "sense.blind", "sense.sees"]


class Passing(Sight):
    """Many VLANs fall silent at the first look, and none at the next."""

    def look(self, moment: Moment) -> list[SightLost]:
        now_ns, frame = moment.now_ns, Frame("lo", 0)
        self.lost = {} if self.lost else {(Blindness.VLAN, str(number)): now_ns for number in range(20)}
        return [SightLost(*thing, "", now_ns, now_ns, frame, lasts=False) for thing in self.lost]


def test_what_ends_at_once_is_told_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in the order of hashes, which every process makes anew."""
    monkeypatch.setattr(loop, "SIGHT_S", 0.0)
    said: list[tuple[str, str]] = []
    sensing = Sensing(Hearing(None), [], lambda word, **places: said.append((word, places["where"])), 0.0, 1 << 30)
    sensing._sight = Passing(0)
    sensing._watch()
    sensing._watch()
    assert [where for word, where in said if word == "sense.sees"] == sorted(map(str, range(20)))


def test_nothing_is_heard_while_too_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interface is left alone until what waits has been worked off, and in the end nothing was lost."""
    monkeypatch.setattr(unseen, "ROOM", 40)
    monkeypatch.setattr(loop, "ITEMS", 1)
    hearing = Hearing(None)
    waited, said = sensed(hearing)
    assert len(waited) > 40
    assert any(waiting for waiting, _ in waited)
    assert not any(crowded for _, crowded in waited)
    assert hearing.frames == sum(row.packets for row in hearing.results({}).protocols) == 2078
    assert not said


def test_a_sensor_with_no_time_to_gather_does_not_fall_behind_for_ever() -> None:
    """After each batch a share of what waits is seen: with items that wait from the beginning it becomes less and less."""
    hearing, before = Hearing(None), Hearing(None)
    for frames in batches():
        before.take(frames)
    before.close()
    hearing._unseen.extend([*before._unseen._items] * 10)
    waited, _ = sensed(hearing)
    assert waited[0][0] > waited[10][0] > waited[20][0]
