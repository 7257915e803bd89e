"""DNS, mDNS, LLMNR: literals of their standards, names that point where they must not, and captures."""

from pathlib import Path

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.dns import DNS, DNS_STREAM, LLMNR, MDNS
from otwatch.dissectors.dns.message import Names
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Anomaly, Identity
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, said, told


def test_a_server_names_others() -> None:
    """The name that was asked for, not the one it is an alias of; and the name of an address."""
    subject = ("ip 192.0.2.10:0",)
    assert said(DNS, names.DNS_ANSWER) == [Identity("dns", subject, (("host", "gtb.hopital.example"),), hearsay=True)]
    assert said(DNS, names.DNS_BACKWARDS) == [Identity("dns", subject, (("host", "srv1.hopital.example"),), hearsay=True)]


def test_questions_say_nothing() -> None:
    assert [said(one, names.DNS_QUESTION) for one in (DNS, MDNS, LLMNR)] == [[], [], []]


def test_a_camera_announces_its_service() -> None:
    assert said(MDNS, names.MDNS_ANSWER) == [Identity("mdns", (), (
        ("service", "Axis-Eingang (_axis-video)"), ("capability", "camera"), ("mac", "00408C123456"), ("model", "AXIS M3046"),
        ("host", "axis-00408c123456.local"),
    ))]  # fmt: skip


def test_who_repeats_the_names_of_several_is_none_of_them() -> None:
    two = tuple(names.record(names.label(f"{name}.local"), 1, bytes((192, 0, 2, 7))) for name in ("a", "b"))
    assert said(MDNS, names.message(0x8400, (), two)) == []


def test_who_answers_for_a_name_has_it() -> None:
    assert said(LLMNR, names.LLMNR_ANSWER) == [Identity("llmnr", (), (("host", "poste-gtb"),))]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\xc0\x00", "name points to where none stands"),
        (b"\1a\xc0\x00", "name without an end"),
        (b"\1a\xc0\x05\0", "name points to where none stands"),
        (b"\x40", "label of an unknown kind"),
        (b"\3ab", "3 bytes expected, 2 left"),
        (b"\x3f" + b"a" * 63 + b"\x3f" + b"b" * 63 + b"\x3f" + b"c" * 63 + b"\x3f" + b"d" * 63 + b"\0", "name without an end"),
    ],
)
def test_names_that_lead_astray(raw: bytes, reason: str) -> None:
    read = Reader(raw)
    with pytest.raises(Malformed, match=reason):
        Names(read).read(read)


def test_what_stood_before_a_flaw_is_told() -> None:
    broken = names.DNS_ANSWER.replace(b"\0\4\xc0\0\2\x0a", b"\0\5\xc0\0\2\x0a")
    assert said(DNS, broken) == [Anomaly("dns", "5 bytes expected, 4 left", len(broken) - 4)]


def test_looks_like() -> None:
    assert knows(DNS, names.DNS_QUESTION, True)
    assert not knows(DNS, bytes(12), True)
    assert not knows(DNS, names.DNS_QUESTION[:11], True)


def test_captures(captures: Path) -> None:
    """tshark: dns.ptr.domain_name, dns.txt, dns.a of the answers."""
    found = told(captures / "mdns/ipfixprobe-dnssd.pcap", "mdns")
    assert {("model", "MacBookPro14,2"), ("host", "Peters-MacBook-Pro-2.local")} <= set(found["147.229.183.219"])
    found = told(captures / "dns/arkime-dns-wiresharkrepo.pcap", "dns")
    assert ("host", "www.netbsd.org") in found["192.168.170.20"]


def test_over_tcp_each_message_has_a_length() -> None:
    question, answer = names.GOOD["dns-tcp"]
    assert knows(DNS_STREAM, question, True)
    assert not knows(DNS_STREAM, question, False)
    assert fields(DNS_STREAM, answer + question) == fields(DNS, names.DNS_ANSWER)
    assert read(DNS_STREAM, answer[:-1], False).used == 0
