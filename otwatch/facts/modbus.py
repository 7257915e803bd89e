"""Modbus, counted: functions, exceptions, who asks which unit, writes, device identification."""

from functools import lru_cache

from otwatch.events import Answer, Identity, Point, Request, Route
from otwatch.facts.ledger import ANSWERED, Ends, Item, Ledger, ends
from otwatch.sightings import Sighting

SECTION = "modbus"
PORTS = frozenset({502})
"""Direction is told by the port here, as in Wireshark: who asks is told by the message."""

REMEMBERED = 16_384
"""Clients and units whose items are made once."""

_REFUSES = 0x80
"""The bit of a function code that marks an exception (v1.1b3 section 7): set aside, also where a request has it."""
_WRITES = frozenset({5, 6, 15, 16, 21, 22, 23})
_DIAGNOSTICS = 8
_OTHER = {"request": "response", "response": "request", "unknown": "unknown"}
_IDENTIFICATION = {
    "vendor": "vendor", "product_code": "product", "firmware": "revision", "url": "vendor_url", "product": "product_name",
    "model": "model_name", "application": "user_application_name",
}  # fmt: skip


def see(sighting: Sighting, ledger: Ledger) -> None:
    """An exception without its code is no whole PDU (Modbus v1.1b3 section 7): it only counts as malformed."""
    event, way = sighting.event, ends(sighting)
    side = way.side(PORTS)
    if isinstance(event, Request):
        _message(ledger, sighting, way, side, event)
        _asked(ledger, sighting, way, side, event)
        if sighting.outcome in ANSWERED and bool(sighting.error) == bool(sighting.error_code):
            _message(ledger, sighting, way.turned(), _OTHER[side], event)
            _refused(ledger, sighting, event.code, sighting.error_code)
    elif isinstance(event, Answer) and bool(event.error) == bool(event.error_code):
        _message(ledger, sighting, way, side, event)
        _refused(ledger, sighting, event.code, event.error_code)
    elif isinstance(event, Identity):
        _identified(ledger, sighting, way, event)


def _message(ledger: Ledger, sighting: Sighting, way: Ends, side: str, event: Request | Answer) -> None:
    ledger.add(SECTION, "pdus", (), sighting)
    ledger.add(SECTION, "functions", _function(side, event.code & ~_REFUSES), sighting)
    if side == "request":
        ledger.add(SECTION, "client_server_unit", _triple(way.source, way.target, event.target), sighting)
    elif side == "response":
        ledger.add(SECTION, "client_server_unit", _triple(way.target, way.source, event.target), sighting, times=0)


@lru_cache(REMEMBERED)
def _function(side: str, code: int) -> Item:
    return (("side", side), ("function", code))


@lru_cache(REMEMBERED)
def _triple(client: str, server: str, target: Route) -> Item:
    return (("client", client), ("server", server), ("unit", unit(target)))


def unit(target: Route) -> int:
    return int(target[0].removeprefix("unit "))


def _refused(ledger: Ledger, sighting: Sighting, code: int, error_code: str) -> None:
    """Refusals of UMAS ("0xfd") are no exceptions of Modbus ("2")."""
    if error_code and error_code.isdecimal():
        ledger.add(SECTION, "exceptions", (("exception", f"{code}/{error_code}"),), sighting, in_answer=True)


def _asked(ledger: Ledger, sighting: Sighting, way: Ends, side: str, event: Request) -> None:
    if side != "request":
        return
    if event.code == _DIAGNOSTICS and (sub := dict(event.details).get("sub")) is not None:
        ledger.add(SECTION, "diagnostic_subfunctions", (("sub", sub),), sighting)
    if event.code in _WRITES:
        ledger.add(SECTION, "writes", _written(way, event), sighting)


def _written(way: Ends, event: Request) -> Item:
    what = (*_triple(way.source, way.target, event.target), ("function", event.code))
    if not event.points:
        return what
    point = event.points[0]
    return (*what, ("reference", _file(point) << 16 | point.first), ("quantity", point.quantity))


def _file(point: Point) -> int:
    """Of a file record: the number of its file stands above that of the record."""
    return int(point.part.removeprefix("file ")) if point.part else 0


def _identified(ledger: Ledger, sighting: Sighting, way: Ends, event: Identity) -> None:
    if way.side(PORTS) == "request":
        return
    said = dict(event.fields)
    who = (("server", way.source), ("unit", unit(event.subject)))
    for name, value in said.items():
        if name in _IDENTIFICATION:
            ledger.add(SECTION, "device_identification", (*who, (_IDENTIFICATION[name], value)), sighting, in_answer=True)
