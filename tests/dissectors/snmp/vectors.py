"""SNMP messages that Wireshark decodes without error, and short ways to make and read them."""

from otwatch.dissectors.base import read
from otwatch.dissectors.snmp import SNMP
from otwatch.events import Answer, Event, Identity, Request

SET = "302b020100040770726976617465a31d0202002a0201000201003011300f060a2b06010201210108020002011e"
SECURED = (
    "3075020103300e02014d020300ffe304010502010304323030040d80001f8880e9630000d61ff449020101020204d20408626d7361646d696e"
    "040c104f70120df0c79080c7dff70400302c040d80001f8880e9630000d61ff4490400a019020101020100020100300e300c06082b060102010101000500"
)
TRAP_V1 = "303802010004067075626c6963a42b06092b060104010401021540047f000001020102020100430100300f300d06082b06010201020100020121"

SYS_DESCR, SYS_OBJECT_ID, SYS_NAME = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.5.0"
NULL = b"\x05\x00"


def tlv(tag: int, *content: bytes) -> bytes:
    body = b"".join(content)
    size = bytes([len(body)]) if len(body) < 0x80 else b"\x82" + len(body).to_bytes(2)
    return bytes([tag]) + size + body


def number(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, signed=True))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    return tlv(6, *(_arc(arc) for arc in (40 * first + second, *rest)))


def _arc(value: int) -> bytes:
    septets = [value & 0x7F]
    while value := value >> 7:
        septets.insert(0, value & 0x7F | 0x80)
    return bytes(septets)


def binding(name: str, value: bytes = NULL) -> bytes:
    return tlv(0x30, oid(name), value)


def message(tag: int, *bindings: bytes, status: int = 0, version: int = 1, community: bytes = b"public") -> bytes:
    pdu = tlv(tag, number(4711), number(status), number(0), tlv(0x30, *bindings))
    return tlv(0x30, number(version), tlv(4, community), pdu)


def said(payload: bytes) -> list[Event]:
    return [event for message in read(SNMP, payload, None).messages for event in message.events]


def asked(payload: bytes) -> Request:
    return next(event for event in said(payload) if isinstance(event, Request))


def told(payload: bytes) -> Answer:
    return next(event for event in said(payload) if isinstance(event, Answer))


def facts(payload: bytes) -> dict[str, str]:
    return {field: value for event in said(payload) if isinstance(event, Identity) for field, value in event.fields}


def secured(flags: int, data: bytes, engine: bytes = bytes.fromhex("800000f803001b1b0a0b0c")) -> bytes:
    header = tlv(0x30, number(77), number(65507), tlv(4, bytes([flags])), number(3))
    security = tlv(0x30, tlv(4, engine), number(4), number(1000), tlv(4, b"bms"), tlv(4, bytes(12)), tlv(4, bytes(8)))
    return tlv(0x30, number(3), header, tlv(4, security), data)


def scoped(tag: int, *bindings: bytes) -> bytes:
    return tlv(0x30, tlv(4, b""), tlv(4, b""), tlv(tag, number(9), number(0), number(0), tlv(0x30, *bindings)))
