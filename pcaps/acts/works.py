"""Orders that are the first of their kind, that a conduit declares, or that equipment refuses."""

from functools import partial

from pcaps.acts import messages as say
from pcaps.acts.act import ENGINEERING, GTB_2, GTE, PLC, SWITCHBOARD, THEATRE, UPS, VALMONT, Act
from pcaps.acts.frames import Story
from pcaps.acts.outcomes import BACNET_READ, MODBUS_READ, REGISTERED, Order, acts_of, cip

Said = tuple[bytes, bytes]
_NAME = "2b06010201010500"
_NAMED = say.snmp(say.SET, _NAME, b"\4\3xyz"), say.snmp(say.ANSWER, _NAME, b"\4\3xyz")
_UPTIME = say.snmp(say.GET, say.UPTIME), say.snmp(say.ANSWER, say.UPTIME, b"\x43\1\x64")
_SETPOINT = say.write_property(2, 1, "4441a80000", 8), say.done()
_VARIABLES = say.modbus("5a 00 23 78563412 01 21 2200 33"), say.modbus("5a 00 fe")
_TAKEN_OUT = say.modbus("5a 00 33 0001"), say.modbus("5a 00 fe")


def _over_udp(server: str, port: int, said: Said, story: Story) -> None:
    story.ask(GTE, server, port, *said, own=port if port == 47808 else 0)


def _over_tcp(client: str, server: str, said: Said, story: Story) -> None:
    connection = story.connect(client, server, 502)
    connection.ask(*said)
    connection.close()


def _two_ways(story: Story, *, beside: bool) -> None:
    """A supervision reads and sets a register in turn; one order comes through a connection of its own, or through the first one."""
    main = story.connect(GTE, PLC, 502)
    for at in range(12):
        main.ask(*MODBUS_READ)
        story.wait(30)
        order = say.wrote(4000, 20 + at % 3, at)
        if at == 7 and beside:
            other = story.connect(GTE, PLC, 502)
            other.ask(order, order)
            other.close()
        else:
            main.ask(order, order)
        story.wait(30)
    main.close()


_FIRMWARE = "4b 02 20a1 2401 01000000"
_IDENTITY = cip("01 02 2001 2401"), cip("81 00 08 00")
_TRANSFER = say.modbus("5a 00 30 0001"), say.modbus("5a 00 fd 80")
WORKS: tuple[Act, ...] = (
    Act("first-setpoint", "bacnet.write.unexpected", "first", partial(_over_udp, THEATRE, 47808, _SETPOINT),
        partial(_over_udp, THEATRE, 47808, BACNET_READ)),
    Act("first-name", "snmp.set.unexpected", "first", partial(_over_udp, UPS, 161, _NAMED), partial(_over_udp, UPS, 161, _UPTIME)),
    Act("first-variables", "umas.write.unexpected", "first", partial(_over_tcp, GTE, SWITCHBOARD, _VARIABLES),
        partial(_over_tcp, GTE, SWITCHBOARD, MODBUS_READ)),
    Act("second-program", "write.novel_target", "beside", partial(_two_ways, beside=True), partial(_two_ways, beside=False)),
    Act("declared-backup", "eng.program.upload", "declared", partial(_over_tcp, ENGINEERING, PLC, _TAKEN_OUT),
        partial(_over_tcp, ENGINEERING, PLC, MODBUS_READ), site=VALMONT),
    *acts_of(
        Order("firmware", "eng.firmware.update", GTB_2, "10.23.1.5", 44_818, cip(_FIRMWARE), cip("cb 00 00 00"), cip("cb 00 0f 00"),
              _IDENTITY, (REGISTERED,), told=("", "failure", "unknown")),
        Order("program-refused", "eng.program.download", GTB_2, PLC, 502, _TRANSFER[0], b"", _TRANSFER[1], MODBUS_READ,
              told=("", "failure", "")),
    ),
)  # fmt: skip
