"""Sequences of context parameters (135-2020 clause 20.2.15)."""

import pytest

from otwatch.dissectors.bacnet.parameters import CONSTRUCT, MANY, Given, bounded, context, groups, need
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Point


def reader(data: str) -> Reader:
    return Reader(bytes.fromhex(data))


def plain(given: Given) -> dict[int, str]:
    return {number: part.rest().hex() for number, part in given.items()}


def test_a_sequence() -> None:
    assert plain(context(reader("09011e21021f2903"))) == {0: "01", CONSTRUCT + 1: "2102", 2: "03"}
    assert context(reader("")) == {}


def test_sequences_follow_each_other() -> None:
    assert [plain(given) for given in groups(reader("0901190209030904"))] == [{0: "01", 1: "02"}, {0: "03"}, {0: "04"}]


@pytest.mark.parametrize("data", ["0901" * 2, "19010901", "2101", "0f", "1e"])
def test_not_one_sequence(data: str) -> None:
    with pytest.raises(Malformed):
        context(reader(data))


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(Malformed, match="parameter 3 is missing"):
        need({}, 3, reader(""))


def test_points_are_bounded() -> None:
    with pytest.raises(Malformed):
        bounded([Point("file")] * (MANY + 1), reader(""))
