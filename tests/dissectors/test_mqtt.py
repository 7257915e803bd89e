"""MQTT: who connects to a broker, under which name, and what the broker says."""

from pathlib import Path

import pytest

from otwatch.dissectors.mqtt import CONNECT, MQTT
from otwatch.events import Anomaly, Answer, Credential, Identity, Request, Secret, Verb
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import told
from tests.dissectors.streams import heard


def test_a_login_that_is_refused() -> None:
    asked = Request("mqtt", Verb.AUTH, "CONNECT", CONNECT, details=(("version", "MQTT 3.1.1"), ("client", "bms01"), ("user", "admin")))
    assert heard(MQTT, [(True, names.MQTT_CONNECT), (False, names.MQTT_REFUSED)]) == [
        asked,
        Credential("mqtt", "admin", Secret(b"admin")),
        Identity("mqtt", (), (("application", "MQTT client bms01"),)),
        Answer("mqtt", "CONNECT", CONNECT, error="not authorized", error_code="5"),
    ]


def test_version_5_has_properties() -> None:
    request, identity = heard(MQTT, [(True, names.MQTT_FIVE)])
    assert isinstance(request, Request)
    assert request.details == (("version", "MQTT 5.0"), ("client", "bms01"))
    assert isinstance(identity, Identity)


def test_nothing_is_looked_at_behind_the_answer() -> None:
    published = b"\x30\x0c\0\4temp{23.5}"
    assert heard(MQTT, [(True, names.MQTT_FIVE), (False, b"\x20\2\0\0"), (True, published + names.MQTT_CONNECT)])[2:] == [
        Answer("mqtt", "CONNECT", CONNECT)
    ]


def test_sizes_without_an_end() -> None:
    assert heard(MQTT, [(True, b"\x10\xff\xff\xff\xff\x01")]) == [Anomaly("mqtt", "size of more than 4 bytes", 5)]
    assert heard(MQTT, [(True, b"\x10\xff\xff\x03")]) == [Anomaly("mqtt", "opening of 65535 bytes", 0)]


@pytest.mark.parametrize(("payload", "is_mqtt"), [
    (names.MQTT_CONNECT, True), (names.MQTT_FIVE, True), (names.MQTT_REFUSED, False), (b"\x10\x0c\0\4HTTP\4\2\0\0", False),
])  # fmt: skip
def test_looks_like(payload: bytes, is_mqtt: bool) -> None:
    assert knows(MQTT, payload, False) is is_mqtt


def test_captures(captures: Path) -> None:
    """tshark: mqtt.clientid."""
    found = told(captures / "mqtt/arkime-mqtt_big.pcap", "mqtt")
    assert found == {"192.168.1.100": [("application", "MQTT client test-client-123")]}
