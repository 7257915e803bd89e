"""What a sensor keeps over a restart: all of it comes back, nothing is forgotten by mistake, and a strange text runs nothing."""

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture import open_captures
from otwatch.config import load_site
from otwatch.dissectors import DISSECTORS
from otwatch.results import StateRow
from otwatch.site import SiteHalf, memory
from otwatch.wire import Wire, sightings
from tests.conftest import ROOT

HOSPITAL = ROOT / "pcaps" / "hospital.pcapng"
SITE = ROOT / "configs" / "site.yaml"

HOLDERS = (
    "inventory.assets", "inventory.names", "inventory.macs", "inventory.links", "inventory.habits", "inventory.habits.points",
    "inventory.habits.baseline", "inventory.habits.points.reads", "inventory.habits.points.labels",
    "inventory.protocols",
    "_judge.repeats", "_facts._ledger", "_facts._coverage", "_facts", "_answers", "_mirrors", "inventory",
    "_absences", "_absences._links", "_absences._clocks", "_absences._assets",
    "_expected", "_sessions", "_transfers", "_limits", "_verdicts", "_answers._secrets",
)  # fmt: skip
"""Objects whose attributes are either kept or named as forgotten."""
GIVEN = {
    "is_internal", "_is_internal", "_spoken",
    "_forgotten", "_limit", "_assets", "_macs", "_final", "_routers", "_repeat_ns", "_inventory", "_places", "_site", "_is_frozen",
    "_least_ns", "_usual", "_pulse", "_sides", "_operations", "_of", "_hosts", "_pins", "_blocks",
}  # fmt: skip
"""Attributes that the constructor gives, the same every time."""
PARTS = {"assets", "names", "macs", "links", "habits", "protocols", "points", "reads", "labels", "baseline", "usual", "knowledge",
         "repeats",
         "_ledger", "_coverage", "_links", "_clocks", "_limits", "_secrets"}  # fmt: skip
"""Attributes that are holders themselves, or only ask others."""
WHOLE = {
    "_site", "_accepted", "inventory", "_places", "_answers", "_judge", "_facts", "_mirrors", "_domains", "_crowds", "_absences",
    "_expected", "_sessions", "_transfers", "_limits", "_verdicts", "_place",
}  # fmt: skip
"""The same of the half as a whole."""


def items(path: Path) -> list[Any]:
    def frames() -> Iterator[Any]:
        for source in open_captures([path]):
            yield from source.read()

    return list(sightings(Wire(DISSECTORS), frames()))


def half(declared: bool = False) -> SiteHalf:
    return SiteHalf(load_site(SITE) if declared else None)


@pytest.mark.parametrize("declared", [False, True])
def test_a_half_that_carries_on_learns_what_one_that_never_stopped_does(declared: bool) -> None:
    """Everything but scans that were going on at that moment: their windows begin anew."""
    said = items(HOSPITAL)
    whole, first, second = half(declared), half(declared), half(declared)
    cut = len(said) // 3
    for item in said[:cut]:
        first.see(item)
    memory.restore(second, memory.kept(first))
    for item in said:
        whole.see(item)
    for item in said[cut:]:
        second.see(item)
    for one in (whole, second):
        one.finish()
    expected, found = whole.results((), {}), second.results((), {})
    for name in ("assets", "attributes", "links", "zones", "protocols", "facts"):
        assert getattr(found, name) == getattr(expected, name), name
    assert {(row.detection, row.client, row.server) for row in found.alerts} == {
        (row.detection, row.client, row.server) for row in expected.alerts
    }


def test_what_comes_back_is_what_was_kept() -> None:
    one, other = half(), half()
    for item in items(HOSPITAL):
        one.see(item)
    kept = list(memory.kept(one))
    memory.restore(other, kept)
    assert list(memory.kept(other)) == kept


@pytest.mark.parametrize("holder", HOLDERS)
def test_every_attribute_is_kept_or_forgotten_on_purpose(holder: str) -> None:
    attributes = {f"{holder}.{name}" for name in vars(attrgetter(holder)(half())) if name not in GIVEN | PARTS}
    assert attributes == {path for path in (*memory.KEPT, *memory.FORGOTTEN) if path.rpartition(".")[0] == holder}


@pytest.mark.parametrize(
    "body",
    [
        '["os.system","true"]', '["builtins.eval","1"]', '["tuple",["dict","x",', "{}}", '["inventory.assets.Asset","key","a"]',
        '["sightings.Frame"]', '["detection","no.such"]', '["events.Verb","NONE"]', "[]", '[["tuple"]]',
    ],
)  # fmt: skip
def test_what_does_not_fit_is_strange(body: str) -> None:
    with pytest.raises(memory.Strange):
        memory.restore(half(), [StateRow("_verdicts.kept", 1, body)])


def test_every_attribute_of_the_half_is_kept_or_forgotten_on_purpose() -> None:
    named = {path for path in (*memory.KEPT, *memory.FORGOTTEN) if "." not in path}
    assert vars(half()).keys() - WHOLE == named


def test_an_unknown_part_is_strange() -> None:
    with pytest.raises(memory.Strange, match=r"inventory\.nothing"):
        memory.restore(half(), [StateRow("inventory.nothing", 1, "1")])


PLAIN = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner) | st.lists(inner),
    max_leaves=10,
)


@given(VALUES)
def test_any_value_comes_back(value: Any) -> None:
    assert memory._made(memory._shown(value)) == value
