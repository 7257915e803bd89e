"""The ledger of maintenance: who worked on what, from where, for how long, and what was changed."""

from otwatch.outputs.tables import Column, View
from otwatch.outputs.views import frame
from otwatch.outputs.voice import Voice
from otwatch.results import SessionRow

_SHOWN = 3
"""Operations and points of one session that a person is shown; CSV and JSON have all that are kept."""


def _operations(row: SessionRow) -> list[str]:
    """The most frequent first."""
    ordered = sorted(row.operations.items(), key=lambda done: (-done[1], done[0]))
    return [f"{name} ×{times}" if times > 1 else name for name, times in ordered]


def _points(row: SessionRow) -> list[str]:
    return [f"{point} = {value}" for point, value in row.points.items()]


def _some(texts: list[str]) -> str:
    more = len(texts) - _SHOWN
    return ", ".join(texts[:_SHOWN]) + (f" (+{more})" if more > 0 else "")


def _programs(row: SessionRow, voice: Voice) -> str:
    """Programs that went in and came out, in bytes."""
    parts = (("sessions.bytes_in", row.bytes_in), ("sessions.bytes_out", row.bytes_out))
    return ", ".join(voice.words(key, number=number) for key, number in parts if number)


SESSIONS = View("sessions", (
    Column("began", lambda row, voice: voice.at(row.first_ns), brief=True),
    Column("duration", lambda row, voice: voice.duration(row.last_ns - row.first_ns), brief=True),
    Column("seconds", lambda row, _: (row.last_ns - row.first_ns) // 1_000_000_000),
    Column("client", lambda row, voice: voice.label(row.client), brief=True),
    Column("station", lambda row, _: row.station, brief=True),
    Column("via", lambda row, voice: ", ".join(map(voice.label, row.via)), brief=True),
    Column("server", lambda row, voice: voice.label(row.server), brief=True),
    Column("operations", lambda row, _: _some(_operations(row)), brief=True),
    Column("points_set", lambda row, _: _some(_points(row)), brief=True),
    Column("programs", _programs, brief=True),
    Column("refused", lambda row, _: row.refused, brief=True, number=True),
    Column("works", lambda row, _: row.works, brief=True),
    Column("protocols", lambda row, _: ", ".join(row.protocols)),
    Column("writes", lambda row, _: row.writes),
    Column("all_operations", lambda row, _: ", ".join(_operations(row))),
    Column("all_points", lambda row, _: ", ".join(_points(row))),
    Column("first", lambda row, voice: voice.stamp(row.first_ns)),
    Column("last", lambda row, voice: voice.stamp(row.last_ns)),
    Column("frame", lambda row, _: frame(row.frame)),
), "sessions.none")  # fmt: skip
