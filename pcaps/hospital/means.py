"""What a recording needs of this computer: root, Debian's programs, and Python programs in environments of their own."""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path


def check_means(command: str, programs: Mapping[str, str]) -> None:
    """Ends with a message where a program (of the Debian package beside it) is missing, or the right to make namespaces."""
    missing = sorted({package for program, package in programs.items() if shutil.which(program) is None})
    if missing:
        sys.exit(f"{command}: programs are missing; install them with: apt-get install --no-install-recommends {' '.join(missing)}")
    if os.geteuid() != 0:
        sys.exit(f"{command}: network namespaces need root; run it with sudo")


def install(environment: Path, needs: Iterable[str]) -> None:
    """These packages in an environment of their own, kept for the next run."""
    done = environment / "installed"
    wanted = "\n".join(needs)
    if not done.exists() or done.read_text() != wanted:
        venv.create(environment, with_pip=True)
        subprocess.run((f"{environment}/bin/python", "-m", "pip", "install", "-q", *needs), check=True)
        done.write_text(wanted)
