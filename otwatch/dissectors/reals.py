"""IEEE 754 numbers out of bytes that a Reader gave, and as text."""

from struct import Struct
from typing import Literal

from otwatch.errors import Malformed

Order = Literal["big", "little"]
_LAYOUTS = {("big", 4): Struct(">f"), ("big", 8): Struct(">d"), ("little", 4): Struct("<f"), ("little", 8): Struct("<d")}


def _layout(raw: bytes, order: Order) -> Struct:
    layout = _LAYOUTS.get((order, len(raw)))
    if layout is None:
        raise Malformed(f"real number of {len(raw)} bytes", 0)
    return layout


def real(raw: bytes, order: Order) -> float:
    """The number in 4 or 8 bytes; Malformed for any other size."""
    return float(_layout(raw, order).unpack(raw)[0])


def shortest(raw: bytes, order: Order) -> str:
    """The shortest decimal that gives these 4 or 8 bytes back."""
    layout, value = _layout(raw, order), real(raw, order)
    if len(raw) == 8:
        return repr(value)
    for digits in (6, 7, 8):
        short = float(f"{value:.{digits}g}")
        if short == value or (value == value and layout.pack(short) == raw):  # noqa: PLR0124  # NaN differs from itself
            return repr(short)
    return repr(float(f"{value:.9g}"))
