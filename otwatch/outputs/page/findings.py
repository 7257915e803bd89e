"""Findings in full, by severity, and the five things to do first."""

from collections.abc import Mapping
from itertools import groupby
from typing import NamedTuple

from otwatch.outputs import compliance
from otwatch.outputs.apart import apart_lines
from otwatch.outputs.apart import said as decided
from otwatch.outputs.evidence import STDIN, command, places, references, steps
from otwatch.outputs.page.naming import Ref, anchor, to
from otwatch.outputs.voice import SEVERITIES, Voice
from otwatch.results import AlertRow, Texts
from otwatch.results.findings import finding as identity_of

FIRST = 5
MOST_FINDINGS = 1_000
"""Findings that one page tells in full; the most serious ones, as they are numbered. All of them stand in the CSV."""
Pairs = tuple[tuple[str, str], ...]


class Finding(NamedTuple):
    """A finding; `key` is its id (results.findings). `client` and `server` lead to their assets; `stdin`: its capture has no file name."""

    id: str
    key: str
    href: str
    number: int
    severity: str
    severity_said: str
    title: str
    sentence: str
    client: Ref
    client_zone: Ref
    server: Ref
    server_zone: Ref
    when: str
    times: str
    status: str
    decided: str
    expected: str
    harmless_when: str
    next_step: str
    places: Pairs
    filter: str
    command: str
    stdin: bool
    steps: Pairs
    confidence: str
    references: Pairs


class Group(NamedTuple):
    """Findings of one severity, and what that severity asks of people."""

    severity: str
    said: str
    meaning: str
    counted: str
    findings: tuple[Finding, ...]


class Apart(NamedTuple):
    """Findings about which somebody has decided, and what is said of them in any case."""

    lines: tuple[str, ...]
    findings: tuple[Finding, ...]


class Todo(NamedTuple):
    """Something to do, and the finding that says why. `others`: how many more findings ask for the same."""

    next_step: str
    title: str
    at: str
    severity: str
    severity_said: str
    href: str
    others: int


def groups(alerts: tuple[AlertRow, ...], voice: Voice, terms: Mapping[str, Texts]) -> tuple[Group, ...]:
    made = []
    told = [alert for alert in alerts if alert.number <= MOST_FINDINGS]
    for level, members in groupby(sorted(told, key=lambda alert: (-alert.severity, alert.number)), key=lambda alert: alert.severity):
        found = tuple(finding(alert, voice, terms) for alert in members)
        counted = voice.words.count("finding", len(found))
        made.append(Group(SEVERITIES[level], voice.severity(level), voice.words(f"page.severity.{SEVERITIES[level]}"), counted, found))
    return tuple(made)


def set_apart(alerts: tuple[AlertRow, ...], voice: Voice, terms: Mapping[str, Texts]) -> Apart:
    return Apart(tuple(apart_lines(alerts, voice)), tuple(finding(alert, voice, terms) for alert in alerts[:MOST_FINDINGS]))


def finding(alert: AlertRow, voice: Voice, terms: Mapping[str, Texts]) -> Finding:
    of = voice.words.of
    return Finding(
        anchor("finding", str(alert.number)), identity_of(alert), to("finding", str(alert.number)), alert.number,
        SEVERITIES[alert.severity],
        voice.severity(alert.severity), of(alert.title), of(alert.sentence),
        asset_ref(alert.client, voice), zone_ref(alert.client_zone, voice),
        asset_ref(alert.server, voice), zone_ref(alert.server_zone, voice),
        voice.between(alert.first_ns, alert.last_ns), voice.words.count("time", alert.times) if alert.times > 1 else "",
        voice.words.term("status", alert.status), decided(alert, voice),
        of(alert.expected), of(alert.harmless_when), of(alert.next_step), tuple(places(alert, voice)), alert.filter, command(alert),
        bool(alert.frames) and alert.frames[0].capture == STDIN, tuple(steps(alert, voice, terms)), f"{100 * alert.confidence:.0f}",
        (*references(alert, voice), *compliance.references(alert.detection)),
    )  # fmt: skip


def asset_ref(key: str, voice: Voice) -> Ref:
    """Leads to what is known of an asset."""
    return Ref(voice.label(key), to("asset", key)) if key else Ref("")


def zone_ref(zone_id: str, voice: Voice) -> Ref:
    return Ref(voice.zone(zone_id), to("zone", zone_id))


def first(alerts: tuple[AlertRow, ...], voice: Voice) -> tuple[Todo, ...]:
    """The next steps of the most serious findings; one step for all findings of a kind at one asset."""
    together: dict[tuple[str, str], list[AlertRow]] = {}
    for alert in alerts:
        together.setdefault((voice.words.of(alert.next_step), alert.server or alert.client), []).append(alert)
    return tuple(_todo(step, members, voice) for (step, _), members in list(together.items())[:FIRST])


def _todo(step: str, members: list[AlertRow], voice: Voice) -> Todo:
    alert = members[0]
    where = voice.label(alert.server or alert.client)
    return Todo(
        step, voice.words.of(alert.title), where, SEVERITIES[alert.severity], voice.severity(alert.severity),
        to("finding", str(alert.number)), len(members) - 1,
    )  # fmt: skip
