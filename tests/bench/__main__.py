"""Measures otwatch: packets a second of CPU time, memory, and how that compares to tshark on the same packets.

Every capture is replayed in a process of its own. Workloads are made once and kept in the temporary folder. Results are
appended to tests/bench/history.csv. tshark reads the first 100 000 packets of each workload.
What otwatch and tshark need to start is not counted in the columns per packet.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from otwatch.capture import open_captures
from tests.bench import measure, report
from tests.bench.report import Run
from tests.bench.traffic.frames import write_pcap
from tests.bench.workloads import HOSTILE, ORDINARY, workload

CUT = 100_000
"""Packets of a workload that tshark reads."""
TURNS = 5
"""Times that one job and two are measured, by turns."""
LARGEST = 3
"""Real captures measured: so many of the largest."""
FOLDER = Path(tempfile.gettempdir()) / "otwatch-bench"
EMPTY = FOLDER / "empty.pcap"
"""A capture without packets: what it costs is the start of a program."""


def main() -> None:
    """What was asked for, measured and printed row by row."""
    options = _options()
    FOLDER.mkdir(exist_ok=True)
    write_pcap(EMPTY, ())
    print(report.HEAD)
    runs: list[Run] = []
    for run in _measured(options):
        print(report.line(run), flush=True)
        runs.append(run)
    report.remember(runs)
    if options.half == "replay" and not options.hostile:
        _share(options)
    for kind in options.workloads if options.profile else ():
        path = workload(kind, options.packets, FOLDER)
        print("\n" + report.profile(Run(options.half, kind, options.packets, measure.otwatch(options.half, path, "--stages"), 0)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(ORDINARY | HOSTILE)}; default: the first four")
    parser.add_argument("--hostile", action="store_true", help="all that an attacker would send, in place of the ordinary workloads")
    parser.add_argument("--packets", type=int, help="packets of a workload (default: 1 000 000, hostile 300 000)")
    parser.add_argument("--half", choices=("replay", "wire"), default="replay", help="the whole command, or what stands before the waist")
    parser.add_argument("--profile", action="store_true", help="then tell where the time goes, stage by stage")
    options = parser.parse_args()
    unknown = set(options.workloads) - set(ORDINARY | HOSTILE)
    if unknown:
        parser.error(f"no such workload: {', '.join(sorted(unknown))}")
    options.real = not options.workloads and not options.hostile
    options.workloads = options.workloads or list(HOSTILE if options.hostile else ORDINARY)
    options.packets = options.packets or (300_000 if options.hostile else 1_000_000)
    return options


def _measured(options: argparse.Namespace) -> Iterator[Run]:
    half, start_s = options.half, measure.otwatch(options.half, EMPTY).cpu_s
    for kind in options.workloads:
        path = workload(kind, options.packets, FOLDER)
        run = Run(half, kind, options.packets, measure.otwatch(half, path), start_s)
        yield run._replace(tshark_us=_tshark_us(workload(kind, CUT, FOLDER), CUT)) if kind in ORDINARY else run
    for path in _real() if options.real else ():
        packets = _packets(path)
        yield Run(half, path.name, packets, measure.otwatch(half, path), start_s, _tshark_us(path, packets))


def _share(options: argparse.Namespace) -> None:
    """One job against two, in turns, so that what else the machine does falls on both; then a folder of real captures."""
    print("\n" + report.SHARED_HEAD)
    paths = [workload(kind, options.packets, FOLDER) for kind in options.workloads]
    for path in (*paths, *(_folders() if options.real else ())):
        turns = [(measure.otwatch("replay", path), measure.otwatch("jobs", path)) for _ in range(TURNS)]
        print(report.shared(path.name, turns), flush=True)


def _tshark_us(path: Path, packets: int) -> float | None:
    if shutil.which("tshark") is None:
        return None
    return report.per_packet_us(measure.tshark(path).cpu_s, measure.tshark(EMPTY).cpu_s, packets)


def _folders() -> list[Path]:
    """The folder of captures that OTWATCH_CAPTURES names, as for the tests, if it is there."""
    folder = Path(os.environ.get("OTWATCH_CAPTURES", Path(__file__).parents[3] / "shared" / "captures"))
    return [folder] if folder.is_dir() else []


def _real() -> list[Path]:
    """The largest of the captures in that folder."""
    captures = (path for folder in _folders() for path in folder.rglob("*") if path.suffix in {".pcap", ".pcapng", ".cap"})
    return sorted(captures, key=lambda path: path.stat().st_size, reverse=True)[:LARGEST]


def _packets(path: Path) -> int:
    return sum(len(frames.start) for source in open_captures([path]) for frames in source.read())


if __name__ == "__main__":
    main()
