import os
from pathlib import Path

import pytest

from otwatch.capture import open_captures
from otwatch.errors import CaptureError
from tests.capture.builders import pcap


def capture(path: Path, second: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pcap([(second, 0, b"abc")]))
    return path


def test_captures_come_by_their_first_frame(tmp_path: Path) -> None:
    late, early = capture(tmp_path / "a.pcap", 9), capture(tmp_path / "b.pcap", 3)
    bare = tmp_path / "0.pcap"
    bare.write_bytes(pcap([]))
    sources = open_captures(["-", str(bare), late, early])
    assert [(source.name, source.first_ns) for source in sources] == [
        (str(early), 3 * 10**9), (str(late), 9 * 10**9), (str(bare), None), ("stdin", None),
    ]  # fmt: skip


def test_a_capture_named_twice_is_read_once(tmp_path: Path) -> None:
    path = capture(tmp_path / "a.pcap", 1)
    (tmp_path / "link.pcap").symlink_to(path)
    assert len(open_captures([path, tmp_path, str(tmp_path) + "/./a.pcap", "-", "-"])) == 2


def test_in_a_folder_the_first_bytes_decide(tmp_path: Path) -> None:
    capture(tmp_path / "ring.pcap17", 2)
    capture(tmp_path / "deep" / "er" / "no-suffix", 1)
    (tmp_path / "notes.txt").write_text("not a capture")
    os.mkfifo(tmp_path / "pipe.pcap")
    assert [Path(source.name).name for source in open_captures([tmp_path])] == ["no-suffix", "ring.pcap17"]


def test_what_is_named_like_a_capture_is_not_passed_over(tmp_path: Path) -> None:
    capture(tmp_path / "good.pcap", 2)
    (tmp_path / "EMPTY.PCAPNG").write_bytes(b"")
    refused = open_captures([tmp_path])[1]
    assert refused.refused == "an empty file; pcap, pcapng or gzip of them is expected"
    reading = refused.read()
    assert list(reading) == []
    assert reading.summary.broken == refused.refused


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a capture")
    with pytest.raises(CaptureError, match="text: not a capture"):
        open_captures([tmp_path / "text"])
    with pytest.raises(CaptureError, match="no capture in this folder"):
        open_captures([tmp_path])
    with pytest.raises(CaptureError, match=r"gone: No such file or directory; a capture, a folder of captures or - is expected"):
        open_captures([str(tmp_path / "gone")])
    with pytest.raises(CaptureError, match="File name too long"):
        open_captures(["a" * 5000])


def test_names_can_be_printed(tmp_path: Path) -> None:
    path = capture(Path(os.fsdecode(bytes(tmp_path) + b"/\xff\x1b[31m h\xc3\xb4pital.pcap")), 1)
    assert open_captures([path])[0].name == f"{tmp_path}/\\udcff\\x1b[31m hôpital.pcap"
