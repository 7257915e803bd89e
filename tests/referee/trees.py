"""Packets as tshark 4.0 prints them (PDML), cut to the lines that matter, and the facts that are made of them."""

from collections.abc import Callable
from xml.sax.saxutils import quoteattr

from otwatch.facts.ledger import Item
from otwatch.referee.pdml import Packet, packet
from otwatch.referee.sheet import Sheet

ALL = frozenset({"modbus", "umas", "bacnet", "enip"})


def field(name: str, showname: str, show: str, inside: str = "", value: str = "") -> str:
    said = {"name": name, "showname": showname, "show": show, "value": value}
    return f"<field {' '.join(f'{what}={quoteattr(how)}' for what, how in said.items())}>{inside}</field>\n"


def text(show: str, inside: str = "") -> str:
    """A line without a field name."""
    return f'<field name="" show={quoteattr(show)} size="2" pos="1">{inside}</field>\n'


def layer(name: str, *fields: str, showname: str = "") -> str:
    return f'<proto name="{name}" showname={quoteattr(showname)} size="1" pos="0">\n{"".join(fields)}</proto>\n'


def frame(number: int, *layers: str, sport: int = 40000, dport: int = 502, transport: str = "tcp") -> bytes:
    """From 10.0.0.1 to 10.0.0.2."""
    known = (
        layer("geninfo", field("num", "Number", str(number))),
        layer("eth", showname="Ethernet II, Src: 00:00:00:00:00:01, Dst: 00:00:00:00:00:02"),
        layer("ip", '<field name="filtered" value="ip" />', showname="Internet Protocol Version 4, Src: 10.0.0.1, Dst: 10.0.0.2"),
        layer(transport, showname=f"Some Protocol, Src Port: {sport}, Dst Port: {dport}, Seq: 1"),
    )
    return f"<packet>\n{''.join((*known, *layers))}</packet>\n".encode()


def read(raw: bytes) -> Packet:
    found = packet(raw)
    assert found is not None
    return found


def facts(see: Callable[[Packet, Sheet], None], *frames: bytes) -> dict[str, dict[Item, int]]:
    """By "section.field": how often each item was said."""
    sheet = Sheet(ALL)
    for raw in frames:
        see(read(raw), sheet)
    return {f"{section}.{name}": {one.item: one.times for one in counts.values()} for (section, name), counts in sheet.fields.items()}
