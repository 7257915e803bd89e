"""CycloneDX 1.6 (ECMA-424): each thing as a device, with its firmware inside."""

from typing import Any
from uuid import uuid5

import msgspec

from otwatch import __version__
from otwatch.outputs.documents import plain
from otwatch.outputs.exports.ids import NAMESPACE, Inventory
from otwatch.outputs.voice import Voice
from otwatch.results import AssetRow


def as_bom(found: Inventory, _voice: Voice) -> dict[str, bytes]:
    site = plain(found.site) or "OT"
    body = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE, f'{found.site} {found.heard_ns}')}",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "otwatch", "version": __version__}]},
            "component": {"type": "platform", "bom-ref": found.id(""), "name": site},
        },
        "components": [_device(found, asset) for asset in found.things],
        "dependencies": [{"ref": found.id(asset.key), "dependsOn": [found.id(asset.parent)]} for asset in found.things if asset.parent],
    }
    return {"inventory.cdx.json": msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n"}


def _device(found: Inventory, asset: AssetRow) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "device", "bom-ref": found.id(asset.key), "name": plain(asset.product or asset.label)}
    if asset.vendor:
        said["manufacturer"] = {"name": plain(asset.vendor)}
    properties = {
        "key": asset.key, "label": asset.label, "address": asset.address, "serial": asset.serial, "zone": asset.zone,
        "criticality": asset.criticality, "presence": asset.presence, **{f"mac:{at}": mac for at, mac in enumerate(asset.macs)},
    }  # fmt: skip
    said["properties"] = [{"name": f"otwatch:{name}", "value": plain(value)} for name, value in properties.items() if value]
    if asset.firmware:
        firmware = {
            "type": "firmware",
            "bom-ref": f"{found.id(asset.key)}-firmware",
            "name": said["name"],
            "version": plain(asset.firmware),
        }
        said["components"] = [firmware]
    return said
