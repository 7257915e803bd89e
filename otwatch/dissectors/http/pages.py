"""What the beginning of a page or of an XML document says of the device that serves it.

Two documents are made for that: the answer to ONVIF's GetDeviceInformation (ONVIF Core Specification 8.3.1) and the description of a
UPnP device (UPnP Device Architecture 1.1 section 2.3). No XML is parsed: the texts of a few elements are picked out.
"""

from html import unescape
from re import compile as pattern

from otwatch.dissectors.http import logins
from otwatch.events import Details, clean

_TITLE_ENDS = b"</title"
_TITLE = pattern(rb"(?is)<title[^>]{0,128}>(.{0,1024}?)</title")
_SUBJECTS = b"GetDeviceInformationResponse", b"urn:schemas-upnp-org:device-1-0"
_ELEMENT = pattern(rb"<(?:[\w.-]{1,32}:)?(\w{4,20})>([^<]{1,256})</")

ELEMENTS = {
    "Manufacturer": "vendor", "Model": "model", "FirmwareVersion": "firmware", "SerialNumber": "serial", "HardwareId": "hardware",
    "manufacturer": "vendor", "modelName": "model", "serialNumber": "serial", "friendlyName": "name",
}  # fmt: skip
"""Elements of ONVIF, then of UPnP, and what they say."""


def ends_title(page: bytearray) -> bool:
    """Whether a title is complete, or never will be."""
    return _TITLE_ENDS in page.lower()


def title(page: bytearray) -> Details:
    found = _TITLE.search(page)
    return (("title", _text(bytes(found[1]))),) if found else ()


def described(page: bytearray) -> Details:
    """How a device describes itself; the first of repeated elements is its own, those behind it are of its parts."""
    if not any(subject in page for subject in _SUBJECTS):
        return ()
    said: dict[str, str] = {}
    for name, value in _ELEMENT.findall(page):
        field = ELEMENTS.get(bytes(name).decode("latin-1"))
        if field:
            said.setdefault(field, _text(bytes(value)))
    return tuple((field, text) for field, text in said.items() if text)


def _text(raw: bytes) -> str:
    return clean(" ".join(unescape(logins.decoded(raw)).split()))
