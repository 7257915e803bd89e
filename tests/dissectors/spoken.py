"""Messages of captures by protocol, as the wire half itself finds them: what is repeated is decoded once, so each comes about once."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from otwatch.capture import open_captures
from otwatch.dissectors import DISSECTORS, Dissector
from otwatch.dissectors.base import Decode, DecodeIn
from otwatch.dissectors.reader import Reader
from otwatch.events import Event
from otwatch.packets import Frames
from otwatch.wire import Wire, sightings
from tests.sources import ROOT

Messages = dict[str, set[bytes]]
LONGEST = 1 << 14
"""Longer messages are passed over: what they say stands in their first bytes."""


def spoken(paths: Iterable[Path]) -> Messages:
    """All distinct messages of the captures, by the dissector's name."""
    found: Messages = {one.name: set() for one in DISSECTORS}
    wire = Wire(tuple(_listened_to(one, found[one.name]) for one in DISSECTORS))
    for _ in sightings(wire, _frames(paths)):
        pass
    return found


@cache
def in_the_hospital() -> dict[str, tuple[bytes, ...]]:
    """What is said in the sample capture that comes with the project, shortest first."""
    found = spoken([ROOT / "pcaps" / "hospital.pcapng"])
    return {name: tuple(sorted(messages, key=lambda one: (len(one), one))) for name, messages in found.items()}


def _frames(paths: Iterable[Path]) -> Iterator[Frames]:
    for source in open_captures(paths):
        yield from source.read()


def _listened_to(dissector: Dissector, found: set[bytes]) -> Dissector:
    def note(read: Reader) -> None:
        if read.left <= LONGEST:
            found.add(read.data[read.at : read.end])

    def decoding(decode: Decode) -> Decode:
        def noted(read: Reader, is_request: bool | None) -> Iterable[Event]:
            note(read)
            return decode(read, is_request)

        return noted

    def decoding_in(decode: DecodeIn) -> DecodeIn:
        def noted(read: Reader, is_request: bool | None, session: object) -> Iterable[Event]:
            note(read)
            return decode(read, is_request, session)

        return noted

    return dissector._replace(decode=decoding(dissector.decode), decode_in=dissector.decode_in and decoding_in(dissector.decode_in))
