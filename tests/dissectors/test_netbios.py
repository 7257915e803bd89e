"""NetBIOS names and datagrams: literals of RFC 1002 and MS-BRWS, and captures."""

from pathlib import Path

from otwatch.dissectors.netbios import NETBIOS_DATAGRAMS, NETBIOS_NAMES
from otwatch.events import Anomaly, Identity
from tests.dissectors import names
from tests.dissectors.introduced import fields, said, told


def test_a_machine_registers_its_name() -> None:
    assert said(NETBIOS_NAMES, names.NBNS_REGISTERS) == [Identity("netbios-ns", (), (("host", "POSTE-GTB"),))]


def test_a_machine_lists_its_names() -> None:
    assert fields(NETBIOS_NAMES, names.NBNS_STATUS) == [("host", "POSTE-GTB"), ("domain", "HOPITAL"), ("mac", "00:80:f4:01:02:03")]


def test_an_answer_is_hearsay() -> None:
    """It may be a name server's."""
    assert said(NETBIOS_NAMES, names.NBNS_FOUND) == [Identity("netbios-ns", ("ip 192.0.2.10:0",), (("host", "SRV1"),), hearsay=True)]


def test_a_name_that_is_none() -> None:
    broken = names.message(0x8500, (), (names.record(names.label("plain"), 0x20, bytes.fromhex("6000c000020a")),))
    assert said(NETBIOS_NAMES, broken) == [Anomaly("netbios-ns", "no name of NetBIOS", 0)]


def test_the_master_browser_announces_itself() -> None:
    assert fields(NETBIOS_DATAGRAMS, names.NETBIOS_DATAGRAM) == [("host", "POSTE-GTB"), ("os", "Windows XP"), ("description", "GTB")]


def test_captures(captures: Path) -> None:
    """tshark: nbns.name of the answers, nbdgm.src.name, browser.server."""
    found = told(captures / "smb/ndpi-netbios.pcapng", "netbios-ns")
    assert ("host", "GUNNAR") in found["10.0.4.24"]
    assert ("host", "NVR9") in told(captures / "smb/ndpi-netbios.pcapng", "netbios-dgm")["10.0.5.9"]
