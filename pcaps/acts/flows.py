"""Flows that are tried, refused, or made where none is declared; and what is new between those who are known."""

from functools import partial

from pcaps.acts import messages as say
from pcaps.acts.act import (
    CAMERA,
    ENGINEERING,
    GTB_1,
    GTB_2,
    GTE,
    LEARNT,
    OFFICE,
    OTHER_PLC,
    PLC,
    SECURITY,
    THEATRE,
    VALMONT,
    Act,
    be_learnt,
    writes,
)  # fmt: skip
from pcaps.acts.frames import Story

_FAR, _NEARBY = "198.51.100.7", "8.8.4.4"
_NIGHT = 13 * 3_600.0
"""From ten in the morning to eleven at night."""


def _knocks(client: str, server: str, refused: bool, story: Story) -> None:
    story.knock(client, server, 502, refused=refused)
    story.wait(30)


def _reads(client: str, server: str, story: Story) -> None:
    connection = story.connect(client, server, 502)
    connection.ask(say.READ, say.VALUES)
    connection.close()


def _at_night(story: Story) -> None:
    story.wait(_NIGHT)
    _reads(ENGINEERING, PLC, story)


def _camera_page(client: str, story: Story) -> None:
    connection = story.connect(client, CAMERA, 80)
    connection.ask(say.http("GET / HTTP/1.1", "Host: 10.24.5.9"), say.http("HTTP/1.1 200 OK", "Server: Apache/2.2.22 (Unix)"))
    connection.close()


def _between_controllers(port: int, is_open: bool, story: Story) -> None:
    """Both are asked by their master; then one of them opens a connection to the other."""
    for server in (PLC, OTHER_PLC):
        _reads(GTE, server, story)
    if not port:
        return
    if is_open:
        connection = story.connect(PLC, OTHER_PLC, port)
        connection.say(b"\xff\xfd\x18\xff\xfd\x20\r\nlogin: ", by_client=False)
        connection.say(b"\xff\xfc\x18\xff\xfc\x20")
        connection.close()
    else:
        story.knock(PLC, OTHER_PLC, port)


def _ike(client: str, server: str, story: Story) -> None:
    initiation = bytes.fromhex("0102030405060708 0000000000000000 21 20 22 08 00000000 0000001c")
    story.ask(client, server, 500, initiation, initiation[:8] + b"\x11" * 8 + initiation[16:], own=500)


def _screen(server: str, port: int, story: Story) -> None:
    """A screen (RFC 6143) that is brought to its viewer, or looked at where it stands."""
    connection = story.connect(ENGINEERING, server, port)
    connection.say(b"RFB 003.008\n", by_client=port == 5500)
    connection.say(b"RFB 003.008\n", by_client=port != 5500)
    connection.close()


def _asks_who(client: str, story: Story) -> None:
    story.ask(client, THEATRE, 47808, say.bacnet("1008"), say.bacnet("1000 c4020334b7 2201e0 9100 2107"), own=47808)


def _known(story: Story) -> None:
    for client, server in ((GTE, PLC), (GTB_2, OTHER_PLC)):
        _reads(client, server, story)
    be_learnt(story, 8)


def _then(port: int, question: bytes, answer: bytes, story: Story) -> None:
    """What is asked of a controller that has been known for days."""
    _known(story)
    connection = story.connect(GTE, PLC, port)
    connection.ask(question, answer)
    connection.close()


_USUAL = partial(_then, 502, say.READ, say.VALUES)
_FTP = b"USER essai\r\n", b"331 Password required\r\n"
_SSH = b"SSH-2.0-PuTTY_Release_0.78\r\n", b"SSH-2.0-dropbear_2019.78\r\n"
_ENIP = bytes.fromhex("65000400 00000000") + bytes(16) + b"\1\0\0\0", bytes.fromhex("65000400 01000000") + bytes(16) + b"\1\0\0\0"


def _newly_written(known: bool, story: Story) -> None:
    _known(story)
    (writes if known else _reads)(GTE, OTHER_PLC, story)


def _camera_knocks(client: str, story: Story) -> None:
    connection = story.connect(SECURITY, CAMERA, 554)
    connection.ask(b"OPTIONS rtsp://10.24.5.9/ RTSP/1.0\r\nCSeq: 1\r\n\r\n",
                   b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: AXIS RTSP\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n")  # fmt: skip
    connection.close()
    _knocks(client, PLC, False, story)


def _share(story: Story) -> None:
    """SMB1 toward a controller (MS-CIFS 2.2.4.52)."""
    _reads(GTE, PLC, story)
    connection = story.connect(SECURITY, PLC, 445)
    connection.ask(say.smb(0x72, b"", b"\2NT LM 0.12\0"), say.smb(0x72, b"\0" * 34, b""))
    connection.close()


_SUPERVISED = partial(_reads, GTE, PLC)
FLOWS = (
    Act("internet-knocks", "zone.internet.inbound", "attempt", partial(_knocks, _NEARBY, PLC, False), partial(_knocks, GTE, PLC, False),
        site=VALMONT),
    Act("office-skips", "zone.level.skip", "depth3", partial(_reads, OFFICE, PLC), _SUPERVISED, site=VALMONT, beside=True),
    Act("office-refused", "zone.flow.forbidden", "refused", partial(_knocks, OFFICE, PLC, True), partial(_knocks, GTE, PLC, True),
        site=VALMONT),
    Act("office-unanswered", "zone.flow.forbidden", "attempt", partial(_knocks, OFFICE, PLC, False), partial(_knocks, GTE, PLC, False),
        site=VALMONT),
    Act("desk-orders", "zone.flow.undeclared", "order", partial(writes, SECURITY, PLC), _SUPERVISED, site=VALMONT, beside=True),
    Act("desk-refused", "zone.flow.undeclared", "refused", partial(_knocks, SECURITY, PLC, True), partial(_knocks, GTE, PLC, True),
        site=VALMONT),
    Act("desk-unanswered", "zone.flow.undeclared", "attempt", partial(_knocks, SECURITY, PLC, False), partial(_knocks, GTE, PLC, False),
        site=VALMONT),
    Act("desk-looks-around", "zone.flow.undeclared", "discovery", partial(_asks_who, SECURITY), partial(_asks_who, GTB_1), site=VALMONT),
    Act("console-at-night", "zone.conduit.violation", "window", _at_night, partial(_reads, ENGINEERING, PLC), site=VALMONT),
    Act("other-desk", "zone.conduit.violation", "host", partial(_camera_page, "10.20.2.60"), partial(_camera_page, SECURITY),
        site=VALMONT),
    Act("shell-next-door", "zone.field.initiator", "shell", partial(_between_controllers, 23, True),
        partial(_between_controllers, 0, False), site=VALMONT),
    Act("knock-next-door", "zone.field.initiator", "attempt", partial(_between_controllers, 23, False),
        partial(_between_controllers, 0, False), site=VALMONT),
    Act("console-tunnels", "zone.remote.unexpected", "tunnel", partial(_ike, ENGINEERING, SECURITY),
        partial(_ike, "10.30.10.5", _FAR), site=VALMONT),
    Act("screen-brought-out", "zone.remote.unexpected", "reverse", partial(_screen, _FAR, 5500), partial(_screen, GTB_2, 5900)),
    Act("camera-knocks", "zone.camera.initiator", "attempt", partial(_camera_knocks, CAMERA), partial(_camera_knocks, GTE), site=VALMONT),
    Act("share-of-a-controller", "zone.it_protocol.cell", "other", _share, _SUPERVISED, site=VALMONT),
    Act("new-shell", "inv.service.new", "remote", partial(_then, 22, *_SSH), _USUAL, site=LEARNT),
    Act("new-files", "inv.service.new", "file", partial(_then, 21, *_FTP), _USUAL, site=LEARNT, beside=True),
    Act("files-in-clear", "clear.management", "management", partial(_then, 21, *_FTP), _USUAL, site=LEARNT),
    Act("new-protocol", "inv.service.new", "ot", partial(_then, 44_818, *_ENIP), _USUAL, site=LEARNT),
    Act("new-port", "inv.service.new", "other", partial(_then, 873, b"@RSYNCD: 31.0\n", b"@RSYNCD: 31.0\n"), _USUAL, site=LEARNT),
    Act("new-writer", "inv.conversation.new", "write", partial(_newly_written, True), _USUAL, site=LEARNT, beside=True),
)  # fmt: skip
