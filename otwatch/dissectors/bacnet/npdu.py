"""The network layer: from which station behind a router, to which (135-2020 clause 6.2; protocols 2.3).

    version 1, control 1, [DNET 2, DLEN 1, DADR], [SNET 2, SLEN 1, SADR], [hop count 1], then a network message or an APDU

`control` says what is there. The hop count follows SADR but goes with DNET, and the message type comes after all of them.
"""

from collections.abc import Iterable
from functools import lru_cache

from otwatch.dissectors.bacnet import apdu, envelope, network
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Event, Route

VERSION = 1
_MESSAGE, _DESTINATION, _SOURCE, _PRIORITY = 0x80, 0x20, 0x08, 0x03
_EVERYWHERE = 0xFFFF

_STATIONS = 4096
"""Hops whose text is remembered."""

_LONGEST = 18
"""Octets of the longest station address: an IPv6 address and a port."""


def decode(read: Reader, carrier: Route, start: int, around: Details = ()) -> Iterable[Event]:
    """`carrier`: hops before this packet's sender; `start`: where the message begins; `around`: what it travels in so far."""
    if read.u8() != VERSION:
        raise Malformed("NPDU version 1 expected", read.at - 1)
    control = read.u8()
    receiver: Route = ()
    sender = carrier
    destination = source = None
    try:
        if control & _DESTINATION:
            destination = read.u16()
            receiver = _hop(destination, _station(read))
        if control & _SOURCE:
            source = read.u16()
            sender = carrier + _source(read, source)
        if control & _DESTINATION:
            read.u8()  # hop count; not set aside, for the head of a Piece repeats it
    except Malformed as flaw:
        return envelope.flawed(envelope.sealed(envelope.routed(around, control & _PRIORITY, destination, source)), flaw)
    ends = apdu.Ends(sender, receiver, start) if sender or receiver or start else apdu.DIRECT
    around = envelope.routed(around, control & _PRIORITY, destination, source)
    return network.decode(read, ends, around) if control & _MESSAGE else apdu.decode(read, ends, around)


def _source(read: Reader, net: int) -> Route:
    at = read.at - 2
    station = _station(read)
    if net == _EVERYWHERE or not station:
        raise Malformed("a broadcast address as source", at)
    return _hop(net, station)


@lru_cache(_STATIONS)
def _hop(net: int, station: bytes) -> Route:
    """A broadcast to all networks has no station."""
    return (f"net {net}/{'' if net == _EVERYWHERE else station.hex()}",)


def _station(read: Reader) -> bytes:
    size = read.u8()
    if size > _LONGEST:
        raise Malformed(f"station address of {size} octets", read.at - 1)
    return read.take(size)
