"""Messages that their own protocol cut (BACnet segmentation), put together again."""

from collections import OrderedDict
from dataclasses import dataclass, field

from otwatch.events import Piece

MESSAGES, PIECES, BYTES = 256, 512, 1 << 21
"""Cut messages that may be open at once, pieces and bytes of each (domain/protocols.md 2.4)."""
PATIENCE = 3
"""Slots after the first piece until the rest is no longer waited for (30 s)."""


@dataclass(slots=True)
class _Open:
    slot: int
    head: bytes = b""
    parts: list[bytes] = field(default_factory=list)
    size: int = 0


class Pieces:
    """Open messages by direction and key, the oldest forgotten first."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[int, str], _Open] = OrderedDict()

    def add(self, direction: int, piece: Piece, slot: int) -> bytes | None:
        """Take a piece; the whole message when it was the last. A piece out of turn is dropped: its sender repeats it."""
        key = (direction, piece.key)
        if piece.number == 0 and (key not in self._open or self._open[key].parts[1:]):
            self._open[key] = _Open(slot, piece.head)
        message = self._open.get(key)
        if message is None or slot - message.slot > PATIENCE:
            self._open.pop(key, None)
            return None
        if piece.number != len(message.parts) % 256:
            return None
        message.parts.append(piece.data)
        message.size += len(piece.data)
        if message.size > BYTES or len(message.parts) > PIECES:
            del self._open[key]
            return None
        if len(self._open) > MESSAGES:
            self._open.popitem(last=False)
        if piece.more:
            return None
        self._open.pop(key, None)
        return message.head + b"".join(message.parts)

    def clear(self) -> None:
        self._open.clear()
