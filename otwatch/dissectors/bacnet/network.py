"""Messages of the network layer: routers among themselves (135-2020 clause 6.4; protocols 2.3)."""

from collections.abc import Iterable, Iterator

from otwatch.dissectors.bacnet import envelope
from otwatch.dissectors.bacnet.apdu import Ends, request
from otwatch.dissectors.bacnet.names import named
from otwatch.dissectors.bacnet.parameters import NOTHING, Said, Service, opaque
from otwatch.dissectors.bacnet.services import NETWORK_CODES
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Binding, Details, Event, Route, Verb

MANY = 256
"""Networks of one message that are kept: more routes than any site has."""

_REJECTIONS = (
    "other", "not-directly-connected", "router-busy", "unknown-message-type", "message-too-long", "security-error", "addressing-error",
)  # fmt: skip


def _numbers(read: Reader) -> list[int]:
    found = []
    while read.left:
        found.append(read.u16())
    return found[:MANY]


def _networks(numbers: list[int]) -> Details:
    return tuple(("network", str(number)) for number in numbers)


def _list(read: Reader, _sender: Route) -> Said:
    """The networks it is about."""
    return Said(details=_networks(_numbers(read)))


def _routes_to(read: Reader, sender: Route) -> Said:
    """Number 0 means "not known", and names no network."""
    numbers = _numbers(read)
    return Said(details=_networks(numbers), facts=tuple(Binding("bacnet-network", str(number), "", sender) for number in numbers if number))


def _could_route(read: Reader, _sender: Route) -> Said:
    """A network, and how well it is reached."""
    return Said(details=(("network", str(read.u16())), ("performance", str(read.u8()))))


def _rejection(read: Reader, _sender: Route) -> Said:
    """The reason and the network."""
    reason = named(_REJECTIONS, read.u8())
    return Said(details=(("reason", reason), ("network", str(read.u16()))))


def _table(read: Reader, _sender: Route) -> Said:
    """Initialize-Routing-Table: ports to set; none asks for the table (clause 6.4.7)."""
    count = read.u8()
    ports = [_port(read) for _ in range(count)]
    return Said(details=(("ports", str(count)), *ports), verb=None if count else Verb.DISCOVER)


def _port(read: Reader) -> tuple[str, str]:
    network, port = read.u16(), read.u8()
    read.aside(read.u8())  # port info: a form of the maker's own
    return "network", f"{network} port {port}"


def _connection(read: Reader, _sender: Route) -> Said:
    """The network, and for how many minutes."""
    network = read.u16()
    minutes: Details = (("minutes", str(read.u8())),) if read.left else ()
    return Said(details=(("network", str(network)), *minutes))


def _network_number(read: Reader, sender: Route) -> Said:
    """Network-Number-Is (clause 6.4.20): the sender stands on that network, and may be an ordinary device."""
    number = read.u16()
    how = "configured" if read.u8() else "learned"
    local = (Binding("bacnet-network", str(number), "local", sender),) if number else ()
    return Said(details=(("network", str(number)), ("source", how)), facts=local)


def _nothing(_read: Reader, _sender: Route) -> Said:
    """It has no parameters."""
    return NOTHING


MESSAGES = {
    0x00: Service("Who-Is-Router-To-Network", Verb.DISCOVER, _list),
    0x01: Service("I-Am-Router-To-Network", Verb.DISCOVER, _routes_to),
    0x02: Service("I-Could-Be-Router-To-Network", Verb.ADMIN, _could_route),
    0x03: Service("Reject-Message-To-Network", Verb.OTHER, _rejection),
    0x04: Service("Router-Busy-To-Network", Verb.ADMIN, _list),
    0x05: Service("Router-Available-To-Network", Verb.ADMIN, _list),
    0x06: Service("Initialize-Routing-Table", Verb.ADMIN, _table),
    0x08: Service("Establish-Connection-To-Network", Verb.ADMIN, _connection),
    0x09: Service("Disconnect-Connection-To-Network", Verb.ADMIN, _connection),
    0x0A: Service("Challenge-Request", Verb.OTHER, opaque),
    0x0B: Service("Security-Payload", Verb.OTHER, opaque),
    0x0C: Service("Security-Response", Verb.OTHER, opaque),
    0x0D: Service("Request-Key-Update", Verb.OTHER, opaque),
    0x0E: Service("Update-Key-Set", Verb.OTHER, opaque),
    0x0F: Service("Update-Distribution-Key", Verb.OTHER, opaque),
    0x10: Service("Request-Master-Key", Verb.OTHER, opaque),
    0x11: Service("Set-Master-Key", Verb.OTHER, opaque),
    0x12: Service("What-Is-Network-Number", Verb.DISCOVER, _nothing),
    0x13: Service("Network-Number-Is", Verb.DISCOVER, _network_number),
}
"""By message type; 0x0A to 0x11 were withdrawn with network security."""

_TABLE, _TABLE_ACK = 0x06, 0x07
_PROPRIETARY = 0x80


def decode(read: Reader, ends: Ends, around: Details) -> Iterable[Event]:
    """`around`: what the message travels in so far."""
    sealed = envelope.sealed(around)
    try:
        kind = read.u8()
        sealed = envelope.sealed(around, ("message", str(kind)))
        return envelope.before(sealed, _said(kind, read, ends))
    except Malformed as flaw:
        return envelope.flawed(sealed, flaw)


def _said(kind: int, read: Reader, ends: Ends) -> Iterable[Event]:
    if kind == _TABLE_ACK:
        return _table_ack(read, ends)
    if kind >= _PROPRIETARY:
        service = Service(f"vendor {read.u16()} network message {kind}", Verb.OTHER, opaque)
    else:
        service = MESSAGES.get(kind) or Service(f"network message {kind}", Verb.OTHER, opaque)
    return request(read, service, NETWORK_CODES + kind, ends, one_way=kind != _TABLE)


def _table_ack(read: Reader, ends: Ends) -> Iterator[Event]:
    """Empty after an order, the table after a query (clause 6.4.8)."""
    said = _table(read, ()) if read.left else NOTHING
    table = MESSAGES[_TABLE]
    yield Answer("bacnet", table.name, NETWORK_CODES + _TABLE, ends.sender, ends.receiver, details=said.details)
