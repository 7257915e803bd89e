"""How rows are said to a person: in which language, at which clock, and by which names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from otwatch.outputs.visible import visible
from otwatch.outputs.wording import Words
from otwatch.results import AssetRow, AttributeRow, LinkRow, ZoneRow

SEVERITIES = ("info", "low", "medium", "high", "critical")
GROUP = "group"
"""Kind of multicast and broadcast addresses, which are no things."""
SILENT = "silent"
"""Presence of what was asked again and again and never answered."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEPS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
TEXT_OF = "text of "


def clock(timezone: str) -> tzinfo:
    """The site's clock; UTC where this computer does not know the time zone."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _distinct(zone_id: str, name: str, times: Mapping[str, int]) -> str:
    """A zone's name, with its id where other zones have the same name."""
    if not name:
        return zone_id
    return f"{name} ({zone_id})" if times[name] > 1 else name


class Voice(NamedTuple):
    """`zones`: names of zones by id; `labels`: names of assets by key; `day`: how days are written (strftime)."""

    words: Words
    clock: tzinfo
    zones: Mapping[str, str]
    labels: Mapping[str, str]
    day: str = "%Y-%m-%d"

    @classmethod
    def of(cls, words: Words, timezone: str, zones: tuple[ZoneRow, ...], assets: tuple[AssetRow, ...]) -> Self:
        return cls.named(words, timezone, zones, {asset.key: asset.label for asset in assets})

    @classmethod
    def named(cls, words: Words, timezone: str, zones: tuple[ZoneRow, ...], labels: Mapping[str, str]) -> Self:
        times = Counter(words.of(zone.name) for zone in zones)
        names = {zone.id: _distinct(zone.id, words.of(zone.name), times) for zone in zones if zone.id}
        return cls(words, clock(timezone), names, labels)

    def zone(self, zone_id: str) -> str:
        return self.zones.get(zone_id) or self.words.term("zone", zone_id or "none")

    def source(self, source: str) -> str:
        """Where an attribute comes from: names of protocols as they are, the rest in this language."""
        said = source.removeprefix(TEXT_OF)
        name = self.words.term("source", said)
        return self.words("source.text_of", source=name) if said != source else name

    def value(self, row: AttributeRow) -> str:
        """What is said of an asset: our own words for it in this language, those of the device as they are."""
        return self.words.term(f"value.{row.name}", row.value)

    def because(self, verdict: str, rule: str, reasons: Sequence[str]) -> str:
        """A verdict with what decided: "beyond its conduit c09: operation not allowed"."""
        judged = f"{self.words.term('verdict', verdict)} {rule}".rstrip()
        said = ", ".join(self.words.term("reason", reason) for reason in reasons)
        return self.words("because", judged=judged, reasons=said) if said else judged

    def label(self, asset: str) -> str:
        """The asset's best name, with its key where that says more."""
        label = self.labels.get(asset) or asset
        return label if asset in label else f"{label} ({asset})"

    def severity(self, level: int) -> str:
        return self.words(f"severity.{SEVERITIES[level]}")

    # -- time ---------------------------------------------------------------------------------------------------------------------------

    def at(self, time_ns: int) -> str:
        """`2026-10-13 10:01:10` by the site's clock."""
        return f"{self.date(time_ns)} {self.time(time_ns)}"

    def date(self, time_ns: int) -> str:
        return self._local(time_ns).strftime(self.day)

    def time(self, time_ns: int) -> str:
        return self._local(time_ns).strftime("%H:%M:%S")

    def stamp(self, time_ns: int) -> str:
        """`2026-10-13T10:01:10+02:00`, for spreadsheets."""
        return self._local(time_ns).isoformat(timespec="seconds")

    def _local(self, time_ns: int) -> datetime:
        return (_EPOCH + timedelta(microseconds=time_ns // 1000)).astimezone(self.clock)

    def between(self, first_ns: int, last_ns: int) -> str:
        """`2026-10-13 10:00:00 to 10:04:10`: the day is said twice only where it changes."""
        first, last = self.at(first_ns), self.at(last_ns)
        until = self.time(last_ns) if self.date(first_ns) == self.date(last_ns) else last
        return first if first == last else self.words("time.between", first=first, last=until)

    def duration(self, length_ns: int) -> str:
        """The two largest units: `4 min 10 s`."""
        left, said = length_ns // 1_000_000_000, []
        for unit, seconds in _STEPS:
            amount, left = divmod(left, seconds)
            if amount:
                said.append(self.words(f"time.{unit}", number=amount))
        return " ".join(said[:2]) or self.words("time.second", number=0)

    # -- lists --------------------------------------------------------------------------------------------------------------------------

    def size(self, amount: int) -> str:
        """`239 kB`; decimal units."""
        for unit, scale in (("gigabytes", 10**9), ("megabytes", 10**6), ("kilobytes", 10**3)):
            if amount >= scale:
                return self.words(f"size.{unit}", number=self.words.rough(amount / scale))
        return self.words("size.bytes", number=amount)

    def verbs(self, verbs: Mapping[str, int]) -> str:
        """What is done, most often first: `reads, writes`."""
        return ", ".join(self.words.term("verb", verb) for verb in sorted(verbs, key=lambda verb: (-verbs[verb], verb)))

    def done(self, link: LinkRow) -> str:
        """What is done; where no message could be read, how far the conversation came."""
        return self.verbs(link.verbs) or self.words.term("state", link.state)

    def name(self, asset: AssetRow) -> str:
        """The asset's best name without the address, which stands beside it."""
        return asset.label.removesuffix(f" ({asset.address})") or asset.key

    def roles(self, asset: AssetRow) -> str:
        """What it is for; of what is none, that it is many, or that it never answered."""
        if asset.presence == SILENT:
            return self.words("presence.silent")
        return ", ".join(self.words.term("role", role) for role, _ in asset.roles) or (
            self.words.term("kind", asset.kind) if asset.kind == GROUP else ""
        )

    def why(self, reason: str) -> str:
        """Why it has a role: "units 4" in words; a sentence of an older record as it is."""
        rule, _, number = reason.partition(" ")
        key = f"role_reason.{rule}"
        return self.words(key, number=number) if number.isdecimal() and self.words.knows(key) else reason

    def made(self, asset: AssetRow) -> str:
        """Vendor and product, the vendor's name once."""
        vendor, product = visible(asset.vendor), visible(asset.product)
        return product if product.casefold().startswith(vendor.casefold()) else f"{vendor} {product}".strip()
