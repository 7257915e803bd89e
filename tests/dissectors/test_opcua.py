"""OPC UA on literal messages (domain/protocols.md 8 and 15.4), and on real dialogues."""

from pathlib import Path

import pytest

from otwatch.dissectors.opcua import OPCUA
from otwatch.dissectors.opcua.binary import node, variant
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Credential, Details, Envelope, Event, Identity, Point, Request, Verb
from otwatch.sightings import Outcome
from tests.dissectors.industrial import (
    UA_ASK_VERSION,
    UA_CALL,
    UA_ENDPOINTS,
    UA_FAULT,
    UA_GET_ENDPOINTS,
    UA_HELLO,
    UA_LOGIN,
    UA_NOT_WRITTEN,
    UA_OPEN,
    UA_SEALED,
    UA_VERSION,
    UA_WRITE,
    UA_WRITTEN,
    around,
    bare,
    heard_in,
    said,
    ua_text,
)


def only(text: str, is_request: bool | None = None) -> Event:
    (event,) = bare(OPCUA, text, is_request)
    return event


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (UA_HELLO, Request("opcua", Verb.SESSION, "Hello", 1, details=(("endpoint", "opc.tcp://gtb:4840"),))),
        (UA_OPEN, Request("opcua", Verb.SESSION, "OpenSecureChannel", 446, details=(("policy", "None"), ("mode", "None")))),
        (UA_WRITE, Request("opcua", Verb.WRITE, "Write", 673, points=(Point("node", name="ns=2;s=AHU1.SP"),), values=("21.5",))),
        (UA_WRITTEN, Answer("opcua", "Write", 673)),
        (UA_NOT_WRITTEN, Answer("opcua", "Write", 673, error="user access denied", error_code="0x801f0000")),
        (UA_CALL, Request("opcua", Verb.CONTROL, "Call", 712, points=(Point("method", name="i=85 ns=2;i=1"),), values=("stop",))),
        (UA_FAULT, Answer("opcua", "ServiceFault", UNNAMED, error="identity token rejected", error_code="0x80210000")),
    ],
)  # fmt: skip
def test_messages(text: str, expected: Event) -> None:
    assert only(text) == expected


def test_a_password_in_clear_is_a_secret() -> None:
    login, asked = bare(OPCUA, UA_LOGIN)
    assert isinstance(login, Credential)
    assert (login.user, login.secret.equals("secret-of-ua")) == ("admin", True)
    assert isinstance(asked, Request)
    assert dict(asked.details) == {"token": "user name", "user": "admin", "password": "clear"}
    assert "secret-of-ua" not in repr((login, asked))


def test_endpoints_tell_who_the_server_is_and_what_it_offers() -> None:
    answer, identity = bare(OPCUA, UA_ENDPOINTS)
    assert isinstance(answer, Answer)
    assert answer.details == (("offers", "None/None: anonymous"),)
    assert identity == Identity("opcua", (), (("application", "GTB Bloc"), ("url", "urn:gtb:server"), ("product", "http://maker")))


def test_what_is_offered_is_told_with_its_question() -> None:
    asked = only(UA_GET_ENDPOINTS)
    assert isinstance(asked, Request)
    assert OPCUA.joined is not None
    (told,) = OPCUA.joined(asked, Reader(bytes.fromhex(UA_ENDPOINTS)))
    assert isinstance(told, Answer)
    assert told.details == (("offers", "None/None: anonymous"),)


def test_a_read_of_the_server_object_tells_its_version() -> None:
    asked = only(UA_ASK_VERSION)
    assert isinstance(asked, Request)
    assert OPCUA.joins(asked)
    assert OPCUA.joined is not None
    assert list(OPCUA.joined(asked, Reader(bytes.fromhex(UA_VERSION)))) == [Identity("opcua", (), (("software", "1.4.2"),))]


@pytest.mark.parametrize(
    ("is_request", "expected"),
    [(True, Request("opcua", Verb.SESSION, "Encrypted", 0)), (False, Answer("opcua", "Encrypted", UNNAMED))],
)
def test_of_an_encrypted_message_it_is_told_that_it_was(is_request: bool, expected: Event) -> None:
    assert only(UA_SEALED, is_request) == expected


def test_a_chunk_in_the_middle_is_a_piece() -> None:
    chunk = UA_SEALED.replace("4d534746", "4d534743")
    assert said(OPCUA, chunk) == [Envelope("opcua", (("message", "MSG"), ("segment", "yes")))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("0055", "i=85"), ("0102d408", "ns=2;i=2260"), ("0203000a000000", "ns=3;i=10"), ("030200" + ua_text("a b"), "ns=2;s=a b"),
        ("050000" + ua_text("AB"), "b=4142"), ("040100" + "ab" * 16, "ns=1;g=" + "ab" * 16), ("8055" + ua_text("urn:x"), "i=85"),
    ],
)  # fmt: skip
def test_nodes(text: str, name: str) -> None:
    read = Reader(bytes.fromhex(text))
    assert (node(read), read.left) == (name, 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("00", "null"), ("0101", "true"), ("04ffff", "-1"), ("05ffff", "65535"), ("0a0000ac41", "21.5"), ("0c" + ua_text("ok"), "ok"),
        ("83" + "02000000" + "0102", "2 values"), ("15" + "02" + ua_text("text"), "text"),
        ("16" + "0055" + "01" + "02000000aabb", "structure i=85"), ("180307", "7"), ("1f", None), ("0d" + "00" * 7, None),
        ("17" * 20, None),
    ],
)  # fmt: skip
def test_values(text: str, value: str | None) -> None:
    read = Reader(bytes.fromhex(text))
    if value is None:
        with pytest.raises(Malformed):
            variant(read)
    else:
        assert (variant(read), read.left) == (value, 0)


@pytest.mark.parametrize(
    ("text", "known"), [(UA_HELLO, True), (UA_SEALED, True), ("4d534746ffffffff", False), ("4d53475a08000000", False), ("4d53", False)]
)
def test_recognised_by_its_header(text: str, known: bool) -> None:
    try:
        found = OPCUA.looks_like(Reader(bytes.fromhex(text)), True)
    except Malformed:
        found = False
    assert found is known


def test_a_real_session(captures: Path) -> None:
    items = heard_in(captures / "opcua" / "icsnpp-open62541_client-server_mainloop.pcap")
    asked = [item for item in items if isinstance(item.event, Request)]
    called = [(item.outcome, item.error) for item in asked if item.event[2] == "Call"]
    assert called == [(Outcome.ERROR, "node id unknown")]
    assert [item.outcome for item in items if isinstance(item.event, Credential)] == [Outcome.OK]
    offered = {item.told for item in asked if item.told}
    assert offered == {(("offers", "None/None: anonymous, user name"),)}


UA_OFFERED = (("endpoint", "opc.tcp://gtb:4840"), ("mode", "None"), ("policy", "None"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (UA_HELLO, (("message", "HEL"), ("endpoint", "opc.tcp://gtb:4840"))),
        (UA_OPEN, (("message", "OPN"), ("policy", "None"), ("service", "OpenSecureChannelRequest"), ("mode", "None"))),
        (UA_LOGIN, (("message", "MSG"), ("service", "ActivateSessionRequest"), ("token", "user name"))),
        (UA_GET_ENDPOINTS, (("message", "MSG"), ("service", "GetEndpointsRequest"), ("endpoint", "opc.tcp://gtb:4840"))),
        (UA_ENDPOINTS, (("message", "MSG"), ("service", "GetEndpointsResponse"), *UA_OFFERED)),
        (UA_WRITTEN, (("message", "MSG"), ("service", "WriteResponse"))),
        (UA_FAULT, (("message", "MSG"), ("service", "ServiceFault"))),
        (UA_SEALED, (("message", "MSG"),)),
    ],
)
def test_envelopes(text: str, expected: Details) -> None:
    assert around(OPCUA, text) == expected
