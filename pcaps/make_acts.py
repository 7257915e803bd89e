"""Writes the captures of pcaps/acts: for each act NAME.pcap, which raises its detection, and NAME.quiet.pcap, which must not.

    .venv/bin/python -m pcaps.make_acts

Needs nothing but Python, and gives the same bytes every time.
"""

from collections.abc import Iterator
from pathlib import Path

from pcaps.acts import ACTS
from pcaps.acts.act import Act, Play
from pcaps.acts.frames import Story, pcap

FOLDER = Path(__file__).with_name("acts")
RAISES, QUIET = ".pcap", ".quiet.pcap"


def captures(act: Act) -> Iterator[tuple[Path, bytes]]:
    """The two captures of an act and where they stand."""
    for ending, play in ((RAISES, act.raises), (QUIET, act.quiet)):
        yield FOLDER / f"{act.name}{ending}", played(play)


def played(play: Play) -> bytes:
    story = Story()
    play(story)
    return pcap(story.frames)


def main() -> None:
    made = dict(item for act in ACTS for item in captures(act))
    for left in set(FOLDER.glob("*.pcap")) - made.keys():
        left.unlink()
    for path, data in made.items():
        path.write_bytes(data)
    print(f"{FOLDER}: {len(made)} captures, {sum(map(len, made.values()))} bytes")


if __name__ == "__main__":
    main()
