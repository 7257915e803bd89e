"""Messages of a readable channel: the head of each, and what the services say that matter (OPC 10000-4, 5 and 7.32, 7.33)."""

from collections.abc import Callable, Iterator

from otwatch.dissectors.opcua.applications import activated, created, description, endpoints, identity
from otwatch.dissectors.opcua.binary import array, body, data_value, diagnostics, node, pass_node, qualified, raw, text, variant
from otwatch.dissectors.opcua.codes import (
    ACTIVATE_SESSION,
    ANSWERS,
    CALL,
    CREATE_SESSION,
    FAULT,
    FIND_SERVERS,
    GET_ENDPOINTS,
    MODES,
    NAME,
    OPEN,
    READ,
    SERVICES,
    WRITE,
    error,
)
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Details, Envelope, Event, Point, Request

MOST = 16
"""Nodes of a request that are named."""
_VALUE = 13
"""The attribute that holds the value of a variable; others are named beside the node."""

STATUS_NODE, BUILD_NODE = "i=2256", "i=2260"
FACTS = {"i=2261": "product", "i=2263": "vendor", "i=2264": "software"}
"""Nodes of the server object and the identity field each one fills (OPC 10000-5, 6.3.1 and 12.4)."""
TELLING = frozenset({STATUS_NODE, BUILD_NODE, *FACTS})
_STATUS_TYPE, _BUILD_TYPE = "i=864", "i=340"
STATES = ("running", "failed", "no configuration", "suspended", "shutdown", "test", "communication fault", "unknown")


def is_service(number: int) -> bool:
    return number in SERVICES or number in ANSWERS or number == FAULT


def served(number: int) -> Details:
    """The name of a service's message, as its data type is called (OPC 10000-4); nothing of what is encrypted."""
    if number in SERVICES:
        return (("service", f"{SERVICES[number].name}Request"),)
    if number in ANSWERS:
        return (("service", f"{SERVICES[ANSWERS[number]].name}Response"),)
    return (("service", "ServiceFault"),) if number == FAULT else ()


def message(number: int, read: Reader) -> Iterator[Event]:
    """What stands behind the NodeId of a service."""
    if number in SERVICES:
        yield from _asked(number, read)
        return
    result = _answer_head(read)
    words, code = error(result)
    if number == FAULT:
        read.aside(read.left)
        yield Answer(NAME, "ServiceFault", UNNAMED, error=words, error_code=code)
        return
    asked = ANSWERS[number]
    told = Answer(NAME, SERVICES[asked].name, asked, error=words, error_code=code)
    yield from _answered(asked, told, read)


def _asked(number: int, read: Reader) -> Iterator[Event]:
    row = SERVICES[number]
    request = Request(NAME, row.verb, row.name, number)
    _request_head(read)
    layout = _ASKS.get(number)
    if layout is None:
        read.aside(read.left)
        yield request
        return
    yield from layout(request, read)
    read.aside(read.left)


def _request_head(read: Reader) -> None:
    """Session token, time 8, handle 4, wanted diagnostics 4, audit id, timeout 4, additional header."""
    pass_node(read)
    read.aside(16)
    raw(read)
    read.aside(4)
    body(read)


def _answer_head(read: Reader) -> int:
    """Time 8, handle 4, result 4, diagnostics, texts, additional header."""
    read.aside(12)
    result = read.le32()
    diagnostics(read)
    for _ in array(read, 4):
        raw(read)
    body(read)
    return result


# -- requests ---------------------------------------------------------------------------------------------------------------------------


def _opens(request: Request, read: Reader) -> Iterator[Event]:
    """Version 4, issue or renew 4, mode 4, nonce, lifetime 4."""
    read.take(8)
    mode: Details = (("mode", MODES.get(number := read.le32(), f"mode {number}")),)
    yield Envelope(NAME, mode)
    yield request._replace(details=mode)


def _finds(request: Request, read: Reader) -> Iterator[Event]:
    """The endpoint that is asked about, then languages and profiles."""
    yield from _addressed(read)
    yield request


def _addressed(read: Reader) -> Iterator[Event]:
    """The endpoint that is wanted, by its URL."""
    if url := text(read):
        yield Envelope(NAME, (("endpoint", url),))


def _creates(request: Request, read: Reader) -> Iterator[Event]:
    """The client describes itself, names the server and its endpoint. The client's host may be a server too, with another product:
    that is told by the server alone."""
    said = description(read)
    raw(read)
    yield from _addressed(read)
    yield request
    yield from identity(tuple(fact for fact in said if fact[0] == "application"))


def _activates(request: Request, read: Reader) -> Iterator[Event]:
    """Who the user is."""
    for details, login in activated(read):
        yield Envelope(NAME, details[:1])
        if login is not None:
            yield login
        yield request._replace(details=details)


def _reads(request: Request, read: Reader) -> Iterator[Event]:
    """Greatest age 8, times wanted 4, then nodes."""
    read.aside(8)
    read.take(4)
    points = [_attribute(read) for _ in array(read, 10)]
    yield _about(request, points, [])


def _writes(request: Request, read: Reader) -> Iterator[Event]:
    """Nodes with their new values; a flaw keeps those before it."""
    points: list[Point] = []
    values: list[str] = []
    flaw: Malformed | None = None
    try:
        for _ in array(read, 8):
            place, attribute, _ = node(read), read.le32(), raw(read)
            points.append(_point(place, attribute))
            values.append(data_value(read))
    except Malformed as broken:
        flaw = broken
    yield _about(request, points, values)
    if flaw:
        raise flaw


def _calls(request: Request, read: Reader) -> Iterator[Event]:
    """Objects, methods and their arguments."""
    points: list[Point] = []
    values: list[str] = []
    for _ in array(read, 8):
        place, method = node(read), node(read)
        points.append(Point("method", name=f"{place} {method}"))
        values.append(", ".join(variant(read) for _ in array(read)))
    yield _about(request, points, values)


def _about(request: Request, points: list[Point], values: list[str]) -> Request:
    details: Details = (("nodes", str(len(points))),) if len(points) > MOST else ()
    return request._replace(points=tuple(points[:MOST]), values=tuple(values[:MOST]), details=details)


def _attribute(read: Reader) -> Point:
    """A ReadValueId: node, attribute 4, range, encoding."""
    place, attribute = node(read), read.le32()
    raw(read)
    qualified(read)
    return _point(place, attribute)


def _point(place: str, attribute: int) -> Point:
    return Point("node", name=place) if attribute == _VALUE else Point("node", name=f"{place} attribute {attribute}")


_ASKS: dict[int, Callable[[Request, Reader], Iterator[Event]]] = {
    OPEN: _opens, FIND_SERVERS: _finds, GET_ENDPOINTS: _finds, CREATE_SESSION: _creates,
    ACTIVATE_SESSION: _activates, READ: _reads, WRITE: _writes, CALL: _calls,
}  # fmt: skip


# -- answers ----------------------------------------------------------------------------------------------------------------------------


def _answered(asked: int, told: Answer, read: Reader) -> Iterator[Event]:
    if told.error or asked not in (GET_ENDPOINTS, CREATE_SESSION, WRITE, CALL):
        read.aside(read.left)
        yield told
        return
    if asked == WRITE:
        words, code = _first_bad([read.le32() for _ in array(read, 4)])
    elif asked == CALL:
        words, code = _first_bad(list(_called(read)))
    else:
        facts, offers, around = endpoints(read) if asked == GET_ENDPOINTS else created(read)
        read.aside(read.left)
        yield Envelope(NAME, around)
        yield told._replace(details=offers)
        yield from identity(facts)
        return
    read.aside(read.left)
    yield told._replace(error=words, error_code=code)


def _called(read: Reader) -> Iterator[int]:
    """Results of methods: status, status of each argument, diagnostics, outputs."""
    for _ in array(read, 16):
        yield read.le32()
        for _ in array(read, 4):
            read.take(4)
        for _ in array(read):
            diagnostics(read)
        for _ in array(read):
            variant(read)


def _first_bad(results: list[int]) -> tuple[str, str]:
    return next((found for result in results if (found := error(result))[1]), ("", ""))


# -- what an answer says once its request is known --------------------------------------------------------------------------------------


def facts(request: Request, read: Reader) -> Iterator[Event]:
    """Values of the server object that say what the server is, in the order of the nodes that were asked for."""
    _answer_head(read)
    found: dict[str, str] = {}
    for at in array(read):
        place = request.points[at].name if at < len(request.points) else ""
        if place in (STATUS_NODE, BUILD_NODE):
            found |= _structure(read)
        else:
            value = data_value(read)
            found |= {FACTS[place]: value} if place in FACTS and value else {}
    yield from identity(tuple((name, value) for name, value in found.items() if value))


def _structure(read: Reader) -> dict[str, str]:
    """A DataValue that holds a ServerStatus or a BuildInfo; anything else is passed."""
    look = Reader(read.data, read.at, read.end)
    data_value(read)
    mask, kind = look.fields(">BB")
    if not mask & 1 or kind != 22:
        return {}
    form, inside = body(look)
    state = {}
    if form == _STATUS_TYPE:
        inside.take(16)
        number = inside.le32()
        state = {"run_state": STATES[number] if number < len(STATES) else f"state {number}"}
    elif form != _BUILD_TYPE:
        return {}
    _, vendor, product, version = (text(inside) for _ in range(4))
    return {"vendor": vendor, "product": product, "software": version, **state}
