"""The requests of Modbus, one form a layout (Modbus v1.1b3 section 6).

Values of a run of coils or registers are one text: the words in the order of their addresses, separated by blanks.
"""

from functools import lru_cache

from otwatch.dissectors.modbus.codes import (
    ACCESS,
    DEVICE_IDENTIFICATION,
    DIAGNOSTICS,
    LOOPBACK,
    diagnostic_name,
    mei_name,
)
from otwatch.dissectors.modbus.forms import NOTHING_ASKED, Ask, Asked
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Point, Verb

COIL, DISCRETE_INPUT = "coil", "discrete-input"
HOLDING_REGISTER, INPUT_REGISTER = "holding-register", "input-register"
FILE_RECORD = "file-record"

COIL_VALUES = {0xFF00: "1", 0x0000: "0"}
MAX_RECORD = 9999

REMEMBERED = 4096
"""Spans of one table whose meaning is kept: meters of one kind behind a gateway are asked for the same ones."""


def empty(_: Reader) -> Asked:
    """Nothing stands behind the code (6.7, 6.9, 6.10, 6.13)."""
    return NOTHING_ASKED


def span(table: str, limit: int) -> Ask:
    """Address and quantity, at most `limit` (6.1 to 6.4)."""

    @lru_cache(REMEMBERED)
    def said(first: int, quantity: int) -> Asked:
        return Asked((Point(table, first, quantity),), flaw=_beyond("quantity", quantity, 1, limit))

    return lambda read: said(*read.fields(">HH"))


@lru_cache(REMEMBERED)
def _written(table: str, first: int, quantity: int = 1) -> tuple[Point]:
    """The point of a write; new values go to the same points."""
    return (Point(table, first, quantity),)


def write_coil(read: Reader) -> Asked:
    """6.5: the value is FF00 or 0000 and nothing else."""
    points = _written(COIL, read.u16())
    if read.left < 2:
        return Asked(points, flaw="write without its value")
    raw = read.u16()
    value = COIL_VALUES.get(raw)
    if value:
        return Asked(points, (value,))
    return Asked(points, (f"0x{raw:04x}",), flaw=f"coil value 0x{raw:04x} is neither ff00 nor 0000")


def write_register(read: Reader) -> Asked:
    """6.6."""
    points = _written(HOLDING_REGISTER, read.u16())
    if read.left < 2:
        return Asked(points, flaw="write without its value")
    return Asked(points, (str(read.u16()),))


def write_coils(read: Reader) -> Asked:
    """6.11: at most 1968 coils, lowest address in the lowest bit of the first byte."""
    first, quantity = read.fields(">HH")
    if not read.left:
        return Asked(_written(COIL, first, quantity), flaw="write without its values")
    count = read.u8()
    flaw = _beyond("quantity", quantity, 1, 1968) or _unfit(count, (quantity + 7) // 8, read.left)
    bits = int.from_bytes(read.rest(), "little")
    values = () if flaw else (" ".join(str(bits >> place & 1) for place in range(quantity)),)
    return Asked(_written(COIL, first, quantity), values, flaw=flaw)


def write_registers(read: Reader) -> Asked:
    """6.12: at most 123 registers."""
    first, quantity = read.fields(">HH")
    if not read.left:
        return Asked(_written(HOLDING_REGISTER, first, quantity), flaw="write without its values")
    count = read.u8()
    points = _written(HOLDING_REGISTER, first, quantity)
    if 1 <= quantity <= 123 and count == 2 * quantity == read.left:
        return Asked(points, (_text(read),))
    flaw = _beyond("quantity", quantity, 1, 123) or _unfit(count, 2 * quantity, read.left)
    read.aside(read.left)
    return Asked(points, flaw=flaw)


def mask_register(read: Reader) -> Asked:
    """6.16: the register becomes (itself AND `and`) OR (`or` AND NOT `and`)."""
    points = _written(HOLDING_REGISTER, read.u16())
    if read.left < 4:
        return Asked(points, flaw="write without its masks")
    keep, put = read.fields(">HH")
    return Asked(points, (f"and 0x{keep:04x} or 0x{put:04x}",))


def exchange_registers(read: Reader) -> Asked:
    """6.17: reads at most 125 registers after writing at most 121; what is written counts as the point."""
    source, wanted, first, quantity, count = read.fields(">HHHHB")
    flaw = (
        _beyond("quantity to read", wanted, 1, 125)
        or _beyond("quantity to write", quantity, 1, 121)
        or _unfit(count, 2 * quantity, read.left)
    )
    details = (("read", str(Point(HOLDING_REGISTER, source, wanted))),)
    values = () if flaw else (_text(read),)
    read.aside(read.left)
    return Asked(_written(HOLDING_REGISTER, first, quantity), values, details=details, flaw=flaw)


def read_fifo(read: Reader) -> Asked:
    """6.18: the register that holds the queue's count."""
    return Asked((Point(HOLDING_REGISTER, read.u16()),))


def read_files(read: Reader) -> Asked:
    """6.14: 7 bytes for each group of records."""
    count = read.u8()
    points, flaws = [], [_beyond("byte count", count, 7, 245) or _unfit(count, read.left // 7 * 7, read.left)]
    while read.left >= 7:
        point, flaw = _record(read)
        points.append(point)
        flaws.append(flaw)
    return Asked(tuple(points), flaw=_first(flaws))


def write_files(read: Reader) -> Asked:
    """6.15: the same 7 bytes, each with its registers behind it."""
    count = read.u8()
    points, values, flaws = [], [], [_beyond("byte count", count, 9, 251) or _unfit(count, read.left, read.left)]
    while read.left >= 7:
        point, flaw = _record(read)
        here = min(point.quantity, read.left // 2)
        points.append(point)
        values.append(_text(read.part(2 * here)))
        flaws.append(flaw or ("" if here == point.quantity else f"record of {point.quantity} registers, {here} here"))
    return Asked(tuple(points), tuple(values), flaw=_first(flaws))


def diagnostics(read: Reader) -> Asked:
    """6.8: what a command carries is shown unless it is the usual zero (restart: ff00 clears the log too)."""
    sub = read.u16()
    _, verb = DIAGNOSTICS.get(sub, ("", Verb.OTHER))
    fits = read.left == 2 or sub == LOOPBACK
    flaw = "" if sub in DIAGNOSTICS and fits else f"diagnostic sub-function {sub} with {read.left} bytes of data is not defined"
    details: Details = (("sub", str(sub)),)
    carried = read.take(min(read.left, 2)) if verb is Verb.CONTROL else b""
    if any(carried):
        details += (("data", f"0x{carried.hex()}"),)
    read.aside(read.left)
    return Asked((), (), diagnostic_name(sub), verb, details, flaw=flaw)


def interface(read: Reader) -> Asked:
    """6.19: the MEI type says whose data this is."""
    mei = read.u8()
    if mei == DEVICE_IDENTIFICATION:
        return _identification(read)
    read.aside(read.left)
    return Asked((), (), mei_name(mei), Verb.OTHER, (("mei", str(mei)),))


def _identification(read: Reader) -> Asked:
    """6.21."""
    access, item = read.u8(), read.u8()
    details = (("mei", "14"), ("access", ACCESS.get(access, str(access))), ("object", str(item)))
    flaw = "" if access in ACCESS else f"device identification access {access} is not 1..4"
    return Asked((), (), mei_name(DEVICE_IDENTIFICATION), Verb.DISCOVER, details, flaw=flaw)


def _record(read: Reader) -> tuple[Point, str]:
    kind, file, record, length = read.fields(">BHHH")
    flaw = f"reference type {kind} is not 6" if kind != 6 else "file 0" if not file else ""
    return Point(FILE_RECORD, record, length, part=f"file {file}"), flaw or _beyond("record", record, 0, MAX_RECORD)


def _text(read: Reader) -> str:
    return " ".join(map(str, read.fields(f">{read.left // 2}H")))


def _beyond(what: str, value: int, least: int, most: int) -> str:
    return "" if least <= value <= most else f"{what} {value} is not {least}..{most}"


def _unfit(count: int, needed: int, left: int) -> str:
    return "" if count == needed == left else f"byte count {count}, {needed} needed, {left} here"


def _first(flaws: list[str]) -> str:
    return next(filter(None, flaws), "")
