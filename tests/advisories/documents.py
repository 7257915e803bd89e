"""A CSAF document, small enough to read in a test."""

from typing import Any


def branch(category: str, name: str, *below: dict[str, Any]) -> dict[str, Any]:
    return {"category": category, "name": name, "branches": list(below)}


def product(category: str, name: str, product_id: str) -> dict[str, Any]:
    return {"category": category, "name": name, "product": {"product_id": product_id, "name": name}}


def advisory(label: str = "WHITE", versions: str = "<2.10") -> dict[str, Any]:
    tree = branch(
        "vendor",
        "Schneider Electric Software, LLC",
        branch("product_name", "Modicon M340", product("product_version_range", versions, "P1")),
    )
    return {
        "document": {
            "csaf_version": "2.0", "title": "Modicon M340 lets anybody in", "distribution": {"tlp": {"label": label}},
            "tracking": {"id": "ICSA-24-001-01"}, "references": [{"category": "self", "url": "https://example.org/icsa-24-001-01"}],
        },
        "product_tree": {"branches": [tree]},
        "vulnerabilities": [{"cve": "CVE-2024-0001", "product_status": {"known_affected": ["P1"]}}],
    }  # fmt: skip
