"""KNXnet/IP: the building bus over UDP and TCP (ISO 22510, KNX specification 3/8).

    06 | version 10 | service 2 | length 2 of all | body          body of tunnels: 04 | channel 1 | sequence 1 | 0 or status 1 | cEMI

The service tells who asks. A search goes to everybody, and each answers by itself: nobody waits. Telegrams (`cemi`) have no answer.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.knx.cemi import NAME, individual, require, telegram
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Identity, Request, Verb, clean

HEADER, VERSION = 6, 0x10
LONGEST = 4096
_TUNNEL, _MANAGE, _ROUTING = 0x0420, 0x0310, 0x0530

MEDIA = {1: "TP0", 2: "KNX TP1", 4: "KNX PL110", 0x10: "KNX RF", 0x20: "KNX IP"}
MANUFACTURERS = {
    0x0001: "Siemens", 0x0002: "ABB", 0x0004: "Albrecht Jung", 0x0005: "Bticino", 0x0006: "Berker", 0x0007: "Busch-Jaeger Elektro",
    0x0008: "GIRA Giersiepen", 0x0009: "Hager Electro", 0x000B: "Legrand", 0x000C: "Merten", 0x0083: "MDT technologies",
    0x00C5: "Weinzierl Engineering",
}  # fmt: skip
"""The first two bytes of a serial number (list of the KNX Association)."""
CONNECTIONS = {3: "management", 4: "tunnelling", 6: "remote logging", 7: "remote configuration", 8: "object server"}
STATUS = {
    0x01: "host protocol type not supported", 0x02: "version not supported", 0x04: "sequence number out of order",
    0x21: "connection unknown", 0x22: "connection type not supported", 0x23: "connection option not supported",
    0x24: "no more connections", 0x26: "data connection failed", 0x27: "bus connection failed", 0x29: "tunnelling layer not supported",
}  # fmt: skip


class Service(NamedTuple):
    """A service that asks. `answer` is the number of the one that answers, 0 where there is none."""

    name: str
    verb: Verb
    answer: int = 0


SERVICES: dict[int, Service] = {
    0x0201: Service("SearchRequest", Verb.DISCOVER, 0x0202),
    0x020B: Service("SearchRequestExtended", Verb.DISCOVER, 0x020C),
    0x0203: Service("DescriptionRequest", Verb.DISCOVER, 0x0204),
    0x0205: Service("ConnectRequest", Verb.SESSION, 0x0206),
    0x0207: Service("ConnectionStateRequest", Verb.SESSION, 0x0208),
    0x0209: Service("DisconnectRequest", Verb.SESSION, 0x020A),
    _MANAGE: Service("DeviceConfigurationRequest", Verb.ADMIN, 0x0311),
    _TUNNEL: Service("TunnellingRequest", Verb.OTHER, 0x0421),
    0x0422: Service("TunnellingFeatureGet", Verb.READ, 0x0423),
    0x0424: Service("TunnellingFeatureSet", Verb.ADMIN, 0x0423),
    0x0425: Service("TunnellingFeatureInfo", Verb.ALARM),
    _ROUTING: Service("RoutingIndication", Verb.OTHER),
    0x0531: Service("RoutingLostMessage", Verb.ALARM),
    0x0532: Service("RoutingBusy", Verb.ALARM),
    0x0533: Service("RoutingSystemBroadcast", Verb.OTHER),
    0x0740: Service("RemoteDiagnosticRequest", Verb.DISCOVER, 0x0741),
    0x0742: Service("RemoteBasicConfigurationRequest", Verb.ADMIN),
    0x0743: Service("RemoteResetRequest", Verb.CONTROL),
    0x0950: Service("SecureWrapper", Verb.SESSION),
    0x0951: Service("SessionRequest", Verb.SESSION, 0x0952),
    0x0953: Service("SessionAuthenticate", Verb.AUTH, 0x0954),
    0x0955: Service("TimerNotify", Verb.SESSION),
}
"""KNX specification 3/8/1 to 3/8/9, AN 159."""
_ANSWERED = {row.answer: code for code, row in SERVICES.items() if row.answer and code != 0x0424}
_TO_ALL = frozenset({0x0201, 0x020B, 0x0740})
_DEVICE, _FAMILIES, _SECURE = 0x01, 0x02, 0x09
_TUNNELLING = 4
_DEVICE_SIZE = 54


def cut(read: Reader) -> Reader | None:
    """The next message by its header."""
    if read.left < HEADER:
        return None
    size, version, _, length = read.ahead(">BBHH")
    if (size, version) != (HEADER, VERSION) or not HEADER <= length <= LONGEST:
        raise Malformed(f"header {size:02x} {version:02x} is not 06 10, or length {length} is not {HEADER}..{LONGEST}", read.at)
    return read.part(length) if read.left >= length else None


def looks_like(read: Reader, _: bool) -> bool:
    """A whole message of a service we know."""
    (service,) = read.ahead(">2xH")
    return (service in SERVICES or service in _ANSWERED) and cut(read) is not None


def decode(read: Reader, _: bool | None) -> Iterable[Event]:
    begins = read.at
    (service,) = read.fields(">2xH2x")
    if service in (_TUNNEL, _MANAGE):
        return _tunnelled(service, read)
    if service == _ROUTING:
        return telegram(read, from_server=False)
    if service in SERVICES:
        return (_asked(service, read),)
    if service in _ANSWERED:
        return _answered(_ANSWERED[service], read)
    raise Malformed(f"service 0x{service:04x} is not defined", begins + 2)


def _tunnelled(service: int, read: Reader) -> Iterator[Event]:
    """Who hands a telegram over is told by the telegram itself: indications and confirmations come from the interface."""
    require(read, 4)
    read.aside(3)  # channel, sequence, reserved
    yield from telegram(read, from_server=service == _TUNNEL)


def _asked(service: int, read: Reader) -> Request:
    row, details = SERVICES[service], _DETAILS.get(service, _nothing)(read)
    read.aside(read.left)
    return Request(NAME, row.verb, row.name, service, details=details, one_way=service in _TO_ALL or not row.answer)


def _nothing(_: Reader) -> Details:
    """Nothing beside the service."""
    return ()


def _connection(read: Reader) -> Details:
    """Two endpoints 8 each, then what kind of connection: length, type."""
    for _ in range(2):
        require(read, 8)
        read.aside(7)
    (kind,) = read.fields(">xB")
    return (("connection", CONNECTIONS.get(kind, f"type {kind}")),)


_DETAILS: dict[int, Callable[[Reader], Details]] = {0x0205: _connection}


def _answered(asked: int, read: Reader) -> Iterator[Event]:
    layout = _ANSWERS.get(asked)
    if layout is not None:
        yield from layout(asked, read)
        return
    read.aside(read.left)
    yield Answer(NAME, SERVICES[asked].name, asked)


def _status(asked: int, read: Reader) -> Iterator[Event]:
    """Channel 1, status 1."""
    read.aside(1)
    yield _result(asked, read.u8())
    read.aside(read.left)


def _connected(asked: int, read: Reader) -> Iterator[Event]:
    """Channel 1, status 1; then the endpoint 8 and, of a tunnel, length 4, type 4, the individual address of its client on the bus."""
    read.aside(1)
    yield _result(asked, read.u8())
    if read.left >= 8 + 4:
        read.aside(8)
        size, kind, address = read.fields(">BBH")
        if (size, kind) == (4, _TUNNELLING):
            yield Identity(NAME, (), (("knx_address", individual(address)),), hearsay=True)
    read.aside(read.left)


def _acknowledged(asked: int, read: Reader) -> Iterator[Event]:
    """The header of a tunnel with a status in its last byte."""
    require(read, 4)
    read.aside(2)
    yield _result(asked, read.u8())


def _result(asked: int, status: int) -> Answer:
    error = STATUS.get(status, f"status {status}") if status else ""
    return Answer(NAME, SERVICES[asked].name, asked, error=error, error_code=f"0x{status:02x}" if status else "")


def _described(asked: int, read: Reader) -> Iterator[Event]:
    """Structures (length 1, type 1) behind the endpoint, which a description does not have."""
    if asked != 0x0203:
        require(read, 8)
        read.aside(7)
    facts: Details = ()
    secure = "no"
    while read.left >= 2:
        size, kind = read.fields(">BB")
        block = read.part(max(size, 2) - 2)
        if kind == _DEVICE and size == _DEVICE_SIZE:
            facts = _device(block)
        elif kind == _FAMILIES:
            secure = "yes" if _SECURE in block.fields(f">{'Bx' * (block.left // 2)}") else secure
        block.take(block.left)
    yield Answer(NAME, SERVICES[asked].name, asked, details=(("secure", secure),))
    if facts:
        yield Identity(NAME, (), facts)


def _device(block: Reader) -> Details:
    """Medium 1, status 1, address 2, installation 2, serial 6, multicast 4, MAC 6, name 30."""
    medium, status, address = block.fields(">BBH")
    block.take(2)
    serial = block.take(6)
    block.take(4)
    mac, name = block.take(6).hex(":"), clean(block.take(30), "latin-1")
    found = (
        ("vendor", MANUFACTURERS.get(int.from_bytes(serial) >> 32, "")), ("serial", serial.hex()), ("name", name), ("mac", mac),
        ("device_type", MEDIA.get(medium, f"KNX medium {medium}")), ("knx_address", individual(address)),
        ("run_state", "programming" if status & 1 else ""),
    )  # fmt: skip
    return tuple(fact for fact in found if fact[1])


_ANSWERS: dict[int, Callable[[int, Reader], Iterator[Event]]] = {
    0x0201: _described, 0x020B: _described, 0x0203: _described, 0x0205: _connected, 0x0207: _status, 0x0209: _status,
    _MANAGE: _acknowledged, _TUNNEL: _acknowledged,
}  # fmt: skip

KNX = Dissector(
    name=NAME,
    title="KNXnet/IP",
    transports=frozenset({"udp", "tcp"}),
    ports=frozenset({3671}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    tells=True,
    marks=((0, frozenset({HEADER})), (1, frozenset({VERSION}))),
)
