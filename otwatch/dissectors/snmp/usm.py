"""Who sent an SNMPv3 message, by the user-based security model (RFC 3414, RFC 7860): what a password would have signed it with.

    Ku   = H(first 1 048 576 bytes of the password repeated)        RFC 3414 2.6, A.2
    Kul  = H(Ku || engine || Ku)
    MAC  = first n bytes of HMAC-H(Kul, message with n bytes 0 in the place of the MAC)

How long the MAC is tells the hash, but for 12 bytes, which are MD5 or SHA-1.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import new
from hmac import digest
from typing import NamedTuple

from otwatch.dissectors.ber import INTEGER, OCTETS, SEQUENCE, expect, skip
from otwatch.dissectors.reader import Reader
from otwatch.events import Proof

HASHES = {12: ("md5", "sha1"), 16: ("sha224",), 24: ("sha256",), 32: ("sha384",), 48: ("sha512",)}
"""RFC 3414 6 and 7, RFC 7860 4: by the length of the MAC."""
STRETCHED = 1 << 20
"""Bytes of the password repeated that make a key."""
COST = 20
"""Of a candidate, in plain hashes: some 4 ms when it is new and 20 us ever after, for most candidates are the same for every agent."""
KEYS = 4096
"""Keys remembered; their passwords are those of lists, none was seen on the wire."""


class Signed(NamedTuple):
    """All that makes the MAC, but for the password. `message` has zeros in its place."""

    engine: bytes
    message: bytes
    size: int


@lru_cache(KEYS)
def stretched(name: str, password: bytes) -> bytes:
    """Ku; the password has at least one byte."""
    times = STRETCHED // len(password) + 1
    return new(name, (password * times)[:STRETCHED], usedforsecurity=False).digest()


def localised(name: str, password: bytes, engine: bytes) -> bytes:
    """Kul."""
    key = stretched(name, password)
    return new(name, key + engine + key, usedforsecurity=False).digest()


def macs(said: Signed, password: bytes) -> tuple[bytes, ...]:
    """The MACs that a password gives, one for each hash that may have been used."""
    return tuple(_macs(said, password)) if password else ()


def _macs(said: Signed, password: bytes) -> Iterator[bytes]:
    for name in HASHES[said.size]:
        yield digest(localised(name, password, said.engine), said.message, name)[: said.size]


def proof(message: Reader) -> Proof | None:
    """The proof in a whole SNMPv3 message; None where it holds none that is known. Malformed where the message is cut."""
    start, data = message.at, message.peek(message.left)
    outer = expect(message, SEQUENCE)
    skip(outer, INTEGER)
    skip(outer, SEQUENCE)
    security = expect(expect(outer, OCTETS), SEQUENCE)
    engine = expect(security, OCTETS).rest()
    for tag in (INTEGER, INTEGER, OCTETS):
        skip(security, tag)
    mac = expect(security, OCTETS)
    place, size = mac.at - start, mac.left
    if size not in HASHES:
        return None
    said = Signed(engine, b"".join((data[:place], bytes(size), data[place + size :])), size)
    return Proof(mac.rest(), macs, said, COST * len(HASHES[size]))
