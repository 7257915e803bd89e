"""Passwords and the like, seen on the wire."""

from hmac import compare_digest
from typing import NoReturn


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

    def is_weak(self) -> bool:
        """Fewer than 6 characters, or nothing but digits and fewer than 8 (detections.md, cred.weak.reused)."""
        text = self._bytes.decode("utf-8", "replace")
        return len(text) < (8 if text.isdigit() else 6)

    def fingerprint(self, key: bytes) -> str:
        """16 bytes of HMAC-SHA-256 as hex: tells only "the same secret as there" (detections C.2)."""
        from hashlib import sha256
        from hmac import new

        return new(key, self._bytes, sha256).hexdigest()[:32]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(self._bytes, other._bytes)

    def __hash__(self) -> int:
        return hash((Secret, self._bytes))

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret does not leave the process")
