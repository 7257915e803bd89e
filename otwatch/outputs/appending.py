"""Lines at the end of a file that others rotate and ship: each line once, and once more where it became more serious; never half of one.

What was written is remembered beside the file (`FILE.known`), not in it: a file that logrotate took away is not told again. A crash
between the two tells the lines of that moment once more, with the same ids: a line is never lost.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from otwatch.errors import OtwatchError
from otwatch.files import alone, write
from otwatch.outputs.eve import Line

_LEVEL = "^"
"""Stands between an id and how serious it was."""
REMEMBERED = 500_000
"""Ids that are remembered, the last ones: more than a sensor keeps of assets, links and findings together."""


def append(path: Path, lines: Sequence[Line]) -> int:
    """Append those lines that were never appended; how many. Two writers wait for each other."""
    memory = path.with_name(f"{path.name}.known")
    try:
        with alone(_opened(memory)) as known_file:
            known = os.pread(known_file, os.fstat(known_file).st_size, 0).decode("ascii", "replace").split()
            told = _told(known)
            new = [line for line in lines if told.get(line.id, -1) < line.level]
            if new:
                _write(path, "".join(f"{line.text}\n" for line in new).encode())
                _remember(known_file, known, [f"{line.id}{_LEVEL}{line.level}" for line in new])
            return len(new)
    except OSError as error:
        raise OtwatchError("eve.unwritable", path=path, reason=error) from error


def _told(known: Sequence[str]) -> dict[str, int]:
    """How serious each id was when it was last told; without a level (of an older otwatch, or cut by a crash) it is not told again."""
    told: dict[str, int] = {}
    for one in known:
        name, _, level = one.partition(_LEVEL)
        told[name] = max(told.get(name, -1), int(level) if level.isdecimal() else sys.maxsize)
    return told


def _opened(memory: Path) -> int:
    """The file of ids, made where it is missing."""
    memory.parent.mkdir(parents=True, exist_ok=True)
    return os.open(memory, os.O_RDWR | os.O_CREAT, 0o600)


def _write(path: Path, data: bytes) -> None:
    """The name is looked up anew each time, so that a rotated file is left alone. A line that a crash cut is ended first."""
    out = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        size = os.fstat(out).st_size
        if size and os.pread(out, 1, size - 1) != b"\n":
            data = b"\n" + data
        write(out, data)
        os.fsync(out)
    finally:
        os.close(out)


def _remember(held: int, known: Sequence[str], new: Sequence[str]) -> None:
    """New ids go to the end, behind an id that a crash cut; when there are too many, the older half goes."""
    if len(known) + len(new) > REMEMBERED:
        new = [*known, *new][-max(REMEMBERED // 2, len(new)) :]
        os.ftruncate(held, 0)
    os.lseek(held, 0, os.SEEK_END)
    write(held, "".join(f"\n{one}" for one in new).encode())
    os.fsync(held)
