"""Rows of `otwatch.results` as columns of a table, and back: numbers and text as they are, everything else as JSON text."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, get_type_hints

import msgspec

from otwatch.results import (
    AlertRow,
    AssetRow,
    AttributeRow,
    BaselineRow,
    CaptureRow,
    ConduitRow,
    FaceRow,
    FactRow,
    LinkRow,
    PointRow,
    ProtocolRow,
    SessionRow,
    ZoneRow,
)

Row = TypeVar(
    "Row", CaptureRow, ProtocolRow, AssetRow, AttributeRow, LinkRow, ZoneRow, AlertRow, FactRow, FaceRow, PointRow, ConduitRow, SessionRow,
    BaselineRow,
)  # fmt: skip

_PLAIN = (str, int, float)
_STORED: dict[Any, type] = {str: str, int: int, float: float, bool: int}
"""What a column holds, by the type of its field; JSON text for all others."""


class Shape(NamedTuple):
    """The table of a row type, and its fields with their types, in the order of the row."""

    table: str
    fields: tuple[tuple[str, Any], ...]

    @property
    def columns(self) -> str:
        return ", ".join(f'"{name}"' for name, _ in self.fields)


_TABLES: dict[type, str] = {
    CaptureRow: "capture", ProtocolRow: "protocol", AssetRow: "asset", AttributeRow: "attribute", LinkRow: "link", ZoneRow: "zone",
    AlertRow: "alert", FactRow: "fact", FaceRow: "face", PointRow: "point", ConduitRow: "conduit", SessionRow: "session",
    BaselineRow: "baseline",
}  # fmt: skip
SECTIONS: dict[str, type] = {
    "captures": CaptureRow, "protocols": ProtocolRow, "assets": AssetRow, "attributes": AttributeRow, "links": LinkRow, "zones": ZoneRow,
    "alerts": AlertRow, "facts": FactRow, "faces": FaceRow, "points": PointRow, "conduits": ConduitRow,
    "sessions": SessionRow,
    "baseline": BaselineRow,
}  # fmt: skip
"""The fields of `Results` that are tables, and their rows."""
_UNRECORDED = frozenset({"decision"})
"""Fields that are joined when a record is read: the last of their rows."""
SHAPES = {
    kind: Shape(table, tuple((name, of) for name, of in get_type_hints(kind).items() if name not in _UNRECORDED))
    for kind, table in _TABLES.items()
}


def packed(row: tuple[Any, ...]) -> tuple[str | int | float, ...]:
    """A row's values as SQLite takes them."""
    plan = _PLANS[type(row)]
    values = list(row[: len(plan.stored)])
    for at, write in plan.written:
        values[at] = write(values[at])
    return tuple(values)


_json = msgspec.json.Encoder(enc_hook=dict).encode


def _text(value: Any) -> str:
    return _json(value).decode()


def unpacked(kind: type[Row], values: tuple[Any, ...]) -> Row:
    """The row that `packed` took apart. msgspec.ValidationError where a column does not hold what its field is made from."""
    plan = _PLANS[kind]
    if tuple(map(type, values)) != plan.stored:  # a damaged file may hold anything in a column
        found = next((have, want) for have, want in zip(map(type, values), plan.stored, strict=True) if have is not want)
        raise msgspec.ValidationError(f"{found[1].__name__} expected, {found[0].__name__} found")
    fields = list(values)
    for at, read in plan.made:
        fields[at] = read(fields[at])
    return kind(*fields)


class _Plan(NamedTuple):
    """What SQLite gives for each column, and how columns are written and read whose fields are no text or number themselves."""

    stored: tuple[type, ...]
    written: tuple[tuple[int, Callable[[Any], str | int]], ...]
    made: tuple[tuple[int, Callable[[Any], Any]], ...]


def _plan(kind: type) -> _Plan:
    fields = SHAPES[kind].fields
    other = [(at, of) for at, (_, of) in enumerate(fields) if of not in _PLAIN]
    written = ((at, int if of is bool else _text) for at, of in other)
    made = ((at, bool if of is bool else msgspec.json.Decoder(of).decode) for at, of in other)
    return _Plan(tuple(_STORED.get(of, str) for _, of in fields), tuple(written), tuple(made))


_PLANS = {kind: _plan(kind) for kind in SHAPES}
