"""The scenes of the week: who answers, who acts. `python -m pcaps.week.scenes SCENE HOST` plays one host's part, in its namespace."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from pcaps.hospital import devices
from pcaps.hospital import hosts as sample
from pcaps.hospital.hosts import Host
from pcaps.hospital.timetable import Day
from pcaps.week import clients, hosts, servers

Part = Callable[[], Awaitable[object]]
Parts = tuple[tuple[Host, Part], ...]


class Scene(NamedTuple):
    """`settle`: seconds until what answers does so; `beside`: who is only there."""

    servers: Parts
    client: Host
    acts: Part
    settle: float = 4.0
    beside: tuple[Host, ...] = ()


def _registers(host: Host, table: str, first: int, *ranges: tuple[int, int]) -> Parts:
    return ((host, lambda: servers.registers(host, table, first, *ranges)),)


def _files(host: Host, login: tuple[str, str], text: str = "") -> Parts:
    return ((host, lambda: servers.files(host, login, text)),)


_ENGINEERING, _OFFICE, _DESK = sample.ENGINEERING, sample.OFFICE, sample.SECURITY
_GTB_1, _GTB_2, _GTE = sample.GTB_1, sample.GTB_2, sample.GTE
_HEATING: Parts = ((sample.HVAC_PLC, lambda: devices.hvac_plc(Day(0.0))),)
_METERS: Parts = ((sample.SWITCHBOARD, lambda: devices.switchboard(Day(0.0))),)
_AIR: Parts = tuple((host, partial(servers.air_handler, host)) for host in sample.AIR_HANDLERS)
_CLOCK: Parts = ((sample.TIME, servers.clock),)
_CAMERA: Parts = ((sample.CAMERA, servers.camera_page),)
_THEATRE_3, _THEATRE_4 = sample.AIR_HANDLERS

LIFE: Mapping[str, Scene] = {
    "heating": Scene(_HEATING, _GTE, clients.heating_polled),
    "meters": Scene(_METERS, _GTE, clients.meters_polled),
    "meters-lost": Scene(_METERS, _GTE, clients.meters_lost),
    "hot-water": Scene(_registers(hosts.HOT_WATER, "holding", 99, (0, 0), (580, 620), (0, 0)), _GTE, clients.hot_water_polled),
    "gases": Scene(_registers(hosts.GASES, "input", 7, (440, 450)), _GTB_1, clients.gases_polled),
    "generator": Scene(_registers(hosts.GENERATOR, "holding", 1, (0, 0), (231, 233)), _GTB_1, clients.generator_polled),
    "tanks": Scene(((sample.WATER_PLC, servers.water),), _GTE, clients.tanks_polled, settle=14),
    "ups": Scene(((sample.UPS, servers.ups_card),), _GTB_2, clients.ups_polled),
    "ups-reports": Scene(((_GTB_2, clients.reports_heard),), sample.UPS, clients.ups_reports),
    "ups-saved": Scene(_files(sample.UPS, servers.UPS_LOGIN, servers.UPS_SETTINGS), hosts.BACKUP, clients.ups_saved),
    "history-saved": Scene(_files(hosts.BACKUP, servers.BACKUP_LOGIN), _GTB_2, clients.history_saved),
    "air-found": Scene(_AIR, _GTB_1, clients.air_found),
    "air": Scene(_AIR, _GTB_1, clients.air_polled),
    "air-set": Scene(_AIR, _GTB_1, clients.air_set),
    "air-forced": Scene(_AIR, _GTB_1, clients.air_forced),
    "air-followed": Scene(_AIR, _GTB_1, clients.air_followed),
    "air-begins": Scene((), _THEATRE_4, clients.air_begins, settle=0),
    "clocks-set": Scene(_AIR, _GTB_1, clients.clocks_set),
    "alarm": Scene(((_GTB_1, clients.alarm_taken),), _THEATRE_3, clients.alarm_told, settle=2),
    "clock-gtb-1": Scene(_CLOCK, _GTB_1, clients.clock_asked),
    "clock-gte": Scene(_CLOCK, _GTE, clients.clock_asked),
    "clock-engineering": Scene(_CLOCK, _ENGINEERING, clients.clock_asked),
    "lease": Scene(((hosts.DESK_ROUTER, servers.leases),), _DESK, clients.lease_renewed),
    "names": Scene(((hosts.SERVICES, servers.names),), _GTB_1, clients.names_asked),
    "page": Scene(((_GTB_1, servers.supervision_page),), _DESK, clients.page_looked_at),
    "camera": Scene(_CAMERA, _DESK, clients.camera_looked_at),
    "saved": Scene(((hosts.BACKUP, servers.shares),), _GTB_1, clients.saved, settle=6),
    "engineer": Scene((*_HEATING, *_AIR), _ENGINEERING, clients.engineer_looks),
    "works": Scene(_AIR, _ENGINEERING, clients.engineer_works),
}
INCIDENTS: Mapping[str, Scene] = {
    "default-login": Scene(_CAMERA, _DESK, clients.default_login),
    "stranger": Scene(_HEATING, _GTB_2, clients.stranger_writes),
    "priority-1": Scene(_AIR, _GTB_1, clients.priority_one),
    "stop": Scene(((hosts.LIFT_PUMPS, servers.lift_pumps),), _ENGINEERING, clients.pumps_stopped),
    "scan": Scene(_HEATING, _OFFICE, clients.scanned, beside=sample.ROOM_CONTROLLERS),
    "cross-zone": Scene(_HEATING, _OFFICE, clients.office_reads),
    "deviation": Scene(_HEATING, _GTE, clients.other_setpoint),
}
SCENES: Mapping[str, Scene] = {**LIFE, **INCIDENTS}


def part(scene: Scene, host: str) -> Part:
    """What this host does in it."""
    if scene.client.name == host:
        return scene.acts
    return next(act for one, act in scene.servers if one.name == host)


async def _play(act: Part) -> None:
    playing = asyncio.ensure_future(act())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    with suppress(asyncio.CancelledError):
        await playing


if __name__ == "__main__":
    asyncio.run(_play(part(SCENES[sys.argv[1]], sys.argv[2])))
