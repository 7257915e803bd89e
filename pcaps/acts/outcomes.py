"""The same order three ways: done, refused, and seen from one side only, where the mirror does not show what was answered.

In the quiet twin the same client asks for a value.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from pcaps.acts import messages as say
from pcaps.acts.act import GTB_2, OFFICE, PLC, SWITCHBOARD, THEATRE, UPS, VALMONT, Act
from pcaps.acts.frames import Story, sender

_RELAY = "10.21.2.30"


class Order(NamedTuple):
    """`begins`: what opens a session, pairs of question and answer. `told`: the variants for done, refused and unheard; "" for none.
    `harmless`: what the quiet twin asks, and what it is told."""

    name: str
    detection: str
    client: str
    server: str
    port: int
    order: bytes
    done: bytes
    refused: bytes
    harmless: tuple[bytes, bytes]
    begins: tuple[tuple[bytes, bytes], ...] = ()
    transport: str = "tcp"
    told: tuple[str, str, str] = ("success", "failure", "unknown")
    beside: bool = False


def _said(one: Order, question: bytes, answer: bytes, story: Story) -> None:
    if one.transport == "udp":
        own = one.port if one.port == 47808 else 0
        story.ask(one.client, one.server, one.port, question, answer, own=own)
        return
    connection = story.connect(one.client, one.server, one.port)
    for asked, given in (*one.begins, (question, answer)):
        connection.ask(asked, given)
    connection.close()


def _one_way(one: Order, question: bytes, answer: bytes, story: Story) -> None:
    """Only what the client sends is seen."""
    heard = Story(story.now)
    _said(one, question, answer, heard)
    story.frames += [frame for frame in heard.frames if sender(frame) == one.client]


def acts_of(*orders: Order) -> tuple[Act, ...]:
    return tuple(act for one in orders for act in _acts(one))


def _acts(one: Order) -> Iterator[Act]:
    done, refused, unheard = one.told
    for ending, variant, answer, play in (
        ("done", done, one.done, _said), ("refused", refused, one.refused, _said), ("unheard", unheard, one.done, _one_way),
    ):  # fmt: skip
        if variant:
            raises, quiet = partial(play, one, one.order, answer), partial(play, one, *one.harmless)
            yield Act(f"{one.name}-{ending}", one.detection, variant, raises, quiet, site=VALMONT, beside=one.beside)


def _cotp(parameters: str) -> tuple[bytes, bytes]:
    """A connection and its confirmation (ISO 8073 13.3)."""
    return say.tpkt("11 e0 0000 0001 00 " + parameters), say.tpkt("11 d0 0001 0002 00 " + parameters)


MODBUS_READ = (say.READ, say.VALUES)
_S7_CONNECTED = _cotp("c0 01 0a c1 02 0100 c2 02 0102")
S7_READ = (
    say.tpkt("02f080 3201000000010 00e0000 0401 120a10020001000184000000".replace(" ", "")),
    say.tpkt("02f080 320300000001000200050000 0401 ff040008 2a"),
)
_S7_WRITE = say.tpkt("02f080 320100000001000e0006 0501120a10040001000184000000 000400100001")
_I104_STARTED = (bytes.fromhex("680407000000"), bytes.fromhex("68040b000000"))
_I104_COMMAND = "680e02000400 2d01 {} 00 0300 941100 01"
_I104_ASKED = "680e02000400 6401 {} 00 0300 000000 14"


BACNET_READ = say.bacnet("0005 01 0c 0c00800001 1955"), say.bacnet("30 01 0c 0c00800001 1955 3e 4441a80000 3f")


def _telecontrol(text: str, cause: str) -> bytes:
    return bytes.fromhex(text.format(cause))


def _mms(pdu: bytes) -> bytes:
    """In all its envelopes (ISO 8327, 8823, 9506)."""
    return say.tpkt(f"02f080 01000100 {say.ber(0x61, say.ber(0x30, bytes.fromhex('020103'), say.ber(0xA0, pdu))).hex()}")


def _mms_request(service: bytes) -> bytes:
    return _mms(say.ber(0xA0, b"\2\1\x08", service))


def _mms_answer(service: bytes) -> bytes:
    return _mms(say.ber(0xA1, b"\2\1\x08", service))


_SWITCH = say.ber(0x30, say.ber(0xA0, say.ber(0xA1, say.ber(0x1A, b"CB1"), say.ber(0x1A, b"CSWI1$CO$Pos$Oper"))))
_OPERATE = _mms_request(say.ber(0xA5, say.ber(0xA0, _SWITCH), say.ber(0xA0, say.ber(0xA2, b"\x83\1\xff"))))
_IDENTIFIED = say.ber(0xA2, say.ber(0x80, b"SIEMENS"), say.ber(0x81, b"7SJ85"), say.ber(0x82, b"V7.80"))
_MMS_CONNECTED = _cotp("c0 01 0a c1 02 0000 c2 02 0001")


def cip(message: str, status: str = "") -> bytes:
    """Unconnected, in SendRRData (CIP Networks Library, volume 2, 2-4.7)."""
    said = bytes.fromhex(message)
    data = bytes(6) + b"\2\0" + bytes(4) + b"\xb2\0" + len(said).to_bytes(2, "little") + said
    return b"\x6f\0" + len(data).to_bytes(2, "little") + b"\1\0\0\0" + bytes(16) + data


REGISTERED = (bytes.fromhex("65000400 00000000") + bytes(16) + b"\1\0\0\0", bytes.fromhex("65000400 01000000") + bytes(16) + b"\1\0\0\0")
_TAG = "03 9104 4e495645"

_NONE = b"\xff\xff\xff\xff"


def _ua_text(text: str) -> bytes:
    return len(text).to_bytes(4, "little") + text.encode()


def _ua(service: int, body: bytes) -> bytes:
    """A message on channel 1 (OPC 10000-6, 6.7.2); services by the numbers of their encodings."""
    said = bytes.fromhex("010000000100000009000000070000000100") + service.to_bytes(2, "little") + body
    return b"MSGF" + (8 + len(said)).to_bytes(4, "little") + said


_UA_ASKS = b"\5\0\0" + _ua_text("token") + bytes(8) + b"\1\0\0\0" + bytes(4) + _NONE + bytes.fromhex("10270000") + bytes(3)
_UA_GOOD = bytes(8) + b"\1\0\0\0" + bytes(4) + b"\0" + _NONE + bytes(3)
_UA_NODE = b"\1\0\0\0" + b"\3\2\0" + _ua_text("AHU1.SP") + b"\x0d\0\0\0" + _NONE
_UA_GREETED = (
    b"HELF\x36\0\0\0" + bytes(4) + b"\xff\xff\0\0" * 2 + bytes(8) + _ua_text("opc.tcp://10.23.1.30:4"),
    b"ACKF\x1c\0\0\0" + bytes(4) + b"\xff\xff\0\0" * 2 + bytes(8),
)

ORDERS = (
    Order("register-written", "modbus.write.unexpected", GTB_2, PLC, 502, say.wrote(4001, 30), say.wrote(4001, 30),
          say.modbus("86 02"), MODBUS_READ),
    Order("setpoint-written", "bacnet.write.unexpected", GTB_2, THEATRE, 47808, say.write_property(2, 1, "4441a80000", 8), say.done(),
          say.bacnet("50 01 0f 9102 9128"), BACNET_READ, transport="udp"),
    Order("memory-written", "umas.write.unexpected", GTB_2, SWITCHBOARD, 502, say.modbus("5a 00 21 00 0001 0000 0000 0200 0102"),
          say.modbus("5a 00 fe"), say.modbus("5a 00 fd 80"), (say.modbus("5a 00 04"), say.modbus("5a 00 fe")),
          told=("memory", "failure", ""), beside=True),
    Order("name-set", "snmp.set.unexpected", GTB_2, UPS, 161, say.snmp(say.SET, "2b06010201010500", b"\4\3xyz"),
          say.snmp(say.ANSWER, "2b06010201010500", b"\4\3xyz"), say.snmp_refused("2b06010201010500"),
          (say.snmp(say.GET, say.UPTIME), say.snmp(say.ANSWER, say.UPTIME, b"\x43\1\x64")), transport="udp", told=("other", "failure", "")),
    Order("block-written", "s7.write.unexpected", GTB_2, PLC, 102, _S7_WRITE, say.tpkt("02f080 320300000001000200010000 0501 ff"),
          say.tpkt("02f080 320300000001000200010000 0501 05"), S7_READ, (_S7_CONNECTED,)),
    Order("breaker-switched", "iec104.write.unexpected", GTB_2, _RELAY, 2404, _telecontrol(_I104_COMMAND, "06"),
          _telecontrol(_I104_COMMAND, "07"), _telecontrol(_I104_COMMAND, "47"),
          (_telecontrol(_I104_ASKED, "06"), _telecontrol(_I104_ASKED, "07")), (_I104_STARTED,)),
    Order("breaker-operated", "mms.write.unexpected", GTB_2, _RELAY, 102, _OPERATE, _mms_answer(say.ber(0xA5, b"\x81\0")),
          _mms_answer(say.ber(0xA5, b"\x80\1\3")), (_mms_request(b"\x82\0"), _mms_answer(_IDENTIFIED)), (_MMS_CONNECTED,)),
    Order("tag-written", "cip.write.unexpected", GTB_2, "10.23.1.5", 44_818, cip(f"4d {_TAG} c400 0100 2a000000"), cip("cd 00 00 00"),
          cip("cd 00 04 00"), (cip(f"4c {_TAG} 0100"), cip("cc 00 00 00 c400 2a000000")), (REGISTERED,)),
    Order("node-written", "opcua.write.unexpected", GTB_2, "10.23.1.30", 4840,
          _ua(673, _UA_ASKS + _UA_NODE + bytes.fromhex("010a0000ac41")),
          _ua(676, _UA_GOOD + b"\1\0\0\0" + bytes(4) + _NONE), _ua(676, _UA_GOOD + b"\1\0\0\0" + bytes.fromhex("00001f80") + _NONE),
          (_ua(631, _UA_ASKS + bytes(8) + b"\3\0\0\0" + _UA_NODE + bytes(2) + _NONE),
           _ua(634, _UA_GOOD + b"\1\0\0\0" + bytes.fromhex("010a0000ac41") + _NONE)), (_UA_GREETED,)),
    Order("water-cold", "write.out_of_limits", "10.20.1.12", "10.23.1.20", 502, say.wrote(100, 480), say.wrote(100, 480),
          say.modbus("86 04"), MODBUS_READ, told=("", "failure", "unknown")),
    Order("camera-set", "web.admin.change", OFFICE, "10.24.5.10", 80, say.http("PUT /ISAPI/System/reboot HTTP/1.1", "Host: 10.24.5.10"),
          say.http("HTTP/1.1 200 OK", "Server: App-webs/"), say.http("HTTP/1.1 403 Forbidden", "Server: App-webs/"),
          (say.http("GET /ISAPI/System/deviceInfo HTTP/1.1", "Host: 10.24.5.10"), say.http("HTTP/1.1 200 OK", "Server: App-webs/")),
          told=("", "failure", "unknown")),
)  # fmt: skip
OUTCOMES = acts_of(*ORDERS)
