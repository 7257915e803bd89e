"""Passwords and the like, seen on the wire, and what was made of them."""

import os
from collections.abc import Callable
from hmac import compare_digest
from typing import NoReturn, TypeVar

Material = TypeVar("Material")


class PrivatePipe:
    """An anonymous pipe between two processes of this run: the one way by which secrets go from one to the other.

    It is made here and cannot be made of anything else, so it is no file, no socket and no log.
    """

    __slots__ = ("reading", "writing")

    def __init__(self) -> None:
        """Two descriptors that no program started from here inherits. OSError where there are too many."""
        self.reading, self.writing = os.pipe()


def _cross(way: PrivatePipe | None, what: str) -> None:
    if not isinstance(way, PrivatePipe):
        raise TypeError(f"{what} does not leave the process")


class Secret:
    """A secret seen on the wire, that can be compared and never printed, copied out or kept."""

    __slots__ = ("_bytes",)

    def __init__(self, value: bytes) -> None:
        self._bytes = value

    def equals(self, candidate: str) -> bool:
        """Whether the secret is `candidate`, as UTF-8 or as Latin-1; in constant time."""
        pair = (candidate.encode(), candidate.encode("latin-1", "replace"))
        return sum(compare_digest(self._bytes, form) for form in pair) > 0

    def is_empty(self) -> bool:
        return not self._bytes

    def is_short(self) -> bool:
        """Fewer than 6 characters, or nothing but digits and fewer than 8 (detections.md, cred.weak.reused)."""
        text = self._bytes.decode("utf-8", "replace")
        return len(text) < (8 if text.isdigit() else 6)

    def fingerprint(self, key: bytes) -> str:
        """16 bytes of HMAC-SHA-256 as hex: tells only "the same secret as there" (detections C.2)."""
        from hashlib import sha256
        from hmac import new

        return new(key, self._bytes, sha256).hexdigest()[:32]

    def crossing(self, way: PrivatePipe | None) -> bytes:
        """Its bytes, for the process at the other end of a private pipe. TypeError for any other way."""
        _cross(way, "a secret")
        return self._bytes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(self._bytes, other._bytes)

    def __hash__(self) -> int:
        return hash((Secret, self._bytes))

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret does not leave the process")


class Proof:
    """What somebody answered to a challenge: passwords can be held against it. That allows guessing, so it is kept as a secret is.

    Nobody sees from it how long the password is, nor whether another proof is of the same one.
    """

    __slots__ = ("_answer", "_made", "_said", "cost")

    def __init__(self, answer: bytes, made: Callable[[Material, bytes], tuple[bytes, ...]], said: Material, cost: int = 1) -> None:
        """`made`: all answers that a password (bytes) gives to what was said, pure; `cost`: how many plain hashes that takes."""
        self._answer = answer
        self._made: Callable[..., tuple[bytes, ...]] = made
        self._said = said
        self.cost = cost

    @property
    def said(self) -> object:
        """What the answer was made of beside the password; it allows no guessing by itself."""
        said: object = self._said
        return said

    def equals(self, candidate: str) -> bool:
        """Whether `candidate` gives the same answer, as UTF-8 or as Latin-1."""
        forms = {candidate.encode(), candidate.encode("latin-1", "replace")}
        return sum(compare_digest(made, self._answer) for form in forms for made in self._made(self._said, form)) > 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Proof) and self._all == other._all

    def __hash__(self) -> int:
        return hash(self._all)

    def crossing(self, way: PrivatePipe | None) -> tuple[bytes, Callable[..., tuple[bytes, ...]], object]:
        """What it is made of, but for its cost, for the process at the other end of a private pipe. TypeError for any other way."""
        _cross(way, "a proof")
        return self._answer, self._made, self._said

    @property
    def _all(self) -> tuple[object, ...]:
        return self._answer, self._made, self._said

    def __repr__(self) -> str:
        return "<proof>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a proof does not leave the process")


def nothing(_said: None, _password: bytes) -> tuple[bytes, ...]:
    """What passwords give where nothing is known."""
    return ()


UNREAD = Proof(b"", nothing, None)
"""Of a login whose proof stands in bytes that change every time; `Dissector.proven` reads it where the login is told."""
