"""jobs/: several processes say what one does, to the last byte, and whatever happens to them ends the command."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from otwatch.pipeline import replay
from tests.conftest import ROOT

HOSPITAL = ROOT / "pcaps" / "hospital.pcapng"
OTWATCH = (sys.executable, "-m", "otwatch", "replay", "--lang", "en", "--jobs")
SAMPLES = (
    "auth", "snmp", "ftp", "http", "vnc", "telnet", "mqtt", "opcua", "malformed",
    "modbus/arkime-modbus.pcap", "bacnet/icsnpp-bacnet_services.pcap", "enip/icsnpp-enip_cip_example.pcap", "umas/iti-modicon_test.pcap",
)  # fmt: skip
"""Folders and files: all kinds of secrets, dialogues, gaps, fragments, what breaks off."""
PATIENCE_S = 30


@pytest.mark.parametrize("sample", SAMPLES)
def test_two_jobs_find_what_one_finds(sample: str, captures: Path) -> None:
    path = captures / sample
    if not path.exists():
        pytest.skip(f"{sample} is not among the captures")
    one, two = replay([str(path)]), replay([str(path)], jobs=2)
    assert one == two
    assert list(one.notes.items()) == list(two.notes.items())


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("through_pipe", [False, True])
def test_record_and_text_are_the_same_bytes(form: str, broken: bool, through_pipe: bool, tmp_path: Path) -> None:
    capture, record = tmp_path / "capture.pcapng", tmp_path / "record.db"
    capture.write_bytes(HOSPITAL.read_bytes()[: -1001 if broken else None])
    said = []
    for jobs in "12":
        command = (*OTWATCH, jobs, "--format", form, "--record", str(record), "-" if through_pipe else str(capture))
        record.unlink(missing_ok=True)
        done = subprocess.run(command, input=capture.read_bytes(), capture_output=True, check=False, timeout=PATIENCE_S)
        said.append((done.returncode, done.stdout, done.stderr, record.read_bytes()))
    assert said[0] == said[1]
    assert said[0][0] == 1
    assert (b"breaks off" in said[0][2]) == broken


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int | None]] = []
    replay([str(HOSPITAL)], progress=lambda done, total: told.append((done, total)), jobs=2)
    size = HOSPITAL.stat().st_size
    assert told[-1] == (size, size)


@pytest.mark.parametrize(("content", "why"), [(b"", b"an empty file"), (b"hello\n", b"not a capture")])
def test_what_is_no_capture_is_told_by_the_process_that_reads_it(content: bytes, why: bytes, tmp_path: Path) -> None:
    command = (*OTWATCH, "2", "--record", str(tmp_path / "record.db"), "-")
    done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 2
    assert done.stderr.startswith(b"otwatch: stdin: " + why)
    assert done.stderr.count(b"\n") == 1


@contextmanager
def busy(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", list[int]]]:
    """A replay that waits for its standard input, and its workers."""
    command = (*OTWATCH, "2", "--record", str(tmp_path / "record.db"), "-")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as parent:
        assert parent.stdin is not None
        parent.stdin.write(HOSPITAL.read_bytes())
        parent.stdin.flush()
        workers: list[int] = []
        until = time.monotonic() + PATIENCE_S
        while len(workers) < 2 and time.monotonic() < until:
            time.sleep(0.05)
            workers = sorted(map(int, Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()))
        assert len(workers) == 2
        time.sleep(0.3)  # until they have set up what happens to them
        try:
            yield parent, workers
        finally:
            parent.kill()


def ended(process: int) -> bool:
    """Whether nothing of a process runs any more; who is adopted by a container's first process may stay a zombie there."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        stat = Path(f"/proc/{process}/stat")
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(("which", "does"), [(0, b"reads captures"), (1, b"listens")])
def test_a_worker_that_is_killed_ends_the_command_with_its_name(which: int, does: bytes, tmp_path: Path) -> None:
    with busy(tmp_path) as (parent, workers):
        os.kill(workers[which], signal.SIGKILL)
        _, said = parent.communicate(timeout=PATIENCE_S)
        assert parent.returncode == 2
        assert said.count(b"\n") == 1
        assert b"the process that " + does + b" was ended by SIGKILL" in said
        assert all(map(ended, workers))


def test_ctrl_c_ends_all_of_them_without_a_word(tmp_path: Path) -> None:
    with busy(tmp_path) as (parent, workers):
        for one in (*workers, parent.pid):
            os.kill(one, signal.SIGINT)
        _, said = parent.communicate(timeout=PATIENCE_S)
        assert parent.returncode == 130
        assert b"Traceback" not in said
        assert all(map(ended, workers))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_command(number: int, tmp_path: Path) -> None:
    with busy(tmp_path) as (parent, workers):
        parent.send_signal(number)
        parent.wait(PATIENCE_S)
        assert all(map(ended, workers))


def test_no_process_is_left_behind_a_site_file_that_is_wrong(tmp_path: Path) -> None:
    command = (*OTWATCH, "2", "--site", "absent.yaml", "--record", str(tmp_path / "record.db"), str(HOSPITAL))
    done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 2
    assert done.stderr.startswith(b"otwatch: absent.yaml: ")
    assert done.stderr.count(b"\n") == 1


def test_who_reads_no_further_is_no_error(tmp_path: Path) -> None:
    command = (*OTWATCH, "2", "--record", str(tmp_path / "record.db"), str(HOSPITAL))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        parent.stdout.close()
        assert parent.stderr is not None
        assert parent.stderr.read() == b""
        parent.wait(PATIENCE_S)
    assert parent.returncode in (1, -signal.SIGPIPE)
