"""The packets of one batch while they are heard, and what is said in them."""

from typing import NamedTuple

from otwatch.decode.conversations import Talk
from otwatch.decode.statements import Statement
from otwatch.packets import I64, Packets, payload_of


class Said(NamedTuple):
    """What a stream says: read in row `row` of the batch; `at` is when and where it was seen if that was before, else (0, 0)."""

    row: int
    direction: int
    statement: Statement
    payload: bytes
    at: tuple[int, int] = (0, 0)


class Batch(NamedTuple):
    """The packets being heard.

    place    where each packet stands (wire/counts.py)
    begun    where the streams begin that are needed from now on, and whether that is the start of a message, by direction
    slow     rows of the directions that need a stream
    known    rows of them whose payload is a statement, where it begins a message
    passed   rows of them in which it does
    """

    packets: Packets
    talk: Talk
    place: I64
    unsure: frozenset[int]
    begun: dict[int, tuple[int | None, bool]]
    slow: dict[int, list[int]]
    known: set[int]
    passed: list[int]

    def payload(self, row: int) -> bytes:
        return payload_of(self.packets, row)

    def segment(self, row: int) -> tuple[int, int, int]:
        """Its sequence number, length and flags."""
        return int(self.packets.seq[row]), int(self.packets.length[row]), int(self.packets.flags[row])
