"""Scenes for levels and their caps, in few words."""

from typing import Any

from otwatch.conclusions import Mark
from otwatch.results import AlertRow, LinkRow
from otwatch.zones.analyses.levels import levels
from otwatch.zones.analyses.scene import Scene
from tests.outputs.samples import BEGIN_NS, alert
from tests.zones.scenes import flow, scene


def heard(*flows: LinkRow, alerts: tuple[AlertRow, ...] = (), days: int = 1, target: int = 2, silent: int = 0) -> Scene:
    found = scene(*flows, days=days).results
    zones = tuple(row._replace(sl_t=(target,) * 7) for row in found.zones)
    assets = tuple(row._replace(vendor="Maker") for row in found.assets)
    return Scene(found._replace(assets=assets, zones=zones, alerts=alerts, notes={"capture: silent seconds": silent}))


def marks_of(made: Scene, zone: str = "air") -> dict[str, Mark]:
    return {mark.requirement: mark for mark in levels(made) if mark.zone == zone}


def told(detection: str, variant: str, **more: Any) -> AlertRow:
    plain: dict[str, Any] = {"client_zone": "sup", "server_zone": "air", "last_ns": BEGIN_NS}
    return alert(1, 3, detection=detection, variant=variant, **plain | more)


READ = flow("sup.1 > air.1", protocol="https", port=443)
