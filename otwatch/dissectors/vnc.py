"""VNC (RFC 6143): the version and how a remote screen is guarded; then only counted.

    server "RFB 003.008" LF | client the same | server: count 1, types of security 1 each; before 3.7 one type, 4
"""

from collections.abc import Iterator
from re import compile as pattern

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Event, Identity

NAME = "vnc"
_VERSION = pattern(rb"RFB 00([345])\.(\d{3})\n")
_VERSION_SIZE, _SINGLE_SIZE, _FIRST_CHOICE = 12, 4, 7
ROOM = 256
"""Bytes of a client after which a connection whose server was not captured is given up."""

SECURITY = {
    1: "none", 2: "VNC password", 5: "RA2", 6: "RA2ne", 16: "Tight", 17: "Ultra", 18: "TLS", 19: "VeNCrypt", 20: "SASL", 22: "xvp",
    30: "Apple", 35: "Apple (Mac OS)", 36: "Apple (SRP)",
}  # fmt: skip
"""RFC 6143 7.1.2 and IANA's registry of RFB security types."""


class Opening:
    """`version` of the server, (0, 0) before it was said; `passed`: bytes of the client."""

    __slots__ = ("is_over", "passed", "version")

    def __init__(self) -> None:
        self.version = (0, 0)
        self.passed, self.is_over = 0, False


def looks_like(read: Reader, _hinted: bool) -> bool:
    return _VERSION.match(read.take(_VERSION_SIZE)) is not None


def cut_in(read: Reader, is_request: bool | None, session: object) -> Reader | None:
    """The server's version, then its types of security; whatever the client says."""
    assert isinstance(session, Opening)
    if session.is_over or is_request:
        return read.part(read.left)
    size = _VERSION_SIZE
    if any(session.version):
        (count,) = read.ahead(">B")
        size = 1 + count if session.version[1] >= _FIRST_CHOICE else _SINGLE_SIZE
    return read.part(size) if read.left >= size else None


def decode_in(read: Reader, is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, Opening)
    if session.is_over:
        return
    if is_request:
        session.passed += read.left
        session.is_over = session.passed > ROOM
        return
    if any(session.version):
        session.is_over = True
        kinds = tuple(read.rest()) if session.version[1] < _FIRST_CHOICE else tuple(read.rest())[1:]
        fields = tuple(("security", SECURITY.get(kind, f"type {kind}")) for kind in kinds if kind)
        if fields:
            yield Identity(NAME, (), fields)
        return
    at, version = read.at, _VERSION.match(read.take(_VERSION_SIZE))
    if version is None:
        session.is_over = True
        raise Malformed("no version of RFB", at)
    session.version = int(version[1]), int(version[2])
    yield Identity(NAME, (), (("dialect", f"RFB {session.version[0]}.{session.version[1]}"),))


VNC = Dissector(
    name=NAME,
    title="VNC",
    transports=frozenset({"tcp"}),
    ports=frozenset(range(5900, 5910)),
    looks_like=looks_like,
    session=Opening,
    cut_in=cut_in,
    decode_in=decode_in,
    sealed=True,
    over=lambda session: isinstance(session, Opening) and session.is_over,
    names=True,
)
