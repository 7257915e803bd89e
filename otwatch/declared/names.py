"""What the site calls its points: BACnet EDE files and register maps as CSV -> names by device and point.

EDE (BIG-EU, Engineering Data Exchange 2.3): lines of meta data, then a line of heads, then one object a line. A register map is a CSV with
a head line: address, unit, kind, register, name. ETS exports the group addresses of a KNX project as CSV: group name, address. Names are
kept beside the record, and said wherever a point is named.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from otwatch.declared.importing import LARGEST, MOST_ROWS
from otwatch.errors import DeclaredError
from otwatch.events import clean
from otwatch.files import put

Names = dict[str, dict[str, str]]
"""Device ("bacnet 210103", "10.20.1.60/unit 5", "10.20.1.60"; GROUPS for group addresses, which are nobody's) -> point
("analog-value:12", "holding-register 4001", "group 1/2/3") -> name."""

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
GROUPS = "knx"
_MAP_HEADS = ("address", "register", "name")


def imported(path: Path) -> Names:
    """Read an EDE file or a register map; DeclaredError says which line is wrong."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DeclaredError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise DeclaredError(f"{path}: larger than {LARGEST // 2**20} MiB; a list of points is expected")
    text = content.decode("utf-8-sig", "replace")
    lines = [line for line in _lines(path, text) if line[1]]
    for at, (_, cells) in enumerate(lines):
        heads = [cell.strip().lstrip("#").strip().casefold() for cell in cells]
        read = next((read for wanted, read in _FORMS if set(wanted) <= set(heads)), None)
        if read is not None:
            rows = ({**dict(zip(heads, cells, strict=False)), "line": str(line)} for line, cells in lines[at + 1 :])
            return _named(path, rows, read)
    ede, register_map, groups = (", ".join(heads) for heads in (_EDE_HEADS, _MAP_HEADS, _GROUP_HEADS))
    raise DeclaredError(
        f"{path}: no line of heads; an EDE file ({ede}), a register map ({register_map}) or group addresses of ETS ({groups}) are expected"
    )


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if text.count(";") > text.count(",") else ",")
    try:
        for count, cells in enumerate(reader):
            if count > MOST_ROWS:
                raise DeclaredError(f"{path}: more than {MOST_ROWS} lines; a list of points is expected")
            yield reader.line_num, cells if any(cell.strip() for cell in cells) else []
    except csv.Error as error:
        raise DeclaredError(f"{path}:{reader.line_num}: {error}; a CSV file is expected") from error


def _named(path: Path, rows: Iterator[dict[str, str]], read: Callable[[Mapping[str, str]], tuple[str, str, str]]) -> Names:
    found: Names = {}
    for row in rows:
        try:
            device, point, name = read({head: cell.strip() for head, cell in row.items()})
        except ValueError as error:
            raise DeclaredError(f"{path}:{row['line']}: {error}") from error
        if name:
            found.setdefault(device, {})[point] = clean(name)
    return found


def _object(row: Mapping[str, str]) -> tuple[str, str, str]:
    kind = _whole(row, "object-type")
    name = row.get("description") or row["object-name"]
    return f"bacnet {_whole(row, 'device obj.-instance')}", f"{_OBJECTS.get(kind, kind)}:{_whole(row, 'object-instance')}", name


def _register(row: Mapping[str, str]) -> tuple[str, str, str]:
    kind = _KINDS.get(row.get("kind", "holding").casefold())
    if kind is None:
        raise ValueError(f"kind {row['kind']!r}: holding, input, coil or discrete is expected")
    unit = row.get("unit", "")
    return f"{row['address']}/unit {unit}" if unit else row["address"], f"{kind} {_whole(row, 'register')}", row["name"]


def _group(row: Mapping[str, str]) -> tuple[str, str, str]:
    """A group address in three levels, in two, or as a number; ranges ("1/2/-") have names that no telegram bears."""
    parts = row["address"].split("/")
    if parts[-1] == "-":
        return GROUPS, "", ""
    bits = _LEVELS.get(len(parts))
    if bits is None or not all(part.isdecimal() and int(part) < 1 << size for part, size in zip(parts, bits, strict=True)):
        raise ValueError(f"address {row['address']!r}: a group address as 1/2/3, 1/515 or 2563 is expected")
    number = 0
    for part, size in zip(parts, bits, strict=True):
        number = number << size | int(part)
    return GROUPS, f"group {number >> 11}/{number >> 8 & 7}/{number & 255}", row["group name"]


_LEVELS = {3: (5, 3, 8), 2: (5, 11), 1: (16,)}
"""Bits of each level of a group address, by the number of levels (KNX specification 3/3/7)."""
_FORMS = ((_EDE_HEADS, _object), (_MAP_HEADS, _register), (_GROUP_HEADS, _group))


def _whole(row: Mapping[str, str], head: str) -> int:
    if not row.get(head, "").isdecimal():
        raise ValueError(f"{head} {row.get(head, '')!r}: a number is expected")
    return int(row[head])


def default_path(record: Path) -> Path:
    """Beside the record."""
    return record.with_name("points.json")


def load(path: Path) -> Names:
    """The names that were imported, none where nothing was."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Names)
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeError) as error:
        raise DeclaredError(f"{path}: no list of names ({error}); `otwatch points import FILE` writes one") from error


def add(path: Path, more: Names) -> int:
    """Add names to those that are kept; how many points have one then. A device that is imported again loses its former names."""
    names = {**load(path), **more}
    try:
        put(path, msgspec.json.format(msgspec.json.encode(names, order="sorted"), indent=1))
    except OSError as error:
        raise DeclaredError(f"{path}: cannot be written: {error.strerror}") from error
    return sum(map(len, names.values()))


def name_of(names: Names, devices: tuple[str, ...], point: str) -> str:
    """What the site calls a point of a device that is known under these keys; a property and the last register of a block are left out."""
    plain = point.partition(" ")[0] if ":" in point else point.partition("..")[0]
    return next((name for device in devices if (name := names.get(device, {}).get(plain))), "")
