"""A CSAF document (OASIS, 2.0 and 2.1): its product tree, and what it says about each product. What is invalid in it is left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from otwatch.errors import AdvisoryError
from otwatch.events import clean

DEEPEST = 24
"""Branches inside branches; the standard knows about ten categories."""
MOST_PRODUCTS = 50_000
OPEN = frozenset({"WHITE", "CLEAR"})
"""TLP labels under which a document may be kept by anybody (TLP 1.0 and 2.0)."""

AFFECTED, NOT_AFFECTED, REVIEW = "affected", "not affected", "to review"
_STATUS = {
    "known_affected": AFFECTED, "first_affected": AFFECTED, "last_affected": AFFECTED, "known_not_affected": NOT_AFFECTED,
    "fixed": NOT_AFFECTED, "first_fixed": NOT_AFFECTED, "under_investigation": REVIEW,
}  # fmt: skip
_RANGE, _VERSION = "product_version_range", "product_version"


Product = tuple[str, str, str]
"""Vendor, product, versions."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What an advisory says about one product; `cves` may be empty, `versions` is the text of the range or version, "" without."""

    advisory: str
    title: str
    url: str
    vendor: str
    product: str
    versions: str
    status: str
    cves: tuple[str, ...]


def statements(document: Any) -> Iterator[Statement]:
    """All that a document says. AdvisoryError where it is no CSAF, or not for everybody."""
    head = _part(document, "document")
    tracking = _part(head, "tracking")
    name = _text(tracking, "id")
    if not name or not _text(head, "csaf_version").startswith("2."):
        raise AdvisoryError("advisories.no_csaf")
    label = _text(_part(_part(head, "distribution"), "tlp"), "label").upper()
    if label and label not in OPEN:
        raise AdvisoryError("advisories.label", label=clean(label))
    tree = _part(document, "product_tree")
    products = dict(_products(tree))
    products |= _related(tree, products)
    urls = (_text(one, "url") for one in _list(head, "references") if _text(one, "category") == "self")
    url = next((url for url in urls if url.startswith("https://")), "")
    said: dict[tuple[str, str], list[str]] = {}
    for vulnerability in _list(document, "vulnerabilities"):
        for status, meaning in _STATUS.items():
            for product in _list(_part(vulnerability, "product_status"), status):
                said.setdefault((str(product), meaning), []).append(_text(vulnerability, "cve"))
    for (product, status), cves in said.items():
        if product in products:
            vendor, model, versions = products[product]
            found = tuple(sorted({clean(cve) for cve in cves if cve}))
            yield Statement(clean(name), clean(_text(head, "title")), clean(url), vendor, model, versions, status, found)


def _products(tree: Mapping[str, Any]) -> Iterator[tuple[str, Product]]:
    """Product id -> vendor, product, versions; walked without recursion, so that depth costs nothing."""
    left: list[tuple[Any, int, dict[str, str]]] = [(branch, 0, {}) for branch in _list(tree, "branches")]
    count = 0
    while left:
        branch, depth, above = left.pop()
        here = {**above, _text(branch, "category"): clean(_text(branch, "name"))}
        product = _text(_part(branch, "product"), "product_id")
        if product:
            count += 1
            yield product, (here.get("vendor", ""), here.get("product_name", ""), here.get(_RANGE) or here.get(_VERSION) or "")
        if depth >= DEEPEST or count > MOST_PRODUCTS:
            raise AdvisoryError("advisories.tree")
        left.extend((below, depth + 1, here) for below in reversed(_list(branch, "branches")))


def _related(tree: Mapping[str, Any], products: Mapping[str, Product]) -> dict[str, Product]:
    """Products on products ("firmware 2.1 installed on controller X"): the device it is on, with the whole name in the place of versions,
    because only a person can tell which of its versions is meant."""
    found: dict[str, Product] = {}
    for one in _list(tree, "relationships")[:MOST_PRODUCTS]:
        whole = _part(one, "full_product_name")
        device = products.get(_text(one, "relates_to_product_reference"))
        if device is not None and _text(whole, "product_id"):
            found[_text(whole, "product_id")] = (device[0], device[1], clean(_text(whole, "name")) or "?")
    return found


def _part(of: Any, name: str) -> Mapping[str, Any]:
    found = of.get(name) if isinstance(of, dict) else None
    return found if isinstance(found, dict) else {}


def _list(of: Any, name: str) -> list[Any]:
    found = of.get(name) if isinstance(of, dict) else None
    return found if isinstance(found, list) else []


def _text(of: Any, name: str) -> str:
    found = of.get(name) if isinstance(of, dict) else None
    return found if isinstance(found, str) else ""
