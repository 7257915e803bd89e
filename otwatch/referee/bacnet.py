"""BACnet, as tshark reads it. Many of its lines have no field name: they are known by how they begin."""

import re
from collections.abc import Callable
from typing import NamedTuple

from otwatch.referee.pdml import Layer, Packet, label
from otwatch.referee.sheet import Loose, Sheet
from otwatch.referee.writes import written

SECTION = "bacnet"

_REQUEST = "Confirmed-REQ"
_WRITE, _WRITE_MULTIPLE, _COMMUNICATION, _REINITIALIZE = 15, 16, 17, 20
_I_AM, _I_HAVE, _WHO_IS = 0, 1, 8
_LAST_NUMBER = re.compile(r"(\d+)\s*$")
_COUNTED_ALONE = {_REINITIALIZE: "reinitialize_device_requests", _COMMUNICATION: "device_communication_control_requests"}


class _Heard(NamedTuple):
    """A packet, where its facts go, and who truly says it: the sender, behind a forwarder or a router."""

    packet: Packet
    sheet: Sheet
    origin: dict[str, str | int | None]

    def add(self, field: str, item: Loose = ()) -> None:
        self.sheet.add(SECTION, field, self.packet.number, item)

    def named(self, field: str, name: str) -> None:
        self.add(field, (("name", name),))

    def between(self) -> Loose:
        return ("source", self.packet.ends.source), ("destination", self.packet.ends.target)


def see(packet: Packet, sheet: Sheet) -> None:
    heard = _Heard(packet, sheet, {"source": packet.ends.source})
    for layer in packet.layers:
        if layer.name in _LAYERS:
            _LAYERS[layer.name](heard, layer)


def _bvlc(heard: _Heard, layer: Layer) -> None:
    function = layer.label("bvlc.function") or layer.label("bvlc.function_ipv6", "?")
    heard.named("bvlc_functions", function)
    if layer.first("bvlc.result", "showname"):
        heard.named("bvlc_results", layer.label("bvlc.result"))
    ttl = layer.number("bvlc.reg_ttl")
    if ttl is not None and "egister" in function:
        ends = heard.packet.ends
        heard.add("foreign_device_registrations", (("source", ends.source), ("bbmd", ends.target), ("ttl", ttl)))
    if layer.first("bvlc.fwd_ip"):
        heard.origin["forwarded_for"] = f"{layer.first('bvlc.fwd_ip')}:{layer.first('bvlc.fwd_port')}"
        heard.named("forwarded_for", str(heard.origin["forwarded_for"]))


def _network(heard: _Heard, layer: Layer) -> None:
    for side in ("snet", "dnet"):
        if layer.first(f"bacnet.{side}") is not None:
            heard.named("networks", f"{side} {layer.first(f'bacnet.{side}')}")
    if layer.first("bacnet.snet") is not None:
        stations = (layer.first(f"bacnet.sadr_{kind}") for kind in ("mstp", "eth", "tmp"))
        heard.origin.update(snet=layer.number("bacnet.snet"), sadr=next((one for one in stations if one), None))
    if layer.first("bacnet.mesgtyp", "showname"):
        heard.named("network_messages", layer.label("bacnet.mesgtyp"))
    high, low = (layer.number(f"bacnet.control_prio_{half}") or 0 for half in ("high", "low"))
    heard.named("npdu_priorities", str(2 * high + low))


def _application(heard: _Heard, layer: Layer) -> None:
    kind = layer.label("bacapp.type")
    if not kind:
        return
    heard.named("apdu_types", kind)
    if layer.first("bacapp.segmented_request") == "1":
        heard.add("segmented_apdus")
    if kind in _REFUSALS:
        field, *parts = _REFUSALS[kind]
        heard.named(field, "/".join(layer.label(part, "?") for part in parts))
    service = layer.number("bacapp.confirmed_service")
    if service is not None:
        heard.add("confirmed_services", (("name", layer.label("bacapp.confirmed_service")), ("kind", kind)))
        if kind == _REQUEST:
            _asked(heard, layer, service)
    choice = layer.number("bacapp.unconfirmed_service")
    if choice is not None:
        heard.named("unconfirmed_services", layer.label("bacapp.unconfirmed_service"))
        if choice in _ANNOUNCED:
            _ANNOUNCED[choice](heard, layer)


_LAYERS: dict[str, Callable[[_Heard, Layer], None]] = {"bvlc": _bvlc, "bacnet": _network, "bacapp": _application}
_REFUSALS = {
    "Error": ("errors", "bacapp.error_class", "bacapp.error_code"),
    "Reject": ("rejects", "bacapp.reject_reason"),
    "Abort": ("aborts", "bacapp.abort_reason"),
}


def _asked(heard: _Heard, layer: Layer, service: int) -> None:
    if service in _COUNTED_ALONE:
        heard.add(_COUNTED_ALONE[service])
        heard.add("device_control", (*heard.between(), ("service", layer.label("bacapp.confirmed_service")), *_ordered(layer)))
    if service in (_WRITE, _WRITE_MULTIPLE):
        for item in written(layer.element, service):
            heard.add("write_property", (*heard.between(), *item))


def _ordered(layer: Layer) -> Loose:
    """Of a password no more is taken over than that there is one, and whether it is empty (SECURITY.md)."""
    said: dict[str, str | int | None] = {}
    for text in layer.texts():
        begins = text.lower()
        if begins.startswith(("reinitialized state", "enable-disable")):
            said["state"] = label(text)
        elif begins.startswith("password"):
            said["password"] = "" if text.partition("'")[2] in ("", "'") else "present"
        elif begins.startswith("time duration"):
            said["duration"] = _last_number(text)
    return tuple(said.items())


def _i_am(heard: _Heard, layer: Layer) -> None:
    said = {**heard.origin, "instance": layer.number("bacapp.instance_number"), "vendor_id": layer.number("bacapp.vendor_identifier")}
    for text in layer.texts():
        if text.startswith("Maximum ADPU Length Accepted"):
            said["max_apdu"] = _last_number(text)
        elif text.startswith("Segmentation Supported"):
            said["segmentation"] = label(text)
    heard.add("i_am", tuple(said.items()))


def _i_have(heard: _Heard, layer: Layer) -> None:
    heard.named("i_have_objects", layer.first("bacapp.object_name") or "?")


def _who_is(heard: _Heard, layer: Layer) -> None:
    low, high = (layer.first(f"bacapp.who_is.{limit}_limit") for limit in ("low", "high"))
    heard.named("who_is_ranges", "all" if low is None else f"{low}-{high}")


_ANNOUNCED: dict[int, Callable[[_Heard, Layer], None]] = {_I_AM: _i_am, _I_HAVE: _i_have, _WHO_IS: _who_is}


def _last_number(text: str) -> int | None:
    found = _LAST_NUMBER.search(text)
    return int(found[1]) if found else None
