"""ICMP and ICMPv6: literals of their standards, and captures."""

from pathlib import Path

import pytest

from otwatch.dissectors.icmp import ICMP, ICMPV6
from otwatch.events import Anomaly, Answer, Binding, Event, Identity, Request, Verb
from otwatch.events.text import PROSE_LIMIT
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import said, told

ROUTER = ("capability", "router")
PREFIXES = ("description", "announces 2001:db8:66::/64")


@pytest.mark.parametrize(("payload", "event"), [
    (names.ICMP_REDIRECT, Binding("route", "198.51.100.7", "192.0.2.66")),
    (names.ICMP_ROUTER, Identity("icmp", (), (ROUTER,))),
    (names.ICMP_TIMESTAMP, Request("icmp", Verb.DISCOVER, "Timestamp", 13)),
    (names.ICMP_TIMESTAMPED, Answer("icmp", "Timestamp", 13)),
    (names.ICMP_MASK, Request("icmp", Verb.DISCOVER, "Address mask", 17)),
])  # fmt: skip
def test_what_icmp_says(payload: bytes, event: Event) -> None:
    assert said(ICMP, payload) == [event]


@pytest.mark.parametrize(("payload", "event"), [
    (names.ICMPV6_REDIRECT, Binding("route", "2001:db8::7", "fe80::66")),
    (names.ICMPV6_ROUTER, Identity("icmpv6", (), (ROUTER, PREFIXES))),
    (names.ICMPV6_NODE, Request("icmpv6", Verb.DISCOVER, "Node information", 139)),
])  # fmt: skip
def test_what_icmpv6_says(payload: bytes, event: Event) -> None:
    assert said(ICMPV6, payload) == [event]


def test_a_lifetime_of_0_leads_nowhere() -> None:
    """RFC 4861 4.2; prefixes may be announced all the same."""
    resigned = names.ICMPV6_ROUTER[:6] + b"\0\0" + names.ICMPV6_ROUTER[8:]
    assert said(ICMPV6, resigned) == [Identity("icmpv6", (), (ROUTER, PREFIXES))]
    assert said(ICMPV6, resigned[:24]) == []


def test_many_prefixes_are_one_text_of_bounded_length() -> None:
    (router,) = said(ICMPV6, names.ICMPV6_ROUTER[:16] + 45 * names.ICMPV6_ROUTER[24:56])
    assert isinstance(router, Identity)
    assert len(dict(router.fields)["description"]) <= PROSE_LIMIT


def test_an_option_without_a_length_is_a_flaw() -> None:
    """RFC 4861 4.6: it would never end."""
    (flaw,) = said(ICMPV6, names.ICMPV6_ROUTER[:16] + b"\1\0" + bytes(6))
    assert flaw == Anomaly("icmpv6", "option without a length", 17)


def test_echoes_are_never_shown_to_it() -> None:
    assert not knows(ICMP, names.ICMP_ECHO, hint=False)
    assert not knows(ICMPV6, b"\x80" + names.ICMP_ECHO[1:], hint=False)
    assert said(ICMP, names.ICMP_ECHO) == []


def test_capture(captures: Path) -> None:
    """tshark: icmpv6.type == 134; its one option is the MTU."""
    assert told(captures / "link/zeek-pppoe.pcap", "icmpv6") == {"fe80::c801:eff:fe88:8": [ROUTER]}
