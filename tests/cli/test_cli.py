"""The commands from the outside: what they print where, and their exit statuses."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from otwatch.cli import cli, run
from otwatch.config import Site
from otwatch.errors import CaptureError
from otwatch.record import Record
from otwatch.results import Results
from tests.conftest import ROOT
from tests.outputs.samples import EMPTY, HOSPITAL, alert
from tests.pages import BLOCK, PAGES, excerpt

HOSPITAL_PCAP = str(ROOT / "pcaps" / "hospital.pcapng")
SITE = str(ROOT / "configs" / "site.yaml")
Replay = Callable[[Sequence[str], Site | None, object], Results]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OTWATCH_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Results], None]:
    """Makes every replay give these results."""

    def give(results: Results) -> None:
        monkeypatch.setattr("otwatch.pipeline.replay", lambda paths, site, progress: results)

    return give


@pytest.fixture
def record(tmp_path: Path) -> str:
    path = tmp_path / "record.db"
    with Record.create(path) as kept:
        kept.write(HOSPITAL)
    return str(path)


def told(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False, standalone_mode=False)


def otwatch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "otwatch", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, cwd=ROOT, check=False, timeout=120)


# -- replay -----------------------------------------------------------------------------------------------------------------------------


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
    assert result.stdout.startswith("WHAT WAS CAPTURED\n")
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


def test_a_failed_replay_leaves_no_record(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def fails(paths: Sequence[str], site: Site | None, progress: object) -> Results:
        raise CaptureError("a.pcap: an empty file\x1b[2J; pcap is expected")

    monkeypatch.setattr("otwatch.pipeline.replay", fails)
    assert run(["replay", "a.pcap", "--record", str(tmp_path / "r.db")]) == 2
    assert capsys.readouterr() == ("", "otwatch: a.pcap: an empty file\\x1b[2J; pcap is expected\n")
    assert not (tmp_path / "r.db").exists()


def test_an_interrupted_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(paths: Sequence[str], site: Site | None, progress: object) -> Results:
        raise KeyboardInterrupt

    monkeypatch.setattr("otwatch.pipeline.replay", interrupted)
    assert run(["replay", "a.pcap"]) == 130


def test_a_defect_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def defective(paths: Sequence[str], site: Site | None, progress: object) -> Results:
        raise IndexError("ours")

    monkeypatch.setattr("otwatch.pipeline.replay", defective)
    with pytest.raises(IndexError, match="ours"):
        run(["replay", "a.pcap"])


def test_the_site_and_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otwatch.pipeline.replay", lambda paths, site, progress: EMPTY._replace(site=site.site.name))
    assert "CE QUI A ÉTÉ CAPTURÉ" in told("replay", "a.pcap", "--site", SITE).stdout
    assert "CE QUI N'A PAS PU" in told("replay", "a.pcap", "--site", SITE).stdout
    assert "WHAT WAS CAPTURED" in told("replay", "a.pcap", "--site", SITE, "--lang", "en").stdout
    with Record.open(Path(os.environ["XDG_STATE_HOME"]) / "otwatch" / "record.db") as kept:
        assert kept.site() == ("CH de Valmont", "Europe/Paris", "fr")


def test_a_wrong_site_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site.yaml").write_text("version: 1\nsite: {name: x, timezone: Europe/Pariss}\n")
    assert run(["replay", HOSPITAL_PCAP, "--site", str(tmp_path / "site.yaml")]) == 2
    assert capsys.readouterr().err.startswith("otwatch: site.yaml:2: ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("total", [1000, None])
def test_a_bar_on_a_terminal_only(total: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    def watched(paths: Sequence[str], site: Site | None, progress: Callable[[int, int | None], None] | None) -> Results:
        assert progress is not None
        progress(500, total)
        return EMPTY

    monkeypatch.setattr("otwatch.pipeline.replay", watched)
    monkeypatch.setattr("sys.stderr", Terminal())
    assert run(["replay", "a.pcap"]) == 0


# -- tables -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["assets", "conversations", "zones", "alerts"])
def test_tables_in_a_pipe(command: str, record: str) -> None:
    text = told(command, "--record", record, "--lang", "en").stdout
    assert "\x1b" not in text
    assert not [line for line in text.split("\n") if line != line.rstrip()]
    assert told(command, "--record", record, "--csv").stdout_bytes.count(b"\r\n") == len(getattr(HOSPITAL, _rows(command))) + 1
    assert len(json.loads(told(command, "--record", record, "--json").stdout)[command]) == len(getattr(HOSPITAL, _rows(command)))


def _rows(command: str) -> str:
    return {"conversations": "links"}.get(command, command)


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["assets", "--zone", "cvc"], 1),
        (["assets", "--zone", "-"], 1),
        (["conversations", "--zone", "bureautique"], 1),
        (["conversations", "--protocol", "bacnet"], 0),
        (["conversations", "--protocol", "modbus"], 2),
        (["alerts", "--severity", "critical"], 1),
        (["alerts", "--severity", "low"], 2),
        (["alerts", "--zone", "bt"], 0),
    ],
)
def test_filters(arguments: list[str], count: int, record: str) -> None:
    read = json.loads(told(*arguments, "--record", record, "--json").stdout)
    assert len(read[arguments[0]]) == count


def test_an_unknown_zone_is_a_wrong_use(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assets", "--zone", "cvx", "--record", record]) == 2
    assert "known: bt, bureautique, cvc, supervision" in capsys.readouterr().err


def test_no_rows_are_said(record: str) -> None:
    assert told("alerts", "--zone", "bt", "--record", record, "--lang", "en").stdout == "No findings.\n"
    assert told("alerts", "--zone", "bt", "--record", record).stdout == "Aucun constat.\n"


def test_explain(record: str) -> None:
    assert told("explain", "2", "--record", record, "--lang", "en").stdout.startswith("Alert 2  HIGH  Scan\n")
    assert run(["explain", "9", "--record", record]) == 2
    assert run(["explain", "0", "--record", record]) == 2


# -- the rest ---------------------------------------------------------------------------------------------------------------------------


def test_config_check(tmp_path: Path) -> None:
    good = told("config", "check", SITE, "--lang", "en")
    assert (good.return_value, good.stdout) == (0, "site.yaml: no error, no warning\n")
    bad = tmp_path / "bad.yaml"
    bad.write_text("version: 1\nsite: {name: x, timezone: Europe/Paris}\nzoness: []\n")
    result = told("config", "check", str(bad), "--lang", "fr")
    assert result.return_value == 2
    assert result.stdout.startswith("erreur: bad.yaml:3: ")
    assert result.stdout.endswith("bad.yaml : 1 erreur, 0 avertissement\n")
    read = json.loads(told("config", "check", str(bad), "--json").stdout)
    assert (read["problems"][0]["line"], read["problems"][0]["severity"]) == (3, "error")
    assert told("config", "check", str(tmp_path / "missing.yaml")).return_value == 2


def test_data_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"oui.csv": "MA-L,0080F4,Maker A,x", "mam.csv": "MA-M,70B3D51,Maker B,x", "oui36.csv": "MA-S,70B3D5123,Maker C,x"}
    for name, row in rows.items():
        (tmp_path / name).write_text(f"Registry,Assignment,Organization Name,Organization Address\n{row}\n")
    assert run(["data", "build", "oui", "--from", str(tmp_path), "-o", str(tmp_path / "oui.zlib")]) == 0
    assert (tmp_path / "oui.zlib").stat().st_size
    assert run(["data", "build", "oui", "--from", str(tmp_path), "-o", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["replay"], ["replay", "--fail-on", "bad", "x"], ["nothing"], ["assets", "--format", "json"], []])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Usage: otwatch" in capsys.readouterr().err


def test_no_record_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerts"]) == 2
    assert capsys.readouterr().err.startswith("otwatch: ")


COMMANDS = ("", "replay", "assets", "conversations", "zones", "alerts", "explain", "config check", "data build oui")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_with_examples(command: str) -> None:
    text = told(*command.split(), "--help").stdout
    assert "\nUsage" not in text
    assert f"  otwatch {command}".rstrip() in text


def test_help_in_french() -> None:
    assert "Code de retour" in otwatch("--help", LANG="fr_FR.UTF-8").stdout


def test_the_start_loads_nothing_heavy() -> None:
    heavy = ("numpy", "rich", "networkx", "yaml", "msgspec", "sqlite3", "scapy", "otwatch.wire", "otwatch.dissectors")
    code = f"import sys, otwatch.cli; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_output_that_nobody_reads_any_more(record: str) -> None:
    command = f"{sys.executable} -m otwatch assets --json --record {record} | head -1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, cwd=ROOT)
    assert (result.stdout, result.stderr) == ("{\n", "")


def test_a_terminal_that_is_not_utf8(record: str) -> None:
    result = otwatch("explain", "1", "--record", record, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 0
    assert "\\xc9criture" in result.stdout


# -- the whole chain --------------------------------------------------------------------------------------------------------------------


def test_the_sample_capture(tmp_path: Path) -> None:
    arguments = ("replay", "--site", SITE, "--record", str(tmp_path / "r.db"), HOSPITAL_PCAP)
    first, second = otwatch(*arguments), otwatch(*arguments)
    assert (first.returncode, first.stderr) == (1, "")
    assert first.stdout == second.stdout
    assert "CH de Valmont" in first.stdout
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


# -- the pages --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_the_output_shown_is_real(page: str) -> None:
    """`python -m tests.pages` puts today's output into the pages."""
    found = BLOCK.search((ROOT / page).read_text("utf-8"))
    assert found
    assert found[0] == excerpt(PAGES[page])


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_what_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)|`((?:otwatch|tests|configs|requirements|pcaps)/[\w./]*)`", text)
    assert not [name for link, path in named if "NAME" not in (name := link or path) and not (ROOT / name).exists()]
