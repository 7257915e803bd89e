"""Userdata: what programming devices do, messages, system status lists, passwords, clocks.

    parameter   00 01 12 | length | method 11 or 12 | type << 4 | group | sub-function | sequence [| unit | last | error 2]
    data        return code 1 | type 1 | length 2 | contents
"""

from collections.abc import Iterator
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.dissectors.s7 import szl
from otwatch.dissectors.s7.codes import ITEM_ERRORS, ITEM_OK, NAME, TRANSITIONS, error
from otwatch.errors import Malformed
from otwatch.events import Answer, Credential, Details, Event, Identity, Request, Secret, Verb

MODE, PROGRAMMER, CYCLIC, BLOCKS, CPU, SECURITY, CLOCK = 0, 1, 2, 3, 4, 5, 7
_PUSH, _ASK, _TELL = 0, 4, 8
_NOTHING = 0x0A
"""Return code of data that is empty because the request or the answer needs none."""


class Service(NamedTuple):
    name: str
    verb: Verb


SERVICES: dict[tuple[int, int], Service] = {
    (PROGRAMMER, 0x01): Service("Request Diagnostic Data", Verb.READ),
    (PROGRAMMER, 0x02): Service("Read Variable Table", Verb.READ),
    (PROGRAMMER, 0x03): Service("Read Diagnostic Data", Verb.READ),
    (PROGRAMMER, 0x07): Service("Set Variable Table", Verb.OTHER),
    (PROGRAMMER, 0x08): Service("Modify Variable", Verb.WRITE),
    (PROGRAMMER, 0x09): Service("Force", Verb.CONTROL),
    (PROGRAMMER, 0x0A): Service("Breakpoint", Verb.CONTROL),
    (PROGRAMMER, 0x0B): Service("Exit Hold", Verb.CONTROL),
    (PROGRAMMER, 0x0C): Service("Memory Reset", Verb.CONTROL),
    (PROGRAMMER, 0x0D): Service("Disable Job", Verb.CONTROL),
    (PROGRAMMER, 0x0E): Service("Enable Job", Verb.CONTROL),
    (PROGRAMMER, 0x0F): Service("Delete Job", Verb.CONTROL),
    (PROGRAMMER, 0x10): Service("Read Job List", Verb.READ),
    (PROGRAMMER, 0x11): Service("Read Job", Verb.READ),
    (PROGRAMMER, 0x12): Service("Replace Job", Verb.CONTROL),
    (PROGRAMMER, 0x13): Service("Block Status", Verb.READ),
    (PROGRAMMER, 0x16): Service("Flash LED", Verb.CONTROL),
    (CYCLIC, 0x01): Service("Cyclic Read", Verb.SUBSCRIBE),
    (CYCLIC, 0x04): Service("Unsubscribe", Verb.SUBSCRIBE),
    (CYCLIC, 0x05): Service("Cyclic Read on Change", Verb.SUBSCRIBE),
    (CYCLIC, 0x07): Service("Modify Cyclic Read", Verb.SUBSCRIBE),
    (BLOCKS, 0x01): Service("List Blocks", Verb.DISCOVER),
    (BLOCKS, 0x02): Service("List Blocks of Type", Verb.DISCOVER),
    (BLOCKS, 0x03): Service("Get Block Info", Verb.DISCOVER),
    (CPU, 0x01): Service("Read SZL", Verb.DISCOVER),
    (CPU, 0x02): Service("Message Service", Verb.SUBSCRIBE),
    (CPU, 0x03): Service("Diagnostic Message", Verb.ALARM),
    (CPU, 0x05): Service("ALARM_8 Indication", Verb.ALARM),
    (CPU, 0x06): Service("NOTIFY Indication", Verb.ALARM),
    (CPU, 0x07): Service("ALARM_8 Lock", Verb.ADMIN),
    (CPU, 0x08): Service("ALARM_8 Unlock", Verb.ADMIN),
    (CPU, 0x09): Service("SCAN Indication", Verb.ALARM),
    (CPU, 0x0B): Service("Alarm Acknowledge", Verb.ALARM),
    (CPU, 0x0C): Service("Alarm Acknowledge Indication", Verb.ALARM),
    (CPU, 0x0D): Service("Alarm Lock Indication", Verb.ALARM),
    (CPU, 0x0E): Service("Alarm Unlock Indication", Verb.ALARM),
    (CPU, 0x11): Service("ALARM_SQ Indication", Verb.ALARM),
    (CPU, 0x12): Service("ALARM_S Indication", Verb.ALARM),
    (CPU, 0x13): Service("Alarm Query", Verb.READ),
    (CPU, 0x16): Service("NOTIFY_8 Indication", Verb.ALARM),
    (SECURITY, 0x01): Service("Password", Verb.AUTH),
    (SECURITY, 0x02): Service("Clear Password", Verb.AUTH),
    (CLOCK, 0x01): Service("Read Clock", Verb.READ),
    (CLOCK, 0x02): Service("Set Clock", Verb.TIME),
    (CLOCK, 0x03): Service("Read Clock", Verb.READ),
    (CLOCK, 0x04): Service("Set Clock", Verb.TIME),
}
"""By group and sub-function."""
_LIST_HEAD = 4 + 8
_SZL, _PASSWORD = (CPU, 0x01), (SECURITY, 0x01)
OFFSET = 0x100
"""A userdata service is numbered group * 256 + sub-function, and this much above the functions of jobs."""


def decode(read: Reader, data: Reader) -> Iterator[Event]:
    """A service that is asked, answered or told without being asked."""
    if read.u24() != 0x000112:
        raise Malformed("a userdata parameter does not begin with 00 01 12", read.at - 3)
    parameter = read.part(read.u8())
    _, kind, sub, _ = parameter.fields(">4B")
    group, way = kind & 0x0F, kind >> 4
    if way == _TELL:
        answer = _answer(group, sub, parameter, data)
        yield answer
        if (group, sub) == _SZL and not answer.error:
            facts, _ = _list(data)
            yield from (Identity(NAME, (), facts),) if facts else ()
    elif way == _ASK:
        yield from _request(group, sub, data)
    elif way == _PUSH:
        yield from _pushed(group, sub, data)
    else:
        raise Malformed(f"type {way} of userdata is not 0, 4 or 8", parameter.at - 3)


def code(group: int, sub: int) -> int:
    return OFFSET + (group << 8 | sub)


def _service(group: int, sub: int) -> Service:
    return SERVICES.get((group, sub)) or Service(f"userdata group {group} function {sub}", Verb.OTHER)


def _answer(group: int, sub: int, parameter: Reader, data: Reader) -> Answer:
    """An error stands in the parameter, or as the return code of the data; what was read is read by `joined`."""
    failed = 0
    if parameter.left >= 4:
        (failed,) = parameter.fields(">2xH")
    words, number = error(failed)
    if data.left and not failed:
        returned, _, size = data.ahead(">BBH")
        empty = returned == _NOTHING and not size
        if returned != ITEM_OK and not empty:
            words, number = ITEM_ERRORS.get(returned, "refused"), f"0x{returned:02x}"
    return Answer(NAME, _service(group, sub).name, code(group, sub), error=words, error_code=number)


def _request(group: int, sub: int, data: Reader) -> Iterator[Event]:
    row = _service(group, sub)
    details: Details = ()
    if (group, sub) == _PASSWORD:
        yield Credential(NAME, "", Secret(_password(_contents(data))))
    elif (group, sub) == _SZL and data.left > 4:
        number, index = _contents(data).fields(">HH")
        details = (("szl", f"0x{number:04x}"), ("index", f"0x{index:04x}"), ("list", szl.title(number)))
    else:
        data.aside(data.left)
    yield Request(NAME, row.verb, row.name, code(group, sub), details=details)


def _pushed(group: int, sub: int, data: Reader) -> Iterator[Event]:
    """What the controller says by itself; a change of its operating state says which."""
    data.aside(data.left)
    if group == MODE:
        state = TRANSITIONS.get(sub, f"state {sub}")
        yield Request(NAME, Verb.ALARM, "Operating State", code(group, 0), details=(("state", state),), one_way=True)
        yield Identity(NAME, (), (("run_state", state),))
        return
    row = _service(group, sub)
    verb = row.verb if row.verb is Verb.OTHER else Verb.ALARM
    name = row.name if row.verb in (Verb.ALARM, Verb.OTHER) else f"{row.name}: Report"
    yield Request(NAME, verb, name, code(group, sub), one_way=True)


def joined(request: Request, read: Reader) -> Iterator[Event]:
    """What a system status list says of its request. `read` stands before the parameter's length."""
    parameter = read.part(read.u8())
    parameter.take(parameter.left)
    _, told = _list(read)
    if told:
        yield Answer(NAME, request.operation, request.code, details=told)


def _list(data: Reader) -> tuple[Details, Details]:
    """A system status list says itself which one it is; what goes on in another message does not, and the last piece may be short."""
    if data.left < _LIST_HEAD:
        return (), ()
    return szl.said(_contents(data))


def _contents(data: Reader) -> Reader:
    """Return code 1, type 1, length 2 in bytes."""
    data.take(2)
    return data.part(min(data.u16(), data.left))


def _password(read: Reader) -> bytes:
    """Eight characters, filled with blanks, each mixed with 55 and the one two places before (public, and reversible)."""
    mixed = read.take(8)
    before = (0, 0, *mixed)
    return bytes(byte ^ 0x55 ^ earlier for byte, earlier in zip(mixed, before, strict=False)).rstrip(b" \0")


