"""Findings that follow each other to one end are one incident with a story (detections.md E.2).

    incidents, in the order of time -> for every chain, how far it has come at each host -> the last step, with those before it

Two steps belong together when they share a host and lie within a day. What the catalogue allows to be missing is one step of a chain
that has four: of three, two were an accident. Where the page is left, and why: an alarm muted before acting is critical where a person
declared that care hangs on it, and one level more elsewhere, for that is also how equipment is put into service; a blind sensor has no
host, so nothing follows from it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple

from otwatch.alerts.tracks import SECOND

DAY_NS, HOUR_NS = 86_400 * SECOND, 3_600 * SECOND
SURELY = frozenset({"C3", "C4"})
MANY = 3
"""Protocols that somebody explores, from which on it is a preparation."""

MUTED = "blind_then_act"

_WRITES = ("*.write.unexpected", "bacnet.write.high_priority", "write.*", "io.*")
_ACTS = (*_WRITES, "bacnet.write.*", "eng.*", "bacnet.lifesafety.*", "modbus.control.*", "net.config.changed")
_CREDENTIALS = ("cred.*",)
_OFFICE = frozenset({"office_it", "hospital_is", "wifi_guest"})


class Told(NamedTuple):
    """An incident, as far as chains look at it. `names`: its detection and those of the same act, also as "id/variant"; kinds are those of
    zones."""

    names: frozenset[str]
    hosts: tuple[str, ...]
    first_ns: int
    client_kind: str
    server_kind: str
    criticality: str


class Step(NamedTuple):
    """Findings that may be a step: any of these detections, between such zones; empty: any."""

    names: tuple[str, ...]
    client_of: frozenset[str] = frozenset()
    server_of: frozenset[str] = frozenset()
    criticality: frozenset[str] = frozenset()

    def holds(self, told: Told) -> bool:
        return (
            (not self.client_of or told.client_kind in self.client_of)
            and (not self.server_of or told.server_kind in self.server_of)
            and (not self.criticality or told.criticality in self.criticality)
            and any(_fits(name, self.names) for name in told.names)
        )


class Chain(NamedTuple):
    """`missing`: how many steps before the last need not be seen; `within_ns`: of the first and the last."""

    name: str
    steps: tuple[Step, ...]
    missing: int = 0
    within_ns: int = DAY_NS


CHAINS = (
    Chain(
        "remote_to_process",
        (
            Step(("zone.remote.unexpected", *_CREDENTIALS), server_of=frozenset({"remote_maintenance", "engineering", "dmz_itot"})),
            Step(("zone.chain.jump",)), Step(("recon.*",)), Step(_ACTS),
        ),
        missing=1,
    ),
    Chain(
        "office_to_hvac",
        (
            Step(("zone.flow.forbidden", "zone.engineering.office"), client_of=_OFFICE), Step(("recon.bacnet.*",)),
            Step(("bacnet.write.*", "eng.bacnet.dcc"), criticality=frozenset({"C4"})),
        ),
    ),
    Chain(
        "camera_pivot",
        (
            Step(_CREDENTIALS, server_of=frozenset({"cctv"})), Step(("zone.camera.initiator",)), Step(("recon.net.sweep",)),
            Step(("zone.flow.forbidden",)),
        ),
        missing=1,
    ),
    Chain(
        "plc_sabotage",
        (
            Step(("eng.session.new",)), Step(("eng.program.upload",)), Step(("eng.program.download", "eng.mode.changed")),
            Step(("avail.polling.stopped",)),
        ),
        missing=1,
    ),
    Chain(
        "power_blackout",
        (
            Step(("cred.snmp", "cred.default.*"), server_of=frozenset({"ups", "generators", "datacenter_infra"})),
            Step(("snmp.set.unexpected",)), Step(("avail.asset.silent",)),
        ),
    ),
    Chain(
        "time_games",
        (Step(("integ.ntp.server",)), Step(("integ.time.command",)), Step((*_CREDENTIALS, "eng.credential.changed"))),
    ),
    Chain(
        "infected_console",
        (
            Step(("inv.asset.new", "inv.vendor.mismatch")), Step(("zone.it_protocol.cell",)), Step(("recon.net.sweep",)), Step(("eng.*",)),
        ),
        missing=1,
    ),
    Chain(
        MUTED,
        (Step(("eng.bacnet.dcc", "bacnet.write.protective_property/blinding", "integ.arp.*")), Step(_WRITES)),
        within_ns=HOUR_NS,
    ),
)  # fmt: skip
EXPLORING = "recon_only"


class Story(NamedTuple):
    """A chain that came to its end: the places of its steps among the incidents, the last one last."""

    chain: str
    steps: tuple[int, ...]


class _Path(NamedTuple):
    """How far a chain came: the places of its steps, when it began."""

    steps: tuple[int, ...]
    began_ns: int


@cache
def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def stories(incidents: Iterable[Told]) -> dict[int, Story]:
    """The place of a last step -> its story, the longest one. `incidents` in the order of time."""
    told = list(incidents)
    found: dict[int, Story] = {}
    for story in (*_explorers(told), *(story for chain in CHAINS for story in _walk(chain, told))):
        before = found.get(story.steps[-1])
        if before is None or len(story.steps) > len(before.steps):
            found[story.steps[-1]] = story
    return found


def _walk(chain: Chain, told: list[Told]) -> Iterator[Story]:
    """One pass: the path to every step, kept for each host it touches."""
    last = len(chain.steps) - 1
    least = len(chain.steps) - chain.missing
    paths: defaultdict[str, dict[int, _Path]] = defaultdict(dict)
    for place, one in enumerate(told):
        reached = {at: path for at, step in enumerate(chain.steps) if step.holds(one) and (path := _reach(chain, at, place, one, paths))}
        for host in one.hosts:
            paths[host].update({at: path for at, path in reached.items() if at != last})
        if last in reached and len(reached[last].steps) >= least:
            yield Story(chain.name, reached[last].steps)


def _reach(chain: Chain, at: int, place: int, one: Told, paths: defaultdict[str, dict[int, _Path]]) -> _Path | None:
    """The longest way to step `at` through this incident; None where too many steps before it are missing."""
    before = [
        path
        for host in one.hosts
        for earlier, path in paths.get(host, {}).items()
        if earlier < at and one.first_ns - path.began_ns <= chain.within_ns and place not in path.steps
    ]
    if before:
        best = max(before, key=lambda path: (len(path.steps), path.began_ns))
        path = _Path((*best.steps, place), best.began_ns)
    else:
        path = _Path((place,), one.first_ns)
    return path if at + 1 - len(path.steps) <= chain.missing else None


def _explorers(told: list[Told]) -> Iterator[Story]:
    """Who explores several protocols one after the other, told once, at the last of them."""
    sources: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for place, one in enumerate(told):
        kinds = {name.split(".")[1] for name in one.names if name.startswith("recon.")}
        if kinds and one.hosts:
            sources[one.hosts[0]] |= dict.fromkeys(kinds, place)
    for seen in sources.values():
        steps = tuple(sorted(set(seen.values())))
        if len(seen) >= MANY and len(steps) >= MANY and told[steps[-1]].first_ns - told[steps[0]].first_ns <= DAY_NS:
            yield Story(EXPLORING, steps)
