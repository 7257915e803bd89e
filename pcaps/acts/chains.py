"""Acts that follow each other to one end (otwatch/alerts/chains.py); the quiet twin leaves out what makes them one."""

from base64 import b64encode

from pcaps.acts import messages as say
from pcaps.acts.act import (
    CAMERA,
    ENGINEERING,
    GTE,
    LEARNT,
    OFFICE,
    OTHER_PLC,
    PLC,
    SECURITY,
    SWITCHBOARD,
    THEATRE,
    UPS,
    VALMONT,
    Act,
    be_learnt,
)  # fmt: skip
from pcaps.acts.frames import Story
from pcaps.acts.searches import many_devices, many_units

_CONTRACTOR = "10.30.10.8"
_SURGERY, _STERILE = "10.22.1.18", "10.22.1.41"
"""Air handlers of vital rooms."""
_LAPTOP = "10.22.8.99"
_UMAS_DONE = say.modbus("5a 00 fe")
_STOP, _TAKE_OUT = say.modbus("5a 00 41 ff 00"), say.modbus("5a 00 33 0001")
_NINE_MINUTES = 540.0


def _asks(story: Story, client: str, server: str, *questions: tuple[bytes, bytes], port: int = 502) -> None:
    connection = story.connect(client, server, port)
    for question, answer in questions:
        connection.ask(question, answer)
    connection.close()
    story.wait(60)


def _logs_in(story: Story, client: str, server: str, login: str, product: str) -> None:
    proof = b64encode(login.encode()).decode()
    asked = say.http("GET / HTTP/1.1", f"Host: {server}", f"Authorization: Basic {proof}")
    _asks(story, client, server, (asked, say.http("HTTP/1.1 200 OK", f"Server: {product}")), port=80)


def _reads(story: Story, client: str, server: str) -> None:
    _asks(story, client, server, (say.READ, say.VALUES))


def _writes(story: Story, client: str, server: str) -> None:
    _asks(story, client, server, (say.wrote(4000, 21), say.wrote(4000, 21)))


def _sweeps(story: Story, client: str) -> None:
    for last in range(100, 130):
        story.knock(client, f"10.22.8.{last}", 502, refused=last % 3 == 0)
        story.wait(1)
    story.wait(60)


def _units(story: Story, client: str) -> None:
    questions = ((say.modbus("01 0000 0001", unit, unit), say.modbus("81 0b", unit, unit)) for unit in range(1, 13))
    _asks(story, client, SWITCHBOARD, *questions)


def _remote(story: Story, *, onward: bool) -> None:
    _logs_in(story, _CONTRACTOR, ENGINEERING, "admin:admin", "lighttpd")
    desk = story.connect(_CONTRACTOR, ENGINEERING, 3389)
    desk.ask(say.RDP_ASKED, say.RDP_GIVEN)
    story.wait(30)
    if onward:
        _asks(story, ENGINEERING, SWITCHBOARD, (say.READ, say.VALUES))
        _units(story, ENGINEERING)
        _writes(story, ENGINEERING, SWITCHBOARD)
    desk.say(say.tpkt("02 f0 80 21 80"))
    desk.close()


def contractor_reaches_the_process(story: Story) -> None:
    _remote(story, onward=True)


def contractor_looks_at_a_desk(story: Story) -> None:
    _remote(story, onward=False)


def _office(story: Story, *, explores: bool) -> None:
    if explores:
        _reads(story, OFFICE, _STERILE)
        many_devices(story)
    story.wait(60)
    story.ask(OFFICE, _SURGERY, 47808, say.write_property(2, 1, "4441a80000", 8), say.done(), own=47808)


def office_reaches_the_theatre(story: Story) -> None:
    _office(story, explores=True)


def office_writes_once(story: Story) -> None:
    _office(story, explores=False)


def _camera(story: Story, *, taken: bool) -> None:
    connection = story.connect(SECURITY, CAMERA, 554)
    connection.ask(b"OPTIONS rtsp://10.24.5.9/ RTSP/1.0\r\nCSeq: 1\r\n\r\n",
                   b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: AXIS RTSP\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n")  # fmt: skip
    connection.close()
    _logs_in(story, SECURITY, CAMERA, "root:pass", "Apache/2.2.22 (Unix)")
    if taken:
        _reads(story, CAMERA, PLC)
        _sweeps(story, CAMERA)
    _reads(story, CAMERA if taken else OFFICE, THEATRE)


def camera_as_a_bridge(story: Story) -> None:
    _camera(story, taken=True)


def camera_beside_another_act(story: Story) -> None:
    _camera(story, taken=False)


def _controller(story: Story, *, worked_on: bool) -> None:
    """A day of polls; then its program is read and it is stopped, and nobody asks it any more."""
    connection = story.connect(GTE, PLC, 502)
    for at in range(190):
        if at == 174 and worked_on:
            _asks(story, OFFICE, PLC, (_TAKE_OUT, _UMAS_DONE), (_STOP, _UMAS_DONE))
        if at <= 175:
            connection.ask(say.READ, say.VALUES)
        story.wait(_NINE_MINUTES)
        if at > 170:
            story.arp(OTHER_PLC)


def controller_stopped(story: Story) -> None:
    _controller(story, worked_on=True)


def controller_only_silent(story: Story) -> None:
    _controller(story, worked_on=False)


def _inverter(story: Story, *, ordered: bool) -> None:
    """It is asked on each of eight days; then it is switched off from the office, and gone. A controller is still there."""
    for day in range(8):
        story.ask(GTE, UPS, 161, say.snmp(say.GET, say.UPTIME), say.snmp(say.ANSWER, say.UPTIME, b"\x43\x01\x64"))
        _reads(story, GTE, OTHER_PLC)
        story.wait(86_400 + 5_400 * (day % 5))
    asked = story.connect(GTE, OTHER_PLC, 502)
    if ordered:
        story.ask(OFFICE, UPS, 161, say.snmp(say.GET, say.UPTIME, community=b"private"),
                  say.snmp(say.ANSWER, say.UPTIME, b"\x43\x01\x64", b"private"))  # fmt: skip
        story.wait(30)
        story.ask(OFFICE, UPS, 161, say.snmp(say.SET, say.POWER_OFF, b"\2\1\2", b"private"),
                  say.snmp(say.ANSWER, say.POWER_OFF, b"\2\1\2", b"private"))  # fmt: skip
    for _ in range(30):
        asked.ask(say.READ, say.VALUES)
        story.wait(_NINE_MINUTES)


def inverter_switched_off(story: Story) -> None:
    _inverter(story, ordered=True)


def inverter_only_silent(story: Story) -> None:
    _inverter(story, ordered=False)


_SET_CLOCK = say.bacnet("1006 a4 7e0a0d02 b4 0a000000", "0100")
"""TimeSynchronization: 2026-10-13, 10:00 (135-2020, 16.7)."""


def _clock(story: Story, *, led: bool) -> None:
    if led:
        story.ask(PLC, OFFICE, 123, say.NTP_ASKED, say.NTP_GIVEN)
        story.wait(60)
    story.udp(OFFICE, THEATRE, (47808, 47808), _SET_CLOCK)
    story.wait(60)
    _logs_in(story, OFFICE, CAMERA, "root:pass", "Apache/2.2.22 (Unix)")


def clock_moved_then_login(story: Story) -> None:
    _clock(story, led=True)


def clock_set_then_login(story: Story) -> None:
    _clock(story, led=False)


def _console(story: Story, *, spreads: bool) -> None:
    for server in (PLC, OTHER_PLC):
        _reads(story, GTE, server)
    be_learnt(story)
    story.macs[_LAPTOP] = "f8:b1:56:aa:09:99"
    story.arp(_LAPTOP)
    _reads(story, _LAPTOP, PLC)
    if spreads:
        negotiate = say.smb(0x72, b"", b"\2NT LM 0.12\0")
        _asks(story, _LAPTOP, OTHER_PLC, (negotiate, say.smb(0x72, b"\0" * 34, b"")), port=445)
        _sweeps(story, _LAPTOP)
    _asks(story, _LAPTOP, PLC, (_STOP, _UMAS_DONE))


def console_that_spreads(story: Story) -> None:
    _console(story, spreads=True)


def console_that_works(story: Story) -> None:
    _console(story, spreads=False)


def three_protocols_explored(story: Story) -> None:
    two_protocols_explored(story)
    _sweeps(story, OFFICE)


def two_protocols_explored(story: Story) -> None:
    many_units(story)
    story.wait(60)
    for last in range(20, 28):
        story.ask(OFFICE, f"10.23.1.{last}", 44_818, say.LIST_IDENTITY)
        story.wait(1)
    story.wait(60)


CHAINED = (
    Act("remote-to-process", "modbus.write.unexpected", "success", contractor_reaches_the_process, contractor_looks_at_a_desk,
        site=VALMONT, chain="remote_to_process"),
    Act("office-to-theatre", "bacnet.write.unexpected", "success", office_reaches_the_theatre, office_writes_once, site=VALMONT,
        chain="office_to_hvac"),
    Act("camera-pivot", "zone.flow.forbidden", "established", camera_as_a_bridge, camera_beside_another_act, site=VALMONT,
        chain="camera_pivot"),
    Act("controller-sabotaged", "avail.polling.stopped", "client_stopped", controller_stopped, controller_only_silent,
        chain="plc_sabotage"),
    Act("inverter-off", "avail.asset.silent", "silent", inverter_switched_off, inverter_only_silent, site=VALMONT,
        chain="power_blackout"),
    Act("clock-then-login", "cred.default.cleartext", "success", clock_moved_then_login, clock_set_then_login, site=VALMONT,
        chain="time_games"),
    Act("infected-console", "eng.mode.changed", "stop", console_that_spreads, console_that_works, site=LEARNT,
        chain="infected_console"),
    Act("three-explored", "recon.net.sweep", "fast", three_protocols_explored, two_protocols_explored, chain="recon_only"),
)  # fmt: skip
