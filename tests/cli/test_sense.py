"""The sensor's commands: what stands on the command line wins, and what cannot begin is told. The sensor at work: tests/live."""

import re
from pathlib import Path

import pytest

from otwatch.cli import run as run_line
from otwatch.cli import sense as command
from otwatch.config.sensor import Sensor
from otwatch.record import Record
from tests.outputs.samples import HOSPITAL


def run(*arguments: str) -> int:
    return run_line(arguments)


def test_without_an_interface(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sense") == 2
    assert "nothing to listen to: give --interface" in capsys.readouterr().err


def test_an_interface_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("sense", "--interface", "nothing0", "--record", str(tmp_path / "r.db")) == 2
    assert "nothing0: no such interface" in capsys.readouterr().err


def test_an_interface_that_may_speak(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("sense", "--interface", "lo", "--record", str(tmp_path / "r.db")) == 2
    assert "lo: has an IP address" in capsys.readouterr().err
    assert not (tmp_path / "r.db").exists()


def test_the_record_of_a_replay_is_not_carried_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    with Record.create(path) as record:
        record.write(HOSPITAL)
    assert run("sense", "--interface", "nothing0", "--record", str(path)) == 2
    assert "the record of a replay" in capsys.readouterr().err
    with Record.open(path) as record:
        assert record.results() == HOSPITAL


def test_a_wrong_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "otwatch.yaml"
    path.write_text("version: 1\ninterface: eth1\n", encoding="utf-8")
    assert run("sense", "--config", str(path), "--lang", "fr") == 2
    assert "otwatch.yaml:2: clé inconnue 'interface' -> 'interfaces' ?" in capsys.readouterr().err


def test_the_command_line_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, told = tmp_path / "otwatch.yaml", list[object]()
    path.write_text("version: 1\ninterfaces: [eth1, eth2]\nrecord: a.db\nstatus_s: 30\nring_mib: 8\nsite_name: north\n", encoding="utf-8")
    monkeypatch.setattr("otwatch.sensor.sense", lambda *given: told.extend(given))
    assert run("sense", "--config", str(path), "--interface", "eth3", "--status", "5", "--allow-addressed") == 0
    settings, site, record, _, status_s = told
    assert isinstance(settings, Sensor)
    assert (settings.interfaces, settings.ring_mib, settings.allow_addressed) == (("eth3",), 8, True)
    assert (site, record, status_s, settings.site_name) == (None, Path("a.db"), 5, "north")
    told.clear()
    assert run("sense", "--config", str(path), "--site-name", "south") == 0
    assert isinstance(told[0], Sensor)
    assert told[0].site_name == "south"


EXPIRED = """version: 1
site: {name: X, timezone: Europe/Paris, language: en}
conduits: [{id: c, from: a, to: a, protocols: [{proto: ssh}], expires: 2020-09-30}]
zones: [{id: a, kind: ups, match: [{cidr: 10.0.0.0/24}]}]
"""


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "warning: site.yaml:3: conduits[0].expires: expired on 2020-09-30"),
        ("fr", "avertissement : site.yaml:3: conduits[0].expires: expiré depuis le 2020-09-30"),
    ],
)
def test_a_sensor_starts_behind_the_last_day_of_a_conduit(
    language: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hospital is not left without a monitor: it is told, and the check of the file stays an error."""
    path, given = tmp_path / "site.yaml", list[object]()
    path.write_text(EXPIRED, encoding="utf-8")
    monkeypatch.setattr("otwatch.sensor.sense", lambda *all_given: given.extend(all_given))
    assert run("sense", "--interface", "eth1", "--site", str(path), "--lang", language) == 0
    assert told in capsys.readouterr().err
    assert given[1].conduits[0].id == "c"  # type: ignore[attr-defined]  # of a Site
    assert run("config", "check", str(path), "--lang", language) == 2
    path.write_text(EXPIRED.replace("10.0.0.0/24", "10.0.0.1/24"), encoding="utf-8")
    assert run("sense", "--interface", "eth1", "--site", str(path)) == 2


def test_nobody_looks_at_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    assert command._status_s(0, None) == 0
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert command._status_s(0, None) == command.ON_A_TERMINAL_S
    assert command._status_s(0, 0) == 0
    assert command._status_s(7, None) == 7


def test_silence_prints_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("silence", "mirror0", "--lang", "fr") == 0
    said = capsys.readouterr().out
    assert "# Rejette et compte toute trame qui sortirait par mirror0 (nft -f)." in said
    assert "ip link set dev mirror0 arp off" in said
    assert 'hook egress device "mirror0"' in said
    assert "LinkLocalAddressing=no" in said
    assert run("silence", "a b") == 2


def test_the_journal_keeps_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", command._now())
    monkeypatch.setenv("JOURNAL_STREAM", "8:1234")
    assert not command._now()
