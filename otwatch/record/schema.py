"""The tables of the record, as numbered migrations: `PRAGMA user_version` counts how many of them a file has seen.

A migration that has been released is never edited; what changes comes as the next one. Lists and mappings are JSON text, so
that a table has exactly the fields of its row type in `otwatch.results` (kept by a test); times are ns since 1970, UTC.
"""

import sqlite3

APPLICATION_ID = 0x6F747763
"""`PRAGMA application_id` of a record: "otwc" in ASCII."""

MIGRATIONS = (
    """
    CREATE TABLE site (site TEXT NOT NULL, timezone TEXT NOT NULL, language TEXT NOT NULL) STRICT;
    CREATE TABLE note (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT;
    CREATE TABLE capture (
        name TEXT NOT NULL, format TEXT NOT NULL, link_types TEXT NOT NULL, bytes INTEGER NOT NULL, frames INTEGER NOT NULL,
        first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL, broken TEXT NOT NULL
    ) STRICT;
    CREATE TABLE protocol (
        name TEXT PRIMARY KEY, title TEXT NOT NULL, packets INTEGER NOT NULL, bytes INTEGER NOT NULL, messages INTEGER NOT NULL,
        requests INTEGER NOT NULL, answers INTEGER NOT NULL, errors INTEGER NOT NULL, writes INTEGER NOT NULL,
        anomalies INTEGER NOT NULL, unread INTEGER NOT NULL, lost INTEGER NOT NULL, decoded INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE asset (
        key TEXT PRIMARY KEY, label TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT NOT NULL, address TEXT NOT NULL,
        macs TEXT NOT NULL, vlan INTEGER NOT NULL, vendor TEXT NOT NULL, product TEXT NOT NULL, firmware TEXT NOT NULL,
        serial TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, services TEXT NOT NULL, zone TEXT NOT NULL,
        zone_rule TEXT NOT NULL, criticality TEXT NOT NULL, first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL,
        packets INTEGER NOT NULL, frame TEXT NOT NULL
    ) STRICT;
    CREATE TABLE attribute (
        asset TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, source TEXT NOT NULL, confidence TEXT NOT NULL,
        chosen INTEGER NOT NULL, frame TEXT NOT NULL, first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE link (
        client TEXT NOT NULL, server TEXT NOT NULL, transport TEXT NOT NULL, port INTEGER NOT NULL, protocol TEXT NOT NULL,
        role TEXT NOT NULL, state TEXT NOT NULL, client_zone TEXT NOT NULL, server_zone TEXT NOT NULL, verdict TEXT NOT NULL,
        rule TEXT NOT NULL, reasons TEXT NOT NULL, packets INTEGER NOT NULL, bytes_sent INTEGER NOT NULL,
        bytes_received INTEGER NOT NULL, verbs TEXT NOT NULL, writes INTEGER NOT NULL, errors INTEGER NOT NULL,
        first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL, frame TEXT NOT NULL
    ) STRICT;
    CREATE TABLE zone (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, level REAL NOT NULL, criticality TEXT NOT NULL,
        assets INTEGER NOT NULL, suggested INTEGER NOT NULL, confidence REAL NOT NULL, reasons TEXT NOT NULL
    ) STRICT;
    CREATE TABLE alert (
        number INTEGER PRIMARY KEY, detection TEXT NOT NULL, variant TEXT NOT NULL, severity INTEGER NOT NULL,
        confidence REAL NOT NULL, trace TEXT NOT NULL, client TEXT NOT NULL, server TEXT NOT NULL, client_zone TEXT NOT NULL,
        server_zone TEXT NOT NULL, protocol TEXT NOT NULL, times INTEGER NOT NULL, first_ns INTEGER NOT NULL,
        last_ns INTEGER NOT NULL, frames TEXT NOT NULL, answers TEXT NOT NULL, filter TEXT NOT NULL, facts TEXT NOT NULL,
        also TEXT NOT NULL, status TEXT NOT NULL, title TEXT NOT NULL, sentence TEXT NOT NULL, expected TEXT NOT NULL,
        harmless_when TEXT NOT NULL, next_step TEXT NOT NULL, techniques TEXT NOT NULL, was TEXT NOT NULL,
        requirements TEXT NOT NULL
    ) STRICT;
    """,
    """
    CREATE TABLE fact (
        section TEXT NOT NULL, field TEXT NOT NULL, item TEXT NOT NULL, times INTEGER NOT NULL, frame TEXT NOT NULL
    ) STRICT;
    """,
    """
    CREATE TABLE state (part TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (part, number)) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE asset ADD COLUMN presence TEXT NOT NULL DEFAULT 'heard';
    CREATE TABLE face (
        asset TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, value TEXT NOT NULL, frame TEXT NOT NULL,
        first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE point (
        asset TEXT NOT NULL, protocol TEXT NOT NULL, point TEXT NOT NULL, name TEXT NOT NULL, writes INTEGER NOT NULL,
        writers TEXT NOT NULL, value TEXT NOT NULL, least TEXT NOT NULL, most TEXT NOT NULL, slots TEXT NOT NULL,
        first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL, frame TEXT NOT NULL
    ) STRICT;
    ALTER TABLE link ADD COLUMN days INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE link ADD COLUMN hours TEXT NOT NULL DEFAULT '';
    ALTER TABLE zone ADD COLUMN trust TEXT NOT NULL DEFAULT 'internal';
    ALTER TABLE zone ADD COLUMN sl_t TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE zone ADD COLUMN parent TEXT NOT NULL DEFAULT '';
    ALTER TABLE zone ADD COLUMN depends_on TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE zone ADD COLUMN rules TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE zone ADD COLUMN proposed TEXT NOT NULL DEFAULT '';
    CREATE TABLE conduit (
        id TEXT PRIMARY KEY, sources TEXT NOT NULL, targets TEXT NOT NULL, protocols TEXT NOT NULL, hosts_from TEXT NOT NULL,
        hosts_to TEXT NOT NULL, write_hosts TEXT NOT NULL, strongest_bacnet_priority INTEGER NOT NULL,
        unidirectional INTEGER NOT NULL, "window" TEXT NOT NULL, purpose TEXT NOT NULL, owner TEXT NOT NULL, ticket TEXT NOT NULL,
        expires TEXT NOT NULL
    ) STRICT;
    """,
    """
    ALTER TABLE alert ADD COLUMN subject TEXT NOT NULL DEFAULT '';
    ALTER TABLE site ADD COLUMN file TEXT NOT NULL DEFAULT '';
    ALTER TABLE site ADD COLUMN digest TEXT NOT NULL DEFAULT '';
    """,
    """
    CREATE TABLE session (
        client TEXT NOT NULL, server TEXT NOT NULL, via TEXT NOT NULL, station TEXT NOT NULL, protocols TEXT NOT NULL,
        first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL, operations TEXT NOT NULL, writes INTEGER NOT NULL, refused INTEGER NOT NULL,
        points TEXT NOT NULL, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL, works TEXT NOT NULL, frame TEXT NOT NULL
    ) STRICT;
    """,
    """
    CREATE TABLE baseline (
        id TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL, client TEXT NOT NULL, server TEXT NOT NULL, protocol TEXT NOT NULL,
        act TEXT NOT NULL, "group" TEXT NOT NULL, days INTEGER NOT NULL, hours TEXT NOT NULL, least TEXT NOT NULL, most TEXT NOT NULL,
        first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL, frame TEXT NOT NULL
    ) STRICT;
    """,
    """
    ALTER TABLE asset ADD COLUMN zone_rank REAL NOT NULL DEFAULT 0.0;
    ALTER TABLE asset ADD COLUMN zone_since_ns INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE asset ADD COLUMN days INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE link ADD COLUMN via TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE link ADD COLUMN codes TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE link ADD COLUMN unanswered INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE link ADD COLUMN period_s REAL NOT NULL DEFAULT 0.0;
    ALTER TABLE link ADD COLUMN period_cv REAL NOT NULL DEFAULT 0.0;
    ALTER TABLE point ADD COLUMN description TEXT NOT NULL DEFAULT '';
    ALTER TABLE point ADD COLUMN unit TEXT NOT NULL DEFAULT '';
    ALTER TABLE point ADD COLUMN readers TEXT NOT NULL DEFAULT '[]';
    """,
    """
    CREATE TABLE journal (number INTEGER NOT NULL, open INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (number, open)) STRICT;
    """,
)
VERSION = len(MIGRATIONS)
OF_A_SENSOR = {"state": 3, "journal": 9}
"""Tables of what a sensor needs to carry on, and the first form that has them."""


def version(connection: sqlite3.Connection) -> int | None:
    """The migrations this file has seen; None where it is no record of otwatch."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (seen,) = connection.execute("PRAGMA user_version").fetchone()
    return int(seen) if application == APPLICATION_ID else None


def migrate(connection: sqlite3.Connection, seen: int) -> None:
    """Bring a file that has seen `seen` migrations up to date, inside the caller's transaction."""
    for script in MIGRATIONS[seen:]:
        for statement in script.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def clear(connection: sqlite3.Connection) -> None:
    """Drop every table, inside the caller's transaction."""
    named = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    for (table,) in named:
        connection.execute(f'DROP TABLE "{table}"')
