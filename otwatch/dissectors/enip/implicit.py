"""Implicit messages: the data that class 0 and 1 connections exchange over UDP 2222 (CIP volume 2, 3-2; domain/protocols.md 3.9).

They have no header, only the items of the Common Packet Format: whose connection and which round it is, and the data. Of these
the connection id says which connection it is, and the first words perhaps whether a controller runs:

    2 bytes   sequence count (class 1)
    4 bytes   real-time header, where the connection uses one: bit 0 run or idle, bits 1-3 ownership, bits 4-31 are 0
              (CIP volume 1, 3-6.1.4)

Whether a connection uses one, no message says. So data that cannot begin with a header says so, by one bit that is set where a header
has none; who has seen the whole connection judges the rest (wire/connections.py). All that is produced stays set aside.
"""

from collections.abc import Iterator

from otwatch.dissectors.enip.items import CONNECTED_DATA, SEQUENCED_ADDRESS, items
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Event, Request, Verb

_BEGINS = b"".join(word.to_bytes(2, "little") for word in (2, SEQUENCED_ADDRESS, 8))
_LARGEST_HEADER = 0x0F
_MODES: tuple[Details, ...] = ((("header", "idle"),), (("header", "run"),))


def looks_like(read: Reader, _hinted: bool) -> bool:
    """A sequenced address and connected data fill the datagram; nothing else begins 2, 0x8002, 8."""
    if read.peek(6) != _BEGINS:
        return False
    data, length = read.fields("<14xHH")
    return data == CONNECTED_DATA and read.left == length


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """Produced data neither asks nor answers."""
    connection: Details = ()
    header: Details | None = None
    for kind, item in items(read):
        if kind == SEQUENCED_ADDRESS:
            connection = (("connection", f"0x{item.le32():08x}"),)
        elif kind == CONNECTED_DATA:
            header = _header(item)
    if header is None:
        raise Malformed("no connected data", read.at)
    yield Request("cip-io", Verb.SUBSCRIBE, "I/O data", 0, details=connection + header, one_way=True)


def _header(item: Reader) -> Details:
    """What the words say where a real-time header would stand."""
    if item.left < 6:
        return ()
    item.aside(2)
    (word,) = item.ahead("<I")
    if word <= _LARGEST_HEADER:
        item.take(4)
        return _MODES[word & 1]
    witness = word.bit_length() - 1
    item.aside(witness >> 3)
    item.bit(witness & 7)
    return (("header", "none"),)
