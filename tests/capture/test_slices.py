"""Single frames as a capture of their own."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture import Source, open_captures
from otwatch.capture.slices import Kept, as_capture, kept
from tests.capture.builders import pcap, read

LINKS = st.sampled_from((1, 101, 276))
FRAME = st.builds(Kept, st.text(max_size=9), st.integers(1, 99), st.integers(0, 2**62), LINKS, st.integers(0, 2000), st.binary(max_size=80))
FRAMES = st.lists(FRAME, min_size=1, max_size=9)


def source(tmp_path: Path) -> Source:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap([(at, 0, bytes([at]) * 60) for at in range(1, 8)]))
    return open_captures([path])[0]


def test_only_what_is_wanted_is_taken_out(tmp_path: Path) -> None:
    found = list(kept(source(tmp_path), frozenset({2, 7, 99})))
    assert [(one.number, one.time_ns, one.data) for one in found] == [(2, 2 * 10**9, b"\2" * 60), (7, 7 * 10**9, b"\7" * 60)]


@given(frames=FRAMES)
def test_what_is_written_reads_back(frames: list[Kept]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "slice.pcapng")
        path.write_bytes(as_capture(frames, "TLP:AMBER é"))
        rows, summary = read(path)
    assert summary.broken == ""
    assert [(row.time_ns, row.frame) for row in rows] == [(one.time_ns, one.data) for one in frames]


def test_a_frame_says_where_it_comes_from(tmp_path: Path) -> None:
    written = as_capture(list(kept(source(tmp_path), frozenset({3}))), "TLP:RED")
    assert b"a.pcap frame 3" in written
    assert b"TLP:RED" in written
