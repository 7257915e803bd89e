"""Anchors are the same in every report, and harmless whatever a thing is called."""

import re

from hypothesis import given

from otwatch.outputs.page.naming import anchor, to
from tests.outputs.hostile import strings


@given(name=strings)
def test_an_anchor_is_a_plain_word(name: str) -> None:
    assert re.fullmatch(r"asset-[0-9a-f]{12}", anchor("asset", name))
    assert to("asset", name) == f"#{anchor('asset', name)}"


def test_the_same_thing_has_the_same_anchor() -> None:
    assert anchor("asset", "10.22.8.20") == "asset-486c0cb9354f"


def test_other_things_have_others() -> None:
    assert len({anchor("passage", *keys) for keys in (("a", "b"), ("b", "a"), ("ab",), ("a", "b", ""))}) == 4
