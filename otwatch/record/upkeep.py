"""A record that is kept up to date by a sensor: only rows that changed are written, in one transaction.

A row's place in its table is its `rowid`, so that reading gives the order in which they were told. What is in the file is compared
with what is told now: nothing needs to be remembered between two writes, and a flash disk is spared.
"""

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from otwatch.record.columns import SECTIONS, SHAPES, packed
from otwatch.results import Results, StateRow

_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510
"""The bytes of the file that stand for "somebody has it open" (SQLite, os.h: PENDING_BYTE + 2)."""


def bring(connection: sqlite3.Connection, results: Results, state: Iterable[StateRow]) -> int:
    """Bring the tables up to `results`, inside the caller's transaction; gives how many rows were written or removed."""
    place = (results.site, results.timezone, results.language, results.site_file, results.site_digest)
    changed = _table(connection, "site", "site, timezone, language, file, digest", [place])
    changed += _table(connection, "note", "name, count", list(results.notes.items()))
    for section, kind in SECTIONS.items():
        form = SHAPES[kind]
        rows = [packed(row) for row in getattr(results, section)]
        changed += _table(connection, form.table, form.columns, rows)
    return changed + _state(connection, state)


def _table(connection: sqlite3.Connection, table: str, columns: str, rows: list[Any]) -> int:
    """First everything that is not what it was goes, then it comes: a key may have moved to another place."""
    old = connection.execute(f"SELECT rowid, {columns} FROM {table} ORDER BY rowid").fetchall()
    known = {row[0]: row[1:] for row in old}
    new = [(at, *row) for at, row in enumerate(rows, 1) if known.get(at) != row]
    gone = [(at,) for at in known if at > len(rows)] + [(row[0],) for row in new if row[0] in known]
    connection.executemany(f"DELETE FROM {table} WHERE rowid = ?", gone)
    places = ", ".join("?" * (columns.count(",") + 2))
    connection.executemany(f"INSERT INTO {table} (rowid, {columns}) VALUES ({places})", new)
    return len(gone) + len(new)


def _state(connection: sqlite3.Connection, state: Iterable[StateRow]) -> int:
    """Pieces have no place of their own: part and number say where they belong. What nobody tells again goes."""
    known = {(part, number): body for part, number, body in connection.execute("SELECT part, number, body FROM state")}
    new = [row for row in state if known.pop((row.part, row.number), None) != row.body]
    gone = list(known)
    connection.executemany("DELETE FROM state WHERE part = ? AND number = ?", gone)
    connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", new)
    return len(new) + len(gone)


def state_rows(connection: sqlite3.Connection) -> Iterator[StateRow]:
    """What a sensor left, part by part, in order."""
    for row in connection.execute("SELECT part, number, body FROM state ORDER BY part, number"):
        yield StateRow(*row)


def used(connection: sqlite3.Connection) -> int:
    """Bytes of the record that are in use; free pages are used again."""
    pages, free, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size"))
    return int((pages - free) * size)


def keep_journal(held: int) -> None:
    """Keep SQLite from removing the journal, as long as the descriptor of a claimed record is open and this process closes no other of it.

    Who may read the record and not write beside it needs the journal to be there (sqlite.org/wal.html, "Read-Only Databases"), and SQLite
    removes it whenever the last who has the record open closes it: after every write of a sensor.
    """
    fcntl.lockf(held, fcntl.LOCK_SH, _SHARED_SIZE, _SHARED_FIRST)
