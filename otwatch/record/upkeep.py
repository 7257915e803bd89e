"""A record that is kept up to date by a sensor: only rows that changed are written, in one transaction.

A row's place in its table is its `rowid`, so that reading gives the order in which they were told. What is in the file is compared
with what is told now: nothing needs to be remembered between two writes, and a flash disk is spared.

Between two writes of everything (`bring`) others only `add`: sums, and to the journal what was heard since, in whatever form the sensor has
for it. The state is that of the last `bring`; with the journal behind it, it is that of the last `add`. Entries have the number of their
write; `bring` may have begun before the last of them, and then leaves them, and the sums, which are newer than its own. It leaves an
empty entry with its own number: whoever began after it and ends after it adds nothing that is in the state by now. That number is the
least in the journal, so `add` sees whether the state is the one that it adds to: a file may be removed or replaced, and a copy may die when
it has written and before it told. What such an `add` left is written again by the next one, in its place.
"""

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from otwatch.errors import RecordError
from otwatch.record.columns import SECTIONS, SHAPES, packed
from otwatch.results import CaptureRow, ProtocolRow, Results, StateRow

_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510
"""The bytes of the file that stand for "somebody has it open" (SQLite, os.h: PENDING_BYTE + 2)."""
_SUMS = frozenset({CaptureRow, ProtocolRow})
"""Tables that every write brings up to date, with the notes: few rows, and how far the sensor has come."""


class Entry(NamedTuple):
    """What a write adds to the journal.

    heard        since the write before, and of that `before` what a write of everything holds that was at work then, with its number
    still_open   what is told again by the next write
    base         the write of everything that it stands upon, and `after` which write it follows, both by number; 0: none
    """

    number: int = 0
    heard: bytes = b""
    still_open: bytes = b""
    before: tuple[int, bytes] = (0, b"")
    base: int = 0
    after: int = 0


NOTHING = Entry()


_ENTRY = "INSERT OR IGNORE INTO journal VALUES (?, ?, ?)"


class Sums(NamedTuple):
    """What is counted of everything."""

    captures: Iterable[CaptureRow]
    protocols: Iterable[ProtocolRow]
    notes: Mapping[str, int]


def bring(connection: sqlite3.Connection, results: Results, state: Iterable[StateRow], entry: Entry = NOTHING) -> int:
    """Bring the tables up to `results`, inside the caller's transaction; gives how many rows were written or removed. Entries up to this
    one are part of the state now; what is open is not."""
    place = (results.site, results.timezone, results.language, results.site_file, results.site_digest)
    changed = _table(connection, "site", "site, timezone, language, file, digest", [place])
    is_newest = connection.execute("SELECT 1 FROM journal WHERE number > ?", (entry.number,)).fetchone() is None
    if is_newest:
        changed += _sums(connection, Sums(results.captures, results.protocols, results.notes))
    for section, kind in SECTIONS.items():
        if kind not in _SUMS:
            changed += _rows(connection, kind, getattr(results, section))
    connection.execute("DELETE FROM journal WHERE number <= ?", (entry.number,))
    connection.execute(_ENTRY, (entry.number, False, b""))
    if is_newest:
        _journal(connection, entry)
    return changed + _state(connection, state)


def add(connection: sqlite3.Connection, sums: Sums, entry: Entry) -> None:
    """Bring the sums up to date and add to the journal, inside the caller's transaction. RecordError where another state is there."""
    (base,) = connection.execute("SELECT coalesce(min(number), 0) FROM journal").fetchone()
    if base not in (entry.base, entry.before[0] or entry.base):
        raise RecordError("record.other_state", base=base, expected=entry.base)
    _sums(connection, sums)
    connection.execute("DELETE FROM journal WHERE open OR (number > ? AND number <> ?)", (entry.after, base))
    _journal(connection, entry)


def _sums(connection: sqlite3.Connection, sums: Sums) -> int:
    changed = _table(connection, "note", "name, count", list(sums.notes.items()))
    return changed + _rows(connection, CaptureRow, sums.captures) + _rows(connection, ProtocolRow, sums.protocols)


def _rows(connection: sqlite3.Connection, kind: type, rows: Iterable[Any]) -> int:
    form = SHAPES[kind]
    return _table(connection, form.table, form.columns, [packed(row) for row in rows])


def _journal(connection: sqlite3.Connection, entry: Entry) -> None:
    number, before = entry.before
    bodies = ((number, False, before), (entry.number, False, entry.heard), (entry.number, True, entry.still_open))
    connection.executemany(_ENTRY, (one for one in bodies if one[-1]))


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


def journal_rows(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    """What was heard after that, in order, with the numbers of the writes."""
    for row in connection.execute("SELECT number, body FROM journal ORDER BY number, open"):
        yield msgspec.convert(row, tuple[int, bytes])


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
