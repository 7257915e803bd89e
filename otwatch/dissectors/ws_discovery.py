"""WS-Discovery (OASIS WS-Discovery 1.1), the discovery of ONVIF cameras, printers and Windows machines: SOAP in a datagram.

No XML is parsed: of a message that anybody may send only the texts of a few elements and the values of ONVIF scopes are picked out
(ONVIF Core Specification 7.3.2.2). Who only looks for others says nothing of himself.
"""

from collections.abc import Iterator
from re import compile as pattern
from urllib.parse import unquote

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Event, Identity, clean

NAME = "ws-discovery"
_LIMIT = 8192
_SAYS = pattern(rb"<(?:[\w.-]{1,32}:)?(?:Hello|ProbeMatch|ResolveMatch)\b")
_ELEMENT = pattern(rb"<(?:[\w.-]{1,32}:)?(Scopes|Types|XAddrs)\b[^>]{0,512}>([^<]{0,4096})<")
_SPACE = b"http://schemas.xmlsoap.org/ws/2005/04/discovery", b"http://docs.oasis-open.org/ws-dd/ns/discovery/"

SCOPES = {"name": "name", "hardware": "model", "location": "location", "mfr": "vendor", "manufacturer": "vendor", "MAC": "mac"}
"""Scopes onvif://www.onvif.org/NAME/value, and what they say."""
_SCOPE = pattern(r"onvif://www\.onvif\.org/([^/\s]{1,32})/(\S{1,256})")
TYPES = {
    "NetworkVideoTransmitter": "camera", "NetworkVideoDisplay": "", "NetworkVideoStorage": "recorder", "PrintDeviceType": "printer",
    "ScanDeviceType": "printer",
}  # fmt: skip
"""Types of devices that say what a thing is for."""


def looks_like(read: Reader, _hinted: bool) -> bool:
    """SOAP that names one of the two versions of the protocol."""
    ahead = read.peek(_LIMIT)
    return any(space in ahead for space in _SPACE)


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    text = read.peek(_LIMIT)
    read.take(len(text))
    read.aside(read.left)
    if _SAYS.search(text):
        fields = tuple(dict.fromkeys(field for found in _ELEMENT.finditer(text) for field in _fields(found[1], found[2])))
        if fields:
            yield Identity(NAME, (), fields)


def _fields(element: bytes, value: bytes) -> Details:
    text = value.decode("utf-8", "backslashreplace")
    if element == b"Scopes":
        return tuple((SCOPES[key], clean(unquote(said))) for key, said in _SCOPE.findall(text) if key in SCOPES)
    words = text.split()
    if element == b"XAddrs":
        return tuple(("url", clean(word)) for word in words[:1])
    kinds = [word.rpartition(":")[2] for word in words]
    capable = (("capability", TYPES[kind]) for kind in kinds if TYPES.get(kind))
    return (*(("device_type", clean(kind)) for kind in kinds[:4]), *capable)


WS_DISCOVERY = Dissector(
    name=NAME,
    title="WS-Discovery (ONVIF)",
    transports=frozenset({"udp"}),
    ports=frozenset({3702}),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    tells=True,
    marks=((0, frozenset(b"<")), (1, frozenset(b"?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))),
    fixed=True,
    names=True,
)
