"""What was measured, as tables for people and as rows of history.csv for comparisons."""

import csv
import json
import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tests.bench.measure import Cost

HISTORY = Path(__file__).parent / "history.csv"
COLUMNS = ("date", "commit", "machine", "python", "half", "workload", "packets", "cpu_s", "wall_s", "peak_mib", "tshark_cpu_us")
TOP = 12
"""Functions shown of a profile."""


class Run(NamedTuple):
    """A workload measured; tshark_us: CPU microseconds a packet that tshark needs, None where that was not measured."""

    half: str
    workload: str
    packets: int
    cost: Cost
    tshark_us: float | None = None

    @property
    def us(self) -> float:
        """CPU microseconds a packet."""
        return self.cost.cpu_s / self.packets * 1e6


HEAD = f"{'workload':<40}{'packets':>9}{'k packets/s':>13}{'us/packet':>11}{'wall s':>8}{'peak MiB':>10}{'tshark us':>11}{'ratio':>7}"


def line(run: Run) -> str:
    """A row under HEAD; per second and per packet mean CPU time."""
    ours = f"{run.workload:<40}{run.packets:>9}{1000 / run.us:>13.0f}{run.us:>11.2f}{run.cost.wall_s:>8.2f}{run.cost.peak_mib:>10.0f}"
    return ours if run.tshark_us is None else f"{ours}{run.tshark_us:>11.2f}{run.tshark_us / run.us:>7.1f}"


def profile(run: Run) -> str:
    """Where the time of a run went: by stage, and the functions of ours in which it was found most often."""
    samples: dict[str, dict[str, int]] = json.loads(run.cost.said.splitlines()[-1])
    total = sum(samples["stages"].values())
    rows = [f"{run.workload}, {run.half}: {run.cost.cpu_s:.2f} s of CPU, {run.us:.2f} us a packet"]
    for counts in (samples["stages"], dict(list(samples["functions"].items())[:TOP])):
        rows += [f"  {name:<56}{times / total:>6.1%}{times / total * run.us:>8.2f} us" for name, times in counts.items()]
        rows.append("")
    return "\n".join(rows)


def remember(runs: Iterable[Run]) -> None:
    """Append runs to history.csv."""
    now, fixed = datetime.now(UTC).isoformat(timespec="seconds"), (_commit(), _machine(), platform.python_version())
    fresh = not HISTORY.exists()
    with HISTORY.open("a", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        if fresh:
            rows.writerow(COLUMNS)
        for run in runs:
            cost, theirs = run.cost, "" if run.tshark_us is None else f"{run.tshark_us:.2f}"
            numbers = (f"{cost.cpu_s:.2f}", f"{cost.wall_s:.2f}", f"{cost.peak_mib:.0f}", theirs)
            rows.writerow((now, *fixed, run.half, run.workload, run.packets, *numbers))


def _commit() -> str:
    """Short name of the commit, with "+" where files differ from it."""
    asked = ("git", "describe", "--always", "--dirty=+", "--exclude=*")
    said = subprocess.run(asked, cwd=HISTORY.parent, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def _machine() -> str:
    """Kind and number of processors."""
    described = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    models = [row.partition(":")[2].strip() for row in described.splitlines() if row.startswith("model name")]
    return f"{models[0] if models else platform.machine()} x {os.cpu_count()}"
