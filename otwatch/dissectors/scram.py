"""SCRAM: what a password would have proven (RFC 5802 section 3, RFC 7677; domain/detections.md B.15).

    first        n,,n=user,r=nonce                 of the client; without its "n,," it is bare
    challenge    r=nonce+,s=salt in base64,i=times
    final        c=biws,r=nonce+,p=proof in base64

    salted = PBKDF2(password, salt, times)         key = HMAC(salted, "Client Key")
    proof  = key XOR HMAC(H(key), bare first "," challenge "," final without its proof)

How long the proof is tells the hash.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from hashlib import new, pbkdf2_hmac
from hmac import digest
from re import compile as pattern
from typing import NamedTuple

from otwatch.events import Proof

HASHES = {20: "sha1", 32: "sha256", 64: "sha512"}
MOST = 100_000
"""Times a password is stretched; what asks for more is not tried (B.15)."""
CHEAP = 12
"""Rounds of stretching that cost as much as one plain hash called from Python."""
_BARE = pattern(rb"(?:(?:[ny]|p=[^,]{1,32}),[^,]{0,128},)?(n=[^,]{1,128},r=)")
_TO_PLAIN = bytes.maketrans(b"-_", b"+/")
_ESCAPES = ((b"=2C", b","), (b"=3D", b"="))


class Said(NamedTuple):
    """All that makes a proof, but for the password."""

    name: str
    salt: bytes
    times: int
    text: bytes


class Dialogue:
    """What was said so far in one connection: the first message, bare, and the challenge."""

    __slots__ = ("challenge", "first")

    def __init__(self) -> None:
        self.first = self.challenge = b""

    @property
    def waits(self) -> bool:
        """Whether the challenge comes next."""
        return bool(self.first) and not self.challenge

    @property
    def user(self) -> bytes:
        """RFC 5802 5.1: "," and "=" in a name are written otherwise."""
        name = _part(self.first, b"n")
        for written, meant in _ESCAPES:
            name = name.replace(written, meant)
        return name

    def hear(self, message: bytes) -> Proof | None:
        """One message; the proof that is in the last one."""
        if _BARE.match(message):
            self.first, self.challenge = _BARE.sub(rb"\1", message), b""
        elif message.startswith(b"r=") and b",s=" in message:
            self.challenge = message
        elif message.startswith(b"c=") and self.first and self.challenge:
            return self._proof(message)
        return None

    def _proof(self, final: bytes) -> Proof | None:
        bare, mark, written = final.rpartition(b",p=")
        proof, salt, times = decoded(written), decoded(_part(self.challenge, b"s")), _part(self.challenge, b"i")
        if not mark or len(proof) not in HASHES or not times.isdigit() or not 0 < int(times[:9]) <= MOST:
            return None
        said = Said(HASHES[len(proof)], salt, int(times[:9]), b",".join((self.first, self.challenge, bare)))
        return Proof(proof, proofs, said, 1 + said.times // CHEAP)


def proofs(said: Said, password: bytes) -> tuple[bytes, ...]:
    """The proof that a password gives; passwords are taken as they are, without SASLprep."""
    key = digest(pbkdf2_hmac(said.name, password, said.salt, said.times), b"Client Key", said.name)
    signature = digest(new(said.name, key, usedforsecurity=False).digest(), said.text, said.name)
    return (bytes(one ^ other for one, other in zip(key, signature, strict=True)),)


def decoded(value: bytes) -> bytes:
    """Base64 with either alphabet (RFC 4648 4, 5), with or without its padding; b"" where it is none."""
    bare = value.rstrip(b"=").translate(_TO_PLAIN)
    try:
        return b64decode(bare + b"=" * (-len(bare) % 4), validate=True)
    except NotBase64:
        return b""


def _part(message: bytes, letter: bytes) -> bytes:
    return next((part[2:] for part in message.split(b",") if part.startswith(letter + b"=")), b"")
