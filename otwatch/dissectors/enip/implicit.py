"""Implicit messages: the data that class 0 and 1 connections exchange over UDP 2222 (CIP volume 2, 3-2; domain/protocols.md 3.9).

They have no header, only the items of the Common Packet Format: whose connection and which round it is, and the data.
"""

from collections.abc import Iterator

from otwatch.dissectors.enip.items import CONNECTED_DATA, SEQUENCED_ADDRESS, items
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Event, Request, Verb

_BEGINS = b"".join(word.to_bytes(2, "little") for word in (2, SEQUENCED_ADDRESS, 8))


def looks_like(read: Reader, _hinted: bool) -> bool:
    """A sequenced address and connected data fill the datagram; nothing else begins 2, 0x8002, 8."""
    if read.peek(6) != _BEGINS:
        return False
    data, length = read.fields("<14xHH")
    return data == CONNECTED_DATA and read.left == length


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """Produced data neither asks nor answers. Whether it says run or idle, only who has seen the Forward Open can tell."""
    kinds = {kind for kind, _ in items(read)}
    if CONNECTED_DATA not in kinds:
        raise Malformed("no connected data", read.at)
    yield Request("cip-io", Verb.SUBSCRIBE, "I/O data", 0, one_way=True)
