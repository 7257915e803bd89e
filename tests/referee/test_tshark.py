"""referee/tshark.py: a program that is not there, ends early, takes too long or prints anything."""

import shutil
import stat
from pathlib import Path

import pytest

from otwatch.referee import tshark as module
from otwatch.referee.tshark import Heard, Tshark, heard, installed, quoted
from tests.referee.test_modbus import MBTCP, message
from tests.referee.trees import ALL, frame

COUNT = "=====\\nframe                    frames:7 bytes:420\\n  eth                    frames:7 bytes:420\\n"


def stand_in(folder: Path, script: str) -> Tshark:
    """A program that prints what the script says."""
    path = folder / "tshark"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Tshark(str(path), "4.0.17")


def run(folder: Path, script: str, limit_s: float = 30) -> Heard:
    return heard(stand_in(folder, script), folder / "a.pcap", ALL, limit_s, lambda number: None)


def printed(folder: Path, raw: bytes) -> str:
    folder.joinpath("out").write_bytes(raw)
    return f"cat '{folder}/out'"


def counted(told: Heard) -> int:
    pdus = told.sheet.fields.get(("modbus", "pdus"), {})
    return sum(one.times for one in pdus.values())


def test_packets_and_frames_are_counted(tmp_path: Path) -> None:
    body = b"<pdml>\n" + frame(1, MBTCP, message(3)) + frame(2, MBTCP, message(3)) + b"</pdml>\n"
    told = run(tmp_path, f"{printed(tmp_path, body)}; printf '{COUNT}'")
    assert (counted(told), told.packets, told.complete, told.unread, told.message) == (2, 7, True, 0, "")


def test_frames_are_counted_once_behind_the_packets_only(tmp_path: Path) -> None:
    told = run(tmp_path, f"printf '<pdml>\\nframe                    frames:9 bytes:1\\n</pdml>\\n{COUNT}'")
    assert told.packets == 7


def test_output_that_breaks_off_is_not_complete(tmp_path: Path) -> None:
    told = run(tmp_path, f"{printed(tmp_path, b'<pdml>' + frame(1, MBTCP, message(3)))}; echo 'a.pcap is no capture' >&2; exit 2")
    assert (told.complete, told.late, told.message) == (False, False, "a.pcap is no capture")


def test_what_it_says_is_made_visible_and_without_paths(tmp_path: Path) -> None:
    script = f'printf \'Running as user "root"\\nThe file "{tmp_path}/a.pcap" \\033[2J\\n\' >&2'
    assert run(tmp_path, script).message == 'The file "a.pcap" \\x1b[2J'


def test_it_is_stopped_when_it_takes_too_long(tmp_path: Path) -> None:
    told = run(tmp_path, "echo '<pdml>'; exec sleep 60", limit_s=0.2)
    assert (told.late, told.complete) == (True, False)


def test_packets_that_are_no_xml_are_counted(tmp_path: Path) -> None:
    body = b"<packet>\n<proto>\n</packet>\n" + frame(2, MBTCP, message(3)) + b"</pdml>\n"
    told = run(tmp_path, printed(tmp_path, body))
    assert (told.unread, counted(told)) == (1, 1)


def test_packets_that_are_too_long_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 2000)
    body = frame(1, MBTCP, message(3), "<proto/>\n" * 200) + frame(2, MBTCP, message(3)) + b"</pdml>\n"
    told = run(tmp_path, printed(tmp_path, body))
    assert (told.unread, counted(told)) == (1, 1)


def test_it_runs_without_the_profile_of_its_user(tmp_path: Path) -> None:
    told = run(tmp_path, 'echo "$HOME" >&2; ls -A "$WIRESHARK_CONFIG_DIR" >&2')
    assert told.message.startswith("/")
    assert str(Path.home()) != told.message


def test_the_capture_is_no_option(tmp_path: Path) -> None:
    program = stand_in(tmp_path, 'echo "$3" >&2')
    assert heard(program, Path("-X.pcap"), ALL, 30, lambda number: None).message.endswith("-X.pcap")


def test_only_what_is_wanted_is_asked_for(tmp_path: Path) -> None:
    program = stand_in(tmp_path, 'echo "$@" >&2')
    said = heard(program, tmp_path / "a.pcap", frozenset({"modbus", "umas"}), 30, lambda number: None).message
    assert "-Y modbus or mbtcp or mbudp -T pdml" in said


def test_none_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert installed() is None


@pytest.mark.parametrize(("script", "version"), [("echo 'TShark 4.2.1 (v4.2.1).'", "4.2.1"), ("echo nothing", "?"), ("exit 1", None)])
def test_the_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, version: str | None) -> None:
    stand_in(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = installed()
    assert (found and found.version) == version


def test_the_real_one_says_its_version() -> None:
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    found = installed()
    assert found is not None
    assert found.version[0].isdigit()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"    3\tModbus/TCP\tQuery: Trans: 1\n    9\tBACnet\tSimple-ACK\n", {3: "Modbus/TCP: Query: Trans: 1", 9: "BACnet: Simple-ACK"}),
        (b"    3\tModbus/TCP\t\x1b[2J\xff\n", {3: "Modbus/TCP: \\x1b[2J\ufffd"}),
        (b"4\tARP\tnobody asked\n\n", {}),
        (b"no number\n", {}),
    ],
)  # fmt: skip
def test_its_own_words_on_frames(raw: bytes, said: dict[int, str], tmp_path: Path) -> None:
    assert quoted(stand_in(tmp_path, printed(tmp_path, raw)), tmp_path / "a.pcap", {3, 9}, 30) == said
