import pytest

from otwatch.declared.drift import DriftRow, agree, drift, same_version
from otwatch.declared.store import DeclaredRow
from otwatch.results import AssetRow, AttributeRow, FaceRow
from tests.outputs.samples import FRAME, asset

MAC = "00:80:f4:21:02:10"


def found(declared: DeclaredRow, *assets: AssetRow, faces: tuple[FaceRow, ...] = ()) -> list[tuple[str, str, str, str]]:
    return [(row.sort, row.field, row.declared, row.observed) for row in drift([declared], assets, faces)]


def test_declared_and_not_seen() -> None:
    assert found(DeclaredRow(2, name="old", address="10.0.0.9")) == [("not seen", "", "10.0.0.9", "")]


def test_seen_and_not_declared_and_groups_are_nothing() -> None:
    (row,) = drift([], (asset("10.0.0.1", "plc"), asset("224.0.0.1", kind="group"), asset("8.8.8.8", kind="external")), ())
    assert (row.sort, row.label, row.asset) == ("not declared", "plc", "10.0.0.1")


def test_as_declared() -> None:
    assert not found(
        DeclaredRow(2, address="10.0.0.1", vendor="Schneider", firmware="V2.1"),
        asset("10.0.0.1", vendor="Schneider Electric", firmware="2.1"),
    )


@pytest.mark.parametrize(("declared", "seen", "same"), [
    ("2.1", "V2.1", True), ("2.1", "2.1.3", True), ("09.0.00", "L2P-09.0.00", True), ("V2.70", "2.7", False), ("2.1", "12.10", False),
    ("1.2", "11.2(12)P", False), ("2.1", "2.10", False), ("3.0", "2.3.0", False),
])  # fmt: skip
def test_versions(declared: str, seen: str, same: bool) -> None:
    assert same_version(declared, seen) is same
    assert same_version(seen, declared) is same


def test_the_maker_of_a_network_card_contradicts_nobody() -> None:
    seen = asset("10.0.0.1", vendor="Intel Corporate")
    said = AttributeRow("10.0.0.1", "vendor", "Intel Corporate", "MAC address (IEEE)", "mac", True, FRAME, 0, 0)
    assert drift([DeclaredRow(2, address="10.0.0.1", vendor="Siemens")], (seen,), ())
    assert not drift([DeclaredRow(2, address="10.0.0.1", vendor="Siemens")], (seen,), (), (said,))


def test_moved() -> None:
    assert found(DeclaredRow(2, address="10.0.0.1", mac=MAC), asset("10.0.0.7")) == [("moved", "address", "10.0.0.1", "10.0.0.7")]


def test_changed() -> None:
    seen = asset("10.0.0.1", firmware="3.0", serial="B")
    assert found(DeclaredRow(2, address="10.0.0.1", firmware="2.1", serial="A", mac="00:00:00:00:00:99"), seen) == [
        ("changed", "mac", "00:00:00:00:00:99", MAC), ("changed", "firmware", "2.1", "3.0"), ("changed", "serial", "A", "B"),
    ]  # fmt: skip


def test_never_answers() -> None:
    row = asset("10.0.0.1/unit 3", kind="modbus-unit", presence="silent", address="10.0.0.1")
    assert found(DeclaredRow(2, address="10.0.0.1", unit="3"), row) == [("silent", "", "10.0.0.1/unit 3", "")]


def test_a_face_leads_to_its_asset() -> None:
    face = FaceRow("10.0.0.1", "bacnet 3/01", "now", "bacnet instance", "17", FRAME, 0, 0)
    assert not found(DeclaredRow(2, bacnet_instance="17"), asset("10.0.0.1"), faces=(face,))


def test_a_key_that_two_assets_have_leads_nowhere() -> None:
    both = (asset("10.0.0.1", serial="AB12345"), asset("10.0.0.2", serial="AB12345"))
    assert ("not seen", "", "", "") in found(DeclaredRow(2, serial="AB12345"), *both)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("V2.1", "2.1", True),
        ("CTA bloc 3", "CTA-BLOC-3", True),
        ("2.1", "21", False),
        ("Siemens", "Siemens Building Technologies", True),
        ("M340", "M580", False),
    ],
)
def test_agree(one: str, other: str, same: bool) -> None:
    assert agree(one, other) is same


def test_rows_name_their_line() -> None:
    assert drift([DeclaredRow(7, id="EQ1")], (), ()) == [DriftRow("not seen", "EQ1", "", "", "", "", "", 7)]
