"""The script of the day: what happens at which second, and the story's clock.

Every process gets the same `Day` and keeps to it by itself. All times are seconds since the capture began.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pcaps.hospital import hosts

STORY_BEGINS = datetime(2026, 10, 13, 10, 0, 0, tzinfo=ZoneInfo("Europe/Paris"))
"""A Tuesday, inside the maintenance window of the example site and outside every intervention."""

BOOT = 30.0
"""Seconds before the capture begins at which all processes are started: interpreters start slowly on a busy computer."""

OPENING, CLOSING, END = 2.0, 236.0, 242.0
"""Stations begin, stations stop, the capture stops."""

DEFAULT_LOGIN, SETPOINT, PRIORITY_1, LISTEN_ONLY, SCAN = 70.0, 100.0, 130.0, 160.0, 190.0

Act = Callable[[], Awaitable[object]]


class Day(NamedTuple):
    """The day as lived by the processes; `began` is in seconds since 1970 on this computer's clock."""

    began: float

    def story_time(self) -> float:
        """Now, as the story tells it: seconds since 1970."""
        return STORY_BEGINS.timestamp() + time.time() - self.began

    async def until(self, second: float) -> None:
        await asyncio.sleep(self.began + second - time.time())

    async def at(self, second: float, act: Act) -> None:
        await self.until(second)
        await act()

    async def every(self, period: float, act: Act, first: float = OPENING) -> None:
        """Again and again until CLOSING, without drifting."""
        second = first
        while second < CLOSING:
            await self.at(second, act)
            second += period


class Incident(NamedTuple):
    """What should not happen.

    begins, lasts  seconds since the capture began
    shown_by       Wireshark display filter that selects its frames within that time
    """

    id: str
    title: str
    client: str
    server: str
    begins: float
    lasts: float
    shown_by: str


INCIDENTS = (
    Incident("default-login", "Login on a camera with the vendor's published default password (root), accepted",
             hosts.SECURITY.address, hosts.CAMERA.address, DEFAULT_LOGIN, 8,
             f"http && ip.addr == {hosts.SECURITY.address} && ip.addr == {hosts.CAMERA.address}"),
    Incident("office-setpoint", "Setpoint (holding register 4001) of the HVAC PLC set to 30 from the office network, accepted",
             hosts.OFFICE.address, hosts.HVAC_PLC.address, SETPOINT, 8, f"modbus.func_code == 6 && ip.addr == {hosts.OFFICE.address}"),
    Incident("priority-1", "Supply fan of the theatre 3 air handler (binary-output 1) stopped at priority 1, accepted",
             hosts.GTB_1.address, hosts.AIR_HANDLERS[0].address, PRIORITY_1, 8,
             f"bacapp.confirmed_service == 15 && ip.addr == {hosts.AIR_HANDLERS[0].address}"),
    Incident("listen-only", "Unit 1 of the LV switchboard told to listen only (Modbus FC 8 sub 4), unanswered as the protocol foresees",
             hosts.ENGINEERING.address, hosts.SWITCHBOARD.address, LISTEN_ONLY, 8, "modbus.func_code == 8"),
    Incident("office-scan", "Ports 502 and 80 of 20 addresses tried from the office network within 20 s",
             hosts.OFFICE.address, "10.22.8.20-39", SCAN, 25, f"ip.src == {hosts.OFFICE.address} && tcp.flags == 0x002"),
)  # fmt: skip
