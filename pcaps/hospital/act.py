"""One host's part of the day, by the host's name: `python -m pcaps.hospital.act HOST BEGAN`, inside that host's namespace.

Devices run until SIGTERM, and end the programs they started; stations until their day is over.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

from pcaps.hospital import devices, hosts, sntp, stations
from pcaps.hospital.timetable import Day

Part = Callable[[Day], Awaitable[None]]

DEVICES: dict[str, Part] = {
    hosts.TIME.name: sntp.serve_time,
    hosts.HVAC_PLC.name: devices.hvac_plc,
    hosts.SWITCHBOARD.name: devices.switchboard,
    hosts.WATER_PLC.name: devices.water_plc,
    hosts.UPS.name: devices.ups,
    hosts.CAMERA.name: devices.camera,
    hosts.AIR_HANDLERS[0].name: lambda day: devices.air_handler(hosts.AIR_HANDLERS[0]),
    hosts.AIR_HANDLERS[1].name: lambda day: devices.air_handler(hosts.AIR_HANDLERS[1]),
}
STATIONS: dict[str, Part] = {
    hosts.GTB_1.name: stations.gtb_1,
    hosts.GTB_2.name: stations.gtb_2,
    hosts.GTE.name: stations.gte,
    hosts.SECURITY.name: stations.pc_secu,
    hosts.ENGINEERING.name: stations.ingenierie,
    hosts.OFFICE.name: stations.bureau,
}


async def _play(name: str, day: Day) -> None:
    part = asyncio.ensure_future((DEVICES | STATIONS)[name](day))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, part.cancel)
    with suppress(asyncio.CancelledError):
        await part


if __name__ == "__main__":
    asyncio.run(_play(sys.argv[1], Day(float(sys.argv[2]))))
