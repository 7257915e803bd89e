"""Who an OPC UA application is, what its endpoints offer, and how a user proves who he is (OPC 10000-4, 7.2, 7.14, 7.41)."""

from collections.abc import Iterator
from typing import NamedTuple

from otwatch.dissectors.opcua.binary import array, body, localized, pass_node, raw, text
from otwatch.dissectors.opcua.codes import MODES, NAME, TOKENS
from otwatch.dissectors.reader import Reader
from otwatch.events import Credential, Details, Event, Identity, Secret

ANONYMOUS, USER_NAME, CERTIFICATE, ISSUED = "i=321", "i=324", "i=327", "i=940"
KINDS = {ANONYMOUS: "anonymous", USER_NAME: "user name", CERTIFICATE: "certificate", ISSUED: "issued token"}
"""Types of a user's token, by the NodeId of their binary encoding."""


def description(read: Reader) -> Details:
    """An ApplicationDescription."""
    uri, product, name = text(read), text(read), localized(read)
    read.take(4)  # type of application
    raw(read)
    raw(read)
    for _ in array(read, 4):
        raw(read)
    found = (("application", name), ("url", uri), ("product", product))
    return tuple(fact for fact in found if fact[1])


def identity(facts: Details) -> Iterator[Event]:
    if facts:
        yield Identity(NAME, (), facts)


class Offered(NamedTuple):
    """What a server says of its endpoints: who it is, each kind of access once, and every endpoint, mode and policy as it stands there."""

    facts: Details
    offers: Details
    around: Details


def endpoints(read: Reader) -> Offered:
    """An array of EndpointDescriptions."""
    facts: Details = ()
    around: list[tuple[str, str]] = []
    offers: dict[str, None] = {}
    for _ in array(read, 20):
        url = text(read)
        said = description(read)
        facts = facts or said
        raw(read)  # certificate
        mode, policy = MODES.get(number := read.le32(), str(number)), _policy(read)
        tokens = [_token(read) for _ in array(read, 20)]
        raw(read)  # transport profile
        read.u8()  # level
        offers[f"{policy or '?'}/{mode}: {', '.join(dict.fromkeys(kind for kind, _ in tokens))}"] = None
        policies = [("policy", one) for one in (policy, *(own for _, own in tokens))]
        around += [said for said in (("endpoint", url), ("mode", mode), *policies) if said[1]]
    return Offered(facts, tuple(("offers", offer) for offer in offers), tuple(around))


def _policy(read: Reader) -> str:
    return text(read).rpartition("#")[2]


def _token(read: Reader) -> tuple[str, str]:
    """A UserTokenPolicy: its kind, and the policy by which the token is encrypted where that is not the channel's."""
    raw(read)
    kind = read.le32()
    raw(read)
    raw(read)
    return TOKENS.get(kind, f"type {kind}"), _policy(read)


def created(read: Reader) -> Offered:
    """The answer of CreateSession: session, token, timeout 8, nonce, certificate, then the endpoints."""
    pass_node(read)
    pass_node(read)
    read.aside(8)
    for _ in range(2):
        size = len(raw(Reader(read.data, read.at, read.end)))
        read.le32()
        read.aside(size)
    return endpoints(read)


def activated(read: Reader) -> Iterator[tuple[Details, Credential | None]]:
    """The request of ActivateSession: signature, certificates, languages, then the user's token."""
    _signature(read)
    for _ in array(read, 8):
        raw(read)
        raw(read)
    for _ in array(read, 4):
        raw(read)
    kind, token = body(read)
    details: Details = (("token", KINDS.get(kind, f"type {kind}")),)
    if kind != USER_NAME:
        token.take(token.left)
        yield details, None
        return
    raw(token)
    user, password, algorithm = text(token), raw(token), raw(token)
    if algorithm:
        yield (*details, ("user", user), ("password", "encrypted")), None
    else:
        yield (*details, ("user", user), ("password", "clear")), Credential(NAME, user, Secret(password))


def _signature(read: Reader) -> None:
    raw(read)
    raw(read)
