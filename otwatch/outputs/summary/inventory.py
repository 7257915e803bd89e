"""The assets, zone by zone, the most critical zones first."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from otwatch.outputs.layout import Head, Paragraph, copied, grid, heading, indented, said
from otwatch.outputs.voice import GROUP, Voice
from otwatch.results import AssetRow, Results, ZoneRow

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST = 20
"""Assets told of one zone."""
_KEYS = ("label", "address", "made", "role", "parent")


def inventory(results: Results, voice: Voice, again: str) -> Iterator["RenderableType"]:
    words = voice.words
    assets = [asset for asset in results.assets if asset.kind != GROUP]
    yield heading(words("inventory.title", counted=words.number(len(assets))))
    criticality = {zone.id: zone.criticality for zone in results.zones}
    for zone_id, members in _by_zone(assets, results.zones):
        yield said("")
        yield indented(Paragraph(_zone(zone_id, criticality.get(zone_id, ""), len(members), voice), "bold"))
        yield indented(_table(members[:MOST], voice), 4)
        if len(members) > MOST:
            yield indented(Paragraph(words("inventory.more", assets=words.count("asset", len(members) - MOST))), 4)
            yield copied(f"otwatch assets --zone {shlex.quote(zone_id or '-')}{again}", 6)


def _by_zone(assets: list[AssetRow], zones: tuple[ZoneRow, ...]) -> list[tuple[str, list[AssetRow]]]:
    """Zones that have assets: by criticality, then in the order of the site file."""
    order = {zone.id: (_inverse(zone.criticality), at) for at, zone in enumerate(zones)}
    members: dict[str, list[AssetRow]] = {}
    for asset in assets:
        members.setdefault(asset.zone, []).append(asset)
    last = (_inverse(""), len(order))
    return sorted(members.items(), key=lambda item: (order.get(item[0], last), item[0]))


def _inverse(criticality: str) -> int:
    """C4 first."""
    return -int(criticality[1:]) if criticality[1:].isdecimal() else 1


def _zone(zone_id: str, criticality: str, assets: int, voice: Voice) -> str:
    words = voice.words
    named = {"zone": voice.zone(zone_id), "assets": words.count("asset", assets)}
    if not criticality:
        return words("inventory.zone", **named)
    return words("inventory.critical_zone", **named, criticality=criticality, meaning=words.term("criticality", criticality))


def _table(assets: list[AssetRow], voice: Voice) -> "RenderableType":
    """Columns that would be empty from top to bottom are left out."""
    rows = [_asset(asset, voice) for asset in assets]
    used = [at for at in range(len(_KEYS)) if any(row[at] for row in rows)]
    return grid([Head(voice.words(f"column.{_KEYS[at]}")) for at in used], ([row[at] for at in used] for row in rows))


def _asset(asset: AssetRow, voice: Voice) -> list[str]:
    parent = voice.label(asset.parent) if asset.parent else ""
    name = voice.name(asset)
    address = "" if asset.address in {name, asset.parent} else asset.address
    return [name, address, voice.made(asset), voice.roles(asset), parent]
