"""Rings of switches: who looks after them says whether they are closed.

    MRP   version 2 | type 1, length 1, value | ... | type 0 = end                                    IEC 62439-2
          test, type 2: priority 2 | manager's MAC 6 | port 2 | state of the ring 2 | transitions 2 | time 4
    DLR   sub-type 1 = 2 | version 1 | frame 1 | port 1 | address 4 | number 4 | what the frame says    CIP volume 2, chapter 9-5
          beacon, frame 1: state of the ring 1 | precedence 1 | interval 4 | timeout 4 | ...

A ring that is not closed still carries everything, and the next broken cable divides it. HSR and PRP (IEC 62439-3) tell no such state.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.events import Event, Identity, State

OPEN, CLOSED = "open", "closed"
RING = "ring"
_MRP_END, _MRP_TEST, _MRP_VERSION = 0, 2, 1
_MRP_STATES = {0: OPEN, 1: CLOSED}
_DLR, _DLR_BEACON = 2, 1
_DLR_STATES = {1: CLOSED, 2: OPEN}


def _looks_like_mrp(read: Reader, _hinted: bool) -> bool:
    return read.u16() == _MRP_VERSION and read.left >= 2


def _mrp(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    read.take(2)
    while read.left and (kind := read.u8()) != _MRP_END:
        value = read.part(read.u8())
        if kind == _MRP_TEST:
            value.aside(2 + 6 + 2)
            yield from _state("mrp", _MRP_STATES.get(value.u16(), ""))
        value.aside(value.left)
    read.aside(read.left)


def _looks_like_dlr(read: Reader, _hinted: bool) -> bool:
    return read.u8() == _DLR and read.left >= 11


def _dlr(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    read.take(2)
    kind = read.u8()
    read.aside(1 + 4 + 4)
    if kind == _DLR_BEACON:
        yield from _state("dlr", _DLR_STATES.get(read.u8(), ""))
    read.aside(read.left)


def _state(protocol: str, state: str) -> Iterator[Event]:
    """Only its manager, or supervisor, says how the ring is."""
    yield Identity(protocol, (), (("capability", "bridge"), ("description", f"looks after a ring ({protocol.upper()})")))
    if state:
        yield State(protocol, (), RING, state)


MRP = Dissector(
    name="mrp",
    title="MRP",
    transports=frozenset({"ethernet"}),
    ports=frozenset(),
    looks_like=_looks_like_mrp,
    cut=whole,
    decode=_mrp,
    ethertype=0x88E3,
    tells=True,
    names=True,
)
DLR = MRP._replace(name="dlr", title="DLR", looks_like=_looks_like_dlr, decode=_dlr, ethertype=0x80E1)
