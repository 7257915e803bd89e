"""The review list: what is usual, what a person must decide, and how good the learning was (detections.md A.4)."""

from collections.abc import Iterable, Iterator, Sequence

from otwatch.declared.baseline import Accepted
from otwatch.outputs.tables import Column, View
from otwatch.outputs.views import frame
from otwatch.outputs.voice import Voice
from otwatch.results import BaselineRow, LinkRow

WEEK_HOURS = 168
DAYS = 14
"""Days from which on a week has been seen twice."""
_LATE = 5
"""Whether a site is learnt shows in the last fifth of the time: what is new then would be new tomorrow too."""
DAY_NS = 86_400_000_000_000
_READ = "read"
_FASTEST_S = 10
"""Of what is faster, no period is known (LinkRow.period_s)."""

BASELINE = View("baseline", (
    Column("line", lambda row, _: row.id, brief=True),
    Column("review", lambda row, voice: voice.words.term("line", row.state), brief=True),
    Column("client", lambda row, voice: voice.label(row.client) if row.client else "", brief=True),
    Column("server", lambda row, voice: voice.label(row.server), brief=True),
    Column("act", lambda row, voice: voice.words.term("act", row.act), brief=True),
    Column("protocol", lambda row, _: row.protocol, brief=True),
    Column("point", lambda row, _: row.group, brief=True),
    Column("range", lambda row, _: f"{row.least} .. {row.most}" if row.least != row.most else row.least, brief=True),
    Column("days", lambda row, _: row.days, brief=True, number=True),
    Column("why_so", lambda row, _: row.why, brief=True),
    Column("first", lambda row, voice: voice.stamp(row.first_ns)),
    Column("last", lambda row, voice: voice.stamp(row.last_ns)),
    Column("frame", lambda row, _: frame(row.frame)),
), "baseline.none")  # fmt: skip


def with_habits(links: Iterable[LinkRow]) -> View:
    """The review list with how regular a conversation is, and how much of it fails: what a person asks before he accepts it (A.4)."""
    between: dict[tuple[str, str, str], LinkRow] = {}
    for link in sorted(links, key=lambda link: link.packets):  # of several on different ports the busiest
        between[link.client, link.server, link.protocol or f"{link.transport}/{link.port}"] = link

    def link_of(row: BaselineRow) -> LinkRow | None:
        return between.get((row.client, row.server, row.protocol)) if row.client and not row.group else None

    def rhythm(row: BaselineRow, voice: Voice) -> str:
        link = link_of(row)
        return "" if link is None or row.act != _READ else every(link, voice)

    def failing(row: BaselineRow, _voice: Voice) -> str:
        link = link_of(row)
        asked = sum(link.verbs.values()) if link is not None else 0
        return f"{100 * link.errors / asked:.0f} %" if link is not None and asked else ""

    at = next(place for place, column in enumerate(BASELINE.columns) if column.key == "days")
    more = Column("rhythm", rhythm, brief=True), Column("failing", failing, brief=True, number=True)
    return BASELINE._replace(columns=(*BASELINE.columns[:at], *more, *BASELINE.columns[at:]))


def every(link: LinkRow, voice: Voice) -> str:
    """How often it asks, and how evenly; "" where that is not known."""
    if not link.period_s:
        return ""
    if link.period_s <= _FASTEST_S:
        return voice.words("explain.often")
    return voice.words("explain.period", seconds=f"{link.period_s:.0f}", spread=f"{100 * link.period_cv:.0f}")


def quality(rows: Sequence[BaselineRow], accepted: Accepted, voice: Voice) -> Iterator[str]:
    """How long and how evenly was learnt, whether new things still came in the end, and what speaks against it."""
    words = voice.words
    if accepted.is_frozen:
        yield words("baseline.is_frozen", when=accepted.frozen_at, author=accepted.frozen_by, number=len(accepted.lines))
    if not rows:
        return
    begin, end = min(row.first_ns for row in rows), max(row.last_ns for row in rows)
    days, hours = (end - begin) / DAY_NS, covered(rows)
    yield words(
        "baseline.window", begin=voice.at(begin), end=voice.at(end), duration=voice.duration(end - begin), hours=hours, lines=len(rows)
    )
    if days < DAYS:
        yield words("baseline.short", days=DAYS)
    elif hours < WEEK_HOURS:
        yield words("baseline.gaps", missing=WEEK_HOURS - hours)
    late = sum(row.first_ns > end - (end - begin) // _LATE for row in rows)
    yield words("baseline.saturation", share=100 * late // len(rows))
    if doubtful := sum(row.state == "doubtful" for row in rows):
        yield words("baseline.doubtful", number=doubtful)


def covered(rows: Sequence[BaselineRow]) -> int:
    """Hours of the week in which anything was seen."""
    week = 0
    for row in rows:
        week |= int(row.hours or "0", 16)
    return week.bit_count()
