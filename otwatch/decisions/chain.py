"""Lines that prove each other: JSON, one object a line, each with the SHA-256 of the line before it and, last, of itself.

    {"line":3,"torn":0,"before":"<of line 2, its end included>", ... what is told ... ,"sum":"<of this line up to here>"}

So no byte can be changed, and no line taken out, put in or moved, without the line itself or a later one telling. What the chain cannot
tell is that its last lines were taken away: whoever wants that proven notes the last sum elsewhere.

A crash may leave a line without its end. It holds nothing; the next line ends it, counts it as `torn`, and its sum `before` covers it
too. Nothing is ever removed, so the file may be made append only (`chattr +a`). Readers take no lock.
"""

import os
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE
from typing import Any, NamedTuple

import msgspec

from otwatch.errors import DecisionError
from otwatch.files import alone, write

LARGEST = 64 << 20
"""Bytes that are read: some 100 000 lines."""
_SEAL = re.compile(rb',"sum":"[0-9a-f]{64}"}\n')
_SEALED = 75
"""Bytes of a seal."""
_END = b"\n"


class Chain(NamedTuple):
    """What was read. `told`: the lines in front of `flaw`, the number of the first line that is not as it was written (0: none is).

    torn   lines at the end that were never finished
    tail   the last whole line and what is torn behind it
    lines  all of them, whole or torn
    """

    told: tuple[Mapping[str, Any], ...]
    flaw: int
    torn: int
    tail: bytes
    lines: int

    @property
    def sum(self) -> str:
        """The SHA-256 that the next line will hold."""
        return sha256(self.tail).hexdigest()


def read(data: bytes) -> Chain:
    """All lines, as far as each follows the one before."""
    told: list[Mapping[str, Any]] = []
    tail, torn, count = b"", 0, 0
    for count, line in enumerate(_lines(data), 1):
        body = _opened(line)
        if body is not None and (body.get("line"), body.get("torn"), body.get("before")) == (count, torn, sha256(tail).hexdigest()):
            told.append(body)
            tail, torn = line, 0
        elif body is None and not _SEAL.fullmatch(line[-_SEALED:]):
            tail, torn = tail + line, torn + 1
        else:
            return Chain(tuple(told), count - torn, 0, tail, count)
    return Chain(tuple(told), 0, torn, tail, count)


def _lines(data: bytes) -> list[bytes]:
    """Every line with its end, which the last one may lack."""
    found = data.split(_END)
    return [line + _END for line in (found if found[-1] else found[:-1])]


def _opened(line: bytes) -> Mapping[str, Any] | None:
    """What a line tells; None where it is not sealed as it was."""
    body = line[:-_SEALED] + b"}"
    if sealed(body) != line:
        return None
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError):
        return None


def sealed(body: bytes) -> bytes:
    """A JSON object as a line with its own sum."""
    return body[:-1] + b',"sum":"' + sha256(body).hexdigest().encode() + b'"}' + _END


def load(path: Path) -> Chain:
    """The chain in a file; an empty one where there is none. DecisionError where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        data = b""
    except OSError as error:
        raise DecisionError("decision.unreadable", path=path, reason=error) from error
    return _bounded(path, data)


def _bounded(path: Path, data: bytes) -> Chain:
    if len(data) > LARGEST:
        raise DecisionError("decision.too_large", path=path, size=LARGEST >> 20)
    return read(data)


def append(path: Path, told: Mapping[str, Any], like: Path) -> int:
    """Write one line more and give its number; it is on the disk when this returns. `like`: the file whose readers may read this one.

    Two writers wait for each other. Nothing is written behind a flaw.
    """
    try:
        with alone(_file(path, like)) as held:
            chain = _bounded(path, os.pread(held, LARGEST + 1, 0))
            if chain.flaw:
                raise DecisionError("decision.flawed", path=path, line=chain.flaw)
            size = os.fstat(held).st_size
            unended = size > 0 and os.pread(held, 1, size - 1) != _END
            line = chain.lines + 1
            body = msgspec.json.encode({"line": line, "torn": chain.torn, "before": chain.sum, **told})
            write(held, _END * unended + sealed(body))
            os.fsync(held)
            return line
    except OSError as error:
        raise DecisionError("decision.unwritable", path=path, reason=error) from error


def _file(path: Path, like: Path) -> int:
    """The file, to append to; made for the readers of `like`."""
    try:
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    except FileNotFoundError:
        return _made(path, like)


def _made(path: Path, like: Path) -> int:
    model = like.stat()
    held = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.fchmod(held, S_IMODE(model.st_mode) & 0o660)
    if os.geteuid() == 0:
        os.fchown(held, model.st_uid, model.st_gid)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return held
