"""Forward Open and Forward Close."""

import pytest

from otwatch.dissectors import cip
from otwatch.dissectors.base import events
from otwatch.dissectors.cip import connection_name
from otwatch.dissectors.reader import Reader
from otwatch.events import Anomaly, Event, Opened, Point, Request, Verb
from tests.dissectors.enveloped import opened

EXPLICIT = "54022006240107f9000000000100008034124d00fecaad0b0000000080841e00f44380841e00f443a303010020022401"


def said(message: str | bytes) -> tuple[Event, ...]:
    payload = message if isinstance(message, bytes) else bytes.fromhex(message)
    return opened(events(lambda read, _: cip.decode(read), payload, None, "cip"))


def asked(message: str | bytes) -> Request:
    (request,) = said(message)
    assert isinstance(request, Request)
    return request


def test_forward_open_tells_who_opens_what_and_no_number_that_others_choose() -> None:
    request = asked(EXPLICIT)
    assert (request.verb, request.points) == (Verb.SESSION, (Point("cip", name="0x02/1"),))
    assert request.details == (
        ("originator_vendor", "77"),
        ("originator_serial", "0x0BADCAFE"),
        ("connection_serial", "0x1234"),
        ("class", "3"),
        ("o_t_type", "point to point"),
        ("o_t_bytes", "500"),
        ("o_t_interval_us", "2000000"),
        ("t_o_type", "point to point"),
        ("t_o_bytes", "500"),
        ("t_o_interval_us", "2000000"),
        ("route", "port 1/0"),
    )
    assert asked(EXPLICIT.replace("a30301", "010301")).verb is Verb.SUBSCRIBE
    assert asked(EXPLICIT.replace("01000080", "77778077")) == request


def test_large_forward_open_and_close() -> None:
    wide = "5b022006240107f9000000000100008034124d00fecaad0b00000000" + "80841e00" + "a00f0042" + "80841e00" + "00000000" + "a301" + "2002"
    details = dict(asked(wide).details)
    assert (details["o_t_bytes"], details["o_t_type"], details["t_o_type"]) == ("4000", "point to point", "null")
    closed = asked("4e022006240107f934124d00fecaad0b0300010020022401")
    assert closed.operation == "Forward Close"
    assert connection_name(closed) == connection_name(asked(EXPLICIT)) == "77/0x0BADCAFE/0x1234"
    assert dict(closed.details)["route"] == "port 1/0"


def io(sent: int, received: int, path: str, transport: int = 1, kinds: tuple[int, int] = (2, 2)) -> Request:
    """A Forward Open for I/O: bytes of data each way (sequence counts included), the path from its number of words on."""
    parameters = (kind << 13 | size for kind, size in zip(kinds, (sent, received), strict=True))
    flows = "".join("10270000" + both.to_bytes(2, "little").hex() for both in parameters)
    return asked(EXPLICIT[: EXPLICIT.index("80841e00")] + flows + f"{transport:02x}" + f"{len(path) // 4:02x}" + path)


def test_who_owns_the_outputs() -> None:
    owners = [
        io(10, 6, "200424012c652c64"),
        io(2, 6, "200424012cfe2c64"),
        io(2, 6, "200424012cff2c64"),
        io(2, 6, "200424012cc02c64"),
        io(0, 6, "200424012c64", kinds=(0, 1)),
        io(0, 6, "200424012c64", transport=0),
        io(10, 6, "200424012c652c64", kinds=(6, 2)),
    ]
    assert [dict(request.details)["owner"] for request in owners] == [
        "exclusive owner", "input only", "listen only", *["input only or listen only"] * 3, "redundant owner",
    ]  # fmt: skip
    assert {request.verb for request in owners} == {Verb.SUBSCRIBE}


@pytest.mark.parametrize(
    ("path", "ends"),
    [
        ("200424012c652c64", ("0x04/101", "0x04/100")),
        ("20042401246524642c652c64", ("0x04/101", "0x04/100")),
        ("2004246624652464", ("0x04/101", "0x04/100")),
        ("20042401", ("0x04/1", "0x04/1")),
        ("01002004240a2c652c64", ("0x04/101", "0x04/100")),
    ],
)
def test_an_answer_says_under_which_ids_its_connection_runs(path: str, ends: tuple[str, str]) -> None:
    request = io(10, 6, path)
    reply = bytes.fromhex("d4000000" + "aa004d00" + "bb004e00" + "34124d00fecaad0b" + "10270000" * 2 + "0000")
    (said,) = cip.joined(request, Reader(reply))
    assert isinstance(said, Opened)
    assert (said.key, said.asker, said.asked) == ("77/0x0BADCAFE/0x1234", "0x004d00aa", "0x004e00bb")
    assert tuple(points[0].name for points in said.points) == ends
    assert said.target == (("port 1/0",) if path.startswith("01") else ())
    assert dict(said.details) == {"class": "1", "owner": "exclusive owner", "o_t_interval_us": "10000", "t_o_interval_us": "10000"}


def test_a_tag_that_is_produced_stands_for_its_data() -> None:
    request = io(2, 6, "9104" + b"Feed".hex())
    (said,) = cip.joined(request, Reader(bytes.fromhex("d4000000" + "aa004d00" + "bb004e00" + "00" * 18)))
    assert isinstance(said, Opened)
    assert said.points == ((Point("tag", name="Feed"),),) * 2


def test_a_direction_that_is_not_used_has_no_id() -> None:
    request = io(0, 6, "200424012c64", kinds=(0, 1))
    (said,) = cip.joined(request, Reader(bytes.fromhex("d4000000" + "00000000" + "bb004e00" + "00" * 18)))
    assert isinstance(said, Opened)
    assert (said.asker, said.asked) == ("", "0x004e00bb")


def test_an_answer_that_is_cut_opens_nothing() -> None:
    (said,) = cip.joined(io(10, 6, "20042401"), Reader(bytes.fromhex("d4000000aa004d00")))
    assert isinstance(said, Anomaly)
