"""The promises of tests/dissectors/promises.py, for every entry of the registry: a new dissector is tested by standing there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors import DISSECTORS, Dissector
from otwatch.wire.recognition import knows
from tests.dissectors import promises
from tests.dissectors.samples import GOOD, any_bytes, whole

SIDES = st.sampled_from(promises.SIDES)
NOISE = st.binary(min_size=1, max_size=8)

every = pytest.mark.parametrize("dissector", DISSECTORS, ids=lambda one: one.name)


@every
def test_there_are_good_messages(dissector: Dissector) -> None:
    """Without them, random bytes hardly get past the first header: add a row to tests/dissectors/samples.py."""
    assert GOOD[dissector.name]
    assert any(promises.recognises(dissector, message * times) for message in GOOD[dissector.name] for times in (1, 2))


@every
def test_what_is_recognised_carries_its_marks(dissector: Dissector) -> None:
    """Marks spare the other bytes a look: they must not hide a message."""
    for message in GOOD[dissector.name]:
        assert knows(dissector, message, hint=True) is promises.recognises(dissector, message)


@every
@given(data=st.data(), side=SIDES)
def test_any_bytes_give_events(dissector: Dissector, data: st.DataObject, side: bool | None) -> None:
    payload = data.draw(any_bytes(dissector.name))
    promises.recognises(dissector, payload)
    promises.gives_events(dissector, payload, side)


@every
@given(data=st.data(), side=SIDES, noise=NOISE)
def test_nothing_that_tells_is_set_aside(dissector: Dissector, data: st.DataObject, side: bool | None, noise: bytes) -> None:
    promises.sets_nothing_aside_that_tells(dissector, data.draw(any_bytes(dissector.name)), side, noise)


@pytest.mark.parametrize("dissector", [one for one in DISSECTORS if promises.is_stream(one)], ids=lambda one: one.name)
@given(data=st.data(), side=SIDES, sizes=st.lists(st.integers(1, 60), max_size=12) | st.just([1] * 500))
def test_a_stream_may_be_split_anywhere(dissector: Dissector, data: st.DataObject, side: bool | None, sizes: list[int]) -> None:
    promises.may_be_split(dissector, data.draw(any_bytes(dissector.name)), side, sizes)


@every
@given(data=st.data(), side=SIDES, garbage=st.binary(max_size=40))
def test_garbage_behind_keeps_what_was_before(dissector: Dissector, data: st.DataObject, side: bool | None, garbage: bytes) -> None:
    if promises.is_stream(dissector):
        promises.keeps_what_was_before(dissector, data.draw(any_bytes(dissector.name)), garbage, side)
    else:
        promises.speaks_of_the_same(dissector, data.draw(st.sampled_from(GOOD[dissector.name])), garbage, side)


@pytest.mark.parametrize("dissector", [one for one in DISSECTORS if one.joined is not None], ids=lambda one: one.name)
@given(data=st.data())
def test_any_answer_may_follow_a_request(dissector: Dissector, data: st.DataObject) -> None:
    promises.reads_any_answer(dissector, data.draw(whole(dissector.name)), data.draw(any_bytes(dissector.name)))


@pytest.mark.parametrize("dissector", [one for one in DISSECTORS if one.answered is not None], ids=lambda one: one.name)
@given(data=st.data())
def test_any_answer_may_follow_a_login(dissector: Dissector, data: st.DataObject) -> None:
    promises.completes_from_any_answer(dissector, data.draw(whole(dissector.name)), data.draw(any_bytes(dissector.name)))


@pytest.mark.parametrize("dissector", [one for one in DISSECTORS if one.pieces is not None], ids=lambda one: one.name)
@given(data=st.data(), rest=st.binary(max_size=80))
def test_any_pieces_can_be_put_together(dissector: Dissector, data: st.DataObject, rest: bytes) -> None:
    promises.reads_any_pieces(dissector, data.draw(any_bytes(dissector.name)), rest)


@pytest.mark.parametrize("dissector", [one for one in DISSECTORS if one.session is not None], ids=lambda one: one.name)
@given(data=st.data(), sides=st.lists(SIDES, max_size=6))
def test_any_dialogue_gives_events(dissector: Dissector, data: st.DataObject, sides: list[bool | None]) -> None:
    session = promises.memory(dissector)
    for side in sides:
        promises.gives_events(dissector, data.draw(any_bytes(dissector.name)), side, session)
