"""BACnet/IP, and BACnet/IPv6: what carries an NPDU over UDP, and the tables of BBMDs (135-2020 annexes J, U; protocols 2.2, 2.9).

    type 1 (0x81 IP, 0x82 IPv6), function 1, length of all 2, [IPv6: virtual address of the sender 3,] body

In a Forwarded-NPDU the IP source is only the BBMD: the six octets in front of the NPDU are the true sender, and its route begins with them.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv6Address

from otwatch.dissectors.bacnet import envelope, npdu
from otwatch.dissectors.bacnet.apdu import DIRECT, request
from otwatch.dissectors.bacnet.envelope import PROTOCOL
from otwatch.dissectors.bacnet.parameters import NOTHING, Said, Service, opaque
from otwatch.dissectors.bacnet.services import BVLC6_CODES, BVLC_CODES
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Details, Event, Route, Verb

IP, IPV6 = 0x81, 0x82
HEADER = 4
MANY = 256
"""Entries of one table that are kept; BBMD tables hold 8 to 128."""

_RESULT = 0x00
FUNCTIONS = {
    IP: dict(enumerate((
        "BVLC-Result", "Write-Broadcast-Distribution-Table", "Read-Broadcast-Distribution-Table",
        "Read-Broadcast-Distribution-Table-Ack", "Forwarded-NPDU", "Register-Foreign-Device", "Read-Foreign-Device-Table",
        "Read-Foreign-Device-Table-Ack", "Delete-Foreign-Device-Table-Entry", "Distribute-Broadcast-To-Network",
        "Original-Unicast-NPDU", "Original-Broadcast-NPDU", "Secured-BVLL",
    ))),
    IPV6: dict(enumerate((
        "BVLC-Result", "Original-Unicast-NPDU", "Original-Broadcast-NPDU", "Address-Resolution", "Forwarded-Address-Resolution",
        "Address-Resolution-ACK", "Virtual-Address-Resolution", "Virtual-Address-Resolution-ACK", "Forwarded-NPDU",
        "Register-Foreign-Device", "Delete-Foreign-Device-Table-Entry", "Secure-BVLL", "Distribute-Broadcast-To-Network",
    ))),
}  # fmt: skip
"""Annex J.2, annex U.2, as Wireshark shows them."""
_FORWARDED = {IP: 0x04, IPV6: 0x08}
_CARRIERS = {IP: frozenset({0x04, 0x09, 0x0A, 0x0B}), IPV6: frozenset({0x01, 0x02, 0x08, 0x0C})}


def _ip(read: Reader) -> str:
    octets = read.take(4)
    return f"{'.'.join(map(str, octets))}:{read.u16()}"


def _ipv6(read: Reader) -> str:
    return f"[{IPv6Address(read.take(16))}]:{read.u16()}"


def _entries(read: Reader, entry: Callable[[Reader], str]) -> Details:
    found: list[tuple[str, str]] = []
    while read.left:
        found.append(("entry", entry(read)))
    return (("entries", str(len(found))), *found[:MANY])


def _broadcast_entry(read: Reader) -> str:
    address = _ip(read)
    return f"{address}/{'.'.join(map(str, read.take(4)))}"


def _foreign_entry(read: Reader) -> str:
    """The time to live says something; the seconds that remain change with every answer."""
    entry = f"{_ip(read)} ttl {read.u16()}"
    read.aside(2)
    return entry


def _nothing(_read: Reader, _sender: Route) -> Said:
    """It has no parameters."""
    return NOTHING


def _ttl(read: Reader, _sender: Route) -> Said:
    """Seconds until the registration ends."""
    return Said(details=(("ttl_s", str(read.u16())),))


def _set_table(read: Reader, _sender: Route) -> Said:
    """The new table, entry by entry."""
    return Said(details=_entries(read, _broadcast_entry))


def _address(read: Reader, _sender: Route) -> Said:
    """Whose entry."""
    return Said(details=(("entry", _ip(read)),))


def _address6(read: Reader, _sender: Route) -> Said:
    """Whose entry, over IPv6."""
    return Said(details=(("entry", _ipv6(read)),))


def _target6(read: Reader, _sender: Route) -> Said:
    """The device instance that is looked for."""
    return Said(details=(("device", str(read.u24())),))


_WRITE_BDT = Service("Write-Broadcast-Distribution-Table", Verb.ADMIN, _set_table)
_READ_BDT = Service("Read-Broadcast-Distribution-Table", Verb.DISCOVER, _nothing)
_REGISTER = Service("Register-Foreign-Device", Verb.ADMIN, _ttl)
_READ_FDT = Service("Read-Foreign-Device-Table", Verb.DISCOVER, _nothing)
_DELETE = Service("Delete-Foreign-Device-Table-Entry", Verb.ADMIN, _address)
_DISTRIBUTE = Service("Distribute-Broadcast-To-Network", Verb.OTHER, opaque)
_SECURE = Service("Secure-BVLL", Verb.OTHER, opaque)

REQUESTS = {
    IP: {0x01: _WRITE_BDT, 0x02: _READ_BDT, 0x05: _REGISTER, 0x06: _READ_FDT, 0x08: _DELETE, 0x09: _DISTRIBUTE, 0x0C: _SECURE},
    IPV6: {
        0x03: Service("Address-Resolution", Verb.DISCOVER, _target6),
        0x04: Service("Forwarded-Address-Resolution", Verb.DISCOVER, _target6),
        0x06: Service("Virtual-Address-Resolution", Verb.DISCOVER, _nothing),
        0x09: _REGISTER,
        0x0A: _DELETE._replace(say=_address6),
        0x0B: _SECURE,
        0x0C: _DISTRIBUTE,
    },
}
"""Annex J.2, annex U.2; Distribute-Broadcast stands here for its name in a BVLC-Result."""

_ACKS: dict[tuple[int, int], tuple[int, Callable[[Reader], str] | None]] = {
    (IP, 0x03): (0x02, _broadcast_entry),
    (IP, 0x07): (0x06, _foreign_entry),
    (IPV6, 0x05): (0x03, None),
    (IPV6, 0x07): (0x06, None),
}
"""Answers: the function they answer and how an entry of their table is read."""

_REFUSED = {
    IP: {0x10: 0x01, 0x20: 0x02, 0x30: 0x05, 0x40: 0x06, 0x50: 0x08, 0x60: 0x09},
    IPV6: {0x30: 0x03, 0x60: 0x06, 0x90: 0x09, 0xA0: 0x0A, 0xC0: 0x0C},
}
"""Result codes and the function each one refuses (clauses J.2.1, U.2.1)."""

_CODES = {IP: BVLC_CODES, IPV6: BVLC6_CODES}


def looks_like(read: Reader, hinted: bool) -> bool:
    """On a port of BACnet the type and a known function are enough; elsewhere the length and the NPDU version must be right too."""
    size = read.left
    kind = read.u8()
    if kind not in _CODES:
        return False
    function, length = read.u8(), read.u16()
    if function > 0x0C:
        return False
    if hinted:
        return True
    if length != size:
        return False
    if function not in _CARRIERS[kind]:
        return True
    true_sender(read, kind, function)
    return read.u8() == npdu.VERSION


def true_sender(read: Reader, kind: int, function: int) -> Route:
    """What stands between the header and the NPDU; the true sender of a forwarded one."""
    if kind == IPV6:
        read.take(6 if function == 0x01 else 3)
    if function != _FORWARDED[kind]:
        return ()
    return (f"ip {_ip(read) if kind == IP else _ipv6(read)}",)


def decode(read: Reader, _is_request: bool | None) -> Iterable[Event]:
    """A datagram. Devices that do not look at the length obey whatever it is: first what is said, then a wrong length as a flaw."""
    start, size = read.at, read.left
    kind, function, length = read.u8(), read.u8(), read.u16()
    around = _around(kind, function)
    sealed = envelope.sealed(around)
    try:
        said = _body(read, kind, function, start, around)
    except Malformed as flaw:
        return envelope.flawed(sealed, flaw)
    return said if length == size else _flawed(said, f"BVLC length {length} in a datagram of {size}", start + 2)


def _flawed(said: Iterable[Event], reason: str, at: int) -> Iterator[Event]:
    yield from said
    raise Malformed(reason, at)


def joined(read: Reader, _is_request: bool | None) -> Iterable[Event]:
    """The same without the length, which is that of the first piece in a message put together from pieces."""
    start = read.at
    kind, function, _ = read.u8(), read.u8(), read.u16()
    return envelope.inside(_body(read, kind, function, start, ()))


@lru_cache
def _around(kind: int, function: int) -> Details:
    return (("bvlc", FUNCTIONS.get(kind, {}).get(function, str(function))),)


def _body(read: Reader, kind: int, function: int, start: int, around: Details) -> Iterable[Event]:
    if kind not in _CODES:
        raise Malformed(f"BVLC type {kind:#04x}", start)
    if function in _CARRIERS[kind]:
        bare = kind == IP and function != _FORWARDED[IP]
        carrier = () if bare else true_sender(read, kind, function)
        return npdu.decode(read, carrier, start, around + _forwarded_for(carrier) if carrier else around)
    return _control(read, kind, function, start, around)


@lru_cache(envelope.REMEMBERED)
def _forwarded_for(carrier: Route) -> Details:
    return tuple(("forwarded_for", hop.removeprefix("ip ")) for hop in carrier)


def _control(read: Reader, kind: int, function: int, start: int, around: Details) -> Iterable[Event]:
    if kind == IPV6:
        read.take(3)
    if function == _RESULT:
        return _result(read, kind, around)
    sealed = envelope.sealed(around)
    if (kind, function) in _ACKS:
        return envelope.before(sealed, _ack(read, kind, function))
    service = REQUESTS[kind].get(function) or Service(f"BVLC function {function}", Verb.OTHER, opaque)
    return envelope.before(sealed, request(read, service, _CODES[kind] + function, DIRECT._replace(start=start), one_way=False))


def _result(read: Reader, kind: int, around: Details) -> Iterable[Event]:
    code = read.u16()
    return envelope.before(envelope.sealed(around, ("result", f"{code:04x}")), _outcome(kind, code))


def _outcome(kind: int, code: int) -> Iterator[Event]:
    """0000 accepts whatever was asked; every refused function has a code of its own."""
    function = _REFUSED[kind].get(code)
    if function is not None:
        name = REQUESTS[kind][function].name
        yield Answer(PROTOCOL, name, _CODES[kind] + function, error=f"{name} NAK", error_code=f"{code:04x}")
    elif code:
        yield Answer(PROTOCOL, "BVLC-Result", UNNAMED, error=f"result {code:04x}", error_code=f"{code:04x}")
    else:
        yield Answer(PROTOCOL, "BVLC-Result", UNNAMED)


def _ack(read: Reader, kind: int, function: int) -> Iterator[Event]:
    asked, entry = _ACKS[kind, function]
    if entry is None:
        read.take(3)  # virtual address of the receiver
    details = _entries(read, entry) if entry is not None else ()
    yield Answer(PROTOCOL, REQUESTS[kind][asked].name, _CODES[kind] + asked, details=details)
