"""Files for NetBox's bulk import, in the order of their names: what devices need first, then devices, then what belongs to them.

NetBox asks for unique names of at most 64 characters, and for makers, types and roles that exist before they are named. Each named place is
a site, and a VRF of its own: that is how NetBox takes the same address twice.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import normalize

from otwatch.outputs.exports.ids import Inventory
from otwatch.outputs.visible import inert
from otwatch.outputs.voice import Voice
from otwatch.results import AssetRow
from otwatch.results.places import place_of

NAME_LIMIT, SLUG_LIMIT = 64, 100
UNKNOWN = "Unknown"
SITE = "OT"
INTERFACE = "eth0"
_COLOUR = "9e9e9e"
_WIDTHS = {4: 32, 6: 128}

Rows = list[Sequence[str]]


def as_files(found: Inventory, voice: Voice) -> dict[str, bytes]:
    names = _names(found.things)
    places = sorted({place for asset in found.things if (place := place_of(asset.key))})
    sites = list(dict.fromkeys(_site(found, asset.key) for asset in found.things)) or [found.site or SITE]
    devices: Rows = [("name", "role", "manufacturer", "device_type", "serial", "site", "status", "comments")]
    for asset in found.things:
        status = "offline" if asset.presence == "silent" else "active"
        comments = f"otwatch {asset.key}, id {found.id(asset.key)}"
        devices.append((names[asset.key], _role(asset), *_type(asset), asset.serial[:50], _site(found, asset.key), status, comments))
    ports = list(_ports(found))
    cards = [(mac, names[key], name) for key, name, mac, _ in ports if mac]
    tables: dict[str, Rows] = {
        "1-sites.csv": [("name", "slug", "status"), *((site, slug(site), "active") for site in sites)],
        "2-manufacturers.csv": [("name", "slug"), *((name, slug(name)) for name in _unique(_type(one)[0] for one in found.things))],
        "3-device-types.csv": [("manufacturer", "model", "slug"), *_types(found.things)],
        "4-device-roles.csv": [("name", "slug", "color"), *((name, slug(name), _COLOUR) for name in _unique(map(_role, found.things)))],
        "5-devices.csv": devices,
        "6-interfaces.csv": [("device", "name", "type"), *((names[key], name, "other") for key, name, _, _ in ports)],
        "7-mac-addresses.csv": [("mac_address", "device", "interface"), *cards],
        "8-ip-addresses.csv": [("address", "status", "device", "interface", "is_primary"), *_addresses(found, names)],
    }
    if places:
        tables["0-vrfs.csv"] = [("name", "enforce_unique"), *((place, "true") for place in places)]
        tables["8-ip-addresses.csv"] = [(*tables["8-ip-addresses.csv"][0], "vrf"), *_routed(found, names)]
    return {name: _csv(rows) for name, rows in tables.items()}


def _site(found: Inventory, key: str) -> str:
    return place_of(key) or found.site or SITE


def _csv(rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _unique(names: Iterable[str]) -> list[str]:
    """By slug, which NetBox wants unique."""
    return list({slug(name): name for name in names}.values())


def slug(name: str) -> str:
    """`Rockwell Automation/Allen-Bradley` -> `rockwell-automation-allen-bradley`."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LIMIT] or "unknown"


def _type(asset: AssetRow) -> tuple[str, str]:
    return (asset.vendor or UNKNOWN)[:SLUG_LIMIT], (asset.product or UNKNOWN)[:SLUG_LIMIT]


def _types(assets: Iterable[AssetRow]) -> Iterator[Sequence[str]]:
    kinds = {(slug(maker), slug(model)): (maker, model) for maker, model in map(_type, assets)}
    return ((maker, model, slug(f"{maker} {model}")) for maker, model in kinds.values())


def _role(asset: AssetRow) -> str:
    return asset.roles[0][0][:SLUG_LIMIT] if asset.roles else asset.kind


def _names(assets: Iterable[AssetRow]) -> dict[str, str]:
    """One name a device, never twice whatever its capitals."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for asset in assets:
        said = inert(asset.name or asset.key or UNKNOWN)
        name, number = said[:NAME_LIMIT], 1
        while name.casefold() in taken:
            number += 1
            ending = f" ({inert(asset.key)[: NAME_LIMIT // 2]})" + (f" {number}" if number > 2 else "")
            name = said[: NAME_LIMIT - len(ending)] + ending
        taken.add(name.casefold())
        found[asset.key] = name
    return found


def _ports(found: Inventory) -> Iterator[tuple[str, str, str, list[str]]]:
    """Asset, name of the interface, MAC, addresses: all addresses stand at the first card."""
    for asset in found.things:
        addresses = found.addresses(asset)
        for at, mac in enumerate(asset.macs or ("",) * bool(addresses)):
            yield asset.key, INTERFACE if not at else f"eth{at}", mac, [] if at else addresses


def _addresses(found: Inventory, names: dict[str, str]) -> Iterator[Sequence[str]]:
    return (row for _, row in _by_asset(found, names))


def _routed(found: Inventory, names: dict[str, str]) -> Iterator[Sequence[str]]:
    """With the place as the VRF."""
    return ((*row, place_of(key)) for key, row in _by_asset(found, names))


def _by_asset(found: Inventory, names: dict[str, str]) -> Iterator[tuple[str, Sequence[str]]]:
    for key, name, _, addresses in _ports(found):
        for at, address in enumerate(addresses):
            width = _WIDTHS[6 if ":" in address else 4]
            yield key, (f"{address}/{width}", "active", names[key], name, "false" if at else "true")
