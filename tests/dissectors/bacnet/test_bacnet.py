"""What holds for all bytes: events or an Anomaly, no other exception; what is set aside decides nothing."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.bacnet import BACNET, BACNET_ETHERNET
from otwatch.dissectors.base import Dissector, read
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import IDENTITY_FIELDS, Anomaly, Identity, Piece, Request
from tests.dissectors.bacnet.vectors import VECTORS
from tests.dissectors.enveloped import opened

vectors = st.sampled_from([bytes.fromhex(vector) for vector in VECTORS])
apdus = st.builds(lambda kind, rest: b"\x01\x00" + bytes((kind,)) + rest, st.integers(0, 255), st.binary(max_size=60))


def carried(npdu: bytes) -> bytes:
    return b"\x81\x0a" + (len(npdu) + 4).to_bytes(2) + npdu


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good message, some of its bytes changed, then perhaps cut or longer."""
    message = bytearray(draw(vectors))
    for at, byte in draw(st.lists(st.tuples(st.integers(4, len(message) - 1), st.integers(0, 255)), max_size=4)):
        message[at] = byte
    cut = draw(st.integers(0, len(message)))
    return bytes(message) if draw(st.booleans()) else bytes(message[:cut]) + draw(st.binary(max_size=8))


payloads = st.one_of(st.binary(max_size=80), mutated(), apdus.map(carried))


@given(payloads, st.sampled_from([BACNET, BACNET_ETHERNET]))
def test_any_bytes_give_events(payload: bytes, dissector: Dissector) -> None:
    found = read(dissector, payload, None)
    assert found.used == len(payload)
    for message in found.messages:
        for event in message.events:
            if isinstance(event, Anomaly):
                assert 0 <= event.offset <= len(payload)
            elif isinstance(event, Identity):
                assert {name for name, _ in event.fields} <= IDENTITY_FIELDS
            elif isinstance(event, Request) and event.values:
                assert len(event.values) == len(event.points)


@given(payloads, st.booleans())
def test_recognition_says_yes_or_no(payload: bytes, hinted: bool) -> None:
    for dissector in (BACNET, BACNET_ETHERNET):
        try:
            assert dissector.looks_like(Reader(payload), hinted) in (True, False)
        except Malformed:
            assert len(payload) < 24


@given(payloads, st.randoms(use_true_random=False))
def test_what_is_aside_decides_nothing(payload: bytes, random: Random) -> None:
    found = read(BACNET, payload, None)
    other = bytearray(payload)
    for start, end in found.aside:
        other[start:end] = random.randbytes(end - start)
    again = read(BACNET, bytes(other), None)
    assert (again.messages, again.aside) == (found.messages, found.aside)


@given(payloads)
def test_whole_pieces_can_be_decoded(payload: bytes) -> None:
    for message in read(BACNET, payload, None).messages:
        for event in message.events:
            if isinstance(event, Piece):
                assert BACNET.pieces is not None
                whole = read(BACNET._replace(decode=BACNET.pieces), event.head + event.data, None)
                assert not any(isinstance(said, Piece) for said in whole.messages[0].events)


@pytest.mark.parametrize("vector", VECTORS)
def test_vectors_are_recognised_and_without_flaw(vector: str) -> None:
    payload = bytes.fromhex(vector)
    assert BACNET.looks_like(Reader(payload), False)
    (message,) = read(BACNET, payload, None).messages
    assert not any(isinstance(event, Anomaly) for event in message.events)


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if vector.startswith(("810a", "810b"))])
def test_the_same_over_ethernet(vector: str) -> None:
    payload = bytes.fromhex(vector)
    over_ip = opened(read(BACNET, payload, None).messages[0].events)
    over_ethernet = opened(read(BACNET_ETHERNET, payload[4:], None).messages[0].events)
    if not isinstance(over_ip[0], Piece):
        assert over_ip == over_ethernet
