"""Framing, recognition, hostile bytes, and what tshark saw in real captures."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.base import read
from otwatch.dissectors.modbus import MODBUS
from otwatch.events import IDENTITY_FIELDS, Anomaly, Answer, Identity, Point, Request
from otwatch.sightings import Outcome, Sighting
from tests.dissectors.hostile import read_twice, variants
from tests.dissectors.modbus.vectors import ANSWERS, REQUESTS, adu, answer, flaws, heard, looks_like, request, said
from tests.wire.dialogues import End, hear, requests, tallies, udp


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("000100010006", "protocol 1 is not 0"),
        ("000100000000", "length 0 is not 2..254"),
        ("0001000000ff0103", "length 255 is not 2..254"),
        ("00010000044d015a", "length 1101 is not 2..1100"),
    ],
)
def test_header(header: str, reason: str) -> None:
    assert flaws(bytes.fromhex(header) + bytes(20)) == [reason]


def test_a_length_of_1_does_not_hide_what_follows() -> None:
    first, second = read(MODBUS, bytes.fromhex("00010000000101") + request("write coil"), True).messages
    assert isinstance(first.events[0], Anomaly)
    assert isinstance(second.events[0], Request)


@pytest.mark.parametrize("name", [name for name in REQUESTS if name != "two"])
def test_requests_of_an_unknown_side(name: str) -> None:
    assert said(request(name), None) == said(request(name), True)


@pytest.mark.parametrize("name", [name for name in ANSWERS if name != "write coil"])
def test_answers_of_an_unknown_side(name: str) -> None:
    assert said(answer(name), None) == said(answer(name), False)


@pytest.mark.parametrize("vector", [*REQUESTS.values(), *ANSWERS.values()])
def test_looks_like_modbus_on_any_port(vector: str) -> None:
    assert looks_like(bytes.fromhex(vector), False)
    assert looks_like(bytes.fromhex(vector), True)


@pytest.mark.parametrize(
    "payload",
    [
        b"GET / HTTP/1.1\r\nHost: plc\r\n\r\n",
        b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        bytes.fromhex("0300001611e00000000100c0010ac1020100c2020102"),
        bytes(64),
        b"",
    ],
    ids=["http", "tls", "ssh", "s7", "zeros", "nothing"],
)
@pytest.mark.parametrize("hinted", [True, False])
def test_does_not_look_like_modbus(payload: bytes, hinted: bool) -> None:
    assert not looks_like(payload, hinted)


@pytest.mark.parametrize("kind", [1, 2, 4, 5])
def test_dicom_is_not_modbus(kind: int) -> None:
    """A DICOM association (PS3.8 9.3) has zeros and a length where Modbus has them, and version 1 where the function stands."""
    dicom = bytes([kind, 0]) + (70).to_bytes(4) + b"\0\1\0\0" + b"PACS".ljust(16) + b"CT-SCANNER".ljust(16) + bytes(34)
    assert not looks_like(dicom, False)


def test_a_beginning_is_modbus_on_its_port_only() -> None:
    assert looks_like(request("exchange")[:14], True)
    assert not looks_like(request("exchange")[:14], False)


SIDES = st.sampled_from([True, False, None])
NOISE = st.binary(min_size=1, max_size=8)
GOOD = [bytes.fromhex(vector) for vector in (*REQUESTS.values(), *ANSWERS.values())]


@pytest.mark.parametrize("payload", GOOD)
@pytest.mark.parametrize("side", [True, False, None])
def test_nothing_hidden_in_what_good_messages_set_aside(payload: bytes, side: bool | None) -> None:
    for noise in (b"\0", b"\1", b"\xff", b"\4\0"):
        read_twice(MODBUS, payload, side, noise)


@given(payload=variants(GOOD) | st.binary(max_size=300), side=SIDES, noise=NOISE)
def test_any_bytes_and_nothing_hidden_in_what_is_set_aside(payload: bytes, side: bool | None, noise: bytes) -> None:
    reading = read_twice(MODBUS, payload, side, noise)
    for message in reading.messages:
        for event in message.events:
            assert not isinstance(event, Identity) or dict(event.fields).keys() <= IDENTITY_FIELDS


@given(
    code=st.integers(0, 255),
    data=st.binary(max_size=252),
    side=st.sampled_from([True, False, None]),
    noise=st.binary(min_size=1, max_size=8),
)
def test_any_data_behind_any_function(code: int, data: bytes, side: bool | None, noise: bytes) -> None:
    payload = adu(bytes([code]).hex() + data.hex())
    reading = read_twice(MODBUS, payload, side, noise)
    (message,) = reading.messages
    assert message.end == len(payload)
    assert isinstance(message.events[0], Request if side else Answer) or side is None


@given(payload=variants(GOOD) | st.binary(max_size=60), hinted=st.booleans())
def test_looks_like_says_yes_or_no(payload: bytes, hinted: bool) -> None:
    looks_like(payload, hinted)


CAPTURES = [
    "modbus/arkime-modbus.pcap",
    "modbus/iti-modbus_test.pcap",
    "modbus/iti-modbus_test_data_part2.pcap",
    "modbus/kb221svs-modbus_scada.pcap",
    "modbus/lemay-channel_4d_5s-first12000.pcapng",
    "modbus/lemay-exploit_ms08_netapi_modbus_6RTU_with_operate.pcap",
    "modbus/lemay-send_a_fake_command_modbus_6RTU_with_operate.pcap",
    "modbus/suricata-modbus.pcap",
    "modbus/zeek-modbus-and-non-modbus-p502.pcap",
    "umas/iti-modicon_test.pcap",
]
WRITES = frozenset({5, 6, 15, 16, 21, 22, 23})


@pytest.mark.parametrize("name", CAPTURES)
def test_tshark_agrees(captures: Path, name: str) -> None:
    truth = json.loads((captures / "TRUTH.json").read_text())["captures"][name]["modbus"]
    events = heard(captures / name)
    requests = [(frame, event) for frame, event in events if isinstance(event, Request)]
    answers = [event for _, event in events if isinstance(event, Answer)]
    assert Counter(str(event.code) for _, event in requests) == Counter(truth["functions"].get("request", {}))
    retransmitted = Counter({"42": 1}) if "arkime" in name else Counter()  # frame 113, which tshark takes for a repetition
    assert Counter(str(event.code) for event in answers) - retransmitted == Counter(truth["functions"].get("response", {}))
    assert Counter(f"{event.code}/{event.error_code}" for event in answers if event.error) == Counter(
        truth["exceptions"]["by_function_and_code"]
    )
    written = [(frame, event.target[0], event.code, event.points[:1]) for frame, event in requests if event.code in WRITES]
    assert len(written) == truth["writes"]["count"]
    assert written[:200] == [
        (
            item["frame"],
            f"unit {item['unit']}",
            item["function"],
            () if item["reference"] is None else (_point(item["function"], item["reference"], item["quantity"]),),
        )
        for item in truth["writes"]["items"]
    ]


def _point(function: int, reference: int, quantity: int) -> Point:
    return Point("coil" if function in (5, 15) else "holding-register", reference, quantity)


@pytest.mark.parametrize("port", [502, 5020])
def test_over_udp(port: int) -> None:
    """The same header in datagrams, on any port (domain/protocols.md 1.1); who asks is joined with who answers."""
    here, there = End("10.0.0.1", 40_000), End("10.0.0.2", port)
    write, read_three = bytes.fromhex(REQUESTS["write register"]), bytes.fromhex(REQUESTS["read"])
    items = hear([udp(here, there, read_three), udp(here, there, write), udp(there, here, write), udp(here, there, write[:-1])])
    asked = {(item.event.code, item.outcome) for item in requests(items) if isinstance(item.event, Request)}
    assert asked == {(3, Outcome.NONE), (6, Outcome.OK)}
    (flaw,) = [item.event for item in items if isinstance(item, Sighting) and isinstance(item.event, Anomaly)]
    assert "datagram ends" in flaw.reason
    assert {(item.conversation.service, item.conversation.transport) for item in tallies(items)} == {("modbus", "udp")}
