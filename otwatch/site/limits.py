"""Values that a person says are right (`limits` of the site file), held against what is written and what is read.

    a value written    the moment somebody sets it, whether it takes effect or not
    a value told       by the equipment itself, in an answer or a notification, once it stayed outside for `after_s`

Only points that are declared are told with their values at all (dissectors/readings.py), so everything else costs one look at a table.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import isfinite

from otwatch.changes import Outside, ValueOutside
from otwatch.config import Site
from otwatch.config.limits import Limit, point_of
from otwatch.config.site import PinnedAsset, Spans
from otwatch.events import CHANGES, Point, Request, Verb
from otwatch.events.registers import measured
from otwatch.inventory import Known
from otwatch.inventory.endpoints import ends
from otwatch.sightings import Sighting
from otwatch.site.places import Places
from otwatch.zones.policy.hosts import Hosts

SECOND = 1_000_000_000
BOUND = 16_384
"""Values outside at the same time; the time of further ones begins anew with each reading."""
_PLAIN = "uint16"
"""What nobody says; then the text may as well be a number of another protocol."""


class Limits:
    """`_since_ns`: since when each limit is overstepped by each asset."""

    def __init__(self, site: Site, places: Places) -> None:
        self._places = places
        self._pins = {pin.id: pin for pin in site.assets}
        self._of: defaultdict[str, list[Limit]] = defaultdict(list)
        for limit in site.limits:
            self._of[str(point_of(limit) or limit.point)].append(limit)
        self._hosts = {limit.id: Hosts(limit.server, self._pins) for limit in site.limits}
        self._blocks = tuple(point for limit in site.limits if (point := point_of(limit)) is not None and not point.part)
        self._since_ns: dict[tuple[str, str], int] = {}

    def written(self, request: Request, server: str) -> Iterator[Outside]:
        """Bounds that what a request writes is beyond."""
        if self._of and request.verb in CHANGES:
            for point, text in _texts(request, self._blocks):
                yield from (found for _, _, found in self._beyond(point, text, server) if found is not None)

    def see(self, sighting: Sighting) -> Iterator[ValueOutside]:
        """What equipment says itself: in an answer to a question, or unasked."""
        request = sighting.event
        if not (self._of and isinstance(request, Request)):
            return
        asked, asset = ends(sighting)
        told = sighting.told if request.verb is Verb.READ else ()
        if request.verb is Verb.SUBSCRIBE and request.values:
            asked, asset = asset, asked
            told = tuple(zip(map(str, request.points), request.values, strict=True))
        for point, text in told:
            for key, limit, found in self._beyond(point, text, asset):
                if found is None:
                    self._since_ns.pop(key, None)
                    continue
                since_ns = self._since_ns.get(key, sighting.first_ns)
                if len(self._since_ns) < BOUND:
                    self._since_ns[key] = since_ns
                if sighting.first_ns - since_ns >= limit.after_s * SECOND:
                    talk = sighting.conversation
                    yield ValueOutside(asset, asked, request.protocol, found, since_ns, sighting.first_ns, sighting.frame, sighting.answer,
                                       talk.transport, talk.server_port)  # fmt: skip

    def _beyond(self, point: str, text: str, server: str) -> Iterator[tuple[tuple[str, str], Limit, Outside | None]]:
        """Every limit of a point of an asset, and what is beyond it."""
        for limit in self._of.get(point, ()):
            value = number(text, limit)
            if value is None or not self._is_meant(limit, server):
                continue
            inside = (limit.least is None or limit.least <= value) and (limit.most is None or value <= limit.most)
            said = f"{value:.6g} {limit.measured_in}".rstrip()
            yield (limit.id, server), limit, None if inside else Outside(limit.id, limit.name or limit.id, point, said, bounds(limit))

    def _is_meant(self, limit: Limit, server: str) -> bool:
        known, unit = self._places.known(server), _unit(server)
        if limit.unit and not _is_in(unit, limit.unit):
            return False
        pins = (self._pins[name] for name in limit.server if isinstance(name, str) and name in self._pins)
        return known.ip in self._hosts[limit.id] or any(_is(pin, known, unit) for pin in pins)


def _is(pin: PinnedAsset, known: Known, unit: int) -> bool:
    """Whether an asset is the declared one, by what else than its address it is known by."""
    if pin.modbus is not None and str(pin.modbus.ip) == known.ip and _is_in(unit, pin.modbus.unit):
        return True
    return pin.bacnet_instance is not None and pin.bacnet_instance == known.bacnet_instance


def _unit(server: str) -> int:
    """The Modbus unit in a raw key; 255 for the device itself (protocols.md 1.7)."""
    number = server.partition("/unit ")[2]
    return int(number) if number.isdecimal() else 255


def _is_in(unit: int, spans: Spans) -> bool:
    return any(first <= unit <= last for first, last in spans)


def _texts(request: Request, blocks: tuple[Point, ...]) -> Iterator[tuple[str, str]]:
    """Points and what is written there; of a block of registers, those that are declared."""
    if len(request.values) != len(request.points):
        return
    for point, text in zip(request.points, request.values, strict=True):
        yield str(point), text
        words = text.split(" ")
        for block in blocks if len(words) == point.quantity else ():
            at = block.first - point.first
            if block.kind == point.kind and block != point and 0 <= at <= point.quantity - block.quantity:
                yield str(block), " ".join(words[at : at + block.quantity])


def number(text: str, limit: Limit) -> float | None:
    """What a text means: the words of registers, or a number as the protocol has it; None where it is none."""
    value = _plain(text) if limit.form == _PLAIN else measured(text, limit.form, limit.low_word_first)
    return None if value is None else value * limit.factor


def _plain(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def bounds(limit: Limit) -> str:
    """The bounds as people write them: "≥ 55 °C", "10 … 50 Pa"."""
    if limit.least is not None and limit.most is not None:
        said = f"{limit.least:g} … {limit.most:g}"
    else:
        said = f"≥ {limit.least:g}" if limit.least is not None else f"≤ {limit.most:g}"
    return f"{said} {limit.measured_in}".rstrip()
