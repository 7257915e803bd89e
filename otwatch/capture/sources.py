"""What the operator names (files, folders, "-") -> the captures behind it, in the order in which they are to be read.

Several captures are one stream, so they come by the time of their first frame; what can be read only once comes last, as nobody
knows its time. In a folder the first bytes decide, not the names; but what is named like a capture and cannot be read is never
passed over in silence: it comes as a Source with `refused`.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from otwatch.capture.reading import Reading, Source
from otwatch.errors import CaptureError
from otwatch.words import phrase

STDIN = "-"
SUFFIXES = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".cap.gz")
_GLANCE = 64 << 10
"""Bytes read at once in search of the first frame."""


def open_captures(sources: Iterable[str | Path]) -> list[Source]:
    """The captures behind what is named, each once, by the time of their first frame.

    CaptureError where something does not exist, cannot be opened or is no capture, and for a folder without captures.
    """
    found = {_identity(source): source for named in sources for source in _named(named)}
    return sorted(found.values(), key=_place)


def _identity(source: Source) -> object:
    return source.path.resolve() if source.path else STDIN


def _place(source: Source) -> tuple[bool, bool, int, str]:
    return source.size is None, source.first_ns is None, source.first_ns or 0, source.name


def _named(named: str | Path) -> Iterator[Source]:
    path = Path(named)
    if str(named) == STDIN:
        yield Source("stdin", None)
        return
    mode = _stat(path).st_mode
    if S_ISDIR(mode):
        yield from _in_folder(path)
    elif S_ISREG(mode):
        yield _glance(path)
    else:
        yield Source(_printable(path), path)


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise CaptureError("capture.missing", path=_printable(path), reason=error, stdin=STDIN) from error


def _in_folder(folder: Path) -> Iterator[Source]:
    captures = [source for path in _files(folder) for source in _perhaps(path)]
    if not captures:
        raise CaptureError("capture.none_in_folder", path=_printable(folder))
    yield from captures


def _files(folder: Path) -> Iterator[Path]:
    """Regular files in a folder and the folders inside; CaptureError where one of them cannot be looked into."""
    for place, folders, names in os.walk(folder, onerror=_no_entry):
        folders.sort()
        yield from (path for name in sorted(names) if (path := Path(place, name)).is_file())


def _no_entry(error: OSError) -> None:
    raise CaptureError("capture.refused", path=_printable(Path(error.filename)), why=phrase("broken.unopened", reason=error)) from error


def _perhaps(path: Path) -> Iterator[Source]:
    """The capture in a file of a folder, if it is one or is named like one."""
    try:
        yield _glance(path)
    except CaptureError as error:
        if path.name.lower().endswith(SUFFIXES):
            reason = str(error).removeprefix(f"{_printable(path)}: ")
            yield Source(_printable(path), path, 0, refused=reason)


def _glance(path: Path) -> Source:
    """The capture in a regular file, read as far as its first frame."""
    source = Source(_printable(path), path, _stat(path).st_size)
    first = next(iter(Reading(source, most=1, piece=_GLANCE)), None)
    return source if first is None else source._replace(first_ns=int(first.time_ns[0]))


def _printable(path: Path) -> str:
    """A path as people may see it: control, bidi and undecodable characters made visible."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in str(path))
