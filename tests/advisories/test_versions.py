import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.advisories.versions import numbers, within


@pytest.mark.parametrize(
    ("version", "told", "inside"),
    [
        ("2.9", "<2.10", True), ("2.10", "<2.10", False), ("V2.09", "<= 2.9", True), ("3", ">=3.0|<4", True), ("4.0", ">=3.0|<4", False),
        ("FW=V6.00.141", "< V6.1", True), ("2.1", "vers:all/*", True), ("", "vers:all/*", True), ("", "<2.10", None),
        ("2.1", "All versions", True), ("2.1", "All versions prior to V2.2", True), ("2.1", "prior to 2.1", False),
        ("3.40 R5", "<= 3.40 R5 build 571848", None), ("2.1", "All versions with SP2 installed", None), ("A.02.01", "<3", None),
        ("B12-x", "b12-X", True), ("2.1", "vers:generic/<2.5", True), ("2.1", "2.1.0", True),
        ("1.1", "vers:generic/1.0|1.1", True), ("1.2", "vers:generic/1.0|1.1", False), ("2.5", "vers:generic/<2|>=3|<4", False),
        ("3.5", "vers:generic/<2|>=3|<4", True), ("9", "vers:generic/<2|>=3", True), ("3.5", "<4|>=3", True), ("1", ">=1|>=2", None),
        ("1", "<" + "9" * 5000, None), ("9" * 5000, "<1", None),
        ("1", "vers:generic/!=1.0", None), ("4.32", "All versions <V4.33", True), ("4.33", "All versions <= V4.33", True),
    ],
)  # fmt: skip
def test_within(version: str, told: str, inside: bool | None) -> None:
    assert within(version, told) is inside


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_is_too_strange(version: str, told: str) -> None:
    assert within(version, told) in (True, False, None)


@given(st.lists(st.integers(0, 99), min_size=1, max_size=4))
def test_numbers(parts: list[int]) -> None:
    assert numbers("v" + ".".join(map(str, parts))) == tuple(parts)
