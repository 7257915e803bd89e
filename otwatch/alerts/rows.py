"""Incidents as rows of the record: weighed, put into words, most serious first. Zones, names and criticality are final here."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from otwatch.alerts.attack import former
from otwatch.alerts.chains import MUTED, SURELY, Story, Told, stories
from otwatch.alerts.evidence import display_filter
from otwatch.alerts.incidents import Incident, incidents
from otwatch.alerts.model import Evidence, Finding, Severity, Site
from otwatch.alerts.repeats import Fold, pairs
from otwatch.alerts.severity import SURE, target_criticality, weigh
from otwatch.alerts.texts import (
    ALSO_FLOWS,
    ARRAY,
    BEFORE,
    CARE,
    CROWD,
    EXTENT,
    HANDS,
    LANGUAGES,
    STORM,
    STORY,
    SWEPT_FLOWS,
    TIMES,
    fill,
    joined,
    translated,
)
from otwatch.alerts.tracks import SECOND
from otwatch.events import CHANGES
from otwatch.results import AlertRow
from otwatch.results.findings import STORM as STANDS_FOR
from otwatch.results.findings import identity

_SHOWN_PAIRS = 10


class _Weighed(NamedTuple):
    """An incident with its severity; `storm` are further ones of the same kind that it stands for; `story`: the chain it is a step of,
    `before`: the steps before it, where it is the last; `chain_id`: the same for all steps."""

    incident: Incident
    severity: Severity
    trace: tuple[str, ...]
    expected: bool
    storm: tuple["_Weighed", ...] = ()
    story: str = ""
    chain_id: str = ""
    before: tuple["_Weighed", ...] = ()

    @property
    def main(self) -> Fold:
        return self.incident.main


def rows_of(folds: list[Fold], site: Site) -> tuple[AlertRow, ...]:
    """Rows, numbered from 1: by severity, then criticality of the target, then time."""
    weighed = _chained(_calmed([_weighed(incident, site) for incident in incidents(folds, site)], site), site)
    weighed.sort(key=lambda one: _order(one, site))
    return tuple(_row(number, one, site) for number, one in enumerate(weighed, 1))


def _order(one: _Weighed, site: Site) -> tuple[object, ...]:
    evidence = one.main.evidence
    criticality = int(target_criticality(evidence, site).removeprefix("C"))
    return -one.severity, -criticality, evidence.first_ns, one.main.id, evidence.variant, evidence.client, evidence.server, evidence.subkey


def _findings(incident: Incident) -> Iterator[Finding]:
    """All findings that are the incident: the first names it."""
    for fold in (incident.main, *incident.parts):
        yield fold.finding
        yield from fold.finding.also


def _weighed(incident: Incident, site: Site) -> _Weighed:
    main, *others = _findings(incident)
    severity, trace = weigh(main, site)
    for other in others:
        higher, _ = weigh(other, site)
        if higher > severity:
            severity, trace = higher, (*trace, f"also:{other.detection.id} ={higher:d}")
    return _Weighed(incident, severity, trace, all(finding.excuse for finding in (main, *others)))


def _calmed(found: list[_Weighed], site: Site) -> list[_Weighed]:
    """More than `storm` open alerts of one detection in one zone within an hour are one (A.5)."""
    groups: defaultdict[tuple[str, str], list[_Weighed]] = defaultdict(list)
    for one in found:
        groups[one.main.id, _zone_id(one.main.evidence.server, site)].append(one)
    return [one for group in groups.values() for one in _without_storms(sorted(group, key=_first_ns), site)]


def _without_storms(group: list[_Weighed], site: Site) -> Iterator[_Weighed]:
    """A group in the order of time, hour by hour."""
    limits = site.windows.thresholds
    at = 0
    while at < len(group):
        end_ns = _first_ns(group[at]) + limits.storm_s * SECOND
        together = group[at : bisect_right(group, end_ns, at, key=_first_ns)]
        yield from [_storm(together, site)] if len(together) > limits.storm else together
        at += len(together)


def _first_ns(one: _Weighed) -> int:
    return one.main.evidence.first_ns


def _storm(together: list[_Weighed], site: Site) -> _Weighed:
    worst, *others = sorted(together, key=lambda one: _order(one, site))
    return worst._replace(storm=tuple(others), expected=all(one.expected for one in together))


def _chained(found: list[_Weighed], site: Site) -> list[_Weighed]:
    """Steps of chains get their story; the last one counts more (E.2)."""
    found = sorted(found, key=lambda one: (_first_ns(one), _order(one, site)))
    judged = [one for one in found if not one.expected]
    ended = stories([_told(one, site) for one in judged])
    steps = {place: story for story in ended.values() for place in story.steps}
    steps.update(ended)
    chained = [_in_story(place, steps[place], judged, site) if place in steps else one for place, one in enumerate(judged)]
    return [*chained, *(one for one in found if one.expected)]


def _in_story(place: int, story: Story, judged: list[_Weighed], site: Site) -> _Weighed:
    first, one = judged[story.steps[0]], judged[place]
    one = one._replace(story=story.chain, chain_id=identity(story.chain, first.main.id, *_order(first, site)[2:]))
    if place != story.steps[-1]:
        return one
    one = one._replace(before=tuple(judged[step] for step in story.steps[:-1]))
    surely = story.chain == MUTED and target_criticality(one.main.evidence, site) in SURELY
    raised = Severity.CRITICAL if surely else Severity(min(one.severity + 1, Severity.CRITICAL))
    return one._replace(severity=raised, trace=(*one.trace, f"chain:{story.chain} ={raised:d}"))


def _told(one: _Weighed, site: Site) -> Told:
    evidence = one.main.evidence
    client, server = (site.zone(asset) if asset else None for asset in (evidence.client, evidence.server))
    hosts = dict.fromkeys(site.host(asset) for asset in (evidence.client, evidence.server) if asset)
    acts = [(finding.detection.id, finding.evidence.variant) for finding in _findings(one.incident)]
    names = frozenset(name for act in acts for name in (act[0], "/".join(act)))
    return Told(
        names, tuple(hosts), evidence.first_ns, client.kind if client is not None else "", server.kind if server is not None else "",
        target_criticality(evidence, site),
    )  # fmt: skip


def _row(number: int, one: _Weighed, site: Site) -> AlertRow:
    main, detection, evidence = one.main, one.main.finding.detection, one.main.evidence
    facts = _facts(one, site)
    frames, answers = tuple(frame for _, frame in main.frames), tuple(frame for _, frame in main.answers)
    times = evidence.times + sum(other.main.evidence.times for other in one.storm)
    last_ns = max(other.main.evidence.last_ns for other in (one, *one.storm))
    also = {finding.detection.id for finding in _findings(one.incident)} - {detection.id}
    return AlertRow(
        number=number, detection=detection.id, variant=evidence.variant, severity=int(one.severity), confidence=evidence.confidence,
        trace=one.trace, client=evidence.client, server=evidence.server, client_zone=_zone_id(evidence.client, site),
        server_zone=_zone_id(evidence.server, site), protocol=evidence.protocol, times=times, first_ns=evidence.first_ns, last_ns=last_ns,
        frames=frames, answers=answers, filter=display_filter(frames, answers), facts=facts, also=tuple(sorted(also)),
        status="expected" if one.expected else "new", title=detection.title, sentence=_sentence(one, facts, site),
        expected=fill(detection.expected, facts, evidence.client, evidence.server, site), harmless_when=detection.harmless_when,
        next_step=detection.next_step, techniques=detection.techniques, was=former(detection.techniques),
        requirements=detection.requirements, subject=identity(evidence.subkey) if evidence.subkey else "",
    )  # fmt: skip


def _facts(one: _Weighed, site: Site) -> dict[str, str]:
    main = one.main
    facts = {**main.evidence.facts, **main.evidence.late()}
    facts |= {name: ", ".join(value for _, value in values) for name, values in main.lists.items()}
    flows = {value for part in one.incident.parts for _, value in part.lists.get("protocols", ()) if part.id.startswith("zone.")}
    if flows:
        facts["flows"] = ", ".join(sorted(flows))
    facts |= _hands(main.evidence, site)
    facts["times"] = str(main.evidence.times)
    if one.storm:
        facts[STANDS_FOR] = str(len(one.storm))
        shown = list(pairs([other.main for other in one.storm]))[:_SHOWN_PAIRS]
        facts["pairs"] = ", ".join(" → ".join(site.label(asset) for asset in pair if asset) for pair in shown)
    if one.story:
        facts |= {"chain": one.story, "chain_id": one.chain_id}
    if one.before:
        facts["steps"] = str(len(one.before) + 1)
        facts["within"] = str((_first_ns(one) - _first_ns(one.before[0])) // SECOND)
    return facts


def _hands(evidence: Evidence, site: Site) -> dict[str, str]:
    """From which other zones somebody was at the keyboard of who gave the order (zones.md 13, case F)."""
    if evidence.verb not in CHANGES or not evidence.client:
        return {}
    here = _zone_id(evidence.client, site)
    came = [hand for hand in site.hands(evidence.client, evidence.first_ns, evidence.last_ns) if _zone_id(hand, site) != here]
    if not came:
        return {}
    zones = dict.fromkeys(_zone_id(hand, site) for hand in came)
    return {"via": ", ".join(zone for zone in zones if zone), "hands": ", ".join(map(site.label, came))}


def _sentence(one: _Weighed, facts: dict[str, str], site: Site) -> dict[str, str]:
    """The sentence of the detection, and behind it what holds for all of them. What is at stake is said of zones that a person declared."""
    evidence = one.main.evidence
    zone = site.zone(evidence.server) if evidence.server else None
    criticality = site.criticality(evidence.server) if zone is not None and zone.confidence >= SURE else ""
    extra = [
        (EXTENT, "blocks" in facts),
        (HANDS, "hands" in facts),
        (CROWD, bool(evidence.client) and site.is_crowd(evidence.client)),
        (BEFORE, "before" in facts),
        (ARRAY, "array" in facts),
        (TIMES, evidence.times > 1 and "count" not in facts),
        (ALSO_FLOWS if evidence.server else SWEPT_FLOWS, "flows" in facts),
        (STORM, bool(one.storm)),
        (CARE.get(criticality, {}), criticality in CARE),
    ]
    behind = [{language: text[language].format(**translated(facts, language)) for language in LANGUAGES} for text, holds in extra if holds]
    told = fill(one.main.finding.detection.sentence, facts, evidence.client, evidence.server, site)
    return joined(told, *behind, _story(one, facts, site))


def _story(one: _Weighed, facts: dict[str, str], site: Site) -> dict[str, str]:
    """What led there, step by step, in every language; nothing where it is no end of a chain."""
    if not one.before:
        return {}
    return {
        language: STORY[language].format(
            **translated(facts, language),
            led=" → ".join(f"{step.main.finding.detection.title[language]} ({_who(step, site)})" for step in one.before),
        )
        for language in LANGUAGES
    }


def _who(one: _Weighed, site: Site) -> str:
    ends = dict.fromkeys(asset for asset in (one.main.evidence.client, one.main.evidence.server) if asset)
    return " → ".join(map(site.label, ends))


def _zone_id(asset: str, site: Site) -> str:
    zone = site.zone(asset) if asset else None
    return zone.id if zone is not None else ""
