"""How TLS and SSL 3 are recognised on any port (RFC 8446, RFC 5246, RFC 6101), and what a client says before anything is encrypted.

    record   content type 1 | version 2 | length 2 | fragment        handshake   message type 1 | length 3 | body

A hello is recognised by itself. A capture may begin later: then a record must be whole and followed by another or by nothing.
No port hints at TLS: in the middle of a transfer hardly any segment begins with a record, and trying for long would cost more than
it tells.
"""

from collections.abc import Iterator
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed

HANDSHAKE = 22
_TYPES = frozenset({20, 21, HANDSHAKE, 23, 24})
"""Change cipher spec, alert, handshake, application data (RFC 8446 B.1), heartbeat (RFC 6520)."""
_MOST = (1 << 14) + 2048
"""Of a fragment (RFC 5246 6.2.3)."""
_MAJOR, _MINORS = 3, range(5)
_CLIENT_HELLO, _SERVER_HELLO = 1, 2
_LEAST, _LONGEST = 38, 1 << 17
"""Bytes of a hello: version, random, empty session, one cipher suite, one compression method; at most two lists of 64 KiB."""
_RECORD = 5

_SERVER_NAME, _ALPN = 0, 16
"""Extensions (RFC 6066 section 3, RFC 7301)."""


class Hello(NamedTuple):
    """What a client says before anything is encrypted."""

    server_name: bytes = b""
    protocols: tuple[bytes, ...] = ()


def looks_like(read: Reader, hinted: bool) -> bool:
    """A hello; else whole records up to the end of the payload, the last of which may not be whole. One is enough if it is hinted at."""
    if _is_hello(read):
        return True
    length = _length(read)
    if length < 0 or hinted:
        return length >= 0
    while read.left >= _RECORD and (length := _length(read)) >= 0:
        if read.left < _RECORD + length:
            return read.at > 0
        read.take(_RECORD + length)
    return not read.left


def _length(read: Reader) -> int:
    """Of the record that begins here; -1 where none does."""
    kind, major, minor, length = read.ahead(">BBBH")
    fits = kind in _TYPES and major == _MAJOR and minor in _MINORS and 1 <= length <= _MOST
    return length if fits else -1


def _is_hello(read: Reader) -> bool:
    """RFC 8446 4.1.2, 4.1.3: a handshake of type 1 or 2 that fits its record, and a version once more."""
    length = _length(read)
    if length < 0 or read.left < _RECORD + 6:
        return False
    kind, message, high, low, major, minor = read.ahead(">B4xBBHBB")
    is_hello = kind == HANDSHAKE and message in (_CLIENT_HELLO, _SERVER_HELLO) and _LEAST <= high << 16 | low <= _LONGEST
    return is_hello and major == _MAJOR and minor in _MINORS


def hello(read: Reader) -> Hello:
    """The client's hello at the beginning of a stream (RFC 8446 4.1.2). Malformed where it is none, or not whole."""
    kind, message = read.ahead(">B4xB")
    if kind != HANDSHAKE or message != _CLIENT_HELLO:
        raise Malformed("no hello of a client", read.at)
    read.take(_RECORD + 1)
    return hello_body(read.part(read.u24()))


def hello_body(body: Reader) -> Hello:
    """The same from behind the head of its message."""
    body.take(2 + 32)  # version, random
    body.take(body.u8())  # session
    body.take(body.u16())  # cipher suites
    body.take(body.u8())  # compression methods
    said = Hello()
    for number, extension in extensions(body.part(body.u16())) if body.left else ():
        if number == _SERVER_NAME and extension.left:
            said = said._replace(server_name=_server_name(extension))
        elif number == _ALPN:
            said = said._replace(protocols=tuple(_protocols(extension)))
    return said


def extensions(read: Reader) -> Iterator[tuple[int, Reader]]:
    """RFC 8446 4.2: number 2, length 2, what it says."""
    while read.left:
        number = read.u16()
        yield number, read.part(read.u16())


def _server_name(read: Reader) -> bytes:
    """A list of names with their types, of which there is one."""
    read.take(2 + 1)
    return read.take(read.u16())


def _protocols(read: Reader) -> Iterator[bytes]:
    read.take(2)
    while read.left:
        yield read.take(read.u8())
