"""What small real captures say, counted by us and by tshark."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from otwatch import pipeline
from otwatch.outputs.facts import sections

DISPUTES = json.loads(Path(__file__).parent.parent.joinpath("DISPUTES.json").read_text("utf-8"))
NOT_COMPARED = {"vendor", "frame", "frames", "times"}
"""Names differ by the edition of a table; frames where a message spans several."""
MORE_IN_TRUTH = {
    "modbus": {"umas"},
    "bacnet": {"properties", "passwords", "reassembled_apdus"},
    "enip": {"service_names", "connection_originators", "forward_open_pairs", "symbols"},
    "opcua": {"user_token_types_offered", "application_uris", "product_uris", "service_results", "transport_errors", "secure_channels"},
    "fox": set(),
}
"""What is not counted by otwatch facts: the inventory and the findings tell it."""
CAPTURES = [
    "bacnet/ctsamples-BACnet-MSTP-SNAP-Mixed.pcap", "bacnet/ctsamples-BACnetARRAY-elements.pcap",
    "bacnet/ctsamples-bacnet-ethernet-device.pcap", "bacnet/icsnpp-bacnet_error_reject_abort.pcap",
    "bacnet/ndpi-bacnet.pcapng", "enip/icsnpp-multiple_service_packet_cip.pcapng",
    "enip/iti-EIP-ChangeDateAttempt.pcap", "enip/iti-cip_stop_plc.pcap", "enip/iti-enip_test.pcap", "mixed/arkime-arkime_synthetic.pcap",
    "fox/iti-fox_info.pcap", "opcua/arkime-opcua_synthetic.pcap", "opcua/icsnpp-open62541_client-server_encrypted.pcapng",
    "opcua/icsnpp-open62541_client-server_mainloop.pcap", "opcua/icsnpp-python_opcua-client-server_minimal-2.pcap",
    "modbus/iti-modbus_test_data_part1.pcap", "modbus/suricata-modbus.pcap", "modbus/zeek-modbus-and-non-modbus-p502.pcap",
    "umas/iti-modicon_test.pcap",
]  # fmt: skip


def plain(value: Any) -> Any:
    """Without order, without what is not compared, and without what is empty."""
    if isinstance(value, dict):
        kept = ((str(name), plain(part)) for name, part in value.items() if name not in NOT_COMPARED)
        return tuple(sorted((name, part) for name, part in kept if part not in ("none", (), "0")))
    if isinstance(value, list):
        return tuple(sorted(Counter(map(plain, value)).items(), key=repr))
    return str(value).lower()


@pytest.fixture(scope="module")
def truths(captures: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((captures / "TRUTH.json").read_text("utf-8"))["captures"]
    return truth


@pytest.mark.parametrize("name", CAPTURES)
def test_facts_are_those_of_tshark(captures: Path, truths: dict[str, Any], name: str) -> None:
    results = pipeline.replay([str(captures / name)])
    told, truth = sections(results.captures, results.facts), truths[name]
    assert told["packets"] == told["coverage"]["frames"] == truth["packets"]
    for section, left_out in MORE_IN_TRUTH.items():
        disputed = {field.partition(".")[2] for field in DISPUTES.get(name, {})}
        fields = truth.get(section, {}).keys() - left_out - disputed
        assert {field: plain(told.get(section, {}).get(field, 0)) for field in fields} == {
            field: plain(truth[section][field]) for field in fields
        }


def test_umas_is_told_where_the_truth_has_it(captures: Path, truths: dict[str, Any]) -> None:
    results = pipeline.replay([str(captures / "umas/iti-modicon_test.pcap")])
    told = sections(results.captures, results.facts)["modbus"]["umas"]
    assert told == truths["umas/iti-modicon_test.pcap"]["modbus"]["umas"]


def test_every_dispute_is_proven() -> None:
    proofs = Path(__file__).parents[2].joinpath("docs", "disputes.md").read_text("utf-8")
    assert all(name in proofs for name in DISPUTES)
