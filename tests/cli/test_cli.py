"""The command line as a whole: wrong use, help, start, and the pages that show it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.referee.tshark import installed
from tests.cli.commands import otwatch, told
from tests.conftest import ROOT
from tests.pages import BLOCK, PAGES, VERIFIED, VERIFIED_WITH, excerpt, verified


@pytest.mark.parametrize("arguments", [["replay"], ["replay", "--fail-on", "bad", "x"], ["nothing"], ["assets", "--format", "json"], []])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Usage: otwatch" in capsys.readouterr().err


def test_no_record_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerts"]) == 2
    assert capsys.readouterr().err.startswith("otwatch: ")


COMMANDS = ("", "replay", "assets", "conversations", "zones", "alerts", "explain", "verify", "config check", "data build oui")


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


# -- the pages --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_the_output_shown_is_real(page: str) -> None:
    """`python -m tests.pages` puts today's output into the pages."""
    found = BLOCK.search((ROOT / page).read_text("utf-8"))
    assert found
    assert found[0] == excerpt(PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_the_second_opinion_shown_is_real(page: str, captures: Path) -> None:
    program = installed()
    if program is None or program.version != VERIFIED_WITH:
        pytest.skip(f"needs tshark {VERIFIED_WITH}")
    found = VERIFIED.search((ROOT / page).read_text("utf-8"))
    assert found
    assert found[0] == verified(PAGES[page], captures)


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_what_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)|`((?:otwatch|tests|configs|requirements|pcaps)/[\w./]*)`", text)
    assert not [name for link, path in named if "NAME" not in (name := link or path) and not (ROOT / name).exists()]
