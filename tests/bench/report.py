"""What was measured, as tables for people and as rows of history.csv for comparisons."""

import csv
import json
import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench.measure import Cost

HISTORY = Path(__file__).parent / "history.csv"
COLUMNS = ("date", "commit", "machine", "python", "half", "workload", "packets", "cpu_s", "start_s", "wall_s", "peak_mib", "tshark_cpu_us")
TOP = 12
"""Functions shown of a profile."""


class Run(NamedTuple):
    """A workload measured; `start_s` of its CPU time goes before the first packet, as much as for a capture without any.

    tshark_us: CPU microseconds a packet that tshark needs, also without its start; None where that was not measured.
    """

    half: str
    workload: str
    packets: int
    cost: Cost
    start_s: float
    tshark_us: float | None = None

    @property
    def us(self) -> float | None:
        """CPU microseconds a packet, without the start."""
        return per_packet_us(self.cost.cpu_s, self.start_s, self.packets)


def per_packet_us(cpu_s: float, start_s: float, packets: int) -> float | None:
    """CPU microseconds a packet beyond the start; None where the start is most of it, and the rest no more than chance."""
    return (cpu_s - start_s) / packets * 1e6 if cpu_s >= 2 * start_s else None


HEAD = f"{'workload':<40}{'packets':>9}{'k packets/s':>13}{'us/packet':>11}{'wall s':>8}{'peak MiB':>10}{'tshark us':>11}{'ratio':>7}"
"""Packets a second of CPU time count everything; the columns per packet leave out the start."""


def line(run: Run) -> str:
    """A row under HEAD."""
    per_second = run.packets / run.cost.cpu_s / 1000
    ratio = run.tshark_us / run.us if run.tshark_us and run.us else None
    ours = f"{run.workload:<40}{run.packets:>9}{per_second:>13.0f}{_shown(run.us, 2):>11}{run.cost.wall_s:>8.2f}{run.cost.peak_mib:>10.0f}"
    return f"{ours}{_shown(run.tshark_us, 2):>11}{_shown(ratio, 1):>7}"


SHARED_HEAD = f"{'one job against two, medians':<40}{'wall 1 s':>9}{'wall 2 s':>9}{'times':>7}{'CPU 1 s':>9}{'CPU 2 s':>9}{'load':>6}"


def shared(name: str, turns: list[tuple[Cost, Cost]]) -> str:
    """A row under SHARED_HEAD; `times` is how much sooner two jobs are done, `load` how many processes wanted to run meanwhile."""
    one, two = zip(*turns, strict=True)
    walls, cpus = ([median(getattr(cost, field) for cost in costs) for costs in (one, two)] for field in ("wall_s", "cpu_s"))
    numbers = f"{walls[0]:>9.2f}{walls[1]:>9.2f}{walls[0] / walls[1]:>7.2f}{cpus[0]:>9.2f}{cpus[1]:>9.2f}"
    return f"{name:<40}{numbers}{os.getloadavg()[0]:>6.1f}"


def _shown(number: float | None, digits: int) -> str:
    return "-" if number is None else f"{number:.{digits}f}"


def profile(run: Run) -> str:
    """Where the time of a run went: by stage, and the functions of ours in which it was found most often."""
    samples: dict[str, dict[str, int]] = json.loads(run.cost.said.splitlines()[-1])
    total = sum(samples["stages"].values())
    whole_us = run.cost.cpu_s / run.packets * 1e6
    rows = [f"{run.workload}, {run.half}: {run.cost.cpu_s:.2f} s of CPU, {whole_us:.2f} us a packet with the start"]
    for counts in (samples["stages"], dict(list(samples["functions"].items())[:TOP])):
        rows += [f"  {name:<56}{times / total:>6.1%}{times / total * whole_us:>8.2f} us" for name, times in counts.items()]
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
            numbers = (f"{cost.cpu_s:.2f}", f"{run.start_s:.2f}", f"{cost.wall_s:.2f}", f"{cost.peak_mib:.0f}", theirs)
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
