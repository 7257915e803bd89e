"""Whether the sensor still sees what it saw: what it loses, and what has fallen silent (detections.md, sensor.blind).

Nothing here looks at packets. Every SIGHT_S the sensor shows its counters (Moment), every SURVEY_S what the site half has counted
(Survey). What is wrong is told once when it begins, and once more when it has lasted for LASTING_NS.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from otwatch.changes import Blindness, SightLost
from otwatch.inventory.inventory import Inventory
from otwatch.inventory.links import Way
from otwatch.sightings import Frame

SIGHT_S, SURVEY_S = 10.0, 60.0
SECOND_NS = 1_000_000_000
SPAN = 6
"""Looks that losses are summed over: a minute."""
LOST_SHARE, LEAST_PACKETS, LEAST_BYTES = 0.01, 1000, 100_000
"""Lost packets or bytes that are too many, where there are enough to speak of a share."""
FULL = 0.8
"""Share of a ring."""
SILENT_NS, VLAN_SILENT_NS, USUAL = 30 * SECOND_NS, 600 * SECOND_NS, 2
"""A silence worth telling; and so many times the longest that ended by itself, which is what nights are like."""
UNWRITTEN_NS = 60 * SECOND_NS
ONE_SIDED, LEAST_WAYS = 0.5, 10
TURNOVER_S, TURNED_OVER, LEAST_MACS = 600, 0.5, 10
LASTING_NS = 900 * SECOND_NS

Thing = tuple[Blindness, str]
"""What is wrong, and where: an interface, a VLAN, or "" for all."""


class Interface(NamedTuple):
    """An interface at a moment: counters of the kernel, how full its ring is (0..1), and its last frame."""

    name: str
    received: int
    dropped: int
    filled: float
    last_ns: int
    frames: int


class Moment(NamedTuple):
    """`steps`: times the clock was set back; `unwritten_ns`: since when the record cannot be written, 0 where it can."""

    now_ns: int
    interfaces: tuple[Interface, ...]
    steps: int
    unwritten_ns: int


class Survey(NamedTuple):
    """What the site half has counted: bytes of TCP lost and seen; bytes sent and received by each TCP link that both sides were heard
    of; when each VLAN and MAC was seen last."""

    now_ns: int
    lost: int
    seen: int
    ways: Mapping[Way, tuple[int, int]]
    vlans: Mapping[int, int]
    macs: Mapping[str, int]


class Silences:
    """Who is silent for longer than usual."""

    def __init__(self, least_ns: int) -> None:
        self._least_ns = least_ns
        self._before: dict[str, tuple[int, int]] = {}
        self._longest_ns: dict[str, int] = {}

    def silent_ns(self, name: str, last_ns: int, now_ns: int) -> int:
        """For how long, 0 where it is not worth telling."""
        former_ns, gap_ns = self._before.get(name, (last_ns, 0))
        if former_ns != last_ns:
            self._longest_ns[name] = max(self._longest_ns.get(name, 0), gap_ns)
        gap_ns = now_ns - last_ns
        self._before[name] = last_ns, gap_ns
        return gap_ns if gap_ns > max(self._least_ns, USUAL * self._longest_ns.get(name, 0)) else 0


class Sight:
    """`began_ns`: since when this sensor listens."""

    def __init__(self, began_ns: int) -> None:
        self._began_ns = began_ns
        self._moments: list[Moment] = []
        self._interfaces, self._vlans = Silences(SILENT_NS), Silences(VLAN_SILENT_NS)
        self._survey: Survey | None = None
        self._two_sided = False
        self._macs: tuple[int, frozenset[str]] = (began_ns, frozenset())
        self._surveyed: dict[Thing, str] = {}
        self.lost: dict[Thing, int] = {}
        """What is wrong now, and since when."""
        self._lasting: set[Thing] = set()

    def look(self, moment: Moment) -> list[SightLost]:
        """What has begun or lasts, by the counters."""
        self._moments = [*self._moments[-SPAN:], moment]
        found = {thing: amount for check in _CHECKS for thing, amount in check(self._moments)}
        for one in moment.interfaces:
            silent_ns = self._interfaces.silent_ns(one.name, max(one.last_ns, self._began_ns), moment.now_ns) if one.frames else 0
            if silent_ns:
                found[Blindness.SILENT, one.name] = f"{silent_ns // SECOND_NS} s"
        return list(self._told(found | self._surveyed, moment))

    def survey(self, survey: Survey) -> None:
        """What the next look tells of what was counted since the last survey."""
        before, self._survey = self._survey, survey
        if before is not None:
            self._surveyed = {**self._gaps(before, survey), **self._one_way(before, survey)}
            self._surveyed |= {**self._silent_vlans(survey), **self._turnover(survey)}

    def _told(self, found: Mapping[Thing, str], moment: Moment) -> Iterator[SightLost]:
        self.lost = {thing: self.lost.get(thing, moment.now_ns) for thing in found}
        self._lasting &= found.keys()
        frames = {one.name: one.frames for one in moment.interfaces}
        for thing, since_ns in self.lost.items():
            lasts = moment.now_ns - since_ns >= LASTING_NS and thing not in self._lasting
            if since_ns != moment.now_ns and not lasts:
                continue
            if lasts:
                self._lasting.add(thing)
            kind, where = thing
            name = where if where in frames else max(frames, key=frames.__getitem__)
            yield SightLost(kind, where, found[thing], since_ns, moment.now_ns, Frame(name, frames[name]), lasts)

    def _gaps(self, before: Survey, now: Survey) -> dict[Thing, str]:
        return _share(Blindness.GAPS, "", now.lost - before.lost, now.lost + now.seen - before.lost - before.seen, LEAST_BYTES)

    def _one_way(self, before: Survey, now: Survey) -> dict[Thing, str]:
        """Only where it was better before: a mirror that shows one direction from the beginning is told by the doctor."""
        both = ((bytes_now, before.ways.get(way, (0, 0))) for way, bytes_now in now.ways.items())
        active = [grown for (sent, got), former in both if any(grown := (sent - former[0], got - former[1]))]
        if len(active) < LEAST_WAYS:
            return {}
        share = sum(not all(pair) for pair in active) / len(active)
        if share <= ONE_SIDED:
            self._two_sided = True
            return {}
        return {(Blindness.ONE_WAY, ""): f"{share:.0%}"} if self._two_sided else {}

    def _silent_vlans(self, survey: Survey) -> dict[Thing, str]:
        """Beside what is heard: where all is silent, the interface is."""
        newest_ns = max(survey.vlans.values(), default=0)
        gaps = {vlan: self._vlans.silent_ns(str(vlan), max(last_ns, self._began_ns), newest_ns) for vlan, last_ns in survey.vlans.items()}
        return {(Blindness.VLAN, f"VLAN {vlan}"): f"{gap_ns // SECOND_NS} s" for vlan, gap_ns in gaps.items() if gap_ns}

    def _turnover(self, survey: Survey) -> dict[Thing, str]:
        """Every ten minutes the MACs heard within them are held against those of the ten minutes before."""
        since_ns, before = self._macs
        if survey.now_ns - since_ns < TURNOVER_S * SECOND_NS:
            return {thing: amount for thing, amount in self._surveyed.items() if thing[0] is Blindness.MACS}
        now = frozenset(mac for mac, last_ns in survey.macs.items() if last_ns >= since_ns)
        self._macs = survey.now_ns, now
        changed = len(before ^ now) / len(before | now) if len(before) >= LEAST_MACS else 0.0
        return {(Blindness.MACS, ""): f"{changed:.0%}"} if changed > TURNED_OVER else {}


def _share(kind: Blindness, where: str, lost: int, whole: int, least: int) -> dict[Thing, str]:
    return {(kind, where): f"{lost / whole:.1%}"} if whole >= least and lost > LOST_SHARE * whole else {}


def _drops(moments: list[Moment]) -> Iterable[tuple[Thing, str]]:
    """The kernel counts what it dropped as received."""
    first = {one.name: one for one in moments[0].interfaces}
    for now in moments[-1].interfaces:
        before = first[now.name]
        yield from _share(Blindness.DROPS, now.name, now.dropped - before.dropped, now.received - before.received, LEAST_PACKETS).items()


def _queues(moments: list[Moment]) -> Iterable[tuple[Thing, str]]:
    return [((Blindness.QUEUE, one.name), f"{one.filled:.0%}") for one in moments[-1].interfaces if one.filled > FULL]


def _clock(moments: list[Moment]) -> Iterable[tuple[Thing, str]]:
    steps = moments[-1].steps - moments[0].steps
    return [((Blindness.CLOCK, ""), str(steps))] if steps else []


def _record(moments: list[Moment]) -> Iterable[tuple[Thing, str]]:
    now = moments[-1]
    unwritten_ns = now.now_ns - now.unwritten_ns if now.unwritten_ns else 0
    return [((Blindness.RECORD, ""), f"{unwritten_ns // SECOND_NS} s")] if unwritten_ns >= UNWRITTEN_NS else []


_CHECKS = (_drops, _queues, _clock, _record)


def surveyed(inventory: Inventory, now_ns: int) -> Survey:
    """What was counted until now."""
    vlans = dict[int, int]()
    for asset in inventory.assets.all():
        if asset.vlan >= 0:
            vlans[asset.vlan] = max(vlans.get(asset.vlan, 0), asset.last_ns)
    rows = inventory.protocols.rows({})
    ways = {link.way: (link.sent, link.received) for link in inventory.links.all() if link.way.transport == "tcp" and link.received}
    return Survey(now_ns, sum(row.lost for row in rows), sum(row.bytes for row in rows), ways, vlans, inventory.macs.heard())
