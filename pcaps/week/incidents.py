"""One thing that should not happen, in a week that is healthy otherwise."""

from collections.abc import Mapping
from typing import NamedTuple

from pcaps.hospital.rewrite import Taken
from pcaps.week.timetable import FRIDAY, HOUR, MINUTE, PERIOD, THURSDAY, WEEK, Life, frames

SLOWLY = 30 * MINUTE
"""Between two polls, so that many weeks can be heard; what is asked that seldom is not missed when it ends."""


class Incident(NamedTuple):
    """`scene`: what is done then, beside ordinary life; without one, something is not done. `stops`: the poll that ends then."""

    at: int
    scene: str = ""
    stops: str = ""


_THEN = THURSDAY + 14 * HOUR + 4 * MINUTE
INCIDENTS: Mapping[str, Incident] = {
    **{name: Incident(_THEN, name) for name in ("default-login", "stranger", "priority-1", "stop", "scan", "cross-zone")},
    "deviation": Incident(WEEK + _THEN, "deviation"),
    "polling-stops": Incident(FRIDAY + 12 * HOUR, stops="gases"),
    "generator-forgotten": Incident(0),
}


def week(name: str) -> list[Taken]:
    """The week of that incident, and it."""
    one = INCIDENTS[name]
    life = Life(SLOWLY if one.scene else PERIOD, (one.stops, one.at), tested=name != "generator-forgotten")
    return frames(life, (one.at // WEEK,), beside=[(one.at, life.scene(one.scene))] if one.scene else ())
