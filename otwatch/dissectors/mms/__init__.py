"""MMS, as protection relays and controllers of IEC 61850 speak it (ISO 9506-2, IEC 61850-8-1).

    TPKT and COTP (`cotp`) | session 01 00 01 00 | presentation 61 { 30 { 02 context, A0 { PDU } } }          in BER (`ber`)
    PDU   A0 asks, A1 answers, A2 refuses: number of the invocation, service [n] {...}     A3 reports     A8 .. AA initiate

Of a connection that is being opened only that it speaks MMS is looked for. A variable is called domain/item, and in IEC 61850 the item
says what it is for: `...$CO$...` is an order to switch.
"""

from collections.abc import Iterator

from otwatch.dissectors import ber, cotp
from otwatch.dissectors.base import Dissector
from otwatch.dissectors.cotp import cut
from otwatch.dissectors.mms.codes import DATA_ERRORS, IDENTIFY, NAME, PDU_NAMES, REPORT_NAMES, SERVICES, STEPS, WRITE, Service
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.reals import shortest
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Event, Identity, Point, Request, Verb, clean

_DATA = bytes((1, 0, 1, 0))
_CONNECT, _ACCEPT, _REFUSE, _FINISH, _DISCONNECT, _ABORT = 0x0D, 0x0E, 0x0C, 0x09, 0x0A, 0x19
SESSION = {_CONNECT: "Initiate", _FINISH: "Conclude", _ABORT: "Abort"}
_SESSION_ANSWERS = {_ACCEPT: _CONNECT, _REFUSE: _CONNECT, _DISCONNECT: _FINISH}
_ISO_9506 = bytes((0x28, 0xCA, 0x22))
_SERVICE_CODES = 0x1000
"""Codes of session and association begin here: this and the number of the session's unit."""
_PRESENTATION = 0x61
ASKS, ANSWERS, REFUSES, REPORTS, REJECTS = range(5)
_CONTEXT, _CLASS = 0x80, 0xC0


MOST = 16
_ORDER = "$CO$"
_BOOLEAN, _INTEGER, _UNSIGNED, _FLOAT, _TEXT = 3, 5, 6, 7, 10


def looks_like(read: Reader, _: bool) -> bool:
    """Data with a PDU of MMS; or a connection that asks for it."""
    data = cotp.first_data(read)
    if data is None or data.left < len(_DATA):
        return False
    if data.peek(4) == _DATA:
        pdu = _pdu(data)
        return pdu is not None
    (kind,) = data.ahead("B")
    return kind in (_CONNECT, _ACCEPT) and _ISO_9506 in data.rest()


def decode(read: Reader, _: bool | None) -> Iterator[Event]:
    begin = read.at
    kind = cotp.kind(read)
    if kind != cotp.DATA:
        yield from _transport(kind, begin + 5)
        return
    data = cotp.content(read)
    if not data.left:
        return
    if data.peek(4) == _DATA:
        pdu = _pdu(data)
        if pdu is not None:
            yield from _said(pdu)
    else:
        yield _session(data.u8(), begin + 7)


def _transport(kind: int, at: int) -> Iterator[Event]:
    if kind == cotp.REQUEST:
        yield Request(NAME, Verb.SESSION, "Connect", kind)
    elif kind == cotp.CONFIRM:
        yield Answer(NAME, "Connect", cotp.REQUEST)
    elif kind in cotp.ENDS:
        yield Request(NAME, Verb.SESSION, cotp.ENDS[kind], kind, one_way=True)
    else:
        raise Malformed(f"type 0x{kind:02x} is not of the transport", at)


def _session(kind: int, at: int) -> Event:
    """ISO 8327: what begins and ends an association."""
    if kind in SESSION:
        return Request(NAME, Verb.SESSION, SESSION[kind], _SERVICE_CODES | kind, one_way=kind == _ABORT)
    if kind not in _SESSION_ANSWERS:
        raise Malformed(f"unit 0x{kind:02x} of the session is not known", at)
    asked = _SESSION_ANSWERS[kind]
    refused = kind == _REFUSE
    return Answer(NAME, SESSION[asked], _SERVICE_CODES | asked, error="refused" if refused else "", error_code="12" if refused else "")


def _pdu(data: Reader) -> Reader | None:
    """What a presentation value holds; None where it is that of another application (the association itself)."""
    data.take(4)
    tag, values = ber.element(data)
    if tag != _PRESENTATION:
        raise Malformed(f"presentation 0x{tag:02x} is not 61", data.at)
    value = ber.expect(values, ber.SEQUENCE)
    ber.expect(value, ber.INTEGER).rest()
    tag, pdu = ber.element(value)
    return pdu if tag == 0xA0 and pdu.left and pdu.ahead("B")[0] & _CLASS == _CONTEXT else None


def _said(read: Reader) -> Iterator[Event]:
    """One PDU."""
    _, kind, pdu = ber.tagged(read)
    if kind == ASKS:
        ber.ticket(pdu)
        yield _asked(pdu)
    elif kind == ANSWERS:
        ber.ticket(pdu)
        yield from _answered(pdu)
    elif kind in (REFUSES, REJECTS):
        yield _refused(kind, pdu)
    elif kind == REPORTS:
        _, number, body = ber.tagged(pdu)
        body.aside(body.left)
        yield Request(NAME, Verb.ALARM, REPORT_NAMES.get(number, f"report {number}"), _SERVICE_CODES | number, one_way=True)
    elif kind in PDU_NAMES:
        pdu.aside(pdu.left)
        yield Request(NAME, Verb.SESSION, PDU_NAMES[kind], _SERVICE_CODES | 0x80 | kind, one_way=True)
    else:
        raise Malformed(f"PDU [{kind}] is not defined", read.at)


def _service(pdu: Reader) -> tuple[int, int, Reader]:
    at = pdu.at
    form, number, body = ber.tagged(pdu)
    if form & _CLASS != _CONTEXT:
        raise Malformed("no service stands behind the number of the invocation", at)
    return form, number, body


def _asked(pdu: Reader) -> Request:
    form, number, body = _service(pdu)
    row = SERVICES.get(number, Service(f"service {number}", Verb.OTHER))
    request = Request(NAME, row.verb, row.name, number, details=(("transfer", STEPS[number]),) if number in STEPS else ())
    if number != WRITE or not form & 0x20:
        body.aside(body.left)
        return request
    points, values = _written(body)
    order = any(_ORDER in point.name for point in points)
    return request._replace(verb=Verb.CONTROL if order else row.verb, points=points, values=values)


def _written(body: Reader) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    """Variables (one by one, or a list that has a name), then their data."""
    form, _, names = ber.tagged(body)
    points: list[Point] = []
    while names.left and len(points) < MOST:
        points.append(Point("mms", name=_name(names)))
    names.take(names.left)
    values: list[str] = []
    if body.left:
        _, _, data = ber.tagged(body)
        while data.left and len(values) < MOST:
            values.append(_value(data))
        data.take(data.left)
    return tuple(points) if form & 0x20 else (), tuple(values)


def _name(read: Reader, depth: int = 0) -> str:
    """The texts of an object's name, outermost first, however they are wrapped."""
    form, _, body = ber.tagged(read)
    if not form & 0x20 or depth > 6:
        return clean(body.rest())
    parts: list[str] = []
    while body.left and len(parts) < 4:
        parts.append(_name(body, depth + 1))
    body.take(body.left)
    return "/".join(part for part in parts if part)


def _value(read: Reader) -> str:
    form, number, body = ber.tagged(read)
    if form & 0x20:
        body.take(body.left)
        return "structure"
    if number == _BOOLEAN and body.left == 1:
        return "true" if body.u8() else "false"
    if number in (_INTEGER, _UNSIGNED) and 1 <= body.left <= 9:
        return str(ber.integer(body, number == _INTEGER))
    if number == _FLOAT and body.left == 5:
        body.take(1)
        return shortest(body.take(4), "big")
    raw = body.rest()
    return clean(raw) if number == _TEXT else clean(f"0x{raw.hex()}") if len(raw) <= 8 else f"{len(raw)} bytes"


def _answered(pdu: Reader) -> Iterator[Event]:
    _, number, body = _service(pdu)
    row = SERVICES.get(number, Service(f"service {number}", Verb.OTHER))
    error, code = _first_failure(body) if number == WRITE else ("", "")
    facts = _identified(body) if number == IDENTIFY else ()
    body.aside(body.left)
    yield Answer(NAME, row.name, number, error=error, error_code=code)
    if facts:
        yield Identity(NAME, (), facts)


def _first_failure(body: Reader) -> tuple[str, str]:
    """A result for each variable: [0] an error, [1] done."""
    while body.left:
        _, number, result = ber.tagged(body)
        if number == 0 and result.left:
            error = ber.integer(result)
            return DATA_ERRORS.get(error, f"data access error {error}"), str(error)
        result.take(result.left)
    return "", ""


def _identified(body: Reader) -> tuple[tuple[str, str], ...]:
    """Vendor, model, revision."""
    found: list[tuple[str, str]] = []
    for name in ("vendor", "model", "firmware"):
        _, _, text = ber.tagged(body)
        found.append((name, clean(text.rest())))
    return tuple(fact for fact in found if fact[1])


def _refused(kind: int, pdu: Reader) -> Answer:
    """The number of the invocation, which a reject may leave out, then class and code."""
    number = Reader(pdu.data, pdu.at, pdu.end)
    form, first, body = ber.tagged(number)
    if first == 0 and not form & 0x20 and 1 <= body.left <= 4:
        _, _, ticket = ber.tagged(pdu)
        ticket.ticket(ticket.left)
    pdu.take(pdu.left)
    name, error = ("Reject", "rejected") if kind == REJECTS else ("Error", "service error")
    return Answer(NAME, name, UNNAMED, error=error, error_code=str(kind))


MMS = Dissector(
    name=NAME,
    title="MMS (IEC 61850)",
    transports=frozenset({"tcp"}),
    ports=frozenset({102}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    tells=True,
    marks=cotp.MARKS,
)
