"""Keys of assets that say in which place they were seen: `10.20.1.60@north`, `10.20.1.60/unit 5@north`.

Sites often number their devices alike. Where a capture or a sensor is given a place (`--site-name`), each place has a wire half and a site
half of its own, so that nothing of two places ever meets, and its rows get the place behind every key when they are made. Without a place
nothing changes. Faces keep the key they were seen under, and addresses stay addresses.
"""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

from otwatch.results import AssetRow, BaselineRow, FactRow, PointRow, ProtocolRow, Results, Texts, ZoneRow

AT = "@"
NAME = r"[^\W_][\w .'-]{0,63}"
"""Names of places: letters, digits, spaces and . _ ' - ; they stand in keys, file names and labels."""

_Keyed = Callable[[str], str]
_ENDS: dict[str, tuple[str, ...]] = {
    "assets": ("key", "parent"), "attributes": ("asset",), "links": ("client", "server"), "alerts": ("client", "server"),
    "faces": ("asset",), "points": ("asset",), "sessions": ("client", "server"), "baseline": ("client", "server"),
}  # fmt: skip
"""Table -> the fields of its rows that are keys of assets."""
_LISTS: dict[str, str] = {"links": "via", "points": "writers", "sessions": "via"}
_ZONED: dict[str, tuple[str, ...]] = {
    "zones": ("id", "parent"), "assets": ("zone",), "links": ("client_zone", "server_zone"), "alerts": ("client_zone", "server_zone"),
}  # fmt: skip
"""Table -> the fields of its rows that are ids of zones."""


def bare(key: str) -> str:
    """The key without its place."""
    return key.partition(AT)[0] or key


def place_of(key: str) -> str:
    """The place in a key, "" without."""
    before, _, place = key.partition(AT)
    return place if before else ""


def places(results: Results) -> list[str]:
    """The places whose assets are in a record."""
    return sorted({place for row in results.assets if (place := place_of(row.key))})


def placed(results: Results, place: str) -> Results:
    """The same with the place in every key; of a place without a name, nothing changes."""
    if not place:
        return results
    found = _keyed(results, lambda key: f"{key}{AT}{place}" if key else "")
    return found._replace(site=place, baseline=tuple(row._replace(id=_line(row, place)) for row in found.baseline))


def alone(results: Results) -> Results:
    """The same without places, as a site file names things. Only where no two places are in it do keys still tell assets apart."""
    return _keyed(results, bare)


def together(parts: Mapping[str, Results]) -> Results:
    """Results of several places, by name, as those of one record: place by place, findings by severity. They share nothing but sums."""
    zoned = [_zoned(parts[place], place) if place else parts[place] for place in sorted(parts)]
    first = zoned[0]
    tables: dict[str, Any] = {
        name: tuple(row for part in zoned for row in getattr(part, name)) for name in ("captures", "zones", *_ENDS) if name != "alerts"
    }
    alerts = sorted((row for part in zoned for row in part.alerts), key=lambda row: -row.severity)
    return first._replace(
        site=", ".join(filter(None, sorted(parts))), protocols=_protocols(zoned), facts=_facts(zoned), notes=_notes(zoned),
        alerts=tuple(row._replace(number=number) for number, row in enumerate(alerts, 1)), **tables,
    )  # fmt: skip


def _keyed(results: Results, at: _Keyed) -> Results:
    tables: dict[str, Any] = {}
    for name, fields in _ENDS.items():
        listed = _LISTS.get(name, "")
        rows = [row._replace(**{field: at(getattr(row, field)) for field in fields}) for row in getattr(results, name)]
        tables[name] = tuple(row._replace(**{listed: tuple(map(at, getattr(row, listed)))}) for row in rows) if listed else tuple(rows)
    tables["assets"] = tuple(
        row._replace(label=_label(was, row.key)) for was, row in zip(results.assets, tables["assets"], strict=True)
    )
    tables["points"] = tuple(_inside(row, at) for row in tables["points"])
    return results._replace(**tables)


def _label(was: AssetRow, key: str) -> str:
    """An asset without a name is called by its key, one with a name by both (inventory/knowledge.py)."""
    return f"{was.label.removesuffix(f'({was.key})')}({key})" if was.label.endswith(f"({was.key})") else key


def _inside(row: PointRow, at: _Keyed) -> PointRow:
    return row._replace(
        slots=tuple(one._replace(client=at(one.client)) for one in row.slots),
        readers=tuple(one._replace(client=at(one.client)) for one in row.readers),
    )


def _line(row: BaselineRow, place: str) -> str:
    return sha256(f"{row.id}{AT}{place}".encode()).hexdigest()[: len(row.id)]


# -- several places in one record -------------------------------------------------------------------------------------------------------


def _zoned(results: Results, place: str) -> Results:
    """Zones are suggested for each place by itself; those of two places may have one network, and so one id."""
    tables: dict[str, Any] = {}
    for name, fields in _ZONED.items():
        rows = getattr(results, name)
        tables[name] = tuple(row._replace(**{field: _zone(getattr(row, field), place) for field in fields}) for row in rows)
    tables["zones"] = tuple(_called(row, place) for row in tables["zones"])
    tables["assets"] = tuple(row._replace(zone_rule=_rule(was, row)) for was, row in zip(results.assets, tables["assets"], strict=True))
    return results._replace(**tables)


def _zone(zone: str, place: str) -> str:
    return f"{zone}{AT}{place}" if zone else ""


def _called(row: ZoneRow, place: str) -> ZoneRow:
    name: Texts = {language: f"{text} ({place})" for language, text in row.name.items()}
    return row._replace(name=name, depends_on=tuple(_zone(zone, place) for zone in row.depends_on))


def _rule(was: AssetRow, row: AssetRow) -> str:
    """The rule of a suggested zone begins with its id."""
    zone, _, rest = was.zone_rule.partition(" ")
    return f"{row.zone} {rest}".rstrip() if was.zone and zone == was.zone else was.zone_rule


def _protocols(parts: Iterable[Results]) -> tuple[ProtocolRow, ...]:
    found: dict[str, ProtocolRow] = {}
    for row in (row for part in parts for row in part.protocols):
        before = found.get(row.name)
        sums = {} if before is None else {name: getattr(before, name) + getattr(row, name) for name in _COUNTED}
        found[row.name] = row._replace(**sums, decoded=row.decoded or (before is not None and before.decoded))
    return tuple(sorted(found.values(), key=lambda row: (not row.decoded, -row.packets, row.name)))


_COUNTED = tuple(name for name, kind in ProtocolRow.__annotations__.items() if kind is int)


def _facts(parts: Iterable[Results]) -> tuple[FactRow, ...]:
    """Section by section, field by field, as in the facts of one."""
    fields: dict[tuple[str, str], dict[tuple[Any, ...], FactRow]] = {}
    for row in (row for part in parts for row in part.facts):
        found, item = fields.setdefault((row.section, row.field), {}), tuple(row.item.items())
        found[item] = found[item]._replace(times=found[item].times + row.times) if item in found else row
    return tuple(row for found in fields.values() for row in found.values())


def _notes(parts: Iterable[Results]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in parts:
        for name, times in part.notes.items():
            found[name] = found.get(name, 0) + times
    return found
