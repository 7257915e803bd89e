"""Conversations that another one asked for: their client is who asked, and they have the name of what they are (domain/zones.md 9.2)."""

import pytest

from otwatch.packets import ACK
from otwatch.sightings import Tally
from otwatch.wire.companions import Companions
from tests.decode.builders import Frame
from tests.wire.dialogues import End, connection, hear, opened, tallies, tcp, udp

PC, NAS = "10.0.0.1", "10.0.0.2"
SECOND = 1_000_000_000


def ftp(*said: bytes, begin: int = 0) -> list[Frame]:
    """A control connection on which client and server speak in turn."""
    client, server = connection(End(PC, 40_000), End(NAS, 21))
    talk = (b"USER x\r\n", b"331 ok\r\n", *said)
    return opened(client, server, begin) + [(server if at % 2 else client).says(line, begin + at) for at, line in enumerate(talk)]


def data(client: End, server: End, begin: int = 100) -> list[Frame]:
    asker, giver = connection(client, server)
    return [*opened(asker, giver, begin), giver.says(b"\x01" * 400, begin + 1)]


PASSIVE, ACTIVE = End(NAS, 0xC80A), End(PC, 0xC350)
PASV, EPSV = (b"PASV\r\n", b"227 Entering Passive Mode (192,168,9,9,200,10)\r\n"), (b"EPSV\r\n", b"229 Extended (|||51210|)\r\n")
PORT, EPRT = (b"PORT 10,9,9,9,195,80\r\n", b"200 ok\r\n"), (b"EPRT |1|10.9.9.9|50000|\r\n", b"200 ok\r\n")


def names(frames: list[Frame]) -> set[tuple[str, str, int, str]]:
    return {(talk.client, talk.server, talk.server_port, talk.service) for talk in (item.conversation for item in tallies(hear(frames)))}


@pytest.mark.parametrize("said", [PASV, EPSV])
def test_passive_ftp(said: tuple[bytes, bytes]) -> None:
    """The address that a server behind NAT writes is not the one it is reached by."""
    assert names([*ftp(*said), *data(End(PC, 40_001), PASSIVE)]) == {(PC, NAS, 21, "ftp"), (PC, NAS, 0, "ftp-data")}


@pytest.mark.parametrize("said", [PORT, EPRT])
@pytest.mark.parametrize("port", [20, 40_020])
def test_active_ftp_is_the_clients_though_the_server_begins(said: tuple[bytes, bytes], port: int) -> None:
    frames = [*ftp(*said), *data(End(NAS, port), ACTIVE)]
    assert names(frames) == {(PC, NAS, 21, "ftp"), (PC, NAS, 0, "ftp-data")}
    (one,) = (item for item in tallies(hear(frames)) if item.conversation.service == "ftp-data")
    assert (one.packets, one.payload) == ((2, 1), (400, 0))  # the server's SYN and nothing else is the other way round


def test_nobody_elses_conversation_gets_a_name() -> None:
    """PORT may name any address, to have a server attack it or to hide; only who speaks can be meant."""
    victim = End("10.9.9.9", 50_000)
    assert (NAS, "10.9.9.9", 50_000, "") in names([*ftp(*PORT), *data(End(NAS, 40_020), victim)])


def test_what_was_not_announced_or_long_ago_or_later_keeps_no_name() -> None:
    other = data(End(PC, 40_001), End(NAS, 51_211))
    assert (PC, NAS, 51_211, "") in names([*ftp(*PASV), *other])
    late = data(End(PC, 40_001), PASSIVE, 400 * SECOND)
    assert (PC, NAS, 51_210, "") in names([*ftp(*PASV), *late])
    early = data(End(PC, 40_001), PASSIVE, 0)
    assert (PC, NAS, 51_210, "") in names([*early, *ftp(*PASV, begin=20 * SECOND)])


def test_a_long_transfer_keeps_its_name() -> None:
    asker, giver = connection(End(PC, 40_001), PASSIVE)
    more = [giver.says(b"\x01" * 400, at * 100 * SECOND) for at in range(1, 8)]
    assert names([*ftp(*PASV), *opened(asker, giver, 100), *more]) == {(PC, NAS, 21, "ftp"), (PC, NAS, 0, "ftp-data")}


@pytest.mark.parametrize("size", [1, 3, 7])
def test_batches_change_nothing(size: int) -> None:
    frames = [*ftp(*PASV), *data(End(PC, 40_001), PASSIVE), *data(End(PC, 40_002), End(NAS, 777), 11 * SECOND)]
    assert tallies(hear(frames, size)) == tallies(hear(frames))


def tftp(server_port: int, begin: int) -> list[Frame]:
    client, server = End(PC, 50_001), End(NAS, server_port)
    return [udp(server, client, b"\x00\x03\x00\x01data", begin), udp(client, server, b"\x00\x04\x00\x01", begin + 1)]


def test_tftp_goes_on_from_another_port() -> None:
    """RFC 1350 4: the answer comes from a port chosen at random."""
    asks = udp(End(PC, 50_001), End(NAS, 69), b"\x00\x01boot.bin\x00octet\x00", 0)
    assert names([asks, *tftp(50_999, 10)]) == {(PC, NAS, 69, "tftp")}
    assert (NAS, PC, 50_001, "") in names([asks, *tftp(50_999, 60 * SECOND)])


SETUP = (
    b"SETUP rtsp://cam/1 RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP;unicast;client_port=4588-4589\r\n\r\n",
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nTransport: RTP/AVP;unicast;client_port=4588-4589;server_port=6256-6257\r\n\r\n",
)


def test_pictures_of_a_camera_belong_to_who_watches() -> None:
    """They come from where they come from; reports about them go to the next port."""
    client, server = connection(End(PC, 40_000), End(NAS, 554))
    says = [*opened(client, server), client.says(SETUP[0], 1), server.says(SETUP[1], 2)]
    pictures = [udp(End(NAS, 6256), End(PC, 4588), b"\x80\x60" + bytes(20), at) for at in (10, 11)]
    report = udp(End(PC, 4589), End(NAS, 6257), b"\x80\xc9" + bytes(20), 12)
    assert names([*says, *pictures, report]) == {(PC, NAS, 554, "rtsp"), (PC, NAS, 0, "rtp")}


SDP = b"v=0\r\nc=IN IP4 %b\r\nm=audio %b RTP/AVP 8\r\n"
INVITE = b"INVITE sip:2@x SIP/2.0\r\nVia: SIP/2.0/UDP x\r\nCSeq: 1 INVITE\r\n\r\n"
RINGS = b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x\r\nCSeq: 1 INVITE\r\n\r\n"


@pytest.mark.parametrize(
    "frame",
    [
        udp(End(PC, 5060), End("10.0.0.9", 5060), INVITE + SDP % (PC.encode(), b"8000"), 0),
        udp(End("10.0.0.9", 5060), End(PC, 5060), RINGS + SDP % (NAS.encode(), b"9000"), 0),
    ],
)
def test_a_call_is_who_calls(frame: Frame) -> None:
    """Signalling passes an exchange, sound does not: SDP says where it goes."""
    sound = [
        udp(End(NAS, 9000), End(PC, 8000), b"\x80\x08" + bytes(160), 10),
        udp(End(PC, 8000), End(NAS, 9000), b"\x80\x08" + bytes(160), 11),
    ]
    assert (PC, NAS, 0, "rtp") in names([frame, *sound])


def test_tables_are_bounded() -> None:
    small = Companions(limit=2)
    for item in hear(
        [*ftp(*PASV), *ftp(*EPSV, begin=10), *(udp(End(PC, 5000 + at), End(f"10.0.1.{at}", 69), b"\x00\x01", at) for at in range(9))]
    ):
        assert list(small.see([item])) == [item]
    assert small.evicted == 7


def test_a_reset_alone_is_no_transfer() -> None:
    refused = [tcp(End(PC, 40_001), PASSIVE, 1, flags=2, time_ns=50), tcp(PASSIVE, End(PC, 40_001), 0, flags=4 | ACK, time_ns=51)]
    (one,) = (item for item in tallies(hear([*ftp(*PASV), *refused])) if item.conversation.service == "ftp-data")
    assert isinstance(one, Tally)
    assert one.flags == (2, 4 | ACK)
