"""Datapoint types of KNX -> what the bytes of a telegram mean (KNX specification 3/7/2, Datapoint Types).

Types that are numbers with a unit; what is not in the table (switches, scenes, times) is said as it was told.
"""

import struct
from collections.abc import Callable
from math import isfinite


def _small_float(raw: bytes) -> float:
    """3.10: 0.01 x mantissa x 2^exponent; sign 1, exponent 4, mantissa 11 bits, in two's complement with the sign. 0x7FFF: no value."""
    word = int.from_bytes(raw)
    if len(raw) != 2 or word == 0x7FFF:
        raise ValueError
    mantissa = (word & 0x7FF) - (0x800 if word & 0x8000 else 0)
    return 0.01 * mantissa * (1 << (word >> 11 & 0xF))


def _of(form: str, factor: float = 1.0) -> Callable[[bytes], float]:
    def read(raw: bytes) -> float:
        return float(struct.unpack(form, raw)[0]) * factor

    return read


_U16, _S32, _FLOAT = _of(">H"), _of(">i"), _of(">f")
_TYPES = {
    "5.001": (_of("B", 100 / 255), "%"), "5.003": (_of("B", 360 / 255), "°"), "5.004": (_of("B"), "%"), "6.001": (_of("b"), "%"),
    "7.005": (_U16, "s"), "7.006": (_U16, "min"), "7.007": (_U16, "h"), "7.011": (_U16, "mm"), "7.012": (_U16, "mA"), "7.013": (_U16, "lx"),
    "7.600": (_U16, "K"), "8.010": (_of(">h", 0.01), "%"), "8.011": (_of(">h"), "°"),
    "9.001": (_small_float, "°C"), "9.002": (_small_float, "K"), "9.003": (_small_float, "K/h"), "9.004": (_small_float, "lx"),
    "9.005": (_small_float, "m/s"), "9.006": (_small_float, "Pa"), "9.007": (_small_float, "%"), "9.008": (_small_float, "ppm"),
    "9.010": (_small_float, "s"), "9.011": (_small_float, "ms"), "9.020": (_small_float, "mV"), "9.021": (_small_float, "mA"),
    "9.022": (_small_float, "W/m²"), "9.024": (_small_float, "kW"), "9.025": (_small_float, "l/h"), "9.027": (_small_float, "°F"),
    "9.028": (_small_float, "km/h"), "13.010": (_S32, "Wh"), "13.013": (_S32, "kWh"), "13.100": (_S32, "s"),
    "14.019": (_FLOAT, "A"), "14.027": (_FLOAT, "V"), "14.033": (_FLOAT, "Hz"), "14.056": (_FLOAT, "W"), "14.058": (_FLOAT, "Pa"),
    "14.065": (_FLOAT, "m/s"), "14.068": (_FLOAT, "°C"), "14.069": (_FLOAT, "K"),
}  # fmt: skip
"""Type -> how its bytes are read, and the unit."""


def form_of(ets: str) -> str:
    """The type of which ETS says "DPST-9-1"; the first of those that it names; "" where it is none of the table."""
    parts = ets.split(maxsplit=1)[0].split("-") if ets.split() else []
    form = f"{parts[1]}.{int(parts[2]):03}" if len(parts) == 3 and parts[2].isdecimal() else ""
    return form if form in _TYPES else ""


def unit_of(form: str) -> str:
    """The unit of measurement of a type, "" for what is none of the table."""
    return _TYPES[form][1] if form in _TYPES else ""


def meant(text: str, form: str) -> float | None:
    """What a value "0x0c1a" means under a type; None where it has another length or is no value."""
    if form not in _TYPES or not text.startswith("0x"):
        return None
    try:
        value = _TYPES[form][0](bytes.fromhex(text[2:]))
    except (ValueError, struct.error):
        return None
    return value if isfinite(value) else None
