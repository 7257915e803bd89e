"""PROFINET DCP: who is there, and what their names and addresses are (IEC 61158-6-10, "Discovery and basic Configuration Protocol").

    frame id 2 | service 1 | 0 request, 1 answer, 5 not supported 1 | number 4 | delay 2 | length 2 | blocks
    block   option 1 | sub-option 1 | length 2 | contents | 0 up to an even place

Contents begin with 2 bytes of status in an answer, and with 2 bytes that say how long a Set lasts. The same ethertype carries cyclic data
and alarms under other frame ids: of these nothing is read.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Identity, Point, Request, Verb, clean

NAME = "profinet"
HELLO, GET_SET, IDENTIFY, IDENTIFIED = 0xFEFC, 0xFEFD, 0xFEFE, 0xFEFF
_HIGH, _LOW = HELLO >> 8, frozenset(frame & 0xFF for frame in (HELLO, GET_SET, IDENTIFY, IDENTIFIED))
_ASKS, _ANSWERS = 0, frozenset({1, 5})
_NOT_SUPPORTED = 5
GET, SET, IDENTIFY_SERVICE, HELLO_SERVICE = 3, 4, 5, 6


class Service(NamedTuple):
    name: str
    verb: Verb


SERVICES: dict[int, Service] = {
    GET: Service("Get", Verb.READ),
    SET: Service("Set", Verb.ADMIN),
    IDENTIFY_SERVICE: Service("Identify", Verb.DISCOVER),
    HELLO_SERVICE: Service("Hello", Verb.DISCOVER),
}

BLOCKS: dict[tuple[int, int], str] = {
    (1, 1): "MAC address", (1, 2): "IP parameter", (1, 3): "full IP suite", (2, 1): "type of station", (2, 2): "name of station",
    (2, 3): "device id", (2, 4): "device role", (2, 5): "device options", (2, 6): "alias name", (2, 7): "device instance",
    (2, 8): "OEM device id", (2, 9): "standard gateway", (3, 12): "DHCP host name", (3, 43): "DHCP vendor specific",
    (3, 54): "DHCP server", (3, 55): "DHCP parameters", (3, 60): "DHCP class", (3, 61): "DHCP client id", (5, 1): "start transaction",
    (5, 2): "end transaction", (5, 3): "signal", (5, 4): "response", (5, 5): "factory reset", (5, 6): "reset to factory",
    (6, 1): "device initiative", (255, 255): "all",
}  # fmt: skip
"""By option and sub-option."""
_IP, _FULL_IP, _NAME, _RESPONSE, _ALL = (1, 2), (1, 3), (2, 2), (5, 4), (255, 255)
_CONTROL = 5
ERRORS = (
    "", "option not supported", "sub-option not supported", "sub-option not set", "resource error", "not possible by local reasons",
    "not possible in operation",
)  # fmt: skip
ROLES = ((1, "IO device"), (2, "IO controller"), (4, "IO multidevice"), (8, "IO supervisor"))
_SIEMENS = 0x002A
MOST = 16


class Block(NamedTuple):
    key: tuple[int, int]
    contents: Reader

    @property
    def name(self) -> str:
        return BLOCKS.get(self.key) or f"option {self.key[0]}/{self.key[1]}"


def looks_like(read: Reader, _: bool) -> bool:
    """A frame id, a service and a length of blocks that belong together."""
    frame, service, kind, length = read.fields(">HBB6xH")
    is_dcp = HELLO <= frame <= IDENTIFIED and service in SERVICES
    return is_dcp and (kind == _ASKS or kind in _ANSWERS) and length <= read.left


def decode(read: Reader, _: bool | None) -> Iterable[Event]:
    if not HELLO <= read.u16() <= IDENTIFIED:
        read.aside(read.left)
        return ()
    service, kind = read.fields(">BB")
    read.ticket(4)
    read.aside(2)  # how long everybody may take to answer
    blocks = read.part(read.u16())
    read.aside(read.left)  # padding of the frame
    if service not in SERVICES:
        raise Malformed(f"service {service} is not defined", 2)
    if kind == _ASKS:
        return _asked(service, blocks)
    if kind in _ANSWERS:
        return _answered(service, kind, blocks)
    raise Malformed(f"type {kind} is neither request nor answer", 3)


def _asked(service: int, blocks: Reader) -> Iterator[Event]:
    row = SERVICES[service]
    if service == GET:
        yield Request(NAME, row.verb, row.name, service, points=tuple(_wanted(blocks)))
        return
    found = list(_blocks(blocks))
    if service == SET:
        yield _set(row, found)
    elif service == IDENTIFY_SERVICE:
        details = tuple((block.name, _text(block)) for block in found if block.key != _ALL and block.contents.left)
        yield Request(NAME, row.verb, row.name, service, details=details, one_way=True)
    else:
        yield Request(NAME, row.verb, row.name, service, one_way=True)
        yield from _identity(found)


def _wanted(blocks: Reader) -> Iterator[Point]:
    """Pairs of option and sub-option."""
    for _ in range(min(blocks.left // 2, MOST)):
        yield _point((blocks.u8(), blocks.u8()))


def _set(row: Service, found: list[Block]) -> Request:
    """What gets which value; orders (signal, reset) are no values."""
    orders = [block for block in found if block.key[0] == _CONTROL]
    for block in found:
        if block.contents.left >= 2:
            block.contents.take(2)
    named = [block for block in found if block not in orders]
    verb = Verb.CONTROL if any(block.key[1] > 2 for block in orders) else row.verb
    details: Details = tuple(("order", block.name) for block in orders)
    points, values = tuple(_point(block.key) for block in named), tuple(map(_text, named))
    return Request(NAME, verb, row.name, SET, points=points, values=values, details=details)


def _answered(service: int, kind: int, blocks: Reader) -> Iterator[Event]:
    found = list(_blocks(blocks))
    error, code = ("not supported", "5") if kind == _NOT_SUPPORTED else _refused(found)
    yield Answer(NAME, SERVICES[service].name, service, error=error, error_code=code)
    if not error and service != SET:
        for block in found:
            block.contents.take(min(2, block.contents.left))
        yield from _identity(found)


def _refused(found: list[Block]) -> tuple[str, str]:
    """The first block of a Set that was refused: option 1, sub-option 1, error 1."""
    for block in found:
        if block.key == _RESPONSE and block.contents.left >= 3:
            (error,) = block.contents.fields(">2xB")
            if error:
                return ERRORS[error] if error < len(ERRORS) else f"error {error}", str(error)
    return "", ""


def _blocks(read: Reader) -> Iterator[Block]:
    for _ in range(MOST):
        if read.left < 4:
            return
        option, sub, length = read.fields(">BBH")
        yield Block((option, sub), read.part(length))
        if length % 2 and read.left:
            read.take(1)


def _point(key: tuple[int, int]) -> Point:
    return Point("dcp", name=BLOCKS.get(key) or f"option {key[0]}/{key[1]}")


def _text(block: Block) -> str:
    """A value as people read it."""
    contents = block.contents
    if block.key in (_IP, _FULL_IP) and contents.left >= 12:
        return "/".join((_ip(contents), _ip(contents))) + f" gateway {_ip(contents)}"
    raw = contents.rest()
    return clean(raw) if block.key in ((2, 1), _NAME, (2, 6)) else clean(raw.hex())


def _ip(read: Reader) -> str:
    return ".".join(map(str, read.fields(">4B")))


def _identity(found: list[Block]) -> Iterator[Event]:
    facts = {name: value for block in found for name, value in _facts(block)}
    if facts:
        yield Identity(NAME, (), tuple(facts.items()))


def _facts(block: Block) -> Iterator[tuple[str, str]]:
    """What a block says of the device; 0.0.0.0 and an empty name are none."""
    contents = block.contents
    if block.key in (_IP, _FULL_IP) and contents.left >= 4:
        address = _ip(contents)
        yield from ((("ip", address),) if any(part != "0" for part in address.split(".")) else ())
    elif block.key == (2, 3) and contents.left >= 4:
        vendor, device = contents.fields(">HH")
        yield "vendor_id", f"0x{vendor:04x}"
        yield "product_code", f"0x{device:04x}"
        yield from ((("vendor", "Siemens"),) if vendor == _SIEMENS else ())
    elif block.key == (2, 4) and contents.left:
        role = contents.u8()
        yield "device_type", ", ".join(name for bit, name in ROLES if role & bit) or f"role {role}"
    elif block.key in _TEXTS and (text := clean(contents.rest())):
        yield _TEXTS[block.key], text


_TEXTS = {(2, 1): "product", _NAME: "name", (2, 6): "description"}

PROFINET = Dissector(
    name=NAME,
    title="PROFINET DCP",
    transports=frozenset({"ethernet"}),
    ports=frozenset(),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    ethertype=0x8892,
    tells=True,
    marks=((0, frozenset({_HIGH})), (1, _LOW)),
)
