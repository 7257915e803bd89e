import gzip
import os
import subprocess
import sys
import time
import tracemalloc
from functools import partial
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture import Reading, Source, open_captures
from otwatch.capture.batches import BATCH_BYTES
from otwatch.errors import CaptureError
from otwatch.packets import BATCH
from tests.capture.builders import Row, block, enhanced, interface, pcap, read, rows_of, section

PCAP = pcap([(1, 0, b"a" * 60), (2, 0, b"b" * 60)])
PCAPNG = section() + interface() + enhanced(b"a" * 60, 1_000_000) + enhanced(b"b" * 60, 2_000_000)
ROWS = [Row(1, 10**9, b"a" * 60, 60), Row(2, 2 * 10**9, b"b" * 60, 60)]
compress = partial(gzip.compress, mtime=0)
"""Without a time, so that every worker of pytest-xdist sees the same bytes."""

FORMATS = {"pcap": PCAP, "pcapng": PCAPNG, "pcap.gz": compress(PCAP), "pcapng.gz": compress(PCAPNG)}


@pytest.mark.parametrize(("name", "content"), FORMATS.items(), ids=FORMATS)
def test_formats(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "some.name"
    path.write_bytes(content)
    rows, summary = read(path)
    assert rows == ROWS
    assert summary == ("some.name", len(content), name, (1,), 2, 10**9, 2 * 10**9, "", None)


@pytest.mark.parametrize("content", [pcap([]), section(), compress(section() + interface())])
def test_a_capture_without_frames(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    rows, summary = read(path)
    assert (rows, summary.frames, summary.first_ns, summary.last_ns, summary.broken) == ([], 0, None, None, "")


NO_CAPTURES = {
    "empty": (b"", "a: an empty file; pcap, pcapng or gzip of them is expected"),
    "text": (b"hello world", "a: not a capture (first bytes 68 65 6c 6c 6f 20 77 6f); pcap, pcapng or gzip of them is expected"),
    "one byte": (b"\x1f", "a: not a capture (first bytes 1f); pcap"),
    "newlines": (b"\n\r\r\n" * 8, "a: not a capture (first bytes 0a 0d 0d 0a"),
    "packed text": (compress(b"hello"), "a: not a capture (first bytes gzip of 68 65 6c 6c 6f); pcap"),
    "packed nothing": (compress(b""), "a: gzip of an empty file; pcap"),
    "no gzip": (b"\x1f\x8b" + bytes(30), "a: gzip is damaged; pcap"),
    "gzip header only": (compress(PCAP)[:12], "a: gzip ends inside its packed bytes; pcap"),
}


@pytest.mark.parametrize(("content", "text"), NO_CAPTURES.values(), ids=NO_CAPTURES)
def test_no_capture_at_all(tmp_path: Path, content: bytes, text: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(CaptureError) as error:
        read(path)
    assert str(error.value).startswith(text)


def test_gzip_cut_short(tmp_path: Path) -> None:
    frames = [(second, 0, os.urandom(60)) for second in range(100)]
    packed = compress(pcap(frames))
    path = tmp_path / "a.pcap.gz"
    path.write_bytes(packed[: len(packed) // 2])
    rows, summary = read(path)
    assert 30 < len(rows) < 60
    assert [row.frame for row in rows] == [frame for _, _, frame in frames[: len(rows)]]
    assert summary.broken.startswith(f"breaks off after frame {len(rows)}, at byte {24 + 76 * len(rows)}: ")
    assert summary.broken.endswith(" are there, gzip ends inside its packed bytes")


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_damaged_gzip_gives_what_was_before(tmp_path: Path, place: float) -> None:
    frames = [(second, 0, os.urandom(60)) for second in range(1000)]
    packed = bytearray(compress(pcap(frames)))
    flaw = int(len(packed) * place)
    packed[flaw : flaw + 40] = b"\xff" * 40
    path = tmp_path / "a.pcap.gz"
    path.write_bytes(packed)
    rows, summary = read(path)
    before = int(1000 * place) - 50  # behind the flaw anything may stand, until gzip itself finds out
    assert len(rows) > before
    assert [row.frame for row in rows[:before]] == [frame for _, _, frame in frames[:before]]
    assert summary.broken


def test_progress_adds_up_to_the_size(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap([(0, 0, bytes(1000))] * 4000))
    consumed: list[int] = []
    source = open_captures([path])[0]
    assert sum(len(frames.start) for frames in source.read(consumed.append)) == 4000
    assert sum(consumed) == source.size
    assert len(consumed) > 3


def test_first_and_last_are_earliest_and_latest(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap([(second, 0, b"") for second in (5, 9, 2, 4)]))
    for most in (1, 10):
        summary = read(path, most)[1]
        assert (summary.first_ns, summary.last_ns) == (2 * 10**9, 9 * 10**9)


def test_batches_are_bounded_in_frames_and_in_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap([(0, 0, b"")] * (BATCH + 5)) + pcap([(0, 0, bytes(200_000))] * 60)[24:])
    batches = list(open_captures([path])[0].read())
    assert len(batches[0].start) == BATCH
    assert max(len(frames.data) for frames in batches) < BATCH_BYTES + (1 << 20)
    numbers = np.concatenate([frames.number for frames in batches])
    assert numbers.tolist() == list(range(1, BATCH + 66))
    assert {frames.captures for frames in batches} == {(str(path),)}


def test_memory_does_not_grow_with_the_capture(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap.gz"
    path.write_bytes(compress(pcap([(0, 0, bytes(60_000))] * 1000), 1))
    tracemalloc.start()
    try:
        assert sum(len(frames.start) for frames in open_captures([path])[0].read()) == 1000
        assert tracemalloc.get_traced_memory()[1] < 5 * BATCH_BYTES
    finally:
        tracemalloc.stop()


def test_a_pipe_gives_frames_as_soon_as_it_falls_silent(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    source = open_captures([path])[0]
    assert (source.size, source.first_ns) == (None, None)
    reading = Reading(source)
    got: list[list[Row]] = []
    reader = Thread(target=lambda: got.extend(rows_of(frames) for frames in reading))
    reader.start()
    with path.open("wb", buffering=0) as pipe:
        pipe.write(PCAP[:-30])
        for _ in range(200):
            reader.join(0.02)
            if got:
                break
        assert got == [ROWS[:1]]
        pipe.write(PCAP[-30:])
    reader.join()
    assert got == [ROWS[:1], ROWS[1:]]
    assert (reading.summary.frames, reading.summary.broken) == (2, "")


@pytest.mark.parametrize("name", ["pcapng", "pcap.gz"])
def test_standard_input(name: str) -> None:
    program = "from otwatch.capture import open_captures\nreading = open_captures(['-'])[0].read()\nlist(reading)\nprint(reading.summary)"
    said = subprocess.run([sys.executable, "-c", program], input=FORMATS[name], capture_output=True, check=True).stdout.decode()
    assert said.startswith(f"Summary(name='stdin', size=None, format='{name}', link_types=(1,), frames=2,")


def test_standard_input_that_does_not_block() -> None:
    program = (
        "from otwatch.capture import open_captures\nreading = open_captures(['-'])[0].read()\nlist(reading)\nprint(reading.summary.frames)"
    )
    inside, outside = os.pipe()
    os.set_blocking(inside, False)
    with subprocess.Popen([sys.executable, "-c", program], stdin=inside, stdout=subprocess.PIPE) as child:
        time.sleep(0.5)  # the child finds an empty pipe
        os.write(outside, PCAP)
        os.close(outside)
        os.close(inside)
        assert child.communicate()[0] == b"2\n"


def test_what_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"gone.pcap: cannot be opened: No such file"):
        list(Reading(Source("gone.pcap", tmp_path / "gone.pcap", 10)))


@given(st.binary(max_size=200), st.sampled_from([b"", PCAP[:24], PCAP, PCAPNG[:28], PCAPNG, b"\x1f\x8b", compress(PCAP)[:40]]))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes, before: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(before + content)
    try:
        rows, summary = read(path)
    except CaptureError:
        return
    assert summary.frames == len(rows)
    if before in (PCAP, PCAPNG):
        assert rows[:2] == ROWS


def test_blocks_without_frames_do_not_pile_up(tmp_path: Path) -> None:
    """More bytes than a batch may hold, before the first frame."""
    path = tmp_path / "a.pcapng"
    path.write_bytes(section() + interface() + block(9, bytes(1 << 20)) * 20 + enhanced(b"a", 5))
    assert read(path)[0] == [Row(1, 5000, b"a", 1)]
