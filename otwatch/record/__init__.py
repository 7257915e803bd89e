"""The record: one SQLite file that holds everything learnt (DESIGN section 11). One writer, many readers.

    schema    the tables as numbered migrations        columns   rows <-> columns
    upkeep    a sensor's record, row by row            claims    who keeps a record

A sensor keeps its record up to date and has it for itself, by a lock that ends with the process; a replay never writes there.
A replay writes its record anew, in one transaction: readers see the former record whole until the new one is whole, and whatever
ends the program in between leaves the former one. A file that is no record is never written to. Records tell how a hospital's
plant can be reached, so they are readable by their owner only; a group that somebody has let read one may go on.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from stat import S_IMODE
from types import TracebackType
from typing import Any, Self

import msgspec

from otwatch.errors import RecordError
from otwatch.record import claims, schema, upkeep
from otwatch.record.columns import SECTIONS, SHAPES, Row, packed, unpacked
from otwatch.results import AlertRow, AssetRow, Results, StateRow

__all__ = ["Record", "claim", "default_path"]

_PATIENCE_S = 5
"""How long to wait for another writer."""
_FOR_A_GROUP = 0o640
"""What somebody has chosen for a file whose group is to read it; any other mode becomes that of its owner alone."""


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
        made = _reserve(path)
        lock = claim(path)
        with _told(path):
            _check_unkept(path)
            return cls(path, _writable(path), made, lock)

    @classmethod
    def carry_on(cls, path: Path) -> Self:
        """Ready to be kept up to date by whoever has claimed it; made, or brought up to date, where it needs to be."""
        _reserve(path)
        with _told(path):
            connection = _writable(path)
            seen = _known(path, connection) or 0
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
            raise RecordError(f"{path}: no such record; `otwatch replay CAPTURE` writes one, --record names another")
        with _told(path):
            connection = _readable(path)
            seen = _known(path, connection)
            if seen is None:
                raise RecordError(f"{path}: nothing has been written to this record yet; `otwatch replay CAPTURE` does")
            return cls(path, connection if seen == schema.VERSION else _brought_up(connection, seen))

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
        with _told(self.path):
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                self._replace(results)

    def keep(self, results: Results, state: Iterable[StateRow]) -> int:
        """Bring the record up to `results`, and to the state that belongs to them; gives the bytes in use."""
        with _told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                upkeep.bring(self._connection, results, state)
            self._connection.execute("PRAGMA incremental_vacuum")
            self._connection.execute("PRAGMA busy_timeout = 0")  # a reader is not waited for: the next write empties the journal
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return upkeep.used(self._connection)

    def put_aside(self) -> Path:
        """A copy of the record as it is, beside it."""
        aside = self.path.with_name(f"{self.path.name}.before")
        with _told(self.path):
            aside.unlink(missing_ok=True)
            os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self._connection.execute("VACUUM INTO ?", (str(aside),))
        return aside

    def _replace(self, results: Results) -> None:
        schema.clear(self._connection)
        schema.migrate(self._connection, 0)
        self._connection.execute("INSERT INTO site VALUES (?, ?, ?)", (results.site, results.timezone, results.language))
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
            raise RecordError(f"{self.path}: no alert {number} in this record; `otwatch alerts` lists them")
        return found[0]

    def asset(self, key: str) -> AssetRow | None:
        return next(iter(self._select(AssetRow, "WHERE key = ?", key)), None)

    def behind(self, key: str) -> tuple[AssetRow, ...]:
        """The assets that stand behind an asset."""
        return self._select(AssetRow, "WHERE parent = ? ORDER BY rowid", key)

    def labels(self) -> dict[str, str]:
        """The names of all assets, by key."""
        with _told(self.path):
            return msgspec.convert(dict(self._connection.execute("SELECT key, label FROM asset")), dict[str, str])

    def of_asset(self, kind: type[Row], key: str) -> tuple[Row, ...]:
        """All rows of a kind that are about one asset (AttributeRow, FaceRow)."""
        return self._select(kind, "WHERE asset = ? ORDER BY rowid", key)

    def site(self) -> tuple[str, str, str]:
        """The site's name, time zone and language; "" in a record that a sensor has made and not yet written to."""
        with _told(self.path):
            found = self._connection.execute("SELECT site, timezone, language FROM site").fetchone()
            return msgspec.convert(found or ("", "", ""), tuple[str, str, str])

    def notes(self) -> dict[str, int]:
        """Counters and moments of the monitor itself."""
        with _told(self.path):
            found = self._connection.execute("SELECT name, count FROM note ORDER BY rowid").fetchall()
            return dict(msgspec.convert(found, list[tuple[str, int]]))

    def state(self) -> tuple[StateRow, ...]:
        """What the sensor that kept this record needs to carry on; nothing in the record of a replay."""
        with _told(self.path):
            return tuple(upkeep.state_rows(self._connection))

    def results(self) -> Results:
        """Everything, as it was written."""
        site, timezone, language = self.site()
        tables: dict[str, Any] = {section: self.rows(kind) for section, kind in SECTIONS.items()}
        return Results(site=site, notes=self.notes(), timezone=timezone, language=language, **tables)

    def _select(self, kind: type[Row], clause: str, *given: str | int) -> tuple[Row, ...]:
        return tuple(self.each(kind, clause, *given))

    def each(self, kind: type[Row], clause: str = "ORDER BY rowid", *given: str | int) -> Iterator[Row]:
        """Rows one at a time: of some kinds there may be more than memory should hold."""
        form = SHAPES[kind]
        with _told(self.path):
            for values in self._connection.execute(f"SELECT {form.columns} FROM {form.table} {clause}", given):
                yield unpacked(kind, values)


# -- files ------------------------------------------------------------------------------------------------------------------------------


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite and the file system have against it, in the operator's words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise RecordError(f"{path}: cannot be used as a record: {error}; another place can be given with --record") from error
    except (sqlite3.DatabaseError, msgspec.MsgspecError, UnicodeError) as error:
        raise RecordError(f"{path}: no record of otwatch, or a damaged one ({error}); `otwatch replay` writes a record") from error
    except OSError as error:
        raise RecordError(f"{path}: cannot be written: {error.strerror}; another place can be given with --record") from error


def _reserve(path: Path) -> bool:
    """Make sure that there is a file which is ours to write, and others cannot read; True where it was not there before."""
    with _told(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            _check_ours(path)
            if S_IMODE(path.stat().st_mode) != _FOR_A_GROUP:
                path.chmod(0o600)
            return False
        return True


def claim(path: Path) -> int:
    """A descriptor of the file, made where it is missing, that keeps all other writers off as long as it or a copy of it is open."""
    _reserve(path)
    with _told(path):
        held = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        if not claims.take(held):
            os.close(held)
            raise RecordError(f"{path}: another otwatch is writing this record; --record names another")
        return held


def _check_unkept(path: Path) -> None:
    """A replay writes its record anew: never over what a sensor has gathered."""
    with closing(_readable(path)) as connection:
        seen = _known(path, connection)
        if (seen or 0) >= schema.WITH_STATE and connection.execute("SELECT 1 FROM state LIMIT 1").fetchone():
            raise RecordError(f"{path}: the record of a sensor, which a replay does not overwrite; --record names another")


def _check_ours(path: Path) -> None:
    if not path.is_file():
        raise RecordError(f"{path}: not a file; a record is expected")
    with closing(_readable(path)) as connection:
        _known(path, connection)


def _known(path: Path, connection: sqlite3.Connection) -> int | None:
    """The migrations the file has seen, None for an empty file; RecordError where it is no record, or newer than we are."""
    if not path.stat().st_size:
        return None
    seen = schema.version(connection)
    if seen is None:
        raise RecordError(f"{path}: a database, but no record of otwatch; it is left as it is. Give another place with --record")
    if seen > schema.VERSION:
        raise RecordError(f"{path}: written by a newer otwatch (form {seen}, this one reads up to {schema.VERSION}); update otwatch")
    return seen


def _writable(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_S, isolation_level=None)
    connection.execute("PRAGMA user_version")  # touches the file now: what is wrong with it is told before a long replay
    return connection


def _readable(path: Path) -> sqlite3.Connection:
    """Read only. SQLite wants to write an index beside a WAL; where folder or disk forbid it, a record with nothing in a WAL needs none."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE_S, isolation_level=None)
    try:
        connection.execute("PRAGMA user_version")
    except sqlite3.OperationalError:
        connection.close()
        if (wal := path.with_name(f"{path.name}-wal")).exists() and wal.stat().st_size:
            raise
        connection = sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None)
        connection.execute("PRAGMA user_version")
    return connection


def _brought_up(connection: sqlite3.Connection, seen: int) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", isolation_level=None)
    with closing(connection):
        connection.backup(copy)
    schema.migrate(copy, seen)
    return copy
