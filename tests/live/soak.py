"""A long run on a cable of its own: captures in a loop, memory watched.

    python -m tests.live.soak [--minutes 60] [--rate 20000] [--capture FILE] [--idle]

Prints a line every minute (twelve where it is shorter): packets, how many were dropped until then, resident memory of the sensor in MB
without and with its ring, its CPU share, and how many processes wanted a core meanwhile: where those are more than there are cores, it
measures the others. Exit status 1 where frames were dropped or sent, or where memory grew by more than GROWTH_MB after the first third.
`--idle` sends nothing: what the sensor costs when nothing happens.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from otwatch.record import Record
from tests.live.cables import read
from tests.live.stage import MIRROR, ROOT, SOURCE, Stage, missing, stage

GROWTH_MB = 16
EVERY_S, LEAST_LINES = 60.0, 12
_TICK = os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> tuple[int, int]:
    """Anonymous and all resident memory (proc(5): RssAnon, VmRSS)."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return int(lines["RssAnon"].split()[0]) >> 10, int(lines["VmRSS"].split()[0]) >> 10


def cpu_s(pid: int) -> float:
    """User and system time of the process, and of its copies that have ended (proc(5): fields 14 to 17)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICK


def dropped(record: Path) -> int:
    with Record.open(record) as found:
        return found.notes().get(f"{MIRROR}: dropped", 0)


def watch(sensor: "subprocess.Popen[str]", made: Stage, record: Path, lasts_s: float) -> list[int]:
    """Anonymous memory, line by line."""
    seen: list[int] = []
    every_s, end_s = min(EVERY_S, lasts_s / LEAST_LINES), time.monotonic() + lasts_s
    before = cpu_s(sensor.pid)
    while time.monotonic() < end_s:
        time.sleep(every_s)
        own, whole = memory_mb(sensor.pid)
        now = cpu_s(sensor.pid)
        share, load = 100 * (now - before) / every_s, os.getloadavg()[0]
        packets, lost = made.counter(MIRROR, "rx_packets"), dropped(record)
        print(f"{packets:>12,} packets  {lost:>8,} dropped", end="  ")
        print(f"{own:4} MB  {whole:4} MB with ring  {share:5.1f} % of a core  load {load:4.1f}", flush=True)
        seen.append(own)
        before = now
    return seen


def soak(minutes: float, rate: int, capture: Path, idle: bool) -> int:
    with tempfile.TemporaryDirectory() as folder, stage(minutes * 60 + 120) as made:
        record = Path(folder) / "soak.db"
        sensor = made.sense(record)
        if not idle:
            times = str(10_000_000)
            made.start(sys.executable, "-m", "tests.live.sending", SOURCE, str(capture), "--rate", str(rate), "--times", times)
        seen = watch(sensor, made, record, minutes * 60)
        made.end_others(sensor)
        sensor.send_signal(signal.SIGTERM)
        sensor.communicate(timeout=120)
        found, lost, sent = read(record), dropped(record), made.counter(MIRROR, "tx_packets")
    third = seen[len(seen) // 3]
    print(f"dropped {lost:,}, sent {sent}, memory {third} MB after a third, {seen[-1]} MB at the end; {len(found.alerts)} findings")
    return int(bool(lost or sent or sensor.returncode) or seen[-1] - third > GROWTH_MB)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument("--capture", type=Path, default=ROOT / "pcaps" / "hospital.pcapng")
    parser.add_argument("--idle", action="store_true")
    chosen = parser.parse_args()
    if reason := missing():
        raise SystemExit(reason)
    raise SystemExit(soak(min(chosen.minutes, 24 * 60), chosen.rate, chosen.capture.resolve(), chosen.idle))


if __name__ == "__main__":
    main()
