"""What a service means on an object: tables of rows, and how a row is found (CIP volume 1, appendix A; domain/protocols.md 3.7, 3.8).

Codes from 0x32 on belong to their class: 0x4d writes a tag, loads firmware (class 0xa1) or forces an output (class 0x68).
Paths may nest objects; the innermost class that has a row for the service decides, then the common services do.
"""

from functools import lru_cache
from typing import NamedTuple

from otwatch.dissectors.cip import body, connection, modbus, pccc, tags
from otwatch.dissectors.cip.body import BodyReader, unread
from otwatch.dissectors.cip.classes import CLASSES
from otwatch.events import Verb

MULTIPLE, UNCONNECTED_SEND = 0x0A, 0x52
CONNECTION_MANAGER = 0x06


class Row(NamedTuple):
    name: str
    verb: Verb
    body: BodyReader = unread


_D, _R, _W, _C, _P, _A = Verb.DISCOVER, Verb.READ, Verb.WRITE, Verb.CONTROL, Verb.PROGRAM, Verb.ADMIN

COMMON = {
    0x01: Row("Get Attributes All", _R),
    0x02: Row("Set Attributes All", _W, body.raw_value),
    0x03: Row("Get Attribute List", _R, body.attribute_list),
    0x04: Row("Set Attribute List", _W, body.set_attribute_list),
    0x05: Row("Reset", _C, body.reset),
    0x06: Row("Start", _C),
    0x07: Row("Stop", _C),
    0x08: Row("Create", _A),
    0x09: Row("Delete", _A),
    MULTIPLE: Row("Multiple Service Packet", Verb.OTHER),
    0x0D: Row("Apply Attributes", _A),
    0x0E: Row("Get Attribute Single", _R),
    0x10: Row("Set Attribute Single", _W, body.raw_value),
    0x11: Row("Find Next Object Instance", _D),
    0x15: Row("Restore", _A),
    0x16: Row("Save", _A),
    0x17: Row("No Operation", Verb.OTHER),
    0x18: Row("Get Member", _R),
    0x19: Row("Set Member", _W, body.raw_value),
    0x1A: Row("Insert Member", _W, body.raw_value),
    0x1B: Row("Remove Member", _W, body.raw_value),
    0x1C: Row("Group Sync", Verb.TIME),
}

TAG = {
    0x4C: Row("Read Tag", _R, tags.read_tag),
    0x4D: Row("Write Tag", _W, tags.write_tag),
    0x4E: Row("Read Modify Write Tag", _W, tags.modify_tag),
    0x52: Row("Read Tag Fragmented", _R, tags.read_tag_fragmented),
    0x53: Row("Write Tag Fragmented", _W, tags.write_tag_fragmented),
}
"""Services of a tag, named by a symbol or as an instance of class 0x6b (Rockwell 1756-PM020)."""

_FILE = 0x37
_MODBUS = 0x44
_SYMBOL = 0x6B

SPECIFIC = {
    (CONNECTION_MANAGER, 0x4E): Row("Forward Close", Verb.SESSION, connection.forward_close),
    (CONNECTION_MANAGER, UNCONNECTED_SEND): Row("Unconnected Send", Verb.SESSION),
    (CONNECTION_MANAGER, 0x54): Row("Forward Open", Verb.SESSION, connection.forward_open),
    (CONNECTION_MANAGER, 0x56): Row("Get Connection Data", _R),
    (CONNECTION_MANAGER, 0x57): Row("Search Connection Data", _R),
    (CONNECTION_MANAGER, 0x5A): Row("Get Connection Owner", _R),
    (CONNECTION_MANAGER, 0x5B): Row("Large Forward Open", Verb.SESSION, connection.large_forward_open),
    (_FILE, 0x4B): Row("Initiate Upload", _P),
    (_FILE, 0x4C): Row("Initiate Download", _P),
    (_FILE, 0x4D): Row("Partial Read", _P),
    (_FILE, 0x4E): Row("Partial Write", _P),
    (_FILE, 0x4F): Row("Upload Transfer", _P),
    (_FILE, 0x50): Row("Download Transfer", _P),
    (_FILE, 0x51): Row("Clear File", _P),
    (_MODBUS, 0x4B): Row("Read Discrete Inputs", _R, modbus.table("discrete-input")),
    (_MODBUS, 0x4C): Row("Read Coils", _R, modbus.table("coil")),
    (_MODBUS, 0x4D): Row("Read Input Registers", _R, modbus.table("input-register")),
    (_MODBUS, 0x4E): Row("Read Holding Registers", _R, modbus.table("holding-register")),
    (_MODBUS, 0x4F): Row("Write Coils", _W, modbus.table("coil")),
    (_MODBUS, 0x50): Row("Write Holding Registers", _W, modbus.table("holding-register")),
    (_MODBUS, 0x51): Row("Modbus Passthrough", Verb.OTHER, modbus.passthrough),
    (0x67, 0x4B): Row("Execute PCCC", Verb.OTHER, pccc.execute),
    (0x68, 0x4D): Row("Force", _C, body.raw_value),
    (0x68, 0x4E): Row("Force", _C, body.raw_value),
    (0x69, 0x4D): Row("Force", _C, body.raw_value),
    (0x69, 0x4E): Row("Force", _C, body.raw_value),
    (0x6A, 0x51): Row("Change Parameter", _W, body.raw_value),
    (_SYMBOL, 0x55): Row("Get Instance Attribute List", _D),
    (0x6C, 0x4C): Row("Read Template", _R),
    (0x8E, 0x06): Row("Go to Run", _C),
    (0x8E, 0x07): Row("Go to Program", _C),
    (0x8E, 0x4B): Row("Lock Controller", _C),
    (0x8E, 0x4C): Row("Unlock Controller", _C),
    (0x8E, 0x5C): Row("Privilege Handshake", _C),
    (0xAC, 0x08): Row("Program Download", _P),
    (0xF5, 0x10): Row("Set Attribute Single", _A, body.set_address),
}
_CONNECTION_LISTS = {
    0x4B: "Kick Timer",
    0x4C: "Open Connection",
    0x4D: "Close Connection",
    0x4E: "Stop Connection",
    0x4F: "Change Start",
    0x51: "Change Complete",
}
_CONNECTION_READS = {0x50: "Get Status", 0x52: "Audit Changes"}
SPECIFIC |= {(number, service): Row(name, _A) for number in (0x45, 0xF3) for service, name in _CONNECTION_LISTS.items()}
SPECIFIC |= {(number, service): Row(name, _R) for number in (0x45, 0xF3) for service, name in _CONNECTION_READS.items()}
SPECIFIC |= {(_SYMBOL, service): row for service, row in TAG.items()}

_LOGIC = {_W: _P, _A: _P}
_SECURITY = {_W: _A, _C: _A}
_NETWORK = {_R: _D, _W: _A}

SENSE: dict[int, dict[Verb, Verb]] = {
    0x01: {_R: _D},
    0x02: {_R: _D},
    0x29: {_W: _C},
    _FILE: {_W: _P, _A: _P},
    0x43: {_W: Verb.TIME},
    **dict.fromkeys((0x5D, 0x5E, 0x5F, 0x60, 0x61, 0x62), _SECURITY),
    **dict.fromkeys((0x64, 0x68, 0x69, 0x6A, _SYMBOL, 0x6C, 0xAC), _LOGIC),
    0x8B: {_W: Verb.TIME},
    0xA1: dict.fromkeys(Verb, _P),
    **dict.fromkeys((0xF4, 0xF5, 0xF6), _NETWORK),
}
"""How a common service reads on objects where it means more: setting the wall clock is TIME, reading identities DISCOVER."""


@lru_cache(4096)
def row(classes: tuple[int, ...], symbolic: bool, service: int) -> Row:
    """What `service` means at the end of a path through `classes`."""
    if symbolic and service in TAG:
        return TAG[service]
    inwards = classes[::-1]
    for number in inwards:
        if (number, service) in SPECIFIC:
            return SPECIFIC[number, service]
    found = COMMON.get(service) or Row(_nameless(inwards, service), Verb.OTHER)
    senses = (SENSE[number][found.verb] for number in inwards if found.verb in SENSE.get(number, ()))
    return found._replace(verb=next(senses, found.verb))


def _nameless(inwards: tuple[int, ...], service: int) -> str:
    owner = next((f"{CLASSES[number]}: " for number in inwards if number in CLASSES), "")
    return f"{owner}service 0x{service:02x}"


_ANSWERED = tuple(COMMON[service].name if service in COMMON else f"service 0x{service:02x}" for service in range(128))


def answered(service: int) -> str:
    """The name of a service (0..127) in an answer, which names no class."""
    return _ANSWERED[service]
