"""BACnet (ASHRAE 135-2020): over UDP, and over Ethernet frames with LLC 82 (clause 7).

    bvlc      what carries it over IP        npdu, network   routing, routers among themselves
    apdu      eight types of message         services        every service, one row each
    envelope  how all these are counted
    reads, writes, orders, notices           the parameters of requests
    answers   what acknowledgements tell     parameters, tags, values, names   how all of them are written

`Request.code` is the service choice of a confirmed service, 256 + choice of an unconfirmed one, 512 + type of a network
message, 1024 + function of BVLC (1280 + function over IPv6). Both sides use port 47808, so the APDU type alone says who asks.
"""

from collections.abc import Iterable

from otwatch.dissectors.bacnet import bvlc, envelope, npdu
from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.events import Event


def _ethernet(read: Reader, _is_request: bool | None) -> Iterable[Event]:
    return npdu.decode(read, (), read.at)


def _joined(read: Reader, is_request: bool | None) -> Iterable[Event]:
    return envelope.inside(_ethernet(read, is_request))


def _is_npdu(read: Reader, _hinted: bool) -> bool:
    """Version 1, and the reserved bits of the control octet are zero."""
    return read.u8() == npdu.VERSION and not read.u8() & 0x50


BACNET = Dissector(
    name="bacnet",
    title="BACnet/IP",
    transports=frozenset({"udp"}),
    ports=frozenset(range(0xBAC0, 0xBAD0)),
    looks_like=bvlc.looks_like,
    cut=whole,
    decode=bvlc.decode,
    tells=True,
    pieces=bvlc.joined,
    marks=((0, frozenset({bvlc.IP, bvlc.IPV6})), (1, frozenset(range(0x0D)))),
)

BACNET_ETHERNET = Dissector(
    name="bacnet-ethernet",
    title="BACnet Ethernet",
    transports=frozenset({"ethernet"}),
    ports=frozenset(),
    looks_like=_is_npdu,
    cut=whole,
    decode=_ethernet,
    ethertype=0x82,
    tells=True,
    pieces=_joined,
)
