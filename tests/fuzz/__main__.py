"""Fuzzes every target for its share of the time, two at once, and tells how often each ran. Fails where anything was found.

Inputs that reached new code are kept in the temporary folder and are the seeds of the next run.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.seeds import sow
from tests.fuzz.targets import TARGETS

FOLDER = Path(tempfile.gettempdir()) / "otwatch-fuzz"
"""Seeds, inputs that were kept, findings, and what each target printed last."""
MEMORY = Path("/dev/shm")
"""Where targets that read files write one for every input, where there is such a place."""
AT_ONCE = 2
TIMEOUT_S = 20
"""An input of any target that takes longer is a finding."""
MEMORY_MB = 2048

_DONE = re.compile(rb"stat::number_of_executed_units:\s*(\d+)")
_FOUND = re.compile(rb"Test unit written to (\S+)")
_PACE = re.compile(rb"^#(\d+)\s", re.MULTILINE)


class Run(NamedTuple):
    """`found` is the file of an input that broke a promise; `failed` that there is none although the target ended badly."""

    target: str
    executions: int
    inputs: int
    found: str
    failed: bool


def main() -> int:
    """Fuzz, print a line for each target as it ends, then the sum."""
    options = _options()
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    if options.sow or not all((FOLDER / "seeds" / name).is_dir() for name in TARGETS):
        sow(FOLDER / "seeds")
    seconds = max(1, options.seconds * AT_ONCE // len(options.targets))
    print(f"{'target':<16} {'executions':>12} {'a second':>9} {'inputs':>7}  {seconds} s each, {AT_ONCE} at once", flush=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = [_told(run, seconds) for run in pool.map(lambda name: _fuzz(name, seconds), options.targets)]
    total = sum(run.executions for run in runs)
    findings = [run for run in runs if run.found or run.failed]
    print(f"{'total':<16} {total:>12,} {'':>9} {'':>7}  {len(findings) or 'nothing'} found")
    return 1 if findings else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; default: all")
    parser.add_argument("--seconds", type=int, default=120, help="for all targets together (default: 120)")
    parser.add_argument("--sow", action="store_true", help="make the seeds anew from the captures that OTWATCH_CAPTURES names")
    options = parser.parse_args()
    if unknown := set(options.targets) - TARGETS.keys():
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    options.targets = options.targets or list(TARGETS)
    return options


def _fuzz(name: str, seconds: int) -> Run:
    kept, found = FOLDER / "kept" / name, FOLDER / "found" / name
    for place in (kept, found):
        place.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-timeout={TIMEOUT_S}", f"-rss_limit_mb={MEMORY_MB}"]
    where = [f"-artifact_prefix={found}/", str(kept), str(FOLDER / "seeds" / name)]
    command = [sys.executable, "-m", "tests.fuzz.run", name, *limits, "-print_final_stats=1", *where]
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as files:
        done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "TMPDIR": files})
    (FOLDER / f"{name}.log").write_bytes(done.stdout + done.stderr)
    told = done.stdout + done.stderr
    counted = _last(_DONE.findall(told)) or _last(_PACE.findall(told)) or b"0"
    file = (_last(_FOUND.findall(told)) or b"").decode()
    return Run(name, int(counted), sum(1 for _ in kept.iterdir()), file, done.returncode != 0)


def _last(found: Iterable[bytes]) -> bytes | None:
    return next(reversed(list(found)), None)


def _told(run: Run, seconds: int) -> Run:
    print(f"{run.target:<16} {run.executions:>12,} {run.executions // seconds:>9,} {run.inputs:>7}", flush=True)
    if run.found:
        print(f"  FOUND {run.found}\n  again: {sys.executable} -m tests.fuzz.run {run.target} --plain {run.found}")
    elif run.failed:
        print(f"  ENDED BADLY: {FOLDER / run.target}.log")
    return run


if __name__ == "__main__":
    sys.exit(main())
