"""One act, one incident (detections.md A.1, principle 2).

An act may match several detections. Those of one item become one finding at once: the most specific, with the others in `also`.
What is told later and apart (the flow that carried the act, the tries of a sweep) is put together here when rows are made.
The incident is as serious as the most serious of its parts; logins stand alone, for they are about the account and not the act.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from itertools import islice
from typing import NamedTuple

from otwatch.alerts.model import Finding, Site
from otwatch.alerts.repeats import Fold, gathered, join
from otwatch.alerts.severity import base
from otwatch.alerts.tracks import SECOND

ORDER = (
    "cred.*",
    "eng.firmware.*",
    "eng.*",
    "io.*",
    "bacnet.lifesafety.*",
    "modbus.control.*",
    "*.protective_property",
    "net.config.changed",
    "bacnet.write.high_priority",
    "snmp.set.*",
    "write.out_of_limits",
    "*.write.unexpected",
    "write.novel_target",
    "recon.*",
    "zone.chain.*",
    "zone.tunnel.*",
    "zone.internet.*",
    "zone.flow.forbidden",
    "zone.conduit.violation",
    "zone.level.skip",
    "zone.remote.*",
    "zone.engineering.*",
    "zone.it_protocol.*",
    "zone.camera.*",
    "zone.field.*",
    "process.*",
    "bacnet.override.*",
    "avail.*",
    "zone.multihomed",
    "integ.*",
    "zone.flow.undeclared",
    "web.*",
    "clear.*",
    "malf.*",
    "inv.*",
    "sensor.*",
)
"""Most specific first."""

_FLOWS = ("zone.flow.*", "zone.conduit.*", "zone.level.*")
_DEGREES = (
    *_FLOWS, "inv.conversation.*", "clear.ics.*", "zone.internet.*", "zone.field.*", "*.write.unexpected", "malf.*",
    "cred.snmp", "cred.vnc", "cred.bruteforce",
)  # fmt: skip
"""Variants that are degrees of one thing: tried and established, first and habit, one flaw and many, reading and writing."""
_ACTS = (
    "eng.*", "io.*", "bacnet.write.*", "bacnet.lifesafety.*", "modbus.*", "net.*", "snmp.*", "cip.*", "umas.*", "s7.*", "opcua.*",
    "knx.*", "iec104.*", "mms.*", "write.*",
)  # fmt: skip
_ALONE = ("cred.*",)
_PARTS = (*_FLOWS, "clear.*", "inv.conversation.*", "*.write.unexpected", "recon.plc.*")
"""What may be part of another incident: the flow that carried it, the single orders of a burst, the probes of a sweep."""
_TRANSFERS = ("eng.firmware.*", "eng.program.*")
"""Many requests that are one act: what the device refused of it (an option it does not have) is part of what it accepted."""


class Incident(NamedTuple):
    """What becomes a row: the fold that names it, and others that are parts of it."""

    main: Fold
    parts: tuple[Fold, ...] = ()


@cache
def rank(name: str) -> int:
    """The place of a detection in ORDER."""
    return next((place for place, pattern in enumerate(ORDER) if fnmatchcase(name, pattern)), len(ORDER))


@cache
def _is(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def one_per_act(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of one item: logins as they are, and of the rest the most specific between the same two, with the others beside it."""
    alone: list[Finding] = []
    acts: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if _is(finding.detection.id, _ALONE):
            alone.append(finding)
        else:
            acts[finding.evidence.client, finding.evidence.server].append(finding)
    for found in acts.values():
        first, *others = sorted(found, key=_specific)
        alone.append(first._replace(also=gathered(*others)) if others else first)
    return alone


def _specific(finding: Finding) -> tuple[int, int, str, str]:
    return rank(finding.detection.id), -base(finding), finding.evidence.variant, finding.evidence.subkey


def incidents(folds: list[Fold], site: Site) -> list[Incident]:
    """Folds put together, in the order of their first frames."""
    merged = list(_merged_degrees(folds))
    flows = [fold for fold in merged if _is(fold.id, _PARTS) or _is_refused_step(fold)]
    parts: defaultdict[int, list[Fold]] = defaultdict(list)
    absorbed: set[int] = set()
    owners = _Owners(merged, site)
    for flow in flows:
        for owner in owners.of(flow):
            parts[id(owner)].append(flow)
            absorbed.add(id(flow))
    return [Incident(fold, tuple(parts[id(fold)])) for fold in merged if id(fold) not in absorbed]


def _is_refused_step(fold: Fold) -> bool:
    return fold.evidence.failed and _is(fold.id, _TRANSFERS)


def _merged_degrees(folds: list[Fold]) -> Iterator[Fold]:
    """A flow that was tried and then established is one flow, called by the more serious; what a device refused stays apart."""
    found: dict[tuple[str, str, str, str, bool], Fold] = {}
    for fold in folds:
        if not _is(fold.id, _DEGREES):
            yield fold
            continue
        evidence = fold.evidence
        key = (fold.id, evidence.client, evidence.server, evidence.subkey, evidence.failed)
        before = found.get(key)
        if before is not None and before.evidence.variant == evidence.variant:  # the same again, a day later
            yield before
            before = None
        found[key] = fold if before is None else _worse(before, fold)
    yield from found.values()


def _worse(one: Fold, other: Fold) -> Fold:
    """Both as one, under the variant, the facts and the detection of the more serious."""
    worst = max((one, other), key=lambda fold: (base(fold.finding), fold.evidence.floor, fold.evidence.last_ns))
    both = join(one, other)
    kept = worst.evidence
    evidence = both.evidence._replace(variant=kept.variant, facts=kept.facts, late=kept.late, verb=kept.verb)
    return both._replace(finding=both.finding._replace(evidence=evidence))


class _Owners:
    """Whose part a fold is. A flow: of acts between the same two hosts, else of a sweep that tried it. A clear login: of what was managed
    with it, and both of a flow. Single orders: of a burst on the same asset, else on the same host. Probes: of a sweep. Refused steps: of
    the transfer."""

    def __init__(self, folds: list[Fold], site: Site) -> None:
        self._site = site
        self._acts: defaultdict[tuple[str, str], list[Fold]] = defaultdict(list)
        self._bursts: defaultdict[tuple[str, str], defaultdict[str, list[Fold]]] = defaultdict(lambda: defaultdict(list))
        self._flows: defaultdict[tuple[str, str], list[Fold]] = defaultdict(list)
        self._managed: dict[tuple[str, str], Fold] = {}
        self._sweeps: defaultdict[str, list[Fold]] = defaultdict(list)
        for fold in folds:
            if _is(fold.id, _ACTS):
                self._acts[self._pair(fold)].append(fold)
                if fold.id.startswith("io."):
                    self._bursts[self._pair(fold)][fold.evidence.server].append(fold)
            elif _is(fold.id, _FLOWS):
                self._flows[self._pair(fold)].append(fold)
            elif fold.id == "clear.management":
                self._managed.setdefault(self._pair(fold), fold)
            elif fold.id == "recon.net.sweep":
                self._sweeps[site.host(fold.evidence.client)].append(fold)

    def of(self, fold: Fold) -> list[Fold]:
        pair = self._pair(fold)
        if fold.id == "clear.login" and pair in self._managed:
            return self.of(self._managed[pair]) or [self._managed[pair]]
        if fold.id.startswith("clear."):
            return [owner for flow in self._flows[pair][:1] for owner in self.of(flow) or [flow]]
        if _is_refused_step(fold):
            return [act for act in self._acts[pair] if self._is_rest(act, fold)]
        if fold.id.endswith(".write.unexpected"):
            return self._bursts_around(fold, self._bursts[pair])
        if fold.id.startswith("recon."):
            return [sweep for sweep in self._sweeps[pair[0]] if self._is_within(fold, sweep)]
        if self._acts[pair]:
            return self._acts[pair]
        return [sweep for sweep in self._sweeps[pair[0]] if self._is_try(fold, sweep)]

    def _bursts_around(self, order: Fold, bursts: Mapping[str, list[Fold]]) -> list[Fold]:
        own = [burst for burst in bursts.get(order.evidence.server, ()) if self._is_within(order, burst)]
        others = (burst for found in bursts.values() for burst in found if self._is_within(order, burst))
        return own or list(islice(others, 1))

    def _pair(self, fold: Fold) -> tuple[str, str]:
        client, server = fold.evidence.client, fold.evidence.server
        return self._site.host(client) if client else "", self._site.host(server) if server else ""

    def _is_rest(self, act: Fold, step: Fold) -> bool:
        """Whether it is what the device accepted of the same transfer."""
        same = act.id == step.id and act.evidence.server == step.evidence.server and act.evidence.protocol == step.evidence.protocol
        return same and not act.evidence.failed and self._is_within(step, act)

    def _is_try(self, flow: Fold, sweep: Fold) -> bool:
        """Whether all that was seen of the flow are tries in vain while the sweep went on."""
        return self._is_within(flow, sweep) and flow.evidence.facts.get("state") in {"attempt", "refused"}

    def _is_within(self, part: Fold, whole: Fold) -> bool:
        """Whether it was seen while the whole went on."""
        reach_ns = self._site.windows.thresholds.scan_s * SECOND
        first_ns, last_ns = whole.evidence.first_ns - reach_ns, whole.evidence.last_ns + reach_ns
        return part.evidence.first_ns >= first_ns and part.evidence.last_ns <= last_ns
