"""The encapsulation header, its commands, and what they say (CIP volume 2, 2-3 and 2-4; domain/protocols.md 3.2).

Every message has a header of 24 bytes: command, length, session handle, status, sender context, options, all little-endian.
ListIdentity and its like work without a session. SendRRData carries one CIP message and is answered under the same
sender context; SendUnitData carries messages of a connection, and there a sequence count of 2 bytes pairs them.
Which session it was does not change what was asked, so handles are set aside. Through which connection a message travels says who
is asked: its id is told, for whoever saw the connection opened (wire/connections.py).
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from otwatch.dissectors import cip
from otwatch.dissectors.enip.items import ITEMS, LISTED, carried, items
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Anomaly, Answer, Details, Envelope, Event, Identity, Request, Verb

HEADER = 24
LONGEST = 65511
"""Largest length field (volume 2, table 2-3.1)."""

LIST_SERVICES, LIST_IDENTITY, LIST_INTERFACES = 0x04, 0x63, 0x64
REGISTER_SESSION, SEND_RR_DATA, SEND_UNIT_DATA = 0x65, 0x6F, 0x70
_LISTS = frozenset({LIST_SERVICES, LIST_IDENTITY, LIST_INTERFACES})
_CARRIERS = frozenset({SEND_RR_DATA, SEND_UNIT_DATA})
LAST_COMMAND = 0xC8
"""Beyond it all commands are reserved; below it unknown ones are vendors' legacy (volume 2, table 2-3.2)."""


class Command(NamedTuple):
    name: str
    verb: Verb
    answered: bool = True


COMMANDS = {
    0x00: Command("NOP", Verb.OTHER, answered=False),
    LIST_SERVICES: Command("ListServices", Verb.DISCOVER),
    LIST_IDENTITY: Command("ListIdentity", Verb.DISCOVER),
    LIST_INTERFACES: Command("ListInterfaces", Verb.DISCOVER),
    REGISTER_SESSION: Command("RegisterSession", Verb.SESSION),
    0x66: Command("UnRegisterSession", Verb.SESSION, answered=False),
    SEND_RR_DATA: Command("SendRRData", Verb.OTHER),
    SEND_UNIT_DATA: Command("SendUnitData", Verb.OTHER),
    0x72: Command("IndicateStatus", Verb.OTHER),
    0x73: Command("Cancel", Verb.OTHER),
    LAST_COMMAND: Command("StartDTLS", Verb.SESSION),
}

STATUS = {
    0x00: "",
    0x01: "Unsupported command",
    0x02: "No memory",
    0x03: "Malformed data",
    0x64: "Invalid session handle",
    0x65: "Invalid length",
    0x69: "Unsupported protocol version",
    0x6A: "Service not allowed on this port",
}

SCAN_SIGNATURE = bytes.fromhex("C1DEBED1")
"""End of the sender context of a public scan script (detection recon.enip.identity_sweep)."""


def looks_like(read: Reader, hinted: bool) -> bool:
    """On a port of ours a sane header is enough, legacy commands included (RSLinx begins with 0x0001).

    Elsewhere the body must fit its command, and NOP (all zeros) is not believed.
    """
    command, length, _, status, _, options = read.fields("<HHIIQI")
    if command > LAST_COMMAND or length > LONGEST or options or status > 0xFF:
        return False
    return hinted or (status in STATUS and read.left == length and _fits(command, read))


def _fits(command: int, read: Reader) -> bool:
    if command == REGISTER_SESSION:
        return read.left == 4 and read.le16() == 1
    if command in _CARRIERS:
        return read.left >= 16 and read.le32() == 0
    return command in _LISTS and (not read.left or 0 < read.le16() <= ITEMS)


def cut(read: Reader) -> Reader | None:
    """A message is its header and as many bytes as its length field says."""
    if read.left < HEADER:
        return None
    command, length = read.ahead("<HH")
    if command > LAST_COMMAND:
        raise Malformed(f"0x{command:04x} is no EtherNet/IP command", read.at)
    if length > LONGEST:
        raise Malformed(f"length {length} beyond {LONGEST}", read.at + 2)
    return read.part(HEADER + length) if read.left >= HEADER + length else None


def decode(read: Reader, is_request: bool | None) -> Iterable[Event]:
    command, status = read.ahead("<H6xI")
    read.take(4)
    said = _carrier(command, read) if command in _CARRIERS else _command(command, read, is_request)
    return chain((_envelope(command, status),), said)


@lru_cache
def _envelope(command: int, status: int) -> Envelope:
    refused = (("status", f"0x{status:02x}"),) if status else ()
    return Envelope("enip", (("command", f"0x{command:04x}"), *refused))


def _carrier(command: int, read: Reader) -> Iterator[Event]:
    """CIP itself says which of its messages asks and which answers."""
    status = _carrier_status(command, read)
    if status:
        yield _refused(command, status)
        if not read.left:
            return
    for connection, message in carried(read):
        yield from cip.decode(message, connection)


def _carrier_status(command: int, read: Reader) -> int:
    """The status, after passing the header from the session handle on. Messages of a connection are paired by their sequence count."""
    read.aside(4)
    status = read.le32()
    if command == SEND_UNIT_DATA:
        read.aside(8)
    else:
        read.ticket(8)
    _no_options(read)
    return status


def _no_options(read: Reader) -> None:
    """A receiver discards messages with options (volume 2, 2-3.6)."""
    if read.le32():
        raise Malformed("options are not 0", read.at - 4)


def _command(command: int, read: Reader, is_request: bool | None) -> Iterator[Event]:
    """Commands that carry no CIP."""
    session = _session(command, read)
    status = read.le32()
    read.ticket(4)
    mark = read.take(4)  # scan tools leave a mark in the sender context, of which most commands make no use
    _no_options(read)
    if status:
        read.aside(read.left)
        yield _refused(command, status)
    elif command in _LISTS:
        yield from _listing(command, mark, read)
    elif command == REGISTER_SESSION and is_request is None:
        yield _plain(command, read, not session)  # who asks for a session has no handle yet (volume 2, 2-4.4)
    else:
        yield _plain(command, read, is_request)


def _session(command: int, read: Reader) -> int:
    """The session handle where it tells who asks, else 0."""
    if command == REGISTER_SESSION:
        return read.le32()
    read.aside(4)
    return 0


def _refused(command: int, status: int) -> Answer:
    """A status says that the command was not carried out (volume 2, table 2-3.3). Some devices answer with the whole of it all the same."""
    error = STATUS.get(status) or f"Encapsulation status 0x{status:x}"
    code = UNNAMED if command in _CARRIERS else command
    return Answer("enip", _name(command), code, error=error, error_code=f"0x{status:02x}")


def _plain(command: int, read: Reader, is_request: bool | None) -> Request | Answer:
    known = COMMANDS.get(command, Command(_name(command), Verb.OTHER))
    read.aside(read.left)
    if is_request is False and known.answered:
        return Answer("enip", known.name, command)
    return Request("enip", known.verb, known.name, command, one_way=not known.answered)


def _name(command: int) -> str:
    return COMMANDS[command].name if command in COMMANDS else f"command 0x{command:04x}"


def _listing(command: int, mark: bytes, read: Reader) -> Iterator[Event]:
    """The List commands ask with an empty body and answer with items, on TCP and UDP alike (volume 2, 2-4.1 to 2-4.3)."""
    if not read.left:
        details: Details = (("signature", SCAN_SIGNATURE.hex().upper()),) if mark == SCAN_SIGNATURE else ()
        yield Request("enip", Verb.DISCOVER, _name(command), command, details=details)
        return
    said = [LISTED[kind](item) for kind, item in items(read) if kind in LISTED]
    yield Answer("enip", _name(command), command, details=tuple(fact for details, _ in said for fact in details))
    yield from (Identity("enip", (), facts) for _, facts in said if facts)


def joined(request: Request, message: Reader) -> Iterator[Event]:
    """What the answer in `message` (a whole EtherNet/IP message) says of the device, now that its request is known."""
    try:
        command = message.le16()
        message.take(2)
        if request.protocol == "cip" and command in _CARRIERS and not _carrier_status(command, message):
            for _, part in carried(message):
                yield from cip.joined(request, part)
    except Malformed as flaw:
        yield Anomaly("enip", flaw.reason, flaw.offset, beside=True)
