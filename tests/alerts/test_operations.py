"""What sentences say of an operation."""

from otwatch.alerts.detections.operations import listed


def test_further_values_are_counted() -> None:
    assert listed(("1", "2", "3")) == "1, 2, 3"
    assert listed(("1", "2", "3", "4", "5")) == "1, 2, 3 (+2)"


def test_of_a_long_block_the_rest_is_counted() -> None:
    assert listed((" ".join("0" * 100),)) == "0 0 0 0 0 0 0 0 … (+92)"
    assert listed((" ".join("0" * 9),)) == "0 0 0 0 0 0 0 0 0"
