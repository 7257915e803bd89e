"""Requests, answers, and what they wrap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors import cip
from otwatch.dissectors.base import events, matches
from otwatch.events import UNNAMED, Anomaly, Answer, Event, Request
from tests.dissectors.enveloped import opened


def said(message: str | bytes) -> tuple[Event, ...]:
    payload = message if isinstance(message, bytes) else bytes.fromhex(message)
    return opened(events(lambda read, _: cip.decode(read), payload, None, "cip"))


def asked(message: str | bytes) -> Request:
    (request,) = said(message)
    assert isinstance(request, Request)
    return request


def multiple(*messages: str, reply: bool = False) -> str:
    """A Multiple Service Packet around messages in hex."""
    sizes = [len(message) // 2 for message in messages]
    offsets = [2 + 2 * len(messages) + sum(sizes[:number]) for number in range(len(messages))]
    head = "8a000000" if reply else "0a0220022401"
    return head + b"".join(number.to_bytes(2, "little") for number in (len(messages), *offsets)).hex() + "".join(messages)


def unconnected_send(message: str, way: str) -> str:
    size = len(message) // 2
    pad = "00" if size & 1 else ""
    return "52022006240107f9" + size.to_bytes(2, "little").hex() + message + pad + f"{len(way) // 4:02x}00" + way


WRITE_TAG = "4d059107414855315f535000ca0001000000ac41"
STOP = "0702208e2401"


PCCC = "4b0220672401074d00fecaad0b"


def test_unconnected_send_tells_what_it_carries_and_to_whom() -> None:
    request = asked(unconnected_send(WRITE_TAG, "0100"))
    assert (request.operation, request.target, request.values) == ("Write Tag", ("port 1/0",), ("21.5",))
    assert ("via", "Unconnected Send") in request.details
    assert asked(unconnected_send("050220012401" + "01", "0100")).details == (("type", "1"), ("via", "Unconnected Send"))


def test_going_on_to_another_network_is_told() -> None:
    request = asked(unconnected_send(STOP, "01001208" + b"10.1.2.3".hex()))
    assert request.target == ("port 1/0", "port 2/10.1.2.3")
    assert request.details == (("via", "Unconnected Send"), ("route_hop", "10.1.2.3"))


def test_each_request_of_a_packet_is_told_with_its_place() -> None:
    requests = said(multiple("0e03200124013007", STOP, multiple(WRITE_TAG)))
    assert [(request.operation, request.details[-1]) for request in requests if isinstance(request, Request)] == [
        ("Get Attribute Single", ("packet", "1")),
        ("Go to Program", ("packet", "2")),
        ("Write Tag", ("packet", "3.1")),
    ]


def test_a_flawed_request_does_not_hide_the_next() -> None:
    request, flaw = said(multiple("0e01e000", STOP))
    assert isinstance(request, Request)
    assert request.operation == "Go to Program"
    assert isinstance(flaw, Anomaly)


def test_an_empty_packet_is_a_request() -> None:
    assert asked("0a02200224010000").operation == "Multiple Service Packet"


@pytest.mark.parametrize("offsets", ["02000600" + "0600", "02000800" + "0600", "0200ff00" + "ff01", "02000000" + "0600", "0101"])
def test_offsets_must_grow_and_stay_inside(offsets: str) -> None:
    assert isinstance(said("0a0220022401" + offsets + STOP * 2)[-1], Anomaly)


def test_nesting_and_number_are_bounded() -> None:
    deep = STOP
    for _ in range(9):
        deep = unconnected_send(deep, "0100")
    assert [getattr(event, "reason", "") for event in said(deep)] == ["messages nested deeper than 8"]
    wide = multiple(*[multiple(*["0700"] * 200)] * 3)
    assert [event for event in said(wide) if isinstance(event, Anomaly)]
    assert len(said(wide)) <= 600


def test_a_flaw_in_a_path_is_told_where_it_stands_in_the_message() -> None:
    assert said("0e03" + "20042401" + "e000") == (Anomaly("cip", "reserved path segment 0xe0", 6),)


@pytest.mark.parametrize(
    ("message", "error", "code"),
    [
        ("cd000000", "", ""),
        ("cd000f00", "Privilege violation", "0x0f"),
        ("cd00ff010521", "General error: Access beyond end of the object", "0xff/0x2105"),
        ("d40001010601", "Connection failure: Ownership conflict", "0x01/0x0106"),
        ("d400010207010000", "Connection failure: Target connection not found", "0x01/0x0107"),
        ("d400010113080000", "Connection failure: Not configured for off-subnet multicast", "0x01/0x0813"),
        ("cd00d900", "General status 0xd9", "0xd9"),
    ],
)
def test_answers(message: str, error: str, code: str) -> None:
    (answer,) = said(message)
    assert isinstance(answer, Answer)
    assert (answer.error, answer.error_code) == (error, code)
    assert answer.code == int(message[:2], 16) & 0x7F


def test_a_partial_transfer_is_no_error() -> None:
    assert said("cc000600c300") == (Answer("cip", "service 0x4c", 0x4C, details=(("status", "Partial transfer"),)),)


def test_a_failed_wrapper_answers_for_what_it_carried() -> None:
    (refusal,) = said("d20001010402")
    assert isinstance(refusal, Answer)
    assert (refusal.code, refusal.error) == (UNNAMED, "Connection failure: Unconnected request timed out")
    assert matches(asked(unconnected_send(STOP, "0100")), refusal)


def test_each_answer_of_a_packet_is_told_with_its_place() -> None:
    answers = said(multiple("8e0000000100", "87000f00", reply=True).replace("8a000000", "8a001e00"))
    assert [(answer.code, answer.error, answer.details) for answer in answers if isinstance(answer, Answer)] == [
        (0x0E, "", (("packet", "1"),)),
        (0x07, "Privilege violation", (("packet", "2"),)),
    ]


WORDS = st.sampled_from([WRITE_TAG, STOP, PCCC + "0f0002008001", "0e03200124013007", "cd000f00", "0a0220022401", "5202200624010708"])


@given(st.binary(max_size=300))
def test_any_bytes_give_events(payload: bytes) -> None:
    assert all(isinstance(event, Request | Answer | Anomaly) for event in said(payload))


@given(st.lists(WORDS, min_size=1, max_size=6), st.binary(max_size=8))
def test_any_row_of_messages_gives_events(parts: list[str], rest: bytes) -> None:
    for message in (multiple(*parts), "".join(parts), unconnected_send(multiple(*parts), "0100")):
        assert said(message + rest.hex())
