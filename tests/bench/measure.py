"""What a command costs, measured from outside: a process of its own, and what the kernel says of it when it ended."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import NamedTuple


class Cost(NamedTuple):
    """CPU time of user and system in seconds, wall time in seconds, largest resident set in MiB, what was said on standard error."""

    cpu_s: float
    wall_s: float
    peak_mib: float
    said: str


class CommandError(Exception):
    """The command measured did not end well."""


def cost(command: Sequence[str]) -> Cost:
    """Run a command to its end; CommandError with its last words where it fails."""
    with TemporaryFile() as errors:
        begin = perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        wall = perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    if child.returncode:
        raise CommandError(f"{' '.join(command)}: exit status {child.returncode}\n{said[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, said)


def otwatch(half: str, path: Path, *options: str) -> Cost:
    """A capture through otwatch: "wire" for its first half, "replay" for the whole command."""
    return cost((sys.executable, "-m", "tests.bench.run", *options, half, str(path)))


def tshark(path: Path) -> Cost:
    """A capture through tshark, one line a packet, no names looked up."""
    return cost(("tshark", "-n", "-r", str(path)))
