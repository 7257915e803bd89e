"""TLS and SSL 3: what is said in clear while a connection opens, then only counted, for nobody can read it.

The client names the server it wants (RFC 6066 section 3), the server chooses the version; up to TLS 1.2 it shows its certificate
(RFC 5246 7.4.2), in TLS 1.3 that is encrypted. Messages of the handshake may be cut over records, and records hold several.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.tls import certificates
from otwatch.dissectors.tls.hello import HANDSHAKE, extensions, hello_body, looks_like
from otwatch.errors import Malformed
from otwatch.events import Details, Event, Identity, clean

NAME = "tls"
_CHANGE_CIPHER, _DATA = 20, 23
_HEAD, _MOST = 5, (1 << 14) + 2048
_CLIENT_HELLO, _SERVER_HELLO, _CERTIFICATE = 1, 2, 11
_CHOSEN_VERSION = 43
ROOM = 1 << 16
"""Bytes of one side's handshake that are looked at."""

VERSIONS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}


class Handshake:
    """`begun`: of each side the beginning of a message whose end is not here yet; `size` of all that was looked at."""

    __slots__ = ("begun", "is_over", "size")

    def __init__(self) -> None:
        self.begun: dict[bool | None, bytes] = {}
        self.size, self.is_over = 0, False


def cut_in(read: Reader, _is_request: bool | None, session: object) -> Reader | None:
    """A record (RFC 5246 6.2.1); all there is once nothing is said in clear any more."""
    assert isinstance(session, Handshake)
    if session.is_over:
        return read.part(read.left)
    if read.left < _HEAD:
        return None
    kind, _, size = read.ahead(">BHH")
    if kind == _DATA or size > _MOST:
        return read.part(read.left)
    return read.part(_HEAD + size) if read.left >= _HEAD + size else None


def decode_in(read: Reader, is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, Handshake)
    if session.is_over:
        return
    kind, _, size = read.fields(">BHH")
    if kind in (_CHANGE_CIPHER, _DATA) or session.size > ROOM or size > _MOST:
        session.is_over = True
    elif kind == HANDSHAKE:
        session.size += read.left
        at = read.at
        try:
            yield from _messages(Reader(session.begun.pop(is_request, b"") + read.rest()), is_request, session)
        except Malformed as flaw:  # its place is one in the handshake
            raise Malformed(flaw.reason, at) from flaw


def _messages(read: Reader, is_request: bool | None, session: Handshake) -> Iterator[Event]:
    """The whole messages of the handshake that a record completes (RFC 5246 7.4)."""
    while read.left >= 4:
        (head,) = read.ahead(">I")
        if read.left < 4 + (head & 0xFFFFFF):
            break
        read.take(4)
        fields, about_server = _said(head >> 24, read.part(head & 0xFFFFFF))
        if fields:
            yield Identity(NAME, (), fields, hearsay=about_server)
    session.begun[is_request] = read.rest()


def _said(kind: int, body: Reader) -> tuple[Details, bool]:
    """Facts, and whether they are about the server although the client says them."""
    if kind == _CLIENT_HELLO:
        name = clean(hello_body(body).server_name)
        return ((("host", name),) if name else ()), True
    if kind == _SERVER_HELLO:
        return (("dialect", _version(body)),), False
    return (_holder(body) if kind == _CERTIFICATE else ()), False


def _version(body: Reader) -> str:
    """RFC 8446 4.1.3, 4.2.1: an extension chooses TLS 1.3, the field before chooses all others."""
    version = body.u16()
    body.take(32)
    body.take(body.u8())
    body.take(2 + 1)
    for number, extension in extensions(body.part(body.u16())) if body.left else ():
        if number == _CHOSEN_VERSION:
            version = extension.u16()
    return VERSIONS.get(version, f"TLS 0x{version:04x}")


def _holder(body: Reader) -> Details:
    """The first certificate of the chain is the sender's own."""
    chain = body.part(body.u24())
    return certificates.told(chain.take(chain.u24())) if chain.left else ()


def is_over(session: object) -> bool:
    return isinstance(session, Handshake) and session.is_over


TLS = Dissector(
    name=NAME,
    title="TLS",
    transports=frozenset({"tcp"}),
    ports=frozenset(),
    looks_like=looks_like,
    session=Handshake,
    cut_in=cut_in,
    decode_in=decode_in,
    sealed=True,
    over=is_over,
    names=True,
)
