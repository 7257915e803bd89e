"""The eight types of APDU, literals (domain/protocols.md 2.4, 15.2)."""

import pytest

from otwatch.dissectors.bacnet import BACNET
from otwatch.dissectors.base import events as decoded
from otwatch.events import UNNAMED, Answer, Identity, Piece, Request, Verb
from tests.dissectors.bacnet.said import events, flaw, of_apdu, original, reading
from tests.dissectors.enveloped import opened


def test_simple_ack_names_its_service_and_its_ticket() -> None:
    found = reading("810a0009010020210f")
    assert opened(found.messages[0].events) == (Answer("bacnet", "writeProperty", 15),)
    assert found.messages[0].ticket == (7, 8)


@pytest.mark.parametrize(
    ("apdu", "error", "error_code"),
    [
        ("50230f91029128", "property/write-access-denied", "2/40"),
        ("5026149104911a", "security/password-failure", "4/26"),
        ("5025100e910291280f1e0c0080000719551f", "property/write-access-denied", "2/40"),  # wrapped
        ("50230f9200ff92ffff", "255/65535", "255/65535"),
    ],
)
def test_errors(apdu: str, error: str, error_code: str) -> None:
    (answer,) = of_apdu(apdu)
    assert isinstance(answer, Answer)
    assert (answer.error, answer.error_code, answer.final) == (error, error_code, True)


def test_reject_and_abort_do_not_name_a_service() -> None:
    assert of_apdu("602109") == (Answer("bacnet", "reject", UNNAMED, error="reject: unrecognized-service", error_code="9"),)
    assert of_apdu("712104") == (Answer("bacnet", "abort", UNNAMED, error="abort: segmentation-not-supported", error_code="4"),)
    assert of_apdu("7121c8") == (Answer("bacnet", "abort", UNNAMED, error="abort: 200", error_code="200"),)


def test_an_abort_by_the_client_keeps_the_routes_of_its_request() -> None:
    (answer,) = events(original("012007d10105ff702100"))
    assert isinstance(answer, Answer)
    assert (answer.target, answer.origin, answer.details) == (("net 2001/05",), (), (("by", "client"),))


def test_segment_ack_is_not_final() -> None:
    (answer,) = of_apdu("43210510")
    assert isinstance(answer, Answer)
    assert (answer.final, answer.details) == (False, (("negative", "yes"),))


def test_reserved_types() -> None:
    assert flaw(of_apdu("8000")) == "APDU type 8 is reserved"


def test_unknown_services_keep_their_number() -> None:
    asked = of_apdu("00050163091a")[0]
    assert isinstance(asked, Request)
    assert (asked.operation, asked.code, asked.verb) == ("service 99", 99, Verb.OTHER)
    told = of_apdu("1063091a")[0]
    assert isinstance(told, Request)
    assert (told.operation, told.code, told.one_way) == ("unconfirmed service 99", 256 + 99, True)


def test_flawed_parameters_do_not_hide_the_service() -> None:
    said = of_apdu("0005230f0c01000001")
    assert said[0] == Request("bacnet", Verb.WRITE, "writeProperty", 15)
    assert flaw(said) == "parameter 1 is missing"


def test_a_later_parameter_is_passed() -> None:
    (asked,) = of_apdu("1006a47d0b1707b40e1e00001901")
    assert isinstance(asked, Request)
    assert asked.operation == "timeSynchronization"


def pieces(npdu: str) -> tuple[Piece, ...]:
    return tuple(event for event in events(original(npdu)) if isinstance(event, Piece))


def test_segments_of_a_request_make_the_whole_request() -> None:
    (first,) = pieces("012407d10105ff" + "0e752d00100e" + "0c0080000719")
    (last,) = pieces("012407d10105ff" + "0a752d01100e" + "55")
    assert (first.number, first.more, first.ticket) == (0, True, b"\x2d")
    assert (last.number, last.more, last.key) == (1, False, first.key)
    assert BACNET.pieces is not None
    whole = first.head[:-1] + b"\x0c" + first.data + last.data  # as readProperty, whose parameters fit into two pieces
    (asked,) = decoded(BACNET.pieces, whole, None, "bacnet")
    assert isinstance(asked, Request)
    assert (asked.target, [str(point) for point in asked.points]) == (("net 2001/05",), ["analog-value:7 present-value"])


def test_segments_of_an_answer_of_a_forwarded_device() -> None:
    forwarded = "8104{length:04x}c0000307bac00100{apdu}"
    segments = ("3c2d00100e" + "0c020004d21e294d4e7504004148", "382d01100e" + "554f1f")
    first, last = (events(forwarded.format(length=12 + len(apdu) // 2, apdu=apdu))[0] for apdu in segments)
    assert isinstance(first, Piece)
    assert isinstance(last, Piece)
    assert BACNET.pieces is not None
    answer, who = decoded(BACNET.pieces, first.head + first.data + last.data, None, "bacnet")
    assert isinstance(answer, Answer)
    assert answer.target == ("ip 192.0.3.7:47808",)
    assert who == Identity("bacnet", ("ip 192.0.3.7:47808",), (("device_instance", "1234"), ("name", "AHU")))
