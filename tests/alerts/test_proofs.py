"""Proofs are held against lists once a day and within a budget, and never leave the process."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.alerts.credentials import Finding, Verdict, shipped
from otwatch.alerts.proofs import AGAIN_NS, BOUND, BUDGET, Proofs
from otwatch.events import UNREAD, Credential, Proof
from otwatch.sightings import SLOT_NS

CANDIDATES = [("admin", Verdict(Finding.WEAK)), ("12345", Verdict(Finding.DEFAULT, "hikvision"))]


def _made(salt: bytes, password: bytes) -> tuple[bytes, ...]:
    return (salt + password[::-1],)


def proof(password: bytes, cost: int = 1) -> Proof:
    return Proof(_made(b"salt", password)[0], _made, b"salt", cost)


def test_the_first_candidate_that_fits_decides() -> None:
    proofs = Proofs()
    assert proofs.judge("a", proof(b"12345"), CANDIDATES, 0) == Verdict(Finding.DEFAULT, "hikvision")
    assert proofs.judge("b", proof(b"secret of the site"), CANDIDATES, 0) == Verdict(Finding.NOT_IN_LIST)
    assert proofs.judge("c", UNREAD, CANDIDATES, 0) == Verdict(Finding.NOT_IN_LIST)


def test_a_login_is_judged_once_a_day() -> None:
    proofs = Proofs()
    before = proofs.judge("a", proof(b"12345"), CANDIDATES, 0)
    assert proofs.judge("a", proof(b"other"), CANDIDATES, AGAIN_NS - 1) == before
    assert proofs.judge("a", proof(b"other"), CANDIDATES, AGAIN_NS) == Verdict(Finding.NOT_IN_LIST)


def test_what_the_budget_does_not_allow_waits_and_is_told() -> None:
    proofs, dear = Proofs(), proof(b"12345", BUDGET // 2)
    assert proofs.judge("a", dear, CANDIDATES, 0) is not None
    assert proofs.judge("b", dear, CANDIDATES, SLOT_NS - 1) is None
    assert proofs.judge("c", dear, CANDIDATES, SLOT_NS - 1) is None
    assert proofs.notes() == {"logins not held against lists": 2}
    assert proofs.judge("b", dear, CANDIDATES, SLOT_NS) == Verdict(Finding.DEFAULT, "hikvision")
    assert proofs.notes() == {"logins not held against lists": 1}


def test_tables_are_bounded() -> None:
    proofs = Proofs()
    for number in range(BOUND + 5):
        proofs.judge(number, proof(b"x"), CANDIDATES, number * SLOT_NS)
        proofs.judge(-1 - number, proof(b"x", BUDGET), CANDIDATES, number * SLOT_NS)
    assert proofs.notes() == {"logins not held against lists": BOUND}
    assert len(proofs._verdicts) == BOUND


@pytest.mark.parametrize("leave", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_proof_does_not_leave(leave: object) -> None:
    assert callable(leave)
    with pytest.raises(TypeError, match="does not leave the process"):
        leave(proof(b"12345"))
    assert "12345" not in f"{proof(b'12345')!r} {proof(b'12345')} {Credential('sip-digest', 'u', proof(b'12345'))}"
    assert not hasattr(proof(b"12345"), "__dict__")


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_proof_is_of_its_password_alone(password: str, other: str) -> None:
    made = proof(password.encode())
    assert made.equals(password)
    assert made.equals(other) is (other.encode() == password.encode() or other.encode("latin-1", "replace") == password.encode())


def test_equal_proofs_say_the_same() -> None:
    assert proof(b"x") == proof(b"x")
    assert hash(proof(b"x")) == hash(proof(b"x"))
    assert proof(b"x") != proof(b"y")
    assert proof(b"x") != UNREAD


@pytest.mark.parametrize(("scheme", "user", "password", "finding"), [
    ("http-digest", "root", "pass", Finding.DEFAULT), ("rtsp-digest", "admin", "12345", Finding.DEFAULT),
    ("sip-digest", "1001", "1001", Finding.EQUALS_USER), ("sip-digest", "1001", "1234", Finding.WEAK), ("vnc", "", "", Finding.EMPTY),
    ("snmp-v3", "bms", "bms12345", Finding.WEAK), ("snmp-v3", "bms", "maplesyrup", Finding.NOT_IN_LIST),
])  # fmt: skip
def test_candidates_are_those_of_the_protocol(scheme: str, user: str, password: str, finding: Finding) -> None:
    login = Credential(scheme, user, proof(password.encode()))
    assert shipped().judge(login, {}).finding is finding
