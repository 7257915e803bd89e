from pathlib import Path
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture.batches import MAX_CAPTURED
from tests.capture.builders import Row, pcap, pcap_header, read

MICRO, NANO, KUZNETZOV = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34
WORD = st.integers(0, 2**32 - 1)
RECORDS = st.lists(st.tuples(WORD, WORD, st.binary(max_size=80)), max_size=12)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "time_ns"), [(MICRO, 1_700_000_000_000_123_000), (NANO, 1_700_000_000_000_000_123)])
def test_byte_orders_and_units(tmp_path: Path, order: str, magic: int, time_ns: int) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap([(1_700_000_000, 123, b"abc"), (0, 0, b"")], order, magic, link=113))
    rows, summary = read(path)
    assert rows == [Row(1, time_ns, b"abc", 3, 113), Row(2, 0, b"", 0, 113)]
    assert summary == ("a.pcap", path.stat().st_size, "pcap", (113,), 2, 0, time_ns, "", None)


def test_kuznetzov(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    record = pack("<IIIIIHBB", 5, 6, 3, 60, 2, 0x0800, 0, 0)
    path.write_bytes(pcap_header(magic=KUZNETZOV) + (record + b"abc") * 2)
    rows, summary = read(path)
    assert rows == [Row(1, 5_000_006_000, b"abc", 60), Row(2, 5_000_006_000, b"abc", 60)]
    assert not summary.broken


def test_lengths_are_swapped_before_version_2_3(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap_header(version=(2, 2)) + pack("<IIII", 1, 0, 1514, 3) + b"abc")
    assert read(path)[0] == [Row(1, 1_000_000_000, b"abc", 1514)]


def test_frame_check_sequence_is_no_link_type(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap([(0, 0, b"abc")], link=0x44000001))
    assert read(path)[1].link_types == (1,)


def test_snap_length_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap([(0, 0, bytes(70_000)), (0, 0, bytes(MAX_CAPTURED))]))
    assert [len(row.frame) for row in read(path)[0]] == [70_000, MAX_CAPTURED]


WHOLE = pcap([(1, 2, b"abcd")])
BREAKS = {
    "inside a header": (WHOLE + bytes(7), "breaks off after frame 1, at byte 44: 7 of 16 bytes of a frame header are there"),
    "inside a frame": (
        WHOLE + pack("<IIII", 1, 2, 60, 60) + bytes(12),
        "breaks off after frame 1, at byte 44: 12 of 60 bytes of a frame are there",
    ),
    "absurd and beyond the end": (
        WHOLE + pack("<IIII", 1, 2, 2**32 - 1, 60) + bytes(12),
        "breaks off after frame 1, at byte 44: a frame of 4294967295 bytes is announced, at most 262144 are possible",
    ),
    "absurd and all there": (
        WHOLE + pack("<IIII", 1, 2, MAX_CAPTURED + 1, 60) + bytes(MAX_CAPTURED + 100),
        "breaks off after frame 1, at byte 44: a frame of 262145 bytes is announced, at most 262144 are possible",
    ),
}


@pytest.mark.parametrize(("content", "broken"), BREAKS.values(), ids=BREAKS)
def test_what_breaks_off_gives_what_was_before(tmp_path: Path, content: bytes, broken: str) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(content)
    rows, summary = read(path)
    assert rows == [Row(1, 1_000_002_000, b"abcd", 4)]
    assert summary.broken == broken


def test_a_header_that_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(WHOLE[:20])
    rows, summary = read(path)
    assert (rows, summary.broken) == ([], "ends inside its file header: 20 of 24 bytes are there")


@given(RECORDS, st.sampled_from("<>"), st.integers(1, 5), st.integers(1, 200))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[int, int, bytes]], order: str, most: int, piece: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "written.pcap"
    path.write_bytes(pcap(records, order))
    rows, summary = read(path, most, piece)
    wanted = [Row(n, s * 10**9 + f * 1000, data, len(data)) for n, (s, f, data) in enumerate(records, 1)]
    assert (rows, summary.broken) == (wanted, "")


@given(RECORDS, st.binary(max_size=100))
def test_garbage_behind_keeps_what_was_before(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[int, int, bytes]], garbage: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "garbage.pcap"
    path.write_bytes(pcap(records) + garbage)
    rows, summary = read(path)
    assert [row.frame for row in rows[: len(records)]] == [data for _, _, data in records]
    assert summary.frames == len(rows)
    if len(rows) == len(records):
        assert bool(summary.broken) == bool(garbage)
