"""docs/decode.md is what the code says: `python -m tests.docs` writes it anew."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from otwatch.dissectors import DISSECTORS
from otwatch.dissectors.bacnet.services import CONFIRMED
from otwatch.dissectors.cip.services import SPECIFIC
from otwatch.dissectors.modbus.functions import FUNCTIONS
from otwatch.events import Verb
from tests.docs.exercised import Exercise, Said, found, known
from tests.docs.page import PAGE, page
from tests.docs.tables import tables


def test_the_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text("utf-8") == page(known()), "write it anew: python -m tests.docs"


def test_every_protocol_has_a_place() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"`{one.name}`: " in text for one in DISSECTORS)


def test_tables_are_found_by_themselves() -> None:
    found_there = {(table.module, table.name): table for table in tables()}
    expected: tuple[tuple[str, str, Iterable[object]], ...] = (
        ("modbus.functions", "FUNCTIONS", FUNCTIONS), ("bacnet.services", "CONFIRMED", CONFIRMED), ("cip.services", "SPECIFIC", SPECIFIC),
    )  # fmt: skip
    for module, name, table in expected:
        assert [one.key for one in found_there[module, name].operations] == [*table]
    (put,) = (one for one in found_there["http", "METHODS"].operations if one.name == "PUT")
    assert (put.key, put.verb, put.tells) == ("PUT", Verb.WRITE, ())
    (coils,) = (one for one in found_there["modbus.functions", "FUNCTIONS"].operations if one.key == 5)
    assert coils.tells[0]
    assert (8, "memory parity error") in found_there["modbus.codes", "EXCEPTIONS"].words


def test_rows_tell_where_they_were_seen_and_which_were_not() -> None:
    seen = {
        Said("modbus", "Diagnostics: Force Listen Only Mode", 8, ""): Exercise(("a.pcap", "b.pcap", "c.pcap"), ("sub",)),
        Said("cip", "Set Attribute Single", 0x10, "0x04"): Exercise(("d.pcap",), ("values",)),
        Said("modbus", "", -1, ""): Exercise(("a.pcap",), ("identity vendor",)),
    }
    lines = page(seen).splitlines()
    assert "| 4 | Force Listen Only Mode | CONTROL |  | sub | 3: `a.pcap`, `b.pcap`, … |" in lines
    (plain,) = (line for line in lines if line.startswith("| 16 (0x10) | Set Attribute Single | WRITE |"))
    assert plain.endswith("| values | 1: `d.pcap` |")
    assert any(line.startswith("| 245 (0xf5) 16 (0x10) | Set Attribute Single |") and line.endswith("| **none** |") for line in lines)
    assert "Of devices it tells: vendor (seen in 1: `a.pcap`)." in lines
    (unseen,) = (line for line in lines if line.startswith("* modbus.codes: DIAGNOSTICS: "))
    assert "2 Return Diagnostic Register, 3 Change" in unseen
    assert "Listen Only" not in unseen


def test_captures_hold_what_the_page_says(captures: Path) -> None:
    """All captures that it names and that are here."""
    told = known()
    here = {name for one in told.values() for name in one.captures if (captures / name).exists()}
    if not here:
        pytest.skip("none of the captures of the page is here")
    fresh = found(captures, sorted(here))
    assert {said: one.captures for said, one in fresh.items()} == {
        said: names for said, one in told.items() if (names := tuple(name for name in one.captures if name in here))
    }
