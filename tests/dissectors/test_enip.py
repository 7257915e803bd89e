"""EtherNet/IP: the golden vectors, hostile bytes, and real captures against what tshark saw."""

import json
import subprocess
from collections import Counter
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.base import Dissector, matches, read
from otwatch.dissectors.enip import CIP_IO, ENIP
from otwatch.dissectors.reader import Reader
from otwatch.events import UNNAMED, Anomaly, Answer, Identity, Reading, Request, Verb
from tests.dissectors.enveloped import opened

LIST_IDENTITY = bytes.fromhex("630000000000000000000000000000000000000000000000")
IDENTITY = bytes.fromhex(
    "63003300000000000000000000000000000000000000000001000c002d0001000002af12c0000214000000000000000001000c00a600050830"
    "00eeffc0000b313735362d454e32542f4203"
)
REGISTER = bytes.fromhex("65000400000000000000000000000000000000000000000001000000")
ATTRIBUTES_ALL = "010220012401"
WRITE_TAG = "4d059107414855315f535000ca0001000000ac41"
MULTIPLE = "0a0220022401020006000e000e0320012401300710032004246530030100"
FORWARD_OPEN = "54022006240107f9000000000100008034124d00fecaad0b0000000080841e00f44380841e00f443a303010020022401"
CHANGE_MODE = "4b0220672401074d00fecaad0b0f0002008001"
IO_RUN = bytes.fromhex("0200028008000200aa004d000000b10008000500010000000100")
IO_IDLE = bytes.fromhex("0200028008000200aa004e000000b10008000600000000000100")


def rr(cip: str) -> bytes:
    """SendRRData with one unconnected message, as in the golden vectors."""
    items = "020000000000b200" + (len(cip) // 2).to_bytes(2, "little").hex() + cip
    size = (6 + len(items) // 2).to_bytes(2, "little").hex()
    return bytes.fromhex("6f00" + size + "44332211" + "00" * 16 + "00000000" + "0a00" + items)


def unit(cip: str, sequence: int = 1) -> bytes:
    """SendUnitData with one message of a connection."""
    message = sequence.to_bytes(2, "little") + bytes.fromhex(cip)
    items = bytes.fromhex("0200a1000400010b7900b100") + len(message).to_bytes(2, "little") + message
    return bytes.fromhex("7000") + (6 + len(items)).to_bytes(2, "little") + bytes(20) + bytes(6) + items


VECTORS = [LIST_IDENTITY, IDENTITY, REGISTER, *map(rr, (ATTRIBUTES_ALL, WRITE_TAG, MULTIPLE, FORWARD_OPEN, CHANGE_MODE)), unit(MULTIPLE)]


def events(payload: bytes, is_request: bool | None = None, dissector: Dissector = ENIP) -> list[object]:
    return list(opened(event for message in read(dissector, payload, is_request).messages for event in message.events))


def status(payload: bytes, number: int) -> bytes:
    return payload[:8] + bytes([number]) + payload[9:]


def test_rr_builds_the_golden_vector() -> None:
    golden = "6f0016004433221100000000000000000000000000000000000000000a00020000000000b2000600010220012401"
    assert rr(ATTRIBUTES_ALL).hex() == golden


def test_list_identity_asks_with_an_empty_body_whoever_sends_it() -> None:
    for is_request in (True, False, None):
        assert events(LIST_IDENTITY, is_request) == [Request("enip", Verb.DISCOVER, "ListIdentity", 0x63)]


def test_list_identity_answer_names_the_device() -> None:
    answer, identity = events(IDENTITY)
    assert answer == Answer("enip", "ListIdentity", 0x63)
    assert identity == Identity("enip", (), (
        ("ip", "192.0.2.20"),
        ("vendor_id", "1"),
        ("vendor", "Rockwell Automation/Allen-Bradley"),
        ("device_type", "Communications Adapter"),
        ("device_type_id", "12"),
        ("product_code", "166"),
        ("firmware", "5.8"),
        ("serial", "0x00C0FFEE"),
        ("product", "1756-EN2T/B"),
        ("run_state", "operational"),
    ))  # fmt: skip


@pytest.mark.parametrize("command", [0x04, 0x63, 0x64])
def test_a_scan_script_leaves_its_mark(command: int) -> None:
    probe = bytes([command]) + LIST_IDENTITY[1:16] + bytes.fromhex("C1DEBED1") + LIST_IDENTITY[20:]
    (request,) = events(probe)
    assert isinstance(request, Request)
    assert request.details == (("signature", "C1DEBED1"),)


def test_list_services_answer() -> None:
    payload = bytes.fromhex("04001a00000000000000000000000000000000000000000001000001140001002001436f6d6d756e69636174696f6e730000")
    assert events(payload) == [Answer("enip", "ListServices", 4, details=(("service", "Communications"), ("flags", "0x0120")))]


def test_security_item_of_list_identity() -> None:
    body = bytes.fromhex("010086000500") + bytes.fromhex("0e00020000")
    assert events(LIST_IDENTITY[:2] + len(body).to_bytes(2, "little") + LIST_IDENTITY[4:] + body) == [
        Answer("enip", "ListIdentity", 0x63, details=(("security_profiles", "0x000e"), ("security_state", "2")))
    ]


def test_register_session_asks_without_a_handle() -> None:
    granted = REGISTER[:4] + bytes.fromhex("44332211") + REGISTER[8:]
    assert events(REGISTER) == [Request("enip", Verb.SESSION, "RegisterSession", 0x65)]
    assert events(granted) == [Answer("enip", "RegisterSession", 0x65)]
    assert events(granted, True) == [Request("enip", Verb.SESSION, "RegisterSession", 0x65)]


def test_unregister_session_is_not_answered() -> None:
    assert events(bytes([0x66]) + LIST_IDENTITY[1:], False) == [Request("enip", Verb.SESSION, "UnRegisterSession", 0x66, one_way=True)]


def test_unknown_command_keeps_its_number() -> None:
    assert events(bytes([1]) + LIST_IDENTITY[1:], True) == [Request("enip", Verb.OTHER, "command 0x0001", 1)]
    assert events(bytes([1]) + LIST_IDENTITY[1:], False) == [Answer("enip", "command 0x0001", 1)]


def test_a_status_does_not_hide_what_is_carried() -> None:
    refusal, request = events(status(rr(WRITE_TAG), 0x64), True)
    assert isinstance(refusal, Answer)
    assert isinstance(request, Request)
    assert request.verb is Verb.WRITE


def test_a_status_refuses_whatever_was_asked() -> None:
    (refusal,) = events(status(bytes([0x6F]) + LIST_IDENTITY[1:], 0x64), False)
    assert refusal == Answer("enip", "SendRRData", UNNAMED, error="Invalid session handle", error_code="0x64")
    (request,) = events(rr(WRITE_TAG))
    assert isinstance(request, Request)
    assert isinstance(refusal, Answer)
    assert matches(request, refusal)
    assert events(status(REGISTER, 0x69), False) == [
        Answer("enip", "RegisterSession", 0x65, error="Unsupported protocol version", error_code="0x69")
    ]


def test_unconnected_messages_are_paired_by_sender_context_and_connected_ones_by_sequence() -> None:
    assert read(ENIP, rr(WRITE_TAG), None).messages[0].ticket == (12, 20)
    (message,) = read(ENIP, unit(WRITE_TAG, 0x1234), None).messages
    assert unit(WRITE_TAG, 0x1234)[slice(*message.ticket)] == b"\x34\x12"


def test_the_message_itself_says_who_asks() -> None:
    for is_request in (True, False, None):
        assert isinstance(events(unit("cd000000"), is_request)[0], Answer)
        assert isinstance(events(unit(WRITE_TAG), is_request)[0], Request)


def test_several_messages_in_one_payload_and_one_that_is_not_here_yet() -> None:
    reading = read(ENIP, REGISTER + rr(WRITE_TAG) + rr(WRITE_TAG)[:-1], True)
    assert [message.start for message in reading.messages] == [0, len(REGISTER)]
    assert reading.used == len(REGISTER + rr(WRITE_TAG))


@pytest.mark.parametrize(("head", "reason"), [("c900", "no EtherNet/IP command"), ("6f00f0ff", "length 65520")])
def test_borders_that_cannot_be(head: str, reason: str) -> None:
    (flaw,) = events(bytes.fromhex(head) + bytes(24))
    assert isinstance(flaw, Anomaly)
    assert reason in flaw.reason


def test_flaws_of_the_envelope() -> None:
    options = LIST_IDENTITY[:20] + b"\x01" + LIST_IDENTITY[21:]
    interface = rr(WRITE_TAG)[:24] + b"\x01" + rr(WRITE_TAG)[25:]
    crowd = rr(WRITE_TAG)[:30] + b"\x11" + rr(WRITE_TAG)[31:]
    reasons = [event.reason for payload in (options, interface, crowd) for event in events(payload) if isinstance(event, Anomaly)]
    assert reasons == ["options are not 0", "interface handle is not 0 (CIP)", "17 items in one message"]


def io_data(connection: str, *header: tuple[str, str]) -> Request:
    return Request("cip-io", Verb.SUBSCRIBE, "I/O data", 0, details=(("connection", connection), *header), one_way=True)


def test_io_data_names_its_connection_and_what_may_be_a_header() -> None:
    assert events(IO_RUN, None, CIP_IO) == [io_data("0x00aa0002", ("header", "run"))]
    assert events(IO_IDLE, None, CIP_IO) == [io_data("0x00aa0002", ("header", "idle"))]
    heartbeat = IO_RUN[:16] + bytes.fromhex("02000500")
    assert events(heartbeat, None, CIP_IO) == [io_data("0x00aa0002")]
    assert CIP_IO.looks_like(Reader(IO_RUN), False)
    assert not CIP_IO.looks_like(Reader(rr(WRITE_TAG)), False)


@given(st.binary(min_size=4, max_size=4), st.binary(min_size=4, max_size=4))
def test_data_that_cannot_begin_with_a_header_are_told_apart_by_one_bit(word: bytes, other: bytes) -> None:
    """Whatever agrees with the deciding bits says the same: the promise that the fast path is built on."""
    payload, another = (IO_RUN[:20] + data + IO_RUN[24:] for data in (word, other))
    reading = read(CIP_IO, payload, None)
    mask = bytearray(b"\xff" * len(payload))
    for start, end in reading.aside:
        mask[start:end] = bytes(end - start)
    for at, bits in reading.bits:
        mask[at] = bits
    mixed = bytes(mine & bit | theirs & ~bit & 0xFF for mine, theirs, bit in zip(payload, another, mask, strict=True))
    assert meaning(read(CIP_IO, mixed, None)) == meaning(reading)
    assert len(reading.bits) == (int.from_bytes(word, "little") > 15)


def test_content_decides_and_the_port_only_hints() -> None:
    assert all(ENIP.looks_like(Reader(payload), False) for payload in VECTORS)
    assert ENIP.looks_like(Reader(rr(WRITE_TAG)[:40]), True)
    assert not ENIP.looks_like(Reader(rr(WRITE_TAG)[:40]), False)
    assert not ENIP.looks_like(Reader(bytes(24)), False)
    assert ENIP.looks_like(Reader(b"\x01" + bytes(23)), True)
    assert not ENIP.looks_like(Reader(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), True)


def test_identity_from_an_answer_once_its_request_is_known() -> None:
    (request,) = events(rr("52022006240107f9" + "0600" + ATTRIBUTES_ALL + "01000103"), True)
    assert isinstance(request, Request)
    assert request.target == ("port 1/3",)
    body = IDENTITY[48:-1]
    (said,) = ENIP.joined(request, Reader(rr("81000000" + body.hex())))  # type: ignore[misc]  # declared by this dissector
    assert isinstance(said, Identity)
    assert said.subject == ("port 1/3",)
    assert dict(said.fields)["product"] == "1756-EN2T/B"


def test_identity_out_of_the_right_answer_of_a_packet() -> None:
    asked = events(unit("0a022002240102000600" + "0e00" + "0e03200124013001" + "0e03200124013007"))
    replies = "8a000000" + "020006000c00" + "8e0000000100" + "8e0000000641485531" + "2d31"
    assert [identity.fields for request in asked for identity in ENIP.joined(request, Reader(unit(replies)))] == [  # type: ignore  # declared by this dissector
        (("vendor_id", "1"), ("vendor", "Rockwell Automation/Allen-Bradley")),
        (("product", "AHU1-1"),),
    ]


# hostile bytes


def same_when_the_set_aside_differs(dissector: Dissector, payload: bytes, is_request: bool | None) -> None:
    reading = read(dissector, payload, is_request)
    changed = bytearray(payload)
    for start, end in reading.aside:
        changed[start:end] = bytes(byte ^ 0x5A for byte in payload[start:end])
    again = read(dissector, bytes(changed), is_request)
    assert meaning(again) == meaning(reading)
    assert again.aside == reading.aside


def meaning(reading: Reading) -> list[object]:
    return [(message.start, message.end, message.ticket, message.events) for message in reading.messages]


ROLES = st.sampled_from([True, False, None])


@given(st.binary(max_size=200), ROLES)
def test_any_bytes_give_events(payload: bytes, is_request: bool | None) -> None:
    same_when_the_set_aside_differs(ENIP, payload, is_request)
    same_when_the_set_aside_differs(CIP_IO, payload, is_request)


@given(st.binary(max_size=120), ROLES)
def test_any_bytes_in_a_sound_envelope_give_events(message: bytes, is_request: bool | None) -> None:
    same_when_the_set_aside_differs(ENIP, rr(message.hex()), is_request)
    same_when_the_set_aside_differs(ENIP, unit(message.hex()), is_request)


@given(st.sampled_from(VECTORS), st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=4), ROLES)
def test_flawed_vectors_give_events(vector: bytes, flaws: list[tuple[int, int]], is_request: bool | None) -> None:
    payload = bytearray(vector)
    for at, byte in flaws:
        payload[at % len(payload)] = byte
    same_when_the_set_aside_differs(ENIP, bytes(payload), is_request)


@given(st.sampled_from(VECTORS), st.binary(max_size=40))
def test_a_flaw_behind_a_message_leaves_the_message(vector: bytes, rest: bytes) -> None:
    assert read(ENIP, vector + rest, None).messages[0].events == read(ENIP, vector, None).messages[0].events


@given(st.sampled_from(VECTORS), st.binary(max_size=80))
def test_any_answer_may_follow_a_request(vector: bytes, message: bytes) -> None:
    assert ENIP.joined is not None
    for request in events(vector, True):
        if isinstance(request, Request):
            assert all(isinstance(said, Identity | Anomaly) for said in ENIP.joined(request, Reader(rr(message.hex()))))


# real captures


def payloads(capture: Path) -> list[tuple[bool, bytes]]:
    """Whether the client sent it (its port is not 44818), and the payload of every packet of TCP or UDP 44818."""
    shown = ["tcp.dstport", "udp.dstport", "tcp.payload", "udp.payload"]
    fields = [part for name in shown for part in ("-e", name)]
    command = ["tshark", "-r", str(capture), "-Y", "enip", "-T", "fields", *fields]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split("\t") for line in lines]
    return [("44818" in row[:2], bytes.fromhex(row[2] or row[3])) for row in rows]


def truth(captures: Path, name: str) -> dict[str, dict[str, int]]:
    return json.loads((captures / "TRUTH.json").read_text())["captures"][name]["enip"]  # type: ignore[no-any-return]  # tshark prints JSON


CAPTURES = [
    "enip/icsnpp-enip_cip_example.pcap",
    "enip/iti-EIP-ChangePortConfigurationAttempt.pcap",
    "enip/iti-EIP-LockPLCAttempt.pcap",
    "enip/iti-EIP-RebootorRestart.pcap",
    "enip/iti-EIP-FirmwareChange.pcap",
]


@pytest.mark.skipif(which("tshark") is None, reason="tshark is not installed")
@pytest.mark.parametrize("name", CAPTURES)
def test_captures_say_what_tshark_saw(captures: Path, name: str) -> None:
    said = [event for by_client, payload in payloads(captures / name) for event in events(payload, by_client)]
    seen = truth(captures, name)
    asked = Counter(f"0x{event.code:02x}" for event in said if isinstance(event, Request) and event.protocol == "cip")
    wrappers = ("0x0a", "0x52 class 0x06")
    expected: Counter[str] = Counter()
    for key, times in seen["cip_requests"].items():
        expected[key[:4]] += 0 if key.startswith(wrappers) else times
    assert asked == +expected
    answers = [event for event in said if isinstance(event, Answer) and event.protocol == "cip"]
    expected = Counter({key: times for key, times in seen["cip_responses"].items() if key != "0x0a"})
    assert Counter(f"0x{event.code:02x}" for event in answers) == expected
    refused = {key: times for key, times in seen["cip_statuses"].items() if not key.startswith("Success")}
    assert Counter(f"{event.error.partition(':')[0]} ({event.error_code[:4]})" for event in answers if event.error) == refused
    assert not [event for event in said if isinstance(event, Anomaly)]
