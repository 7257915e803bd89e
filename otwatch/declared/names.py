"""What the site calls its points, and in what it measures them: by device and point, in a file beside the record.

Said wherever a point is named. A name may come with the form of the value, so that "650" is said as "65 °C".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from otwatch.declared.datapoints import meant
from otwatch.errors import DeclaredError
from otwatch.events.registers import FORMS, measured, words_of
from otwatch.files import put


@dataclass(frozen=True, slots=True)
class Called:
    """What a person calls a point.

    form            of its value: one of registers (events/registers.py) or a datapoint type of KNX ("9.001"); "": as it is told
    low_word_first  of values of two registers
    factor, offset  what the number on the wire is multiplied by, and what is added then
    measured_in     the unit of measurement
    """

    name: str
    form: str = ""
    low_word_first: bool = False
    factor: float = 1.0
    offset: float = 0.0
    measured_in: str = ""


Names = dict[str, dict[str, Called]]
"""Device ("bacnet 210103", "10.20.1.60/unit 5", "10.20.1.60"; GROUPS for group addresses, which are nobody's) -> point
("analog-value:12", "holding-register 4001", "group 1/2/3") -> what it is called."""

GROUPS = "knx"
_LONGEST = 2000
"""Bits or registers of one request (Modbus v1.1b3 6.1)."""


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
        raise DeclaredError("declared.no_names", path=path, reason=error) from error


def add(path: Path, more: Names) -> int:
    """Add names to those that are kept; how many points have one then. A device that is imported again loses its former names."""
    names = {**load(path), **more}
    try:
        put(path, msgspec.json.format(msgspec.json.encode(names, order="sorted"), indent=1))
    except OSError as error:
        raise DeclaredError("declared.unwritable", path=path, reason=error) from error
    return sum(map(len, names.values()))


def called(names: Names, devices: tuple[str, ...], point: str) -> list[tuple[int, Called]]:
    """What the site calls a point of a device that is known under these keys, without its property; of a block every register that has a
    name, each with its place in the block."""
    found = [list(_of(names.get(device, {}), point)) for device in devices if device in names]
    return next(filter(None, found), [])


def _of(known: dict[str, Called], point: str) -> Iterator[tuple[int, Called]]:
    kind, _, numbers = point.rpartition(" ")
    first, _, last = numbers.partition("..")
    if ":" in point or not (last.isdecimal() and first.isdecimal()):
        one = known.get(point.partition(" ")[0] if ":" in point else point)
        yield from ((0, one),) if one is not None else ()
        return
    for at in range(min(int(last) - int(first) + 1, _LONGEST)):
        if (one := known.get(f"{kind} {int(first) + at}")) is not None:
            yield at, one


def values_of(found: list[tuple[int, Called]], text: str) -> list[str]:
    """What was told for them, as numbers in their units; "" where nobody said how to read it, or the text is no such number."""
    words = text.split(" ")
    return [_value(one, " ".join(words[at : at + _width(one.form)])) for at, one in found]


def _width(form: str) -> int:
    return words_of(form) if form in FORMS else 1


def _value(one: Called, text: str) -> str:
    value = measured(text, one.form, one.low_word_first) if one.form in FORMS else meant(text, one.form)
    return "" if value is None else f"{value * one.factor + one.offset:.6g}"
