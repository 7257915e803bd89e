"""Transfers: many requests, one operation."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.changes import ProgramTransferred
from otwatch.events import TRANSFER_STEPS, Details, Request, Verb
from otwatch.pipeline import replay
from otwatch.results import AlertRow
from otwatch.sightings import SLOT_NS, Conversation, Frame, Outcome, Role, Sighting
from otwatch.site import SiteHalf, transfers
from otwatch.site.transfers import FRAMES, SILENCE_NS, Transfers
from tests.wire.dialogues import MS, connection, hear, modbus, opened

SECOND = 1_000_000_000
START = 1_760_000_400 * SECOND
TALK = Conversation("10.0.0.1", "10.0.0.2", "tcp", 50_000, 502, "modbus", Role.SYN)
OK, ERROR, UNKNOWN, UNANSWERED = Outcome.OK, Outcome.ERROR, Outcome.UNKNOWN, Outcome.UNANSWERED


def step(mark: str, at: float, outcome: Outcome = OK, size: int = 0, told: int = 0, protocol: str = "modbus") -> Sighting:
    """A request `at` seconds from the start, in the frame numbered by milliseconds."""
    details: Details = (("transfer", mark), *((("bytes", str(size)),) if size else ()))
    request = Request(protocol, Verb.PROGRAM, f"{protocol} {mark}", 0x5A, details=details)
    time_ns, number = START + int(at * SECOND), int(at * 1000)
    answer = Frame("a.pcap", number + 1) if outcome in {OK, ERROR} else None
    said = (("bytes", str(told)),) if told else ()
    return Sighting(TALK, True, request, 1, time_ns, time_ns, Frame("a.pcap", number), outcome, answer=answer, told=said)


def fed(*sightings: Sighting, until: float | None = None) -> list[ProgramTransferred]:
    """What is told after these, `until` seconds from the start or at the end of everything."""
    followed = Transfers(lambda one: (one.conversation.client, one.conversation.server))
    told: list[ProgramTransferred] = []
    for one in sightings:
        told += followed.expired(one.first_ns)
        told += followed.see(one)
    return told + (followed.finish() if until is None else followed.expired(START + int(until * SECOND)))


def download(blocks: int = 3, outcome: Outcome = OK) -> list[Sighting]:
    return [step("download-begin", 1, outcome), *(step("download-block", 2 + at, outcome, 100) for at in range(blocks))]


def test_a_whole_download_is_one_operation() -> None:
    (told,) = fed(*download(), step("download-end", 6), until=60)
    assert told[:10] == ("10.0.0.1", "10.0.0.2", "modbus", "download", "modbus download-begin", Verb.PROGRAM, "finished", True, 3, 300)
    assert (told.first_ns, told.last_ns) == (START + SECOND, START + 6 * SECOND)
    assert [frame.number for frame in told.frames] == [1000, 2000, 3000, 4000, 6000]


def test_blocks_read_out_are_measured_by_their_answers() -> None:
    (told,) = fed(step("upload-begin", 1), step("upload-block", 2, told=246), step("upload-block", 3, told=7), step("upload-end", 4))
    assert (told.way, told.result, told.blocks, told.size) == ("upload", "finished", 2, 253)


@pytest.mark.parametrize(
    ("last", "result"),
    [
        (step("download-end", 9, ERROR), "aborted"),
        (step("download-abort", 9), "aborted"),
        (step("download-end", 9, UNANSWERED), "broken"),
        (step("download-block", 9), "broken"),
        (step("download-end", 9, UNKNOWN), "finished"),
    ],
)
def test_how_it_ends(last: Sighting, result: str) -> None:
    (told,) = fed(*download(), last, until=120)
    assert told.result == result


def test_without_an_end_it_breaks_off_after_a_silence_or_the_capture_ends() -> None:
    assert fed(*download(), until=4 + SILENCE_NS / SECOND) == []
    assert [told.result for told in fed(*download(), until=5 + (SILENCE_NS + SLOT_NS) / SECOND)] == ["broken"]
    assert [told.result for told in fed(*download())] == ["running"]


def test_what_the_controller_refused_was_not_transferred() -> None:
    (told,) = fed(*download(0, ERROR))
    assert (told.result, told.accepted, told.blocks, told.size) == ("refused", False, 0, 0)
    (told,) = fed(*download(2, UNKNOWN))
    assert (told.accepted, told.blocks, told.size) == (None, 2, 200)


def test_a_new_beginning_is_another_transfer() -> None:
    again = [step("download-begin", 20), step("download-block", 21, size=50), step("download-end", 22)]
    assert [(told.result, told.size) for told in fed(*download(), step("download-end", 6), *again)] == [("finished", 300), ("finished", 50)]
    assert [(told.result, told.size) for told in fed(*download(), *again)] == [("broken", 300), ("finished", 50)]


def test_what_is_told_late_belongs_to_the_transfer_that_ended() -> None:
    """Requests without an answer are told some slots later than those with one."""
    (told,) = fed(*download(), step("download-end", 6), step("download-block", 5.5, UNKNOWN, 100), until=70)
    assert (told.result, told.blocks) == ("finished", 4)


def test_ways_and_protocols_are_told_apart() -> None:
    both = fed(step("download-block", 1, size=5), step("upload-block", 2, told=7), step("download-block", 3, size=9, protocol="s7"))
    sizes = {(told.protocol, told.way): told.size for told in both}
    assert sizes == {("modbus", "download"): 5, ("modbus", "upload"): 7, ("s7", "download"): 9}


def test_frames_are_bounded_and_the_last_is_among_them() -> None:
    (told,) = fed(*download(50), step("download-end", 60))
    assert len(told.frames) == len(told.answers) == FRAMES
    assert (told.frames[0].number, told.frames[-1].number, told.blocks) == (1000, 60_000, 50)


def test_open_transfers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "BOUND", 2)
    told = fed(*(step("download-block", at, protocol=name) for at, name in enumerate(("a", "b", "c", "d"))), until=5)
    assert [one.protocol for one in told] == ["a", "b"]


@given(steps=st.lists(st.tuples(st.sampled_from(TRANSFER_STEPS), st.integers(0, 300), st.sampled_from(Outcome), st.integers(0, 9))))
def test_no_block_is_lost_or_counted_twice(steps: list[tuple[str, int, Outcome, int]]) -> None:
    sightings = [step(mark, at, outcome, size) for mark, at, outcome, size in sorted(steps, key=lambda one: one[1] // 10)]
    moved = [size for mark, _, outcome, size in steps if mark.endswith("block") and outcome not in {ERROR, UNANSWERED}]
    told = fed(*sightings)
    assert sum(one.size for one in told) == sum(moved)
    assert sum(one.blocks for one in told) == len(moved)


# -- through the whole program ----------------------------------------------------------------------------------------------------------

UMAS = b"\x5a\x01"


def umas_download(blocks: int, size: int) -> list[tuple[bytes, bytes]]:
    """Requests of a download with their answers."""
    begin, end = UMAS + b"\x30\x00\x01\xfb\x00", UMAS + b"\x32\x00\x01" + blocks.to_bytes(2, "little")
    head = UMAS + b"\x31\x00\x01"
    carried = [head + at.to_bytes(2, "little") + size.to_bytes(2, "little") + bytes(size) for at in range(1, blocks + 1)]
    return [(body, UMAS + b"\xfe") for body in (begin, *carried, end)]


def alerts(exchanges: list[tuple[bytes, bytes]], size: int = 16_384) -> list[AlertRow]:
    client, server = connection()
    frames = opened(client, server, START)
    for at, (body, answer) in enumerate(exchanges):
        time_ns = START + at * 30 * MS
        frames += [client.says(modbus(at, body, 0), time_ns), server.says(modbus(at, answer, 0), time_ns + MS)]
    half = SiteHalf(None)
    for item in hear(frames, size):
        half.see(item)
    half.finish()
    return [row for row in half.results((), {}).alerts if row.detection.startswith("eng.program.")]


@pytest.mark.parametrize("size", [7, 16_384])
def test_a_umas_download_is_one_finding(size: int) -> None:
    """Blocks longer than Modbus allows: 1015 bytes in each."""
    (row,) = alerts(umas_download(400, 1015), size)
    assert (row.detection, row.variant, row.times) == ("eng.program.download", "success", 1)
    assert (row.facts["blocks"], row.facts["size"], row.facts["outcome"]) == ("400", "406000", "finished")
    assert "carried to its end. Transferred: 400 blocks, 406,000 bytes, in 12.0 s." in row.sentence["en"]
    assert "Transféré : 400 blocs, 406\u202f000 octets, en 12,0 s." in row.sentence["fr"]


def test_a_download_that_is_cut_short_says_so() -> None:
    (row,) = alerts(umas_download(9, 100)[:5])
    assert (row.facts["blocks"], row.facts["size"], row.facts["outcome"]) == ("4", "400", "running")


def test_a_refused_download_is_less_serious() -> None:
    (row,) = alerts([(body, UMAS + b"\xfd") for body, _ in umas_download(1, 10)[:1]])
    assert (row.variant, row.facts["outcome"]) == ("failure", "refused")


def test_the_upload_of_a_real_controller(captures: Path) -> None:
    """53 blocks of 12 343 bytes (the sizes in front of the blocks, added by hand), in 55 requests."""
    rows = replay([str(captures / "umas" / "iti-modicon_test.pcap")]).alerts
    assert {row.detection for row in rows} == {"eng.program.upload", "eng.session.new", "cred.controller"}
    (row,) = [row for row in rows if row.detection == "eng.program.upload"]
    assert (row.variant, row.times, row.server) == ("success", 1, "192.168.63.253")
    assert (row.facts["blocks"], row.facts["size"], row.facts["outcome"]) == ("53", "12343", "finished")
    assert (row.frames[0].number, row.frames[-1].number, row.answers[-1].number) == (76, 186, 187)
