"""Literal messages of the industrial protocols, by the dissector's name: domain/protocols.md 15.4 where it has them, else made by hand."""

from pathlib import Path

from otwatch.capture import open_captures
from otwatch.dissectors import DISSECTORS
from otwatch.dissectors.base import Dissector, read
from otwatch.events import Details, Envelope, Event
from otwatch.sightings import Sighting
from otwatch.wire import Wire, sightings


def s7(kind: int, parameter: str, data: str = "", error: str = "") -> str:
    """A message of S7comm in its envelope."""
    body = f"32{kind:02x}00000001{len(parameter) // 2:04x}{len(data) // 2:04x}{error}{parameter}{data}"
    return f"0300{7 + len(body) // 2:04x}02f080{body}"


S7_CONNECT = "0300001611e00000000100c0010ac1020100c2020102"
S7_WRITE = "0300002502f080320100000001000e00060501120a10040001000184000000000400100001"
S7_WRITTEN = "0300001602f0803203000000010002000100000501ff"
S7_STOP = "0300002102f0803201000000010010000029000000000009505f50524f4752414d"
S7_START = "0300002502f0803201000000020014000028000000000000fd000009505f50524f4752414d"
S7_INSERT = "0300002b02f08032010000000c001a000028000000000000fd000a01003041303030303141055f494e5345"
S7_DOWNLOAD = "0300003102f080320100000001002000001a00010000000000095f30383030303031500d31303030313030303030303838"
S7_UPLOAD = "0300002302f080320100000002001200001d00000000000000095f3041303030303141"
S7_BLOCK_ASKED = "0300002302f080320100000003001200001b00000000000000095f3038303030303150"
S7_BLOCK_GIVEN = "0300001d02f080320300000003000200080000" + "1b00" + "000400fb70700101"
S7_PASSWORD = "0300002502f0803207000000020008000c0001120411450100ff090008213a1b1d6e681b1d"
S7_CLOCK = "0300002702f0803207000000020008000e0001120411470200ff09000a00192311231430000001"
S7_SZL = "0300002102f080320700000003000800080001120411440100ff09000400110000"
S7_SZL_TOLD = (
    "0300004502f0803207000000030"  # one record: index 1, order number, type, then 5 and 1
    "00c002800011208128401000000" + "0000" + "ff090024" + "00110000001c0001"
    + "0001" + b"6ES7 315-2EH14-0AB0 ".hex() + "00c000030001"
)  # fmt: skip
S7_PLUS = "0300001702f0807201000c31000004ca00000002000000"



def knx(service: int, body: str) -> str:
    """A message of KNXnet/IP."""
    return f"0610{service:04x}{6 + len(body) // 2:04x}{body}"


KNX_WRITE_SWITCH = "0610053000112900bce011050a03010081"
KNX_WRITE_VALUE = "0610053000132900bce011050a040300800c1a"
KNX_RESTART = "061004200015041501001100b06000001105010380"
KNX_AUTHORIZE = "06100420001a041502001100b060000011050603d100ffffffff"
KNX_TOLD = knx(0x0420, "04150100" + "2900bce0110509500300800c1a")
KNX_ACK = knx(0x0421, "04150100")
KNX_NOT_NOW = knx(0x0206, "002408010000000000000402fff0")
KNX_CONNECT = knx(0x0205, "0801c0000205a4120801c0000205a41304040200")
KNX_SEARCH = knx(0x0201, "0801c0000205a412")
KNX_DEVICE = (
    "36010201110100000083000000ff" + "e000170c" + "cc1be0800001" + b"SCN-IP000.03 IP".hex().ljust(60, "0") + "0a020201030104010501"
)
KNX_FOUND = knx(0x0202, "0801c00002030e57" + KNX_DEVICE)
KNX_PROPERTY = knx(0x0310, "04150100" + "f6000b01351001aabb")



def dcp(frame: int, service: int, kind: int, blocks: str) -> str:
    """A frame of PROFINET DCP, behind its ethertype."""
    return f"{frame:04x}{service:02x}{kind:02x}000000010000{len(blocks) // 2:04x}{blocks}"


DCP_IDENTIFY = dcp(0xFEFE, 5, 0, "ffff0000")
DCP_IDENTIFIED = dcp(
    0xFEFF, 5, 1,
    "0202000b0000" + b"cta-bloc3".hex() + "00" + "020100080000" + b"S7-300".hex() + "020300060000002a0301" + "0204000400000200"
    + "0102000e0001" + "c0000214ffffff00c0000201",
)  # fmt: skip
DCP_SET_IP = dcp(0xFEFD, 4, 0, "0102000e0001" + "c0000215ffffff00c0000201")
DCP_SET_NAME = dcp(0xFEFD, 4, 0, "020200060001" + b"cta4".hex())
DCP_RESET = dcp(0xFEFD, 4, 0, "050600020004")
DCP_SET_DONE, DCP_SET_REFUSED = dcp(0xFEFD, 4, 1, "0504000301020000"), dcp(0xFEFD, 4, 1, "0504000302020500")
DCP_GET = dcp(0xFEFD, 3, 0, "02020102")
PROFINET_DATA = "8001" + "80" * 40 + "0a0b3500"

FOX_WORKBENCH = (
    b"fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nhostName=s:ENG-PC01\napp.name=s:Workbench\napp.version=s:3.8.401\n"
    b"os.name=s:Windows 7\nos.version=s:6.1\nhostId=s:Win-0000\n};;\n"
).hex()  # fmt: skip
FOX_STATION = (
    b"fox a 0 -1 fox hello\n{\nhostName=s:10.0.0.9\napp.name=s:Station\nstation.name=s:GTB_Bloc\nbrandId=s:vykon\n"
    b"sysInfo=o:bog 17[<bog>\n};;\n</bog>\n]\n};;\n"
).hex()  # fmt: skip
FOX_CHALLENGE = b"fox a 1 -1 fox challenge\n{\nmethod=s:basic\nnonce=b:5[\n};;\n]\n};;\n".hex()
FOX_LOGIN = b"fox a 2 -1 fox login\n{\nuser=s:admin\npassword=s:secret-of-fox\n};;\n".hex()
FOX_TRAFFIC = b"fox a 7 -1 station sub\n{\nx=s:y\n};;\n".hex()


def hl7(*segments: str) -> str:
    """A message in its frame."""
    text = "\r".join((*segments, ""))
    return f"0b{text.encode().hex()}1c0d"


HL7_ADMIT = hl7("MSH|^~\\&|PACS|RADIO|DPI|CHU|20260105||ADT^A01|4711|P|2.5", "PID|1||135769||MOUSE^MICKEY^")
HL7_DONE = hl7("MSH|^~\\&|DPI|CHU|PACS|RADIO|20260105||ACK^A01|12|P|2.5", "MSA|AA|4711")
HL7_REFUSED = hl7("MSH|^~\\&|DPI|CHU|PACS|RADIO|20260105||ACK|12|P|2.5", "MSA|AE|4711|Patient MOUSE unknown")



def opcua(kind: str, body: str) -> str:
    """A final chunk of OPC UA."""
    return f"{kind.encode().hex()}46{(8 + len(body) // 2).to_bytes(4, 'little').hex()}{body}"


def ua_text(text: str | None) -> str:
    return "ffffffff" if text is None else len(text).to_bytes(4, "little").hex() + text.encode().hex()


def ua_message(service: int, body: str, request: int = 7) -> str:
    """A message on channel 1 with token 1."""
    return opcua("MSG", f"010000000100000009000000{request.to_bytes(4, 'little').hex()}0100{service.to_bytes(2, 'little').hex()}{body}")


UA_ASKS = "050000" + ua_text("token") + "00" * 8 + "01000000" + "00000000" + "ffffffff" + "10270000" + "000000"
UA_TELLS = "00" * 8 + "01000000" + "{}" + "00" + "ffffffff" + "000000"
UA_GOOD = UA_TELLS.format("00000000")
UA_HELLO = opcua("HEL", "00000000" + "ffff0000" * 2 + "00" * 8 + ua_text("opc.tcp://gtb:4840"))
UA_OPEN = (
    "4f504e4684000000000000002f000000687474703a2f2f6f7063666f756e646174696f6e2e6f72672f55412f5365637572697479506f6c696379234e6f6e65"
    "ffffffffffffffff01000000010000000100be01000000000000000000000100000000000000ffffffff10270000000000000000000000000001000000ffffffff"
    "80ee3600"
)
_UA_USER = ua_text("p") + ua_text("admin") + ua_text("secret-of-ua") + ua_text(None)
UA_LOGIN = ua_message(
    467, UA_ASKS + "ffffffff" * 4 + "0100440101" + (len(_UA_USER) // 2).to_bytes(4, "little").hex() + _UA_USER + "ffffffff" * 2
)
UA_WRITE = ua_message(673, UA_ASKS + "01000000" + "03" + "0200" + ua_text("AHU1.SP") + "0d000000" + ua_text(None) + "010a0000ac41")
UA_WRITTEN, UA_NOT_WRITTEN = (ua_message(676, UA_GOOD + "01000000" + code + "ffffffff") for code in ("00000000", "00001f80"))
UA_CALL = ua_message(712, UA_ASKS + "01000000" + "0055" + "01020100" + "01000000" + "0c" + ua_text("stop"))
UA_FAULT = ua_message(397, UA_TELLS.format("00002180"))
_UA_APPLICATION = ua_text("urn:gtb:server") + ua_text("http://maker") + "02" + ua_text("GTB Bloc") + "00000000" + "ffffffff" * 3
_UA_POLICY = ua_text("http://opcfoundation.org/UA/SecurityPolicy#None")
_UA_TOKEN = ua_text("0") + "00000000" + ua_text(None) * 3
UA_ENDPOINTS = ua_message(
    431, UA_GOOD + "01000000" + ua_text("opc.tcp://gtb:4840") + _UA_APPLICATION + ua_text(None) + "01000000" + _UA_POLICY + "01000000"
    + _UA_TOKEN + ua_text(None) + "00",
)  # fmt: skip
UA_GET_ENDPOINTS = ua_message(428, UA_ASKS + ua_text("opc.tcp://gtb:4840") + "ffffffff" * 2)
UA_ASK_VERSION = ua_message(
    631, UA_ASKS + "00" * 8 + "03000000" + "01000000" + "0100d808" + "0d000000" + ua_text(None) + "0000" + ua_text(None)
)
UA_VERSION = ua_message(634, UA_GOOD + "01000000" + "01" + "0c" + ua_text("1.4.2") + "ffffffff")
UA_SEALED = opcua("MSG", "0100000001000000" + "c5" * 64)

I104_START, I104_STARTED, I104_READY = "680407000000", "68040b000000", "680401000a00"
I104_COMMAND = "680e02000400" + "2d0106000300" + "941100" + "01"
I104_SELECT, I104_CONFIRMED = I104_COMMAND[:-2] + "81", I104_COMMAND.replace("2d0106", "2d0107")
I104_REFUSED = I104_COMMAND.replace("2d0106", "2d0147")
I104_FLOAT = "681204000400" + "320106000300" + "9c1300" + "0000ac4100"
I104_CLOCK = "681406000400" + "670106000300" + "000000" + "00102d0e170b19"
I104_MEASURED = "681208000400" + "0d0103000300" + "a00f00" + "0000484200"



def ber(tag: int, *contents: str) -> str:
    body = "".join(contents)
    return f"{tag:02x}{len(body) // 2:02x}{body}"


def mms(pdu: str) -> str:
    """A PDU of MMS in all its envelopes."""
    body = "02f080" + "01000100" + ber(0x61, ber(0x30, "020103", ber(0xA0, pdu)))
    return f"0300{4 + len(body) // 2:04x}{body}"


MMS_IDENTIFY = mms(ber(0xA0, "020107", "8200"))
MMS_IDENTIFIED = mms(ber(0xA1, "020107", ber(0xA2, ber(0x80, b"SIEMENS".hex()), ber(0x81, b"7SJ85".hex()), ber(0x82, b"V7.80".hex()))))
_MMS_NAME = ber(0x30, ber(0xA0, ber(0xA1, ber(0x1A, b"CB1".hex()), ber(0x1A, b"CSWI1$CO$Pos$Oper".hex()))))
_MMS_SETPOINT = ber(0x30, ber(0xA0, ber(0xA1, ber(0x1A, b"AVR1".hex()), ber(0x1A, b"ATCC1$SP$BndCtr".hex()))))
MMS_OPERATE = mms(ber(0xA0, "020108", ber(0xA5, ber(0xA0, _MMS_NAME), ber(0xA0, ber(0xA2, "8301ff")))))
MMS_SET = mms(ber(0xA0, "020109", ber(0xA5, ber(0xA0, _MMS_SETPOINT), ber(0xA0, "87050841ac0000"))))
MMS_DONE, MMS_DENIED = mms(ber(0xA1, "020108", ber(0xA5, "8100"))), mms(ber(0xA1, "020108", ber(0xA5, "800103")))
MMS_ERROR = mms(ber(0xA2, "800108", ber(0xA2, ber(0xA0, "870102"))))
MMS_OPEN_FILE = mms(ber(0xA0, "02010a", "bf4805" + "a003190161"))
MMS_REPORT = mms(ber(0xA3, ber(0xA0, ber(0xA1, "8003525054"), "a000")))
MMS_CONNECT = "0300000e" + "02f080" + "0d0528ca220201"

MESSAGES: dict[str, tuple[str, ...]] = {
    "s7": (
        S7_CONNECT, S7_WRITE, S7_WRITTEN, S7_STOP, S7_START, S7_INSERT, S7_DOWNLOAD, S7_UPLOAD, S7_BLOCK_ASKED, S7_BLOCK_GIVEN, S7_PASSWORD,
        S7_CLOCK, S7_SZL, S7_SZL_TOLD,
    ),
    "s7-plus": (S7_PLUS,),
    "profinet": (DCP_IDENTIFY, DCP_IDENTIFIED, DCP_SET_IP, DCP_SET_NAME, DCP_RESET, DCP_SET_DONE, DCP_SET_REFUSED, DCP_GET, PROFINET_DATA),
    "fox": (FOX_WORKBENCH, FOX_STATION, FOX_CHALLENGE, FOX_LOGIN, FOX_TRAFFIC),
    "hl7": (HL7_ADMIT, HL7_DONE, HL7_REFUSED),
    "opcua": (
        UA_HELLO, UA_OPEN, UA_LOGIN, UA_WRITE, UA_WRITTEN, UA_NOT_WRITTEN, UA_CALL, UA_FAULT, UA_ENDPOINTS, UA_GET_ENDPOINTS,
        UA_ASK_VERSION, UA_VERSION, UA_SEALED,
    ),
    "iec104": (
        I104_START, I104_STARTED, I104_READY, I104_COMMAND, I104_SELECT, I104_CONFIRMED, I104_REFUSED, I104_FLOAT, I104_CLOCK,
        I104_MEASURED,
    ),
    "mms": (
        MMS_IDENTIFY, MMS_IDENTIFIED, MMS_OPERATE, MMS_SET, MMS_DONE, MMS_DENIED, MMS_ERROR, MMS_OPEN_FILE, MMS_REPORT, MMS_CONNECT,
    ),
    "knx": (
        KNX_WRITE_SWITCH, KNX_WRITE_VALUE, KNX_RESTART, KNX_AUTHORIZE, KNX_TOLD, KNX_ACK, KNX_NOT_NOW, KNX_CONNECT, KNX_SEARCH, KNX_FOUND,
        KNX_PROPERTY,
    ),
}  # fmt: skip


def said(dissector: Dissector, text: str, is_request: bool | None = None) -> list[Event]:
    """The events of messages given in hex."""
    return [event for message in read(dissector, bytes.fromhex(text), is_request).messages for event in message.events]


def bare(dissector: Dissector, text: str, is_request: bool | None = None) -> list[Event]:
    """The same without the envelopes, which are counted only."""
    return [event for event in said(dissector, text, is_request) if not isinstance(event, Envelope)]


def around(dissector: Dissector, text: str, is_request: bool | None = None) -> Details:
    """What the envelopes say, in their order."""
    return tuple(field for event in said(dissector, text, is_request) if isinstance(event, Envelope) for field in event.fields)


def heard_in(path: Path) -> list[Sighting]:
    """All sightings of a capture."""
    frames = (batch for source in open_captures([str(path)]) for batch in source.read())
    return [item for item in sightings(Wire(DISSECTORS), frames) if isinstance(item, Sighting)]
