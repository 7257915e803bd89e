"""A healthy week of a hospital's technical network: nothing in it is wrong, so nothing may be raised.

    python -m pcaps.healthy_week FILE.pcap [WEEKS]      for `otwatch replay FILE.pcap --site configs/site.yaml`

What was said was recorded between real stacks (pcaps/make_week.py); pcaps/week/timetable.py says when it is done. The same bytes
every time.
"""

import sys
from pathlib import Path

from pcaps.week.telling import pcap
from pcaps.week.timetable import Life, frames


def main(path: Path, weeks: int = 1) -> None:
    told = frames(Life(), range(weeks))
    path.write_bytes(pcap(told))
    print(f"{path}: {len(told)} frames")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
