"""What a sensor hears is what a replay reads, also over a restart and when the clock is set."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from otwatch import pipeline
from otwatch.capture import open_captures
from otwatch.config import load_site
from otwatch.packets import Frames
from otwatch.results import NOW, Results
from otwatch.results.places import placed
from otwatch.sensor.hearing import LATE_NS, Hearing
from otwatch.sightings import SLOT_NS
from otwatch.site import NOTHING
from otwatch.site.memory import Strange
from tests.conftest import ROOT
from tests.decode.builders import batch
from tests.wire.builders import regroup
from tests.wire.dialogues import connection, modbus, opened, write

HOSPITAL = ROOT / "pcaps" / "hospital.pcapng"
DAY_NS = 86_400_000_000_000


def batches(size: int = 500, shift_ns: int = 0) -> Iterator[Frames]:
    for source in open_captures([HOSPITAL]):
        for frames in source.read():
            for part in regroup(frames, size):
                yield part._replace(time_ns=part.time_ns + shift_ns)


def ended(hearing: Hearing) -> Results:
    hearing.finish()
    return hearing.results({})


def test_what_is_heard_is_what_is_read() -> None:
    hearing = Hearing(load_site(ROOT / "configs" / "site.yaml"))
    for frames in batches():
        hearing.take(frames)
        hearing.work(10)
    found, read = ended(hearing), pipeline.replay([str(HOSPITAL)], load_site(ROOT / "configs" / "site.yaml"))
    for name in ("assets", "attributes", "links", "zones", "alerts", "protocols", "facts"):
        assert getattr(found, name) == getattr(read, name), name
    assert (found.captures[0].frames, found.captures[0].first_ns) == (read.captures[0].frames, read.captures[0].first_ns)


def test_a_restart_carries_on() -> None:
    first, second = Hearing(None), Hearing(None)
    for frames in batches():
        first.take(frames)
    first.finish()
    state, results = first.state(), first.results({"eth1: dropped": 3, f"{NOW}write ms": 9})
    second.carry_on(state, results.captures, results.notes)
    again = ended(second)
    assert again.assets == results.assets
    assert again.links == results.links
    assert again.alerts == results.alerts
    assert again.captures == results.captures
    assert again.notes["eth1: dropped"] == 3
    assert f"{NOW}write ms" not in again.notes
    assert second.number(again.captures[0].name) == again.captures[0].frames


def test_a_place_is_in_every_key_and_a_restart_in_another_place_has_the_other() -> None:
    """What is kept over a restart knows no place: only rows do."""
    here, there, nowhere = Hearing(None, NOTHING, "north"), Hearing(None, NOTHING, "south"), Hearing(None)
    for frames in batches():
        here.take(frames)
        nowhere.take(frames)
    here.finish()
    state, results = here.state(), here.results({})
    there.carry_on(state, results.captures, results.notes)
    plain = ended(nowhere)
    assert results == placed(plain, "north")
    assert ended(there).assets == placed(plain, "south").assets


def test_a_strange_state_begins_anew() -> None:
    first, second = Hearing(None), Hearing(None)
    for frames in batches():
        first.take(frames)
    state = [row._replace(body=row.body.replace("Asset", "Thing")) for row in first.state()]
    with pytest.raises(Strange):
        second.carry_on(state, (), {})
    assert not ended(second).assets


def test_a_clock_that_is_set_back_closes_what_was_open() -> None:
    """A day back in the middle: all frames are counted, all assets stay, the second half is judged as usual."""
    hearing = Hearing(None)
    for number, frames in enumerate(batches(500)):
        hearing.take(frames._replace(time_ns=frames.time_ns - DAY_NS * (number >= 2)))
    assert hearing.steps == 1
    found = ended(hearing)
    assert found.notes["clock set back"] == 1
    assert found.captures[0].frames == 2078
    assert {row.key for row in found.assets} == {row.key for row in pipeline.replay([str(HOSPITAL)]).assets}


def test_the_clock_may_be_set_back_inside_a_batch_and_in_all_interfaces() -> None:
    """What the second interface heard before it was set back comes after the first one's step: it is a step of its own."""
    hearing = Hearing(None)
    (frames,) = batches(5000)
    times = frames.time_ns.copy()
    times[1000:] -= DAY_NS
    for name in ("eth1", "eth2"):
        hearing.take(frames._replace(time_ns=times, captures=(name,)))
    assert ended(hearing).captures[0].frames == 2078
    assert hearing.steps == 2


@pytest.mark.parametrize(
    "shift_days", [lambda at: -at, lambda at: at >= 5, lambda at: 3650 * (3 <= at < 6), lambda at: -(at % 2)]
)
def test_whatever_the_clock_does_nothing_is_missed(shift_days: Callable[[int], int]) -> None:
    """Set back a day with every batch, set forward, ten years ahead for a while, to and fro: nothing ends before it begins."""
    expected, found = ended_with(lambda at: 0), ended_with(shift_days)
    assert {row.key for row in found.assets} == {row.key for row in expected.assets}
    assert told(expected) <= told(found)
    assert all(row.first_ns <= row.last_ns for row in found.alerts)
    assert all(row.first_ns <= row.last_ns for row in found.assets)
    assert all(row.first_ns <= row.last_ns for row in found.links)
    assert sum(row.packets for row in found.protocols) == found.captures[0].frames == 2078


def ended_with(shift_days: Callable[[int], int]) -> Results:
    heard = Hearing(None)
    for number, frames in enumerate(batches(200)):
        heard.take(frames._replace(time_ns=frames.time_ns + DAY_NS * shift_days(number)))
    return ended(heard)


def told(results: Results) -> set[tuple[str, str, str]]:
    return {(row.detection, row.client, row.server) for row in results.alerts}


def test_scans_are_found_after_the_clock_was_set_back() -> None:
    hearing = Hearing(None)
    for shift_ns in (0, -30 * DAY_NS):
        for frames in batches(500, shift_ns):
            hearing.take(frames)
    sweeps = [row for row in ended(hearing).alerts if row.detection == "recon.net.sweep"]
    assert min(row.first_ns for row in sweeps) < 1_791_878_400_000_000_000 - 29 * DAY_NS


def test_several_interfaces_are_heard_by_turns() -> None:
    hearing = Hearing(None)
    for frames in batches(50):
        half = len(frames.start) // 2
        for name, part in zip(("eth1", "eth2"), (slice(0, half), slice(half, None)), strict=True):
            if half:
                hearing.take(frames.part(part)._replace(captures=(name,)))
    found = ended(hearing)
    assert sum(row.frames for row in found.captures) == 2078
    assert {row.frame.capture for row in found.assets} == {"eth1", "eth2"}


def test_silence_closes_slots() -> None:
    hearing = Hearing(None)
    for frames in batches():
        hearing.take(frames)
    hearing.work()
    last_ns = hearing.last_ns
    hearing.wait(last_ns)
    assert not hearing.waiting
    hearing.wait(last_ns + 3 * SLOT_NS)
    assert hearing.waiting


def test_a_copy_tells_what_is_still_open() -> None:
    """Written in the middle of a slot: assets, links and amounts are those of the frames so far."""
    heard = Hearing(None)
    (frames,) = batches(5000)
    cut = frames.part(slice(0, 700))
    heard.take(cut)
    whole = Hearing(None)
    whole.take(cut)
    heard.learn(heard.still_open())
    found, expected = heard.results({}), ended(whole)
    assert found.assets == expected.assets
    assert sum(row.packets for row in found.protocols) == sum(row.packets for row in expected.protocols) == 700
    assert [row._replace(verbs={}, writes=0) for row in found.links] == [row._replace(verbs={}, writes=0) for row in expected.links]


def test_a_copy_tells_a_request_only_once_its_answer_is_late() -> None:
    """A register is written, and then only an empty segment comes: a moment later, and when nobody would wait any more."""
    told = []
    for later_ns in (LATE_NS // 2, LATE_NS + 1):
        hearing, (client, server) = Hearing(None), connection()
        asked = [*opened(client, server), client.says(modbus(1, write(7))), server.says(b"", later_ns)]
        hearing.take(batch(asked))
        hearing.learn(hearing.still_open())
        told.append(sum(row.writes for row in hearing.results({}).protocols))
    assert told == [0, 1]


def test_old_things_are_let_go() -> None:
    hearing = Hearing(None)
    for frames in batches(500, -500 * DAY_NS):
        hearing.take(frames)
    hearing.work()
    held = len(hearing.half.times())
    for frames in list(batches(500))[:1]:
        hearing.take(frames)
    hearing.work()
    assert hearing.forget_old() > held // 2
    assert hearing.half.inventory.assets.all()
    assert hearing.forget_share(2) > 0


def test_frames_of_every_length_are_counted() -> None:
    hearing = Hearing(None)
    for frames in batches():
        hearing.take(frames)
    assert ended(hearing).captures[0].bytes == sum(int(np.sum(frames.length)) for frames in batches())


def test_a_capture_that_does_not_exist_has_no_number() -> None:
    assert Hearing(None).number(str(Path("eth9"))) == 0


def test_what_is_heard_is_weighed_for_the_journal() -> None:
    hearing = Hearing(None)
    for frames in list(batches())[:3]:
        hearing.take(frames)
    hearing.close()
    assert hearing.journal.begin().weight > 12 * hearing.waiting > 0
