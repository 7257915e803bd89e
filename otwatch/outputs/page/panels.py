"""What opens behind the map: a zone with its assets, and what goes from one zone to another, conversation by conversation."""

from typing import NamedTuple

from otwatch.outputs.draft import supported
from otwatch.outputs.page.inventory import MOST_LINKS, Brief, Known, Line, Talk, briefs, line, talks
from otwatch.outputs.page.naming import Ref, anchor, to
from otwatch.outputs.page.zonemap import Crossing
from otwatch.outputs.passages import Passage
from otwatch.results import ZoneRow

MOST_MEMBERS = 200
"""Assets that the panel of a zone lists."""


class ZonePanel(NamedTuple):
    """A zone. `support`: why it was suggested, where nobody declared it."""

    id: str
    name: str
    kind: str
    level: str
    criticality: str
    criticality_said: str
    suggested: bool
    confidence: str
    support: str
    members: tuple[Line, ...]
    more: int
    passages: tuple[Crossing, ...]
    findings: tuple[Brief, ...]


class PassagePanel(NamedTuple):
    """What goes from one zone to another. `rules`: the conduits and never rules that decided."""

    crossing: Crossing
    client: Ref
    server: Ref
    rules: tuple[str, ...]
    talks: tuple[Talk, ...]
    more: int


def zone_panels(zones: list[ZoneRow], crossings: tuple[Crossing, ...], known: Known) -> tuple[ZonePanel, ...]:
    return tuple(_zone_panel(zone, crossings, known) for zone in zones)


def _zone_panel(zone: ZoneRow, crossings: tuple[Crossing, ...], known: Known) -> ZonePanel:
    voice = known.voice
    members = [asset for asset in known.assets if asset.zone == zone.id]
    href = to("zone", zone.id)
    alerts = [alert for alert in known.results.alerts if zone.id in {alert.client_zone, alert.server_zone}]
    return ZonePanel(
        anchor("zone", zone.id), voice.zone(zone.id), zone.kind, f"{zone.level:g}", zone.criticality,
        voice.words.term("criticality", zone.criticality), zone.suggested, f"{100 * zone.confidence:.0f}", supported(zone, voice.words),
        tuple(line(asset, known) for asset in members[:MOST_MEMBERS]), max(len(members) - MOST_MEMBERS, 0),
        tuple(one for one in crossings if href in {one.client_href, one.server_href}), briefs(alerts, voice),
    )  # fmt: skip


def passage_panels(found: tuple[Passage, ...], crossings: tuple[Crossing, ...], known: Known) -> tuple[PassagePanel, ...]:
    made = []
    for passage, crossing in zip(found, crossings, strict=True):
        rules = tuple(dict.fromkeys(link.rule for link in passage.links if link.rule))
        more = max(len(passage.links) - MOST_LINKS, 0)
        ends = Ref(crossing.client, crossing.client_href), Ref(crossing.server, crossing.server_href)
        made.append(PassagePanel(crossing, *ends, rules, talks(list(passage.links), known.voice), more))
    return tuple(made)
