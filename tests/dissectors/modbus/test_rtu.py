"""Modbus RTU over TCP: frames found by their checksum, and the same events as with a header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.base import read
from otwatch.dissectors.modbus.rtu import MODBUS_RTU, checksum
from otwatch.events import Anomaly, Answer, Event, Point, Request, Verb
from otwatch.sightings import Outcome, Sighting
from otwatch.wire.recognition import knows
from tests.dissectors.hostile import read_twice, variants
from tests.wire.dialogues import End, connection, hear, opened, requests, tallies

REQUESTS = {
    "read": "1103006b00037687",
    "coil": "110500acff004e8b",
    "register": "1106000100039a9b",
    "coils": "110f0013000a02cd01bf0b",
    "registers": "11100001000204000a0102c6f0",
}
ANSWERS = {"read": "110306ae415652434049ad", "registers": "1110000100021298", "exception": "0a8102b053"}
GOOD = [bytes.fromhex(frame) for frame in (*REQUESTS.values(), *ANSWERS.values())]


def framed(body: str) -> bytes:
    """A body with its checksum."""
    data = bytes.fromhex(body)
    return data + checksum(data).to_bytes(2, "little")


def said(payload: bytes, is_request: bool | None) -> list[Event]:
    return [event for message in read(MODBUS_RTU, payload, is_request).messages for event in message.events]


def test_checksum() -> None:
    """Modbus over serial line v1.02, 6.2.2: 02 07 -> 1241, sent low byte first."""
    assert checksum(b"\x02\x07") == 0x1241
    assert all(checksum(frame) == 0 for frame in GOOD[:-3] + GOOD[-2:])


@pytest.mark.parametrize(
    ("name", "operation", "point"),
    [
        ("read", "Read Holding Registers", Point("holding-register", 107, 3)),
        ("coil", "Write Single Coil", Point("coil", 172)),
        ("register", "Write Single Register", Point("holding-register", 1)),
        ("coils", "Write Multiple Coils", Point("coil", 19, 10)),
        ("registers", "Write Multiple Registers", Point("holding-register", 1, 2)),
    ],
)
def test_requests(name: str, operation: str, point: Point) -> None:
    (event,) = said(bytes.fromhex(REQUESTS[name]), True)
    assert isinstance(event, Request)
    assert (event.protocol, event.operation, event.points, event.target) == ("modbus", operation, (point,), ("unit 17",))


def test_answers() -> None:
    (event,) = said(framed("110306ae4156524340"), False)
    assert event == Answer("modbus", "Read Holding Registers", 3, ("unit 17",))
    (refused,) = said(bytes.fromhex(ANSWERS["exception"]), False)
    assert isinstance(refused, Answer)
    assert (refused.error, refused.error_code, refused.target) == ("illegal data address", "2", ("unit 10",))


def test_who_speaks_is_told_by_the_layout_where_nobody_knows() -> None:
    assert isinstance(said(framed("1103006b0003"), None)[0], Request)
    assert isinstance(said(framed("110306ae4156524340"), None)[0], Answer)


def test_several_frames_in_one_segment() -> None:
    events = said(b"".join(bytes.fromhex(frame) for frame in REQUESTS.values()), True)
    assert [event.code for event in events if isinstance(event, Request)] == [3, 5, 6, 15, 16]


def test_a_maker_s_own_function_reaches_to_the_end() -> None:
    (event,) = said(framed("1165" + "aa" * 40), True)
    assert isinstance(event, Request)
    assert (event.operation, event.verb) == ("Function 101", Verb.OTHER)


def test_a_frame_that_is_not_whole_waits_and_a_wrong_one_is_told() -> None:
    assert read(MODBUS_RTU, bytes.fromhex(REQUESTS["read"])[:-1], True).used == 0
    (flaw,) = said(bytes(300), True)
    assert isinstance(flaw, Anomaly)
    (_, flaw) = said(framed("1103006b0000"), True)
    assert isinstance(flaw, Anomaly)


def test_recognised_by_two_frames_of_a_side() -> None:
    one, two = bytes.fromhex(REQUESTS["read"]), bytes.fromhex(REQUESTS["coil"])
    assert knows(MODBUS_RTU, one + two, False)
    assert knows(MODBUS_RTU, one, True)
    assert not knows(MODBUS_RTU, one, False)
    assert not knows(MODBUS_RTU, one + two[:-1], False)
    assert not knows(MODBUS_RTU, one + two[:-1] + b"\0", False)
    assert not knows(MODBUS_RTU, framed("1165aa") * 2, False)
    assert not knows(MODBUS_RTU, framed("f803006b0003") * 2, False)


@pytest.mark.parametrize("port", [4001, 502, 23])
@pytest.mark.parametrize("size", [1, 16_384])
def test_a_line_on_any_port(port: int, size: int) -> None:
    """Requests and answers take turns; a write is joined with the answer that follows, the other unit's is another's."""
    client, server = connection(server=End("10.0.0.2", port))
    frames = opened(client, server)
    for at in range(3):
        frames += [client.says(framed(f"11030{at}6b0003")), server.says(framed(f"110306ae41565243{at:02x}"))]
    frames += [client.says(bytes.fromhex(REQUESTS["register"])), server.says(bytes.fromhex(REQUESTS["register"]))]
    frames += [client.says(framed("120600010003")), server.says(framed("128602"))]
    frames += [client.says(framed("000600010003"))]
    items = hear(frames, size)
    written = [(item.event.target, item.outcome, item.error_code) for item in requests(items) if isinstance(item.event, Request)
               and item.event.verb is Verb.WRITE]  # fmt: skip
    assert written == [(("unit 17",), Outcome.OK, ""), (("unit 18",), Outcome.ERROR, "2"), (("unit 0",), Outcome.UNKNOWN, "")]
    assert sum(item.times for item in requests(items)) == 6
    assert {item.conversation.service for item in tallies(items)} == {"modbus-rtu"}
    assert not [item for item in items if isinstance(item, Sighting) and isinstance(item.event, Anomaly)]


def test_a_frame_split_over_segments() -> None:
    client, server = connection(server=End("10.0.0.2", 4001))
    whole = [bytes.fromhex(REQUESTS["read"]), bytes.fromhex(REQUESTS["coil"]), bytes.fromhex(REQUESTS["registers"])]
    items = hear([*opened(client, server), *map(client.says, whole[:2]), client.says(whole[2][:7]), client.says(whole[2][7:])])
    assert sorted(item.event.code for item in requests(items) if isinstance(item.event, Request)) == [3, 5, 16]


@given(payload=variants(GOOD) | st.binary(max_size=600), is_request=st.sampled_from([True, False, None]), noise=st.binary(min_size=1))
def test_hostile_bytes(payload: bytes, is_request: bool | None, noise: bytes) -> None:
    knows(MODBUS_RTU, payload, False)
    assert read_twice(MODBUS_RTU, payload, is_request, noise).aside == ()
