"""SNMP v1, v2c and v3 (RFC 1157, 3416, 3412, 3414).

    v1, v2c   SEQUENCE { version, community, PDU }             the community is the only credential, in clear
    v3        SEQUENCE { 3, header, security, scoped PDU }     the scoped PDU is readable, or encrypted as a whole
    PDU       tag { request id, error status, error index, bindings of object and value }

The tag tells requests from answers. A Response does not repeat which request it answers (`UNNAMED`); its request id,
in v3 the message id, does.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.ber import INTEGER, OCTETS, SEQUENCE, element, expect, integer, length, skip, ticket
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.snmp import usm
from otwatch.dissectors.snmp.oids import ENTERPRISES
from otwatch.dissectors.snmp.pdu import ANSWERS, LOGINS, NAME, ONE_WAY, OPERATIONS, events
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, UNREAD, Answer, Credential, Details, Event, Identity, Request, Secret, Verb, clean

VERSIONS = {0: "1", 1: "2c", 3: "3"}

LEVELS = {0: "noAuthNoPriv", 1: "authNoPriv", 3: "authPriv"}
SIGNED, REPORTABLE, USM, MAC_FORMAT = 1, 4, 3, 3
SIGNED_LOGIN = "snmp-v3"
"""Scheme of a login that is proven and not said."""

_BEGINS = bytes((SEQUENCE,))


def looks_like(read: Reader, hinted: bool) -> bool:
    """A sequence that begins with a version; away from its ports it fills the payload, with a PDU or a header at its place."""
    if not hinted and read.peek() != _BEGINS:
        return False
    fits = read.u8() == SEQUENCE and length(read) == read.left
    version = integer(expect(read, INTEGER))
    if hinted or not fits or version not in VERSIONS:
        return hinted and version in VERSIONS
    expect(read, SEQUENCE if version == 3 else OCTETS)
    return element(read)[0] in (OPERATIONS.keys() | ANSWERS.keys() if version != 3 else {OCTETS})


def decode(read: Reader, _: bool | None) -> Iterator[Event]:
    message = expect(read, SEQUENCE)
    version = integer(expect(message, INTEGER))
    if version not in VERSIONS:
        raise Malformed(f"version {version} is not 0, 1 or 3", message.at)
    details = (("version", VERSIONS[version]),)
    yield from _secured(message, details) if version == 3 else _open(message, details)
    if message.left or read.left:
        raise Malformed("bytes behind the message", message.at)


def _open(message: Reader, details: Details) -> Iterator[Event]:
    """v1 and v2c."""
    community = expect(message, OCTETS)
    tag, pdu = element(message)
    if tag in LOGINS:
        yield Credential(NAME, "", Secret(community.rest()))
    else:
        community.aside(community.left)
    yield from events(tag, pdu, details)


def _secured(message: Reader, details: Details) -> Iterator[Event]:
    """v3 (RFC 3412 section 6). What is encrypted is a request when it asks for reports (RFC 3412 6.4)."""
    header = expect(message, SEQUENCE)
    ticket(header)
    skip(header, INTEGER)
    flags = expect(header, OCTETS).u8()
    model = integer(expect(header, INTEGER))
    security = expect(message, OCTETS)
    details += (("security", LEVELS.get(flags & 3, f"flags {flags}")),)
    engine, user = b"", ""
    if model == USM:
        engine, said = _user(expect(security, SEQUENCE))
        user, details = said[0][1], details + said
    tag, scoped = element(message)
    if tag == SEQUENCE:
        skip(scoped, OCTETS)
        skip(scoped, OCTETS)
        tag, pdu = element(scoped)
        yield from events(tag, pdu, details)
        from_agent = tag in ANSWERS or tag in ONE_WAY
    else:
        scoped.aside(scoped.left)
        from_agent = not flags & REPORTABLE
        yield _unreadable(from_agent, details)
    if user and flags & SIGNED and not from_agent:
        yield Credential(SIGNED_LOGIN, user, UNREAD, clean(engine.hex()))
    facts = _engine(engine) if from_agent else ()
    if facts:
        yield Identity(NAME, (), facts)


def _unreadable(is_answer: bool, details: Details) -> Event:
    """Somebody keeps a session; what he does in it cannot be known."""
    if is_answer:
        return Answer(NAME, "Encrypted", UNNAMED, details=details)
    return Request(NAME, Verb.SESSION, "Encrypted", 0, details=details)


def _user(security: Reader) -> tuple[bytes, Details]:
    """RFC 3414 2.4: the agent's engine and its boots, the user's name; clock, digest and salt change every time."""
    engine = expect(security, OCTETS).rest()
    boots = integer(expect(security, INTEGER))
    skip(security, INTEGER)
    user = clean(expect(security, OCTETS).rest())
    skip(security, OCTETS)
    skip(security, OCTETS)
    return engine, (("user", user), ("engine", clean(engine.hex())), ("boots", str(boots)))


def _engine(engine: bytes) -> Details:
    """RFC 3411 section 5: enterprise number in 31 bits, then a format and what it says."""
    read = Reader(engine)
    if read.left < 5:
        return ()
    vendor = ENTERPRISES.get(read.u32() & 0x7FFFFFFF, "")
    mac = read.take(6).hex(":") if read.u8() == MAC_FORMAT and read.left == 6 else ""
    return tuple(fact for fact in (("vendor", vendor), ("mac", mac)) if fact[1])


def proven(login: Credential, message: Reader) -> Credential:
    """A login with its proof, read from the whole message."""
    return login if login.scheme != SIGNED_LOGIN else login._replace(secret=usm.proof(message) or UNREAD)


SNMP = Dissector(
    name=NAME,
    title="SNMP",
    transports=frozenset({"udp"}),
    ports=frozenset({161, 162}),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    proven=proven,
    tells=True,
    marks=((0, frozenset({SEQUENCE})),),
)
