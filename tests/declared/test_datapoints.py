import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.declared.datapoints import form_of, meant, unit_of


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("0x0c1a", "9.001", 21.0), ("0x8a24", "9.001", -30.0), ("0x0064", "9.001", 1.0), ("0x7fff", "9.001", None),
        ("0xff", "5.001", 100.0), ("0xff", "5.003", 360.0), ("0xff", "5.004", 255.0), ("0xff", "6.001", -1.0),
        ("0x2710", "8.010", 100.0), ("0xffffffff", "13.010", -1.0), ("0x42280000", "14.056", 42.0), ("0x7fc00000", "14.056", None),
        ("0x0c", "9.001", None), ("0x0c1a00", "9.001", None), ("0x0c1a", "1.001", None), ("1", "5.001", None), ("0xzz", "5.001", None),
    ],
)  # fmt: skip
def test_what_bytes_mean(text: str, form: str, value: float | None) -> None:
    """-30 degrees are 0x8A24 in the specification itself (3/7/2, 3.10)."""
    assert meant(text, form) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("ets", "form"), [("DPST-9-1", "9.001"), ("DPST-5-1 DPST-5-4", "5.001"), ("DPT-9", ""), ("DPST-1-1", ""), ("", ""), ("DPST-9-x", "")]
)
def test_types_as_ets_writes_them(ets: str, form: str) -> None:
    assert form_of(ets) == form


def test_units() -> None:
    assert (unit_of("9.001"), unit_of("1.001")) == ("°C", "")


@given(st.text(max_size=12), st.sampled_from(["9.001", "14.056", "5.001"]))
def test_any_text_is_a_number_or_nothing(text: str, form: str) -> None:
    assert isinstance(meant(text, form), float | None)
