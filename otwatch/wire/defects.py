"""The one guard against defects of our own: a dissector that raises anything but Malformed (DESIGN section 7).

Unguarded dissectors, as in every test, are loud. A sensor runs guarded ones: the defect is counted, logged once for each place
in the code, and the message becomes an anomaly that says so and names its frame; then the sensor goes on.

The log shows the message's bytes, but no text: a password may stand among them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from logging import getLogger
from pathlib import Path
from re import compile as pattern
from traceback import extract_tb
from typing import NamedTuple, ParamSpec, TypeVar

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed

DEFECT = "defect of otwatch"
"""How the reason of such an anomaly begins."""
SHOWN = 512
"""Bytes of a message that are logged."""

_log = getLogger("otwatch.defects")
_TEXT = pattern(rb"(?:[\x20-\x7e\x80-\xff]\x00{0,3}){3,}")
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class _Place(NamedTuple):
    protocol: str
    error: str
    where: str


class Defects:
    """How often each defect showed; there are no more kinds than places in our code."""

    def __init__(self) -> None:
        self.times: Counter[_Place] = Counter()

    def notes(self) -> dict[str, int]:
        """Counters about the monitor itself, as `Wire.notes`."""
        return {f"{DEFECT}: {place.protocol} {place.error} at {place.where}": times for place, times in self.times.items()}

    def note(self, protocol: str, error: Exception, payload: bytes, offset: int) -> Malformed:
        """Count and log a defect; gives what to raise in its place. The error's own text is not used: it may quote the message."""
        frame = extract_tb(error.__traceback__)[-1]
        place = _Place(protocol, type(error).__name__, f"{Path(frame.filename).name}:{frame.lineno}")
        self.times[place] += 1
        if self.times[place] == 1:
            _log.error("%s: %s in %s at %s, byte %d of %s", DEFECT, place.error, protocol, place.where, offset, _shown(payload))
        return Malformed(f"{DEFECT}: {place.error} at {place.where}", offset)


def guarded(dissector: Dissector, defects: Defects) -> Dissector:
    """The same dissector, that raises nothing but Malformed."""

    def calls(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
        def call(*given: _Given.args, **named: _Given.kwargs) -> _Result:
            try:
                return function(*given, **named)
            except Malformed:
                raise
            except Exception as error:  # the guard this file is about
                raise defects.note(dissector.name, error, *_read(given)) from error

        return call

    def says(function: Callable[_Given, Iterable[_Result]]) -> Callable[_Given, Iterable[_Result]]:
        def fill(said: list[_Result], *given: _Given.args, **named: _Given.kwargs) -> None:
            said.extend(function(*given, **named))

        guarded_fill = calls(fill)

        def say(*given: _Given.args, **named: _Given.kwargs) -> Iterable[_Result]:
            said: list[_Result] = []
            try:
                guarded_fill(said, *given, **named)
            except Malformed as flaw:
                return _until(said, flaw)
            return said

        return say

    return dissector._replace(
        looks_like=calls(dissector.looks_like),
        cut=calls(dissector.cut),
        decode=says(dissector.decode),
        joined=dissector.joined and says(dissector.joined),
        pieces=dissector.pieces and says(dissector.pieces),
        decode_in=dissector.decode_in and says(dissector.decode_in),
        cut_in=dissector.cut_in and calls(dissector.cut_in),
    )


def _until(said: list[_Result], flaw: Malformed) -> Iterator[_Result]:
    """What was said before a flaw, and the flaw."""
    yield from said
    raise flaw


def _read(given: tuple[object, ...]) -> tuple[bytes, int]:
    """The message among the arguments of a dissector's function, and how far it was read."""
    reader = next((one for one in given if isinstance(one, Reader)), Reader(b""))
    return reader.data, reader.at


def _shown(payload: bytes) -> str:
    """Bytes as hex, three or more characters in a row (of one to four bytes each) only by their number."""
    parts: list[str] = []
    at = 0
    for text in _TEXT.finditer(payload[:SHOWN]):
        parts += [payload[at : text.start()].hex(), f"[{text.end() - text.start()} bytes of text]"]
        at = text.end()
    return "".join((*parts, payload[at:SHOWN].hex())) or "nothing"
