"""Registers and coils that somebody watches, read from answers (Modbus v1.1b3 section 6.1 to 6.4)."""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.modbus.requests import COIL, DISCRETE_INPUT, HOLDING_REGISTER, INPUT_REGISTER
from otwatch.dissectors.reader import Reader
from otwatch.events import Answer, Event, Point, Request

_TABLES = {1: COIL, 2: DISCRETE_INPUT, 3: HOLDING_REGISTER, 4: INPUT_REGISTER}
_BITS = frozenset({1, 2})
_BEFORE = 8
"""Octets before the byte count: the header of Modbus on TCP, unit and function."""


def reading(dissector: Dissector, watched: tuple[Point, ...]) -> Dissector:
    """The dissector that also joins reads of these points with their answers, and says their values."""
    tables = frozenset(_TABLES.values())
    ours = tuple(point for point in watched if point.kind in tables)
    joined, joins = dissector.joined, dissector.joins

    def reads(request: Request) -> bool:
        return joins(request) or any(True for _ in _inside(request, ours))

    def says(request: Request, read: Reader) -> Iterator[Event]:
        details = tuple((str(point), text) for point, text in _values(request, ours, read))
        if details:
            yield Answer(request.protocol, request.operation, request.code, request.target, details=details)
        elif joined is not None:
            yield from joined(request, read)

    return dissector._replace(joined=says, joins=reads) if ours else dissector


def _inside(request: Request, watched: tuple[Point, ...]) -> Iterator[tuple[Point, int]]:
    """Which of these points a request reads, and how far into its block they begin."""
    if _TABLES.get(request.code) is None or not request.points:
        return
    block = request.points[0]
    for point in watched:
        at = point.first - block.first
        if point.kind == block.kind and 0 <= at <= block.quantity - point.quantity:
            yield point, at


def _values(request: Request, watched: tuple[Point, ...], read: Reader) -> Iterator[tuple[Point, str]]:
    """The points and their words, separated by blanks, as `requests` writes them."""
    found = tuple(_inside(request, watched))
    if not found:
        return
    read.take(_BEFORE)
    octets = read.u8()
    words = list(_bits(read, octets)) if request.code in _BITS else [read.u16() for _ in range(octets // 2)]
    for point, at in found:
        if at + point.quantity <= len(words):
            yield point, " ".join(map(str, words[at : at + point.quantity]))


def _bits(read: Reader, octets: int) -> Iterator[int]:
    """Coils, the lowest address in the lowest bit of the first octet."""
    for _ in range(octets):
        octet = read.u8()
        yield from (octet >> place & 1 for place in range(8))
