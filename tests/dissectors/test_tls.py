"""TLS: recognised wherever it begins, on any port, and nothing else taken for it; then only counted."""

import ssl
from datetime import datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from otwatch.decode.ports import OVER_TLS, SERVICES, known_as
from otwatch.dissectors import DISSECTORS
from otwatch.dissectors.base import read
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.tls import TLS
from otwatch.dissectors.tls.hello import hello
from otwatch.errors import Malformed
from otwatch.events import Anomaly, Event, Identity
from otwatch.facts.coverage import ENCRYPTED
from otwatch.packets import TCP
from otwatch.sightings import Outcome, Sighting
from otwatch.wire.recognition import Recognition, knows
from tests.dissectors.hostile import read_twice, variants
from tests.dissectors.streams import heard
from tests.dissectors.tls_hello import client_hello
from tests.wire.dialogues import End, connection, hear, modbus, opened, outcomes, slots, tallies, write

RECORD = bytes.fromhex("1703030010") + bytes(16)
SERVER_HELLO = bytes.fromhex("160303004a0200004603035f") + bytes(67)
SHORT = [bytes.fromhex("15030300020100"), bytes.fromhex("140303000101")]
GOOD = [client_hello(), client_hello(protocols=("h2",)), SERVER_HELLO, RECORD, *SHORT]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("hinted", [True, False])
def test_hello(version: ssl.TLSVersion, hinted: bool) -> None:
    first = client_hello(version=version)
    assert knows(TLS, first, hinted)
    assert knows(TLS, first[:100], hinted)
    assert knows(TLS, SERVER_HELLO, hinted)
    assert not knows(TLS, first[:8], False)


def test_what_a_hello_names() -> None:
    said = hello(Reader(client_hello("gtb.hopital.example", ("http/1.1", "hub.bsc.bacnet.org"))))
    assert said == (b"gtb.hopital.example", (b"http/1.1", b"hub.bsc.bacnet.org"))
    for short in (RECORD, SERVER_HELLO, client_hello()[:100]):
        with pytest.raises(Malformed):
            hello(Reader(short))


@pytest.mark.parametrize(
    ("payload", "hinted", "is_tls"),
    [
        (RECORD, False, True),
        (SHORT[0] + SHORT[1], False, True),
        (RECORD + RECORD[:9], False, True),
        (RECORD + RECORD[:3], False, False),
        (RECORD[:20], False, False),
        (RECORD[:20], True, True),
        (RECORD + b"\x17\x03\x09\x00\x01", False, False),
        (bytes.fromhex("1703034801") + bytes(99), True, False),
        (bytes.fromhex("1703030000"), True, False),
        (bytes.fromhex("1903030001aa"), True, False),
        (bytes.fromhex("160301010001000000030300"), False, False),
        (bytes.fromhex("0001000000061103006b0003"), True, False),
        (b"GET / HTTP/1.1\r\n\r\n", True, False),
        (b"", True, False),
    ],
)
def test_records(payload: bytes, hinted: bool, is_tls: bool) -> None:
    assert knows(TLS, payload, hinted) is is_tls


def test_the_port_tells_what_is_inside() -> None:
    assert set(SERVICES[TCP].values()) >= OVER_TLS
    assert OVER_TLS | {"tls"} <= ENCRYPTED
    assert (known_as("tls", "modbus-tls"), known_as("tls", "modbus"), known_as("bacnet-sc", "https")) == ("modbus-tls", "tls", "bacnet-sc")
    assert (known_as("smb", "netbios-ssn"), known_as("smb", "")) == ("netbios-ssn", "smb")


@pytest.mark.parametrize(("port", "service"), [(802, "modbus-tls"), (443, "https"), (8883, "mqtts"), (4711, "tls")])
@pytest.mark.parametrize("size", [1, 16_384])
def test_bulk_is_counted_and_not_read(port: int, service: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the hello is looked at, however much follows and wherever batches end; the name holds for its slot and later ones."""
    looked: list[bytes] = []
    look = Recognition._try
    monkeypatch.setattr(Recognition, "_try", lambda self, payload, order: looked.append(payload) or look(self, payload, order))
    client, server = connection(server=End("10.0.0.2", port))
    frames = [*opened(client, server), client.says(client_hello())]
    frames += [server.says(RECORD * 40, time_ns=slots(at / 50)) for at in range(200)]
    items = hear(frames, size)
    assert len(looked) == 1
    named = Identity("tls", (), (("host", "hub.example"),), hearsay=True)
    assert [item.event for item in items if isinstance(item, Sighting)] == [named]
    assert {item.conversation.service for item in tallies(items)} == {service}
    assert sum(sum(item.packets) for item in tallies(items)) == 203
    assert not any(item.unread or item.lost for item in tallies(items))


def test_a_hello_hides_no_orders_from_a_controller() -> None:
    """On a port of a protocol that can be read, a connection is TLS only once both sides speak it."""
    client, server = connection()
    order = modbus(1, write(5))
    items = hear([*opened(client, server), client.says(client_hello()), client.says(order), server.says(order)])
    assert outcomes(items) == [("holding-register 5", Outcome.OK)]
    assert sum(item.unread for item in tallies(items)) == len(client_hello())
    client, server = connection()
    items = hear([*opened(client, server), client.says(client_hello()), server.says(SERVER_HELLO), client.says(RECORD)])
    assert {item.conversation.service for item in tallies(items)} == {"tls"}


def test_a_hello_in_pieces_is_recognised() -> None:
    client, server = connection(server=End("10.0.0.2", 4711))
    first = client_hello()
    items = hear([*opened(client, server), client.says(first[:3]), client.says(first[3:])])
    assert {item.conversation.service for item in tallies(items)} == {"tls"}


def handshake(*messages: bytes, version: int = 0x0303) -> bytes:
    """One record with messages of the handshake."""
    whole = b"".join(messages)
    return b"\x16" + version.to_bytes(2) + len(whole).to_bytes(2) + whole


def certificate(der: bytes) -> bytes:
    chain = len(der).to_bytes(3) + der
    body = len(chain).to_bytes(3) + chain
    return b"\x0b" + len(body).to_bytes(3) + body


@pytest.fixture(scope="module")
def der() -> bytes:
    """A camera's certificate, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    common, maker = x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME
    name = x509.Name([x509.NameAttribute(common, "axis-00408c123456"), x509.NameAttribute(maker, "Axis Communications AB")])
    names = x509.SubjectAlternativeName([x509.DNSName("hall.hopital.example"), x509.IPAddress(IPv4Address("192.0.2.77"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2030, 5, 6)).add_extension(names, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def said(*parts: tuple[bool, bytes]) -> list[Event]:
    return heard(TLS, parts)


def test_a_server_shows_version_and_certificate(der: bytes) -> None:
    shown = certificate(der)
    records = handshake(SERVER_HELLO[5:], shown[:100]) + handshake(shown[100:])
    assert said((True, client_hello("hall.hopital.example")), (False, records)) == [
        Identity("tls", (), (("host", "hall.hopital.example"),), hearsay=True),
        Identity("tls", (), (("dialect", "TLS 1.2"),)),
        Identity("tls", (), (
            ("certificate", "axis-00408c123456"), ("certificate_name", "hall.hopital.example"), ("certificate_name", "192.0.2.77"),
            ("issuer", "self-signed"), ("organisation", "Axis Communications AB"), ("valid_until", "2030-05-06"),
        )),
    ]  # fmt: skip


def test_what_is_no_certificate_is_a_flaw() -> None:
    (flaw,) = said((False, handshake(certificate(b"\x30\x03abc"))))
    assert flaw == Anomaly("tls", "certificate cannot be read", 5)


@pytest.mark.parametrize("day", [b"309906", b"0\xff0506"], ids=["no such day", "no text"])
def test_an_odd_certificate_is_no_flaw(der: bytes, day: bytes) -> None:
    """Old devices show certificates that the library refuses: they break no protocol, and nothing is read of them."""
    odd = der.replace(b"300506", day)
    assert odd != der
    assert said((False, handshake(certificate(odd)))) == []


def test_nothing_is_said_behind_the_change_of_cipher(der: bytes) -> None:
    assert said((False, SHORT[1] + handshake(certificate(der)))) == []


def test_tls_1_3_is_chosen_by_an_extension() -> None:
    extensions = bytes.fromhex("0006002b00020304")
    body = b"\x03\x03" + bytes(32) + b"\0" + b"\x13\x01\0" + extensions
    assert said((False, handshake(b"\2" + len(body).to_bytes(3) + body))) == [Identity("tls", (), (("dialect", "TLS 1.3"),))]


@given(payload=variants(GOOD) | st.binary(max_size=400), hinted=st.booleans(), noise=st.binary(min_size=1, max_size=8))
def test_hostile_bytes(payload: bytes, hinted: bool, noise: bytes) -> None:
    """Any bytes are TLS or not; a hello has its fields or is malformed."""
    knows(TLS, payload, hinted)
    read_twice(TLS, payload, None, noise)
    try:
        hello(Reader(payload))
    except Malformed:
        return


def test_nothing_else_is_taken_for_it(captures: Path) -> None:
    """A hello to a controller, which answers in Modbus (frames 49 and 51 of the last one), makes no TLS connection either."""
    assert [one.name for one in DISSECTORS if one.sealed] == ["bacnet-sc", "tls", "s7-plus", "bacnet-websocket", "ssh", "vnc"]
    assert read(TLS, GOOD[0], True).used == len(GOOD[0])
    for name in ("modbus/zeek-modbusBig.pcap", "umas/iti-modicon_test.pcap", "s7/iti-wincc_s400_production.pcap",
                 "modbus/zeek-modbus-and-non-modbus-p502.pcap"):  # fmt: skip
        assert "tls" not in services(captures / name)


def services(capture: Path) -> dict[str, int]:
    """Packets by service."""
    from otwatch.capture import open_captures
    from otwatch.wire import Wire, sightings

    found: dict[str, int] = {}
    batches = (frames for source in open_captures([capture]) for frames in source.read())
    for one in tallies(sightings(Wire(DISSECTORS), batches)):
        found[one.conversation.service] = found.get(one.conversation.service, 0) + sum(one.packets)
    return found


@pytest.mark.parametrize(
    ("name", "service", "packets"),
    [
        ("dlms/ctsamples-XmlDemo.pcap", "tls", 9),
        ("dns/ndpi-dnscrypt-v2-doh.pcap", "tls", 39),
        ("format/pcapplusplus-pcapng-example-2.pcapng", "tls", 58),
        ("mqtt/suricata-mqtt-events-missing-connect.pcap", "tls", 20),
        ("tls/zeek-ml-dsa-44-cert.pcap", "https", 5),
    ],
)
def test_captures(captures: Path, name: str, service: str, packets: int) -> None:
    """On any port, from the hello or from the middle: as tshark sees them."""
    assert services(captures / name)[service] == packets
