"""Ways to look for equipment that take their time: ranges of numbers, the whole map of a controller, one device after another."""

from functools import partial

from pcaps.acts import messages as say
from pcaps.acts.act import EVERYBODY, LEARNT, OFFICE, PLC, Act, be_learnt
from pcaps.acts.frames import Story

_IDENTITY = say.modbus("2b 0e 01 00"), say.modbus("2b 0e 01 01 00 00 01 00 04 41434d45")
"""Read Device Identification (Modbus application protocol V1.1b3, 6.21)."""


def _ranges(times: int, story: Story) -> None:
    """Who-Is with limits (135-2020, 16.10)."""
    for at in range(times):
        low, high = 210_000 + 100 * at, 210_099 + 100 * at
        story.udp(OFFICE, EVERYBODY, (47808, 47808), say.bacnet(f"1008 0b{low:06x} 1b{high:06x}", function=0x0B))
        story.wait(2)


def _map(spans: int, story: Story) -> None:
    be_learnt(story, 2)
    connection = story.connect(OFFICE, PLC, 502)
    for at in range(spans):
        connection.ask(say.modbus(f"03 {125 * at:04x} 007d", number=at), say.modbus("03 fa" + "00" * 250, number=at))
        story.wait(2)
    connection.close()


def _identities(hosts: int, story: Story) -> None:
    for last in range(20, 20 + hosts):
        connection = story.connect(OFFICE, f"10.22.8.{last}", 502)
        connection.ask(*_IDENTITY)
        connection.close()
        story.wait(5)




SURVEYS = (
    Act("ranges-asked", "recon.bacnet.whois_sweep", "ranges", partial(_ranges, 14), partial(_ranges, 3)),
    Act("map-read", "recon.modbus.map_scan", "map", partial(_map, 12), partial(_map, 3), site=LEARNT),
    Act("identities-asked", "recon.plc.fingerprint", "multi", partial(_identities, 4), partial(_identities, 2)),
)
