"""Cut messages put together: lost, repeated, interleaved, restarted and wrapped pieces."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.events import Piece, Request
from otwatch.sightings import Outcome
from otwatch.wire import pieces
from otwatch.wire.pieces import PATIENCE, PIECES, Pieces
from tests.wire.dialogues import End, answers, hear, requests, udp

HERE, THERE = End("10.0.0.1", 47_808), End("10.0.0.2", 47_808)


def piece(number: int, data: bytes, more: bool = True, key: str = "a") -> Piece:
    return Piece(key, number % 256, more, b"<", data)


def fed(*parts: Piece, slot: int = 0) -> list[bytes]:
    memory = Pieces()
    return [whole for part in parts if (whole := memory.add(0, part, slot)) is not None]


def test_pieces_in_order_are_one_message() -> None:
    assert fed(piece(0, b"a"), piece(1, b"b"), piece(2, b"c", more=False)) == [b"<abc"]


def test_a_repeated_piece_counts_once() -> None:
    assert fed(piece(0, b"a"), piece(0, b"a"), piece(1, b"b"), piece(1, b"b"), piece(2, b"c", more=False)) == [b"<abc"]


def test_a_lost_piece_is_waited_for() -> None:
    assert fed(piece(0, b"a"), piece(2, b"c", more=False)) == []
    assert fed(piece(0, b"a"), piece(2, b"c", more=False), piece(1, b"b"), piece(2, b"c", more=False)) == [b"<abc"]


def test_without_its_beginning_there_is_no_message() -> None:
    assert fed(piece(1, b"b"), piece(2, b"c", more=False)) == []


def test_another_first_piece_begins_anew() -> None:
    """The sender gave the first message up; nothing of it may stand in the second."""
    assert fed(piece(0, b"old"), piece(0, b"a"), piece(1, b"b", more=False)) == [b"<ab"]
    assert fed(piece(0, b"old"), piece(1, b"old"), piece(0, b"a"), piece(1, b"b", more=False)) == [b"<ab"]


def test_messages_interleave() -> None:
    said = fed(piece(0, b"a"), piece(0, b"x", key="b"), piece(1, b"y", more=False, key="b"), piece(1, b"b", more=False))
    assert said == [b"<xy", b"<ab"]


def test_numbers_wrap() -> None:
    parts = [piece(at, bytes((at % 251,)), more=at < 299) for at in range(300)]
    assert fed(*parts) == [b"<" + bytes(at % 251 for at in range(300))]


def test_what_is_too_late_is_no_part_of_it_and_may_begin_another() -> None:
    memory = Pieces()
    assert memory.add(0, piece(0, b"old"), 0) is None
    assert memory.add(0, piece(0, b"old"), PATIENCE + 1) is None
    assert memory.add(0, piece(1, b"new", more=False), PATIENCE + 1) == b"<oldnew"
    memory.add(0, piece(0, b"old"), 0)
    assert memory.add(0, piece(1, b"late", more=False), PATIENCE + 1) is None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fed(*(piece(at, b"x", more=at < PIECES) for at in range(PIECES + 1))) == []
    monkeypatch.setattr(pieces, "BYTES", 10)
    assert fed(piece(0, b"x" * 8), piece(1, b"x" * 8, more=False)) == []
    monkeypatch.setattr(pieces, "MESSAGES", 2)
    memory = Pieces()
    for key in "abcd":
        memory.add(0, piece(0, b"x", key=key), 0)
    assert [key for _, key in memory._open] == ["c", "d"]
    monkeypatch.setattr(pieces, "BYTES_IN_ALL", 12)
    memory.add(0, piece(1, b"x" * 9, key="d"), 0)
    memory.add(0, piece(0, b"x" * 9, key="e"), 0)
    assert memory._size == sum(message.size for message in memory._open.values()) <= 12


def test_other_conversations_forgotten_change_nothing() -> None:
    memory = Pieces()
    memory.add(6, piece(0, b"a"), 0)
    memory.add(8, piece(0, b"x"), 0)
    memory.renumber({3: 0})
    assert memory.add(0, piece(1, b"b", more=False), 0) == b"<ab"
    assert not memory._open
    assert memory._size == 0


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 4), st.booleans(), st.binary(max_size=3)), max_size=40))
def test_any_pieces_leave_a_true_account(said: list[tuple[str, int, bool, bytes]]) -> None:
    memory = Pieces()
    for key, number, more, data in said:
        memory.add(0, Piece(key, number, more, b"", data), 0)
    assert memory._size == sum(message.size for message in memory._open.values())


# --- a segmented BACnet request as a whole ----------------------------------------------------------------------------------------


def bacnet(apdu: bytes) -> bytes:
    return b"\x81\x0a" + pack("!H", 6 + len(apdu)) + b"\x01\x04" + apdu


def segment(number: int, data: bytes, more: bool, invoke: int = 9) -> bytes:
    return bacnet(bytes((0x08 | more << 2, 5, invoke, number, 4, 15)) + data)


WRITE = bytes.fromhex("0c008000011955 3e44000000003f".replace(" ", ""))


def test_a_request_in_segments_is_told_with_its_answer() -> None:
    asked = [segment(0, WRITE[:5], more=True), segment(1, WRITE[5:9], more=True), segment(2, WRITE[9:], more=False)]
    frames = [udp(HERE, THERE, one) for one in (*asked[:2], asked[1], asked[2])]
    frames.insert(1, udp(THERE, HERE, bacnet(bytes((0x41, 9, 0, 4)))))
    for size in (1, 2, 100):
        said = hear([*frames, udp(THERE, HERE, bacnet(bytes((0x20, 9, 15))))], size)
        (told,) = requests(said)
        assert isinstance(told.event, Request)
        assert (told.event.operation, told.event.values, told.outcome) == ("writeProperty", ("0.0",), Outcome.OK)
        assert (told.frame.number, told.answer and told.answer.number) == (5, 6)
        assert [getattr(item.event, "operation", "") for item in answers(said)] == ["segmentAck"]
