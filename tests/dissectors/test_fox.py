"""Niagara Fox on literal frames (domain/protocols.md 9), and on a real one."""

from pathlib import Path

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.fox import FOX
from otwatch.events import Anomaly, Answer, Identity, Request, Verb
from otwatch.wire.recognition import knows
from tests.dissectors.industrial import FOX_CHALLENGE, FOX_LOGIN, FOX_STATION, FOX_TRAFFIC, FOX_WORKBENCH, around, bare, heard_in


def test_the_engineering_tool_says_who_it_is() -> None:
    asked, identity = bare(FOX, FOX_WORKBENCH, True)
    assert asked == Request("fox", Verb.SESSION, "hello", 1, details=(("application", "Workbench"),))
    assert isinstance(identity, Identity)
    assert dict(identity.fields) == {
        "vendor": "Tridium", "product": "Niagara Framework", "firmware": "3.8.401",
        "host": "ENG-PC01", "application": "Workbench", "serial": "Win-0000", "os": "Windows 7 6.1",
    }  # fmt: skip


def test_a_value_that_gives_its_size_may_hold_the_end_of_a_frame() -> None:
    answer, identity = bare(FOX, FOX_STATION, False)
    assert answer == Answer("fox", "hello", 1, details=(("application", "Station"),))
    assert isinstance(identity, Identity)
    assert dict(identity.fields) == {
        "name": "GTB_Bloc", "host": "10.0.0.9", "application": "Station",
        "vendor": "Tridium", "product": "Niagara Framework", "brand": "vykon",
    }  # fmt: skip
    assert len(read(FOX, bytes.fromhex(FOX_STATION + FOX_CHALLENGE), False).messages) == 2


def test_a_challenge_tells_its_method() -> None:
    assert bare(FOX, FOX_CHALLENGE, False) == [Answer("fox", "challenge", 2, details=(("method", "basic"),))]


def test_what_is_said_at_login_is_not_told() -> None:
    assert bare(FOX, FOX_LOGIN, True) == [Request("fox", Verb.AUTH, "login", 3)]


def test_values_of_a_hello_are_shown_and_what_proves_a_login_never() -> None:
    assert around(FOX, FOX_WORKBENCH, True)[:2] == (("message", "fox hello"), ("fox.version", "1.0"))
    assert around(FOX, FOX_CHALLENGE, False) == (("message", "fox challenge"), ("method", "basic"), ("nonce", "withheld"))
    nonce = b"fox a 1 0 fox challenge\n{\nmethod=s:digest-md5\nnonce=b:4[abcd]\nsalt=s:ab\n};;\n"
    assert around(FOX, nonce.hex(), False)[2:] == (("nonce", "withheld"), ("salt", "withheld"))
    assert around(FOX, FOX_LOGIN, True) == (("message", "fox login"),)


def test_component_traffic_is_counted() -> None:
    assert bare(FOX, FOX_TRAFFIC, True) == [Request("fox", Verb.OTHER, "station message", 0)]


@pytest.mark.parametrize("text", [b"fox hello\n", b"GET / HTTP/1.1\r\n", b"foxa 1 -1 fox hello\n", b"fox a 1 -1 fox hello"])
def test_other_text_is_not_taken_for_it(text: bytes) -> None:
    assert not knows(FOX, text, hint=True)


def test_a_frame_without_end_is_given_up() -> None:
    head, line = b"fox a 1 -1 fox hello\n{\n", b"key=s:" + b"v" * 1000 + b"\n"
    (message,) = read(FOX, head + line * 70, True).messages
    assert isinstance(message.events[0], Anomaly)


def test_a_real_station(captures: Path) -> None:
    found = [item for item in heard_in(captures / "fox" / "iti-fox_info.pcap") if isinstance(item.event, Identity)]
    said_of = {item.by_client: dict(item.event.fields) for item in found if isinstance(item.event, Identity)}
    assert said_of[True]["application"] == "Workbench"
    assert (said_of[False]["name"], said_of[False]["firmware"], said_of[False]["os"]) == ("Legion_HQ_V4", "3.5.41.1", "QNX 6.3.2")
