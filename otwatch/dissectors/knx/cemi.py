"""cEMI: telegrams of the bus inside KNXnet/IP, and properties of the interface itself (EN 50090-4-3, KNX specification 3/6/3).

    message code 1 | additional information length 1, bytes | control 1 + 1 | source 2 | destination 2 | length 1 | TPCI and APCI 1..2, data

Nobody owns a group address: who sends to it speaks to all who listen. A telegram that a client hands to the interface (.req) is an
order of that client, whatever source address stands in it; the interface confirms it (.con), and tells what it hears on the bus (.ind)
to every client and to other lines.
"""

from collections.abc import Iterator
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Point, Request, Route, Verb

NAME = "knx"
REQUEST, CONFIRMATION, INDICATION = 0x11, 0x2E, 0x29
MESSAGES = {
    0x10: "L_Raw.req", REQUEST: "L_Data.req", 0x13: "L_Poll_Data.req", 0x25: "L_Poll_Data.con", INDICATION: "L_Data.ind",
    0x2B: "L_Busmon.ind", 0x2D: "L_Raw.ind", CONFIRMATION: "L_Data.con", 0x2F: "L_Raw.con", 0x41: "T_Data_Connected.req",
    0x4A: "T_Data_Individual.req", 0x89: "T_Data_Connected.ind", 0x94: "T_Data_Individual.ind", 0xF0: "M_Reset.ind",
    0xF1: "M_Reset.req", 0xF5: "M_PropWrite.con", 0xF6: "M_PropWrite.req", 0xF7: "M_PropInfo.ind", 0xF8: "M_FuncPropCommand.req",
    0xF9: "M_FuncPropStateRead.req", 0xFA: "M_FuncPropCommand.con", 0xFB: "M_PropRead.con", 0xFC: "M_PropRead.req",
}  # fmt: skip


class Service(NamedTuple):
    name: str
    verb: Verb


MANAGEMENT: dict[int, Service] = {
    0xF1: Service("M_Reset", Verb.CONTROL),
    0xF6: Service("M_PropWrite", Verb.ADMIN),
    0xF8: Service("M_FuncPropCommand", Verb.ADMIN),
    0xF9: Service("M_FuncPropStateRead", Verb.READ),
    0xFC: Service("M_PropRead", Verb.READ),
}
"""What a client asks of the interface, by message code."""
_ANSWERS = {0xF5: 0xF6, 0xFA: 0xF8, 0xFB: 0xFC}

GROUP_READ, GROUP_RESPONSE, GROUP_WRITE = 0x000, 0x040, 0x080
SERVICES: dict[int, Service] = {
    GROUP_READ: Service("GroupValueRead", Verb.READ),
    GROUP_RESPONSE: Service("GroupValueResponse", Verb.READ),
    GROUP_WRITE: Service("GroupValueWrite", Verb.WRITE),
    0x0C0: Service("IndividualAddressWrite", Verb.ADMIN),
    0x100: Service("IndividualAddressRead", Verb.DISCOVER),
    0x140: Service("IndividualAddressResponse", Verb.DISCOVER),
    0x180: Service("ADCRead", Verb.READ),
    0x1C0: Service("ADCResponse", Verb.READ),
    0x200: Service("MemoryRead", Verb.READ),
    0x240: Service("MemoryResponse", Verb.READ),
    0x280: Service("MemoryWrite", Verb.PROGRAM),
    0x2C0: Service("UserMemoryRead", Verb.READ),
    0x2C1: Service("UserMemoryResponse", Verb.READ),
    0x2C2: Service("UserMemoryWrite", Verb.PROGRAM),
    0x2C4: Service("UserMemoryBitWrite", Verb.PROGRAM),
    0x2C5: Service("UserManufacturerInfoRead", Verb.DISCOVER),
    0x2C6: Service("UserManufacturerInfoResponse", Verb.DISCOVER),
    0x2C7: Service("FunctionPropertyCommand", Verb.ADMIN),
    0x2C8: Service("FunctionPropertyStateRead", Verb.READ),
    0x2C9: Service("FunctionPropertyStateResponse", Verb.READ),
    0x300: Service("DeviceDescriptorRead", Verb.DISCOVER),
    0x340: Service("DeviceDescriptorResponse", Verb.DISCOVER),
    0x380: Service("Restart", Verb.CONTROL),
    0x381: Service("MasterReset", Verb.CONTROL),
    0x3A1: Service("MasterResetResponse", Verb.CONTROL),
    0x3C0: Service("FilterTableOpen", Verb.SESSION),
    0x3C1: Service("FilterTableRead", Verb.READ),
    0x3C2: Service("FilterTableResponse", Verb.READ),
    0x3C3: Service("FilterTableWrite", Verb.ADMIN),
    0x3C8: Service("RouterMemoryRead", Verb.READ),
    0x3C9: Service("RouterMemoryResponse", Verb.READ),
    0x3CA: Service("RouterMemoryWrite", Verb.PROGRAM),
    0x3CD: Service("RouterStatusRead", Verb.READ),
    0x3CE: Service("RouterStatusResponse", Verb.READ),
    0x3CF: Service("RouterStatusWrite", Verb.ADMIN),
    0x3D0: Service("MemoryBitWrite", Verb.PROGRAM),
    0x3D1: Service("AuthorizeRequest", Verb.AUTH),
    0x3D2: Service("AuthorizeResponse", Verb.AUTH),
    0x3D3: Service("KeyWrite", Verb.ADMIN),
    0x3D4: Service("KeyResponse", Verb.ADMIN),
    0x3D5: Service("PropertyValueRead", Verb.READ),
    0x3D6: Service("PropertyValueResponse", Verb.READ),
    0x3D7: Service("PropertyValueWrite", Verb.ADMIN),
    0x3D8: Service("PropertyDescriptionRead", Verb.DISCOVER),
    0x3D9: Service("PropertyDescriptionResponse", Verb.DISCOVER),
    0x3DA: Service("NetworkParameterRead", Verb.READ),
    0x3DB: Service("NetworkParameterResponse", Verb.READ),
    0x3DC: Service("IndividualAddressSerialNumberRead", Verb.DISCOVER),
    0x3DD: Service("IndividualAddressSerialNumberResponse", Verb.DISCOVER),
    0x3DE: Service("IndividualAddressSerialNumberWrite", Verb.ADMIN),
    0x3E0: Service("DomainAddressWrite", Verb.ADMIN),
    0x3E1: Service("DomainAddressRead", Verb.DISCOVER),
    0x3E2: Service("DomainAddressResponse", Verb.DISCOVER),
    0x3E3: Service("DomainAddressSelectiveRead", Verb.DISCOVER),
    0x3E4: Service("NetworkParameterWrite", Verb.ADMIN),
    0x3E5: Service("LinkRead", Verb.READ),
    0x3E6: Service("LinkResponse", Verb.READ),
    0x3E7: Service("LinkWrite", Verb.ADMIN),
    0x3F1: Service("SecureService", Verb.OTHER),
}
"""By APCI (KNX specification 3/3/7)."""
_WITH_DATA = frozenset({
    0x000, 0x040, 0x080, 0x0C0, 0x100, 0x140, 0x180, 0x1C0, 0x200, 0x240, 0x280, 0x300, 0x340,
})  # fmt: skip
"""Services of four bits: the other six hold a short value, a number of bytes, a channel, a type of descriptor."""
_CONTROL = {0x80: "T_Connect", 0x81: "T_Disconnect", 0xC2: "T_ACK", 0xC3: "T_NAK"}
_AUTHORIZE, _AUTHORIZED, _NO_KEY = 0x3D1, 0x3D2, "ffffffff"
_LONGEST = 14
_GROUP, _NOT_CONFIRMED = 0x80, 0x01
TRANSPORT = 0x1000
"""Code of what only opens, closes and acknowledges a connection on the bus: this and the TPCI."""


def telegram(read: Reader, from_server: bool) -> Iterator[Event]:
    """One cEMI message. `from_server`: an interface hands it to a client, who is not the one it is for."""
    message = read.u8()
    if message in (REQUEST, CONFIRMATION, INDICATION):
        yield from _data(message, read, from_server)
    elif message in MANAGEMENT:
        yield _managed(message, read)
    elif message in _ANSWERS:
        read.aside(read.left)
        row = MANAGEMENT[_ANSWERS[message]]
        yield Answer(NAME, row.name, _ANSWERS[message])
    else:
        read.aside(read.left)
        name = MESSAGES.get(message, f"cEMI message 0x{message:02x}")
        yield Request(NAME, Verb.OTHER, name, message, one_way=True)


def _managed(message: int, read: Reader) -> Request:
    """Object type 2, instance 1, property 1, number of elements and first 2, data."""
    row = MANAGEMENT[message]
    points: tuple[Point, ...] = ()
    if read.left >= 4:
        kind, instance, number = read.fields(">HBB")
        points = (Point("property", name=f"{kind}/{instance}/{number}"),)
    read.aside(read.left)
    return Request(NAME, row.verb, row.name, message, points=points, one_way=True)


def _data(message: int, read: Reader, from_server: bool) -> Iterator[Event]:
    read.take(read.u8())  # additional information
    control, more, source, destination, length = read.fields(">BBHHB")
    is_group = bool(more & _GROUP)
    origin = (f"knx {individual(source)}",) if source and message != REQUEST else ()
    if not length:
        yield _transport(read.u8(), origin, destination)
        return
    code = read.u16() & 0x3FF
    short = code & 0x3C0
    service = short if short in _WITH_DATA else code
    row = SERVICES.get(service, Service(f"APCI 0x{code:03x}", Verb.OTHER))
    data = read.part(length - 1)
    details: Details = (("message", MESSAGES[message]), *_authorization(service, data))
    if message == CONFIRMATION:
        data.aside(data.left)
        failed = bool(control & _NOT_CONFIRMED)
        yield Answer(NAME, row.name, service, error="not sent on the bus" if failed else "", error_code="1" if failed else "")
        return
    if row.name.endswith("Response") and service != GROUP_RESPONSE:
        data.aside(data.left)
        yield Answer(NAME, row.name, service, target=origin, details=details)
        return
    told = message == INDICATION and from_server
    writes = service == GROUP_WRITE and not told
    value = _value(code & 0x3F, data) if writes else ""
    data.aside(data.left)
    yield Request(
        NAME, Verb.ALARM if told and row.verb in (Verb.READ, Verb.WRITE) else row.verb, row.name, service,
        target=() if is_group or not destination else (f"knx {individual(destination)}",), origin=origin,
        points=(Point("group", destination, name=group(destination)),) if is_group and destination else (),
        values=(value,) if value else (), details=details, one_way=True,
    )  # fmt: skip


def _authorization(service: int, data: Reader) -> Details:
    """Whether a key was shown at all, never which; the level of an answer, where 0 may do everything."""
    if service == _AUTHORIZE and data.left >= 5:
        data.take(1)
        return (("key", "none" if data.take(4).hex() == _NO_KEY else "present"),)
    return (("level", str(data.u8())),) if service == _AUTHORIZED and data.left else ()


def _value(low: int, data: Reader) -> str:
    """Up to six bits stand beside the service, more behind it."""
    return str(low) if not data.left else f"0x{data.take(min(data.left, _LONGEST)).hex()}"


def _transport(control: int, origin: Route, destination: int) -> Request:
    known = control if control in _CONTROL else control & 0xC3
    name = _CONTROL.get(known, f"TPCI 0x{control:02x}")
    return Request(NAME, Verb.SESSION, name, TRANSPORT | known, (f"knx {individual(destination)}",), origin, one_way=True)


def individual(address: int) -> str:
    """Area, line and device."""
    return f"{address >> 12}.{address >> 8 & 15}.{address & 255}"


def group(address: int) -> str:
    """Main, middle and sub group, the form in three levels."""
    return f"{address >> 11}/{address >> 8 & 7}/{address & 255}"


def require(read: Reader, size: int) -> None:
    """The size of a structure that says its own."""
    found = read.u8()
    if found != size:
        raise Malformed(f"a structure of {size} bytes says it has {found}", read.at - 1)
