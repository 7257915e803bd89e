"""Who made it: the holder of a MAC's block (IEEE registries), and the names behind CIP numbers.

`oui.zlib` holds the registries MA-L (24 bits), MA-M (28) and MA-S (36): one line a block, "0080F4<TAB>name", sorted.
It is made by `build` from the three files of the IEEE; the one that is shipped comes from Debian's `ieee-data` 20220827.1
("IEEE does not assert any copyright ... nor restrict distribution"). Blocks that the IEEE cut into smaller ones,
and holders that keep their name private, say nothing about a maker and are left out.
"""

import csv
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from otwatch.events import clean

FILES = ("oui.csv", "mam.csv", "oui36.csv")
"""As the IEEE publishes them: Registry, Assignment, Organization Name, Organization Address."""
REGISTRIES = frozenset({"MA-L", "MA-M", "MA-S"})
NAMELESS = frozenset({"IEEE Registration Authority", "Private", ""})
DIGITS = (9, 7, 6)
"""Hex digits of a block, the longest first: the smaller block is the true holder."""

_SHIPPED = Path(__file__).with_name("oui.zlib")
_SERIAL_LINE = "00:00:00:00:00:"
"""Stations of a serial line (MS/TP, ARCNET) are shown as MACs with their number in the last octet."""
_LOCAL, _GROUP = 0x02, 0x01  # bits of the first octet, IEEE 802-2014 8.2


def build(folder: Path) -> bytes:
    """The content of `oui.zlib`, from the IEEE's files in a folder; the same files give the same bytes.

    OSError where one of FILES is missing or cannot be read.
    """
    rows = {row for name in FILES for row in _blocks(folder / name)}
    return zlib.compress("\n".join(f"{block}\t{holder}" for block, holder in sorted(rows)).encode(), 9)


def _blocks(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if len(row) >= 3 and row[0] in REGISTRIES and len(row[1]) in DIGITS:
                yield row[1].upper(), clean(" ".join(row[2].split()))


@cache
def _registry() -> dict[str, str]:
    text = zlib.decompress(_SHIPPED.read_bytes()).decode()
    return dict(line.split("\t") for line in text.split("\n"))


def maker(mac: str) -> str:
    """Who holds the block of a MAC "00:80:f4:12:34:56"; "" for group addresses, locally administered ones and unknown blocks."""
    if not mac or int(mac[:2], 16) & (_LOCAL | _GROUP) or mac.startswith(_SERIAL_LINE):
        return ""
    digits = mac.replace(":", "").upper()
    holder = next((name for size in DIGITS if (name := _registry().get(digits[:size]))), "")
    return "" if holder in NAMELESS else holder


def cip_vendor(number: str) -> str:
    """The name of a CIP vendor number (pycomm3's table), "" where there is none."""
    from pycomm3.cip import VENDORS

    return _named(VENDORS, number)


def cip_device_type(number: str) -> str:
    """The name of a CIP device type (pycomm3's table), "" where there is none."""
    from pycomm3.cip import PRODUCT_TYPES

    return _named(PRODUCT_TYPES, number)


def _named(table: dict[int, str], number: str) -> str:
    """The tables answer to numbers and to names; only their numbers are asked."""
    return str(table.get(int(number), "")) if number.isdecimal() else ""
