"""DTP and VTP: Cisco's switches agree on trunks and on the list of VLANs (no public standard; fields as Wireshark shows them).

    DTP   version 1 | type 2, length 2 (with these four bytes), value | ...        type 2: is a trunk 1 bit, 4 bits, wish 3 bits
    VTP   version 1 | code 1 | 1 | length of the domain 1 | domain 32 | ...

A port that wishes to become a trunk, or waits to be asked, becomes one for whoever asks, and every VLAN lies open.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Event, Identity, State, clean

TRUNK = "trunk"
_STATUS, _HEAD = 2, 4
_WISHES = {3: "desirable", 4: "auto"}
_VTP_VERSIONS, _DOMAIN = frozenset({1, 2, 3}), 32
_SWITCH = (("vendor", "Cisco"), ("capability", "bridge"))


def _looks_like_dtp(read: Reader, _hinted: bool) -> bool:
    return read.u8() == 1 and read.left >= _HEAD


def _dtp(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    read.take(1)
    yield Identity("dtp", (), _SWITCH)
    while read.left:
        at = read.at
        kind, size = read.u16(), read.u16()
        if kind == 0 or size == 0:  # padding of the frame
            break
        if size < _HEAD:
            raise Malformed(f"length {size} of an element is less than its own head", at)
        value = read.part(size - _HEAD)
        if kind == _STATUS and value.left and (wish := _WISHES.get(value.u8() & 7)):
            yield State("dtp", (), TRUNK, wish)
        value.aside(value.left)
    read.aside(read.left)


def _looks_like_vtp(read: Reader, _hinted: bool) -> bool:
    return read.u8() in _VTP_VERSIONS and read.left >= 3 + _DOMAIN


def _vtp(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    read.take(1)
    read.aside(2)
    size = read.u8()
    if size > _DOMAIN:
        raise Malformed(f"length {size} of the domain is more than {_DOMAIN}", 3)
    domain = clean(read.take(size))
    read.aside(read.left)
    yield Identity("vtp", (), _SWITCH)
    yield State("vtp", (), TRUNK, f"domain {domain}")


DTP = Dissector(
    name="dtp",
    title="DTP",
    transports=frozenset({"ethernet"}),
    ports=frozenset(),
    looks_like=_looks_like_dtp,
    cut=whole,
    decode=_dtp,
    ethertype=0x2004,
    tells=True,
    names=True,
)
VTP = DTP._replace(name="vtp", title="VTP", looks_like=_looks_like_vtp, decode=_vtp, ethertype=0x2003)
