"""Which values of a point are right: what a person declares of process values, whoever writes or reads them."""

from collections.abc import Iterable
from typing import NamedTuple

from otwatch.config.written import NOWHERE, At, Host, Spans
from otwatch.events import Point
from otwatch.events.registers import words_of


class Limit(NamedTuple):
    """The values a point may have: `least` .. `most`, both included; None: no bound on that side.

    server     addresses, or the ids of assets; empty: whoever has the point
    unit       Modbus units; empty: any
    point      as `otwatch points` names it: "holding-register 100", "analog-input:3" (its present-value), "analog-value:7 high-limit"
    name       what people call it; `measured_in` the unit of measurement
    form       of Modbus registers; `low_word_first` of 32 bits
    factor     what the number on the wire is multiplied by
    after_s    seconds that a value read must stay out of bounds before it is told: doors open, and pressures come back
    """

    id: str
    point: str
    server: tuple[Host, ...] = ()
    unit: Spans = ()
    name: str = ""
    measured_in: str = ""
    least: float | None = None
    most: float | None = None
    form: str = "uint16"
    low_word_first: bool = False
    factor: float = 1.0
    after_s: int = 0
    at: At = NOWHERE


_BLOCKS = frozenset({"holding-register", "input-register", "coil", "discrete-input"})


def point_of(limit: Limit) -> Point | None:
    """The point as dissectors name it; None for those of protocols whose points have no number ("group 1/2/3"), known by their text."""
    kind, _, at = limit.point.partition(" ")
    if kind in _BLOCKS and at.isdecimal():
        return Point(kind, int(at), words_of(limit.form))
    kind, _, rest = limit.point.partition(":")
    number, _, part = rest.partition(" ")
    return Point(kind, int(number), 1, part or "present-value") if number.isdecimal() else None


def watched(limits: Iterable[Limit]) -> tuple[Point, ...]:
    """The points whose values somebody has to read for them. They are all that the wire half knows of a site."""
    points = dict.fromkeys(map(point_of, limits))
    return tuple(point for point in points if point is not None)
