"""Datagrams as mirror ports show them."""

from struct import pack

from tests.decode.builders import Frame, ethernet
from tests.decode.wraps import IPV4
from tests.wire.dialogues import modbus, write

ASK, GRANT = modbus(1, write(7)), modbus(1, write(7))


def packet(source: int, target: int, payload: bytes, ident: int, ttl: int = 64, port: int = 502) -> bytes:
    """A datagram 10.0.0.`source` -> 10.0.0.`target`; requests go to `port`."""
    ports = (40_000, port) if source == 1 else (port, 40_000)
    body = pack("!HHHH", *ports, 8 + len(payload), 0) + payload
    return pack("!BBHHHBBH4B4B", 0x45, 0, 20 + len(body), ident, 0, ttl, 17, 0, 10, 0, 0, source, 10, 0, 0, target) + body


def asked(ident: int, time_ns: int = 0, ttl: int = 64, macs: bytes = bytes(6) + bytes.fromhex("020000000001")) -> Frame:
    return Frame(macs + b"\x08\x00" + packet(1, 2, ASK, ident, ttl), time_ns=time_ns)


def granted(ident: int, time_ns: int = 0) -> Frame:
    return Frame(ethernet(IPV4, packet(2, 1, GRANT, ident)), time_ns=time_ns)
