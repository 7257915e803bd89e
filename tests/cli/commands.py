"""Two ways to give a command: inside this process, and in one of its own."""

import os
import subprocess
import sys

from click.testing import CliRunner, Result

from otwatch.cli import cli
from tests.conftest import ROOT

HOSPITAL_PCAP = str(ROOT / "pcaps" / "hospital.pcapng")
SITE = str(ROOT / "configs" / "site.yaml")


def told(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False, standalone_mode=False)


def otwatch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "otwatch", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, cwd=ROOT, check=False, timeout=120)
