"""Data that are sent all the time (EtherNet/IP connections of class 1), and what is not heard any more."""

from functools import partial
from struct import pack

from pcaps.acts import messages as say
from pcaps.acts.act import GTB_1, GTE, OFFICE, OTHER_PLC, PLC, Act
from pcaps.acts.frames import Story
from pcaps.acts.outcomes import BACNET_READ, REGISTERED, cip

_SCANNER, _DRIVE, _NEIGHBOUR = "10.23.1.5", "10.23.1.6", "10.22.8.22"
_SENT, _RECEIVED = 0x5EED0001, 0x5EED0002
_RUN, _IDLE = 1, 0
_NINE_MINUTES = 540.0
_ENDS, _RATE = pack("<HHI", 1, 77, 0x0BADCAFE), pack("<I", 10_000)
_PATH = "20 04 24 01 2c 65 2c 64"
_ASKS = bytes.fromhex("54 02 2006 2401 07f9") + pack("<II", 0, _RECEIVED) + _ENDS + bytes(4)
_ASKED = _ASKS + _RATE + pack("<H", 2 << 13 | 10) + _RATE + pack("<H", 2 << 13 | 6) + b"\1\4" + bytes.fromhex(_PATH)
_GRANTED = b"\xd4\0\0\0" + pack("<II", _SENT, _RECEIVED) + _ENDS + _RATE * 2 + bytes(2)
"""Forward Open of class 1 and its answer (CIP Networks Library, volume 1, 3-5.5.2)."""


def _opens(story: Story) -> None:
    connection = story.connect(_SCANNER, _DRIVE, 44_818)
    connection.ask(*REGISTERED)
    connection.ask(cip(_ASKED.hex()), cip(_GRANTED.hex()))


def _sends(story: Story, count: int, mode: int) -> None:
    """Outputs behind their 32-bit header, of which one bit says whether the controller runs (volume 1, 3-6.1.4); and inputs."""
    outputs = (_SCANNER, _DRIVE), _SENT, pack("<I", mode) + b"\x0a\x0b\x0c\x0d"
    for ends, number, data in (outputs, ((_DRIVE, _SCANNER), _RECEIVED, b"\1\2\3\4")):
        item = pack("<H", count) + data
        story.udp(*ends, (2222, 2222), pack("<HHHIIHH", 2, 0x8002, 8, number, count, 0xB1, len(item)) + item)


def _runs(modes: tuple[int, ...], story: Story) -> None:
    _opens(story)
    for count, mode in enumerate(modes):
        _sends(story, count, mode)
        story.wait(0.5)


def _reads(story: Story, server: str) -> None:
    connection = story.connect(GTE, server, 502)
    connection.ask(say.READ, say.VALUES)
    connection.close()


def _a_day(stops: bool, story: Story) -> None:
    """Data are seen every nine minutes round the clock, and somebody else as often; a mirror that lost them would have lost more."""
    for server in (PLC, OTHER_PLC, _NEIGHBOUR):
        _reads(story, server)
    _opens(story)
    for at in range(190):
        if not (stops and at > 175):
            _sends(story, at, _RUN)
        story.wait(_NINE_MINUTES)
        if at > 170:
            story.arp(OTHER_PLC)


def _week(last: tuple[int, ...], story: Story) -> None:
    """Controllers are asked once on each of eight days, at other hours each; then every nine minutes. `last`: 2 where one answers then, 1
    where it does not, 0 where nobody asks it."""
    servers = [f"10.22.1.{15 + at}" for at in range(len(last))]
    for day in range(8):
        for server in servers:
            story.ask(GTB_1, server, 47808, *BACNET_READ, own=47808)
        story.wait(86_400 + 5_400 * (day % 5))
    for _ in range(16):
        for server, said in zip(servers, last, strict=True):
            if said:
                story.ask(GTB_1, server, 47808, *BACNET_READ[:said], own=47808)
        story.wait(_NINE_MINUTES)


def _knocks(times: int, story: Story) -> None:
    """Connections to a controller, begun by the hundred and never opened (RFC 4987 2)."""
    connection = story.connect(GTE, PLC, 502)
    connection.ask(say.READ, say.VALUES)
    for _ in range(times):
        story.knock(OFFICE, PLC, 502, refused=False)
    connection.ask(say.READ, say.VALUES)


CYCLIC = (
    Act("outputs-idle", "eng.mode.changed", "observed", partial(_runs, (_RUN,) * 6 + (_IDLE,) * 6), partial(_runs, (_RUN,) * 12)),
    Act("outputs-stop", "avail.polling.stopped", "io_stopped", partial(_a_day, True), partial(_a_day, False)),
    Act("controller-asked", "avail.asset.silent", "asked", partial(_week, (1, 2)), partial(_week, (2, 2))),
    Act("controllers-vanish", "avail.asset.silent", "segment", partial(_week, (0, 0, 0, 2, 2, 2)), partial(_week, (2,) * 6)),
    Act("controller-knocked", "avail.flood", "knocks", partial(_knocks, 240), partial(_knocks, 30)),
)  # fmt: skip
