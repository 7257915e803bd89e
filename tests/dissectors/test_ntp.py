"""NTP: literals of RFC 5905, and captures."""

from pathlib import Path

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.ntp import NTP
from otwatch.events import Identity, State
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, said, told


def test_a_server_with_a_radio_clock() -> None:
    assert fields(NTP, names.NTP_ANSWER) == [("capability", "time-server"), ("stratum", "1 (DCFa)")]
    own_clock = names.NTP_ANSWER.replace(b"DCFa", bytes([127, 127, 1, 0]))
    assert fields(NTP, own_clock) == [("capability", "time-server"), ("stratum", "1 (127.127.1.0)")]


@pytest.mark.parametrize("payload", [names.NTP_QUESTION, names.NTP_UNSET, names.NTP_ANSWER[:1] + b"\0" + names.NTP_ANSWER[2:]])
def test_who_asks_or_does_not_know_gives_no_time(payload: bytes) -> None:
    assert fields(NTP, payload) == []


def test_why_there_is_no_time() -> None:
    kiss = names.NTP_ANSWER[:1] + b"\0" + names.NTP_ANSWER[2:12] + b"RATE" + names.NTP_ANSWER[16:]
    payloads = (kiss, names.NTP_UNSET, names.NTP_QUESTION)
    said = [event for payload in payloads for one in read(NTP, payload, None).messages for event in one.events]
    assert [event.value for event in said if isinstance(event, State)] == ["kiss RATE", "not set"]


def test_looks_like() -> None:
    assert knows(NTP, names.NTP_ANSWER, True)
    assert not knows(NTP, names.NTP_ANSWER[:47], True)
    assert not knows(NTP, b"\x17" + names.NTP_ANSWER[1:], True), "mode 7"


def test_captures(captures: Path) -> None:
    """tshark: ntp.stratum of mode 4."""
    assert told(captures / "ntp/tcpdump-ntp.pcap", "ntp") == {"192.168.100.1": [("capability", "time-server"), ("stratum", "2")]}


@pytest.mark.parametrize(("seconds", "is_sound"), [(0, True), (15, True), (16, False), (0xFFFF, False)])
def test_a_dispersion_that_nobody_takes(seconds: int, is_sound: bool) -> None:
    """RFC 5905 figure 27: MAXDISP is 16 s."""
    (event,) = said(NTP, names.NTP_ANSWER[:8] + seconds.to_bytes(2) + names.NTP_ANSWER[10:])
    assert isinstance(event, Identity) is is_sound
    assert is_sound or event == State("ntp", (), "clock", "dispersion over 16 s")
