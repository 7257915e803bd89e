"""A sensor that is killed at random moments of a replay over a cable, and begins again each time.

    python -m tests.live.kills [--times 50] [--rate 20000] [--capture FILE]

Each time the record must open, be whole, and hold all that it held; exit status 1 where that is not so, or where more than MOST_S is
missing. How much that was is printed: on a busy machine, the others are in it.
"""

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from otwatch.record.claims import is_kept
from otwatch.results import Results
from tests.live.cables import read
from tests.live.stage import HOSPITAL, SOURCE, Stage, end, missing, stage, until

MOST_S = 1.0
SOONEST_S, LATEST_S = 0.5, 4.0


class Killed(NamedTuple):
    """`after_s`: how long the sensor had listened; `lost_s`: packet time between the last frame in the record and the kill."""

    after_s: float
    lost_s: float
    write_s: float
    frames: int

    @property
    def is_late(self) -> bool:
        return self.lost_s > MOST_S


def kills(made: Stage, record: Path, times: int, rate: int, capture: Path) -> Iterator[Killed]:
    """Kill so many sensors, one after the other; AssertionError where a record is not what it must be."""
    command = (sys.executable, "-m", "tests.live.sending", SOURCE, str(capture), "--rate", str(rate), "--times", "1000000")
    sending = made.start(*command, stdout=subprocess.DEVNULL)
    before: Results | None = None
    done = 0
    while done < times:
        sensor, began_ns = made.sense(record), time.time_ns()
        time.sleep(random.uniform(SOONEST_S, LATEST_S))
        sensor.kill()
        killed_ns = time.time_ns()
        end(sensor)
        found = survived(record, before)
        if not found.captures:  # killed before anything was written
            continue
        lost_ns = killed_ns - max(found.captures[0].last_ns, began_ns)
        yield Killed((killed_ns - began_ns) / 1e9, lost_ns / 1e9, found.notes["now: write ms"] / 1000, found.captures[0].frames)
        before, done = found, done + 1
    end(sending)


def survived(record: Path, before: Results | None) -> Results:
    """What is in the record: whole, in agreement with itself, and no less than before."""
    assert until(lambda: not is_kept(record)), "a copy of the sensor still writes"
    with closing(sqlite3.connect(record)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = read(record)
    frames = sum(row.frames for row in found.captures)
    assert frames == sum(row.packets for row in found.protocols)
    if before is None:
        return found
    assert frames >= sum(row.frames for row in before.captures)
    faces = {row.key for row in found.faces}  # a slot of a rack is an asset of its own until its serial number is that of the address
    firsts = {(row.key, row.first_ns) for row in before.assets if row.key not in faces}
    assert firsts <= {(row.key, row.first_ns) for row in found.assets}
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument("--capture", type=Path, default=HOSPITAL)
    chosen = parser.parse_args()
    if reason := missing():
        raise SystemExit(reason)
    late = 0
    with tempfile.TemporaryDirectory() as folder, stage(60 + 20 * chosen.times) as made:
        for one in kills(made, Path(folder, "killed.db"), chosen.times, chosen.rate, chosen.capture.resolve()):
            late += one.is_late
            print(f"{one.after_s:.2f} s: {one.lost_s:.2f} s lost, {one.frames:,} frames, a write takes {one.write_s:.1f} s", flush=True)
    print(f"{chosen.times} kills, every record whole; {late} lost more than a second")
    raise SystemExit(int(late > 0))


if __name__ == "__main__":
    main()
