"""Modbus and UMAS, as tshark reads them. UMAS has no dissector there: its codes stand in the data of function 90."""

from otwatch.facts.modbus import PORTS
from otwatch.referee.pdml import Layer, Packet, number
from otwatch.referee.sheet import Loose, Sheet

_ENVELOPES = frozenset({"mbtcp", "mbudp", "mbrtu"})
_WRITES = frozenset({5, 6, 15, 16, 21, 22, 23})
_ONE = frozenset({5, 6, 22})
"""Writes of one thing, which say no quantity."""
_BOTH = 23
_IDENTIFICATION, _UMAS = 43, 90
_OBJECTS = ("vendor", "product", "revision", "vendor_url", "product_name", "model_name", "user_application_name")
"""Of device identification, by object id (Modbus v1.1b3 section 6.21)."""


def see(packet: Packet, sheet: Sheet) -> None:
    unit = None
    for layer in packet.layers:
        if layer.name in _ENVELOPES:
            unit = number(layer.first("mbtcp.unit_id") or layer.first("mbrtu.unit_id"))
        code = layer.number("modbus.func_code") if layer.name == "modbus" else None
        if code is not None:
            _message(packet, sheet, layer, code, unit)


def _message(packet: Packet, sheet: Sheet, layer: Layer, code: int, unit: int | None) -> None:
    frame, ends = packet.number, packet.ends
    side, exception = ends.side(PORTS), layer.first("modbus.exception_code")
    sheet.add("modbus", "pdus", frame)
    sheet.add("modbus", "functions", frame, (("side", side), ("function", code)))
    if exception is not None:
        sheet.add("modbus", "exceptions", frame, (("exception", f"{code}/{exception}"),))
    if side == "response":
        sheet.add("modbus", "client_server_unit", frame, (("client", ends.target), ("server", ends.source), ("unit", unit)), 0)
    if side == "request":
        _asked(packet, sheet, layer, code, (("client", ends.source), ("server", ends.target), ("unit", unit)))
    elif code == _IDENTIFICATION:
        _identified(packet, sheet, layer, unit)
    if code == _UMAS and exception is None:
        _umas(packet, sheet, layer, side)


def _asked(packet: Packet, sheet: Sheet, layer: Layer, code: int, who: Loose) -> None:
    sheet.add("modbus", "client_server_unit", packet.number, who)
    diagnostic = layer.number("modbus.diagnostic_code")
    if diagnostic is not None:
        sheet.add("modbus", "diagnostic_subfunctions", packet.number, (("sub", diagnostic),))
    if code in _WRITES and layer.first("modbus.exception_code") is None:
        sheet.add("modbus", "writes", packet.number, (*who, ("function", code), *_written(layer, code)))


def _written(layer: Layer, code: int) -> Loose:
    if code == _BOTH:
        return ("reference", layer.number("modbus.write_reference_num")), ("quantity", layer.number("modbus.write_word_cnt"))
    reference = layer.first("modbus.reference_num") or layer.first("modbus.reference_num_32")
    quantity = layer.first("modbus.bit_cnt") or layer.first("modbus.word_cnt") or ("1" if code in _ONE else None)
    return ("reference", number(reference)), ("quantity", number(quantity))


def _identified(packet: Packet, sheet: Sheet, layer: Layer, unit: int | None) -> None:
    said = zip(layer.all("modbus.object_id"), layer.all("modbus.object_str_value"), strict=False)
    for object_id, text in said:
        at = number(object_id)
        name = _OBJECTS[at] if at is not None and at < len(_OBJECTS) else f"object_{object_id}"
        sheet.add("modbus", "device_identification", packet.number, (("server", packet.ends.source), ("unit", unit), (name, text)))


def _umas(packet: Packet, sheet: Sheet, layer: Layer, side: str) -> None:
    """Pairing key, then the code of the function or the mark of the answer."""
    code = (layer.first("modbus.data", "value") or "")[2:4].lower()
    if code:
        sheet.add("umas", "response_codes" if side == "response" else "request_codes", packet.number, (("code", f"0x{code}"),))
