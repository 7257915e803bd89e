"""Windows and interventions: is a packet's time inside? Packets are in UTC, the file in local time (domain/zones.md 5.6)."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from otwatch.config.site import Intervention, Window
from otwatch.config.words import DAYS

DAY_MINUTES = 1440


def local(time_ns: int, zone: ZoneInfo) -> datetime:
    """Local wall-clock time; whole seconds, so that no float rounds nanoseconds over midnight."""
    return datetime.fromtimestamp(time_ns // 1_000_000_000, zone)


def is_open(window: Window, time_ns: int, zone: ZoneInfo) -> bool:
    """Whether the window is open. What crosses midnight belongs to the day on which it opened."""
    now = local(time_ns, zone)
    minute = now.hour * 60 + now.minute
    if window.opens < window.closes:
        return _has_day(window, now) and window.opens <= minute < window.closes
    evening = minute >= window.opens and _has_day(window, now)
    return evening or (minute < window.closes and _has_day(window, now - timedelta(days=1)))


def _has_day(window: Window, when: datetime) -> bool:
    return DAYS[when.weekday()] in window.days or when.date() in window.dates


def is_active(works: Intervention, time_ns: int, zone: ZoneInfo) -> bool:
    """Whether the intervention is under way; its start counts, its end does not."""
    now = datetime.fromtimestamp(time_ns // 1_000_000_000, UTC)
    return _placed(works.start, zone) <= now < _placed(works.end, zone)


def _placed(when: datetime, zone: tzinfo) -> datetime:
    return when if when.tzinfo is not None else when.replace(tzinfo=zone)
