"""IEC 60870-5-104: telecontrol of electrical installations over TCP (IEC 60870-5-104:2006, 5; -101:2003, 7).

    68 | length 1 | control 4 | ASDU        control: I (numbered, with an ASDU), S (acknowledges numbers), U (start, stop, test)
    ASDU   type 1 | sequence and number 1 | cause and test 1, originator 1 | common address 2 | objects: address 3, value

An order goes out as "activation" and comes back as its confirmation; the negative bit refuses it. Measured values are only counted.
"""

from collections.abc import Iterator
from typing import NamedTuple

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.reals import shortest
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Point, Request, Verb

NAME = "iec104"
START, LEAST, LONGEST = 0x68, 4, 253
_ASDU = 6

LINK = {0x07: "STARTDT act", 0x0B: "STARTDT con", 0x13: "STOPDT act", 0x23: "STOPDT con", 0x43: "TESTFR act", 0x83: "TESTFR con"}
"""U frames (5.3)."""
_CONFIRMS = {0x0B: 0x07, 0x23: 0x13, 0x83: 0x43}
_LINK_CODE = 0x200
"""Code of what only keeps the connection: this and the byte of the U frame."""


class Type(NamedTuple):
    """What an ASDU holds. `size` of an object's value in bytes, without its time; 0 where it varies."""

    name: str
    verb: Verb
    size: int = 0


TYPES: dict[int, Type] = {
    1: Type("M_SP_NA_1 single point", Verb.ALARM),
    2: Type("M_SP_TA_1 single point with time", Verb.ALARM),
    3: Type("M_DP_NA_1 double point", Verb.ALARM),
    4: Type("M_DP_TA_1 double point with time", Verb.ALARM),
    5: Type("M_ST_NA_1 step position", Verb.ALARM),
    6: Type("M_ST_TA_1 step position with time", Verb.ALARM),
    7: Type("M_BO_NA_1 bitstring", Verb.ALARM),
    8: Type("M_BO_TA_1 bitstring with time", Verb.ALARM),
    9: Type("M_ME_NA_1 measured value, normalised", Verb.ALARM),
    10: Type("M_ME_TA_1 measured value, normalised, with time", Verb.ALARM),
    11: Type("M_ME_NB_1 measured value, scaled", Verb.ALARM),
    12: Type("M_ME_TB_1 measured value, scaled, with time", Verb.ALARM),
    13: Type("M_ME_NC_1 measured value, float", Verb.ALARM),
    14: Type("M_ME_TC_1 measured value, float, with time", Verb.ALARM),
    15: Type("M_IT_NA_1 integrated totals", Verb.ALARM),
    16: Type("M_IT_TA_1 integrated totals with time", Verb.ALARM),
    17: Type("M_EP_TA_1 protection event", Verb.ALARM),
    18: Type("M_EP_TB_1 protection start events", Verb.ALARM),
    19: Type("M_EP_TC_1 protection output circuit", Verb.ALARM),
    20: Type("M_PS_NA_1 single points with change detection", Verb.ALARM),
    21: Type("M_ME_ND_1 measured value, normalised, without quality", Verb.ALARM),
    30: Type("M_SP_TB_1 single point with time", Verb.ALARM),
    31: Type("M_DP_TB_1 double point with time", Verb.ALARM),
    32: Type("M_ST_TB_1 step position with time", Verb.ALARM),
    33: Type("M_BO_TB_1 bitstring with time", Verb.ALARM),
    34: Type("M_ME_TD_1 measured value, normalised, with time", Verb.ALARM),
    35: Type("M_ME_TE_1 measured value, scaled, with time", Verb.ALARM),
    36: Type("M_ME_TF_1 measured value, float, with time", Verb.ALARM),
    37: Type("M_IT_TB_1 integrated totals with time", Verb.ALARM),
    38: Type("M_EP_TD_1 protection event with time", Verb.ALARM),
    39: Type("M_EP_TE_1 protection start events with time", Verb.ALARM),
    40: Type("M_EP_TF_1 protection output circuit with time", Verb.ALARM),
    45: Type("C_SC_NA_1 single command", Verb.WRITE, 1),
    46: Type("C_DC_NA_1 double command", Verb.WRITE, 1),
    47: Type("C_RC_NA_1 step command", Verb.WRITE, 1),
    48: Type("C_SE_NA_1 setpoint, normalised", Verb.WRITE, 3),
    49: Type("C_SE_NB_1 setpoint, scaled", Verb.WRITE, 3),
    50: Type("C_SE_NC_1 setpoint, float", Verb.WRITE, 5),
    51: Type("C_BO_NA_1 bitstring command", Verb.WRITE, 4),
    58: Type("C_SC_TA_1 single command with time", Verb.WRITE, 1),
    59: Type("C_DC_TA_1 double command with time", Verb.WRITE, 1),
    60: Type("C_RC_TA_1 step command with time", Verb.WRITE, 1),
    61: Type("C_SE_TA_1 setpoint, normalised, with time", Verb.WRITE, 3),
    62: Type("C_SE_TB_1 setpoint, scaled, with time", Verb.WRITE, 3),
    63: Type("C_SE_TC_1 setpoint, float, with time", Verb.WRITE, 5),
    64: Type("C_BO_TA_1 bitstring command with time", Verb.WRITE, 4),
    70: Type("M_EI_NA_1 end of initialisation", Verb.ALARM),
    100: Type("C_IC_NA_1 interrogation", Verb.READ, 1),
    101: Type("C_CI_NA_1 counter interrogation", Verb.READ, 1),
    102: Type("C_RD_NA_1 read", Verb.READ),
    103: Type("C_CS_NA_1 clock synchronisation", Verb.TIME),
    104: Type("C_TS_NA_1 test", Verb.SESSION),
    105: Type("C_RP_NA_1 reset process", Verb.CONTROL, 1),
    106: Type("C_CD_NA_1 delay acquisition", Verb.TIME),
    107: Type("C_TS_TA_1 test with time", Verb.SESSION),
    110: Type("P_ME_NA_1 parameter, normalised", Verb.ADMIN, 3),
    111: Type("P_ME_NB_1 parameter, scaled", Verb.ADMIN, 3),
    112: Type("P_ME_NC_1 parameter, float", Verb.ADMIN, 5),
    113: Type("P_AC_NA_1 parameter activation", Verb.ADMIN, 1),
    120: Type("F_FR_NA_1 file ready", Verb.FILE),
    121: Type("F_SR_NA_1 section ready", Verb.FILE),
    122: Type("F_SC_NA_1 call file", Verb.FILE),
    123: Type("F_LS_NA_1 last section", Verb.FILE),
    124: Type("F_AF_NA_1 acknowledge file", Verb.FILE),
    125: Type("F_SG_NA_1 segment", Verb.FILE),
    126: Type("F_DR_TA_1 directory", Verb.FILE),
    127: Type("F_SC_NB_1 query log", Verb.FILE),
}
"""-101, table 8 to 14; -104, table 5."""

CAUSES = {
    1: "periodic", 2: "background", 3: "spontaneous", 4: "initialised", 5: "requested", 6: "activation", 7: "activation confirmed",
    8: "deactivation", 9: "deactivation confirmed", 10: "activation terminated", 11: "remote command", 12: "local command",
    13: "file transfer", 20: "station interrogation", 37: "counter interrogation", 44: "unknown type", 45: "unknown cause",
    46: "unknown common address", 47: "unknown object address",
}  # fmt: skip
"""-101, 7.2.3. 21 to 36 and 38 to 41 are interrogations of groups."""
_ORDERS = frozenset({6, 8, 5})
_CONFIRMED, _ENDED, _UNKNOWN = frozenset({7, 9}), 10, frozenset(range(44, 48))
_COMMANDS = range(45, 114)
_SELECT, _NEGATIVE, _TEST = 0x80, 0x40, 0x80
_FLOATS, _SCALED = frozenset({50, 63, 112}), frozenset({48, 49, 61, 62, 110, 111})
_STEPS = {0: "not permitted", 1: "off", 2: "on", 3: "not permitted"}
MOST = 16


def cut(read: Reader) -> Reader | None:
    """The next APDU by its length."""
    if read.left < 2:
        return None
    start, length = read.ahead("BB")
    if start != START or not LEAST <= length <= LONGEST:
        raise Malformed(f"no start 68, or length {length} is not {LEAST}..{LONGEST}", read.at)
    return read.part(2 + length) if read.left >= 2 + length else None


def looks_like(read: Reader, hinted: bool) -> bool:
    """Whole APDUs that fit their form, up to the end of the payload; away from its port two of them, or one with an ASDU."""
    messages = objects = 0
    while read.left:
        message = cut(read)
        if message is None:
            break
        if not _fits(message):
            return False
        objects += message.left > _ASDU
        messages += 1
    return messages > 0 and (hinted or (not read.left and (messages > 1 or objects > 0)))


def _fits(message: Reader) -> bool:
    first, _, third, _ = message.ahead("2x4B")
    size = message.left - 2 - LEAST
    if not first & 1:
        return size >= _ASDU and not third & 1 and message.ahead("6xB")[0] in TYPES
    return not size and (first in LINK or (first == 1 and not third & 1))


def decode(read: Reader, _: bool | None) -> Iterator[Event]:
    read.take(2)
    (first,) = read.ahead("B")
    if not first & 1:
        read.bit(0)
        read.aside(1)
        read.aside(2)
        yield _asdu(read)
    elif first & 3 == 1:
        read.take(2)
        read.aside(2)
        yield Request(NAME, Verb.SESSION, "S frame", _LINK_CODE, one_way=True)
    else:
        at, code = read.at, read.u8()
        read.aside(read.left)
        yield _link(code, at)


def _link(code: int, at: int) -> Event:
    if code not in LINK:
        raise Malformed(f"U frame {code:02x} is not defined", at)
    if code in _CONFIRMS:
        return Answer(NAME, LINK[_CONFIRMS[code]], _LINK_CODE | _CONFIRMS[code])
    return Request(NAME, Verb.SESSION, LINK[code], _LINK_CODE | code)


def _asdu(read: Reader) -> Event:
    kind, number, cause, origin, station = read.fields("<BBBBH")
    row = TYPES.get(kind, Type(f"type {kind}", Verb.OTHER))
    reason, target = cause & 0x3F, (f"station {station}",)
    details: Details = (("cause", CAUSES.get(reason, f"cause {reason}")),)
    if cause & _TEST:
        details += (("test", "yes"),)
    if kind not in _COMMANDS or reason not in _ORDERS | _CONFIRMED | {_ENDED} | _UNKNOWN:
        read.aside(read.left)
        return Request(NAME, row.verb, row.name, kind, origin=target, details=details, one_way=True)
    if reason not in _ORDERS:
        read.aside(read.left)
        refused = bool(cause & _NEGATIVE) or reason in _UNKNOWN
        error = (CAUSES[reason] if reason in _UNKNOWN else "negative confirmation") if refused else ""
        code = str(reason) if refused else ""
        return Answer(NAME, row.name, kind, target=target, error=error, error_code=code, details=details)
    points, values, selects = _objects(kind, row, number, read)
    details += (("originator", str(origin)),) if origin else ()
    details += (("select", "yes"),) if selects else ()
    verb = Verb.SESSION if selects and row.verb is Verb.WRITE else row.verb
    return Request(NAME, verb, row.name, kind, target, points=points, values=values, details=details)


def _objects(kind: int, row: Type, number: int, read: Reader) -> tuple[tuple[Point, ...], tuple[str, ...], bool]:
    """Addresses with their values; a command is one object, and times of day are set aside."""
    address = read.u24()
    address = (address & 0xFF) << 16 | address & 0xFF00 | address >> 16
    if not row.size:
        read.aside(read.left)
        return (Point("ioa", address),) if address else (), (), False
    value, qualifier = _value(kind, read.take(row.size))
    read.aside(read.left)
    points = (Point("ioa", address, max(1, min(number & 0x7F, MOST))),) if address else ()
    return points, (value,), bool(qualifier & _SELECT) and kind in range(45, 65) and kind not in (51, 64)


def _value(kind: int, raw: bytes) -> tuple[str, int]:
    """The value as text, and the qualifier that says whether it only selects."""
    *data, last = raw
    if kind in _FLOATS:
        return shortest(bytes(data), "little"), last
    if kind in _SCALED:
        return str(int.from_bytes(bytes(data), "little", signed=True)), last
    if kind in (45, 58):
        return "on" if last & 1 else "off", last
    if kind in (46, 59):
        return _STEPS[last & 3], last
    return str(int.from_bytes(raw, "little")), last


IEC104 = Dissector(
    name=NAME,
    title="IEC 60870-5-104",
    transports=frozenset({"tcp"}),
    ports=frozenset({2404}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    tells=True,
    marks=((0, frozenset({START})),),
)
