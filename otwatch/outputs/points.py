"""The points of a record, under the names that the site gives them."""

from collections.abc import Callable, Iterator
from itertools import islice

from otwatch.declared.names import GROUPS, Called, called, default_path, load, values_of
from otwatch.outputs.tables import Anew, Column, View
from otwatch.outputs.views import frame
from otwatch.outputs.voice import Voice
from otwatch.record import Record
from otwatch.results import AttributeRow, PointRow, ReaderRow
from otwatch.results.places import bare

Calls = list[tuple[int, Called]]
"""What the site calls a point, or each register of a block (declared/names.py)."""
MANY = 10_000
"""Points that are no longer held in memory at once."""


def slots(row: PointRow, voice: Voice) -> str:
    """Who holds which priority: `8: 21.5 (GTB serveur 1)`."""
    return ", ".join(f"{slot.priority}: {slot.value} ({voice.label(slot.client)})" for slot in row.slots)


def readers(row: PointRow, voice: Voice) -> str:
    """Who reads it, and how often: `GTB serveur 1 (120×, every 10 s)`."""
    return ", ".join(_reader(reader, voice) for reader in row.readers)


def _reader(reader: ReaderRow, voice: Voice) -> str:
    label, times = voice.label(reader.client), voice.words.number(reader.times)
    if not reader.period_ms:
        return voice.words("points.reads", reader=label, times=times)
    return voice.words("points.polls", reader=label, times=times, seconds=voice.words.rough(reader.period_ms / 1000))


POINTS = View("points", (
    Column("label", lambda row, voice: voice.label(row.asset), brief=True),
    Column("key", lambda row, _: row.asset),
    Column("protocol", lambda row, _: row.protocol),
    Column("point", lambda row, _: row.point, brief=True),
    Column("point_name", lambda row, _: row.name, brief=True),
    Column("description", lambda row, _: row.description),
    Column("unit", lambda row, _: row.unit, brief=True),
    Column("value", lambda row, _: row.value, brief=True),
    Column("range", lambda row, _: f"{row.least} .. {row.most}" if row.least != row.most else "", brief=True),
    Column("writes", lambda row, _: row.writes, brief=True, number=True),
    Column("writers", lambda row, voice: ", ".join(map(voice.label, row.writers)), brief=True),
    Column("slots", slots, brief=True),
    Column("reads", lambda row, _: sum(reader.times for reader in row.readers), brief=True, number=True),
    Column("readers", readers, brief=True),
    Column("first", lambda row, voice: voice.stamp(row.first_ns)),
    Column("last", lambda row, voice: voice.stamp(row.last_ns)),
    Column("frame", lambda row, _: frame(row.frame)),
), "points.none")  # fmt: skip


def named(record: Record, keep: Callable[[PointRow], bool], asset: str | None = None) -> list[PointRow] | Anew:
    """The points that are wanted, of all assets or of one, with what the site calls them, else their devices. Made anew from MANY on."""
    names = load(default_path(record.path))
    instances = {row.asset: row.value for row in record.rows(AttributeRow) if row.name == "device_instance" and row.chosen} if names else {}

    def found() -> Iterator[PointRow]:
        every = record.each(PointRow) if asset is None else record.of_asset(PointRow, asset)
        rows = (row for row in every if keep(row))
        return (_in_units(row, called(names, _keys(row.asset, instances.get(row.asset, "")), row.point)) for row in rows)

    few = list(islice(found(), MANY))
    return few if len(few) < MANY else Anew(found)


def _keys(asset: str, instance: str) -> tuple[str, ...]:
    """Under which a list may name a device."""
    return asset, bare(asset), f"bacnet {instance}", GROUPS


def _in_units(row: PointRow, found: Calls) -> PointRow:
    """Names, and where the site said how to read it the value in its unit of measurement."""
    if not found:
        return row
    row = row._replace(name=", ".join(one.name for _, one in found))
    if not any(values_of(found, row.value)):
        return row
    least, most = _bounds(found, row) if len(found) == 1 else ("", "")
    units = {one.measured_in for _, one in found}
    return row._replace(value=_together(found, row.value), least=least, most=most, unit=" ".join(units) if len(units) == 1 else "")


def _bounds(found: Calls, row: PointRow) -> tuple[str, str]:
    """Of registers with a sign only where they did not cross zero: the record keeps the bounds of what was on the wire."""
    ((least,), (most,)) = (values_of(found, text) for text in (row.least, row.most))
    return (least, most) if least and most and float(least) <= float(most) else ("", "")


def _together(found: Calls, text: str) -> str:
    return ", ".join(filter(None, values_of(found, text)))


def told_of(record: Record, asset: str, points: str, values: str) -> str:
    """What the site calls the points of a finding ("analog-value:1 present-value, ..."), "" where it names none; with their values where it
    said how to read them: "Consigne chaudière = 65 °C"."""
    names = load(default_path(record.path))
    said = record.of_asset(AttributeRow, asset) if names else ()
    instance = next((row.value for row in said if row.name == "device_instance" and row.chosen), "")
    own = {row.point: row.name for row in record.of_asset(PointRow, asset) if row.name}
    each, texts = points.split(", "), values.split(", ")
    texts = texts if len(texts) == len(each) else [""] * len(each)
    found = (
        _told(called(names, _keys(asset, instance), point), text) or own.get(point, "") for point, text in zip(each, texts, strict=True)
    )
    return ", ".join(filter(None, found))


def _told(found: Calls, text: str) -> str:
    return ", ".join(
        f"{one.name} = {f'{value} {one.measured_in}'.rstrip()}" if value else one.name
        for (_, one), value in zip(found, values_of(found, text), strict=True)
    )
