"""What otwatch heard, held against something: what a second program says (otwatch/referee), or what was expected (alerts/trials)."""

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


class Miss(NamedTuple):
    """Something that is not as a trial expects it: a word of the catalogue ("trial.KEY"), what fills its places, and the line of the file.

    line   that of what was expected; 0 where nothing was
    """

    key: str
    line: int
    given: Mapping[str, str]


class TrialCheck(NamedTuple):
    """A trial, held against what its captures give. `wrong`: why it could not be run, a line each, "" where it could."""

    file: str
    expected: int = 0
    misses: tuple[Miss, ...] = ()
    wrong: str = ""

    @property
    def passed(self) -> bool:
        return not self.misses and not self.wrong
