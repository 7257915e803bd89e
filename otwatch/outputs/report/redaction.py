"""Results for people who must not know whose network it is: addresses, card numbers and names are pseudonyms, the same everywhere.

Pseudonyms are numbered in the order of a keyed hash, so they tell nothing of what they stand for, and the same key gives the same ones.
Fields that identify are replaced as a whole. In all other text, whatever looks like an address is replaced, and every name that is known
from a field. What makes a finding useful stays: vendors, products, versions, protocols, values, times. Facts are left out.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from ipaddress import ip_address
from typing import Any, NamedTuple

from otwatch.outputs.report.fields import FACTS, FIELDS, KEPT_ATTRIBUTES, OURS, POINTS_OF_NUMBERS, ZONES
from otwatch.outputs.visible import inert
from otwatch.results import AlertRow, AssetRow, AttributeRow, FaceRow, PointRow, Results, Texts, ZoneRow
from otwatch.results.findings import DecisionRow
from otwatch.results.places import places

ZONE = "z"
INSTANCE = "device_instance"
LEAST = 3
"""Letters from which a name is looked for in the middle of a text."""
_MAC = r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}(?P<point>[:-])(?:[0-9A-Fa-f]{2}(?P=point)){4}[0-9A-Fa-f]{2}(?![\w:-])"
_V4 = r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|-\d{1,3})?(?!\.?\w)"
_V6 = r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:/\d{1,3})?(?![\w:])"
ADDRESS = re.compile(f"(?P<mac>{_MAC})|(?P<ip>{_V4}|{_V6})")

Known = dict[str, str]
"""What identifies -> its kind, which is the first word of its pseudonym."""


class Redaction(NamedTuple):
    """Results and other rows without names, and what each pseudonym stands for: for the sender only."""

    results: Results
    also: tuple[Any, ...]
    pseudonyms: Mapping[str, str]


def redacted(results: Results, key: bytes, zone_names: Mapping[str, Texts], also: tuple[Any, ...] = ()) -> Redaction:
    """`key`: what nobody else has; `zone_names`: what kinds of zones are called; `also`: rows that name the same things."""
    bare = (results._replace(facts=()), *also)
    known: Known = dict(_identifying(bare))
    for text in _texts(bare):
        known |= dict(map(_address, ADDRESS.finditer(text)))
    names = _numbered(known, key)
    others = {other: names[original] for other, original in _spellings(bare) if original in names}
    change = _Change({**others, **names}, {name for name, kind in known.items() if kind == ZONE and name in names})
    changed, *rest = map(change.row, bare)
    zones = tuple(_named(zone, zone_names) for zone in changed.zones)
    return Redaction(changed._replace(zones=zones), tuple(rest), {name: original for original, name in names.items()})


def _named(zone: ZoneRow, names: Mapping[str, Texts]) -> ZoneRow:
    """A zone is called by its kind: the words of the site may name a building."""
    said = names.get(zone.kind, {})
    return zone._replace(name={spoken: f"{text} ({zone.id})" for spoken, text in said.items()} or {"en": zone.id, "fr": zone.id})


def _address(found: re.Match[str]) -> tuple[str, str]:
    """What was found as it is written everywhere, and its kind; kind "" for what only looked like an address."""
    text = found[0]
    if found["mac"]:
        return text.lower().replace("-", ":"), "mac"
    host, _, length = text.partition("/")
    host = host.partition("-")[0]
    try:
        ip_address(host)
    except ValueError:
        return text, ""
    is_net = length not in {"", "32", "128"} or "-" in text
    return (text, "net") if is_net else (host, "ip")


def _identifying(rows: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    """Everything that names somebody, from the fields that do."""
    for row in _rows(rows):
        for name, kind in FIELDS.get(type(row).__name__, {}).items():
            yield getattr(row, name), kind
        yield from _of_row(row)
        if isinstance(row, Results):
            yield from ((place, "site") for place in places(row))


def _of_row(row: Any) -> Iterator[tuple[str, str]]:
    if isinstance(row, AttributeRow) and row.name not in KEPT_ATTRIBUTES:
        yield (_device(row.value), "bacnet") if row.name == INSTANCE else (row.value, "name")
    if isinstance(row, AlertRow):
        yield from ((row.facts[name], kind) for name, kind in FACTS.items() if name in row.facts)
        yield from _point(row.facts.get("point", ""), row.protocol)
        yield (row.decision.author, "person") if row.decision is not None else ("", "")
    if isinstance(row, PointRow):
        yield from _point(row.point, row.protocol)
    if isinstance(row, AssetRow):
        bare = row.label.removesuffix(f" ({row.address})")
        if bare not in (row.key, row.address) and not row.key.endswith(f"/{bare}"):
            yield bare, "name"
        if row.key.startswith(_device("")):
            yield from ((row.key, "bacnet"), (row.address, "address"))


def _device(instance: str) -> str:
    """The key of a BACnet device."""
    return f"bacnet {instance}"


def _point(point: str, protocol: str) -> Iterator[tuple[str, str]]:
    if protocol not in POINTS_OF_NUMBERS:
        yield point, "point"


def _spellings(rows: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    """What is said otherwise elsewhere: a zone by its name, a card's number without points."""
    for row in _rows(rows):
        if isinstance(row, ZoneRow):
            yield from ((text, row.id) for text in row.name.values())
        elif isinstance(row, AssetRow):
            yield from ((written, mac) for mac in row.macs for written in (mac.replace(":", ""), mac.replace(":", "").upper()))
        elif isinstance(row, AttributeRow) and row.name == INSTANCE:
            yield row.value, _device(row.value)


def _numbered(known: Known, key: bytes) -> dict[str, str]:
    """original -> `ip-17`. A name that is an address is that address."""
    of_kind: defaultdict[str, set[str]] = defaultdict(set)
    for original, kind in known.items():
        found = ADDRESS.fullmatch(original)
        spelt, is_kind = _address(found) if found else (original, kind)
        if spelt.strip(" –-") and is_kind:
            of_kind[is_kind].add(spelt)
    names: dict[str, str] = {}
    for kind, originals in sorted(of_kind.items()):
        ranked = sorted(originals, key=lambda one: blake2b(one.encode("utf-8", "backslashreplace"), key=key[:64], digest_size=16).digest())
        names |= {original: f"{kind}-{number}" for number, original in enumerate(ranked, 1)}
    return names


class _Change:
    """Puts pseudonyms in the place of what they stand for."""

    def __init__(self, names: Mapping[str, str], zones: set[str]) -> None:
        self._names = names
        self._zones = zones
        words = {zone for zone in zones if not re.search(r"_\d", zone)}  # "services" is an id and a word, "net_10_22_8_0" an address
        self._pattern = _one_of(name for name in names if len(name) >= LEAST and re.search(r"[^\W\d_]|\d{4}", name) and name not in words)
        self._seen: dict[str, str] = {}

    def row(self, row: Any) -> Any:
        """A row, with every text in it."""
        fields = FIELDS.get(type(row).__name__, {})
        given = {name: self._names.get(value, value) if name in fields else self._value(value) for name, value in row._asdict().items()}
        if isinstance(row, AttributeRow) and row.name not in KEPT_ATTRIBUTES:
            given["value"] = self._names.get(_device(row.value) if row.name == INSTANCE else row.value, given["value"])
        if isinstance(row, FaceRow):
            given["value"] = self._names.get(_device(row.value), given["value"])
        if isinstance(row, AlertRow):
            given["facts"] |= {name: self._names.get(row.facts[name], given["facts"][name]) for name in FACTS if name in row.facts}
            given["facts"] |= {name: text for name, text in row.facts.items() if name in OURS}
            given["facts"] |= {name: self._each(row.facts[name]) for name in ZONES if name in row.facts}
            given["filter"] = ADDRESS.sub(self._placed, row.filter)
            given["subject"] = ""  # a digest of few possible things
        if isinstance(row, DecisionRow):
            given["reason"] = ""  # what a person wrote may name anything
        if isinstance(row, AssetRow):
            rule = row.zone_rule.partition(" ")[0]
            given["zone_rule"] = self._names.get(rule, rule)  # of suggested zones: the zone
        return type(row)(**given)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if hasattr(value, "_asdict"):
            return self.row(value)
        if isinstance(value, tuple):
            return tuple(map(self._value, value))
        if isinstance(value, Mapping):
            return {key: self._value(inside) for key, inside in value.items()}  # keys are words of otwatch
        return value

    def text(self, text: str) -> str:
        if text not in self._seen:
            self._seen[text] = self._names[text] if text in self._zones else ADDRESS.sub(self._placed, self._pattern.sub(self._named, text))
        return self._seen[text]

    def _each(self, listed: str) -> str:
        """`cvc, bloc`, one by one."""
        return ", ".join(map(self.text, listed.split(", ")))

    def _named(self, found: re.Match[str]) -> str:
        return self._names[found[0]]

    def _placed(self, found: re.Match[str]) -> str:
        """`/32` of a single address stays."""
        spelt, kind = _address(found)
        rest = found[0].removeprefix(spelt) if kind == "ip" else ""
        return self._names.get(spelt, found[0]) + rest


def _one_of(names: Iterable[str]) -> re.Pattern[str]:
    """Any of these names as a whole word, the longest first. Those that begin alike stand together: one look at a place of the text."""
    beginnings: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda one: (-len(one), one)):
        beginnings[name[:2]].append(re.escape(name[2:]))
    alike = "|".join(f"{re.escape(beginning)}(?:{'|'.join(ends)})" for beginning, ends in sorted(beginnings.items()))
    return re.compile(rf"(?<!\w)(?:{alike or '(?!)'})(?!\w)")


def _rows(value: Any) -> Iterator[Any]:
    """All rows, those in rows too."""
    if hasattr(value, "_asdict"):
        yield value
        for inside in value:
            yield from _rows(inside)
    elif isinstance(value, tuple):
        for inside in value:
            yield from _rows(inside)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from _texts(inside)
    elif isinstance(value, tuple):
        for inside in value:
            yield from _texts(inside)


def as_csv(pseudonyms: Mapping[str, str]) -> str:
    """What each pseudonym stands for, for the sender (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows((name, inert(original)) for name, original in pseudonyms.items())
    return out.getvalue()
