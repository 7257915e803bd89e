"""Advisories and assets: by maker, product and version, with three answers."""

import re
from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from otwatch.advisories.csaf import AFFECTED, NOT_AFFECTED, REVIEW, Statement
from otwatch.advisories.versions import names_one, within
from otwatch.results import AssetRow, AttributeRow

ALIASES = {
    "schneider": ("schneider electric", "schneider electric software, llc", "telemecanique", "apc", "american power", "square d"),
    "rockwell": ("rockwell automation", "allen-bradley", "allen bradley"),
    "siemens": ("siemens", "siemens building technologies"),
    "johnson controls": ("johnson controls", "metasys", "tyco"),
    "honeywell": ("honeywell", "trend", "tridium", "alerton", "notifier", "novar"),
    "automated logic": ("automated logic", "automatedlogic", "carrier"),
    "abb": ("abb", "asea brown boveri"),
    "moxa": ("moxa",), "axis": ("axis communications",), "hikvision": ("hikvision", "hangzhou hikvision"), "wago": ("wago",),
    "phoenix": ("phoenix contact",), "delta": ("delta controls", "delta electronics"), "eaton": ("eaton", "powerware", "mge"),
}  # fmt: skip
"""One maker under all of its names: that of its MACs, that of its protocols, that of its advisories."""
_ORDERED_BY = frozenset({"model", "product_code"})
_ORDER_LENGTH = 10
"""Letters and digits that an order number has at least: what is shorter may stand in other names by chance."""
_FAMILY = re.compile(r"\(incl[^)]*\)|\bfamil(?:y|ies)\b", re.IGNORECASE)
"""What makers add to the name of a family: "SIMATIC S7-300 CPU family (incl. related ET200 CPUs and SIPLUS variants)"."""
_SHORTEST = 3
"""Letters and digits that a name of a product needs to mean one."""


class Match(NamedTuple):
    """What an advisory means for an asset: AFFECTED, NOT_AFFECTED or REVIEW, with the text that decided."""

    asset: str
    label: str
    product: str
    firmware: str
    answer: str
    advisory: str
    title: str
    cves: tuple[str, ...]
    said: str
    versions: str
    url: str


def matches(found: Iterable[Statement], assets: Iterable[AssetRow], attributes: Iterable[AttributeRow] = ()) -> list[Match]:
    """By asset, the affected ones first. `attributes`: where their order numbers stand, by which makers tell variants apart."""
    orders = _orders(attributes)
    by_maker: dict[str, list[Statement]] = {}
    for one in found:
        by_maker.setdefault(_maker(one.vendor), []).append(one)
    matched = (
        match
        for asset in assets
        if asset.product
        for match in _decided(_of_asset(asset, by_maker.get(_maker(asset.vendor), ()), orders.get(asset.key, set())))
    )
    order = (AFFECTED, REVIEW, NOT_AFFECTED)
    return sorted(matched, key=lambda match: (order.index(match.answer), match.asset, match.advisory, match.said))


def _orders(attributes: Iterable[AttributeRow]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in attributes:
        number = _joined(row.value) if row.name in _ORDERED_BY else ""
        if len(number) >= _ORDER_LENGTH and _has_digit(number):
            found.setdefault(row.asset, set()).add(number)
    return found


def _of_asset(asset: AssetRow, found: Iterable[Statement], orders: Set[str]) -> Iterator[tuple[Match, bool | None]]:
    """What each statement means for an asset, and whether its version is among those of the statement."""
    for one in found:
        joined = _joined(one.product) if orders else ""
        sure = any(order in joined for order in orders) or _same_product(asset.product, one.product)
        if sure is None:
            continue
        inside = within(asset.firmware, one.versions) if sure and one.versions else None
        answer = _answer(one.status, inside, names_one(one.versions))
        said = (one.advisory, one.title, one.cves, one.product, one.versions, one.url)
        yield Match(asset.key, asset.label, asset.product, asset.firmware, answer, *said), inside


def _decided(found: Iterable[tuple[Match, bool | None]]) -> Iterator[Match]:
    """Without what an advisory says of other versions where it also answers for this one, for all that it then leaves open."""
    each = list(found)
    answered: dict[tuple[str, str], set[str]] = {}
    for match, _ in each:
        if match.answer != REVIEW:
            answered.setdefault((match.advisory, match.said), set()).update(match.cves)
    for match, inside in each:
        told = answered.get((match.advisory, match.said))
        if match.answer != REVIEW or inside is not False or told is None or not told.issuperset(match.cves):
            yield match


def _answer(status: str, inside: bool | None, only_one: bool) -> str:
    """Outside of a range that is affected is not affected; outside of single versions, or of those that are fixed, nothing is said."""
    if inside is None or (not inside and (status != AFFECTED or only_one)):
        return REVIEW
    return status if inside else NOT_AFFECTED


def _maker(name: str) -> str:
    plain = name.casefold()
    return next((maker for maker, names in ALIASES.items() if any(plain.startswith(alias) for alias in (maker, *names))), plain)


def _same_product(seen: str, told: str) -> bool | None:
    """Whether a device's product is the advisory's: True for all words, or all of the advisory's where one is a type number ("M340").

    False where only a person can tell (a family, another spelling); None where the names have nothing to do with each other.
    """
    one, other = _words(seen), _words(told)
    if not one or not other:
        return None
    if one == other or (other <= one and any(map(_has_digit, other))):
        return True
    return False if one <= other or other <= one else None


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _words(text: str) -> set[str]:
    return {word for word in re.split(r"[^a-z0-9-]+", _FAMILY.sub(" ", text).casefold()) if len(word) >= _SHORTEST}


def _joined(text: str) -> str:
    """Its letters and digits: "6ES7 511-1AK02-0AB0" and "6ES7511-1AK02-0AB0" are one order number."""
    return "".join(filter(str.isalnum, text.casefold()))
