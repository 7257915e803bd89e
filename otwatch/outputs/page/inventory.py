"""Assets as a table, and of each what is known: identity with its evidence, who talks to it, its findings."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from otwatch.outputs.matrix import rank
from otwatch.outputs.page.findings import asset_ref, zone_ref
from otwatch.outputs.page.naming import Ref, anchor, to
from otwatch.outputs.voice import GROUP, SEVERITIES, Voice
from otwatch.results import AlertRow, AssetRow, AttributeRow, LinkRow, Results
from otwatch.sightings import Frame

MOST_ASSETS = 2_000
"""Assets that one page shows; the most critical ones. All of them stand in the CSV."""
MOST_LINKS = 40
"""Conversations that one panel shows."""


class Talk(NamedTuple):
    """A conversation."""

    client: Ref
    server: Ref
    protocol: str
    port: str
    done: str
    writes: int
    verdict: str
    verdict_said: str
    why: str
    packets: str
    size: str
    frame: str


class Said(NamedTuple):
    """Something said about an asset, and by whom. `agrees` with the value that is shown; False for what somebody else contradicts."""

    name: str
    value: str
    source: str
    confidence: str
    frame: str
    agrees: bool


class Brief(NamedTuple):
    """A finding in one line."""

    href: str
    title: str
    severity: str
    severity_said: str


class Line(NamedTuple):
    """An asset as a row of the table. `worst` is the severity of its most serious finding."""

    href: str
    name: str
    address: str
    made: str
    firmware: str
    roles: str
    zone: Ref
    criticality: str
    services: str
    last: str
    last_ns: int
    findings: int
    worst: str


class Dossier(NamedTuple):
    """All about one asset."""

    id: str
    line: Line
    key: str
    kind: str
    criticality_said: str
    facts: tuple[tuple[str, str], ...]
    parent: Ref
    behind: tuple[Ref, ...]
    roles: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]
    talks: tuple[Talk, ...]
    more_talks: int
    findings: tuple[Brief, ...]


class Known:
    """Rows of the results by asset, looked up while panels are made."""

    def __init__(self, results: Results, voice: Voice) -> None:
        self.results = results
        self.voice = voice

    @cached_property
    def assets(self) -> tuple[AssetRow, ...]:
        """The most critical first, then by zone and address as they stand in the record."""
        things = [asset for asset in self.results.assets if asset.kind != GROUP]
        return tuple(sorted(things, key=lambda asset: (-ord(asset.criticality[-1:] or " "), -self.worst(asset.key))))

    @cached_property
    def _alerts(self) -> dict[str, list[AlertRow]]:
        found: defaultdict[str, list[AlertRow]] = defaultdict(list)
        for alert in self.results.alerts:
            for key in {alert.client, alert.server} - {""}:
                found[key].append(alert)
        return found

    @cached_property
    def _attributes(self) -> dict[str, list[AttributeRow]]:
        found: defaultdict[str, list[AttributeRow]] = defaultdict(list)
        for row in self.results.attributes:
            found[row.asset].append(row)
        return found

    @cached_property
    def _links(self) -> dict[str, list[LinkRow]]:
        found: defaultdict[str, list[LinkRow]] = defaultdict(list)
        for row in self.results.links:
            for key in {row.client, row.server}:
                found[key].append(row)
        return found

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.results.assets:
            if row.parent:
                found[row.parent].append(row.key)
        return found

    def worst(self, key: str) -> int:
        """The severity of its most serious finding, -1 without one."""
        return max((alert.severity for alert in self._alerts.get(key, ())), default=-1)

    def alerts(self, key: str) -> list[AlertRow]:
        return self._alerts.get(key, [])

    def attributes(self, key: str) -> list[AttributeRow]:
        return sorted(self._attributes.get(key, ()), key=lambda row: (row.name, not row.chosen))

    def links(self, key: str) -> list[LinkRow]:
        return sorted(self._links.get(key, ()), key=lambda row: (rank(row.verdict), -row.packets, row.client, row.server))

    def children(self, key: str) -> list[str]:
        return self._children.get(key, [])


def lines(known: Known) -> tuple[Line, ...]:
    return tuple(line(asset, known) for asset in known.assets[:MOST_ASSETS])


def line(asset: AssetRow, known: Known) -> Line:
    voice = known.voice
    name = voice.name(asset)
    worst = known.worst(asset.key)
    return Line(
        to("asset", asset.key), name, "" if asset.address == name else asset.address, voice.made(asset), asset.firmware, voice.roles(asset),
        zone_ref(asset.zone, voice), asset.criticality, ", ".join(asset.services), voice.at(asset.last_ns), asset.last_ns,
        len(known.alerts(asset.key)), SEVERITIES[worst] if worst >= 0 else "",
    )  # fmt: skip


def dossiers(known: Known) -> tuple[Dossier, ...]:
    return tuple(_dossier(asset, known) for asset in known.assets[:MOST_ASSETS])


def _dossier(asset: AssetRow, known: Known) -> Dossier:
    voice = known.voice
    links = known.links(asset.key)
    return Dossier(
        anchor("asset", asset.key), line(asset, known), asset.key, voice.words.term("kind", asset.kind),
        voice.words.term("criticality", asset.criticality), tuple(_facts(asset, voice)), asset_ref(asset.parent, voice),
        tuple(asset_ref(key, voice) for key in known.children(asset.key)),
        tuple((voice.words.term("role", role), voice.why(why)) for role, why in asset.roles),
        tuple(_all_said(known.attributes(asset.key), voice)), talks(links, voice), max(len(links) - MOST_LINKS, 0),
        briefs(known.alerts(asset.key), voice),
    )  # fmt: skip


def _facts(asset: AssetRow, voice: Voice) -> Iterable[tuple[str, str]]:
    words = voice.words
    given = (
        ("address", asset.address), ("macs", ", ".join(asset.macs)), ("vlan", str(asset.vlan) if asset.vlan >= 0 else ""),
        ("made", voice.made(asset)), ("firmware", asset.firmware), ("serial", asset.serial), ("zone_rule", asset.zone_rule),
        ("services", ", ".join(asset.services)), ("packets", words.number(asset.packets)), ("first", voice.at(asset.first_ns)),
        ("last", voice.at(asset.last_ns)), ("frame", short(asset.frame)),
    )  # fmt: skip
    return ((words(f"column.{key}"), value) for key, value in given if value)


def _all_said(rows: list[AttributeRow], voice: Voice) -> Iterable[Said]:
    chosen = {(row.name, row.value) for row in rows if row.chosen}
    return (_said(row, (row.name, row.value) in chosen, voice) for row in rows)


def _said(row: AttributeRow, agrees: bool, voice: Voice) -> Said:
    words = voice.words
    sure = words.term("page.confidence", row.confidence)
    return Said(words.term("attribute", row.name), voice.value(row), voice.source(row.source), sure, short(row.frame), agrees)


def short(place: Frame) -> str:
    """A frame without the folders of its capture; findings and the head of the page name them in full."""
    return f"{place.capture.rpartition('/')[2]} {place.number}"


def talks(links: list[LinkRow], voice: Voice) -> tuple[Talk, ...]:
    return tuple(_talk(link, voice) for link in links[:MOST_LINKS])


def _talk(link: LinkRow, voice: Voice) -> Talk:
    words = voice.words
    decided = ", ".join(filter(None, (link.rule, *(words.term("reason", reason) for reason in link.reasons))))
    return Talk(
        asset_ref(link.client, voice), asset_ref(link.server, voice), link.protocol or link.transport,
        f"{link.transport}/{link.port}" if link.port else link.transport, voice.done(link), link.writes, link.verdict.replace(" ", "-"),
        words.term("verdict", link.verdict), decided, words.number(link.packets),
        voice.size(link.bytes_sent + link.bytes_received), short(link.frame),
    )  # fmt: skip


def briefs(alerts: Iterable[AlertRow], voice: Voice) -> tuple[Brief, ...]:
    return tuple(
        Brief(to("finding", str(alert.number)), voice.words.of(alert.title), SEVERITIES[alert.severity], voice.severity(alert.severity))
        for alert in alerts
    )
