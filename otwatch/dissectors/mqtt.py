"""MQTT (OASIS 3.1.1 and 5.0, section 3.1): who connects to the broker under which name, and with which readable password.

    kind 4 bits, flags 4 bits | size 1 to 4 | CONNECT: name 2 + n, level 1, flags 1, keep alive 2, [properties], client id 2 + n,
    [properties, topic 2 + n, message 2 + n of the will], [user 2 + n], [password 2 + n] | CONNACK: flags 1, code 1

Once the broker has answered, the connection is only counted.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Credential, Event, Identity, Request, Secret, Verb, clean

NAME = "mqtt"
CONNECT, CONNACK = 0x10, 0x20
_NAMES = frozenset({b"MQTT", b"MQIsdp"})
_USER, _PASSWORD, _WILL, _FIVE = 0x80, 0x40, 0x04, 5
_LONGEST = 1 << 14
VERSIONS = {3: "MQTT 3.1", 4: "MQTT 3.1.1", 5: "MQTT 5.0"}
REFUSALS = {
    1: "unacceptable protocol version", 2: "identifier rejected", 3: "server unavailable", 4: "bad user name or password",
    5: "not authorized", 0x85: "client identifier not valid", 0x86: "bad user name or password", 0x87: "not authorized",
    0x8A: "banned", 0x8C: "bad authentication method",
}  # fmt: skip
"""3.1.1 table 3.1; 5.0 table 3-1."""


class Opening:
    """`is_over`: the broker has answered, or the connection had begun before the capture."""

    __slots__ = ("is_over",)

    def __init__(self) -> None:
        self.is_over = False


def looks_like(read: Reader, _hinted: bool) -> bool:
    """The first packet of a client."""
    if read.u8() != CONNECT:
        return False
    _size(read)
    return read.take(read.u16()) in _NAMES and read.u8() in VERSIONS


def cut_in(read: Reader, _is_request: bool | None, session: object) -> Reader | None:
    """A packet of the opening; all there is behind it."""
    assert isinstance(session, Opening)
    if session.is_over or read.peek() not in {b"\x10", b"\x20"}:
        return read.part(read.left)
    head = Reader(read.peek(5), 1)
    size = _size(head)
    if size is None:
        return None
    if size > _LONGEST:
        raise Malformed(f"opening of {size} bytes", read.at)
    return read.part(head.at + size) if read.left >= head.at + size else None


def _size(read: Reader) -> int | None:
    """2.2.3: seven bits a byte, the lowest first; None where its end is missing."""
    size = 0
    for shift in (0, 7, 14, 21):
        if not read.left:
            return None
        byte = read.u8()
        size |= (byte & 0x7F) << shift
        if byte < 0x80:
            return size
    raise Malformed("size of more than 4 bytes", read.at)


def decode_in(read: Reader, _is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, Opening)
    kind = read.u8()
    if session.is_over or kind not in (CONNECT, CONNACK):
        session.is_over = True
        return
    _size(read)
    if kind == CONNECT:
        yield from _connect(read)
        return
    read.take(1)
    code = read.u8()
    session.is_over = True
    error = REFUSALS.get(code, f"code {code}") if code else ""
    yield Answer(NAME, "CONNECT", CONNECT, error=error, error_code=str(code) if code else "")


def _connect(read: Reader) -> Iterator[Event]:
    read.take(read.u16())
    version, flags = read.u8(), read.u8()
    read.take(2)
    _pass_properties(read, version)
    client = clean(read.take(read.u16()))
    if flags & _WILL:
        _pass_properties(read, version)
        read.take(read.u16())
        read.take(read.u16())
    user = clean(read.take(read.u16())) if flags & _USER else ""
    named = (("version", VERSIONS.get(version, str(version))), ("client", client), ("user", user))
    yield Request(NAME, Verb.AUTH, "CONNECT", CONNECT, details=tuple(detail for detail in named if detail[1]))
    if flags & _PASSWORD:
        yield Credential(NAME, user, Secret(read.take(read.u16())))
    if client:
        yield Identity(NAME, (), (("application", f"MQTT client {client}"),))


def _pass_properties(read: Reader, version: int) -> None:
    """5.0, 3.1.2.11: their size, then what is of no use here."""
    if version == _FIVE:
        read.take(_size(read) or 0)


MQTT = Dissector(
    name=NAME,
    title="MQTT",
    transports=frozenset({"tcp"}),
    ports=frozenset({1883}),
    looks_like=looks_like,
    session=Opening,
    cut_in=cut_in,
    decode_in=decode_in,
    over=lambda session: isinstance(session, Opening) and session.is_over,
    ordered=True,
    names=True,
)
