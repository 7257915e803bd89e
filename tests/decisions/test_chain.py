"""The chain: every byte counts, nothing is lost, and a crash leaves it whole."""

import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otwatch.decisions import chain
from otwatch.errors import DecisionError

TOLD = ({"reason": "a valve"}, {"reason": 'said "}, and é'}, {"reason": "\n"})
"""Texts that look like ends of lines."""


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "record.db"
    path.touch(0o640)
    return path


@pytest.fixture
def log(record: Path) -> Path:
    path = record.with_name("log")
    for told in TOLD:
        chain.append(path, told, record)
    return path


def test_a_chain_is_read_as_it_was_written(log: Path) -> None:
    found = chain.load(log)
    assert [body["reason"] for body in found.told] == [told["reason"] for told in TOLD]
    assert (found.flaw, found.torn, found.lines) == (0, 0, 3)


def test_anybody_can_check_it_by_hand(log: Path) -> None:
    """`sed -n 2p log | sha256sum` is what line 3 holds."""
    lines = log.read_bytes().splitlines(keepends=True)
    assert chain.read(log.read_bytes()).told[2]["before"] == sha256(lines[1]).hexdigest()
    assert chain.load(log).sum == sha256(lines[2]).hexdigest()


def test_every_change_of_one_byte_is_found(log: Path) -> None:
    data = log.read_bytes()
    for at in range(len(data)):
        for other in (data[at] ^ 1, data[at] ^ 0x20, 0, 10, 34, 255):
            if other != data[at]:
                found = chain.read(data[:at] + bytes([other]) + data[at + 1 :])
                line = data[:at].count(b"\n") + 1
                assert (found.flaw, found.torn > 0) in {(line, False), (0, True)}, (at, other)
                assert len(found.told) < 3


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_other_bytes_are_no_whole_chain(log: Path, data: st.DataObject) -> None:
    whole = log.read_bytes()
    begin, end = sorted(data.draw(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, len(whole) - 1))))
    other = whole[:begin] + data.draw(st.binary(max_size=20)) + whole[end + 1 :]
    found = chain.read(other)
    whole_still = other == whole or other == whole[:-1]
    assert (len(found.told) == 3 and not found.flaw and not found.torn) is whole_still


def test_lines_that_are_taken_out_or_moved_are_found(log: Path) -> None:
    one, two, three = log.read_bytes().splitlines(keepends=True)
    assert chain.read(two + three).flaw == 1
    assert chain.read(one + three).flaw == 2
    assert chain.read(one + three + two).flaw == 2
    assert chain.read(one + two + two + three).flaw == 3


def test_who_seals_a_line_anew_breaks_the_next(log: Path) -> None:
    one, two, three = log.read_bytes().splitlines(keepends=True)
    forged = chain.sealed(two[:-75].replace(b"said", b"heard") + b"}")
    assert chain.read(one + forged + three).flaw == 3


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_torn_line_is_told_and_mended_by_the_next(log: Path, record: Path, cut: int) -> None:
    whole = log.read_bytes()
    log.write_bytes(whole + whole.splitlines(keepends=True)[2][:cut])
    assert (chain.load(log).torn, len(chain.load(log).told), chain.load(log).flaw) == (1, 3, 0)
    assert chain.append(log, {"reason": "after"}, record) == 5
    found = chain.load(log)
    assert (found.torn, found.flaw, found.told[-1]["torn"], found.told[-1]["reason"]) == (0, 0, 1, "after")
    assert log.read_bytes().startswith(whole), "nothing is ever removed"


def test_what_is_torn_cannot_be_changed_later(log: Path, record: Path) -> None:
    log.write_bytes(log.read_bytes() + b'{"line":4,"to')
    chain.append(log, {"reason": "after"}, record)
    assert chain.read(log.read_bytes().replace(b'"to\n', b'"ta\n')).flaw == 4


def test_two_crashes_one_after_the_other(log: Path, record: Path) -> None:
    log.write_bytes(log.read_bytes() + b'{"line":4\n{"line":5,')
    assert chain.load(log).torn == 2
    assert chain.append(log, {"reason": "after"}, record) == 6
    assert (chain.load(log).flaw, len(chain.load(log).told)) == (0, 4)


def test_a_line_that_lacks_nothing_but_its_end_counts(log: Path, record: Path) -> None:
    log.write_bytes(log.read_bytes()[:-1])
    assert (len(chain.load(log).told), chain.load(log).torn) == (3, 0)
    chain.append(log, {"reason": "after"}, record)
    assert (chain.load(log).flaw, len(chain.load(log).told)) == (0, 4)


def test_nothing_is_written_behind_a_flaw(log: Path, record: Path) -> None:
    log.write_bytes(log.read_bytes().replace(b"valve", b"salve"))
    with pytest.raises(DecisionError, match=":1: not as it was written"):
        chain.append(log, {"reason": "after"}, record)


def test_a_file_that_is_no_log(tmp_path: Path) -> None:
    assert chain.load(tmp_path / "none").lines == 0
    with pytest.raises(DecisionError, match="cannot be read"):
        chain.load(tmp_path)


def test_it_is_readable_by_those_who_may_read_the_record(log: Path) -> None:
    assert log.stat().st_mode & 0o777 == 0o640


WRITER = """
import sys
from pathlib import Path
from otwatch.decisions import chain
path = Path(sys.argv[1])
for at in range(100_000):
    chain.append(path, {"reason": "x" * 20_000}, path.parent)
"""


def test_kill_9_in_the_middle_of_writing(tmp_path: Path) -> None:
    """Wherever it falls, the chain reads whole or torn, and goes on."""
    log = tmp_path / "log"
    for _ in range(3):
        before = chain.load(log).lines
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(log)])
        try:
            while chain.load(log).lines < before + 3:
                assert writer.poll() is None
        finally:
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
        assert chain.load(log).flaw == 0
    chain.append(log, {"reason": "after"}, tmp_path)
    assert (chain.load(log).flaw, chain.load(log).torn) == (0, 0)


def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    log = tmp_path / "log"
    writer = WRITER.replace("100_000", "40")
    both = [subprocess.Popen([sys.executable, "-c", writer, str(log)]) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert (chain.load(log).flaw, chain.load(log).lines) == (0, 80)
