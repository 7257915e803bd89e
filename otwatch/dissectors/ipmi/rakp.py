"""How a session of IPMI opens, and what its password would have answered (IPMI 2.0 revision 1.1, 13.17 to 13.24; detections.md B.17).

    open session   tag, privilege, 0 0, SIDm, proposed proof, integrity and encryption (8 bytes each)
    answer         tag, status, privilege, 0, SIDm, SIDc, what was chosen
    RAKP 1         tag, 0 0 0, SIDc, Rm 16, role, 0 0, length, user
    RAKP 2         tag, status, 0 0, SIDm, Rc 16, GUID 16, code
    RAKP 3, 4      tag, status, 0 0, session, code

    code = HMAC(password, SIDm | SIDc | Rm | Rc | GUID | role | length | user)            20 bytes SHA-1, 16 MD5, 32 SHA-256

The controller gives this code before anybody proved anything to it: so it says itself that the account has a password of a list, whoever
asked, and the first two messages are enough. Without a code, any password opens the session ("cipher zero").
"""

from collections.abc import Iterator
from hmac import digest
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Credential, Event, Proof, Request, Secret, Verb, clean

NAME = "ipmi"
OPEN, OPENED, FIRST, SECOND, THIRD, FOURTH = range(0x10, 0x16)
KINDS = frozenset(range(OPEN, FOURTH + 1))
"""Payload types (table 13-16)."""
NAMES = {OPEN: "Open Session", FIRST: "RAKP 1", THIRD: "RAKP 3"}
ASKED_BY = {OPENED: OPEN, SECOND: FIRST, FOURTH: THIRD}
HASHES = {16: "md5", 20: "sha1", 32: "sha256"}
"""By the size of a code (13.28.1 to 13.28.1b)."""
STATUS = {
    0x01: "no resources", 0x02: "invalid session", 0x04: "invalid authentication algorithm", 0x09: "invalid role",
    0x0A: "unauthorized role", 0x0C: "invalid name length", 0x0D: "unauthorized name", 0x0E: "unauthorized GUID",
    0x0F: "invalid integrity check value", 0x11: "no cipher suite matches",
}  # fmt: skip
"""Table 13-15."""
_SIDE, _NONCE, _NAME_LIMIT = 4, 16, 16
_PROPOSAL = 8


class Console(NamedTuple):
    """What RAKP 1 says: the session of the controller, a number, the role asked for, the user."""

    session: bytes
    nonce: bytes
    role: int
    user: bytes


class Said(NamedTuple):
    """All that makes a code, but for the password."""

    text: bytes
    name: str


def unanswered(_said: Console, _password: bytes) -> tuple[bytes, ...]:
    """What passwords give as long as the controller has not answered."""
    return ()


def codes(said: Said, password: bytes) -> tuple[bytes, ...]:
    """The code that a password gives."""
    return (digest(password, said.text, said.name),)


def decode(read: Reader, kind: int) -> Iterator[Event]:
    read.ticket(1)
    status = 0 if kind == FIRST else read.u8()
    if kind in ASKED_BY:
        yield _answer(status, ASKED_BY[kind])
        read.aside(read.left)
        return
    read.take(3 if kind == FIRST else 2)
    if kind == OPEN:
        read.aside(_SIDE)
        yield Request(NAME, Verb.SESSION, NAMES[kind], kind, details=(("proof", _algorithm(read)),))
    elif kind == FIRST:
        yield from _login(read)
    else:
        details = (("gives up", STATUS.get(status, f"status {status}")),) if status else ()
        yield Request(NAME, Verb.AUTH, NAMES[kind], kind, details=details, one_way=bool(status))
    read.aside(read.left)


def _algorithm(read: Reader) -> str:
    """Table 13-17: which proof the console proposes."""
    part = read.part(_PROPOSAL)
    part.take(4)
    return {0: "none", 1: "HMAC-SHA1", 2: "HMAC-MD5", 3: "HMAC-SHA256"}.get(part.u8(), "other")


def _answer(status: int, asked: int) -> Answer:
    error = STATUS.get(status, f"status {status}") if status else ""
    return Answer(NAME, NAMES[asked], asked, error=error, error_code=f"0x{status:02x}" if status else "")


def _login(read: Reader) -> Iterator[Event]:
    session, nonce, role = read.take(_SIDE), read.take(_NONCE), read.u8()
    read.take(2)
    size = read.u8()
    if size > _NAME_LIMIT:
        raise Malformed(f"user name of {size} bytes", read.at)
    user = read.take(size)
    name = clean(user)
    yield Request(NAME, Verb.AUTH, NAMES[FIRST], FIRST, details=(("user", name),))
    yield Credential(NAME, name, Proof(b"", unanswered, Console(session, nonce, role, user)))


def answered(login: Credential, read: Reader) -> Credential:
    """A login of RAKP 1 with what RAKP 2 says; as it was where that proves nothing."""
    said = login.secret.said if isinstance(login.secret, Proof) else None
    if not isinstance(said, Console):
        return login
    read.take(_SIDE)  # RMCP
    read.take(2)
    read.take(2 * _SIDE)
    message = read.part(read.le16())
    message.take(1)
    if message.u8():
        return login
    message.take(2)
    console, nonce, guid = message.take(_SIDE), message.take(_NONCE), message.take(16)
    code = message.rest()
    if not code:
        return login._replace(secret=Secret(b""))
    if len(code) not in HASHES:
        return login
    who = bytes((said.role, len(said.user))) + said.user
    text = console + said.session + said.nonce + nonce + guid + who
    return login._replace(secret=Proof(code, codes, Said(text, HASHES[len(code)])))
