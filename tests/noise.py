"""`python -m tests.noise [FOLDER]`: what otwatch finds in recordings in which nothing is to be found (docs/noise.md).

Every capture of FOLDER (OTWATCH_CAPTURES, else the shared ones) is replayed by itself, without a site file; attacks, logins made for tests
of passwords, and recordings with labels are left out.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from otwatch.errors import CaptureError
from otwatch.pipeline import replay
from otwatch.results import AlertRow
from tests.sources import ROOT

OTHERS: Final = frozenset({"attack", "auth"})
SUFFIXES: Final = frozenset({".pcap", ".pcapng"})
SEVERITIES: Final = ("info", "low", "medium", "high", "critical")
SERIOUS: Final = SEVERITIES.index("medium")


def ordinary(folder: Path) -> Iterator[Path]:
    """The captures in which nothing is to be found, by name."""
    for path in sorted(folder.rglob("*")):
        is_other = path.relative_to(folder).parts[0] in OTHERS or path.with_suffix(".labels.csv").exists()
        if path.is_file() and path.suffix in SUFFIXES and not is_other:
            yield path


def found(path: Path) -> tuple[AlertRow, ...]:
    """Its findings; none where nothing can be read."""
    try:
        return replay([str(path)]).alerts
    except CaptureError:
        return ()


def main(folder: Path) -> None:
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    places: defaultdict[str, set[Path]] = defaultdict(set)
    captures = list(ordinary(folder))
    for path in captures:
        for row in found(path):
            counts[row.detection][row.severity] += 1
            places[row.detection].add(path)
            if row.severity >= SERIOUS:
                print(f"{SEVERITIES[row.severity]:9}{path.relative_to(folder)} {row.frames[0].number}: {row.sentence['en']}")
    print(f"\n{len(captures)} captures; finding, number, captures, {', '.join(SEVERITIES)}")
    for name, by in sorted(counts.items(), key=lambda item: (-item[1].total(), item[0])):
        print(f"{name:36}{by.total():4}{len(places[name]):4}   {' '.join(f'{by[level]:3}' for level in range(len(SEVERITIES)))}")


if __name__ == "__main__":
    default = os.environ.get("OTWATCH_CAPTURES", str(ROOT.parent / "shared" / "captures"))
    main(Path(sys.argv[1] if len(sys.argv) > 1 else default))
