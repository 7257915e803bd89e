"""dissectors/bacnet/envelope.py: in what messages travel, whatever becomes of the rest of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.bacnet import BACNET, BACNET_ETHERNET
from otwatch.dissectors.base import read
from otwatch.dissectors.reader import Reader
from otwatch.events import Envelope, Piece
from tests.dissectors.bacnet.said import original
from tests.dissectors.bacnet.vectors import VECTORS
from tests.dissectors.enveloped import envelopes

UNICAST = {"bvlc": "Original-Unicast-NPDU"}


def envelope(payload: str) -> dict[str, str]:
    (message,) = read(BACNET, bytes.fromhex(payload), None).messages
    (only,) = envelopes(message.events)
    assert isinstance(message.events[0], Envelope)
    return only


@pytest.mark.parametrize(
    ("npdu", "told"),
    [
        ("01001008", {"priority": "0", "apdu": "Unconfirmed-REQ", "service": "who-Is"}),
        ("012307d10105ff0005010c0c023fffff194d",
         {"priority": "3", "dnet": "2001", "apdu": "Confirmed-REQ", "service": "readProperty"}),
        ("010807d1010520210f", {"priority": "0", "snet": "2001", "apdu": "Simple-ACK", "service": "writeProperty"}),
        ("010050230f91029128", {"priority": "0", "apdu": "Error", "service": "writeProperty"}),
        ("0100602309", {"priority": "0", "apdu": "Reject"}),
        ("01003c2d00100e0c020004d2", {"priority": "0", "apdu": "Complex-ACK", "service": "readPropertyMultiple", "segment": "yes"}),
        ("01800107d1", {"priority": "0", "message": "1"}),
        ("0100", {"priority": "0"}),
        ("0108ffff0105", {"priority": "0", "snet": "65535"}),
        ("012107d105", {"priority": "1", "dnet": "2001"}),
        ("0100f0", {"priority": "0"}),
        ("0100000527", {"priority": "0", "apdu": "Confirmed-REQ"}),
        ("02", {}),
    ],
)  # fmt: skip
def test_of_an_npdu(npdu: str, told: dict[str, str]) -> None:
    assert envelope(original(npdu)) == UNICAST | told


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ("810500060e10", {"bvlc": "Register-Foreign-Device"}),
        ("810000060030", {"bvlc": "BVLC-Result", "result": "0030"}),
        ("8104000ec0000307bac001001008", {"bvlc": "Forwarded-NPDU", "forwarded_for": "192.0.3.7:47808", "priority": "0",
                                          "apdu": "Unconfirmed-REQ", "service": "who-Is"}),
        ("8202000b00000101001008", {"bvlc": "Original-Broadcast-NPDU", "priority": "0", "apdu": "Unconfirmed-REQ", "service": "who-Is"}),
        ("8163000401", {"bvlc": "99"}),
    ],
)  # fmt: skip
def test_of_what_carries_it(payload: str, told: dict[str, str]) -> None:
    assert envelope(payload) == told


def test_a_message_put_together_has_no_envelope_of_its_own() -> None:
    (message,) = read(BACNET, bytes.fromhex(original("01000c750100010c0c023fffff194d")), None).messages
    piece = next(event for event in message.events if isinstance(event, Piece))
    assert BACNET.pieces is not None
    assert BACNET_ETHERNET.pieces is not None
    whole = bytes.fromhex(original("01000075010c0c023fffff194d"))
    assert (piece.number, piece.more) == (0, True)
    assert not envelopes(BACNET.pieces(Reader(whole), None))
    assert not envelopes(BACNET_ETHERNET.pieces(Reader(whole[4:]), None))


@given(st.sampled_from(VECTORS), st.integers(0, 60))
def test_cut_anywhere_there_is_one_envelope_and_it_comes_first(vector: str, size: int) -> None:
    for message in read(BACNET, bytes.fromhex(vector)[: max(size, 4)], None).messages:
        assert [isinstance(event, Envelope) for event in message.events].count(True) == 1
        assert isinstance(message.events[0], Envelope)
