"""RTSP: who watches whom on what, logins, and pictures that are only counted."""

from pathlib import Path

import pytest

from otwatch.dissectors.rtsp import METHODS, RTSP
from otwatch.events import UNNAMED, Answer, Credential, Identity, Point, Request, Secret, Verb
from otwatch.sightings import Outcome, Sighting
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import told
from tests.dissectors.streams import heard
from tests.wire.dialogues import End, connection, hear, opened, tallies

LOGIN = [(True, names.RTSP_DESCRIBE), (False, names.RTSP_REFUSED)]


def test_a_login_that_is_refused() -> None:
    assert heard(RTSP, LOGIN) == [
        Request(
            "rtsp", Verb.READ, "DESCRIBE", list(METHODS).index("DESCRIBE"), points=(Point("url", name="/axis-media/media.amp"),),
            details=(("auth", "basic"),),
        ),
        Credential("rtsp", "root", Secret(b"pass")),
        Identity("rtsp", (), (("software", "LibVLC/3.0.16"),)),
        Answer("rtsp", "RTSP answer", UNNAMED, error="Unauthorized", error_code="401"),
        Identity("rtsp", (), (("software", "GStreamer RTSP server"), ("realm", "AXIS M3046"))),
    ]  # fmt: skip


@pytest.mark.parametrize("cut", range(1, len(names.RTSP_ANSWER), 9))
def test_bodies_and_pictures_are_passed(cut: int) -> None:
    parts = (names.RTSP_ANSWER[:cut], names.RTSP_ANSWER[cut:], names.RTSP_REFUSED)
    assert heard(RTSP, [(False, part) for part in parts]) == [Answer("rtsp", "RTSP answer", UNNAMED)]


def test_a_login_is_joined_with_its_answer_and_pictures_are_only_counted() -> None:
    client, server = connection(server=End("10.0.0.2", 554))
    frames = [*opened(client, server), client.says(names.RTSP_DESCRIBE), server.says(names.RTSP_REFUSED), server.says(names.RTSP_ANSWER)]
    frames += [server.says(b"$\0\0\4abcd" * 20) for _ in range(30)]
    items = hear(frames)
    (login,) = (item for item in items if isinstance(item, Sighting) and isinstance(item.event, Credential))
    assert (login.outcome, login.error_code) == (Outcome.ERROR, "401")
    assert not any(item.unread for item in tallies(items))


@pytest.mark.parametrize(("payload", "is_rtsp"), [
    (names.RTSP_DESCRIBE, True), (names.RTSP_ANSWER, True), (b"GET / HTTP/1.1\r\n\r\n", False), (b"OPTIONS * RTSP/1.0\r\n", True),
])  # fmt: skip
def test_looks_like(payload: bytes, is_rtsp: bool) -> None:
    assert knows(RTSP, payload, False) is is_rtsp


def test_capture(captures: Path) -> None:
    """tshark: rtsp.method, User-Agent and Server."""
    found = told(captures / "rtsp/ndpi-rtsp.pcapng", "rtsp")
    assert found["10.2.2.2"] == [("software", "VLC/3.0.12")]
    assert found["10.1.1.10"] == [("software", "LibVLC/3.0.16 (LIVE555 Streaming Media v2016.11.28)")]
