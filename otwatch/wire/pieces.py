"""Messages that their own protocol cut (BACnet segmentation), put together again."""

from collections import OrderedDict
from dataclasses import dataclass, field

from otwatch.events import Piece

MESSAGES, PIECES, BYTES = 256, 512, 1 << 21
"""Cut messages that may be open at once, pieces and bytes of each (domain/protocols.md 2.4)."""
BYTES_IN_ALL = 1 << 26
"""Bytes of all open messages together."""
PATIENCE = 3
"""Slots after the first piece until the rest is no longer waited for (30 s)."""


@dataclass(slots=True)
class _Open:
    slot: int
    head: bytes
    parts: list[bytes] = field(default_factory=list)
    size: int = 0


class Pieces:
    """Open messages by direction and key, the oldest forgotten first."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[int, str], _Open] = OrderedDict()
        self._size = 0

    def add(self, direction: int, piece: Piece, slot: int) -> bytes | None:
        """Take a piece; the whole message when it was the last. A piece out of turn is dropped: its sender repeats it."""
        key = (direction, piece.key)
        message = self._open.get(key)
        if message is None or slot - message.slot > PATIENCE or _begins(message, piece):
            self._forget(key)
            if piece.number:
                return None
            message = self._open[key] = _Open(slot, piece.head)
        if piece.number != len(message.parts) % 256:
            return None
        self._append(key, message, piece.data)
        if piece.more or key not in self._open:
            return None
        self._forget(key)
        return message.head + b"".join(message.parts)

    def renumber(self, anew: dict[int, int]) -> None:
        """Follow conversations to their new numbers."""
        kept = [(direction, key) for direction, key in self._open if direction >> 1 in anew]
        self._open = OrderedDict(((2 * anew[at >> 1] + (at & 1), key), self._open[at, key]) for at, key in kept)
        self._size = sum(message.size for message in self._open.values())

    def _append(self, key: tuple[int, str], message: _Open, part: bytes) -> None:
        message.parts.append(part)
        message.size += len(part)
        self._size += len(part)
        if message.size > BYTES or len(message.parts) > PIECES:
            self._forget(key)
        while len(self._open) > MESSAGES or self._size > BYTES_IN_ALL:
            self._forget(next(iter(self._open)))

    def _forget(self, key: tuple[int, str]) -> None:
        message = self._open.pop(key, None)
        self._size -= message.size if message else 0


def _begins(message: _Open, piece: Piece) -> bool:
    """Whether a first piece begins another message: it does not repeat the first one, nor follow number 255."""
    if piece.number or not message.parts:
        return False
    follows = len(message.parts) % 256 == 0
    repeats = len(message.parts) == 1 and (message.head, message.parts[0]) == (piece.head, piece.data)
    return not follows and not repeats
