"""Spanning tree: bridges tell each other who they are (IEEE 802.1D-2004 clause 9.3, 802.1Q-2022 clause 14).

    protocol 2 = 0 | version 1 | type 1 | flags 1 | root: priority 2, MAC 6 | cost 4 | bridge: priority 2, MAC 6 | port 2 | times
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.events import Event, Identity, State

NAME = "spanning-tree"
_CHANGED = 0x80
_INSTANCE = 0xFFF
"""Of the priority of a bridge: which tree this is, by its VLAN or MSTI (IEEE 802.1Q-2022 13.26.3, system ID extension)."""
VERSIONS = {0: "STP", 2: "RSTP", 3: "MSTP", 4: "SPT"}


def looks_like(read: Reader, _hinted: bool) -> bool:
    return read.u16() == 0 and read.u8() in VERSIONS


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """Which root it follows, and the bridge that sends it, by the MAC of its identifier. Notices of changes say nothing of that."""
    read.take(2)
    version, kind = read.u8(), read.u8()
    if kind != _CHANGED:
        read.aside(1)
        priority, address = read.take(2), read.take(6)
        read.aside(4)
        bridge = read.take(8)
        instance = Reader(bridge).u16() & _INSTANCE
        yield State(NAME, (), f"root {instance}", f"{priority.hex()} {address.hex(':')}")
        mac = Reader(bridge, 2).rest().hex(":")
        is_root = (("description", "root of the spanning tree"),) if priority + address == bridge else ()
        dialect = VERSIONS.get(version, f"version {version}")
        yield Identity(NAME, (), (("capability", "bridge"), ("mac", mac), ("dialect", dialect), *is_root))
    read.aside(read.left)


SPANNING_TREE = Dissector(
    name=NAME,
    title="Spanning tree",
    transports=frozenset({"ethernet"}),
    ports=frozenset(),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    ethertype=0x42,
    tells=True,
    names=True,
)
PVST = SPANNING_TREE._replace(name="pvst", title="PVST+", ethertype=0x010B)
"""Cisco's, one tree for each VLAN: the same behind its own SNAP header, with the VLAN behind it (no public standard)."""
