"""WS-Discovery: literals after the ONVIF Core Specification; no capture at hand holds an answer."""

from otwatch.dissectors.ws_discovery import WS_DISCOVERY
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields


def test_a_camera_answers() -> None:
    assert fields(WS_DISCOVERY, names.WSD_HELLO) == [
        ("device_type", "NetworkVideoTransmitter"), ("capability", "camera"), ("model", "DS-2CD2042WD"), ("name", "Hall A"),
        ("location", "niveau 0"), ("url", "http://192.0.2.77/onvif/device_service"),
    ]  # fmt: skip


def test_who_looks_for_cameras_is_none() -> None:
    assert fields(WS_DISCOVERY, names.WSD_PROBE) == []


def test_text_is_made_safe() -> None:
    hostile = names.WSD_HELLO.replace(b"Hall%20A", b"%1b%5b2J%0a%e2%80%ae")
    assert ("name", "\\x1b[2J\\x0a\\u202e") in fields(WS_DISCOVERY, hostile)


def test_looks_like() -> None:
    assert knows(WS_DISCOVERY, names.WSD_PROBE, True)
    assert not knows(WS_DISCOVERY, b"<?xml version='1.0'?><s:Envelope/>", True)
