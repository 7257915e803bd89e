"""ARP: literals, hostile bytes, and what tshark saw in real captures."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.arp import ARP
from otwatch.dissectors.base import read
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Anomaly, Answer, Binding, Event, Identity, Point, Request, Verb
from tests.dissectors.hostile import read_twice, variants
from tests.dissectors.segments import segments

HEADER = "0001080006040001"
REQUEST = bytes.fromhex(HEADER + "0080f4010203c0000205" + "000000000000c0000209")
REPLY = bytes.fromhex("0001080006040002" + "001b1b0a0b0cc0000209" + "0080f4010203c0000205") + bytes(18)
PROBE = bytes.fromhex(HEADER + "0080f401020300000000" + "000000000000c0000205")
ANNOUNCEMENT = bytes.fromhex(HEADER + "0080f4010203c0000205" + "000000000000c0000205")
GOOD = [REQUEST, REPLY, PROBE, ANNOUNCEMENT]


def said(payload: bytes) -> list[Event]:
    return [event for message in read(ARP, payload, None).messages for event in message.events]


def asks(target: str, *kind: tuple[str, str]) -> Request:
    return Request("arp", Verb.DISCOVER, "ARP request", 1, points=(Point("ip", name=target),), details=kind, one_way=True)


def test_request() -> None:
    assert said(REQUEST) == [Binding("arp", "192.0.2.5", "00:80:f4:01:02:03"), asks("192.0.2.9")]


def test_reply_with_padding() -> None:
    assert said(REPLY) == [Binding("arp", "192.0.2.9", "00:1b:1b:0a:0b:0c"), Answer("arp", "ARP request", 1)]


def test_a_probe_binds_nothing_but_shows_that_somebody_is_there() -> None:
    assert said(PROBE) == [Identity("arp", (), (("mac", "00:80:f4:01:02:03"),)), asks("192.0.2.5", ("kind", "probe"))]


def test_announcement() -> None:
    assert said(ANNOUNCEMENT) == [Binding("arp", "192.0.2.5", "00:80:f4:01:02:03"), asks("192.0.2.5", ("kind", "gratuitous"))]


@pytest.mark.parametrize("header", ["0007080001040001", "000186dd06100001"], ids=["arcnet", "ipv6"])
def test_other_links_are_no_flaw(header: str) -> None:
    assert said(bytes.fromhex(header) + REQUEST[8:]) == []


def test_ieee_802_is_ethernet() -> None:
    assert said(b"\0\6" + REQUEST[2:]) == said(REQUEST)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (REQUEST[:20], "6 bytes expected, 2 left"),
        (bytes.fromhex("0001080006100001") + REQUEST[8:], "lengths of addresses are not 6 and 4"),
        (bytes.fromhex("0001080006040009") + REQUEST[8:], "operation 9 is neither request nor reply"),
    ],
)
def test_wrong(payload: bytes, reason: str) -> None:
    anomaly = said(payload)[-1]
    assert isinstance(anomaly, Anomaly)
    assert anomaly.reason == reason


@pytest.mark.parametrize("payload", GOOD)
def test_looks_like(payload: bytes) -> None:
    assert ARP.looks_like(Reader(payload), True)
    assert not ARP.looks_like(Reader(b"\0\7" + payload[2:]), True)
    with pytest.raises(Malformed):
        ARP.looks_like(Reader(payload[:7]), True)


@given(payload=variants(GOOD) | st.binary(max_size=60), noise=st.binary(min_size=1, max_size=8))
def test_any_bytes(payload: bytes, noise: bytes) -> None:
    read_twice(ARP, payload, None, noise)


def test_poisoning(captures: Path) -> None:
    """Frames 54, 56 and 165 (tshark): one MAC says it is both the gateway and a host behind it."""
    payloads = [segment.payload for segment in segments(captures / "attack/sanders-arppoison.pcapng") if segment.ethertype == 0x0806]
    events = [event for payload in payloads for event in said(payload)]
    assert Counter(type(event) for event in events) == {Binding: 4, Request: 2, Answer: 2}
    claimed = {event.key for event in events if isinstance(event, Binding) and event.value == "00:25:b3:bf:91:ee"}
    assert claimed == {"172.16.0.1", "172.16.0.105"}
