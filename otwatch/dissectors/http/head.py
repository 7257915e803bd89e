"""The head of an HTTP/1 message: start line and fields (RFC 9112 sections 2 to 5).

Read forgivingly, because embedded servers take liberties: bare LF, no reason, blanks around the target. What cannot be
forgiven is remembered in `Head.flaw`, so that the rest of the head is still said before the flaw is.
"""

from re import compile as pattern
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed

LIMIT = 16 * 1024
"""Bytes of a head; common servers refuse more than 8 KiB (Apache, nginx) or 16 KiB (IIS)."""

_TOKEN = pattern(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}")  # RFC 9110 section 5.6.2, with a bound of ours
_VERSION = pattern(rb"HTTP/1\.\d")  # RFC 9112 section 2.3
_MAYBE = pattern(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}( .*)?|HTTP/1?\.?\d?( .*)?")


class Start(NamedTuple):
    """The start line: a request has a method and a target, an answer a status and perhaps a reason."""

    method: str = ""
    target: bytes = b""
    status: int = 0
    reason: bytes = b""


class Head(NamedTuple):
    """`fields`: values by lower-case name, repeated ones joined by ", " (RFC 9110 section 5.3). `flaw`: "" or what is wrong."""

    start: Start
    fields: dict[str, bytes]
    flaw: str = ""

    def field(self, name: str) -> bytes:
        return self.fields.get(name, b"")

    def words(self, name: str) -> list[bytes]:
        """A list field, in lower case."""
        return [word.strip().lower() for word in self.field(name).split(b",") if word.strip()]


def cut(read: Reader) -> Reader | None:
    """The next head with its blank line; empty lines before a head are a message of their own (RFC 9112 section 2.2)."""
    ahead = read.peek(LIMIT)
    blank = len(ahead) - len(ahead.lstrip(b"\r\n"))
    if blank:
        return read.part(blank)
    if not _promising(ahead):
        raise Malformed("neither a request nor an answer", read.at)
    stops = [at + len(blank_line) for blank_line in (b"\n\r\n", b"\n\n") if (at := ahead.find(blank_line)) >= 0]
    if stops:
        return read.part(min(stops))
    if len(ahead) == LIMIT:
        raise Malformed(f"head longer than {LIMIT} bytes", read.at)
    return None


def _promising(ahead: bytes) -> bool:
    line, ended, _ = ahead.partition(b"\n")
    return start_line(line) is not None if ended else _MAYBE.fullmatch(line) is not None


def start_line(line: bytes) -> Start | None:
    """The start line of a head, without its line end; None for anything else."""
    first, _, rest = line.rstrip(b"\r").partition(b" ")
    if _VERSION.fullmatch(first):
        status, _, reason = rest.strip().partition(b" ")
        return Start(status=int(status), reason=reason) if len(status) == 3 and status.isdigit() else None
    target, _, version = rest.rstrip().rpartition(b" ")
    if version.startswith(b"HTTP/1.") and target.strip() and _TOKEN.fullmatch(first):
        return Start(first.decode("ascii"), target.strip())
    return None


def read_head(read: Reader) -> Head:
    """All of a head that was cut; Malformed where its first line is none."""
    at = read.at
    start = start_line(read.line(LIMIT) or b"")
    if start is None:
        raise Malformed("neither a request nor an answer", at)
    fields: dict[str, bytes] = {}
    name, flaw = "", ""
    while line := read.line(LIMIT):
        if line[:1] in b" \t" and name:  # a folded line goes on with the field before (RFC 9112 section 5.2)
            fields[name] += b" " + line.strip()
            continue
        raw, colon, value = line.partition(b":")
        if not colon:
            flaw = "header line without a colon"
            continue
        name = raw.strip().decode("latin-1").lower()
        fields[name] = fields[name] + b", " + value.strip() if name in fields else value.strip()
    return Head(start, fields, flaw)
