"""SMB: the introductions of MS-CIFS, MS-SMB2 and MS-NLMP as literals; files are never looked at; captures."""

from pathlib import Path

import pytest

from otwatch.dissectors import ntlm
from otwatch.dissectors.smb import SMB
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, told
from tests.dissectors.streams import heard

NAMED = [("domain", "HOPITAL"), ("host", "SRV1"), ("domain", "hopital.example"), ("host", "srv1.hopital.example")]
SYSTEM = ("os", "Windows 10 or later (build 17763)")


def test_what_ntlm_tells_of_a_server() -> None:
    assert list(ntlm.told(b"in front" + names.CHALLENGE)) == [*NAMED, SYSTEM]


def test_what_ntlm_tells_of_a_client() -> None:
    assert ntlm.told(names.ntlm_authenticate("HOPITAL", "technique", "POSTE-GTB")) == (
        ("domain", "HOPITAL"), ("host", "POSTE-GTB"), ("os", "Windows 7 or Server 2008 R2 (build 7601)"),
    )  # fmt: skip


@pytest.mark.parametrize("size", range(0, len(names.CHALLENGE), 7))
def test_broken_ntlm_tells_nothing_wrong(size: int) -> None:
    assert set(ntlm.told(names.CHALLENGE[:size])) <= {*NAMED, SYSTEM}


def test_smb_1() -> None:
    assert fields(SMB, names.SMB1_SETUP) == [("dialect", "SMB 1"), ("os", "Unix"), ("software", "Samba")]
    assert fields(SMB, names.SMB1_SETUP_ANSWER) == [
        ("dialect", "SMB 1"), *NAMED, SYSTEM, ("os", "Windows 5.1"), ("software", "Windows 2000 LAN Manager"),
    ]  # fmt: skip


def test_who_only_offers_smb_1_does_not_use_it() -> None:
    assert fields(SMB, names.smb1(0x72, b"", b"\2NT LM 0.12\0\2SMB 2.???\0")) == []


def test_smb_2_and_3() -> None:
    assert fields(SMB, names.SMB2_NEGOTIATED) == [("dialect", "SMB 3.1.1")]
    assert fields(SMB, names.SMB2_CHALLENGE) == [*NAMED, SYSTEM]


def test_a_session_is_over_once_something_else_is_asked() -> None:
    assert heard(SMB, [(True, names.SMB2_READ), (False, names.SMB2_CHALLENGE)]) == []


@pytest.mark.parametrize("payload", names.GOOD["smb"])
def test_looks_like(payload: bytes) -> None:
    assert knows(SMB, payload, False)
    assert not knows(SMB, payload[:7], False)
    assert not knows(SMB, b"\x81" + payload[1:], True)


def test_captures(captures: Path) -> None:
    """tshark: ntlmssp.challenge.target_info..., smb.native_os, smb2.dialect."""
    found = told(captures / "smb/zeek-raw_ntlm_in_smb.pcap", "smb")
    assert {("dialect", "SMB 1"), ("host", "TEST-F7DFBC3FE9"), ("os", "Windows 5.1")} <= set(found["192.168.56.101"])
    assert ("host", "BABYBOOK") in found["192.168.56.1"]
    found = told(captures / "smb/suricata-smb-dce_iface.pcap", "smb")
    assert {("dialect", "SMB 2.1"), ("host", "dc01.cylera.lab")} <= set(found["172.31.222.155"])
