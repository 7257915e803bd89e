"""wire/connections.py: what travels through a connection is told with what the connection's opening said."""

from pathlib import Path
from struct import pack

import pytest

from otwatch.capture import open_captures
from otwatch.dissectors import DISSECTORS
from otwatch.events import Answer, Event, Identity, Opened, Point, Request, State
from otwatch.sightings import Conversation, Outcome, Role, Sighting
from otwatch.sightings import Frame as Place
from otwatch.wire import Wire, sightings
from otwatch.wire.connections import Connections
from tests.decode.builders import Frame
from tests.wire.dialogues import MS, End, Side, connection, hear, opened, slots, udp

PLC, DRIVE = End("10.0.0.1", 50_000), End("10.0.0.2", 44_818)
SENT, RECEIVED = 0x004D00AA, 0x804E00BB


def enveloped(command: int, context: int, items: bytes) -> bytes:
    return pack("<HHIIQI", command, 6 + len(items), 0x11223344, 0, context, 0) + bytes(6) + items


def unconnected(message: bytes, context: int) -> bytes:
    return enveloped(0x6F, context, pack("<HIHH", 2, 0, 0xB2, len(message)) + message)


def connected(message: bytes, number: int, count: int) -> bytes:
    return enveloped(0x70, 0, pack("<HHHIHHH", 2, 0xA1, 4, number, 0xB1, 2 + len(message), count) + message)


def named(serial: int) -> bytes:
    return pack("<HHI", serial, 77, 0x0BADCAFE)


def forward_open(path: str, transport: int, serial: int = 1, sizes: tuple[int, int] = (10, 6)) -> bytes:
    flows = b"".join(pack("<IH", 10_000, 2 << 13 | size) for size in sizes)
    way = bytes.fromhex(path)
    head = bytes.fromhex("54022006240107f9") + pack("<II", 0, RECEIVED) + named(serial) + bytes(4)
    return head + flows + bytes([transport, len(way) // 2]) + way


def granted(serial: int = 1, status: int = 0) -> bytes:
    return bytes([0xD4, 0, status, 0]) + pack("<II", SENT, RECEIVED) + named(serial) + pack("<II", 10_000, 10_000) + bytes(2)


def forward_close(path: str, serial: int = 1) -> bytes:
    way = bytes.fromhex(path)
    return bytes.fromhex("4e022006240107f9") + named(serial) + bytes([len(way) // 2, 0]) + way


CLOSED = bytes.fromhex("ce000000") + named(1) + bytes(2)
IO_PATH, EXPLICIT_PATH = "0103200424012c652c64", "010020022401"


def io(source: End, number: int, count: int, data: str, at: float, group: str = "") -> Frame:
    item = pack("<H", count & 0xFFFF) + bytes.fromhex(data)
    payload = pack("<HHHIIHH", 2, 0x8002, 8, number, count, 0xB1, len(item)) + item
    target = End(group or (DRIVE.ip if source.ip == PLC.ip else PLC.ip), 2222)
    return udp(End(source.ip, 2222), target, payload, slots(at))


def outputs(count: int, data: str, at: float) -> Frame:
    return io(PLC, SENT, count, data, at)


class Session:
    """A TCP connection on which the one asks and the other answers at once."""

    def __init__(self) -> None:
        self._client, self._server = connection(PLC, DRIVE)
        self.frames = opened(self._client, self._server)
        self._context = 0

    def asks(self, request: bytes, answer: bytes, at: float, number: int = 0) -> None:
        self._context += 1
        for side, message, through in ((self._client, request, SENT), (self._server, answer, RECEIVED)):
            payload = connected(message, through, self._context) if number else unconnected(message, self._context)
            self._say(side, payload, at)

    def _say(self, side: Side, payload: bytes, at: float) -> None:
        self.frames.append(side.says(payload, slots(at)))

    def opens(self, path: str, transport: int, at: float, status: int = 0) -> None:
        self.asks(forward_open(path, transport), granted(status=status), at)


def told(frames: list[Frame], size: int = 16_384) -> list[tuple[bool, Event]]:
    return [(item.by_client, item.event) for item in hear(frames, size) if isinstance(item, Sighting)]


def data(frames: list[Frame]) -> list[dict[str, str]]:
    """Details of what is told of I/O data, in the order of time."""
    return [dict(event.details) for _, event in told(frames) if isinstance(event, Request) and event.protocol == "cip-io"]


OUTPUTS = {"direction": "o_t", "class": "1", "owner": "exclusive owner", "interval_us": "10000"}


def test_io_data_say_which_connection_they_belong_to() -> None:
    session = Session()
    session.opens(IO_PATH, 1, 0.1)
    frames = [*session.frames, outputs(1, "010000000a0b0c0d", 0.2), io(DRIVE, RECEIVED, 1, "ffeeddcc", 0.3)]
    sent, received = (event for _, event in told(frames) if isinstance(event, Request) and event.protocol == "cip-io")
    assert (sent.target, sent.origin, sent.points) == (("port 1/3",), (), (Point("cip", name="0x04/101"),))
    assert (received.target, received.origin, received.points) == ((), ("port 1/3",), (Point("cip", name="0x04/100"),))
    assert dict(sent.details) == OUTPUTS | {"mode": "run"}
    assert dict(received.details) == OUTPUTS | {"direction": "t_o"}


def test_a_group_hears_the_same_connection() -> None:
    session = Session()
    session.opens(IO_PATH, 1, 0.1)
    assert data([*session.frames, io(DRIVE, RECEIVED, 1, "ffeeddcc", 0.2, "239.192.1.32")]) == [OUTPUTS | {"direction": "t_o"}]


@pytest.mark.parametrize("status", [None, 1])
def test_without_an_opening_that_was_granted_it_is_said_so(status: int | None) -> None:
    session = Session()
    if status is not None:
        session.opens(IO_PATH, 1, 0.1, status)
    frames = [*session.frames, outputs(1, "010000000a0b0c0d", 0.2)]
    assert data(frames) == [{"forward_open": "not captured", "connection": f"0x{SENT:08x}"}]


def test_a_forward_close_ends_the_connection() -> None:
    session = Session()
    session.opens(IO_PATH, 1, 0.1)
    frames = [*session.frames, outputs(1, "010000000a0b0c0d", 0.2)]
    session.asks(forward_close(IO_PATH), CLOSED, 1.5)
    found = data([*frames, *session.frames[len(frames) - 1 :], outputs(2, "010000000a0b0c0d", 2.5)])
    assert [one.get("forward_open") for one in found] == [None, "closed"]


def test_a_controller_that_turns_idle_is_an_event() -> None:
    session = Session()
    session.opens(IO_PATH, 1, 0.1)
    words = ["01000000", "01000000", "00000000", "00000000", "01000000"]
    frames = [*session.frames, *(outputs(at, word + "0a0b0c0d", at + 0.2) for at, word in enumerate(words))]
    states = [event for _, event in told(frames) if isinstance(event, State)]
    assert [(state.before, state.value) for state in states] == [("", "run"), ("run", "idle"), ("idle", "run")]


def test_data_that_is_no_header_settles_that_there_is_none() -> None:
    session = Session()
    session.opens(IO_PATH, 1, 0.1)
    words = ["01000000", "10000000", "00000000", "01000000"]
    frames = [*session.frames, *(outputs(at, word + "0a0b0c0d", at + 0.2) for at, word in enumerate(words))]
    assert [event.value for _, event in told(frames) if isinstance(event, State)] == ["run"]
    assert [one.get("mode") for one in data(frames)] == ["run", None, None, None]


def test_messages_of_a_connection_and_their_answers_name_who_stands_at_its_end() -> None:
    session = Session()
    session.opens(EXPLICIT_PATH, 0xA3, 0.1)
    session.asks(bytes.fromhex("4c02200124010100"), bytes.fromhex("cc000000c40001000000"), 0.2, SENT)
    session.asks(bytes.fromhex("0102200124010000")[:6], bytes.fromhex("81000000") + identity(), 0.3, SENT)
    said = [event for _, event in told(session.frames)]
    assert [event.target for event in said if isinstance(event, Request | Answer) and event.code in (0x4C, 1)] == [("port 1/0",)] * 3
    assert [event.subject for event in said if isinstance(event, Identity)] == [("port 1/0",)]
    assert not any(isinstance(event, Opened) for event in said)
    assert not any("connection" in dict(event.details) for event in said if isinstance(event, Request | Answer))


def test_messages_of_a_connection_whose_opening_was_not_captured_stay_as_they_are() -> None:
    session = Session()
    session.asks(bytes.fromhex("4c02200124010100"), bytes.fromhex("cc000000c40001000000"), 0.2, SENT)
    asked, answered = (event for _, event in told(session.frames) if isinstance(event, Request | Answer))
    assert (asked.target, asked.details, answered.target, answered.details) == ((), (), (), ())


def test_a_connection_that_is_opened_through_another_one() -> None:
    session = Session()
    session.opens(EXPLICIT_PATH, 0xA3, 0.1)
    further = granted(2).replace(pack("<I", SENT), pack("<I", 0x77)).replace(pack("<I", RECEIVED), pack("<I", 0x88))
    session.asks(forward_open("0105200424012c652c64", 1, 2), further, 0.2, SENT)
    frames = [*session.frames, io(PLC, 0x77, 1, "010000000a0b0c0d", 0.3)]
    (sent,) = (event for _, event in told(frames) if isinstance(event, Request) and event.protocol == "cip-io")
    assert sent.target == ("port 1/0", "port 1/5")


def test_connections_of_a_program_download(captures: Path) -> None:
    """Five connections to slot 0, of which one stays: 377 messages and 377 answers travel through them, all of them seen being opened."""
    name = "enip/iti-EIP-RebootorRestart.pcap"
    if not (captures / name).exists():
        pytest.skip(f"{name} is not among the captures")
    batches = (batch for source in open_captures([captures / name]) for batch in source.read())
    said = [item for item in sightings(Wire(DISSECTORS), batches) if isinstance(item, Sighting)]
    opens = [item for item in said if isinstance(item.event, Request) and item.event.operation == "Forward Open"]
    assert [item.outcome for item in opens] == [Outcome.OK] * 5
    assert {dict(item.event.details)["route"] for item in opens if isinstance(item.event, Request)} == {"port 1/0"}
    (order,) = (item.event for item in said if isinstance(item.event, Request) and item.event.operation == "Go to Program")
    assert order.target == ("port 1/0",)
    answers = sum(item.times for item in said if isinstance(item.event, Answer) and item.event.target == ("port 1/0",))
    assert answers > 800
    assert not any("connection" in dict(item.event.details) for item in said if isinstance(item.event, Request | Answer))


def identity() -> bytes:
    return pack("<HHHBBHI", 1, 14, 54, 16, 20, 0x3060, 0x51823F) + b"\x04PLC1"


@pytest.mark.parametrize("size", [1, 3, 7])
def test_batches_may_end_anywhere(size: int) -> None:
    session = Session()
    session.opens(IO_PATH, 1, 0.1)
    frames = [*session.frames, *(outputs(at, f"0{at // 3 % 2}0000000a0b0c{at:02x}", at / 4) for at in range(1, 40))]
    frames += [io(DRIVE, RECEIVED, at, f"{at * 77:08x}", 10 + at / 9) for at in range(1, 20)]
    assert hear(frames, size) == hear(frames)


def opening(serial: int, at: int) -> Sighting:
    talk = Conversation(PLC.ip, DRIVE.ip, "tcp", PLC.port, DRIVE.port, "enip", Role.SYN)
    event = Opened("cip", f"77/1/{serial}", f"0x{serial:08x}", "", (), ((), ()), (("class", "1"),))
    return Sighting(talk, False, event, 1, at * MS, at * MS, Place("a.pcap", at))


def test_the_table_is_bounded() -> None:
    known = Connections(limit=4)
    for serial in range(1, 8):
        assert list(known.see(opening(serial, serial))) == []
    assert known.evicted == 3
    assert list(known.see(opening(7, 9))) == []
    assert known.evicted == 3


def test_outcome_of_a_forward_open_is_joined() -> None:
    session = Session()
    session.opens(IO_PATH, 1, 0.1, status=1)
    (item,) = [item for item in hear(session.frames) if isinstance(item, Sighting) and isinstance(item.event, Request)]
    assert isinstance(item.event, Request)
    assert (item.outcome, item.event.verb) == (Outcome.ERROR, "SUBSCRIBE")
