"""Heads in the manner of HTTP: a start line, fields, a blank line (RFC 5322 in spirit): SSDP, SIP, RTSP.

Read forgivingly: bare LF, fields without a colon passed over, folded lines joined.
"""

from re import compile as pattern
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, clean

LIMIT = 16 * 1024
"""Bytes of a head."""
FIELDS = 128
"""Fields of a head; what is behind them is passed over."""
_BLANK = pattern(rb"\n\r?\n")


class Head(NamedTuple):
    """`fields`: values by lower-case name, the first of repeated ones."""

    start: bytes
    fields: dict[str, bytes]

    def text(self, name: str) -> str:
        """A field, safe to print."""
        return shown(self.fields.get(name, b""))

    def facts(self, table: dict[str, str]) -> Details:
        """The fields that a table leads to facts, by its order."""
        return tuple((fact, text) for name, fact in table.items() if (text := self.text(name)))


def shown(raw: bytes) -> str:
    """Text of a peer that does not say its encoding: UTF-8, else Latin-1."""
    try:
        return clean(raw.strip().decode())
    except UnicodeDecodeError:
        return clean(raw.strip().decode("latin-1"))


def cut_head(read: Reader) -> Reader | None:
    """A head with its blank line, or blank lines before one; None while its end is missing."""
    ahead = read.peek(LIMIT)
    blank = len(ahead) - len(ahead.lstrip(b"\r\n"))
    if blank:
        return read.part(blank)
    end = _BLANK.search(ahead)
    if end is not None:
        return read.part(end.end())
    if len(ahead) == LIMIT:
        raise Malformed(f"head longer than {LIMIT} bytes", read.at)
    return None


def read_head(read: Reader) -> Head:
    """The head that begins here: up to its blank line, or to the end where there is none."""
    start = _line(read)
    fields: dict[str, bytes] = {}
    name = ""
    while read.left and (line := _line(read)):
        if line[:1] in b" \t" and name in fields:
            fields[name] += b" " + line.strip()
            continue
        raw, colon, value = line.partition(b":")
        name = raw.strip().decode("latin-1").lower()
        if colon and len(fields) < FIELDS:
            fields.setdefault(name, value.strip())
    return Head(start, fields)


def _line(read: Reader) -> bytes:
    line = read.line(LIMIT)
    return line if line is not None else read.rest()
