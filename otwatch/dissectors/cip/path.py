"""EPATH: the route to a CIP object, the object, and what of it is meant (CIP volume 1, appendix C; domain/protocols.md 3.6).

A path is a row of segments; bits 7-5 of a segment's first byte tell its type. In the padded form that
messages carry, every segment is an even number of bytes. A tag is named by symbols, everything else by
class, instance and attribute; Rockwell nests objects: class 0x68 instance 25, class 0x6b instance 3 is a tag of a program.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Point, Route, clean

SEGMENTS = 32
"""More segments than any real path has (domain/protocols.md 3.6)."""

_KNOWN_PATHS = 4096
_IPV4 = re.compile(r"\d{1,3}(\.\d{1,3}){3}")


class Segment(NamedTuple):
    """A segment.

    kind    "port", "class", "instance", "member", "point", "attribute", "service", "key", "symbol" or "" (says nothing of the object)
    width   bytes in which the number is written
    """

    kind: str
    number: int = 0
    text: str = ""
    width: int = 1


class Path(NamedTuple):
    """What a path says.

    classes     all classes named, outermost first; the last one owns the object
    instance    of the last class, None where none is named
    attribute   None where none is named
    symbolic    the object is named by a symbol (a tag)
    hops        ports to go through before, as a route: "port 1/0"
    far         the IP addresses among the hops: the way leads to another network
    name        "0x04/101/3" or "AHU[3].Setpoint"
    key         electronic key "vendor/type/product revision": the device that must be there
    ends        connection points, or instances of the Assembly class where there are none, in their order
    owner       the outermost class as it is written, "0x06" or "0x0304"; "-" without
    """

    classes: tuple[int, ...] = ()
    instance: int | None = None
    attribute: int | None = None
    symbolic: bool = False
    hops: Route = ()
    far: tuple[str, ...] = ()
    name: str = ""
    key: str = ""
    owner: str = "-"
    ends: tuple[int, ...] = ()

    @property
    def details(self) -> Details:
        return tuple(("route_hop", address) for address in self.far) if self.far else ()

    @property
    def points(self) -> tuple[Point, ...]:
        """The object as a point, where the path names one."""
        return _points(self.symbolic, self.name)


@lru_cache(_KNOWN_PATHS)
def _points(symbolic: bool, name: str) -> tuple[Point, ...]:
    return (Point("tag" if symbolic else "cip", name=name),) if name else ()


def path(read: Reader, words: int) -> Path:
    """The path in the next `words` 16-bit words. Paths are few and come again for ever, so their meaning is remembered."""
    start = read.at
    raw = read.take(2 * words)
    try:
        return _path(raw)
    except Malformed as flaw:
        raise Malformed(flaw.reason, start + flaw.offset) from None


@lru_cache(_KNOWN_PATHS)
def _path(raw: bytes) -> Path:
    segments = tuple(_segments(Reader(raw)))
    ports = tuple(segment for segment in segments if segment.kind == "port")
    return Path(
        classes=tuple(segment.number for segment in segments if segment.kind == "class"),
        instance=_last(segments, "instance"),
        attribute=_last(segments, "attribute"),
        symbolic=any(segment.kind == "symbol" for segment in segments),
        hops=tuple(f"port {port.number}/{port.text}" for port in ports),
        far=tuple(port.text for port in ports if _IPV4.fullmatch(port.text)),
        name="".join(_names(segments)),
        key=next((segment.text for segment in segments if segment.kind == "key"), ""),
        owner=next((f"0x{segment.number:0{2 * segment.width}x}" for segment in segments if segment.kind == "class"), "-"),
        ends=_ends(segments),
    )


def _last(segments: tuple[Segment, ...], kind: str) -> int | None:
    """The last number of a kind, unless a class that is named later opens a new object."""
    for segment in reversed(segments):
        if segment.kind == kind:
            return segment.number
        if segment.kind == "class":
            break
    return None


_ASSEMBLY = 0x04


def _ends(segments: tuple[Segment, ...]) -> tuple[int, ...]:
    """Where the data of an I/O connection go to and come from (C-1.4.2, "connection point")."""
    points = tuple(segment.number for segment in segments if segment.kind == "point")
    if points or not any(segment.kind == "class" and segment.number == _ASSEMBLY for segment in segments):
        return points
    return tuple(segment.number for segment in segments if segment.kind == "instance")


_WRITTEN = {"instance": "/{}", "attribute": "/{}", "point": "/cp{}", "service": "/service {}"}


def _names(segments: tuple[Segment, ...]) -> Iterator[str]:
    joint = {"symbol": "", "class": ""}
    for place, (kind, number, text, _) in enumerate(segments):
        if kind in joint:
            yield joint[kind] + (text or f"0x{number:02x}")
            joint = {"symbol": ".", "class": "/"}
        elif kind == "member":
            yield _member(number, segments[place - 1 : place], segments[place + 1 : place + 2])
        elif kind in _WRITTEN:
            yield _WRITTEN[kind].format(number)


def _member(number: int, before: tuple[Segment, ...], behind: tuple[Segment, ...]) -> str:
    """An index; those of an array of several dimensions stand in one pair of brackets, as engineers write them: "[1,2]"."""
    begins, ends = (all(one.kind != "member" for one in beside) for beside in (before, behind))
    return f"{'[' if begins else ''}{number}{']' if ends else ','}"


def _segments(read: Reader) -> Iterator[Segment]:
    for _ in range(SEGMENTS):
        if not read.left:
            return
        first = read.u8()
        yield _TYPES[first >> 5](first, read)
    if read.left:
        raise Malformed(f"path of more than {SEGMENTS} segments", read.at)


def _even(read: Reader) -> None:
    """Pass the pad byte of a segment that would end at an odd offset; the last one may lack it."""
    if read.at & 1 and read.left:
        read.take(1)


def _port(first: int, read: Reader) -> Segment:
    """Port segment (C-1.4.1): port 15 says that a 16-bit port number follows, bit 4 that the link address has a length."""
    size = read.u8() if first & 0x10 else 0
    port = read.le16() if first & 0x0F == 0x0F else first & 0x0F
    if not size:
        return Segment("port", port, str(read.u8()))
    link = read.take(size)
    _even(read)
    return Segment("port", port, clean(link) if link.isascii() and link.rstrip(b"\0").decode().isprintable() else link.hex())


_LOGICAL = ("class", "instance", "member", "point", "attribute", "key", "service", "")
_KEY_FORMAT = 4


def _logical(first: int, read: Reader) -> Segment:
    """Logical segment (C-1.4.2): bits 4-2 say of what, bits 1-0 how wide."""
    kind = _LOGICAL[first >> 2 & 7]
    if kind == "key":
        return _electronic_key(first, read)
    if not kind:
        return _extended_logical(first, read)
    if first & 3:
        read.take(1)  # pad
    return Segment(kind, _value(first & 3, read), width=1 << (first & 3))


def _extended_logical(first: int, read: Reader) -> Segment:
    """Array index, bit index, structure member: the type stands where other segments are padded."""
    read.take(1)
    value = _value(first & 3, read)
    _even(read)
    return Segment("member", value)


def _value(width: int, read: Reader) -> int:
    if width == 3:
        raise Malformed("reserved width of a logical segment", read.at)
    return (read.u8, read.le16, read.le32)[width]()


def _electronic_key(first: int, read: Reader) -> Segment:
    if first != 0x34 or read.u8() != _KEY_FORMAT:
        raise Malformed("unknown format of an electronic key", read.at)
    vendor, device_type, product, major, minor = read.fields("<HHHBB")
    return Segment("key", 0, f"{vendor}/{device_type}/{product} {major & 0x7F}.{minor}")


def _network(first: int, read: Reader) -> Segment:
    """Network segment (C-1.4.3): one byte, or with bit 4 a length in words and as much data."""
    read.take(2 * read.u8() if first & 0x10 else 1)
    return Segment("")


_WIDE_CHARACTERS = {1: ("utf-16-le", 2), 2: ("utf-8", 3)}
_NUMERIC = {6: 1, 7: 2, 8: 4}


def _symbolic(first: int, read: Reader) -> Segment:
    """Symbolic segment (C-1.4.4): short text, or in its extended form wide characters or a number."""
    size = first & 0x1F
    text = clean(read.take(size)) if size else _extended_symbol(read)
    _even(read)
    return Segment("symbol", 0, text)


def _extended_symbol(read: Reader) -> str:
    form = read.u8()
    if form >> 5 in _WIDE_CHARACTERS:
        encoding, width = _WIDE_CHARACTERS[form >> 5]
        return clean(read.take((form & 0x1F) * width).decode(encoding, "backslashreplace"))
    if form >> 5 == 6 and form & 0x1F in _NUMERIC:
        return str(int.from_bytes(read.take(_NUMERIC[form & 0x1F]), "little"))
    raise Malformed("unknown format of a symbol", read.at - 1)


def _data(first: int, read: Reader) -> Segment:
    """Data segment (C-1.4.5): 0x91 is the ANSI extended symbol that names a tag, 0x80 plain words."""
    if first == 0x91:
        text = clean(read.take(read.u8()))
        _even(read)
        return Segment("symbol", 0, text)
    if first == 0x80:
        read.take(2 * read.u8())
        return Segment("")
    raise Malformed(f"unknown data segment 0x{first:02x}", read.at - 1)


def _constructed(_first: int, read: Reader) -> Segment:
    """Constructed data type (C-2.2): a length and the description."""
    read.take(read.u8())
    _even(read)
    return Segment("")


def _elementary(_first: int, _read: Reader) -> Segment:
    """Elementary data type (C-2.1): the byte itself is the type."""
    return Segment("")


def _reserved(first: int, read: Reader) -> Segment:
    raise Malformed(f"reserved path segment 0x{first:02x}", read.at - 1)


_TYPES: tuple[Callable[[int, Reader], Segment], ...] = (
    _port, _logical, _network, _symbolic, _data, _constructed, _elementary, _reserved,
)  # fmt: skip
