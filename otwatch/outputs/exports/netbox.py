"""Files for NetBox's bulk import, in the order of their names: what devices need first, then devices, then what belongs to them.

NetBox asks for unique names of at most 64 characters, and for makers, types and roles that exist before they are named. Each named place is
a site, and a VRF of its own: that is how NetBox takes the same address twice.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple
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
_DIGITS = 8
"""Of the digest that tells two slugs apart."""
_WIDTHS = {4: 32, 6: 128}

Rows = list[Sequence[str]]


class Named(NamedTuple):
    """A maker, a type (maker and model) or a role: one spelling of its name, and a slug that no other has."""

    name: tuple[str, ...]
    slug: str


def as_files(found: Inventory, voice: Voice) -> dict[str, bytes]:
    names = _names(found.things)
    places = sorted({place for asset in found.things if (place := place_of(asset.key))})
    sites = _spelled((_site(found, asset.key),) for asset in found.things) or _spelled([(found.site or SITE,)])
    makers = _spelled((_maker(asset),) for asset in found.things)
    roles = _spelled((_role(asset),) for asset in found.things)
    types = {asset.key: (*makers[(_maker(asset),)].name, asset.product or UNKNOWN) for asset in found.things}
    models = _spelled(types.values())
    devices: Rows = [("name", "role", "manufacturer", "device_type", "serial", "site", "status", "comments")]
    for asset in found.things:
        status = "offline" if asset.presence == "silent" else "active"
        comments = f"otwatch {asset.key}, id {found.id(asset.key)}"
        made = (*roles[(_role(asset),)].name, *models[types[asset.key]].name)
        site = sites[(_site(found, asset.key),)].name
        devices.append((names[asset.key], *made, asset.serial[:50], *site, status, comments))
    ports = list(_ports(found))
    cards = [(mac, names[key], name) for key, name, mac, _ in ports if mac]
    tables: dict[str, Rows] = {
        "1-sites.csv": [("name", "slug", "status"), *((*one, "active") for one in _listed(sites))],
        "2-manufacturers.csv": [("name", "slug"), *_listed(makers)],
        "3-device-types.csv": [("manufacturer", "model", "slug"), *_listed(models)],
        "4-device-roles.csv": [("name", "slug", "color"), *((*one, _COLOUR) for one in _listed(roles))],
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


def slug(name: str) -> str:
    """`Rockwell Automation/Allen-Bradley` -> `rockwell-automation-allen-bradley`."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LIMIT] or "unknown"


def _spelled(names: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Named]:
    """Name -> how it is written everywhere: of names that differ in capitals only the first, for what is looked up must be there."""
    first: dict[tuple[str, ...], Named] = {}
    taken: set[str] = set()
    found: dict[tuple[str, ...], Named] = {}
    for name in names:
        short = tuple(part[:SLUG_LIMIT] for part in name)
        same = tuple(map(str.casefold, short))
        if same not in first:
            first[same] = Named(short, _untaken(slug(" ".join(short)), same, taken))
            taken.add(first[same].slug)
        found[name] = first[same]
    return found


def _untaken(short: str, name: tuple[str, ...], taken: set[str]) -> str:
    """A slug that no other has: names that differ in accents or signs have the same otherwise."""
    if short not in taken:
        return short
    return f"{short[: SLUG_LIMIT - _DIGITS - 1]}-{sha256(repr(name).encode()).hexdigest()[:_DIGITS]}"


def _listed(named: dict[tuple[str, ...], Named]) -> Iterator[Sequence[str]]:
    """Each once, in the order in which they were met."""
    return ((*one.name, one.slug) for one in dict.fromkeys(named.values()))


def _maker(asset: AssetRow) -> str:
    return asset.vendor or UNKNOWN


def _role(asset: AssetRow) -> str:
    return asset.roles[0][0] if asset.roles else asset.kind


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
    """Each address of a place once: of two devices that both claim it the first gets it."""
    given: set[tuple[str, str]] = set()
    for key, name, _, addresses in _ports(found):
        place = place_of(key)
        own = [address for address in addresses if (place, address) not in given]
        given.update((place, address) for address in own)
        for at, address in enumerate(own):
            width = _WIDTHS[6 if ":" in address else 4]
            yield key, (f"{address}/{width}", "active", names[key], name, "false" if at else "true")
