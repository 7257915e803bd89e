"""Lists in which a site names its points -> names by device and point: BACnet EDE files, register maps, group addresses of ETS.

EDE (BIG-EU, Engineering Data Exchange 2.3): lines of meta data, then a line of heads, then one object a line. A register map is a CSV with
a head line: address, unit, kind, register, name; and form, low_word_first, factor, offset, measured_in where it says how to read values.
ETS exports the group addresses of a project as CSV (group name, address), or the whole project (`ets.py`).
"""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from otwatch.declared.datapoints import form_of, unit_of
from otwatch.declared.ets import groups, is_project
from otwatch.declared.importing import MOST_ROWS, content_of
from otwatch.declared.names import GROUPS, Called, Names
from otwatch.errors import DeclaredError, Keyed
from otwatch.events import clean
from otwatch.events.registers import FORMS

Row = tuple[str, str, Called]
"""Device, point, what it is called; a name "" is none."""


class Cell(Keyed):
    """A cell of a line that says nothing that may stand there."""


_OBJECTS = {
    0: "analog-input", 1: "analog-output", 2: "analog-value", 3: "binary-input", 4: "binary-output", 5: "binary-value", 6: "calendar",
    8: "device", 13: "multi-state-input", 14: "multi-state-output", 17: "schedule", 19: "multi-state-value", 20: "trend-log",
}  # fmt: skip
"""Object types by number, 135-2020 clause 21 (BACnetObjectType)."""
_KINDS = {
    "holding": "holding-register", "holding-register": "holding-register", "4": "holding-register", "input": "input-register",
    "input-register": "input-register", "3": "input-register", "coil": "coil", "0": "coil", "discrete": "discrete-input",
    "discrete-input": "discrete-input", "1": "discrete-input",
}  # fmt: skip
_EDE_HEADS = ("device obj.-instance", "object-name", "object-type", "object-instance")
_GROUP_HEADS = ("group name", "address")
_MAP_HEADS = ("address", "register", "name")


def imported(path: Path) -> Names:
    """Read a list of any of these forms; DeclaredError says which line is wrong."""
    if is_project(path):
        return _of_project(path)
    text = content_of(path, "declared.points").decode("utf-8-sig", "replace")
    lines = [line for line in _lines(path, text) if line[1]]
    for at, (_, cells) in enumerate(lines):
        heads = [cell.strip().lstrip("#").strip().casefold() for cell in cells]
        read = next((read for wanted, read in _FORMS if set(wanted) <= set(heads)), None)
        if read is not None:
            rows = ({**dict(zip(heads, cells, strict=False)), "line": str(line)} for line, cells in lines[at + 1 :])
            return _named(path, rows, read)
    ede, register_map, group = (", ".join(heads) for heads in (_EDE_HEADS, _MAP_HEADS, _GROUP_HEADS))
    raise DeclaredError("declared.no_heads", path=path, ede=ede, register_map=register_map, group=group)


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if text.count(";") > text.count(",") else ",")
    try:
        for count, cells in enumerate(reader):
            if count > MOST_ROWS:
                raise DeclaredError("declared.too_many_points", path=path, most=MOST_ROWS)
            yield reader.line_num, cells if any(cell.strip() for cell in cells) else []
    except csv.Error as error:
        raise DeclaredError("declared.no_csv", path=path, line=reader.line_num, reason=error) from error


def _named(path: Path, rows: Iterator[dict[str, str]], read: Callable[[Mapping[str, str]], Row]) -> Names:
    found: Names = {}
    for row in rows:
        try:
            device, point, called = read({head: cell.strip() for head, cell in row.items()})
        except Cell as wrong:
            raise DeclaredError("declared.cell", path=path, line=row["line"], wrong=wrong) from wrong
        if called.name:
            found.setdefault(device, {})[point] = called
    return found


def _of_project(path: Path) -> Names:
    """Two installations of a project may use the same address; which of them a telegram comes from it does not say, so both names stand."""
    found: dict[str, Called] = {}
    for number, name, datapoint in groups(path):
        one, before = _datapoint(name, datapoint), found.get(_group_point(number))
        if before is not None and before != one:
            one = Called(name if name == before.name else f"{before.name} / {name}")
        found[_group_point(number)] = one
    if not found:
        raise DeclaredError("declared.no_group_name", path=path)
    return {GROUPS: found}


def _object(row: Mapping[str, str]) -> Row:
    kind = _whole(row, "object-type")
    name = row.get("description") or row["object-name"]
    return (
        f"bacnet {_whole(row, 'device obj.-instance')}",
        f"{_OBJECTS.get(kind, kind)}:{_whole(row, 'object-instance')}",
        Called(clean(name)),
    )


def _register(row: Mapping[str, str]) -> Row:
    kind = _KINDS.get(row.get("kind", "holding").casefold())
    if kind is None:
        raise Cell("declared.kind", said=row["kind"])
    unit = row.get("unit", "")
    return f"{row['address']}/unit {unit}" if unit else row["address"], f"{kind} {_whole(row, 'register')}", _scaled(row)


def _scaled(row: Mapping[str, str]) -> Called:
    """A name with the form of its value, where columns say it."""
    form = row.get("form", "").casefold() or ("uint16" if any(row.get(head) for head in _SCALING) else "")
    if form and form not in FORMS:
        raise Cell("declared.form", said=form, known=", ".join(FORMS))
    low = row.get("low_word_first", "").casefold()
    if low not in _FLAGS:
        raise Cell("declared.flag", said=low)
    return Called(
        clean(row["name"]), form, _FLAGS[low], _real(row, "factor", 1.0), _real(row, "offset", 0.0), clean(row.get("measured_in", ""))
    )


_SCALING = ("factor", "offset", "measured_in")
_FLAGS = {"": False, "no": False, "non": False, "false": False, "0": False, "yes": True, "oui": True, "true": True, "1": True}


def _real(row: Mapping[str, str], head: str, unsaid: float) -> float:
    """A number, with a comma or a point as spreadsheets write it."""
    text = row.get(head, "")
    if not text:
        return unsaid
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Cell("declared.number", head=head, said=text)
    return value


def _group(row: Mapping[str, str]) -> Row:
    """A group address in three levels, in two, or as a number; ranges ("1/2/-") have names that no telegram bears."""
    parts = row["address"].split("/")
    if parts[-1] == "-":
        return GROUPS, "", Called("")
    bits = _LEVELS.get(len(parts))
    if bits is None or not all(part.isdecimal() and int(part) < 1 << size for part, size in zip(parts, bits, strict=True)):
        raise Cell("declared.group", said=row["address"])
    number = 0
    for part, size in zip(parts, bits, strict=True):
        number = number << size | int(part)
    return GROUPS, _group_point(number), _datapoint(row["group name"], row.get("datapointtype", ""))


def _datapoint(name: str, told: str) -> Called:
    """A name, and the datapoint type where ETS says one of numbers."""
    form = form_of(told)
    return Called(clean(name), form, measured_in=unit_of(form))


def _group_point(number: int) -> str:
    """Three levels, as dissectors name a group."""
    return f"group {number >> 11}/{number >> 8 & 7}/{number & 255}"


_LEVELS = {3: (5, 3, 8), 2: (5, 11), 1: (16,)}
"""Bits of each level of a group address, by the number of levels (KNX specification 3/3/7)."""
_FORMS = ((_EDE_HEADS, _object), (_MAP_HEADS, _register), (_GROUP_HEADS, _group))


def _whole(row: Mapping[str, str], head: str) -> int:
    if not row.get(head, "").isdecimal():
        raise Cell("declared.number", head=head, said=row.get(head, ""))
    return int(row[head])
