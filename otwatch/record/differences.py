"""Two records compared: what came, what went and what changed, asset by asset (the report of an auditor a year later).

An asset is found again by its key, else by serial number, MAC or BACnet instance: then it moved, and its conversations moved with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from otwatch.results import AlertRow, AssetRow, AttributeRow, FaceRow, LinkRow, PointRow, Results

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
ASSETS, VERSIONS, CONVERSATIONS, WRITERS = "assets", "versions", "conversations", "writers"
POINTS, FINDINGS = "points", "findings"
SECTIONS = (ASSETS, VERSIONS, CONVERSATIONS, WRITERS, POINTS, FINDINGS)

_ASSET_FIELDS = ("zone", "criticality", "parent", "presence")
_LINK_FIELDS = ("state", "verdict")
_NO_VERSIONS = frozenset({"run_state", "reserved_by", "ip", "mac"})
"""Attributes that change while a device stays what it is."""


class Difference(NamedTuple):
    """`sort` ADDED, REMOVED, CHANGED or MOVED; `what` the key or the ends; `field` with what it was `before` and is `after`.

    time_ns   when the newer record saw it first, 0 for what is gone
    """

    section: str
    sort: str
    what: str
    label: str
    field: str = ""
    before: str = ""
    after: str = ""
    time_ns: int = 0


def differences(before: Results, after: Results) -> list[Difference]:
    """From one record to another, section by section."""
    names = _found_again(before, after)
    return [
        *_assets(before.assets, after.assets, names),
        *_versions(before, after, names),
        *_links(before.links, after.links, names),
        *_points(before.points, after.points, names),
        *_findings(before.alerts, after.alerts, names),
    ]


def _found_again(before: Results, after: Results) -> dict[str, str]:
    """Key then -> key now, for every asset that is in both."""
    now = {row.key for row in after.assets}
    same = {row.key: row.key for row in before.assets if row.key in now}
    strong, was = _strong(after.assets, after.faces), _strong(before.assets, before.faces)
    taken = set(same.values())
    for key, asset in was.items():
        other = strong.get(key, "")
        if asset not in same and other and other not in taken:
            same[asset] = other
            taken.add(other)
    return same


def _strong(assets: Iterable[AssetRow], faces: Iterable[FaceRow]) -> dict[tuple[str, str], str]:
    """Serial numbers, instances and MACs that only one asset has."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in assets:
        for key in (("serial", f"{row.product} {row.serial}" if row.serial else ""), *(("mac", mac) for mac in row.macs)):
            if key[1]:
                found.setdefault(key, set()).add(row.key)
    for face in faces:
        if face.reason in ("bacnet instance", "cip serial") and face.state == "now":
            found.setdefault((face.reason, face.value), set()).add(face.asset)
    return {key: next(iter(keys)) for key, keys in found.items() if len(keys) == 1}


def _assets(before: tuple[AssetRow, ...], after: tuple[AssetRow, ...], names: Mapping[str, str]) -> Iterator[Difference]:
    old, known = {row.key: row for row in before}, set(names.values())
    back = {now: then for then, now in names.items()}
    for row in after:
        if row.key not in known:
            yield Difference(ASSETS, ADDED, row.key, row.label, time_ns=row.first_ns)
            continue
        was = old[back[row.key]]
        if was.key != row.key:
            yield Difference(ASSETS, MOVED, row.key, row.label, "key", was.key, row.key, row.first_ns)
        for field in _ASSET_FIELDS:
            said, says = getattr(was, field), getattr(row, field)
            if (names.get(said, said) if field == "parent" else said) != says:
                yield Difference(ASSETS, CHANGED, row.key, row.label, field, said, says, row.first_ns)
    for row in before:
        if row.key not in names:
            yield Difference(ASSETS, REMOVED, row.key, row.label)


def _versions(before: Results, after: Results, names: Mapping[str, str]) -> Iterator[Difference]:
    """Attributes that both records know of an asset and that differ: firmware, model, serial number, name ..."""
    labels = {row.key: row.label for row in after.assets}
    old = {(names.get(row.asset, ""), row.name): row for row in before.attributes if row.chosen}
    for row in after.attributes:
        was = old.get((row.asset, row.name)) if row.chosen and row.name not in _NO_VERSIONS else None
        if was is not None and was.value != row.value and _comparable(was, row):
            yield Difference(VERSIONS, CHANGED, row.asset, labels[row.asset], row.name, was.value, row.value, row.first_ns)


def _comparable(was: AttributeRow, row: AttributeRow) -> bool:
    """Another source says the same thing in other words: only a source at least as sure shows a change."""
    return was.source == row.source or was.confidence == row.confidence == "self"


_Way = tuple[str, str, str, int, str]


def _links(before: tuple[LinkRow, ...], after: tuple[LinkRow, ...], names: Mapping[str, str]) -> Iterator[Difference]:
    old: dict[_Way, LinkRow] = {(names.get(row.client, row.client), names.get(row.server, row.server), *row[2:5]): row for row in before}
    ways = {row[:5] for row in after}
    for row in after:
        was = old.get(row[:5])
        if was is None:
            yield Difference(CONVERSATIONS, ADDED, _said(row), "", "", "", ", ".join(sorted(row.verbs)) or row.state, row.first_ns)
        else:
            yield from _changed_link(was, row)
        if row.writes and (was is None or not was.writes):
            yield Difference(WRITERS, ADDED, _said(row), "", "writes", "0", str(row.writes), row.first_ns)
    for way, was in old.items():
        if way not in ways:
            yield Difference(CONVERSATIONS, REMOVED, _said(was), "", "", ", ".join(sorted(was.verbs)) or was.state)


def _changed_link(was: LinkRow, row: LinkRow) -> Iterator[Difference]:
    for field in _LINK_FIELDS:
        if getattr(was, field) != getattr(row, field):
            yield Difference(CONVERSATIONS, CHANGED, _said(row), "", field, getattr(was, field), getattr(row, field), row.first_ns)
    if new := sorted(row.verbs.keys() - was.verbs.keys()):
        yield Difference(CONVERSATIONS, CHANGED, _said(row), "", "verbs", ", ".join(sorted(was.verbs)), ", ".join(new), row.first_ns)


def _said(row: LinkRow) -> str:
    port = f"{row.transport}/{row.port}" if row.port else row.transport
    return f"{row.client} -> {row.server} {port} {row.protocol}".rstrip()


def _points(before: tuple[PointRow, ...], after: tuple[PointRow, ...], names: Mapping[str, str]) -> Iterator[Difference]:
    """Points that are written now and were not, or the other way round; new writers, another name. Reads come and go with who looks."""
    old = {(names.get(row.asset, row.asset), row.protocol, row.point): row for row in before}
    now = {row[:3] for row in after if row.writes}
    for row in after:
        was = old.get(row[:3])
        if row.writes and (was is None or not was.writes):
            yield _of_point(ADDED, row, "writers", "", row.writers)
        elif was is not None and (new := [one for one in row.writers if one not in {names.get(other, other) for other in was.writers}]):
            yield _of_point(CHANGED, row, "writers", ", ".join(was.writers), new)
        if was is not None and was.name and row.name and was.name != row.name:
            yield _of_point(CHANGED, row, "name", was.name, (row.name,))
    for place, was in old.items():
        if was.writes and place not in now:
            yield Difference(POINTS, REMOVED, f"{place[0]} {was.point}", was.name, "writers", ", ".join(was.writers))


def _of_point(sort: str, row: PointRow, field: str, before: str, after: Iterable[str]) -> Difference:
    return Difference(POINTS, sort, f"{row.asset} {row.point}", row.name, field, before, ", ".join(after), row.first_ns)


def _findings(before: tuple[AlertRow, ...], after: tuple[AlertRow, ...], names: Mapping[str, str]) -> Iterator[Difference]:
    def key(row: AlertRow, known: Mapping[str, str]) -> tuple[str, str, str, str]:
        return row.detection, row.variant, known.get(row.client, row.client), known.get(row.server, row.server)

    old, new = {key(row, names): row for row in before}, {key(row, {}): row for row in after}
    for what, sort, rows in ((new.keys() - old.keys(), ADDED, new), (old.keys() - new.keys(), REMOVED, old)):
        for one in sorted(what):
            row = rows[one]
            ends = " -> ".join(filter(None, (row.client, row.server)))
            yield Difference(FINDINGS, sort, ends, row.detection, "variant", "", row.variant, row.first_ns if sort == ADDED else 0)
