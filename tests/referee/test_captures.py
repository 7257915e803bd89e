"""Real captures through tshark and otwatch: they agree, or differ in the frames that docs/disputes.md proves."""

from pathlib import Path

import pytest

from otwatch import pipeline
from otwatch.checks import FieldCheck
from otwatch.referee.comparing import checks
from otwatch.referee.places import PIECE, placed
from otwatch.referee.tshark import Tshark, heard, installed
from tests.referee.trees import ALL

AGREEING = [
    "bacnet/ctsamples-BACnet-MSTP-SNAP-Mixed.pcap", "bacnet/ctsamples-bacnet-ethernet-device.pcap",
    "bacnet/icsnpp-bacnet_error_reject_abort.pcap", "bacnet/ndpi-bacnet.pcapng", "enip/icsnpp-multiple_service_packet_cip.pcapng",
    "enip/iti-EIP-RebootorRestart.pcap", "enip/iti-enip_test.pcap", "modbus/iti-modbus_test_data_part1.pcap",
    "modbus/suricata-modbus.pcap", "umas/iti-modicon_test.pcap",
]  # fmt: skip


@pytest.fixture(scope="module")
def program() -> Tshark:
    found = installed()
    if found is None:
        pytest.skip("tshark is not installed")
    return found


def compared(program: Tshark, path: Path) -> dict[str, FieldCheck]:
    told = heard(program, path, ALL, 120, lambda number: None)
    assert told.complete
    results = pipeline.replay([str(path)])
    assert told.packets == results.captures[0].frames
    found = checks(results.facts, told.sheet, ALL)
    return {check.field: check for check in placed(found, told.sheet, lambda fine: pipeline.piecewise(str(path), PIECE, fine))}


@pytest.mark.parametrize("name", AGREEING)
def test_both_agree(captures: Path, program: Tshark, name: str) -> None:
    found = compared(program, captures / name)
    assert found
    assert not [check for check in found.values() if not check.agrees]


def test_the_frame_that_tshark_does_not_dissect_is_named(captures: Path, program: Tshark) -> None:
    found = compared(program, captures / "modbus/zeek-modbusBig.pcap")
    assert {field for field, check in found.items() if not check.agrees} == {"pdus", "functions"}
    assert [one.otwatch_frames for check in found.values() for one in check.differences] == [(3150,)] * 2
    assert not [one for check in found.values() for one in check.differences if one.tshark_frames]


def test_frames_with_new_bytes_are_named(captures: Path, program: Tshark) -> None:
    found = compared(program, captures / "malformed/zeek-fuzz-72.pcap")
    assert found["pdus"].differences[0].otwatch_frames == (2, 19, 30)
    assert found["functions"].otwatch - found["functions"].tshark == 3
