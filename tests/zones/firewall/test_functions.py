"""The filter of functions: codes by verb as the dissectors read them, and what expected writers allow."""

import pytest

from otwatch import pipeline
from otwatch.config.site import Site
from otwatch.dissectors.bacnet.services import CONFIRMED
from otwatch.dissectors.modbus.functions import FUNCTIONS as MODBUS
from otwatch.zones.firewall.functions import FUNCTIONS, function_filter
from otwatch.zones.firewall.permits import propose
from otwatch.zones.policy import Policy
from tests.cli.commands import HOSPITAL_PCAP


@pytest.mark.parametrize(("verb", "code"), [(verb, code) for verb, codes in FUNCTIONS["modbus"].items() for code in codes])
def test_modbus_functions_do_what_their_verb_says(verb: str, code: int) -> None:
    assert MODBUS[code].verb == verb or code == 43  # 43/14 discovers, 43/13 carries CANopen


@pytest.mark.parametrize(("verb", "code"), [(verb, code) for verb, codes in FUNCTIONS["bacnet"].items() for code in codes])
def test_bacnet_services_do_what_their_verb_says(verb: str, code: int) -> None:
    assert CONFIRMED[code].verb == verb


def test_writers_stand_with_their_conduit(example: Site) -> None:
    policy = Policy(example)
    proposal = propose(policy, pipeline.replay([HOSPITAL_PCAP], example, None))
    filters = {one["conduit"]: one for one in function_filter(policy, proposal)["filters"]}
    assert filters["c09"]["functions"] == {"DISCOVER": [17, 43], "READ": [1, 2, 3, 4, 7, 11, 12, 20, 24]}
    (writer,) = filters["c03"]["expected_writers"]
    assert (writer["addresses"], writer["fc"], writer["values"]) == ("4000-4099", (6, 16), {"4000": [18, 26]})
    assert filters["c01"]["write_hosts"] == ["10.20.1.10/32", "10.20.1.11/32"]
    assert filters["c02"]["expected_writers"] == []
