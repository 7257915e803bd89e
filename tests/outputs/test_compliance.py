"""Every detection has its place in the texts that a hospital must comply with."""

import re

import pytest

from otwatch.alerts.detections import DETECTIONS
from otwatch.outputs.compliance import NAMES, references


@pytest.mark.parametrize("detection", [one.id for one in DETECTIONS])
def test_every_detection_belongs_to_a_family(detection: str) -> None:
    assert [name for name, _ in references(detection)] == list(NAMES.values())


def test_the_first_family_that_holds_it_counts() -> None:
    assert dict(references("cred.snmp"))["ISO/IEC 27001:2022"] == "A.5.15-A.5.18, A.8.5"
    assert dict(references("eng.bacnet.dcc"))["ANSSI PA-108"].startswith("R23")
    assert dict(references("bacnet.write.unexpected"))["NIS 2, art. 21(2)"] == "(b), (e)"


@pytest.mark.parametrize(
    ("name", "form"),
    [("NIS 2, art. 21(2)", r"\([a-j]\)"), ("ANSSI PA-108", r"R\d+(-R\d+)?"), ("ISO/IEC 27001:2022", r"A\.[5-8]\.\d+(-A\.[5-8]\.\d+)?")],
)
def test_references_are_well_formed(name: str, form: str) -> None:
    for one in DETECTIONS:
        assert all(re.fullmatch(form, part) for part in dict(references(one.id))[name].split(", "))


def test_of_an_unknown_detection_nothing_is_said() -> None:
    assert list(references("new.thing")) == []
