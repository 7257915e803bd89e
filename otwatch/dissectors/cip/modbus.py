"""The Modbus object, class 0x44: Modbus asked of a CIP device (CIP volume 7; Wireshark cip.mb; domain/protocols.md 3.8)."""

from otwatch.dissectors.cip.body import Body, BodyReader, hex_text
from otwatch.dissectors.cip.path import Path
from otwatch.dissectors.reader import Reader
from otwatch.events import Point, Verb


def table(kind: str) -> BodyReader:
    """Start and quantity of a Modbus table, and for writes the data behind them."""

    def body(read: Reader, _path: Path) -> Body:
        first, quantity = read.fields("<HH")
        return Body(values=(hex_text(read),) if read.left else (), points=(Point(kind, first, quantity),))

    return body


_PASSED = {
    **dict.fromkeys((1, 2, 3, 4, 7, 11, 12, 17, 20, 24), Verb.READ),
    **dict.fromkeys((5, 6, 15, 16, 21, 22, 23), Verb.WRITE),
    8: Verb.CONTROL,
    43: Verb.DISCOVER,
    90: Verb.PROGRAM,
}
"""Modbus functions to verbs (Modbus v1.1b3 section 6); 90 is UMAS."""


def passthrough(read: Reader, _path: Path) -> Body:
    """A Modbus PDU as data."""
    function = read.u8()
    verb = _PASSED.get(function, Verb.OTHER)
    return Body((hex_text(read),), (("function", str(function)),), operation=f"Modbus passthrough: function {function}", verb=verb)
