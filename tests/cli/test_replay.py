"""`otwatch replay`: what it prints where, what it keeps, and its exit statuses."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.config import Site
from otwatch.declared.baseline import Accepted
from otwatch.errors import CaptureError
from otwatch.record import Record
from otwatch.results import Results
from otwatch.words import phrase
from tests.cli.commands import HOSPITAL_PCAP, SITE, otwatch, told
from tests.outputs.samples import EMPTY, HOSPITAL, alert


@pytest.mark.parametrize(
    ("severities", "fail_on", "status"),
    [((4, 3), [], 1), ((3,), [], 1), ((2, 1), [], 0), ((), [], 0), ((2,), ["--fail-on", "medium"], 1), ((3,), ["--fail-on", "critical"], 0),
     ((0,), ["--fail-on", "info"], 1)],
)  # fmt: skip
def test_status_of_a_replay(severities: tuple[int, ...], fail_on: list[str], status: int, replayed: Callable[[Results], None]) -> None:
    replayed(HOSPITAL._replace(alerts=tuple(alert(number, level) for number, level in enumerate(severities, 1))))
    assert run(["replay", "a.pcap", "--quiet", *fail_on]) == status


def test_replay_prints_and_keeps(replayed: Callable[[Results], None], tmp_path: Path) -> None:
    replayed(HOSPITAL)
    path = tmp_path / "r.db"
    result = told("replay", "a.pcap", "--record", str(path))
    assert result.stdout.startswith("Mirror good.\n\nWHAT WAS CAPTURED\n")
    assert f"otwatch explain 1 --record {path}" in result.stdout
    assert result.stderr == ""
    with Record.open(path) as kept:
        assert kept.results() == HOSPITAL


def test_replay_into_the_default_record(replayed: Callable[[Results], None], tmp_path: Path) -> None:
    replayed(HOSPITAL)
    assert "otwatch explain 1\n" in told("replay", "a.pcap").stdout
    assert (tmp_path / "state" / "otwatch" / "record.db").is_file()
    assert told("alerts").stdout.count("\n") == 3


def test_replay_as_json(replayed: Callable[[Results], None]) -> None:
    replayed(HOSPITAL)
    read = json.loads(told("replay", "a.pcap", "--format", "json").stdout)
    assert read["schema"] == 1
    assert len(read["alerts"]) == 2


def test_quiet_prints_nothing_but_warnings(replayed: Callable[[Results], None]) -> None:
    replayed(EMPTY._replace(captures=(HOSPITAL.captures[0]._replace(broken="ends inside \x1b[2J frame 7"),)))
    result = told("replay", "a.pcap", "--quiet")
    assert result.stdout == ""
    assert result.stderr == "otwatch: warning: pcaps/hospital.pcapng: ends inside \\x1b[2J frame 7\n"


@pytest.mark.usefixtures("unheard")
def test_a_failed_replay_leaves_no_record(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def fails(paths: Sequence[str], site: Site | None, progress: object, accepted: Accepted, place: str) -> Results:
        raise CaptureError("capture.refused", path="a\x1b[2J.pcap", why=phrase("broken.empty"))

    monkeypatch.setattr("otwatch.pipeline.concluded", fails)
    assert run(["replay", "a.pcap", "--record", str(tmp_path / "r.db")]) == 2
    assert capsys.readouterr() == ("", "otwatch: a\\x1b[2J.pcap: an empty file; pcap, pcapng or gzip of them is expected\n")
    assert not (tmp_path / "r.db").exists()


@pytest.mark.usefixtures("unheard")
def test_an_interrupted_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(paths: Sequence[str], site: Site | None, progress: object, accepted: Accepted, place: str) -> Results:
        raise KeyboardInterrupt

    monkeypatch.setattr("otwatch.pipeline.concluded", interrupted)
    assert run(["replay", "a.pcap"]) == 130


@pytest.mark.usefixtures("unheard")
def test_a_defect_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def defective(paths: Sequence[str], site: Site | None, progress: object, accepted: Accepted, place: str) -> Results:
        raise IndexError("ours")

    monkeypatch.setattr("otwatch.pipeline.concluded", defective)
    with pytest.raises(IndexError, match="ours"):
        run(["replay", "a.pcap"])


@pytest.mark.usefixtures("unheard")
def test_the_site_and_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    sites: list[Site | None] = []

    def replay(paths: Sequence[str], site: Site | None, progress: object, accepted: Accepted, place: str) -> Results:
        sites.append(site)
        return EMPTY

    monkeypatch.setattr("otwatch.pipeline.concluded", replay)
    assert "CE QUI A ÉTÉ CAPTURÉ" in told("replay", "a.pcap", "--site", SITE).stdout
    assert "CE QUI N'A PAS PU" in told("replay", "a.pcap", "--site", SITE).stdout
    assert "WHAT WAS CAPTURED" in told("replay", "a.pcap", "--site", SITE, "--lang", "en").stdout
    assert {site.site.name for site in sites if site} == {"CH de Valmont"}


def test_a_wrong_site_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site.yaml").write_text("version: 1\nsite: {name: x, timezone: Europe/Pariss}\n")
    assert run(["replay", HOSPITAL_PCAP, "--site", str(tmp_path / "site.yaml")]) == 2
    assert capsys.readouterr().err.startswith("otwatch: site.yaml:2: ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("total", [1000, None])
@pytest.mark.usefixtures("unheard")
def test_a_bar_on_a_terminal_only(total: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    def watched(
        paths: Sequence[str], site: Site | None, progress: Callable[[int, int | None], None] | None, accepted: Accepted, place: str
    ) -> Results:
        assert progress is not None
        progress(500, total)
        return EMPTY

    monkeypatch.setattr("otwatch.pipeline.concluded", watched)
    monkeypatch.setattr("sys.stderr", Terminal())
    assert run(["replay", "a.pcap"]) == 0


# -- the whole chain --------------------------------------------------------------------------------------------------------------------


def test_the_sample_capture(tmp_path: Path) -> None:
    arguments = ("replay", "--site", SITE, "--record", str(tmp_path / "r.db"), HOSPITAL_PCAP)
    first, second = otwatch(*arguments), otwatch(*arguments)
    assert (first.returncode, first.stderr) == (1, "")
    assert first.stdout == second.stdout
    assert "CH de Valmont" in first.stdout
    with Record.open(tmp_path / "r.db") as kept:
        assert kept.site() == ("CH de Valmont", "Europe/Paris", "fr")
    assert otwatch("explain", "1", "--record", str(tmp_path / "r.db")).returncode == 0


def test_standard_input(tmp_path: Path) -> None:
    with Path(HOSPITAL_PCAP).open("rb") as capture:
        command = [sys.executable, "-m", "otwatch", "replay", "-", "--record", str(tmp_path / "r.db"), "--format", "json"]
        result = subprocess.run(command, stdin=capture, capture_output=True, check=False, timeout=120)
    assert json.loads(result.stdout)["captures"][0]["name"] == "stdin"


@pytest.mark.parametrize("content", [b"", b"no capture", b"\xd4\xc3\xb2\xa1"])
def test_what_is_no_capture(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.pcap").write_bytes(content)
    result = otwatch("replay", str(tmp_path / "x.pcap"), "--record", str(tmp_path / "r.db"))
    assert "Traceback" not in result.stderr
    assert "x.pcap: " in result.stderr
    assert result.returncode in {0, 2}
