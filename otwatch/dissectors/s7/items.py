"""What a job reads or writes: addresses, values that are written, and what became of each item.

    address   12 | length | syntax 10 | type 1 | count 2 | DB 2 | area 1 | bit address 3
    value     return code 1 | type of the data 1 | length 2 (of bits or bytes, as the type says) | data | 0 up to an even place
"""

from collections.abc import Iterator
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.dissectors.reals import shortest
from otwatch.dissectors.s7.codes import AREAS, BIT, COUNTED, DINT, INT, ITEM_ERRORS, ITEM_OK, REAL, TYPES, WIDTHS
from otwatch.errors import Malformed
from otwatch.events import Point

MOST = 20
"""Points and values of one job that are named; a PDU of 960 bytes holds 79 items."""
_ADDRESS, _ANY, _BLOCK_READ = 0x12, 0x10, 0xB0
_IN_BITS = frozenset({3, 4, 5})
"""Types of data whose length counts bits: bit, byte or word, integer."""
_LONGEST = 8


class Item(NamedTuple):
    """Where something stands; `type` is 0 where the way of addressing is not read."""

    point: Point
    type: int = 0
    area: int = 0


def addresses(read: Reader, count: int) -> list[Item]:
    """The items of a job; those beyond MOST are only passed."""
    found: list[Item] = []
    for at in range(count):
        if read.u8() != _ADDRESS:
            raise Malformed("an item does not begin with 0x12", read.at - 1)
        size = read.u8()
        item = read.part(size)
        if len(found) < MOST:
            found.append(_address(item))
        else:
            item.take(item.left)
        if size % 2 and at + 1 < count:
            read.take(1)
    return found


def _address(item: Reader) -> Item:
    syntax = item.u8()
    if syntax == _BLOCK_READ:
        _, _, block, first = item.fields(">BBHH")
        item.take(item.left)
        return Item(Point("s7", first, name=f"DB{block}.DBB{first}"))
    if syntax != _ANY:
        item.take(item.left)
        return Item(Point("s7", name=f"address of syntax 0x{syntax:02x}"))
    kind, count, block, area = item.fields(">BHHB")
    at = item.u24()
    return Item(Point("s7", at if area in COUNTED else at >> 3, count, name=_name(kind, block, area, at, count)), kind, area)


def _name(kind: int, block: int, area: int, at: int, count: int) -> str:
    """An absolute address as Siemens writes it, with the number of elements where there are several."""
    letters = AREAS.get(area, f"area 0x{area:02x} ")
    more = f" x{count}" if count > 1 else ""
    if area in COUNTED:
        return f"{letters}{at}{more}"
    width = WIDTHS.get(kind, "B")
    where = f"{at >> 3}.{at & 7}" if kind == BIT else f"{at >> 3}"
    if letters in {"DB", "DI"}:
        return f"{letters}{block}.{letters}{width}{where}{more}"
    return f"{letters}{'' if width == 'X' else width}{where}{more}"


def values(read: Reader, items: list[Item], count: int) -> Iterator[str]:
    """What is written, one text each."""
    for at in range(count):
        _, kind, length = read.fields(">BBH")
        size = _bytes(kind, length)
        data = read.part(size)
        if at < len(items):
            yield _text(data, items[at].type)
        else:
            data.take(data.left)
        if size % 2 and at + 1 < count:
            read.take(1)


def _bytes(kind: int, length: int) -> int:
    return (length + 7) // 8 if kind in _IN_BITS else length


def _text(data: Reader, kind: int) -> str:
    raw = data.rest()
    if kind == BIT and len(raw) == 1:
        return str(int(raw != b"\0"))
    if kind == REAL and len(raw) == 4:
        return shortest(raw, "big")
    if kind in TYPES and len(raw) in (1, 2, 4):
        return str(int.from_bytes(raw, signed=kind in (INT, DINT)))
    return f"0x{raw.hex()}" if len(raw) <= _LONGEST else f"{len(raw)} bytes"


def refused(read: Reader, count: int, with_data: bool) -> tuple[str, str]:
    """The first item that was refused, as words and number; what was read is not looked at."""
    found = ("", "")
    for at in range(count):
        code = read.u8()
        if code != ITEM_OK and not found[1]:
            found = ITEM_ERRORS.get(code, "refused"), f"0x{code:02x}"
        if with_data:
            kind, length = read.fields(">BH")
            size = _bytes(kind, length)
            read.aside(size)
            if size % 2 and at + 1 < count:
                read.aside(1)
    return found
