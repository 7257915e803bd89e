"""LDAP (RFC 4511): who binds to the directory, and the password that a simple bind sends as it is (detections.md B.18; RFC 4513 5.1).

    SEQUENCE { number, [APPLICATION 0] bind request { version, name, [0] password or [3] mechanism } }
    SEQUENCE { number, [APPLICATION 1] bind answer { result, matched name, message } }

Only binds and StartTLS are told; searches are the directory's business. What follows a bind by SASL may be sealed, what follows StartTLS
is: neither is looked at.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.ber import INTEGER, OCTETS, SEQUENCE, element, expect, integer, length, ticket
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Credential, Event, Request, Secret, Verb, clean

NAME = "ldap"
BIND, BOUND, EXTENDED, EXTENDED_ANSWER = 0x60, 0x61, 0x77, 0x78
SIMPLE, SASL, OPERATION, ENUMERATED = 0x80, 0xA3, 0x80, 0x0A
IN_PROGRESS = 14
RESULTS = {
    1: "operations error", 2: "protocol error", 7: "authentication method not supported", 8: "stronger authentication required",
    32: "no such object", 34: "invalid name", 48: "inappropriate authentication", 49: "invalid credentials",
    50: "insufficient access rights", 51: "busy", 52: "unavailable", 53: "unwilling to perform",
}  # fmt: skip
"""RFC 4511 A.1, those that answer a bind."""
_START_TLS = b"1.3.6.1.4.1.1466.20037"
_VERSIONS = frozenset({2, 3})
_LONGEST = 1 << 20
_HEAD, _LONG_FORMS = 6, range(0x81, 0x85)
"""Bytes of a tag and the longest length; lengths of which the first byte counts the others (X.690 8.1.3.5)."""
_BEGINS = bytes((SEQUENCE,))


class Opening:
    """`seals`: what was asked for hides all that follows once it is granted; `is_over`: it was."""

    __slots__ = ("is_over", "seals")

    def __init__(self) -> None:
        self.seals = self.is_over = False


def looks_like(read: Reader, _hinted: bool) -> bool:
    """A bind, which is how sessions begin."""
    if read.u8() != SEQUENCE:
        return False
    length(read)
    expect(read, INTEGER)
    tag, bind = element(read)
    return tag == BIND and integer(expect(bind, INTEGER)) in _VERSIONS


def cut_in(read: Reader, _is_request: bool | None, session: object) -> Reader | None:
    """The next message; all there is once nothing is looked at any more, or where no message begins."""
    assert isinstance(session, Opening)
    if session.is_over or read.peek() != _BEGINS:
        return read.part(read.left)
    head = Reader(read.peek(_HEAD), 1)
    form = head.ahead(">B")[0] if head.left else 0
    if not head.left or (form in _LONG_FORMS and head.left <= form & 0x7F):
        return None
    size = length(head)
    if size > _LONGEST:
        raise Malformed(f"message of {size} bytes", read.at)
    return read.part(head.at + size) if read.left >= head.at + size else None


def decode_in(read: Reader, _is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, Opening)
    if session.is_over or read.peek() != _BEGINS:
        session.is_over = True
        return
    message = expect(read, SEQUENCE)
    ticket(message)
    tag, body = element(message)
    if tag == BIND:
        yield from _bind(body, session)
    elif tag in (BOUND, EXTENDED_ANSWER):
        yield from _answer(tag, body, session)
    elif tag == EXTENDED:
        session.seals = expect(body, OPERATION).rest() == _START_TLS
    body.aside(body.left)
    message.aside(message.left)


def _bind(body: Reader, session: Opening) -> Iterator[Event]:
    """A name without a password proves nothing and gives the rights of nobody, as no name does (RFC 4513 5.1.1, 5.1.2)."""
    integer(expect(body, INTEGER))
    name = clean(expect(body, OCTETS).rest())
    kind, proof = element(body)
    session.seals = kind == SASL
    proven = proof.left > 0 and bool(name)
    method = clean(expect(proof, OCTETS).rest()) if kind == SASL else "simple" if proven else "anonymous"
    yield Request(NAME, Verb.AUTH, "Bind", BIND, details=(("method", method), *((("user", name),) if name else ())))
    if kind == SIMPLE and proven:
        yield Credential(NAME, name, Secret(proof.rest()))
    proof.aside(proof.left)


def _answer(tag: int, body: Reader, session: Opening) -> Iterator[Event]:
    result = integer(expect(body, ENUMERATED))
    session.is_over = session.seals and not result
    if tag == BOUND:
        error = RESULTS.get(result, f"result {result}") if result not in (0, IN_PROGRESS) else ""
        yield Answer(NAME, "Bind", BIND, error=error, error_code=str(result) if error else "", final=result != IN_PROGRESS)


LDAP = Dissector(
    name=NAME,
    title="LDAP",
    transports=frozenset({"tcp"}),
    ports=frozenset({389, 3268}),
    looks_like=looks_like,
    session=Opening,
    cut_in=cut_in,
    decode_in=decode_in,
    over=lambda session: isinstance(session, Opening) and session.is_over,
    marks=((0, frozenset(_BEGINS)),),
    names=True,
)
