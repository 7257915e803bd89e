"""SSDP, the discovery of UPnP (UPnP Device Architecture 1.1 section 1): gateways, cameras, printers say what they are and run on."""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.heads import read_head
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Event, Identity, clean

NAME = "ssdp"
STARTS = (b"NOTIFY * HTTP/1.", b"M-SEARCH * HTTP/1.", b"HTTP/1.")
_SEARCH = b"M-"
FACTS = {"server": "software", "location": "url"}
"""Fields of announcements and answers (1.2.2, 1.3.3)."""
_DEVICE = ":device:"

CAPABLE = {
    "InternetGatewayDevice": "wan-gateway", "WLANAccessPointDevice": "access-point", "Printer": "printer",
    "DigitalSecurityCamera": "camera",
}  # fmt: skip
"""Device types of the UPnP Forum that say what a thing is for."""


def looks_like(read: Reader, _hinted: bool) -> bool:
    return read.peek(20).startswith(STARTS)


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """Who searches names his software at most; who answers or announces, software, description and kind of device."""
    head = read_head(read)
    read.aside(read.left)
    fields = head.facts({"user-agent": "software"} if head.start.startswith(_SEARCH) else FACTS)
    if not head.start.startswith(_SEARCH):
        fields += _kind(head.text("nt") or head.text("st"))
    if fields:
        yield Identity(NAME, (), fields)


def _kind(text: str) -> Details:
    """urn:schemas-upnp-org:device:InternetGatewayDevice:1"""
    kind = text.partition(_DEVICE)[2].partition(":")[0]
    capable = (("capability", CAPABLE[kind]),) if kind in CAPABLE else ()
    return (("device_type", clean(kind)), *capable) if kind else ()


SSDP = Dissector(
    name=NAME,
    title="SSDP (UPnP)",
    transports=frozenset({"udp"}),
    ports=frozenset({1900}),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    tells=True,
    marks=((0, frozenset(b"NMH")), (1, frozenset(b"O-T")), (2, frozenset(b"TS")), (3, frozenset(b"IEP"))),
    fixed=True,
    names=True,
)
