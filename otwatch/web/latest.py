"""A record as it is now: read again when it was written, not whenever somebody asks."""

from functools import cached_property
from hashlib import blake2s
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from otwatch.decisions.log import beside, load
from otwatch.decisions.standing import decided
from otwatch.errors import DecisionError, RecordError
from otwatch.outputs.metrics import NOTHING, exposition
from otwatch.outputs.page.carriers import served
from otwatch.outputs.page.rendering import NO_KNOWLEDGE, Knowledge, page
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.record import Record
from otwatch.record.claims import is_kept
from otwatch.results import Results

_Stamp = tuple[tuple[int, int, int], ...]


class Drawn(NamedTuple):
    """The page in one language, and a name for what it says: another page has another (RFC 9110, 8.8.3)."""

    body: bytes
    etag: str


class Reading:
    """A record as it was at one moment. What is made of it is made once, when it is asked for the first time.

    is_kept   a sensor keeps it up to date
    """

    def __init__(self, results: Results, knowledge: Knowledge, is_kept: bool = False) -> None:
        self.results = results
        self.is_kept = is_kept
        self._knowledge = knowledge
        self._drawn: dict[tuple[str, bool], Drawn] = {}

    @property
    def is_there(self) -> bool:
        """False where the record could not be read."""
        return self.results is not NOTHING

    @cached_property
    def metrics(self) -> bytes:
        return exposition(self.results, self.is_kept)

    def voice(self, language: str) -> Voice:
        return Voice.of(Words(language), self.results.timezone, self.results.zones, self.results.assets)

    def page(self, language: str, decides: bool = False) -> Drawn:
        """For somebody who may decide about findings, or not."""
        asked = (language, decides)
        if asked not in self._drawn:
            body = page(self.results, self.voice(language), served(language, decides), self._knowledge).encode()
            self._drawn[asked] = Drawn(body, f'"{blake2s(body, digest_size=12).hexdigest()}"')
        return self._drawn[asked]


class Latest:
    """The latest reading of one record. Asked by several threads; a record that could not be read is tried again each time."""

    def __init__(self, record: Path, knowledge: Knowledge = NO_KNOWLEDGE) -> None:
        self.record = record
        self._knowledge = knowledge
        self._lock = Lock()
        self._stamp: _Stamp = ()
        self._reading = Reading(NOTHING, knowledge)

    def now(self) -> Reading:
        with self._lock:
            stamp, kept = _stamp(self.record), is_kept(self.record)
            if not stamp or (stamp, kept) != (self._stamp, self._reading.is_kept):
                self._reading = Reading(_results(self.record), self._knowledge, kept)
                self._stamp = stamp if self._reading.is_there else ()
            return self._reading


def _results(record: Path) -> Results:
    try:
        with Record.open(record) as kept:
            return decided(kept.results(), load(beside(record)))
    except (RecordError, DecisionError):
        return NOTHING


def _stamp(record: Path) -> _Stamp:
    """What changes when the record is written: which file, how long, and when; of its journal (SQLite, WAL) and of the decisions, too."""
    found = []
    for name in (record, record.with_name(f"{record.name}-wal"), beside(record)):
        try:
            stat = name.stat()
        except OSError:
            continue
        if stat.st_size:
            found.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(found)
