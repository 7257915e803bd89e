"""UMAS, the engineering protocol of Schneider controllers, inside Modbus function 90.

    request  5A, session key, function, data           answer  5A, session key, FE (success) or FD (error), data

There is no public specification. Functions after the community dissector of 2024, layouts after Apache PLC4X, both
checked on a public capture of a Quantum. An answer does not repeat the function: `joined` reads the ones worth reading.
Vendor tools call the direction from PC to controller "upload"; here *download* is into the controller.
"""

from collections.abc import Callable
from typing import NamedTuple

from otwatch.dissectors.modbus.forms import Asked, Told
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Verb, clean

CODE = 0x5A
RESERVE, SIGNED, READ_ID, READ_PROJECT = 0x10, 0x38, 0x02, 0x03
SUCCESS, FAILURE = 0xFE, 0xFD


class Function(NamedTuple):
    name: str
    verb: Verb


FUNCTIONS: dict[int, Function] = {
    0x01: Function("Init Communication", Verb.SESSION),
    READ_ID: Function("Read ID", Verb.DISCOVER),
    READ_PROJECT: Function("Read Project", Verb.DISCOVER),
    0x04: Function("Read PLC Status", Verb.READ),
    0x05: Function("Read Loader", Verb.DISCOVER),
    0x06: Function("Read Card", Verb.DISCOVER),
    0x07: Function("Read Block", Verb.DISCOVER),
    0x0A: Function("Repeat", Verb.SESSION),
    RESERVE: Function("Take PLC Reservation", Verb.SESSION),
    0x11: Function("Release PLC Reservation", Verb.SESSION),
    0x12: Function("Keep Alive", Verb.SESSION),
    0x20: Function("Read Memory Block", Verb.READ),
    0x21: Function("Write Memory Block", Verb.PROGRAM),
    0x22: Function("Read Variables", Verb.READ),
    0x23: Function("Write Variables", Verb.WRITE),
    0x24: Function("Read Coils and Registers", Verb.READ),
    0x25: Function("Write Coils and Registers", Verb.WRITE),
    0x26: Function("Data Dictionary", Verb.DISCOVER),
    0x27: Function("Data Dictionary Preload", Verb.DISCOVER),
    0x28: Function("Read Physical Address", Verb.PROGRAM),
    0x29: Function("Write Physical Address", Verb.PROGRAM),
    0x2A: Function("Browse Events", Verb.READ),
    0x30: Function("Begin Download", Verb.PROGRAM),
    0x31: Function("Download Block", Verb.PROGRAM),
    0x32: Function("End Download", Verb.PROGRAM),
    0x33: Function("Begin Upload", Verb.PROGRAM),
    0x34: Function("Upload Block", Verb.PROGRAM),
    0x35: Function("End Upload", Verb.PROGRAM),
    0x36: Function("Backup", Verb.PROGRAM),
    0x37: Function("Preload Blocks", Verb.PROGRAM),
    SIGNED: Function("Signed", Verb.OTHER),
    0x39: Function("Read Ethernet Master", Verb.READ),
    0x40: Function("Start PLC", Verb.CONTROL),
    0x41: Function("Stop PLC", Verb.CONTROL),
    0x42: Function("Init PLC", Verb.CONTROL),
    0x43: Function("Swap PLC", Verb.CONTROL),
    0x50: Function("Monitor PLC", Verb.READ),
    0x51: Function("Automatic Modifications", Verb.READ),
    0x52: Function("Get Forced Bits", Verb.READ),
    0x53: Function("Selected Blocks", Verb.READ),
    0x58: Function("Check PLC", Verb.SESSION),
    0x60: Function("Set Breakpoint", Verb.CONTROL),
    0x61: Function("Delete Breakpoint", Verb.CONTROL),
    0x62: Function("Step Over", Verb.CONTROL),
    0x63: Function("Step Into", Verb.CONTROL),
    0x64: Function("Step Out", Verb.CONTROL),
    0x65: Function("Get Call Stack", Verb.CONTROL),
    0x66: Function("Check Debug Allowed", Verb.CONTROL),
    0x6C: Function("Special Message", Verb.OTHER),
    0x6D: Function("Private Message", Verb.OTHER),
    0x6E: Function("Exchange Reservation Nonces", Verb.AUTH),
    0x70: Function("Read IO Object", Verb.READ),
    0x71: Function("Write IO Object", Verb.CONTROL),
    0x72: Function("Read Rack", Verb.READ),
    0x73: Function("Read Module Status", Verb.READ),
    0x74: Function("Read Device", Verb.READ),
}


def request(read: Reader) -> Asked:
    key, code = read.u8(), read.u8()
    if code != SIGNED:
        return _plain(read, key, code)
    read.u8()  # magic
    read.aside(32)  # signature
    if read.u8() != CODE:
        return _said(key, SIGNED)._replace(flaw="no UMAS request in the signed form")
    inner = _plain(read, read.u8(), read.u8())
    return inner._replace(details=(*inner.details, ("signed", "yes")))


def answer(read: Reader) -> Told:
    read.u8()  # session key
    marker = read.u8()
    read.aside(read.left)
    if marker == SUCCESS:
        return Told()
    flaw = "" if marker == FAILURE else f"answer 0x{marker:02x} is neither fe nor fd"
    return Told(error="refused" if marker == FAILURE else "unknown answer", error_code=f"0x{marker:02x}", flaw=flaw)


def joined(details: Details, read: Reader) -> Details:
    """What a successful answer, from its session key on, says about the controller whose request had these details."""
    said = dict(details)
    layout = ANSWERS.get((said.get("umas", ""), said.get("sub", "")))
    if layout is None:
        return ()
    read.u8()
    return layout(read) if read.u8() == SUCCESS else ()


def _plain(read: Reader, key: int, code: int) -> Asked:
    said = _said(key, code)
    try:
        if code == RESERVE:
            said = said._replace(facts=_owner(read))
        if code == READ_PROJECT:
            said = said._replace(details=(*said.details, ("sub", str(read.u8()))))
    except Malformed as short:
        return said._replace(flaw=short.reason)
    read.aside(read.left)
    return said if code not in (SUCCESS, FAILURE) else said._replace(flaw=f"0x{code:02x} is the mark of an answer")


def _said(key: int, code: int) -> Asked:
    row = FUNCTIONS.get(code, Function("", Verb.OTHER))
    details = (("umas", f"0x{code:02x}"), ("session", f"0x{key:02x}"))
    return Asked(operation=f"UMAS 0x{code:02x} {row.name}".rstrip(), verb=row.verb, details=details)


def _owner(read: Reader) -> Details:
    """Who reserves the controller: client id 4, length 1, host name of the engineering station."""
    read.aside(4)
    name = clean(read.take(read.u8()))
    return (("host", name),) if name else ()


def _identity(read: Reader) -> Details:
    """READ_ID: range 2, ident 4, model 2, version 2 (BCD), patch 2, internal 2, hardware 2, crash code 4, 2, length 1, reference."""
    _, _, _, version, _, _, hardware, _, _, size = read.fields("<HIHHHHHIHB")
    reference = clean(read.take(size))
    facts = (("vendor", "Schneider Electric"), ("model", reference), ("firmware", f"V{version >> 8:x}.{version & 0xFF:02x}"))
    return tuple(fact for fact in (*facts, ("hardware", f"0x{hardware:04x}")) if fact[1])


def _project(read: Reader) -> Details:
    """READ_PROJECT, sub 0: the last change (seconds first, year last) 27 bytes in, 5 bytes, then the project's name up to a NUL."""
    read.take(27)
    second, minute, hour, day, month, year = read.fields("<BBBBBH")
    read.take(5)
    name = clean(read.rest().partition(b"\0")[0])
    sane = second < 60 and minute < 60 and hour < 24 and 1 <= day <= 31 and 1 <= month <= 12 and 1990 <= year < 2100
    if not (name and sane):
        return ()
    return (("project", f"{name} ({year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02})"),)


ANSWERS: dict[tuple[str, str], Callable[[Reader], Details]] = {("0x02", ""): _identity, ("0x03", "0"): _project}
"""By function and, where it has one, sub-function."""
