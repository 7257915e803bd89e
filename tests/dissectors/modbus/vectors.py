"""Modbus and UMAS messages that Wireshark decodes without error, and short ways to read them."""

from pathlib import Path

from otwatch.dissectors.base import read
from otwatch.dissectors.modbus import MODBUS
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Anomaly, Answer, Event, Request
from otwatch.packets import TCP
from tests.dissectors.segments import segments

REQUESTS = {
    "read": "0001000000061103006b0003",
    "write coil": "000200000006110500acff00",
    "write register": "000300000006110600010003",
    "write coils": "000400000009110f0013000a02cd01",
    "write registers": "00050000000b11100001000204000a0102",
    "mask": "0006000000081116000400f20025",
    "exchange": "000700000011111700030006000e00030600ff00ff00ff",
    "listen only": "000800000006110800040000",
    "restart": "00090000000611080001ff00",
    "identification": "000a00000005012b0e0100",
    "two": "000b00000006010300000001000c000000060106001000ff",
    "server id": "000d000000020111",
    "read files": "000d0000001101140e0600040001000206000300090002",
    "write files": "000d0000001001150d0600040007000306af04be100d",
    "fifo": "000d00000004011804de",
    "reserve": "000e00000011005a0010434c000008454e472d50433031",
    "download block": "00100000000e005a0131000101000400aabbccdd",
    "write variables": "00110000000d005a0123785634120211220033",
    "stop": "000f00000006005a0141ff00",
}

ANSWERS = {
    "exception": "000100000003118302",
    "wait": "000100000003118305",
    "read": "00010000000911030600010002000a",
    "read coils": "000100000005110102cd01",
    "write coil": "000200000006110500acff00",
    "write registers": "000500000006111000010002",
    "identification": ("000a00000030012b0e010100000300125363686e656964657220456c656374726963010b424d58204e4f4530313030020556322e3630"),
    "server id": "0000000000150a111200ff57696e6770617468204c696d69746564",
    "read files": "000d0000000f01140c05060dfe0020050633cd0040",
    "fifo": "000d0000000a01180006000201b81284",
    "reserved": "000e00000005005a00fe01",
    "refused": "000e00000005005a00fd83",
    "read id": ("000000000032005a00fe10ff5a010100000070020000270009000800000000000e3134302043505520333131203130010101000000001100"),
    "read project": ("000300000033005a00fe020500009888010000020500009888010000020c3b0c0e01de07020c3b0c0e01de07080000000850726f6a65637400"),
}


def request(name: str) -> bytes:
    return bytes.fromhex(REQUESTS[name])


def answer(name: str) -> bytes:
    return bytes.fromhex(ANSWERS[name])


def said(payload: bytes, is_request: bool | None = True) -> list[Event]:
    return [event for message in read(MODBUS, payload, is_request).messages for event in message.events]


def adu(pdu: str, unit: int = 1) -> bytes:
    data = bytes.fromhex(pdu)
    return b"\0\x07\0\0" + (len(data) + 1).to_bytes(2) + bytes([unit]) + data


def asked(pdu: str, unit: int = 1) -> Request:
    first = said(adu(pdu, unit))[0]
    assert isinstance(first, Request)
    return first


def told(payload: bytes) -> Answer:
    first = said(payload, False)[0]
    assert isinstance(first, Answer)
    return first


def flaws(payload: bytes, is_request: bool = True) -> list[str]:
    return [event.reason for event in said(payload, is_request) if isinstance(event, Anomaly)]


def looks_like(payload: bytes, hinted: bool) -> bool:
    try:
        return MODBUS.looks_like(Reader(payload), hinted)
    except Malformed:
        return False


def heard(capture: Path) -> list[tuple[int, Event]]:
    """Frame numbers and events of everything sent from or to port 502, segment by segment."""
    return [
        (segment.number, event)
        for segment in segments(capture)
        if segment.protocol == TCP and 502 in (segment.src_port, segment.dst_port)
        for event in said(segment.payload, segment.dst_port == 502)
    ]
