"""Programs of Debian that some tests need: where one is absent its test is skipped, or fails where all are required (as .ci/run does)."""

import os
import shutil
from typing import NoReturn

import pytest

REQUIRED = "OTWATCH_REQUIRE_DEBIAN"
"""Set to 1: a test whose program is absent fails."""
FOLDERS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


def needs(program: str, package: str) -> str:
    """The path of a program, for a test or a fixture to call; `package` is the Debian package that brings it."""
    found = shutil.which(program, path=FOLDERS)
    if found is None:
        absent(f"{program} is not installed (Debian package {package})")
    return found


def absent(reason: str) -> NoReturn:
    """Skip for a reason that a Debian machine with root would not give; fail where such a machine is required."""
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(reason)
    pytest.skip(reason)
