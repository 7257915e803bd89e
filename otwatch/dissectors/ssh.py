"""SSH: the two banners, which name the software of both sides; all the rest is encrypted or soon will be (RFC 4253 section 4.2).

    SSH-2.0-OpenSSH_9.2p1 Debian-2 CR LF        version of the protocol, software, a comment

A server may send other lines before its banner.
"""

from collections.abc import Iterator
from re import compile as pattern

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Event, Identity, clean

NAME = "ssh"
LINE_LIMIT = 255
_BANNER = pattern(rb"SSH-([12]\.[0-9]{1,2})-([^\r\n]{1,250})")
_START = b"SSH-"
_OPENSSH = b"OpenSSH"


class Opening:
    """`heard`: which sides sent their banner; `passed`: bytes that came behind one, or in place of one."""

    __slots__ = ("heard", "passed")

    def __init__(self) -> None:
        self.heard: set[bool | None] = set()
        self.passed = 0

    @property
    def is_over(self) -> bool:
        return len(self.heard) > 1 or self.passed > LINE_LIMIT * 16


def looks_like(read: Reader, _hinted: bool) -> bool:
    return read.peek(4) == _START and _BANNER.match(read.peek(LINE_LIMIT)) is not None


def cut_in(read: Reader, is_request: bool | None, session: object) -> Reader | None:
    """A line of at most LINE_LIMIT bytes; behind the banner whatever is here."""
    assert isinstance(session, Opening)
    if is_request in session.heard:
        return read.part(read.left)
    ahead = read.peek(LINE_LIMIT)
    line, ended, _ = ahead.partition(b"\n")
    if ended or len(ahead) == LINE_LIMIT:
        return read.part(len(line) + len(ended))
    return None


def decode_in(read: Reader, is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, Opening)
    banner = None if is_request in session.heard else _BANNER.match(read.peek(LINE_LIMIT))
    session.passed += read.left
    read.take(read.left)
    if banner is None:
        return
    session.heard.add(is_request)
    yield Identity(NAME, (), _said(banner[1], banner[2].rstrip()))


def _said(version: bytes, software: bytes) -> Details:
    """OpenSSH's comment names the system it was built for ("Debian-2+deb12u3")."""
    name, _, comment = software.partition(b" ")
    system = (("os", clean(comment)),) if name.startswith(_OPENSSH) and comment else ()
    return (("software", clean(name)), ("dialect", f"SSH {clean(version)}"), *system)


SSH = Dissector(
    name=NAME,
    title="SSH",
    transports=frozenset({"tcp"}),
    ports=frozenset({22}),
    looks_like=looks_like,
    session=Opening,
    cut_in=cut_in,
    decode_in=decode_in,
    sealed=True,
    over=lambda session: isinstance(session, Opening) and session.is_over,
    names=True,
)
