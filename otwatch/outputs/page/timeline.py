"""Findings over time: one lane for each severity, a dot for each stretch of time in which something was found, larger for more."""

from math import sqrt
from typing import NamedTuple

from otwatch.outputs.page.naming import to
from otwatch.outputs.voice import SEVERITIES, Voice
from otwatch.results import AlertRow

WIDTH, LEFT, RIGHT = 960.0, 96.0, 28.0
LANE = 26.0
_STRETCHES = 72
_SMALL, _LARGE = 5.0, 11.0
_TICKS = 5


class Dot(NamedTuple):
    href: str
    title: str
    severity: str
    x: float
    y: float
    radius: float
    times: str


class Timeline(NamedTuple):
    """`lanes`: words and height of each severity that has findings; `ticks`: place and time."""

    width: float
    height: float
    lanes: tuple[tuple[str, float], ...]
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]


def timeline(alerts: tuple[AlertRow, ...], first_ns: int, last_ns: int, voice: Voice) -> Timeline | None:
    """Of nothing found, or where no time passed, there is none."""
    if not alerts or last_ns <= first_ns:
        return None
    levels = sorted({alert.severity for alert in alerts}, reverse=True)
    heights = {level: LANE * (at + 0.5) for at, level in enumerate(levels)}
    together: dict[tuple[int, int], list[AlertRow]] = {}
    for alert in alerts:
        share = min(max((alert.first_ns - first_ns) / (last_ns - first_ns), 0.0), 1.0)
        together.setdefault((alert.severity, round(share * _STRETCHES)), []).append(alert)
    dots = tuple(_dot(members, _x(stretch / _STRETCHES), heights[level], voice) for (level, stretch), members in sorted(together.items()))
    lanes = tuple((voice.severity(level), heights[level]) for level in levels)
    return Timeline(WIDTH, LANE * len(levels) + 24, lanes, dots, _ticks(first_ns, last_ns, voice))


def _x(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)


def _dot(members: list[AlertRow], x: float, y: float, voice: Voice) -> Dot:
    first = members[0]
    title = f"{voice.at(first.first_ns)}  {voice.words.of(first.title)}"
    more = f" ({len(members)})" if members[1:] else ""
    radius = min(_SMALL * sqrt(len(members)) + (first.severity == len(SEVERITIES) - 1), _LARGE)
    times = str(len(members)) if members[1:] else ""
    return Dot(to("finding", str(first.number)), title + more, SEVERITIES[first.severity], x, y, round(radius, 1), times)


def _ticks(first_ns: int, last_ns: int, voice: Voice) -> tuple[tuple[float, str], ...]:
    """Times of the day; days where the period is longer than two of them."""
    long = last_ns - first_ns > 2 * 86_400_000_000_000
    moments = ((at / _TICKS, first_ns + (last_ns - first_ns) * at // _TICKS) for at in range(_TICKS + 1))
    return tuple((_x(share), voice.date(moment) if long else voice.time(moment)) for share, moment in moments)
