"""What a second program says of the same captures, held against what otwatch heard (otwatch/referee)."""

from collections.abc import Mapping
from typing import NamedTuple


class Difference(NamedTuple):
    """An item of a field that otwatch and another program did not hear equally often.

    otwatch, tshark   how often each heard it; `..._frames` frames in which only that one did, as far as they were found
    """

    item: Mapping[str, str | int]
    otwatch: int
    tshark: int
    otwatch_frames: tuple[int, ...]
    tshark_frames: tuple[int, ...]


class FieldCheck(NamedTuple):
    """A field of the facts, held against what tshark says."""

    section: str
    field: str
    otwatch: int
    tshark: int
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


class CaptureCheck(NamedTuple):
    """A capture as two programs understood it.

    packets   as otwatch and as tshark counted them
    message   tshark's own words, "" without; `unread` packets of its output that could not be read
    late      tshark was stopped because it took too long
    refused   why nothing was compared; "" where it was
    """

    name: str
    packets: tuple[int, int]
    fields: tuple[FieldCheck, ...]
    message: str = ""
    unread: int = 0
    late: bool = False
    refused: str = ""

    @property
    def agrees(self) -> bool:
        return self.packets[0] == self.packets[1] and all(field.agrees for field in self.fields)
