"""Values written to tags."""

import pytest

from otwatch.dissectors import cip
from otwatch.dissectors.base import events
from otwatch.events import Anomaly, Details, Event, Point, Request, Verb
from tests.dissectors.enveloped import opened


def said(message: str | bytes) -> tuple[Event, ...]:
    payload = message if isinstance(message, bytes) else bytes.fromhex(message)
    return opened(events(lambda read, _: cip.decode(read), payload, None, "cip"))


def asked(message: str | bytes) -> Request:
    (request,) = said(message)
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    ("data", "values", "details"),
    [
        ("ca0001000000ac41", ("21.5",), (("type", "REAL"),)),
        ("ca0001006666aa41", ("21.3",), (("type", "REAL"),)),
        ("c100010001", ("true",), (("type", "BOOL"),)),
        ("c3000200ffff0100", ("-1", "1"), (("type", "INT"),)),
        ("c4000100ffffffff", ("-1",), (("type", "DINT"),)),
        ("c8000100ffffffff", ("4294967295",), (("type", "UDINT"),)),
        ("cb000100000000000000f83f", ("1.5",), (("type", "LREAL"),)),
        ("d300010001000080", ("0x80000001",), (("type", "DWORD"),)),
        ("da000100024f4b", ("OK",), (("type", "SHORT_STRING"),)),
        ("d000010002004f4b", ("OK",), (("type", "STRING"),)),
        ("a002ce0f010002000000", ("02000000",), (("type", "structure 0x0fce"),)),
        ("ff000100aabb", ("aabb",), (("type", "type 0x00ff"),)),
    ],
)
def test_write_tag(data: str, values: tuple[str, ...], details: Details) -> None:
    request = asked("4d029102" + b"T1".hex() + data)
    assert (request.values, request.details) == (values, details)
    assert request.points[0].name == "T1"


def test_a_short_write_is_told_before_its_flaw() -> None:
    request, flaw = said("4d029102" + b"T1".hex() + "c40002000100")
    assert isinstance(request, Request)
    assert (request.verb, request.values) == (Verb.WRITE, ())
    assert isinstance(flaw, Anomaly)


def test_a_fragment_of_a_long_write() -> None:
    request = asked("53029102" + b"T1".hex() + "c300" + "e803" + "10000000" + "0100" * 20)
    assert request.points == (Point("tag", quantity=1000, name="T1"),)
    assert len(request.values) == 16
    assert request.details == (("type", "INT"), ("offset", "16"))


def test_reading_and_modifying_tags() -> None:
    assert asked("4c029102" + b"T1".hex() + "0500").points == (Point("tag", quantity=5, name="T1"),)
    assert asked("4e029102" + b"T1".hex() + "0200" + "0100" + "fffe").values == ("or 0001 and feff",)
