"""The binary encoding of OPC UA (OPC 10000-6, 5.2): little-endian, lengths and counts of 4 bytes where -1 is "none"."""

from collections.abc import Callable, Iterator

from otwatch.dissectors.reader import Reader
from otwatch.dissectors.reals import shortest
from otwatch.errors import Malformed
from otwatch.events import clean

NONE = 0xFFFFFFFF
MOST = 1024
"""Elements of an array that are read."""
_DEEPEST = 8

_SIZES = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 4, 8: 8, 9: 8, 10: 4, 11: 8, 13: 8, 14: 16, 19: 4}
"""Bytes of built-in types of a fixed size (Table 1)."""
_SIGNED = frozenset({2, 4, 6, 8})
_STRING, _BYTES, _XML, _NODE, _EXPANDED, _NAME, _TEXT, _OBJECT, _DATA_VALUE, _VARIANT, _DIAGNOSTICS = 12, 15, 16, 17, 18, *range(20, 26)


def raw(read: Reader) -> bytes:
    """A ByteString, or the bytes of a String."""
    size = read.le32()
    return b"" if size == NONE else read.take(size)


def text(read: Reader) -> str:
    return clean(raw(read))


def count(read: Reader, least: int = 1) -> int:
    """The number of elements of an array; `least` bytes each must be there."""
    number = read.le32()
    if number == NONE:
        return 0
    if number * least > read.left:
        raise Malformed(f"array of {number} elements, {read.left} bytes left", read.at - 4)
    return number


def array(read: Reader, least: int = 1) -> Iterator[int]:
    """Places of the elements of an array, at most MOST."""
    number = count(read, least)
    if number > MOST:
        raise Malformed(f"array of {number} elements", read.at - 4)
    yield from range(number)


def node(read: Reader) -> str:
    """A NodeId as people write it: ns=2;s=Pump.Speed, i=2261 in namespace 0."""
    kind = read.u8()
    layout = _NODES.get(kind & 0x3F)
    if layout is None:
        raise Malformed(f"NodeId of form {kind & 0x3F}", read.at - 1)
    space, name = layout(read)
    if kind & 0x80:
        raw(read)  # namespace as text
    if kind & 0x40:
        read.take(4)  # number of the server
    return f"ns={space};{name}" if space else name


def _numeric(read: Reader) -> tuple[int, str]:
    space, number = read.le16(), read.le32()
    return space, f"i={number}"


def _four(read: Reader) -> tuple[int, str]:
    space, number = read.u8(), read.le16()
    return space, f"i={number}"


def _guid(read: Reader) -> tuple[int, str]:
    space = read.le16()
    return space, f"g={read.take(16).hex()}"


_NODES: dict[int, Callable[[Reader], tuple[int, str]]] = {
    0: lambda read: (0, f"i={read.u8()}"),
    1: _four,
    2: _numeric,
    3: lambda read: (read.le16(), f"s={text(read)}"),
    4: _guid,
    5: lambda read: (read.le16(), f"b={clean(raw(read).hex())}"),
}
"""Forms of a NodeId (5.2.2.9)."""
_TAILS = {0: 1, 1: 3, 2: 6, 4: 18}


def pass_node(read: Reader) -> None:
    """Set a NodeId aside, all but its form and size: tokens of sessions are secrets, and change with every session."""
    kind = read.u8() & 0x3F
    if kind in _TAILS:
        read.aside(_TAILS[kind])
    elif kind in (3, 5):
        read.aside(2)
        size = read.le32()
        read.aside(0 if size == NONE else size)
    else:
        raise Malformed(f"NodeId of form {kind}", read.at - 1)


def localized(read: Reader) -> str:
    """A LocalizedText: its text, without the language."""
    mask = read.u8()
    if mask & 1:
        raw(read)
    return text(read) if mask & 2 else ""


def qualified(read: Reader) -> str:
    read.le16()
    return text(read)


def body(read: Reader) -> tuple[str, Reader]:
    """An ExtensionObject: the type of its encoding, and a reader of what it holds."""
    kind, form = node(read), read.u8()
    if not form:
        return kind, read.part(0)
    size = read.le32()
    return kind, read.part(0 if size == NONE else size)


def diagnostics(read: Reader, depth: int = 0) -> None:
    """Pass a DiagnosticInfo (5.2.2.12)."""
    if depth > _DEEPEST:
        raise Malformed("diagnostics inside diagnostics", read.at)
    mask = read.u8()
    read.take(4 * (mask & 0x0F).bit_count())
    if mask & 0x10:
        raw(read)
    if mask & 0x20:
        read.take(4)
    if mask & 0x40:
        diagnostics(read, depth + 1)


def variant(read: Reader, depth: int = 0) -> str:
    """A value as text; of an array its size, of structures their type."""
    if depth > _DEEPEST:
        raise Malformed("variants inside variants", read.at)
    mask = read.u8()
    kind = mask & 0x3F
    if not mask & 0x80:
        return scalar(read, kind, depth) if kind else "null"
    values = [scalar(read, kind, depth) for _ in array(read)]
    if mask & 0x40:
        for _ in array(read, 4):
            read.take(4)
    return f"{len(values)} values" if len(values) != 1 else values[0]


def scalar(read: Reader, kind: int, depth: int = 0) -> str:
    """One value of a built-in type."""
    if kind in _SIZES:
        return _fixed(read.take(_SIZES[kind]), kind)
    layout = _READS.get(kind)
    if layout is not None:
        return layout(read)
    if kind == _DIAGNOSTICS:
        diagnostics(read)
        return "diagnostics"
    if kind == _DATA_VALUE:
        return data_value(read, depth + 1)
    if kind == _VARIANT:
        return variant(read, depth + 1)
    raise Malformed(f"built-in type {kind}", read.at)


def _fixed(value: bytes, kind: int) -> str:
    if kind in (10, 11):
        return shortest(value, "little")
    if kind == 1:
        return "true" if any(value) else "false"
    if kind == 14:
        return value.hex()
    return str(int.from_bytes(value, "little", signed=kind in _SIGNED))


def _object(read: Reader) -> str:
    kind, inside = body(read)
    inside.take(inside.left)
    return f"structure {kind}"


_READS: dict[int, Callable[[Reader], str]] = {
    _STRING: text, _BYTES: lambda read: f"{len(raw(read))} bytes", _XML: lambda read: f"{len(raw(read))} bytes", _NODE: node,
    _EXPANDED: node, _NAME: qualified, _TEXT: localized, _OBJECT: _object,
}  # fmt: skip


def data_value(read: Reader, depth: int = 0) -> str:
    """A value with its status and times (5.2.2.17)."""
    mask = read.u8()
    value = variant(read, depth) if mask & 0x01 else ""
    read.take(4 * bool(mask & 0x02) + 8 * bool(mask & 0x04) + 2 * bool(mask & 0x10) + 8 * bool(mask & 0x08) + 2 * bool(mask & 0x20))
    return value
