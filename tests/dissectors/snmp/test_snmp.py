"""Messages of all versions, what is wrong with them, recognition, hostile bytes, and what tshark saw in real captures."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.base import read
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.snmp import SNMP
from otwatch.errors import Malformed
from otwatch.events import UNREAD, Anomaly, Answer, Credential, Identity, Point, Request, Verb
from tests.dissectors.hostile import read_twice, variants
from tests.dissectors.segments import segments
from tests.dissectors.snmp.vectors import (
    NULL,
    SECURED,
    SET,
    SYS_DESCR,
    SYS_NAME,
    TRAP_V1,
    binding,
    facts,
    message,
    number,
    said,
    scoped,
    secured,
    tlv,
)


def test_v3_in_clear() -> None:
    event, login = said(bytes.fromhex(SECURED))
    assert login == Credential("snmp-v3", "bmsadmin", UNREAD, "80001f8880e9630000d61ff449")
    assert isinstance(event, Request)
    assert (event.operation, event.points) == ("Get", (Point("oid", name=SYS_DESCR),))
    assert dict(event.details) == {
        "version": "3",
        "security": "authNoPriv",
        "user": "bmsadmin",
        "engine": "80001f8880e9630000d61ff449",
        "boots": "1",
    }


def test_v3_engine_is_the_agents() -> None:
    assert facts(secured(1, scoped(0xA2, binding(SYS_NAME, tlv(4, b"SW1"))))) == {
        "name": "SW1",
        "vendor": "Hirschmann",
        "mac": "00:1b:1b:0a:0b:0c",
    }
    assert not facts(secured(5, scoped(0xA0, binding(SYS_NAME))))


def test_v3_encrypted() -> None:
    request, login = said(secured(7, tlv(4, bytes(40))))
    assert isinstance(login, Credential)
    assert isinstance(request, Request)
    assert (request.operation, request.verb) == ("Encrypted", Verb.SESSION)
    answer, identity = said(secured(3, tlv(4, bytes(40))))
    assert isinstance(answer, Answer)
    assert isinstance(identity, Identity)
    assert read(SNMP, secured(3, tlv(4, bytes(40))), None).messages[0].ticket != (0, 0)


# What is wrong


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\x30\x80\x02\x01\x00", "length form 0x80"),
        (b"\x30\x20\x02\x01\x00", "32 bytes expected, 3 left"),
        (tlv(0x30, number(2)), "version 2 is not 0, 1 or 3"),
        (tlv(0x30, number(1), tlv(4, b"x"), tlv(0xA9)), "PDU 0xa9 is not defined"),
        (message(0xA0, binding(SYS_NAME)) + b"\0", "bytes behind the message"),
        (message(0xA3, binding(SYS_NAME, tlv(2))), "integer of 0 bytes"),
        (message(0xA0, tlv(0x30, tlv(6, b"\x2b\x8f\xff\xff\xff\xff\x7f"), NULL)), "arc beyond 32 bits"),
        (message(0xA0, tlv(0x30, tlv(6, bytes(200)), NULL)), "object identifier too long"),
    ],
)
def test_malformed(payload: bytes, reason: str) -> None:
    assert [event.reason for event in said(payload) if isinstance(event, Anomaly)] == [reason]


def test_what_stands_before_a_flaw_is_kept() -> None:
    credential, request, anomaly = said(message(0xA3, binding(SYS_NAME, tlv(4, b"x")), b"\x30\x01\x00"))
    assert isinstance(credential, Credential)
    assert isinstance(request, Request)
    assert request.values == ("x",)
    assert isinstance(anomaly, Anomaly)


# Recognition, hostile bytes, real captures

GOOD = [
    bytes.fromhex(SET),
    bytes.fromhex(SECURED),
    bytes.fromhex(TRAP_V1),
    message(0xA2, binding(SYS_NAME, tlv(4, b"x"))),
    secured(3, tlv(4, b"x")),
]


@pytest.mark.parametrize("payload", GOOD)
@pytest.mark.parametrize("hinted", [True, False])
def test_looks_like(payload: bytes, hinted: bool) -> None:
    assert SNMP.looks_like(Reader(payload), hinted)


def test_a_cut_message_is_snmp_on_its_port_only() -> None:
    assert SNMP.looks_like(Reader(GOOD[0][:30]), True)
    assert not SNMP.looks_like(Reader(GOOD[0][:30]), False)


def test_ldap_is_not_snmp() -> None:
    with pytest.raises(Malformed):
        SNMP.looks_like(Reader(tlv(0x30, number(1), tlv(0x60, number(3), tlv(4), tlv(0x80)))), False)


@given(payload=variants(GOOD) | st.binary(max_size=80), noise=st.binary(min_size=1, max_size=8))
def test_any_bytes(payload: bytes, noise: bytes) -> None:
    reading = read_twice(SNMP, payload, None, noise)
    assert reading.used == len(payload)


OPERATIONS = {0xA0: "0", 0xA1: "1", 0xA3: "3", 0xA4: "4", 0xA5: "5", 0xA6: "6", 0xA7: "7"}
ANSWERS = {"Response": "2", "Report": "8"}


@pytest.mark.parametrize(
    "name", ["kholia-b6300a.pcap", "ndpi-snmp.pcapng", "suricata-SNMPv3.pcap", "zeek-snmpv1_get.pcap", "zeek-snmpwalk-short.pcap"]
)
def test_tshark_agrees(captures: Path, name: str) -> None:
    truth = json.loads((captures / "TRUTH.json").read_text())["captures"][f"snmp/{name}"]["values"]["snmp"]
    events = [
        event
        for segment in segments(captures / "snmp" / name)
        if {segment.src_port, segment.dst_port} & SNMP.ports
        for event in said(segment.payload)
    ]
    pdus = Counter(OPERATIONS[event.code] for event in events if isinstance(event, Request) and event.code)
    pdus += Counter(ANSWERS[event.operation] for event in events if isinstance(event, Answer) and event.operation in ANSWERS)
    assert pdus == Counter(truth["snmp.data"]["values"])
    assert not [event for event in events if isinstance(event, Anomaly)]
