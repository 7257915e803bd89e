"""The record: one SQLite file that holds everything learnt (DESIGN section 11). One writer, many readers.

    schema    the tables as numbered migrations        columns   rows <-> columns
    upkeep    a sensor's record, row by row            claims    who keeps a record        files    opening them

A sensor keeps its record up to date and has it for itself, by a lock that ends with the process; a replay never writes there.
A replay writes its record anew, in one transaction: readers see the former record whole until the new one is whole, and whatever
ends the program in between leaves the former one. A file that is no record is never written to. Records tell how a hospital's
plant can be reached, so they are readable by their owner only; a group that somebody has let read one may go on.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from otwatch.errors import RecordError
from otwatch.record import schema, upkeep
from otwatch.record.columns import SECTIONS, SHAPES, Row, packed, unpacked
from otwatch.record.files import brought_up, check_unkept, claim, known, readable, reserve, told, writable
from otwatch.record.upkeep import Entry, Sums
from otwatch.results import AlertRow, AssetRow, Results, StateRow

__all__ = ["Entry", "Record", "Sums", "claim", "default_path"]


def default_path() -> Path:
    """`$XDG_STATE_HOME/otwatch/record.db`, by default in `~/.local/state` (XDG base directory specification 0.8)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state") / "otwatch" / "record.db"


class Record:
    """A record that is open: `create` to write it, `open` to read it. All methods raise RecordError."""

    def __init__(self, path: Path, connection: sqlite3.Connection, made: bool = False, lock: int = -1) -> None:
        self.path = path
        self._connection = connection
        self._made = made
        self._lock = lock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @classmethod
    def create(cls, path: Path) -> Self:
        """Ready to write; what is in the file already stays until `write`. The folder is made where it is missing."""
        made = reserve(path)
        lock = claim(path)
        with told(path):
            check_unkept(path)
            return cls(path, writable(path), made, lock)

    @classmethod
    def carry_on(cls, path: Path) -> Self:
        """Ready to be kept up to date by whoever has claimed it; made, or brought up to date, where it needs to be."""
        reserve(path)
        with told(path):
            connection = writable(path)
            seen = known(path, connection) or 0
            if not seen:
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            if seen < schema.VERSION:
                connection.execute("BEGIN IMMEDIATE")
                with connection:
                    schema.migrate(connection, seen)
            return cls(path, connection)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Ready to read. A record of an older otwatch is brought up to date in memory; the file stays as it is."""
        if not path.is_file():
            raise RecordError("record.missing", path=path)
        with told(path):
            connection = readable(path)
            seen = known(path, connection)
            if seen is None:
                raise RecordError("record.empty", path=path)
            return cls(path, connection if seen == schema.VERSION else brought_up(connection, seen))

    def close(self) -> None:
        """Close the file; one that was made here and never written to is removed again."""
        self._connection.close()
        if self._made and not self.path.stat().st_size:
            self.path.unlink()
        if self._lock >= 0:
            os.close(self._lock)  # last: closing any descriptor of the file ends SQLite's own locks

    # -- writing ------------------------------------------------------------------------------------------------------------------------

    def write(self, results: Results) -> None:
        """Put `results` in the place of all that the record holds."""
        with told(self.path):
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                self._replace(results)

    def keep(self, results: Results, state: Iterable[StateRow], entry: Entry = upkeep.NOTHING) -> int:
        """Bring the record up to `results`, and to the state that belongs to them; gives the bytes in use."""
        return self._kept(lambda: upkeep.bring(self._connection, results, state, entry))

    def add(self, sums: Sums, entry: Entry) -> int:
        """Bring only the sums up to date, and put into the journal what was heard since; gives the bytes in use."""
        return self._kept(lambda: upkeep.add(self._connection, sums, entry))

    def _kept(self, write: Callable[[], object]) -> int:
        with told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                write()
            with suppress(sqlite3.OperationalError):  # it is written: that a full disk has no room to tidy up does not undo that
                self._connection.execute("PRAGMA incremental_vacuum")
                self._connection.execute("PRAGMA busy_timeout = 0")  # a reader is not waited for: the next write empties the journal
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return upkeep.used(self._connection)

    def put_aside(self) -> Path:
        """A copy of the record as it is, beside it."""
        aside = self.path.with_name(f"{self.path.name}.before")
        with told(self.path):
            aside.unlink(missing_ok=True)
            os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self._connection.execute("VACUUM INTO ?", (str(aside),))
        return aside

    def _replace(self, results: Results) -> None:
        schema.clear(self._connection)
        schema.migrate(self._connection, 0)
        place = (results.site, results.timezone, results.language, results.site_file, results.site_digest)
        self._connection.execute("INSERT INTO site (site, timezone, language, file, digest) VALUES (?, ?, ?, ?, ?)", place)
        self._connection.executemany("INSERT INTO note VALUES (?, ?)", results.notes.items())
        for section, kind in SECTIONS.items():
            form = SHAPES[kind]
            places = ", ".join("?" * len(form.fields))
            rows = map(packed, getattr(results, section))
            self._connection.executemany(f"INSERT INTO {form.table} ({form.columns}) VALUES ({places})", rows)

    # -- reading ------------------------------------------------------------------------------------------------------------------------

    def rows(self, kind: type[Row]) -> tuple[Row, ...]:
        """All rows of a kind, in the order in which they were written."""
        return tuple(self.each(kind))

    def alert(self, number: int) -> AlertRow:
        found = self._select(AlertRow, "WHERE number = ?", number)
        if not found:
            raise RecordError("record.no_alert", path=self.path, number=number)
        return found[0]

    def asset(self, key: str) -> AssetRow | None:
        return next(iter(self._select(AssetRow, "WHERE key = ?", key)), None)

    def behind(self, key: str) -> tuple[AssetRow, ...]:
        """The assets that stand behind an asset."""
        return self._select(AssetRow, "WHERE parent = ? ORDER BY rowid", key)

    def labels(self) -> dict[str, str]:
        """The names of all assets, by key."""
        with told(self.path):
            return msgspec.convert(dict(self._connection.execute("SELECT key, label FROM asset")), dict[str, str])

    def of_asset(self, kind: type[Row], key: str) -> tuple[Row, ...]:
        """All rows of a kind that are about one asset (AttributeRow, FaceRow)."""
        return self._select(kind, "WHERE asset = ? ORDER BY rowid", key)

    def site(self) -> tuple[str, str, str]:
        """The site's name, time zone and language; "" in a record that a sensor has made and not yet written to."""
        with told(self.path):
            found = self._connection.execute("SELECT site, timezone, language FROM site").fetchone()
            return msgspec.convert(found or ("", "", ""), tuple[str, str, str])

    def site_file(self) -> tuple[str, str]:
        """The path of the site file as it was given, and its SHA-256; "" without."""
        with told(self.path):
            found = self._connection.execute("SELECT file, digest FROM site").fetchone()
            return msgspec.convert(found or ("", ""), tuple[str, str])

    def notes(self) -> dict[str, int]:
        """Counters and moments of the monitor itself."""
        with told(self.path):
            found = self._connection.execute("SELECT name, count FROM note ORDER BY rowid").fetchall()
            return dict(msgspec.convert(found, list[tuple[str, int]]))

    def state(self) -> tuple[StateRow, ...]:
        """What the sensor that kept this record needs to carry on; nothing in the record of a replay."""
        with told(self.path):
            return tuple(upkeep.state_rows(self._connection))

    def journal(self) -> tuple[tuple[int, bytes], ...]:
        """What that sensor heard after the state was written, in the order in which it is to be learnt, with the numbers of the writes."""
        with told(self.path):
            return tuple(upkeep.journal_rows(self._connection))

    def results(self) -> Results:
        """Everything, as it was written."""
        (site, timezone, language), (site_file, site_digest) = self.site(), self.site_file()
        tables: dict[str, Any] = {section: self.rows(kind) for section, kind in SECTIONS.items()}
        return Results(
            site=site, notes=self.notes(), timezone=timezone, language=language, site_file=site_file, site_digest=site_digest, **tables
        )  # fmt: skip

    def _select(self, kind: type[Row], clause: str, *given: str | int) -> tuple[Row, ...]:
        return tuple(self.each(kind, clause, *given))

    def each(self, kind: type[Row], clause: str = "ORDER BY rowid", *given: str | int) -> Iterator[Row]:
        """Rows one at a time: of some kinds there may be more than memory should hold."""
        form = SHAPES[kind]
        with told(self.path):
            for values in self._connection.execute(f"SELECT {form.columns} FROM {form.table} {clause}", given):
                yield unpacked(kind, values)
