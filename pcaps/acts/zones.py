"""Who speaks with whom, through which boundary, and what stands where it should not."""

from pcaps.acts import messages as say
from pcaps.acts.act import (
    CAMERA,
    ENGINEERING,
    GTB_2,
    GTE,
    LEARNT,
    OFFICE,
    OTHER_PLC,
    PLC,
    SECURITY,
    THEATRE,
    TIME,
    VALMONT,
    Act,
    be_learnt,
    writes,
)  # fmt: skip
from pcaps.acts.frames import Story

_FAR = "198.51.100.7"
_IMPOSTOR = "10.22.8.77"


def _read(story: Story, client: str, server: str, times: int = 1) -> None:
    connection = story.connect(client, server, 502)
    for _ in range(times):
        connection.ask(say.READ, say.VALUES)
        story.wait(5)
    connection.close()


def office_reads(story: Story) -> None:
    _read(story, OFFICE, PLC)


def supervision_reads(story: Story) -> None:
    _read(story, GTE, PLC)


def water_written(story: Story) -> None:
    writes(GTE, "10.23.1.5", story)


def water_read(story: Story) -> None:
    _read(story, GTE, "10.23.1.5")


def dmz_reads(story: Story) -> None:
    _read(story, "10.30.0.20", PLC)


def security_reads(story: Story) -> None:
    _read(story, SECURITY, PLC)


def desk_taken_over(story: Story) -> None:
    """RustDesk's port for its rendezvous; what it says is protobuf, length first."""
    connection = story.connect(SECURITY, ENGINEERING, 21116)
    connection.ask(b"\x14\x0a\x03abc", b"\x08\x12\x00")


def contractor_comes_by_vpn(story: Story) -> None:
    initiation = bytes.fromhex("0102030405060708 0000000000000000 21 20 22 08 00000000 0000001c")
    story.ask(_FAR, "10.30.10.5", 500, initiation, initiation[:8] + b"\x11" * 8 + initiation[16:], own=500)


def _shows_pictures(story: Story) -> None:
    connection = story.connect(SECURITY, CAMERA, 554)
    connection.ask(b"OPTIONS rtsp://10.24.5.9/ RTSP/1.0\r\nCSeq: 1\r\n\r\n",
                   b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: AXIS RTSP\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n")  # fmt: skip
    connection.close()


def camera_reads_a_controller(story: Story) -> None:
    _shows_pictures(story)
    _read(story, CAMERA, PLC)


def camera_asks_for_the_time(story: Story) -> None:
    _shows_pictures(story)
    story.ask(CAMERA, TIME, 123, say.NTP_ASKED, say.NTP_GIVEN)


def shell_on_the_port_of_modbus(story: Story) -> None:
    connection = story.connect(OFFICE, PLC, 502)
    connection.say(b"SSH-2.0-dropbear_2019.78\r\n", by_client=False)
    connection.say(b"SSH-2.0-PuTTY_Release_0.78\r\n")
    connection.close()


def _relayed(story: Story, onward: str) -> None:
    session = story.connect(SECURITY, GTB_2, 3389)
    session.ask(say.RDP_ASKED, say.RDP_GIVEN)
    story.wait(30)
    if onward:
        writes(GTB_2, onward, story)
    story.wait(30)
    session.say(say.tpkt("02 f0 80 21 80"))
    session.close()


def worked_on_from_a_desk(story: Story) -> None:
    _relayed(story, PLC)


def desk_without_work(story: Story) -> None:
    _relayed(story, "")


def _two_legs(story: Story, other: str) -> None:
    card = "f8:b1:56:aa:01:77"
    for address in (GTB_2, other):
        story.arp(address, mac=card)
        story.wait(60)
    for address in (GTB_2, other):
        story.macs[address] = card
        story.arp("10.22.1.254", asker=address)
        story.arp(address, asker="10.22.1.254")
        story.wait(60)


def legs_in_two_zones(story: Story) -> None:
    _two_legs(story, "10.22.8.66")


def legs_in_one_zone(story: Story) -> None:
    _two_legs(story, "10.20.1.66")


def _second_master(story: Story, second: str) -> None:
    """A controller that its master has asked for hours; then somebody else asks it too."""
    masters = [story.connect(GTE, server, 502) for server in (PLC, OTHER_PLC)]
    for _ in range(45):
        for master in masters:
            master.ask(say.READ, say.VALUES)
        story.wait(240)
    _read(story, second, PLC, times=5)


def controller_reads_another(story: Story) -> None:
    _second_master(story, OTHER_PLC)


def master_reads_again(story: Story) -> None:
    _second_master(story, GTE)


def _answers_as_controller(story: Story, mac: str) -> None:
    be_learnt(story)
    story.macs[_IMPOSTOR] = mac
    for _ in range(6):
        _read(story, GTE, _IMPOSTOR)
        story.wait(20)


def computer_as_controller(story: Story) -> None:
    _answers_as_controller(story, "b8:27:eb:12:34:56")


def controller_as_controller(story: Story) -> None:
    _answers_as_controller(story, "00:80:f4:12:34:56")


def _known_for_days(story: Story) -> None:
    for client, server in ((GTE, PLC), (GTB_2, OTHER_PLC)):
        _read(story, client, server)
    be_learnt(story, 8)


def new_talk(story: Story) -> None:
    _known_for_days(story)
    _read(story, GTE, OTHER_PLC)


def usual_talk(story: Story) -> None:
    _known_for_days(story)
    _read(story, GTE, PLC)


def new_service(story: Story) -> None:
    _known_for_days(story)
    connection = story.connect(GTE, PLC, 80)
    connection.ask(say.http("GET / HTTP/1.1", "Host: 10.22.8.20"), say.http("HTTP/1.1 200 OK", "Server: Schneider-WEB"))
    connection.close()


def old_system(story: Story) -> None:
    """SMB1 names the system it runs on (MS-CIFS 2.2.4.53.2)."""
    _names_system(story, THEATRE)


def old_system_elsewhere(story: Story) -> None:
    _names_system(story, PLC)


def _names_system(story: Story, server: str) -> None:
    connection = story.connect(GTE, server, 445)
    negotiated = say.smb(0x72, b"\0" * 34, b"")
    connection.ask(say.smb(0x72, b"", b"\2NT LM 0.12\0"), negotiated)
    names = b"Windows 5.1\0Windows 2000 LAN Manager\0"
    connection.ask(say.smb(0x73, b"\xff\0" + b"\0" * 24, b"\0\0\0\0\0"), say.smb(0x73, b"\xff\0\0\0\0\0", names))
    connection.close()


ZONES = (
    Act("office-reads", "zone.flow.forbidden", "established", office_reads, supervision_reads, site=VALMONT),
    Act("office-unprotected", "clear.ics.unprotected", "read", office_reads, supervision_reads, site=VALMONT, beside=True),
    Act("water-written", "zone.conduit.violation", "write_clause", water_written, water_read, site=VALMONT, beside=True),
    Act("dmz-reads", "zone.level.skip", "depth2", dmz_reads, supervision_reads, site=VALMONT),
    Act("security-reads", "zone.flow.undeclared", "established", security_reads, supervision_reads, site=VALMONT),
    Act("desk-taken-over", "zone.remote.unexpected", "tool", desk_taken_over, contractor_comes_by_vpn, site=VALMONT),
    Act("camera-reads", "zone.camera.initiator", "ot_or_admin", camera_reads_a_controller, camera_asks_for_the_time, site=VALMONT),
    Act("shell-on-502", "malf.port_mismatch", "tunnel", shell_on_the_port_of_modbus, supervision_reads),
    Act("relayed", "zone.chain.jump", "write", worked_on_from_a_desk, desk_without_work, site=VALMONT),
    Act("two-legs", "zone.multihomed", "two_addresses", legs_in_two_zones, legs_in_one_zone, site=VALMONT),
    Act("second-master", "integ.master.changed", "polling", controller_reads_another, master_reads_again),
    Act("impostor", "inv.vendor.mismatch", "impostor", computer_as_controller, controller_as_controller, site=LEARNT),
    Act("new-talk", "inv.conversation.new", "read", new_talk, usual_talk, site=LEARNT),
    Act("new-service", "inv.service.new", "web", new_service, usual_talk, site=LEARNT),
    Act("old-system", "inv.obsolete", "eol_os", old_system, old_system_elsewhere, site=VALMONT),
)  # fmt: skip
