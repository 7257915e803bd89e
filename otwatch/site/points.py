"""Points of assets as they are in the end: what was written, read and named under any key of a device, as one row a point."""

from collections.abc import Callable
from typing import NamedTuple

from otwatch.inventory.labels import Label
from otwatch.inventory.points import Points, Written
from otwatch.inventory.reads import Read, Where
from otwatch.inventory.rows import order
from otwatch.results import PointRow, ReaderRow, SlotRow

Resolve = Callable[[str], str]
Place = tuple[str, str, str]
"""Asset, protocol, and the point as text."""
FEW = 3
"""Questions from which on there is a period."""


class _Known(NamedTuple):
    """What is known of one point, under whatever keys of its device."""

    written: list[Written]
    reads: dict[str, Read]


def point_rows(points: Points, resolve: Resolve) -> tuple[PointRow, ...]:
    """In the order of their assets. There may be half a million: nothing but the rows is kept of each for long."""
    points.reads.fold()
    places: dict[Place, tuple[Where, ...]] = {}
    for where in points.places():
        asset = resolve(where[0])
        place = where if asset == where[0] else (asset, *where[1:])
        places[place] = (*places.get(place, ()), where)
    labels = {(resolve(server), point): label for (server, point), label in points.labels.all()}
    used = {named for asset, _, point in places if (named := (asset, _object(point))) in labels}
    rows = [
        _row(place, _known(wheres, points, resolve), labels.get((place[0], _object(place[2]))), resolve) for place, wheres in places.items()
    ]
    rows += [_named(asset, point, label) for (asset, point), label in labels.items() if (asset, point) not in used]
    orders = {asset: order(asset) for asset in {row.asset for row in rows}}
    rows.sort(key=lambda row: (orders[row.asset], row.protocol, row.point, row.first_ns))
    return tuple(rows)


def _known(wheres: tuple[Where, ...], points: Points, resolve: Resolve) -> _Known:
    written = [found for where in wheres if (found := points.at(where)) is not None]
    reads: dict[str, Read] = {}
    for where in wheres:
        for client, read in points.reads.at(where).items():
            asset = resolve(client)
            before = reads.get(asset)
            reads[asset] = read if before is None else before.joined(read)
    return _Known(written, reads)


def _object(point: str) -> str:
    """A point without its property: what a name is about. A subscription names an object whole: "analog-input 1"."""
    return point.partition(" ")[0] if ":" in point else point.replace(" ", ":")


def _row(place: Place, one: _Known, label: Label | None, resolve: Resolve) -> PointRow:
    seen: list[Written | Read] = [*one.written, *one.reads.values()]
    first = min(seen, key=lambda each: (each.first_ns, each.frame))
    return PointRow(
        place[0], place[1], place[2], label.name if label else "", *(_writing(one.written, resolve) if one.written else _UNWRITTEN),
        first.first_ns, max(each.last_ns for each in seen), first.frame, label.description if label else "", label.unit if label else "",
        tuple(_reader(client, one.reads[client]) for client in sorted(one.reads, key=order)),
    )  # fmt: skip


class _Writing(NamedTuple):
    """What a row says of writes: how many, by whom, the last value, the least and the most, and what stands in which slot."""

    writes: int
    writers: tuple[str, ...]
    value: str
    least: str
    most: str
    slots: tuple[SlotRow, ...]


_UNWRITTEN = _Writing(0, (), "", "", "", ())
"""Most points are only read."""


def _writing(written: list[Written], resolve: Resolve) -> _Writing:
    numbers = [number for each in written for number in (each.least, each.most) if number is not None]
    slots = {slot.priority: slot for each in sorted(written, key=lambda each: each.last_ns) for slot in each.slots}
    return _Writing(
        sum(each.writes for each in written),
        tuple(dict.fromkeys(resolve(client) for each in written for client in each.writers)),
        max(written, key=lambda each: each.last_ns).value,
        _said(min(numbers, default=None)),
        _said(max(numbers, default=None)),
        tuple(SlotRow(*slots[at]._replace(client=resolve(slots[at].client))) for at in sorted(slots)),
    )


def _reader(client: str, read: Read) -> ReaderRow:
    period_ms = (read.last_ns - read.first_ns) // (read.times - 1) // 1_000_000 if read.times >= FEW else 0
    return ReaderRow(client, read.times, period_ms, read.first_ns, read.last_ns, read.frame)


def _named(asset: str, point: str, label: Label) -> PointRow:
    """A point of which nothing is known but what its device calls it."""
    return PointRow(
        asset, label.protocol, point, label.name, 0, (), "", "", "", (), label.first_ns, label.last_ns, label.frame, label.description,
        label.unit,
    )  # fmt: skip


def _said(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
