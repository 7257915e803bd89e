"""facts/coverage.py: every message is read to some degree, every frame counted once."""

from otwatch.events import Anomaly, Answer, Echo, Envelope, Request, Truncated, Verb
from tests.facts.seen import BACNET, MODBUS, facts, joined, said, tally

READ = Request("modbus", Verb.READ, "Read Coils", 1, ("unit 1",))
UNKNOWN = Request("modbus", Verb.OTHER, "function 101", 101, ("unit 1",))
PRIVATE = Request("bacnet", Verb.OTHER, "unconfirmedPrivateTransfer", 260, one_way=True)


def test_messages_by_how_far_they_were_read() -> None:
    told = facts(
        tally(MODBUS),
        tally(BACNET),
        said(MODBUS, READ, times=4),
        joined(MODBUS, UNKNOWN),
        said(BACNET, PRIVATE),
        said(MODBUS, Anomaly("modbus", "length 0", 4)),
        said(BACNET, Envelope("bacnet", (("apdu", "Complex-ACK"), ("segment", "yes"))), times=2),
    )["coverage"]["services"]
    assert told["modbus"]["messages"] == {"full": 4, "opaque": 2, "malformed": 1}
    assert told["modbus"]["opaque"] == {"function 101": 2}
    assert told["bacnet"]["messages"] == {"header": 1, "pieces": 2}


def test_a_flaw_beside_a_request_makes_its_message_malformed() -> None:
    told = facts(tally(MODBUS), said(MODBUS, READ, times=2), said(MODBUS, Anomaly("modbus", "byte count", 9, beside=True)))
    assert told["coverage"]["services"]["modbus"]["messages"] == {"full": 1, "malformed": 1}


def test_an_answer_is_as_well_understood_as_its_request() -> None:
    ask = Request("cip", Verb.READ, "Read Tag", 0x4C)
    answers = [Answer("cip", "service 0x4c", 0x4C), Answer("cip", "service 0x4f", 0x4F)]
    enip = MODBUS._replace(service="enip", server_port=44818)
    told = facts(tally(enip), said(enip, ask), *(said(enip, one, by_client=False) for one in answers))["coverage"]["services"]
    assert told["enip"]["messages"] == {"full": 2, "opaque": 1}
    assert told["enip"]["opaque"] == {"service 0x4f": 1}


def test_frames_of_all_kinds_are_all_frames() -> None:
    web = MODBUS._replace(service="https", server_port=443)
    odd = MODBUS._replace(service="", server_port=9999)
    told = facts(tally(MODBUS, (3, 2), lost=7, unread=5), said(MODBUS, READ), tally(web, (1, 0)), tally(odd, (0, 4)))["coverage"]
    assert told["frames"] == 10
    assert (told["spoken"], told["encrypted"]) == ({"frames": 5, "bytes": 300}, {"frames": 1, "bytes": 60})
    assert told["not spoken"] == {"frames": 4, "bytes": 240}
    modbus = told["services"]["modbus"]
    assert (modbus["bytes_lost"], modbus["bytes_unread"]) == (7, 5)


def test_what_the_snap_length_cut_is_no_flaw() -> None:
    cut = said(MODBUS, Truncated("modbus", beside=True)), said(BACNET, Truncated("bacnet"))
    told = facts(tally(MODBUS), said(MODBUS, READ, times=3), *cut)
    assert told["coverage"]["services"]["modbus"]["messages"] == {"full": 2, "truncated": 1}
    assert told["coverage"]["services"]["bacnet"] == {"kind": "spoken", "messages": {"truncated": 1}}


def test_what_was_captured_twice_was_seen_twice() -> None:
    """A message of each packet, as Wireshark counts; that it was said once is for the inventory."""
    told = facts(tally(MODBUS)._replace(twice=1), said(MODBUS, READ), said(MODBUS, Echo("modbus", READ)))
    assert told["coverage"]["services"]["modbus"]["messages"] == {"full": 2}
    assert (told["coverage"]["services"]["modbus"]["frames_twice"], told["coverage"]["twice"]) == (1, 1)
    assert told["modbus"]["pdus"] == 2


def test_the_ends_of_tunnels_are_counted_beside_the_frames() -> None:
    outside = MODBUS._replace(service="gre", transport="ip 47", client_port=0, server_port=0)
    mirror = tally(outside._replace(service="erspan"), (5, 0))._replace(tunnel="mirror")
    told = facts(tally(MODBUS), *[tally(outside, (2, 0))._replace(tunnel="tunnel")] * 2, mirror)["coverage"]
    assert told["frames"] == 2
    assert set(told["services"]) == {"modbus"}
    assert told["tunnels"] == [
        {"tunnel": "erspan", "use": "mirror", "from": "10.0.0.1", "to": "10.0.0.2", "packets": 5},
        {"tunnel": "gre", "use": "tunnel", "from": "10.0.0.1", "to": "10.0.0.2", "packets": 4},
    ]
