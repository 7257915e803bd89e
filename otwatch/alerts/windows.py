"""How many different things somebody did within so many seconds of packet time: sliding counters, bounded, without a clock.

A counter holds, for every key (who), the things (what) of the last `span_s` seconds. Once its threshold is crossed the key is
*open*: nothing is dropped any more until nothing was added for a whole span, so what a scan touched in the end is known in full.
What goes in is decided in `counting`; what a crossing means, in the detections.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

from otwatch.alerts.thresholds import Thresholds
from otwatch.events import Request
from otwatch.sightings import SLOT_NS, Conversation, Frame, Outcome, Sighting, Tally

SECOND = 1_000_000_000
THINGS = 1024
"""Things of one key; beyond it further ones are counted and not told apart."""
HELD = 65_536
"""Things of all keys of one counter; beyond it the key that was silent longest is forgotten."""


class Mark(NamedTuple):
    """Something to count. `failed`: it was refused, or nobody answered; `quantity`: how many the thing itself stands for."""

    counter: str
    key: Hashable
    thing: Hashable
    time_ns: int
    frame: Frame
    times: int = 1
    failed: bool = False
    quantity: int = 1


@dataclass(slots=True)
class Seen:
    """One thing within the window. `frame` is the first; it failed if it failed every time."""

    first_ns: int
    last_ns: int
    times: int
    frame: Frame
    failed: bool
    quantity: int

    def again(self, mark: Mark) -> None:
        """It was seen once more; items of one slot come in any order."""
        if (mark.time_ns, mark.time_ns, mark.times, mark.frame) < (self.first_ns, self.last_ns, self.times, self.frame):
            self.first_ns, self.frame = mark.time_ns, mark.frame
        self.last_ns = max(self.last_ns, mark.time_ns)
        self.times += mark.times
        self.failed = self.failed and mark.failed


class Crossing(NamedTuple):
    """A key that is open.

    things            since it opened; grows while it stays open, and is never taken back
    times, frames     what was not told with an earlier crossing of this key
    """

    key: Hashable
    things: Mapping[Hashable, Seen]
    times: int
    frames: tuple[Frame, ...]
    first_ns: int
    last_ns: int


class Track:
    """What one key did within the window. `untold` is a heap, earliest first; `failed`, `times`, `quantity`: sums over `things`."""

    __slots__ = ("failed", "first_ns", "is_open", "last_ns", "quantity", "things", "times", "untold")

    def __init__(self) -> None:
        self.things: dict[Hashable, Seen] = {}
        self.untold: list[tuple[int, Frame, int]] = []
        self.failed = self.times = self.quantity = self.first_ns = self.last_ns = 0
        self.is_open = False

    def expire(self, horizon_ns: int) -> None:
        """Forget what is older, unless the track is open."""
        while self.untold and self.untold[0][0] < horizon_ns:
            heappop(self.untold)
        while self.things and not self.is_open:
            thing, seen = next(iter(self.things.items()))
            if seen.last_ns >= horizon_ns:
                break
            self._weigh(self.things.pop(thing), -1)

    def put(self, mark: Mark) -> None:
        """Count one thing."""
        if len(self.untold) < THINGS:
            heappush(self.untold, (mark.time_ns, mark.frame, mark.times))
        self.first_ns = min(self.first_ns, mark.time_ns) if self.last_ns else mark.time_ns
        self.last_ns = max(self.last_ns, mark.time_ns)
        seen = self.things.get(mark.thing)
        if seen is None and len(self.things) >= THINGS:
            return
        if seen is None:
            seen = self.things[mark.thing] = Seen(mark.time_ns, mark.time_ns, mark.times, mark.frame, mark.failed, mark.quantity)
        else:
            self._weigh(seen, -1)
            seen.again(mark)
            if not self.is_open:
                self.things[mark.thing] = self.things.pop(mark.thing)  # so that the oldest stands first
        self._weigh(seen, 1)

    def _weigh(self, seen: Seen, sign: int) -> None:
        self.failed += sign * seen.failed
        self.times += sign * seen.times
        self.quantity += sign * seen.quantity


class Counter:
    """One kind of things. `crosses` says whether a track is a finding; `fresh`: only things that a key never did before count."""

    def __init__(self, span_s: int, crosses: Callable[[Track], bool], *, fresh: bool = False) -> None:
        self._span = span_s * SECOND
        self._crosses = crosses
        self._fresh = fresh
        self._tracks: OrderedDict[Hashable, Track] = OrderedDict()
        self._known: OrderedDict[Hashable, int] = OrderedDict()
        self._held = 0

    def add(self, mark: Mark) -> Crossing | None:
        """Count one thing; what is known of its key while the key is open."""
        if self._fresh and not self._is_fresh(mark):
            return None
        track = self._tracks.get(mark.key)
        if track is None:
            track = self._tracks[mark.key] = Track()
        self._tracks.move_to_end(mark.key)
        before = len(track.things)
        horizon_ns = max(mark.time_ns, track.last_ns) - self._span
        if track.is_open and track.last_ns < horizon_ns:  # it is over; who was told of it keeps its things
            track = self._tracks[mark.key] = Track()
        track.expire(horizon_ns)
        track.put(mark)
        self._held += len(track.things) - before
        self._make_room()
        track.is_open = track.is_open or self._crosses(track)
        return _crossing(mark.key, track) if track.is_open else None

    def _is_fresh(self, mark: Mark) -> bool:
        """Whether the key began with this thing within the span: what it does all the time is its habit."""
        named = (mark.key, mark.thing)
        first_ns = self._known.setdefault(named, mark.time_ns)
        self._known.move_to_end(named)
        if len(self._known) > HELD:
            self._known.popitem(last=False)
        return mark.time_ns - first_ns <= self._span

    def _make_room(self) -> None:
        while self._held > HELD and len(self._tracks) > 1:
            _, forgotten = self._tracks.popitem(last=False)
            self._held -= len(forgotten.things)


def _crossing(key: Hashable, track: Track) -> Crossing:
    untold, track.untold = sorted(track.untold), []
    return Crossing(
        key, track.things, sum(times for *_, times in untold), tuple(frame for _, frame, _ in untold), track.first_ns, track.last_ns
    )


def distinct(least: int) -> Callable[[Track], bool]:
    """At least so many different things."""
    return lambda track: len(track.things) >= least


def refused(least: int) -> Callable[[Track], bool]:
    """At least so many different things that failed."""
    return lambda track: track.failed >= least


def total(least: int) -> Callable[[Track], bool]:
    """At least so many times, whatever it was."""
    return lambda track: track.times >= least


def spread(least: int) -> Callable[[Track], bool]:
    """At least so many in all that different things stand for."""
    return lambda track: track.quantity >= least


def contested(track: Track) -> bool:
    """At least two different things, each of them twice."""
    return sum(seen.times >= 2 for seen in track.things.values()) >= 2


def sweep(hosts: int, ports: int, share: float) -> Callable[[Track], bool]:
    """Things are (host, port): one port of so many hosts, or so many ports of one host, with at least this share in vain."""

    def crosses(track: Track) -> bool:
        if track.failed < share * min(hosts, ports):
            return False
        groups: defaultdict[tuple[str, Hashable], list[bool]] = defaultdict(list)
        for thing, seen in track.things.items():
            assert isinstance(thing, tuple)
            groups["host", thing[0]].append(seen.failed)
            groups["port", thing[1]].append(seen.failed)
        needed = {"host": ports, "port": hosts}
        return any(len(tries) >= needed[kind] and sum(tries) >= share * len(tries) for (kind, _), tries in groups.items())

    return crosses


class Windows:
    """All counters of a record, and what the item that was just counted crossed.

    Two short memories stand beside them: the last request told at once, because a login and the request that carries it are
    told as two sightings of one frame; and the conversations that lost bytes lately.
    """

    def __init__(self, thresholds: Thresholds = Thresholds()) -> None:  # noqa: B008  # a constant
        of = thresholds
        scan = of.scan_s
        self.thresholds = of
        self._counters = {
            "arp": Counter(scan, distinct(of.arp_targets)),
            "arp_addresses": Counter(scan, distinct(2)),
            "arp_owners": Counter(scan, contested),
            "bacnet_instances": Counter(scan, distinct(2)),
            "bridge_roots": Counter(of.roots_s, contested),
            "ping": Counter(scan, distinct(of.ping_targets)),
            "tcp": Counter(scan, sweep(of.tcp_hosts, of.tcp_ports, of.failing_share)),
            "tcp_slow": Counter(of.tcp_slow_s, distinct(of.tcp_slow), fresh=True),
            "modbus_units": Counter(scan, distinct(of.modbus_units), fresh=True),
            "modbus_units_failing": Counter(scan, distinct(of.modbus_units_failing), fresh=True),
            "modbus_functions": Counter(scan, distinct(of.modbus_functions)),
            "modbus_addresses": Counter(scan, total(of.modbus_addresses)),
            "modbus_points": Counter(of.modbus_points_s, spread(of.modbus_points), fresh=True),
            "bacnet_global": Counter(scan, total(of.bacnet_global)),
            "bacnet_ranges": Counter(scan, distinct(of.bacnet_ranges)),
            "bacnet_names": Counter(scan, distinct(of.bacnet_names)),
            "bacnet_devices": Counter(scan, distinct(of.bacnet_devices)),
            "enip_devices": Counter(scan, distinct(of.enip_devices)),
            "communities": Counter(of.communities_s, distinct(of.communities)),
            "logins": Counter(of.logins_s, refused(of.logins_refused)),
            "malformed": Counter(scan, distinct(of.malformed)),
        }
        self._crossed: dict[str, Crossing] = {}
        self._carrier: tuple[Frame, Request] | None = None
        self._lossy: OrderedDict[Conversation, int] = OrderedDict()

    def count(self, marks: Iterable[Mark]) -> bool:
        """Count what one item says, and forget what the item before it crossed; whether it crossed anything."""
        self._crossed = {}
        for mark in marks:
            crossing = self._counters[mark.counter].add(mark)
            if crossing is not None:
                self._crossed[mark.counter] = crossing
        return bool(self._crossed)

    def crossed(self, counter: str) -> Crossing | None:
        """Whether the item just counted belongs to a crossing."""
        return self._crossed.get(counter)

    def remember(self, item: Sighting | Tally) -> None:
        """Keep the last request that was told at once, and which conversations lost bytes."""
        if isinstance(item, Tally):
            if item.lost:
                self._lossy[item.conversation] = item.last_ns
                self._lossy.move_to_end(item.conversation)
                if len(self._lossy) > THINGS:
                    self._lossy.popitem(last=False)
        elif isinstance(item.event, Request) and item.outcome is not Outcome.NONE:
            self._carrier = (item.frame, item.event)

    def carrier(self, frame: Frame) -> Request | None:
        """The request told last, if it stands in this frame."""
        return self._carrier[1] if self._carrier and self._carrier[0] == frame else None

    def is_lossy(self, conversation: Conversation, time_ns: int) -> bool:
        """Whether bytes of the conversation were lost within the two slots before."""
        lost_ns = self._lossy.get(conversation)
        return lost_ns is not None and time_ns - lost_ns <= 2 * SLOT_NS
