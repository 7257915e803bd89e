"""BACnet messages of a real capture, through the real capture and decode stages."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from otwatch.capture.sources import open_captures
from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.dissectors.bacnet import BACNET, BACNET_ETHERNET
from otwatch.dissectors.base import Dissector, read
from otwatch.events import Event
from otwatch.packets import UDP, Packets
from tests.dissectors.enveloped import opened


class Heard(NamedTuple):
    """A payload and what it says."""

    frame: int
    dissector: Dissector
    payload: bytes
    events: tuple[Event, ...]


def heard(capture: Path) -> Iterator[Heard]:
    (source,) = open_captures([capture])
    fragments = Fragments()
    for frames in source.read():
        packets = decode(frames, fragments)
        for row in range(len(packets.number)):
            dissector = _spoken(packets, row)
            if dissector is not None:
                start, length = int(packets.start[row]), int(packets.length[row])
                payload = packets.data[start : start + length].tobytes()
                said = opened(event for message in read(dissector, payload, None).messages for event in message.events)
                yield Heard(int(packets.number[row]), dissector, payload, said)


def _spoken(packets: Packets, row: int) -> Dissector | None:
    if packets.ethertype[row] == BACNET_ETHERNET.ethertype:
        return BACNET_ETHERNET
    ports = {int(packets.src_port[row]), int(packets.dst_port[row])}
    return BACNET if packets.protocol[row] == UDP and ports & BACNET.ports else None
