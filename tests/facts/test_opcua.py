"""facts/opcua.py: one literal a field."""

from otwatch.events import Envelope
from otwatch.sightings import Conversation, Role
from tests.facts.seen import facts, said

OPCUA = Conversation("10.0.0.1", "10.0.0.2", "tcp", 50000, 4840, "opcua", Role.SYN)


def test_what_stands_in_an_envelope_is_counted_as_often_as_it_was_said() -> None:
    policies = (("policy", "None"), ("policy", "Basic256Sha256"), ("policy", "None"))
    told = facts(
        said(OPCUA, Envelope("opcua", (("message", "HEL"), ("endpoint", "")))),
        said(OPCUA, Envelope("opcua", (("message", "MSG"), ("service", "ReadRequest"))), times=3),
        said(OPCUA, Envelope("opcua", (("endpoint", "opc.tcp://a"), ("mode", "Sign"), *policies, ("token", "user name")))),
    )["opcua"]
    assert told == {
        "messages": {"MSG": 3, "HEL": 1}, "services": {"ReadRequest": 3}, "endpoint_urls": {"opc.tcp://a": 1},
        "security_policies": {"None": 2, "Basic256Sha256": 1}, "security_modes": {"Sign": 1}, "identity_tokens": {"UserName": 1},
    }  # fmt: skip
