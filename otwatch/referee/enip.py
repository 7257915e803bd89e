"""EtherNet/IP and CIP, as tshark reads them."""

import re

from otwatch.facts.enip import PORTS
from otwatch.referee.pdml import Layer, Packet, label
from otwatch.referee.sheet import Loose, Sheet

SECTION = "enip"

_OPENS = frozenset({0x54, 0x5B})
_CONNECTION_MANAGER = "0x06"
_STATUS = re.compile(r"^General Status: ")


def see(packet: Packet, sheet: Sheet) -> None:
    for layer in packet.layers:
        if layer.name == "enip":
            _command(packet, sheet, layer)
        elif layer.name == "cip":
            _service(packet, sheet, layer)


def _command(packet: Packet, sheet: Sheet, layer: Layer) -> None:
    code = layer.first("enip.command")
    if code is not None:
        name = f"{layer.label('enip.command')} ({code})"
        sheet.add(SECTION, "commands", packet.number, (("side", packet.ends.side(PORTS)), ("name", name)))
        if layer.number("enip.status"):
            sheet.add(SECTION, "encapsulation_errors", packet.number, (("name", layer.label("enip.status")),))
    if layer.first("enip.lir.vendor") is not None:
        sheet.add(SECTION, "list_identity", packet.number, (("source", packet.ends.source), *_listed(layer)))


def _listed(layer: Layer) -> Loose:
    return (
        ("address", layer.first("enip.sinaddr")), ("vendor_id", layer.number("enip.lir.vendor")),
        ("device_type", layer.number("enip.lir.devtype")), ("product_code", layer.number("enip.lir.prodcode")),
        ("revision", label(layer.first("enip.lir.revision", "showname"))), ("serial", layer.first("enip.lir.serial")),
        ("product_name", layer.first("enip.lir.name")),
    )  # fmt: skip


def _service(packet: Packet, sheet: Sheet, layer: Layer) -> None:
    service = layer.number("cip.sc")
    if service is None:
        return
    if layer.number("cip.rr") == 1:
        _answered(packet, sheet, layer, service)
        return
    of_class = next(iter(layer.all("cip.class")), "-").lower()
    sheet.add(SECTION, "cip_requests", packet.number, (("name", f"0x{service:02x} class {of_class}"),))
    if service in _OPENS and of_class == _CONNECTION_MANAGER:
        sheet.add(SECTION, "forward_open_requests", packet.number)


def _answered(packet: Packet, sheet: Sheet, layer: Layer, service: int) -> None:
    sheet.add(SECTION, "cip_responses", packet.number, (("name", f"0x{service:02x}"),))
    status = layer.first("cip.genstat", "showname")
    if status:
        sheet.add(SECTION, "cip_statuses", packet.number, (("name", _STATUS.sub("", status)),))
    if layer.first("cip.id.product_name") or layer.first("cip.id.vendor_id") is not None:
        sheet.add(SECTION, "identity_objects", packet.number, (("source", packet.ends.source), *_object(layer)))


def _object(layer: Layer) -> Loose:
    return (
        ("vendor_id", layer.number("cip.id.vendor_id")), ("device_type", layer.number("cip.id.device_type")),
        ("product_code", layer.number("cip.id.product_code")), ("major_revision", layer.number("cip.id.major_rev")),
        ("minor_revision", layer.number("cip.id.minor_rev")), ("serial", layer.first("cip.id.serial_number")),
        ("product_name", layer.first("cip.id.product_name")),
    )  # fmt: skip
