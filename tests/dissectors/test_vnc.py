"""VNC: how remote screens are guarded (RFC 6143 7.1), and captures."""

from pathlib import Path

import pytest

from otwatch.dissectors.vnc import VNC
from otwatch.events import Anomaly, Identity
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import told
from tests.dissectors.streams import heard


def test_the_server_offers_types_of_security() -> None:
    parts = [(False, names.VNC_VERSION), (True, names.VNC_VERSION), (False, names.VNC_TYPES + b"picture"), (True, b"\1")]
    assert heard(VNC, parts) == [
        Identity("vnc", (), (("dialect", "RFB 3.8"),)),
        Identity("vnc", (), (("security", "none"), ("security", "VNC password"))),
    ]


def test_before_3_7_the_server_chooses() -> None:
    assert heard(VNC, [(False, b"RFB 003.003\n\0\0\0\1")])[-1] == Identity("vnc", (), (("security", "none"),))


def test_a_server_that_refuses() -> None:
    assert heard(VNC, [(False, names.VNC_VERSION + b"\0\0\0\0\4busy")]) == [Identity("vnc", (), (("dialect", "RFB 3.8"),))]


def test_no_version() -> None:
    assert heard(VNC, [(False, b"RFB 9.9999.9\n")]) == [Anomaly("vnc", "no version of RFB", 0)]


@pytest.mark.parametrize(("payload", "is_vnc"), [(names.VNC_VERSION, True), (b"RFB 003.008", False), (b"RFB 002.008\n", False)])
def test_looks_like(payload: bytes, is_vnc: bool) -> None:
    assert knows(VNC, payload, False) is is_vnc


def test_captures(captures: Path) -> None:
    """tshark: vnc.server_proto_ver, vnc.security_type."""
    found = told(captures / "vnc/suricata-rfb-parser.pcap", "vnc")
    assert found["127.0.0.1"] == [("dialect", "RFB 3.7"), ("security", "none"), ("security", "VNC password")]
