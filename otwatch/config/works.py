"""What has its time in the site file: hours, dated works, and what is to be done again and again."""

from datetime import date, datetime
from typing import NamedTuple

from otwatch.config.written import NOWHERE, At, Host


class Window(NamedTuple):
    """zones.md 5.6. `opens`, `closes`: minutes of the local day, 0 to 1440; closing earlier than opening crosses midnight."""

    id: str = ""
    days: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    opens: int = 0
    closes: int = 1440
    note: str = ""
    at: At = NOWHERE


class Intervention(NamedTuple):
    """Dated works. Times without offset are local. `targets`: zones or assets; no `ops`: any."""

    id: str
    start: datetime
    end: datetime
    sources: tuple[Host, ...] = ()
    targets: tuple[str, ...] = ()
    ops: frozenset[str] = frozenset()
    who: str = ""
    ticket: str = ""
    at: At = NOWHERE


class ExpectedOperation(NamedTuple):
    """What has to be seen at least every `every_days` days, a generator test for example; not seen, it is a finding.

    sources, targets, ops   who does what to which zones or assets; empty: anybody, anything
    """

    id: str
    every_days: int
    sources: tuple[Host, ...] = ()
    targets: tuple[str, ...] = ()
    ops: frozenset[str] = frozenset()
    note: str = ""
    at: At = NOWHERE
