"""Declared and observed, compared: what is missing, what is new, what moved, what changed. It changes neither."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from otwatch.declared.store import DeclaredRow
from otwatch.results import AssetRow, AttributeRow, FaceRow
from otwatch.results.places import bare

NOT_SEEN, SILENT, NOT_DECLARED, MOVED, CHANGED = "not seen", "silent", "not declared", "moved", "changed"
COMPARED = ("vendor", "product", "firmware", "serial", "name")
NO_THINGS = frozenset({"group", "external"})

_INFERRED = frozenset({"mac", "port"})
"""Confidences of what nobody said: the maker of a network card is not that of the machine."""
_BETWEEN_WORDS = dict.fromkeys(map(ord, " -_/"))


class DriftRow(NamedTuple):
    """One difference. `field` with what was `declared` and what was `observed`; `asset` is its key in the record, "" without.

    by   what led from one to the other: "serial", "bacnet instance", "mac", "address", "name"
    """

    sort: str
    label: str
    asset: str
    field: str
    declared: str
    observed: str
    by: str
    line: int


def drift(
    declared: Iterable[DeclaredRow], assets: Iterable[AssetRow], faces: Iterable[FaceRow], attributes: Iterable[AttributeRow] = ()
) -> list[DriftRow]:
    """All differences: declared assets in the order of their file, then assets that nobody declared."""
    things = {row.key: row for row in assets if row.kind not in NO_THINGS}
    keys = _keys(things, faces)
    inferred = {(row.asset, row.name) for row in attributes if row.chosen and row.confidence in _INFERRED}
    found: list[DriftRow] = []
    met: set[str] = set()
    for row in declared:
        asset, by = _match(row, keys)
        if asset:
            met.add(asset)
            found.extend(_differences(row, things[asset], by, inferred))
        else:
            found.append(DriftRow(NOT_SEEN, row.label, "", "", row.key, "", "", row.line))
    new = (row for key, row in things.items() if key not in met and row.presence != SILENT)
    found.extend(DriftRow(NOT_DECLARED, row.label, row.key, "", "", row.address or row.key, "", 0) for row in new)
    return found


def _keys(things: Mapping[str, AssetRow], faces: Iterable[FaceRow]) -> dict[tuple[str, str], str]:
    """(sort of key, key) -> asset; a key that several assets have leads nowhere."""
    found: dict[tuple[str, str], set[str]] = {}
    for asset in things.values():
        own = (("address", asset.key), ("address", bare(asset.key)), ("serial", asset.serial.casefold()), ("name", asset.name.casefold()))
        for key in (*own, *(("mac", mac) for mac in asset.macs)):
            found.setdefault(key, set()).add(asset.key)
    for face in faces:
        if face.state == "now" and face.asset in things:
            found.setdefault(("address", face.key), set()).add(face.asset)
            found.setdefault(("mac", face.key), set()).add(face.asset)
            if face.reason == "bacnet instance":
                found.setdefault(("address", f"bacnet {face.value}"), set()).add(face.asset)
    return {key: next(iter(keys)) for key, keys in found.items() if key[1] and len(keys) == 1}


def _match(row: DeclaredRow, keys: Mapping[tuple[str, str], str]) -> tuple[str, str]:
    """The asset that a declared one is, by the strongest key that leads to one."""
    tries = (
        ("serial", ("serial", row.serial.casefold())),
        ("bacnet instance", ("address", f"bacnet {row.bacnet_instance}" if row.bacnet_instance else "")),
        ("mac", ("mac", row.mac)),
        ("address", ("address", row.key)),
        ("name", ("name", row.name.casefold())),
    )
    return next(((keys[key], by) for by, key in tries if key[1] and key in keys), ("", ""))


def _differences(row: DeclaredRow, asset: AssetRow, by: str, inferred: Set[tuple[str, str]]) -> Iterator[DriftRow]:
    if asset.presence == SILENT:
        yield DriftRow(SILENT, row.label, asset.key, "", row.key, "", by, row.line)
    if row.address and asset.address and by != "address" and row.address != asset.address and ":" not in row.address:
        yield DriftRow(MOVED, row.label, asset.key, "address", row.address, asset.address, by, row.line)
    if row.mac and asset.macs and row.mac not in asset.macs:
        yield DriftRow(CHANGED, row.label, asset.key, "mac", row.mac, ", ".join(asset.macs), by, row.line)
    for field in COMPARED:
        said, seen = getattr(row, field), getattr(asset, field)
        same = same_version if field == "firmware" else agree
        if said and seen and (asset.key, field) not in inferred and not same(said, seen):
            yield DriftRow(CHANGED, row.label, asset.key, field, said, seen, by, row.line)


def agree(declared: str, said: str) -> bool:
    """Whether a person and a device mean the same: "Schneider" and "Schneider Electric", "V2.1" and "2.1", "CTA 3" and "CTA-3"."""
    one, other = (text.casefold().removeprefix("v").translate(_BETWEEN_WORDS) for text in (declared, said))
    return one in other or other in one


def same_version(declared: str, said: str) -> bool:
    """Whether one is the other, or is it less exactly: "2.1" and "V2.1.3" are, "2.1" and "12.10" are not."""
    short, long = sorted((declared.casefold().removeprefix("v"), said.casefold().removeprefix("v")), key=len)
    return re.search(rf"(?<![\d.]){re.escape(short)}(?!\d)", long) is not None
