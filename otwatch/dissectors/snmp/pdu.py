"""The PDUs of SNMP: what is asked of which objects, and what their values say (RFC 1157 4.1, RFC 3416 3 and 4)."""

from collections.abc import Iterator
from typing import NamedTuple

from otwatch.dissectors.ber import (
    INTEGER,
    IP_ADDRESS,
    OCTETS,
    OID,
    SEQUENCE,
    TIME_TICKS,
    described,
    element,
    expect,
    integer,
    oid,
    skip,
    text,
    ticket,
)
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.snmp.oids import CONTROL, ENTERPRISES, FACTS, PRIVATE, SECRET, TRAP_OID, is_under
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Details, Event, Identity, Point, Request, Verb

NAME = "snmp"
MAX_POINTS = 16
"""Objects of a request that are named; all of them are looked at."""

GET, GET_NEXT, RESPONSE, SET, TRAP_V1, GET_BULK, INFORM, TRAP, REPORT = range(0xA0, 0xA9)
OPERATIONS: dict[int, tuple[str, Verb]] = {
    GET: ("Get", Verb.READ),
    GET_NEXT: ("GetNext", Verb.READ),
    GET_BULK: ("GetBulk", Verb.READ),
    SET: ("Set", Verb.WRITE),
    TRAP_V1: ("Trap", Verb.ALARM),
    TRAP: ("Trap", Verb.ALARM),
    INFORM: ("Inform", Verb.ALARM),
}
ANSWERS = {RESPONSE: "Response", REPORT: "Report"}
ONE_WAY = frozenset({TRAP_V1, TRAP})
LOGINS = frozenset({GET, GET_NEXT, GET_BULK, SET})
"""PDUs whose community must be the agent's; that of a trap is the receiver's (detections B.6)."""

ERRORS = (
    "", "tooBig", "noSuchName", "badValue", "readOnly", "genErr", "noAccess", "wrongType", "wrongLength", "wrongEncoding", "wrongValue",
    "noCreation", "inconsistentValue", "resourceUnavailable", "commitFailed", "undoFailed", "authorizationError", "notWritable",
    "inconsistentName",
)  # fmt: skip
"""RFC 3416 section 3."""

REPORTS = {
    "1": "unsupportedSecLevels", "2": "notInTimeWindows", "3": "unknownUserNames", "4": "unknownEngineIDs", "5": "wrongDigests",
    "6": "decryptionErrors",
}  # fmt: skip
"""Counters that a Report names to say why a message was not obeyed (RFC 3414 section 5); the number is their place under USM_STATS."""
USM_STATS = "1.3.6.1.6.3.15.1.1."

GENERIC_TRAPS = (
    "coldStart", "warmStart", "linkDown", "linkUp", "authenticationFailure", "egpNeighborLoss", "enterpriseSpecific",
)  # fmt: skip
"""RFC 1157 4.1.6."""


class Bindings(NamedTuple):
    """Objects, the values of those that are shown, and what stopped the reading of them."""

    names: list[str]
    values: list[str]
    flaw: Malformed | None


def events(tag: int, pdu: Reader, details: Details) -> Iterator[Event]:
    """What a PDU says, with these details; raises Malformed where its bindings break off."""
    if tag == TRAP_V1:
        yield from _trap(pdu, details)
        return
    if tag not in OPERATIONS and tag not in ANSWERS:
        raise Malformed(f"PDU 0x{tag:02x} is not defined", pdu.at)
    ticket(pdu)
    status, index = integer(expect(pdu, INTEGER)), integer(expect(pdu, INTEGER))
    objects = expect(pdu, SEQUENCE)
    if tag in ANSWERS:
        yield from _answer(tag, status, index, objects, details)
    else:
        yield from _request(tag, objects, details)


def _request(tag: int, objects: Reader, details: Details) -> Iterator[Event]:
    operation, verb = OPERATIONS[tag]
    found = _bindings(objects, tag == SET)
    if tag == SET and any(is_under(name, CONTROL) for name in found.names):
        verb = Verb.CONTROL
    # the objects that control something are shown first: a request cannot push them out of sight
    shown = sorted(range(len(found.names)), key=lambda place: not is_under(found.names[place], CONTROL))[:MAX_POINTS]
    details += tuple(("trap", value) for name, value in zip(found.names, found.values, strict=True) if name == TRAP_OID)
    yield Request(
        NAME,
        verb,
        operation,
        tag,
        points=tuple(Point("oid", name=found.names[place]) for place in shown),
        values=tuple(found.values[place] for place in shown) if tag == SET else (),
        details=details,
        one_way=tag in ONE_WAY,
    )
    if found.flaw:
        raise found.flaw


def _trap(pdu: Reader, details: Details) -> Iterator[Event]:
    """RFC 1157 4.1.6: who, what, when, and the objects it is about."""
    enterprise = oid(expect(pdu, OID))
    agent = text(IP_ADDRESS, expect(pdu, IP_ADDRESS))
    generic, specific = integer(expect(pdu, INTEGER)), integer(expect(pdu, INTEGER))
    skip(pdu, TIME_TICKS)
    kind = GENERIC_TRAPS[generic] if generic in range(len(GENERIC_TRAPS)) else str(generic)
    details += (("trap", kind), ("specific", str(specific)), ("enterprise", enterprise), ("agent", agent))
    yield from _request(TRAP_V1, expect(pdu, SEQUENCE), details)


def _answer(tag: int, status: int, index: int, objects: Reader, details: Details) -> Iterator[Event]:
    found = _bindings(objects, False)
    error = ERRORS[status] if status in range(len(ERRORS)) else f"error {status}"
    code = str(status) if status else ""
    if status:
        details += (("index", str(index)),)
    elif tag == REPORT and found.names and found.names[0].startswith(USM_STATS):
        place = found.names[0].removeprefix(USM_STATS).partition(".")[0]
        error, code = REPORTS.get(place, f"counter {place}"), f"usm {place}"
    yield Answer(NAME, ANSWERS[tag], UNNAMED, error=error, error_code=code, details=details)
    facts = {FACTS[name]: value for name, value in zip(found.names, found.values, strict=True) if name in FACTS and value}
    if facts and not status:
        yield Identity(NAME, (), (*facts.items(), *_enterprise(facts.get("object_id", ""))))
    if found.flaw:
        raise found.flaw


def _enterprise(object_id: str) -> Details:
    """Whose branch sysObjectID stands in (RFC 3418): mostly the maker's, sometimes that of the agent's software."""
    branch, _, rest = object_id.removeprefix(f"{PRIVATE}.").partition(".")
    known = object_id.startswith(PRIVATE) and rest and branch.isdecimal()
    return (("enterprise", ENTERPRISES[int(branch)]),) if known and int(branch) in ENTERPRISES else ()


def _bindings(objects: Reader, is_set: bool) -> Bindings:
    """The bindings up to the first flaw. Values are read where a Set shows them, or where they say what something is."""
    names: list[str] = []
    values: list[str] = []
    try:
        while objects.left:
            pair = expect(objects, SEQUENCE)
            name = oid(expect(pair, OID))
            tag, body = element(pair)
            names.append(name)
            values.append("")
            values[-1] = _value(name, tag, body, is_set)
            if pair.left:
                raise Malformed("bytes behind a binding", pair.at)
    except Malformed as flaw:
        return Bindings(names, values, flaw)
    return Bindings(names, values, None)


def _value(name: str, tag: int, body: Reader, is_set: bool) -> str:
    known = (name in FACTS and tag in (OCTETS, OID)) or name == TRAP_OID
    if is_set and is_under(name, SECRET):
        body.aside(body.left)
        return "<secret>"
    if known and tag == OCTETS and not is_set:
        return described(body)
    if is_set or known:
        return text(tag, body)
    body.aside(body.left)
    return ""
