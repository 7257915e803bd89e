"""Is the mirror any good? What the record says about how well the network was heard, check by check, and one verdict.

Every check is a function of `Heard` and gives a Reason, or None where there is nothing to judge it by. It counts what is in the
record and knows no packet. Thresholds stand beside the check that uses them; they were set on the captures of the tests.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import cached_property
from ipaddress import IPv4Address
from typing import NamedTuple

from otwatch.outputs.voice import GROUP
from otwatch.results import LinkRow, Results

Figure = int | float | tuple[str, ...]
"""An amount, a share (0..1), or names."""


class Grade(IntEnum):
    """How much of what matters can be seen in spite of it. A NOTE is no flaw of the mirror, but good to know."""

    GOOD = 0
    NOTE = 1
    DOUBTFUL = 2
    BAD = 3


class Reason(NamedTuple):
    """The outcome of a check. `figures` fill the places of its words."""

    check: str
    grade: Grade
    figures: Mapping[str, Figure]


class Diagnosis(NamedTuple):
    """All reasons, the worst first."""

    reasons: tuple[Reason, ...]

    @property
    def verdict(self) -> Grade:
        """GOOD, DOUBTFUL or BAD."""
        worst = max((reason.grade for reason in self.reasons), default=Grade.GOOD)
        return Grade.GOOD if worst == Grade.NOTE else worst

    @property
    def flaws(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.grade >= Grade.DOUBTFUL)


class Heard:
    """What several checks ask of the same results. `expected`: by what a site file names, the services under which it is seen."""

    def __init__(self, results: Results, expected: Mapping[str, frozenset[str]]) -> None:
        self.results = results
        self.expected = expected
        self.frames = sum(capture.frames for capture in results.captures)

    def noted(self, name: str) -> int:
        return self.results.notes.get(name, 0)

    def ending(self, end: str) -> int:
        """The sum of a counter that each interface of a sensor has ("eth1: dropped")."""
        return sum(times for name, times in self.results.notes.items() if name.endswith(end))

    @cached_property
    def links(self) -> tuple[LinkRow, ...]:
        """Conversations between two things that packets were counted of."""
        groups = {asset.key for asset in self.results.assets if asset.kind == GROUP}
        return tuple(row for row in self.results.links if row.bytes_sent + row.bytes_received and not {row.client, row.server} & groups)

    @cached_property
    def span_ns(self) -> int:
        times = [time for row in self.results.captures if row.frames for time in (row.first_ns, row.last_ns)]
        return max(times) - min(times) if times else 0


Check = Callable[[Heard], Reason | None]
_NOTE, _DOUBTFUL, _BAD = Grade.NOTE, Grade.DOUBTFUL, Grade.BAD
_PLACE = {_BAD: 0, _DOUBTFUL: 1, _NOTE: 2, Grade.GOOD: 3}


def diagnose(results: Results, expected: Mapping[str, frozenset[str]] | None = None) -> Diagnosis:
    """Every check that can be judged; of nothing that was captured only that."""
    heard = Heard(results, expected or {})
    if not heard.frames:
        return Diagnosis((Reason("empty", _BAD, {}),))
    found = [reason for check in CHECKS if (reason := check(heard)) is not None]
    return Diagnosis(tuple(sorted(found, key=lambda reason: _PLACE[reason.grade])))


def _graded(value: float, *, doubtful: float, bad: float = 2.0) -> Grade:
    """Of a share: a note where there is any at all."""
    if value >= bad:
        return _BAD
    if value >= doubtful:
        return _DOUBTFUL
    return _NOTE if value else Grade.GOOD


# -- what the mirror shows ----------------------------------------------------------------------------------------------------------------

TALKED = 3
"""Packets from which on both sides of a TCP conversation should have been heard."""


def _one_way(heard: Heard) -> Reason | None:
    talked = [row for row in heard.links if row.transport == "tcp" and row.state == "established" and row.packets >= TALKED]
    if not talked:
        return None
    deaf = sum(not (row.bytes_sent and row.bytes_received) for row in talked)
    share = deaf / len(talked)
    return Reason("one_way", _graded(share, doubtful=0.1, bad=0.5), {"share": share, "times": deaf, "all": len(talked)})


def _broadcast(heard: Heard) -> Reason | None:
    """A port that is no mirror shows what every port shows: what is sent to all."""
    packets = sum(row.packets for row in heard.results.protocols)
    share = min(sum(row.packets for row in heard.links) / packets, 1.0) if packets else 1.0
    grade = _BAD if share < 0.02 else _DOUBTFUL if share < 0.1 else Grade.GOOD
    return Reason("broadcast", grade, {"share": 1 - share})


def _one_machine(heard: Heard) -> Reason | None:
    """Many conversations, and one machine has a part in all of them: the port of that machine, or the capture was taken on it."""
    pairs = {frozenset((row.client, row.server)) for row in heard.links}
    if len(pairs) < 4:
        return None
    everywhere = sorted(frozenset.intersection(*pairs))
    return Reason("one_machine", _NOTE if everywhere else Grade.GOOD, {"names": tuple(everywhere), "pairs": len(pairs)})


def _vlans(heard: Heard) -> Reason | None:
    tags = sorted({asset.vlan for asset in heard.results.assets if asset.vlan >= 0})
    if tags:
        return Reason("vlans", Grade.GOOD, {"names": tuple(map(str, tags))})
    nets = {_net(asset.address) for asset in heard.results.assets if asset.kind == "host"} - {""}
    return Reason("vlans", _NOTE, {"nets": len(nets), "names": ()}) if len(nets) > 1 else None


def _net(address: str) -> str:
    """The first three bytes of an IPv4 address: networks of buildings are seldom larger."""
    try:
        return str(IPv4Address(address)).rpartition(".")[0]
    except ValueError:
        return ""


# -- what was lost on the way -------------------------------------------------------------------------------------------------------------


def _cut(heard: Heard) -> Reason | None:
    times = heard.noted("capture: frames cut")
    share = times / heard.frames
    return Reason("cut", _graded(share, doubtful=0.01, bad=0.5), {"share": share, "times": times})


def _lost(heard: Heard) -> Reason | None:
    """Bytes that TCP counted and nobody captured, of the protocols that are read."""
    read = [row for row in heard.results.protocols if row.decoded]
    lost, there = sum(row.lost for row in read), sum(row.bytes for row in read)
    if not lost + there:
        return None
    share = lost / (lost + there)
    return Reason("lost", _graded(share, doubtful=0.001, bad=0.05), {"share": share, "bytes": lost})


def _dropped(heard: Heard) -> Reason | None:
    """Told by the kernel, where a sensor listened itself, and by the recorder of a capture that can say so (pcapng)."""
    lost = heard.noted("capture: frames dropped")
    received, dropped = heard.ending(": received"), heard.ending(": dropped") + lost
    if not received and not heard.noted("capture: drop counters"):
        return None
    share = dropped / (received or heard.frames + lost)  # the kernel counts what it dropped as received
    return Reason("dropped", _graded(share, doubtful=1e-15, bad=0.01), {"share": share, "times": dropped})


def _transmitted(heard: Heard) -> Reason | None:
    """Nothing may ever leave through the interface that listens."""
    counted = [times for name, times in heard.results.notes.items() if name.endswith(" transmitted")]
    return Reason("transmitted", _DOUBTFUL if any(counted) else Grade.GOOD, {"times": sum(counted)}) if counted else None


def _addressed(heard: Heard) -> Reason | None:
    """An interface with an address answers those who ask for it."""
    counted = [times for name, times in heard.results.notes.items() if name.endswith(" addresses")]
    return Reason("addressed", _DOUBTFUL if any(counted) else Grade.GOOD, {"times": sum(counted)}) if counted else None


def _broken(heard: Heard) -> Reason | None:
    names = tuple(row.name for row in heard.results.captures if row.broken)
    return Reason("broken", _DOUBTFUL if names else Grade.GOOD, {"times": len(names), "names": names})


# -- what the frames look like ------------------------------------------------------------------------------------------------------------


def _undecodable(heard: Heard) -> Reason | None:
    times = sum(number for name, number in heard.results.notes.items() if name.startswith("frames: "))
    share = times / heard.frames
    return Reason("undecodable", _graded(share, doubtful=0.01, bad=0.2), {"share": share, "times": times})


def _twice(heard: Heard) -> Reason | None:
    times = heard.noted("packets captured twice")
    share = times / heard.frames
    return Reason("twice", _graded(share, doubtful=0.05), {"share": share, "times": times})


def _offloaded(heard: Heard) -> Reason | None:
    times, long = heard.noted("capture: open checksums"), heard.noted("capture: long frames")
    return Reason("offloaded", _NOTE if times or long else Grade.GOOD, {"times": times, "long": long})


# -- time ---------------------------------------------------------------------------------------------------------------------------------

NO_CLOCK_NS = 946_684_800_000_000_000
"""2000-01-01: what is dated before was captured by a machine whose clock was never set."""
SHORT_S = 60


def _clock(heard: Heard) -> Reason | None:
    back = heard.noted("capture: steps back") + heard.noted("clock set back")
    unset = sum(row.frames > 0 and row.first_ns < NO_CLOCK_NS for row in heard.results.captures)
    return Reason("clock", _DOUBTFUL if back or unset else Grade.GOOD, {"times": back, "captures": unset})


def _silences(heard: Heard) -> Reason | None:
    times, silent_s = heard.noted("capture: silences"), heard.noted("capture: silent seconds")
    return Reason("silences", _NOTE if times else Grade.GOOD, {"times": times, "seconds": silent_s})


def _short(heard: Heard) -> Reason | None:
    seconds = heard.span_ns // 1_000_000_000
    return Reason("short", _NOTE if seconds < SHORT_S else Grade.GOOD, {"seconds": seconds})


# -- what should be there -----------------------------------------------------------------------------------------------------------------

COMMON = frozenset({
    "arp", "cdp", "dhcpv6", "dns", "dtp", "ftp", "hsrp", "http", "icmp", "icmpv6", "lldp", "netbios-dgm", "ntp", "pvst", "snmp",
    "spanning-tree", "ssdp", "tls", "vtp",
})  # fmt: skip
"""Services that are read and prove no building system."""


OUTSIDE = frozenset({"internet", "third_party"})
"""Kinds of zones whose machines need not be heard."""


def _plant(heard: Heard) -> Reason | None:
    names = tuple(row.title or row.name for row in heard.results.protocols if row.decoded and row.name not in COMMON)
    return Reason("plant", Grade.GOOD if names else _DOUBTFUL, {"names": names})


def _absent(heard: Heard) -> Reason | None:
    if not heard.expected:
        return None
    there = {row.name for row in heard.results.protocols} | {row.protocol for row in heard.results.links}
    names = tuple(sorted(name for name, services in heard.expected.items() if not services & there))
    share = len(names) / len(heard.expected)
    return Reason("absent", _graded(share, doubtful=0.5), {"times": len(names), "all": len(heard.expected), "names": names})


def _silent_zones(heard: Heard) -> Reason | None:
    declared = [zone for zone in heard.results.zones if not zone.suggested and zone.kind not in OUTSIDE]
    if not declared:
        return None
    names = tuple(zone.id for zone in declared if not zone.assets)
    grade = _graded(len(names) / len(declared), doubtful=0.5, bad=1.0)
    return Reason("silent_zones", grade, {"times": len(names), "all": len(declared), "names": names})


def _understood(heard: Heard) -> Reason | None:
    share = min(sum(row.packets for row in heard.results.protocols if row.decoded) / heard.frames, 1.0)
    return Reason("understood", _NOTE if share < 0.1 else Grade.GOOD, {"share": share})


CHECKS: tuple[Check, ...] = (
    _one_way, _broadcast, _one_machine, _vlans, _cut, _lost, _dropped, _transmitted, _addressed, _broken, _undecodable, _twice, _offloaded,
    _clock, _silences, _short, _plant, _absent, _silent_zones, _understood,
)  # fmt: skip
NAMES = ("empty", *(check.__name__.removeprefix("_") for check in CHECKS))
