"""Expected writers: which line of the site file allows a write, in the protocol's own terms (domain/zones.md 5.7).

A line allows a write when every restriction it states is shown to hold. What cannot be shown (points or values that could not be read)
does not hold: a write is expected only by proof.
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from otwatch.config.site import Spans, Writer
from otwatch.config.words import PROTOCOLS
from otwatch.events import Details, Point, Request, Verb

LOWEST_PRIORITY = 16
"""BACnet clause 19.2: a command without priority has the lowest."""


def allows(line: Writer, request: Request) -> bool:
    """Whether the line's restrictions on points hold for the request (hosts and window are the policy's)."""
    protocol = spoken(request.protocol, request.verb, request.details)
    if protocol != line.proto and protocol not in PROTOCOLS[line.proto].also:
        return False
    return all(holds(line, request) for field, holds in _RESTRICTIONS.items() if getattr(line, field) not in ((), None))


def spoken(protocol: str, verb: Verb | None, details: Details) -> str:
    """The protocol as the site file names it: UMAS is read as a function of Modbus (0x5A), which has no sessions of its own."""
    is_umas = protocol == "modbus" and (verb is Verb.SESSION or any(name == "umas" for name, _ in details))
    return "umas" if is_umas else protocol


def _every_point(test: Callable[[Writer, Point], bool]) -> Callable[[Writer, Request], bool]:
    return lambda line, request: bool(request.points) and all(test(line, point) for point in request.points)


def _unit(line: Writer, request: Request) -> bool:
    hop = request.target[-1] if request.target else ""
    number = hop.removeprefix("unit ")
    return number.isdecimal() and _inside(line.unit, int(number))


def _inside(spans: Spans, first: int, last: int | None = None) -> bool:
    """Whether first..last lies inside one span."""
    return any(low <= first and (first if last is None else last) <= high for low, high in spans)


def _addresses(line: Writer, point: Point) -> bool:
    return all(_inside(line.addresses, address) for address in range(point.first, point.first + min(point.quantity, 65_536)))


def _values(line: Writer, request: Request) -> bool:
    limits = {address: (low, high) for address, low, high in line.values}
    written = _written(request)
    return bool(request.points) and all(
        _within(written.get(address), limits[address])
        for point in request.points
        for address in limits
        if point.first <= address < point.first + point.quantity
    )


def _written(request: Request) -> dict[int, str]:
    """Address -> value, where as many values as addresses can be read: one text each, or one text for the whole of a point."""
    texts = [part for value in request.values for part in re.split(r"[\s,;]+", value.strip("[]() "))]
    addresses = [address for point in request.points for address in range(point.first, point.first + min(point.quantity, 65_536))]
    return dict(zip(addresses, texts, strict=True)) if len(addresses) == len(texts) else {}


def _within(text: str | None, limits: tuple[float, float]) -> bool:
    try:
        return text is not None and limits[0] <= float(int(text, 0) if text[:2].lower() == "0x" else text) <= limits[1]
    except ValueError:
        return False


def _objects(line: Writer, point: Point) -> bool:
    return any(fnmatchcase(f"{point.kind}:{point.first}", allowed) for allowed in line.objects)


def _properties(line: Writer, point: Point) -> bool:
    return point.part.partition("[")[0] in line.properties


def _paths(line: Writer, point: Point) -> bool:
    return any(_path(allowed, point) for allowed in line.paths)


def _path(allowed: str, point: Point) -> bool:
    """`tag:AHU*`, or `class/instance/attribute` with decimal, 0x or `*` in each place."""
    if allowed.startswith("tag:"):
        return point.kind == "tag" and fnmatchcase(point.name, allowed[4:])
    wanted, named = allowed.split("/"), point.name.split("/")
    return point.kind == "cip" and len(wanted) == len(named) and all(map(_same_number, wanted, named))


def _same_number(wanted: str, named: str) -> bool:
    if wanted in {"*", named}:
        return True
    try:
        return int(wanted, 0) == int(named, 0)
    except ValueError:
        return False


def _areas(line: Writer, point: Point) -> bool:
    """`%MW100-199`: a prefix and numbers; the point as kind and first, or as its name."""
    return any(_area(allowed, point) for allowed in line.areas)


def _area(allowed: str, point: Point) -> bool:
    form = re.fullmatch(r"(.*?)([0-9]+)(?:-([0-9]+))?", allowed)
    named = re.fullmatch(r"(.*?)([0-9]+)", point.name) or re.fullmatch(r"(.*?)([0-9]+)", f"{point.kind}{point.first}")
    if form is None or named is None or form[1] != named[1]:
        return False
    first = int(named[2])
    return _inside(((int(form[2]), int(form[3] or form[2])),), first, first + point.quantity - 1)


def _oids(line: Writer, point: Point) -> bool:
    named = point.name.strip(".") + "."
    return any(named.startswith(prefix.strip(".") + ".") for prefix in line.oids)


def _globs(field: str) -> Callable[[Writer, Point], bool]:
    return lambda line, point: any(fnmatchcase(point.name, allowed) for allowed in getattr(line, field))


_RESTRICTIONS: dict[str, Callable[[Writer, Request], bool]] = {
    "unit": _unit,
    "fc": lambda line, request: request.code in line.fc,
    "services": lambda line, request: request.code in line.services,
    "addresses": _every_point(_addresses),
    "values": _values,
    "objects": _every_point(_objects),
    "properties": _every_point(_properties),
    "strongest_priority": lambda line, request: (request.priority or LOWEST_PRIORITY) >= (line.strongest_priority or 1),
    "paths": _every_point(_paths),
    "areas": _every_point(_areas),
    "nodes": _every_point(_globs("nodes")),
    "groups": _every_point(_globs("groups")),
    "oids": _every_point(_oids),
}
