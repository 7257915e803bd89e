"""A record as a file: who may read it, whether it is one, and how SQLite opens it. All functions raise RecordError."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from stat import S_IMODE

import msgspec

from otwatch.errors import RecordError
from otwatch.record import claims, schema

PATIENCE_S = 5
"""How long to wait for another writer."""
_FOR_A_GROUP = 0o640
"""What somebody has chosen for a file whose group is to read it; any other mode becomes that of its owner alone."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What SQLite and the file system have against it, in the operator's words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise RecordError("record.unusable", path=path, reason=error) from error
    except (sqlite3.DatabaseError, msgspec.MsgspecError, UnicodeError) as error:
        raise RecordError("record.damaged", path=path, reason=error) from error
    except OSError as error:
        raise RecordError("record.unwritable", path=path, reason=error) from error


def reserve(path: Path) -> bool:
    """Make sure that there is a file which is ours to write, and others cannot read; True where it was not there before."""
    with told(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            check_ours(path)
            if S_IMODE(path.stat().st_mode) != _FOR_A_GROUP:
                path.chmod(0o600)
            return False
        return True


def claim(path: Path) -> int:
    """A descriptor of the file, made where it is missing, that keeps all other writers off as long as it or a copy of it is open."""
    reserve(path)
    with told(path):
        held = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        if not claims.take(held):
            os.close(held)
            raise RecordError("record.busy", path=path)
        return held


def check_unkept(path: Path) -> None:
    """A replay writes its record anew: never over what a sensor has gathered."""
    with closing(readable(path)) as connection:
        seen = known(path, connection)
        for table, since in schema.OF_A_SENSOR.items():
            if (seen or 0) >= since and connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                raise RecordError("record.of_a_sensor", path=path)


def check_ours(path: Path) -> None:
    if not path.is_file():
        raise RecordError("record.not_a_file", path=path)
    with closing(readable(path)) as connection:
        known(path, connection)


def known(path: Path, connection: sqlite3.Connection) -> int | None:
    """The migrations the file has seen, None for an empty file; RecordError where it is no record, or newer than we are."""
    if not path.stat().st_size:
        return None
    seen = schema.version(connection)
    if seen is None:
        raise RecordError("record.foreign", path=path)
    if seen > schema.VERSION:
        raise RecordError("record.newer", path=path, form=seen, known=schema.VERSION)
    return seen


def writable(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE_S, isolation_level=None)
    connection.execute("PRAGMA user_version")  # touches the file now: what is wrong with it is told before a long replay
    return connection


def readable(path: Path) -> sqlite3.Connection:
    """Read only. SQLite wants to write an index beside a WAL; where folder or disk forbid it, a record with nothing in a WAL needs none."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=PATIENCE_S, isolation_level=None)
    try:
        connection.execute("PRAGMA user_version")
    except sqlite3.OperationalError:
        connection.close()
        if (wal := path.with_name(f"{path.name}-wal")).exists() and wal.stat().st_size:
            raise
        connection = sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None)
        connection.execute("PRAGMA user_version")
    return connection


def brought_up(connection: sqlite3.Connection, seen: int) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", isolation_level=None)
    with closing(connection):
        connection.backup(copy)
    schema.migrate(copy, seen)
    return copy
