"""PCCC inside CIP."""

import pytest

from otwatch.dissectors import cip
from otwatch.dissectors.base import events
from otwatch.events import Answer, Event, Point, Request, Verb
from tests.dissectors.enveloped import opened


def said(message: str | bytes) -> tuple[Event, ...]:
    payload = message if isinstance(message, bytes) else bytes.fromhex(message)
    return opened(events(lambda read, _: cip.decode(read), payload, None, "cip"))


def asked(message: str | bytes) -> Request:
    (request,) = said(message)
    assert isinstance(request, Request)
    return request


PCCC = "4b0220672401074d00fecaad0b"


@pytest.mark.parametrize(
    ("command", "operation", "verb", "detail"),
    [
        ("0f0002008001", "PCCC: change mode", Verb.CONTROL, ("mode", "remote program")),
        ("0f0002003a02", "PCCC: set CPU mode", Verb.CONTROL, ("mode", "0x02")),
        ("0f00020041", "PCCC: disable forces", Verb.CONTROL, ("fnc", "0x41")),
        ("0700020000", "PCCC: disable outputs", Verb.CONTROL, ("cmd", "0x07")),
        ("0600020003", "PCCC: diagnostic status", Verb.DISCOVER, ("fnc", "0x03")),
        ("0f00020050", "PCCC: download all request", Verb.PROGRAM, ("fnc", "0x50")),
        ("0f000200010a", "PCCC: word range read", Verb.READ, ("address", "0a")),
        ("010002000a00", "PCCC: unprotected read", Verb.READ, ("cmd", "0x01")),
        ("0f000200ee", "PCCC: command 0x0f function 0xee", Verb.OTHER, ("fnc", "0xee")),
    ],
)
def test_pccc_commands(command: str, operation: str, verb: Verb, detail: tuple[str, str]) -> None:
    request = asked(PCCC + command)
    assert (request.operation, request.verb) == (operation, verb)
    assert detail in request.details
    assert ("originator_serial", "0x0BADCAFE") in request.details


def test_pccc_files_by_their_names() -> None:
    write = asked(PCCC + "0f000200aa" + "0407890000" + "01000200")
    assert (write.verb, write.points, write.values) == (Verb.WRITE, (Point("tag", quantity=2, name="N7:0"),), ("01000200",))
    read = asked(PCCC + "0f000200a2" + "02ff0001" + "8a" + "ff1001" + "03")
    assert read.points == (Point("tag", quantity=1, part="3", name="F256:272"),)
    assert asked(PCCC + "0f0099" + "99" + "aa" + "0407890000" + "01000200") == write


def test_pccc_refuses_inside_an_answer_that_succeeds() -> None:
    (refused,) = said("cb000000" + "074d00fecaad0b" + "4f100200")
    assert isinstance(refused, Answer)
    assert (refused.error, refused.error_code) == ("PCCC: Illegal command or format", "PCCC 0x10")
    (denied,) = said("cb000000" + "074d00fecaad0b" + "4ff002000b")
    assert isinstance(denied, Answer)
    assert (denied.error, denied.error_code) == ("PCCC: Access denied, improper privilege", "PCCC 0xf0/0x0b")
    (done,) = said("cb000000" + "074d00fecaad0b" + "4f000200")
    assert done == Answer("cip", "service 0x4b", 0x4B)
