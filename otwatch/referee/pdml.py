"""One packet of tshark's PDML: who sends to whom, and its layers of fields.

PDML is the only output of tshark that keeps both which field belongs to which of several messages in a frame, and Wireshark's words for
codes. `show` is a field's value, `showname` its line in Wireshark's tree; a text without a name stands in `show` alone.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from otwatch.facts.ledger import Ends

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Bytes that XML 1.0 does not allow (section 2.2), should tshark let one through."""
_ADDRESSES = re.compile(r", Src: ([^ ,]+), Dst: ([^ ,]+)")
_PORTS = re.compile(r", Src Port: (\d+), Dst Port: (\d+)")
_NUMBERED = re.compile(r"\s*[(\[](0x)?[0-9a-fA-F]+[)\]]\s*$")
"""The number behind Wireshark's word for a code: `Confirmed-REQ (0)`."""


class Layer:
    """One protocol's part of a packet, without the protocols inside it."""

    def __init__(self, element: Element) -> None:
        self.name = element.get("name", "")
        self.element = element

    @cached_property
    def fields(self) -> list[Element]:
        return list(_fields(self.element))

    @cached_property
    def _firsts(self) -> dict[str, Element]:
        firsts: dict[str, Element] = {}
        for field in self.fields:
            firsts.setdefault(field.get("name", ""), field)
        return firsts

    def first(self, name: str, attribute: str = "show") -> str | None:
        """Of the first field of this name."""
        field = self._firsts.get(name)
        return None if field is None else field.get(attribute)

    def all(self, name: str) -> list[str]:
        return [field.get("show", "") for field in self.fields if field.get("name") == name]

    def number(self, name: str) -> int | None:
        return number(self.first(name))

    def label(self, name: str, default: str = "") -> str:
        """Wireshark's word for the value of a field."""
        return label(self.first(name, "showname"), default)

    def texts(self) -> list[str]:
        """What has no name, in the order of the bytes."""
        return [field.get("show", "") for field in self.fields if not field.get("name")]


class Packet(NamedTuple):
    number: int
    ends: Ends
    layers: list[Layer]


def packet(raw: bytes) -> Packet | None:
    """`raw`: one <packet> element; None where it is no XML.

    Entities cannot be declared inside an element, so the parser cannot be made to unfold any (XML 1.0 section 2.8).
    """
    text = _FORBIDDEN.sub(b"?", raw).decode("utf-8", "replace")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return None
    layers = [Layer(element) for element in root.iter("proto")]
    frame = next((layer.number("num") for layer in layers if layer.name == "geninfo"), None)
    return Packet(frame or 0, _ends(layers), layers)


def number(text: str | None) -> int | None:
    """Decimal or `0x..`."""
    try:
        return int(text or "", 0)
    except ValueError:
        return None


def label(line: str | None, default: str = "") -> str:
    """`0001 .... = APDU Type: Confirmed-REQ (0)` -> `Confirmed-REQ`."""
    words = (line or "").split(" = ", 1)[-1].split(": ", 1)[-1]
    return _NUMBERED.sub("", words).strip() or default


def _fields(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == "field":
            yield child
            yield from _fields(child)


def _ends(layers: list[Layer]) -> Ends:
    """The innermost addresses and ports. Of layers that tshark was told not to unfold the line of the layer itself has them."""
    ip = _matched(layers, "ip", _ADDRESSES) or _matched(layers, "ipv6", _ADDRESSES) or _ethernet(layers)
    ports = _matched(layers, "tcp", _PORTS) or _matched(layers, "udp", _PORTS) or ("0", "0")
    return Ends(ip[0], ip[1], int(ports[0]), int(ports[1]))


def _matched(layers: list[Layer], name: str, pattern: re.Pattern[str]) -> tuple[str, str] | None:
    for layer in reversed(layers):
        found = pattern.search(layer.element.get("showname", "")) if layer.name == name else None
        if found:
            return found[1], found[2]
    return None


def _ethernet(layers: list[Layer]) -> tuple[str, str]:
    for layer in reversed(layers):
        if layer.name == "eth":
            return layer.first("eth.src") or "", layer.first("eth.dst") or ""
    return "", ""
