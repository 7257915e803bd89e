"""Two documents as CISA publishes them (CSAF 2.0, csaf_security_advisory), written by hand: what each of their devices is told."""

from collections.abc import Iterator
from typing import Any

import pytest

from otwatch.advisories.csaf import statements
from otwatch.advisories.matching import matches
from tests.advisories.documents import branch, product
from tests.outputs.samples import asset

RANGE, VERSION = "product_version_range", "product_version"


def document(name: str, tree: dict[str, Any], *vulnerabilities: dict[str, Any]) -> dict[str, Any]:
    return {
        "document": {
            "category": "csaf_security_advisory", "csaf_version": "2.0", "lang": "en-US", "title": name,
            "distribution": {"text": "Disclosure is not limited", "tlp": {"label": "WHITE", "url": "https://us-cert.cisa.gov/tlp/"}},
            "publisher": {"category": "coordinator", "name": "CISA", "namespace": "https://www.cisa.gov/"},
            "references": [{"category": "self", "summary": "JSON", "url": f"https://www.example.org/{name.lower()}.json"}],
            "tracking": {
                "id": name, "status": "final", "version": "1", "current_release_date": "2026-05-05T06:00:00.000000Z",
                "initial_release_date": "2026-05-05T06:00:00.000000Z",
                "revision_history": [{"date": "2026-05-05T06:00:00.000000Z", "number": "1", "summary": "Initial Publication"}],
            },
        },
        "product_tree": tree,
        "vulnerabilities": list(vulnerabilities),
    }  # fmt: skip


RANGES = document(
    "ICSA-26-125-01",
    {
        "branches": [
            branch(
                "vendor", "Schneider Electric",
                branch("product_family", "Modicon", branch("product_name", "Modicon M340", product(RANGE, "<3.60", "P1"),
                                                           product(VERSION, "3.60", "P2"))),
                branch("product_name", "Modicon M580", product(RANGE, "vers:generic/<2.0|>=3.0|<4.20", "P3")),
                branch("product_name", "EcoStruxure SmartX AS-P", product(RANGE, "vers:all/*", "P4")),
                branch("product_name", "Modicon M251", product(RANGE, "All versions < V5.3.12.51", "P5")),
                branch("product_name", "Easergy T300", product(RANGE, "Firmware as delivered before week 12", "P6")),
            )
        ]
    },
    {"cve": "CVE-2026-0001", "product_status": {"known_affected": ["P1", "P3", "P4", "P5", "P6"], "fixed": ["P2"]}},
)  # fmt: skip
SINGLE = document(
    "ICSA-26-125-02",
    {
        "branches": [
            branch("vendor", "Siemens",
                   branch("product_name", "SIMATIC S7-1516", product(VERSION, "2.8", "P1"), product(VERSION, "2.9", "P2"),
                          product(VERSION, "3.1", "P3")),
                   branch("product_name", "Desigo PXC4", product(RANGE, "<= V02.20.142", "P4")),
                   branch("product_name", "SCALANCE XC208", product(VERSION, "A", "P5"))),
            branch("vendor", "Other", branch("product_name", "Stack", product(VERSION, "1.0", "P6"))),
        ],
        "relationships": [
            {"category": "installed_on", "product_reference": "P6", "relates_to_product_reference": "P5",
             "full_product_name": {"product_id": "P7", "name": "Stack 1.0 on SCALANCE XC208"}}
        ],
    },
    {
        "cve": "CVE-2026-0002",
        "product_status": {"known_affected": ["P1", "P2", "P7"], "known_not_affected": ["P3"], "under_investigation": ["P4"]},
    },
)  # fmt: skip


def answers(told: dict[str, Any], vendor: str, model: str, firmware: str) -> Iterator[str]:
    for one in matches(statements(told), [asset("10.0.0.1", vendor=vendor, product=model, firmware=firmware)]):
        yield one.answer


@pytest.mark.parametrize(
    ("model", "firmware", "answer"),
    [
        ("Modicon M340", "3.50", "affected"), ("Modicon M340", "3.60", "not affected"), ("Modicon M340", "3.70", "not affected"),
        ("Modicon M340", "", "to review"), ("Modicon M580", "1.9", "affected"), ("Modicon M580", "2.5", "not affected"),
        ("Modicon M580", "V04.10", "affected"), ("Modicon M580", "4.20", "not affected"), ("EcoStruxure SmartX AS-P", "", "affected"),
        ("Modicon M251", "5.1", "affected"), ("Modicon M251", "5.3.12.51", "not affected"), ("Easergy T300", "1.0", "to review"),
    ],
)  # fmt: skip
def test_ranges(model: str, firmware: str, answer: str) -> None:
    """Two spans in one range; and once a range has answered, that another version is the fixed one adds nothing."""
    assert set(answers(RANGES, "Schneider Electric", model, firmware)) == {answer}


@pytest.mark.parametrize(
    ("model", "firmware", "answer"),
    [
        ("SIMATIC S7-1516", "2.8", "affected"), ("SIMATIC S7-1516", "3.1", "not affected"), ("SIMATIC S7-1516", "2.7", "to review"),
        ("Desigo PXC4", "02.20.100", "to review"), ("SCALANCE XC208", "4.1", "to review"),
    ],
)  # fmt: skip
def test_single_versions_relations_and_open_questions(model: str, firmware: str, answer: str) -> None:
    """What names versions 2.8 and 2.9 says nothing about 2.7; a stack on a switch is for a person to judge."""
    assert set(answers(SINGLE, "Siemens", model, firmware)) == {answer}
