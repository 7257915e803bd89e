"""LDAP: simple binds and what becomes of them (RFC 4511 4.2); nothing behind SASL and StartTLS."""

from pathlib import Path

import pytest

from otwatch.dissectors.ldap import LDAP
from otwatch.events import Answer, Credential, Event, Request, Secret, Verb
from otwatch.wire.recognition import knows
from tests.dissectors.ldap_messages import ANONYMOUS, BIND, GRANTED, REFUSED, SASL, SEARCH, START_TLS, STARTED, TO_COME, UNPROVEN
from tests.dissectors.streams import heard, spoken, tcp

NAME = "cn=gtb,dc=hopital"
ASKED = Request("ldap", Verb.AUTH, "Bind", 0x60, details=(("method", "simple"), ("user", NAME)))
LOGIN = Credential("ldap", NAME, Secret(b"canary"))
TAKEN, NOT_TAKEN = Answer("ldap", "Bind", 0x60), Answer("ldap", "Bind", 0x60, error="invalid credentials", error_code="49")


@pytest.mark.parametrize(("said", "events"), [
    ([(True, BIND), (False, GRANTED), (True, SEARCH)], [ASKED, LOGIN, TAKEN]),
    ([(True, BIND), (False, REFUSED), (True, BIND), (False, GRANTED)], [ASKED, LOGIN, NOT_TAKEN, ASKED, LOGIN, TAKEN]),
    ([(True, UNPROVEN)], [ASKED._replace(details=(("method", "anonymous"), ("user", NAME)))]),
    ([(True, ANONYMOUS)], [Request("ldap", Verb.AUTH, "Bind", 0x60, details=(("method", "anonymous"),))]),
    ([(True, SASL), (False, TO_COME), (True, SASL), (False, GRANTED), (True, b"\x00\x00\x00\x20" + BIND)], [
        sasl := Request("ldap", Verb.AUTH, "Bind", 0x60, details=(("method", "GSS-SPNEGO"),)), TAKEN._replace(final=False), sasl, TAKEN,
    ]),
    ([(True, BIND), (False, GRANTED), (True, START_TLS), (False, STARTED), (True, b"\x16\x03\x01"), (False, BIND)], [ASKED, LOGIN, TAKEN]),
])  # fmt: skip
def test_binds(said: list[tuple[bool, bytes]], events: list[Event]) -> None:
    assert heard(LDAP, said) == events
    assert "canary" not in repr(heard(LDAP, said))


@pytest.mark.parametrize(("payload", "is_ldap"), [(BIND, True), (SASL, True), (SEARCH, False), (b"\x30\x05\x02\x01\x01\x04\x00", False)])
def test_looks_like(payload: bytes, is_ldap: bool) -> None:
    assert knows(LDAP, payload, False) is is_ldap


def test_capture(captures: Path) -> None:
    """Frames 4 and 9 (tshark); the first is granted, the second not answered before the end."""
    said = [event for _, event in spoken(LDAP, tcp(captures / "ldap" / "zeek-simpleauth.pcap"))]
    logins = [event for event in said if isinstance(event, Credential)]
    assert [login.user[:11] for login in logins] == ["xxxxxxxxxxx", "CN=xxxxxxxx"]
    assert logins[0].secret == Secret(b"passwor8d1")
    assert TAKEN in said
