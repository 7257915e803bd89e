"""What texts say of products: every row with a text as such a device writes it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.events import Identity
from otwatch.inventory.facts import SOURCES, TEXT_OF, Fact, Facts, Told, told
from otwatch.inventory.products import Row, looked_at, read, rows
from otwatch.sightings import Frame

NAMES = {"vendor", "product", "model", "firmware", "hardware", "serial", "os"}
PLAIN = {
    "nginx/1.6.0", "Apache", "gws", "Google", "Directory listing for /", "vsFTPd 3.0.2", "Operation successful", "IP Camera",
    "Guide: WAGO 750 modules compared", "Nero SIPPS IP Phone Version 2.0.51.16", "All about Cisco switches", "", "PC", "DS-1",
}  # fmt: skip
"""Texts that name no product of the device."""


def said(row: Row) -> str:
    return f"{min(row.fields)}: {row.example[:40]}"


@pytest.mark.parametrize("row", rows(), ids=said)
def test_a_row_reads_its_example(row: Row) -> None:
    assert all(dict(read(field, row.example)) == dict(row.gives) for field in row.fields)


@pytest.mark.parametrize("row", rows(), ids=said)
def test_a_row_says_known_attributes_and_uses_its_groups(row: Row) -> None:
    assert {name for name, _ in row.means} <= NAMES
    assert set(re.findall(r"\{(\w+)\}", " ".join(place for _, place in row.means))) <= set(row.like.groupindex)


@pytest.mark.parametrize("text", sorted(PLAIN))
def test_other_texts_say_nothing(text: str) -> None:
    assert not [field for field in ("description", "software", "title", "realm") if read(field, text)]


def test_further_texts() -> None:
    assert dict(read("software", "HPE-iLO-Server/2.72")) == {"vendor": "HPE", "model": "iLO", "firmware": "2.72"}
    assert dict(read("software", "mpSSH_0.2.1")) == {"vendor": "HPE", "model": "iLO"}
    assert dict(read("description", "FTP server: VxWorks (5.4) ready")) == {"os": "VxWorks 5.4"}
    assert dict(read("description", "Welcome to the Windows CE Telnet Service on CX-12AB34")) == {"os": "Windows CE"}
    assert dict(read("vendor_class", "Cisco AP c3700")) == {"vendor": "Cisco", "model": "c3700"}
    assert dict(read("description", "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD149,EEPROM JSI24090012")) == {"vendor": "HP"}
    assert dict(read("model", "6ES7 416-3ES07-0AB0")) == {"product": "SIMATIC S7-400 CPU 416"}
    assert not read("model", "6ES7 972-0CB20-0XA0")
    assert not read("software", "6ES7 312-5AC02-0AB0")
    assert dict(read("agent", "Microsoft-CryptoAPI/10.0")) == {"os": "Windows 10 or later"}


def test_what_a_text_says_stands_behind_fields() -> None:
    answer = Identity("snmp", (), (("description", "Hirschmann MAR - SW: L2P-09.0.00"), ("vendor", "Belden")))
    assert list(told(answer)) == [
        Told("description", "Hirschmann MAR - SW: L2P-09.0.00", "snmp"),
        Told("vendor", "Hirschmann", f"{TEXT_OF}snmp"),
        Told("model", "MAR", f"{TEXT_OF}snmp"),
        Told("firmware", "L2P-09.0.00", f"{TEXT_OF}snmp"),
        Told("vendor", "Belden", "snmp"),
    ]
    facts = Facts()
    for at, one in enumerate(told(answer)):
        facts.learn(Fact(*one, "self", Frame("a.pcap", at), at, at))
    facts.learn(Fact("firmware", "V1", "tls SNI", "self", Frame("a.pcap", 9), 9, 9))
    assert (facts.value("vendor"), facts.value("firmware")) == ("Belden", "V1")
    assert "snmp" in SOURCES


@given(st.sampled_from(sorted(looked_at())), st.text(max_size=256))
def test_any_text_is_read(field: str, text: str) -> None:
    assert all(name in NAMES and value and value == value.strip() for name, value in read(field, text))
