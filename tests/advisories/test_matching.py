import pytest

from otwatch.advisories.csaf import Statement
from otwatch.advisories.matching import matches
from otwatch.results import AttributeRow
from tests.outputs.samples import FRAME, asset


def told(
    versions: str = "<2.10", product: str = "Modicon M340", vendor: str = "Schneider Electric Software, LLC", status: str = "affected"
) -> Statement:
    return Statement("ICSA-1", "title", "", vendor, product, versions, status, ("CVE-2024-0001",))


def answers(statement: Statement, product: str = "Modicon M340", firmware: str = "2.9", vendor: str = "Telemecanique") -> list[str]:
    return [one.answer for one in matches([statement], [asset("10.0.0.1", product=product, firmware=firmware, vendor=vendor)])]


@pytest.mark.parametrize(
    ("firmware", "versions", "answer"),
    [
        ("2.9", "<2.10", "affected"),
        ("2.10", "<2.10", "not affected"),
        ("", "<2.10", "to review"),
        ("2.9", "see text", "to review"),
        ("", "vers:all/*", "affected"),
    ],
)
def test_three_answers(firmware: str, versions: str, answer: str) -> None:
    assert answers(told(versions), firmware=firmware) == [answer]


def test_what_is_fixed() -> None:
    assert answers(told("2.10", status="not affected"), firmware="2.10") == ["not affected"]
    assert answers(told("2.10", status="not affected"), firmware="2.9") == ["to review"]


def test_a_family_is_for_a_person_to_judge() -> None:
    assert answers(told("vers:all/*", product="Modicon")) == ["to review"]


def test_a_type_number_is_enough() -> None:
    assert answers(told("vers:all/*", product="M340")) == ["affected"]


@pytest.mark.parametrize("other", [{"vendor": "Siemens"}, {"product": "Modicon M580"}])
def test_what_has_nothing_to_do_with_it(other: dict[str, str]) -> None:
    assert answers(told(**other)) == []


def test_without_a_product_nothing_is_said() -> None:
    assert answers(told(), product="") == []


SIEMENS = {"vendor": "Siemens", "product": "SIMATIC S7-300 CPU 315", "firmware": "V3.2.7"}


def test_a_family_with_what_belongs_to_it() -> None:
    family = "SIMATIC S7-300 CPU family (incl. related ET200 CPUs and SIPLUS variants)"
    assert answers(told("vers:all/<V3.3.17", family, "Siemens"), **SIEMENS) == ["affected"]
    assert answers(told("vers:all/<V3.3.17", family.replace("300", "400"), "Siemens"), **SIEMENS) == []


@pytest.mark.parametrize(
    ("product", "found"),
    [
        ("SIMATIC S7-300 CPU 315-2 PN/DP (6ES7315-2EH14-0AB0)", ["affected"]),
        ("SIMATIC S7-300 CPU 315-2 PN/DP (6ES7 315-2EH14-0AB0)", ["affected"]),
        ("SIMATIC S7-300 CPU 315-2 DP (6ES7315-2AH14-0AB0)", []),
    ],
)
def test_an_order_number_tells_variants_apart(product: str, found: list[str]) -> None:
    said = [AttributeRow("10.0.0.1", "model", "6ES7 315-2EH14-0AB0", "s7 SZL", "self", True, FRAME, 0, 0)]
    statement = told("vers:all/<V3.3.17", product, "Siemens")
    assert [one.answer for one in matches([statement], [asset("10.0.0.1", **SIEMENS)], said)] == found


def test_a_short_model_is_no_order_number() -> None:
    said = [AttributeRow("10.0.0.1", "model", "CPU 315", "s7 SZL", "self", True, FRAME, 0, 0)]
    assert not matches([told("<9", "Other (CPU315-2)", "Siemens")], [asset("10.0.0.1", **SIEMENS)], said)
