"""Display filters."""

from otwatch.alerts.evidence import display_filter
from otwatch.sightings import Frame


def test_one_frame() -> None:
    assert display_filter([Frame("a", 7)]) == "frame.number == 7"


def test_frames_and_answers_in_order() -> None:
    assert display_filter([Frame("a", 9), Frame("a", 7)], [Frame("a", 8), Frame("a", 8)]) == "frame.number in {7, 8, 9}"


def test_only_the_first_capture() -> None:
    assert display_filter([Frame("a", 9), Frame("b", 7)]) == "frame.number == 9"


def test_nothing() -> None:
    assert display_filter([]) == ""
