"""Orders: who writes, forces, sets or restarts what he should not."""

from pcaps.acts import messages as say
from pcaps.acts.act import (
    ENGINEERING,
    GTB_1,
    GTB_2,
    LEARNT,
    OFFICE,
    PLC,
    SWITCHBOARD,
    THEATRE,
    UPS,
    VALMONT,
    Act,
    set_while_learnt,
)  # fmt: skip
from pcaps.acts.frames import Story

_BMC = "10.20.1.60"


def _to_controller(story: Story, client: str, server: str, pdu: str) -> None:
    connection = story.connect(client, server, 502)
    connection.ask(say.modbus(pdu), say.modbus("5a 00 fe"))
    connection.close()


def breakpoint_set(story: Story) -> None:
    _to_controller(story, ENGINEERING, SWITCHBOARD, "5a 00 60 01")


def status_read(story: Story) -> None:
    _to_controller(story, ENGINEERING, SWITCHBOARD, "5a 00 04")


def variables_written(story: Story) -> None:
    _to_controller(story, GTB_2, SWITCHBOARD, "5a 00 23 78563412 01 21 2200 33")


def variables_read(story: Story) -> None:
    _to_controller(story, GTB_2, SWITCHBOARD, "5a 00 22 78563412 01 21 2200")


def password_of_a_server(story: Story) -> None:
    story.ask(OFFICE, _BMC, 623, say.ipmi(6, 0x47, bytes((2, 2)) + b"Essai-de-mdp-16!"), say.ipmi(7, 0x47, b"\0"))


def server_identified(story: Story) -> None:
    story.ask(OFFICE, _BMC, 623, say.ipmi(6, 1), say.ipmi(7, 1, bytes.fromhex("00 20 01 03 45 02 bf a2 02 00 00 01 00000000")))


def _setpoint(story: Story, client: str) -> None:
    story.ask(client, THEATRE, 47808, say.write_property(2, 1, "4441a80000", 8), say.done(), own=47808)


def setpoint_of_a_stranger(story: Story) -> None:
    _setpoint(story, GTB_2)


def setpoint_of_supervision(story: Story) -> None:
    _setpoint(story, GTB_1)


def power_cut(story: Story) -> None:
    story.ask(GTB_2, UPS, 161, say.snmp(say.SET, say.POWER_OFF, b"\2\1\2"), say.snmp(say.ANSWER, say.POWER_OFF, b"\2\1\2"))


def power_asked(story: Story) -> None:
    story.ask(GTB_2, UPS, 161, say.snmp(say.GET, say.POWER_OFF), say.snmp(say.ANSWER, say.POWER_OFF, b"\2\1\1"))


def _telegram(story: Story, apdu: str) -> None:
    """Behind a connection that was opened before."""
    story.ask(OFFICE, "10.22.8.40", 3671, say.telegram(apdu), say.knx(say.TUNNEL_ACK, "04 01 00 00"), own=50_100)


def light_switched(story: Story) -> None:
    _telegram(story, "0081")


def light_asked(story: Story) -> None:
    _telegram(story, "0000")


def _memory_compressed(story: Story, client: str) -> None:
    connection = story.connect(client, PLC, 102)
    for question, answer in zip(say.S7_COMPRESSES, say.S7_COMPRESSED, strict=True):
        connection.ask(question, answer)
    connection.close()


def memory_compressed_from_the_office(story: Story) -> None:
    _memory_compressed(story, OFFICE)


def memory_compressed_by_engineering(story: Story) -> None:
    _memory_compressed(story, ENGINEERING)


def _camera_asked(story: Story, first: str, status: str) -> None:
    connection = story.connect(OFFICE, "10.24.5.10", 80)
    connection.ask(say.http(first, "Host: 10.24.5.10"), say.http(f"HTTP/1.1 {status}", "Server: App-webs/"))
    connection.close()


def camera_restarted(story: Story) -> None:
    _camera_asked(story, "PUT /ISAPI/System/reboot HTTP/1.1", "200 OK")


def camera_asked(story: Story) -> None:
    _camera_asked(story, "GET /ISAPI/System/deviceInfo HTTP/1.1", "200 OK")


def unusual_value(story: Story) -> None:
    set_while_learnt(story, 50, (4000, 60))


def usual_value(story: Story) -> None:
    set_while_learnt(story, 50, (4000, 21))

ORDERS = (
    Act("umas-breakpoint", "eng.io.force", "debug", breakpoint_set, status_read),
    Act("umas-variables", "umas.write.unexpected", "variables", variables_written, variables_read, site=VALMONT),
    Act("ipmi-password", "eng.credential.changed", "account", password_of_a_server, server_identified),
    Act("bacnet-stranger", "bacnet.write.unexpected", "success", setpoint_of_a_stranger, setpoint_of_supervision, site=VALMONT),
    Act("ups-off", "snmp.set.unexpected", "control", power_cut, power_asked, site=VALMONT),
    Act("knx-switch", "knx.write.unexpected", "first", light_switched, light_asked),
    Act("office-console", "zone.engineering.office", "success", memory_compressed_from_the_office, memory_compressed_by_engineering,
        site=VALMONT),
    Act("camera-reboot", "web.admin.change", "success", camera_restarted, camera_asked),
    Act("unusual-value", "write.novel_target", "value", unusual_value, usual_value, site=LEARNT),
)  # fmt: skip
