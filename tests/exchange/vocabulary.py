"""Any value that may stand in a stream."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from otwatch.dissectors.digest import Challenged
from otwatch.dissectors.proofs import WAYS
from otwatch.dissectors.snmp.usm import Signed
from otwatch.events import UNREAD, Credential, Echo, Proof, Secret, Verb
from otwatch.exchange.forms import EVENTS
from otwatch.sightings import Conversation, Frame, Outcome, Role, Routine, Sighting, Tally

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
INTS = st.integers(-(2**63), 2**64 - 1)
FRAMES = st.builds(Frame, TEXTS, st.integers(0, 2**40))
PROOFS = st.one_of(
    st.just(UNREAD),
    st.builds(lambda answer, said, cost: Proof(answer, WAYS["vnc"].made, said, cost), st.binary(), st.binary(), st.integers(1, 99)),
    st.builds(lambda answer, said: Proof(answer, WAYS["form"].made, said), st.binary(), st.tuples(TEXTS, st.binary())),
    st.builds(lambda answer, said: Proof(answer, WAYS["ws-security"].made, said), st.binary(), st.tuples(st.binary(), st.binary())),
    st.builds(lambda said: Proof(b"a", WAYS["digest"].made, Challenged("md5", *said)), st.tuples(*[st.binary()] * 9)),
    st.builds(lambda engine, message: Proof(b"m", WAYS["snmp-usm"].made, Signed(engine, message, 12), 40), st.binary(), st.binary()),
)
CREDENTIALS = st.builds(Credential, TEXTS, TEXTS, st.one_of(st.builds(Secret, st.binary()), PROOFS), TEXTS)


@cache
def any_event() -> st.SearchStrategy[Any]:
    """An event of any type, of its declared types."""
    with_types = {int: INTS, str: TEXTS, Verb: st.sampled_from(Verb)}
    for of, how in with_types.items():
        st.register_type_strategy(of, how)
    plain = [st.from_type(one) for one in EVENTS if one not in (Credential, Echo)]
    said = st.one_of(*plain, CREDENTIALS)
    return st.one_of(said, st.builds(Echo, TEXTS, said))


@cache
def any_item() -> st.SearchStrategy[Any]:
    """An item of the waist."""
    event = any_event()
    talk = st.builds(Conversation, TEXTS, TEXTS, TEXTS, INTS, INTS, TEXTS, st.sampled_from(Role))
    said = st.tuples(event, INTS, INTS, INTS, FRAMES)
    routine = st.builds(Routine, talk, st.booleans(), st.lists(said, max_size=4).map(tuple))
    told = st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple)
    seen = st.tuples(event, INTS, INTS, INTS, FRAMES, st.sampled_from(Outcome), TEXTS, TEXTS, st.none() | FRAMES, told)
    sighting = st.builds(lambda *a: Sighting(a[0], a[1], *a[2]), talk, st.booleans(), seen)
    pair, macs = st.tuples(INTS, INTS), st.tuples(TEXTS, TEXTS)
    tally = st.builds(Tally, talk, pair, pair, pair, pair, INTS, INTS, macs, INTS, pair, INTS, INTS, FRAMES, INTS, TEXTS)
    return st.one_of(routine, sighting, tally)
