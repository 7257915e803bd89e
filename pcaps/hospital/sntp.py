"""A time server and client of ours, after RFC 4330 (SNTP), 48-byte packets without authentication.

Real time daemons would tell this computer's clock, and the capture is set in another month.
"""

import asyncio
from struct import pack
from typing import cast

from pcaps.hospital import hosts
from pcaps.hospital.timetable import Day

SINCE_1900 = 2_208_988_800
"""Seconds between the NTP era (1900) and the Unix epoch."""

_CLIENT_V4, _SERVER_V4 = 0x23, 0x24


def _stamp(day: Day) -> bytes:
    return pack(">Q", int((day.story_time() + SINCE_1900) * 2**32))


class TimeServer(asyncio.DatagramProtocol):
    """Answers every client request (RFC 4330 section 6): stratum 1, source GPS."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.transport is None or len(data) < 48:
            return
        now = _stamp(self.day)
        head = pack(">BBbbII4s", _SERVER_V4, 1, 6, -20, 0, 0x20, b"GPS\0")
        self.transport.sendto(head + now + data[40:48] + now + _stamp(self.day), addr)


async def serve_time(day: Day) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: TimeServer(day), local_addr=(hosts.TIME.address, 123))
    await asyncio.Event().wait()


async def ask_time(day: Day) -> None:
    """One client request, from port 123 as the daemons do; the answer is not used."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("0.0.0.0", 123), remote_addr=(hosts.TIME.address, 123)
    )
    transport.sendto(pack(">BBbb", _CLIENT_V4, 0, 6, -20) + bytes(36) + _stamp(day))
    await asyncio.sleep(1)
    transport.close()
