"""referee/places.py: frames of differences, from hearing the capture again in pieces."""

from collections.abc import Iterator

from otwatch.checks import Difference, FieldCheck
from otwatch.events import Request, Verb
from otwatch.referee.places import PIECE, PIECES, placed
from otwatch.referee.sheet import Sheet
from otwatch.sightings import Frame, Outcome, Sighting
from tests.facts.seen import MODBUS, joined, said
from tests.referee.trees import ALL

READ = Request("modbus", Verb.READ, "Read Coils", 1, ("unit 1",))
WRITE = Request("modbus", Verb.WRITE, "Write Single Coil", 5, ("unit 1",))


def pdus(otwatch: int, tshark: int) -> FieldCheck:
    return FieldCheck("modbus", "pdus", otwatch, tshark, (Difference({}, otwatch, tshark, (), ()),))


def heard(*frames: int) -> Sheet:
    sheet = Sheet(ALL)
    for frame in frames:
        sheet.add("modbus", "pdus", frame)
    return sheet


def frames_of(check: FieldCheck) -> tuple[tuple[int, ...], tuple[int, ...]]:
    (one,) = check.differences
    return one.otwatch_frames, one.tshark_frames


def test_the_frame_that_only_one_has_is_found() -> None:
    mine = [said(MODBUS, READ, number=number) for number in (1, 2, 700)]
    (check,) = placed([pdus(3, 4)], heard(1, 3, 4, 700), lambda fine: mine)
    assert frames_of(check) == ((2,), (3, 4))


def test_an_answer_stands_in_its_own_frame() -> None:
    mine = [joined(MODBUS, WRITE, number=10), said(MODBUS, READ, number=12)]
    (check,) = placed([pdus(3, 2)], heard(10, 12), lambda fine: mine)
    assert frames_of(check) == ((11,), ())


def test_a_refusal_stands_in_the_frame_of_the_answer() -> None:
    refused = FieldCheck("modbus", "exceptions", 1, 0, (Difference({"exception": "5/2"}, 1, 0, (), ()),))
    mine = [joined(MODBUS, WRITE, "illegal data address", "2", number=10)]
    (check,) = placed([refused], heard(10), lambda fine: mine)
    assert frames_of(check) == ((11,), ())


def test_only_pieces_that_differ_are_heard_frame_by_frame() -> None:
    asked: list[frozenset[int]] = []

    def hear(fine: frozenset[int]) -> Iterator[Sighting]:
        asked.append(fine)
        yield from (said(MODBUS, READ, number=number) for number in (1, 5 * PIECE + 3))

    placed([pdus(2, 1)], heard(1), hear)
    assert asked == [frozenset(), frozenset({5})]


def test_of_a_capture_that_differs_everywhere_the_beginning_is_looked_at() -> None:
    mine = [said(MODBUS, READ, number=piece * PIECE + 1) for piece in range(3 * PIECES)]
    (check,) = placed([pdus(3 * PIECES, 0)], heard(), lambda fine: mine)
    assert frames_of(check)[0] == tuple(piece * PIECE + 1 for piece in range(PIECES))


def test_nothing_is_heard_again_where_both_agree() -> None:
    agreed = FieldCheck("modbus", "pdus", 1, 1, ())
    asked: list[frozenset[int]] = []
    assert placed([agreed], heard(1), lambda fine: asked.append(fine) or []) == (agreed,)
    assert not asked


def test_frames_behind_those_that_were_kept_are_not_judged() -> None:
    sheet = heard(1)
    sheet.last_whole = PIECE
    (check,) = placed([pdus(2, 1)], sheet, lambda fine: [said(MODBUS, READ, number=number) for number in (1, 9 * PIECE)])
    assert frames_of(check) == ((), ())


def test_a_sighting_joined_with_nothing_is_one_message() -> None:
    alone = Sighting(MODBUS, True, WRITE, 1, 0, 0, Frame("a.pcap", 4), Outcome.UNANSWERED)
    (check,) = placed([pdus(1, 0)], heard(), lambda fine: [alone])
    assert frames_of(check) == ((4,), ())
