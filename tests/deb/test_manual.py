"""deb/manual.py: otwatch(1) in both languages, which man takes without a word."""

import subprocess
from pathlib import Path

import pytest

from deb.manual import HEADINGS, page
from otwatch.cli import cli
from otwatch.outputs.wording import LANGUAGES
from tests.debian import needs


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_command_stands_in_it(spoken: str) -> None:
    text = page(spoken).replace("\\-", "-")
    assert not [name for name in cli.commands if f'.SS "otwatch {name} ' not in text]
    assert all(f".SH {heading}\n" in text for heading in (HEADINGS[spoken][0], *HEADINGS[spoken][2:]))


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_troff_takes_it(spoken: str, tmp_path: Path) -> None:
    groff = needs("groff", "groff-base")
    (tmp_path / "otwatch.1").write_text(page(spoken), "utf-8")
    command = (groff, "-K", "utf8", "-T", "utf8", "-man", "-ww", str(tmp_path / "otwatch.1"))
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "otwatch replay" in done.stdout
