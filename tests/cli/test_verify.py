"""cli/verify.py: status, languages, and what is missing."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.cli.verify import SECTIONS
from otwatch.referee import tshark
from otwatch.referee.sheet import Sheet
from otwatch.referee.tshark import Heard, Tshark
from tests.cli.commands import HOSPITAL_PCAP, otwatch, told


@pytest.fixture
def stands_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Heard], None]:
    """Makes tshark say this of every capture."""

    def give(said: Heard) -> None:
        monkeypatch.setattr(tshark, "installed", lambda: Tshark("/nowhere/tshark", "4.0.17"))
        monkeypatch.setattr(tshark, "heard", lambda *given: said)

    return give


@pytest.fixture
def real() -> None:
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")


def test_sections_are_those_of_the_referee() -> None:
    assert SECTIONS == tshark.SECTIONS


@pytest.mark.usefixtures("real")
def test_the_sample_capture_agrees() -> None:
    result = told("verify", HOSPITAL_PCAP, "--lang", "en")
    assert result.return_value == 0
    assert "They agree in everything that both count." in result.stdout
    assert result.stderr == ""


@pytest.mark.usefixtures("real")
def test_sections_limit_what_is_compared() -> None:
    said = json.loads(told("verify", HOSPITAL_PCAP, "--json", "--section", "bacnet").stdout)
    assert {field["section"] for capture in said["captures"] for field in capture["fields"]} == {"bacnet"}
    assert said["agree"]


@pytest.mark.usefixtures("real")
def test_folders_and_what_is_no_capture_in_them(tmp_path: Path) -> None:
    shutil.copy(HOSPITAL_PCAP, tmp_path / "a.pcapng")
    tmp_path.joinpath("b.pcap").write_bytes(b"")
    said = told("verify", str(tmp_path), "--json")
    assert [one["outcome"] for one in json.loads(said.stdout)["captures"]] == ["agree", "not compared"]
    assert said.return_value == 2


@pytest.mark.usefixtures("real")
def test_a_pipe_gets_no_progress() -> None:
    result = otwatch("verify", HOSPITAL_PCAP, "--section", "umas")
    assert (result.returncode, result.stderr) == (0, "")


def test_without_tshark(tmp_path: Path) -> None:
    for language, says in (("en", "tshark is not installed"), ("fr", "tshark n'est pas installé")):
        result = otwatch("verify", HOSPITAL_PCAP, "--lang", language, PATH=str(tmp_path))
        assert (result.returncode, result.stdout) == (2, "")
        assert says in result.stderr
        assert "apt install tshark" in result.stderr


def test_a_difference_is_status_1(stands_in: Callable[[Heard], None]) -> None:
    stands_in(Heard(Sheet(frozenset(SECTIONS)), packets=2078, complete=True))
    result = told("verify", HOSPITAL_PCAP, "--lang", "fr")
    assert result.return_value == 1
    assert "DÉSACCORD" in result.stdout
    assert "otwatch seul : " in result.stdout


@pytest.mark.parametrize(
    ("said", "shown"), [({"late": True}, "tshark was stopped after 600 s"), ({"message": "no"}, "no"), ({}, "said nothing")]
)
def test_what_could_not_be_compared_is_status_2(stands_in: Callable[[Heard], None], said: dict[str, object], shown: str) -> None:
    stands_in(Heard(Sheet(frozenset(SECTIONS)))._replace(**said))
    result = told("verify", HOSPITAL_PCAP, "--lang", "en")
    assert result.return_value == 2
    assert shown in result.stdout


def test_standard_input_can_be_read_once_only(stands_in: Callable[[Heard], None]) -> None:
    stands_in(Heard(Sheet(frozenset(SECTIONS))))
    result = told("verify", "-", "--lang", "en")
    assert result.return_value == 2
    assert "standard input" in result.stderr


@pytest.mark.parametrize("arguments", [["verify"], ["verify", "--section", "snmp", "x"], ["verify", "--timeout", "0", "x"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Usage: otwatch verify" in capsys.readouterr().err


@pytest.mark.usefixtures("real")
def test_a_terminal_gets_progress() -> None:
    main, side = os.openpty()
    command = [sys.executable, "-m", "otwatch", "verify", HOSPITAL_PCAP, "--json", "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=side, env=os.environ | {"TERM": "xterm"}) as process:
        os.close(side)
        shown = b"".join(iter(lambda: _part(main), b""))
        assert process.wait(60) == 0
    os.close(main)
    assert b"held against tshark" in shown


def _part(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # its other side is closed
        return b""
