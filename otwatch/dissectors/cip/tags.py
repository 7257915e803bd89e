"""Reading and writing tags: the data of the tag services (Rockwell 1756-PM020, "Logix data access"; domain/protocols.md 3.8).

A write names the type of its data, so its values can be told: at most VALUES of them, structures as hex.
"""

from collections.abc import Callable
from functools import lru_cache

from otwatch.dissectors.cip.body import Body, hex_text
from otwatch.dissectors.cip.path import Path
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.reals import real, shortest
from otwatch.errors import Malformed
from otwatch.events import Details, Point, clean

VALUES = 16

REMEMBERED = 4096
"""Tags whose point is made once."""


def _integer(size: int, signed: bool) -> Callable[[Reader], str]:
    return lambda read: str(int.from_bytes(read.take(size), "little", signed=signed))


def _bits(size: int) -> Callable[[Reader], str]:
    return lambda read: f"0x{int.from_bytes(read.take(size), 'little'):0{2 * size}x}"


def _boolean(read: Reader) -> str:
    return "true" if read.u8() else "false"


def _real(read: Reader) -> str:
    """Seven digits are what 32 bits hold: 21.3 and not 21.299999237060547."""
    return f"{real(read.take(4), 'little'):.7g}"


def _lreal(read: Reader) -> str:
    return shortest(read.take(8), "little")


def _string(read: Reader) -> str:
    return clean(read.take(read.le16()))


def _short_string(read: Reader) -> str:
    return clean(read.take(read.u8()))


_TYPES: dict[int, tuple[str, Callable[[Reader], str]]] = {
    0xC1: ("BOOL", _boolean),
    0xC2: ("SINT", _integer(1, True)),
    0xC3: ("INT", _integer(2, True)),
    0xC4: ("DINT", _integer(4, True)),
    0xC5: ("LINT", _integer(8, True)),
    0xC6: ("USINT", _integer(1, False)),
    0xC7: ("UINT", _integer(2, False)),
    0xC8: ("UDINT", _integer(4, False)),
    0xC9: ("ULINT", _integer(8, False)),
    0xCA: ("REAL", _real),
    0xCB: ("LREAL", _lreal),
    0xD0: ("STRING", _string),
    0xD1: ("BYTE", _bits(1)),
    0xD2: ("WORD", _bits(2)),
    0xD3: ("DWORD", _bits(4)),
    0xD4: ("LWORD", _bits(8)),
    0xDA: ("SHORT_STRING", _short_string),
}
"""Elementary types (CIP volume 1, C-6.1)."""

_STRUCTURE = 0x02A0


@lru_cache(REMEMBERED)
def tag_point(path: Path, count: int) -> tuple[Point, ...]:
    return (Point("tag" if path.symbolic else "cip", quantity=count, name=path.name),)


def read_tag(read: Reader, path: Path) -> Body:
    """Read Tag: the number of elements."""
    return Body((), (), tag_point(path, read.le16()))


def read_tag_fragmented(read: Reader, path: Path) -> Body:
    """Read Tag Fragmented: elements and byte offset. The offset only says how far a long read has come."""
    body = read_tag(read, path)
    read.aside(4)
    return body


def write_tag(read: Reader, path: Path) -> Body:
    """Write Tag: type, number and values of elements."""
    return _written(read, path, fragmented=False)


def write_tag_fragmented(read: Reader, path: Path) -> Body:
    """Write Tag Fragmented: type, number, byte offset and values of elements."""
    return _written(read, path, fragmented=True)


def _written(read: Reader, path: Path, fragmented: bool) -> Body:
    kind = read.le16()
    if kind == _STRUCTURE:
        return _written_structure(read, path, fragmented)
    name, value = _TYPES.get(kind, (f"type 0x{kind:04x}", None))
    count = read.le16()
    details: Details = (("type", name), *_offset(read, fragmented))
    if value is None:
        return Body((hex_text(read),), details, tag_point(path, count))
    values: list[str] = []
    while read.left and len(values) < min(count, VALUES):
        values.append(value(read))
    if len(values) < min(count, VALUES) and not fragmented:
        raise Malformed(f"{count} values announced, {len(values)} given", read.at)
    read.aside(read.left)
    return Body(tuple(values), details, tag_point(path, count))


def _written_structure(read: Reader, path: Path, fragmented: bool) -> Body:
    template = read.le16()
    count = read.le16()
    details: Details = (("type", f"structure 0x{template:04x}"), *_offset(read, fragmented))
    return Body((hex_text(read),), details, tag_point(path, count))


def _offset(read: Reader, fragmented: bool) -> Details:
    return (("offset", str(read.le32())),) if fragmented else ()


def modify_tag(read: Reader, path: Path) -> Body:
    """Read-Modify-Write Tag: size of the masks, bits to set, bits to keep."""
    size = read.le16()
    set_bits, kept_bits = read.take(size), read.take(size)
    return Body((f"or {set_bits[::-1].hex()} and {kept_bits[::-1].hex()}",), (), tag_point(path, 1))
