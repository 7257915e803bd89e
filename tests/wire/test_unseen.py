"""What was not captured was not left out: a login of which something is missing is never told as one without a password."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from otwatch.events import Credential, Secret
from otwatch.sightings import Sighting
from tests.decode.builders import Frame
from tests.wire.dialogues import CLIENT, MS, End, connection, hear, opened

TELNET = End("10.0.0.2", 23)
OPEN = ((1, b"\xff\xfb\x01"), (1, b"BusyBox v1.19\r\n\r\n/ # "), (0, b"ls\r\n"), (1, b"ls\r\nbin\r\n/ # "))
LOCKED = (
    (1, b"\xff\xfb\x18"), (0, b"\xff\xfd\x18"), (1, b"login: "), (0, b"admin\r\n"), (1, b"\xff\xfb\x01"), (1, b"Password: "),
    (0, b"marker\r\n"), (1, b"\r\n\xff\xfc\x01"), (1, b"\r\nWelcome\r\n$ "), (0, b"ls\r\n"), (1, b"\xff\xfb\x01"), (1, b"bin\r\n$ "),
    (0, b"\r\n"), (1, b"\r\n$ "),
)  # fmt: skip
HEADERS = 54


def shell(parts: Sequence[tuple[int, bytes]]) -> list[Frame]:
    """A connection in which side 0, the client, and side 1 say these parts."""
    sides = connection(CLIENT, TELNET)
    said = [*opened(*sides), *(sides[side].says(part) for side, part in parts)]
    return [replace(frame, time_ns=at * MS) for at, frame in enumerate(said)]


def is_told(frames: Sequence[Frame], size: int = 16_384) -> bool:
    """Whether a login without a password is told."""
    without = Credential("telnet", "", Secret(b""))
    return any(isinstance(item, Sighting) and item.event == without for item in hear(frames, size))


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_shell_without_a_login_is_told_when_everything_was_captured(size: int) -> None:
    assert is_told(shell(OPEN), size)


def test_nor_does_a_segment_that_came_late_hide_it() -> None:
    frames = shell(OPEN)
    assert is_told([*frames[:2], frames[3], frames[2], *frames[4:]])


def test_lost_frames_take_no_password_away() -> None:
    """Anywhere, or before the capture began: whoever did not see the question does not know that none was asked."""
    frames = shell(LOCKED)
    for first in range(len(frames)):
        for last in range(first, len(frames) + 1):
            assert not is_told(frames[:first] + frames[last:]), (first, last)


def test_frames_that_change_places_take_none_away() -> None:
    frames = shell(LOCKED)
    for at in range(len(frames) - 1):
        assert not is_told([*frames[:at], frames[at + 1], frames[at], *frames[at + 2 :]]), at


@pytest.mark.parametrize("snap", range(HEADERS, HEADERS + 16))
def test_snap_lengths_take_none_away(snap: int) -> None:
    assert not is_told([replace(frame, data=frame.data[:snap], wire=len(frame.data)) for frame in shell(LOCKED)])
