"""PCCC, the language of PLC-5, SLC 500 and MicroLogix, carried in CIP class 0x67 (Rockwell 1770-6.5.16; domain/protocols.md 3.11).

Request: requestor id (length, vendor, serial), CMD, STS, TNS, FNC, data. Answer: the same with CMD | 0x40, STS told, and no FNC.
"""

from collections.abc import Callable
from typing import NamedTuple

from otwatch.dissectors.cip.body import Body, hex_text
from otwatch.dissectors.cip.path import Path
from otwatch.dissectors.cip.status import EXT_STS, LOCAL
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Point, Verb, clean

REQUESTOR_ID = 7
"""Length of the requestor id, itself included."""


class Row(NamedTuple):
    name: str
    verb: Verb


_R, _W, _C, _P, _A = Verb.READ, Verb.WRITE, Verb.CONTROL, Verb.PROGRAM, Verb.ADMIN

_PLAIN = {
    0x00: Row("protected write", _W),
    0x01: Row("unprotected read", _R),
    0x02: Row("protected bit write", _W),
    0x05: Row("unprotected bit write", _W),
    0x08: Row("unprotected write", _W),
}
"""Commands that have no function number."""

_FUNCTIONS = {
    (0x06, 0x00): Row("echo", Verb.OTHER),
    (0x06, 0x01): Row("read diagnostic counters", _R),
    (0x06, 0x02): Row("set variables", _A),
    (0x06, 0x03): Row("diagnostic status", Verb.DISCOVER),
    (0x06, 0x04): Row("set timeout", _A),
    (0x06, 0x05): Row("set NAKs", _A),
    (0x06, 0x06): Row("set ENQs", _A),
    (0x06, 0x07): Row("reset diagnostic counters", _A),
    (0x06, 0x08): Row("set data table size", _A),
    (0x06, 0x09): Row("read link parameters", _R),
    (0x06, 0x0A): Row("set link parameters", _A),
    (0x07, 0x00): Row("disable outputs", _C),
    (0x07, 0x01): Row("enable outputs", _C),
    (0x07, 0x03): Row("enable PLC scanning", _C),
    (0x07, 0x04): Row("enter download mode", _P),
    (0x07, 0x05): Row("exit download/upload mode", _P),
    (0x07, 0x06): Row("enter upload mode", _P),
    (0x0F, 0x00): Row("word range write", _W),
    (0x0F, 0x01): Row("word range read", _R),
    (0x0F, 0x02): Row("bit write", _W),
    (0x0F, 0x03): Row("file write", _W),
    (0x0F, 0x04): Row("file read", _R),
    (0x0F, 0x05): Row("download request", _P),
    (0x0F, 0x06): Row("upload", _P),
    (0x0F, 0x07): Row("shutdown", _C),
    (0x0F, 0x08): Row("physical write", _W),
    (0x0F, 0x09): Row("physical read", _R),
    (0x0F, 0x0A): Row("restart request", _C),
    (0x0F, 0x11): Row("get edit resource", _P),
    (0x0F, 0x12): Row("return edit resource", _P),
    (0x0F, 0x17): Row("read bytes physical", _R),
    (0x0F, 0x18): Row("write bytes physical", _W),
    (0x0F, 0x26): Row("read-modify-write", _W),
    (0x0F, 0x29): Row("read section size", _R),
    (0x0F, 0x3A): Row("set CPU mode", _C),
    (0x0F, 0x41): Row("disable forces", _C),
    (0x0F, 0x50): Row("download all request", _P),
    (0x0F, 0x52): Row("download completed", _P),
    (0x0F, 0x53): Row("upload all request", _P),
    (0x0F, 0x55): Row("upload completed", _P),
    (0x0F, 0x57): Row("initialize memory", _P),
    (0x0F, 0x5E): Row("modify PLC-2 compatibility file", _A),
    (0x0F, 0x67): Row("typed write", _W),
    (0x0F, 0x68): Row("typed read", _R),
    (0x0F, 0x79): Row("read-modify-write N", _W),
    (0x0F, 0x80): Row("change mode", _C),
    (0x0F, 0x81): Row("open file", Verb.FILE),
    (0x0F, 0x82): Row("close file", Verb.FILE),
    (0x0F, 0x88): Row("execute multiple commands", Verb.OTHER),
    (0x0F, 0x8F): Row("apply port configuration", _A),
    (0x0F, 0xA1): Row("protected typed logical read with two address fields", _R),
    (0x0F, 0xA2): Row("protected typed logical read with three address fields", _R),
    (0x0F, 0xA7): Row("protected typed file read", _R),
    (0x0F, 0xA9): Row("protected typed logical write with two address fields", _W),
    (0x0F, 0xAA): Row("protected typed logical write with three address fields", _W),
    (0x0F, 0xAB): Row("protected typed logical masked write with three address fields", _W),
    (0x0F, 0xAF): Row("protected typed file write", _W),
}

_MODES = {1: "remote program", 6: "remote run", 7: "remote test continuous", 8: "remote test single", 9: "remote test debug"}
"""Modes of function 0x80 (Wireshark cip.pccc.cpu.mode_80)."""

_FILES = {
    0x82: ("O", 2),
    0x83: ("I", 2),
    0x84: ("S", 2),
    0x85: ("B", 2),
    0x86: ("T", 6),
    0x87: ("C", 6),
    0x88: ("R", 6),
    0x89: ("N", 2),
    0x8A: ("F", 4),
    0x8D: ("ST", 84),
    0x8E: ("A", 2),
    0x91: ("L", 4),
}
"""File types by the letter an engineer knows them by (N7:0 is element 0 of integer file 7), and bytes of an element."""


def execute(read: Reader, _path: Path) -> Body:
    """Execute PCCC: the command tells what it does."""
    requestor = _requestor(read)
    command = read.u8()
    read.u8()  # STS, 0 in requests
    read.aside(2)  # TNS, the transaction number
    function = None if command in _PLAIN else read.u8()
    row = _row(command, function)
    body = _ARGUMENTS.get((command, function), _BY_VERB.get(row.verb, _unread))(read)
    named: Details = (("cmd", f"0x{command:02x}"), *((("fnc", f"0x{function:02x}"),) if function is not None else ()))
    return body._replace(details=(*named, *body.details, *requestor), operation=f"PCCC: {row.name}", verb=row.verb)


def _row(command: int, function: int | None) -> Row:
    if function is None:
        return _PLAIN[command]
    unknown = Row(f"command 0x{command:02x} function 0x{function:02x}", Verb.OTHER)
    return _FUNCTIONS.get((command, function), unknown)


def _requestor(read: Reader) -> Details:
    size = read.u8()
    if size != REQUESTOR_ID:
        read.take(size - 1)
        return ()
    vendor, serial = read.fields("<HI")
    return (("originator_vendor", str(vendor)), ("originator_serial", f"0x{serial:08X}"))


def _unread(read: Reader) -> Body:
    read.aside(read.left)
    return Body()


def _written(read: Reader) -> Body:
    return Body(values=(hex_text(read),) if read.left else ())


def _asked(read: Reader) -> Body:
    return Body(details=(("address", hex_text(read)),) if read.left else ())


def _new_mode(read: Reader) -> Body:
    mode = read.u8()
    return Body(details=(("mode", _MODES.get(mode, f"0x{mode:02x}")),))


def _cpu_mode(read: Reader) -> Body:
    return Body(details=(("mode", f"0x{read.u8():02x}"),))


def _read_two(read: Reader) -> Body:
    return Body(points=_logical_address(read, False))


def _read_three(read: Reader) -> Body:
    return Body(points=_logical_address(read, True))


def _write_two(read: Reader) -> Body:
    points = _logical_address(read, False)
    return _written(read)._replace(points=points)


def _write_three(read: Reader) -> Body:
    points = _logical_address(read, True)
    return _written(read)._replace(points=points)


_ARGUMENTS: dict[tuple[int, int | None], Callable[[Reader], Body]] = {
    (0x0F, 0x3A): _cpu_mode,
    (0x0F, 0x80): _new_mode,
    (0x0F, 0xA1): _read_two,
    (0x0F, 0xA2): _read_three,
    (0x0F, 0xA9): _write_two,
    (0x0F, 0xAA): _write_three,
    (0x0F, 0xAB): _write_three,
}
_BY_VERB = {Verb.READ: _asked, Verb.WRITE: _written}


def _logical_address(read: Reader, with_part: bool) -> tuple[Point, ...]:
    """Size in bytes, file number, file type, element and perhaps sub-element (1770-6.5.16, "logical address")."""
    size, number, kind, element = read.u8(), _field(read), read.u8(), _field(read)
    part = _field(read) if with_part else 0
    letter, width = _FILES.get(kind, (f"type 0x{kind:02x} ", 1))
    return (Point("tag", quantity=max(size // width, 1), part=str(part) if part else "", name=f"{letter}{number}:{element}"),)


def _field(read: Reader) -> int:
    """One byte, or 0xff and two."""
    value = read.u8()
    return read.le16() if value == 0xFF else value


_COMMANDS = frozenset({*_PLAIN, *(command for command, _ in _FUNCTIONS)})
_SHORTEST = REQUESTOR_ID + 4
_EXTENDED_STATUS = 0xF0


def refusal(read: Reader) -> tuple[str, str]:
    """Words and number of a PCCC status that is not 0, from the data of an Execute PCCC answer; ("", "") where it is none.

    The answer does not name its class, so it must look like PCCC: the requestor id of 7 bytes, then a known command with bit 6 set.
    """
    if read.left < _SHORTEST or read.u8() != REQUESTOR_ID:
        return "", ""
    read.aside(REQUESTOR_ID - 1)
    command, status = read.u8(), read.u8()
    if not status or not command & 0x40 or command & ~0x40 not in _COMMANDS:
        return "", ""
    if status == _EXTENDED_STATUS and read.left > 2:
        read.aside(2)  # TNS
        further = read.u8()
        return f"PCCC: {EXT_STS.get(further) or LOCAL[status]}", f"PCCC 0x{status:02x}/0x{further:02x}"
    return f"PCCC: {LOCAL.get(status & 0xF0 or status) or 'local error'}", f"PCCC 0x{status:02x}"


_EXTENDED_TYPE = 0xEE


def bulletin(read: Reader) -> Details:
    """The catalogue name in the diagnostic status of an SLC 500 or MicroLogix (1770-6.5.16, "diagnostic status")."""
    read.take(read.u8() - 1)
    read.take(4 + 1)  # CMD, STS, TNS; mode and status
    if read.u8() != _EXTENDED_TYPE:
        return ()
    read.take(3)  # interface type, processor type, series and revision
    name = clean(read.take(11)).strip()
    return (("product", name),) if name else ()
