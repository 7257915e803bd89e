"""X-Way/UNI-TE: what is certain of its requests, behind a header that is not (domain/protocols.md 5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.alerts.model import Severity
from otwatch.dissectors.base import read
from otwatch.dissectors.modbus import MODBUS
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.xway import REQUESTS, XWAY
from otwatch.events import TRANSFER_STEPS, UNNAMED, Anomaly, Answer, Event, Request, Verb
from otwatch.packets import ACK
from otwatch.results import AlertRow
from otwatch.sightings import Outcome, Sighting
from otwatch.site import SiteHalf
from otwatch.wire.recognition import knows
from tests.dissectors.hostile import read_twice, variants
from tests.wire.dialogues import End, Item, connection, hear, opened, requests, tallies

LISTED = {
    Verb.READ: {0x00, 0x01, 0x04, 0x05, 0x06, 0x40, 0x41, 0x36, 0x43, 0x31},
    Verb.WRITE: {0x10, 0x11, 0x14, 0x15, 0x46, 0x37, 0x48, 0xFC},
    Verb.DISCOVER: {0x0F},
    Verb.PROGRAM: {0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F},
    Verb.SESSION: {0xFA, 0x1D, 0x1E, 0x2D},
    Verb.CONTROL: {0x24, 0x25, 0x33},
}
"""domain/protocols.md 5.1."""


def framed(body: str, ticket: int = 1) -> bytes:
    data = bytes.fromhex(body)
    return ticket.to_bytes(2) + b"\0\1" + len(data).to_bytes(2) + data


def message(unite: str, ticket: int = 1, header: str = "20010c050000") -> bytes:
    """With the header of the serial form: network 1, station 12, gate 5."""
    return framed(header + unite, ticket)


def said(payload: bytes, is_request: bool | None) -> list[Event]:
    return [event for message in read(XWAY, payload, is_request).messages for event in message.events]


def asked(payload: bytes, is_request: bool | None = True) -> Request:
    (event,) = said(payload, is_request)
    assert isinstance(event, Request)
    return event


def told(payload: bytes) -> Answer:
    (event,) = said(payload, False)
    assert isinstance(event, Answer)
    return event


def test_every_request_of_the_list() -> None:
    assert {verb: {code for code, kind in REQUESTS.items() if kind.verb is verb} for verb in LISTED} == LISTED
    assert {kind.step for kind in REQUESTS.values() if kind.step} <= set(TRANSFER_STEPS)


@pytest.mark.parametrize("code", REQUESTS)
def test_requests_are_addressed_and_marked_as_experimental(code: int) -> None:
    request = asked(message(f"{code:02x}07"))
    assert (request.verb, request.code, request.target) == (REQUESTS[code].verb, code, ("xway 1.12.5",))
    assert "(experimental)" in request.operation
    assert dict(request.details)["category"] == "7"
    assert request.one_way == (code == 0xFC)


def test_unknown_requests_keep_their_number() -> None:
    assert asked(message("9907")).operation == "UNI-TE (experimental) 0x99"


@pytest.mark.parametrize(
    ("unite", "code", "error"),
    [
        ("36", 0x06, ""), ("66aabb", 0x36, ""), ("3f0102", 0x0F, ""), ("6a", 0x3A, ""), ("fb00", 0xFA, ""), ("fe", UNNAMED, ""),
        ("fd", UNNAMED, "0xfd"), ("99", UNNAMED, ""),
    ],
)  # fmt: skip
def test_answers(unite: str, code: int, error: str) -> None:
    answer = told(message(unite))
    assert (answer.code, answer.error_code) == (code, error)
    assert "(experimental)" in answer.operation


def test_what_the_network_refused() -> None:
    assert told(message("3607", header="22010c050000")).error_code == "0x22"


def test_where_nobody_knows_the_sides_a_category_tells() -> None:
    assert asked(message("3707"), None).code == 0x37
    assert isinstance(said(message("66aabb"), None)[0], Answer)


@pytest.mark.parametrize(("body", "code"), [("f1ff81ff8a903607", 0x36), ("f1ff81ff8a902507aa", 0x25), ("f180011000003707", -1)])
def test_behind_another_header_the_kind_is_looked_for(body: str, code: int) -> None:
    request = asked(framed(body))
    assert (request.code, request.target) == (code, ())
    assert request.verb is (REQUESTS[code].verb if code >= 0 else Verb.OTHER)
    assert "experimental" in request.operation


def test_behind_another_header_an_answer_is_known_by_its_last_byte() -> None:
    assert told(framed("f18001100000fe")).error == ""
    assert told(framed("f18001100000fd")).error_code == "0xfd"
    assert told(framed("f1800110000066")).code == UNNAMED


def test_a_block_read_out_has_a_size() -> None:
    assert XWAY.joined is not None
    request = asked(message("3e07"))
    (answer,) = XWAY.joined(request, Reader(message("6e01020304")))
    assert isinstance(answer, Answer)
    assert answer.details == (("bytes", "4"),)
    assert not list(XWAY.joined(asked(message("3607")), Reader(message("6601020304"))))


def test_recognised_by_two_messages() -> None:
    one = message("3607")
    assert knows(XWAY, one * 2, True)
    assert knows(XWAY, one * 2, False)
    assert knows(XWAY, framed("f180") * 2, True)
    assert not knows(XWAY, framed("f180011000003607") * 2, False)
    for payload in (one, one * 2 + b"\0", one + one[:-1], one + message("3607")[:2] + b"\0\0\0\2\1\3"):
        assert not knows(XWAY, payload, True)
        assert not knows(MODBUS, payload, True)


def dialogue(exchanges: list[tuple[str, str]], port: int = 502, size: int = 16_384) -> list[Item]:
    client, server = connection(server=End("10.0.0.2", port))
    frames = opened(client, server)
    for at, (request, answer) in enumerate(exchanges):
        frames += [client.says(message(request, at), flags=ACK), server.says(message(answer, at))]
    return hear(frames, size)


POLLS = [("3607680701", "66010203")] * 3


@pytest.mark.parametrize("size", [1, 16_384])
@pytest.mark.parametrize("port", [502, 4711])
def test_beside_modbus_and_elsewhere(port: int, size: int) -> None:
    items = dialogue([*POLLS, ("37070102", "fe"), ("3707aabb", "fd")], port, size)
    written = [(item.outcome, item.error_code) for item in requests(items) if isinstance(item.event, Request) and item.event.code == 0x37]
    assert written == [(Outcome.OK, ""), (Outcome.ERROR, "0xfd")]
    assert {item.conversation.service for item in tallies(items)} == {"xway"}
    assert not [item for item in items if isinstance(item, Sighting) and isinstance(item.event, Anomaly)]


def alerts(exchanges: list[tuple[str, str]]) -> dict[str, AlertRow]:
    half = SiteHalf(None)
    for item in dialogue(exchanges):
        half.see(item)
    half.finish()
    return {row.detection: row for row in half.results((), {}).alerts}


def test_findings_are_never_critical_and_say_that_they_are_experimental() -> None:
    download = [("3a07", "6a"), ("3b07" + "aa" * 100, "6b"), ("3b07" + "aa" * 50, "6b"), ("3c07", "6c")]
    found = alerts([*POLLS, ("2507", "fe"), *download])
    assert set(found) == {"eng.mode.changed", "eng.program.download"}
    assert all(row.severity < Severity.CRITICAL and "experimental" in row.sentence["en"] for row in found.values())
    facts = found["eng.program.download"].facts
    assert (facts["blocks"], facts["size"], facts["outcome"]) == ("2", "150", "finished")


GOOD = [message("3607680701"), message("66aabb"), message("36aabb"), message("fe"), framed("f180011000003607")]


@pytest.mark.parametrize("payload", GOOD)
@pytest.mark.parametrize("is_request", [True, False, None])
def test_nothing_hidden_in_what_is_set_aside(payload: bytes, is_request: bool | None) -> None:
    for noise in (b"\0", b"\7", b"\xff"):
        read_twice(XWAY, payload, is_request, noise)


@given(payload=variants(GOOD) | st.binary(max_size=300), is_request=st.sampled_from([True, False, None]), noise=st.binary(min_size=1))
def test_hostile_bytes(payload: bytes, is_request: bool | None, noise: bytes) -> None:
    knows(XWAY, payload, True)
    knows(XWAY, payload, False)
    read_twice(XWAY, payload, is_request, noise)
