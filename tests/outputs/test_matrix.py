"""The matrix of zones: what is counted where, and how it is drawn."""

import json

from hypothesis import given
from hypothesis import strategies as st

from otwatch.outputs.matrix import MATRIX, WORST_FIRST, cells, crossing, matrix_document, matrix_text
from otwatch.outputs.tables import as_csv
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import LinkRow
from tests.outputs.samples import HOSPITAL, asset, link

ZONES = HOSPITAL.zones
LINKS = st.lists(
    st.builds(
        link, st.sampled_from(["a", "b"]), st.sampled_from(["c", "d"]), st.sampled_from(["cvc", "bt", ""]), st.sampled_from(["bt", "x"]),
        protocol=st.sampled_from(["modbus", "bacnet", ""]), verdict=st.sampled_from(WORST_FIRST), writes=st.integers(0, 9),
        bytes_sent=st.integers(0, 9_000), verbs=st.dictionaries(st.sampled_from(["READ", "WRITE"]), st.integers(1, 9)),
    ), max_size=12,
)  # fmt: skip


def _voice(language: str = "en") -> Voice:
    return Voice.of(Words(language), "UTC", ZONES, HOSPITAL.assets)


def _shown(links: tuple[LinkRow, ...], width: int = 80) -> str:
    from io import StringIO

    from otwatch.outputs.layout import show

    out = StringIO()
    show(matrix_text(cells(links, ZONES), ZONES, _voice(), width), out)
    return out.getvalue()


@given(LINKS)
def test_nothing_is_lost_or_counted_twice(links: list[LinkRow]) -> None:
    found = cells(links, ZONES)
    assert len({cell[:3] for cell in found}) == len(found)
    for field in ("bytes_sent", "writes", "packets"):
        assert sum(getattr(cell, field) for cell in found) == sum(getattr(one, field) for one in links)
    assert sum(cell.conversations for cell in found) == len(links)
    assert sum(cell.verbs.get("READ", 0) for cell in found) == sum(one.verbs.get("READ", 0) for one in links)


@given(LINKS)
def test_the_verdict_is_the_worst(links: list[LinkRow]) -> None:
    for cell in cells(links, ZONES):
        assert cell.verdict == min(cell.verdicts, key=WORST_FIRST.index)
        assert sum(cell.verdicts.values()) == cell.conversations


@given(LINKS)
def test_the_order_of_conversations_does_not_matter(links: list[LinkRow]) -> None:
    assert {cell[:3]: cell.verbs for cell in cells(links, ZONES)} == {cell[:3]: cell.verbs for cell in cells(links[::-1], ZONES)}


def test_what_is_told_to_everybody_reaches_no_zone() -> None:
    inside, everybody = link("a", "b", "cvc", "cvc"), link("a", "224.0.0.1", "cvc", "", verdict="not judged")
    judged = everybody._replace(verdict="forbidden")
    assert list(crossing((inside, everybody, judged), HOSPITAL.assets)) == [judged]


def test_the_map() -> None:
    read = link("a", "b", "supervision", "bt", verbs={"READ": 3}, writes=0)
    tried = link("a", "c", "cvc", "bt", verbs={}, writes=0, state="attempt", verdict="undeclared")
    lines = _shown((*HOSPITAL.links, read, tried)).splitlines()
    assert lines[1:6] == [
        "                  1  2  3  4",
        "   1 bureautique  \\  .  W! .",
        "   2 supervision  .  \\  W  R",
        "   3 cvc          .  .  \\  a?",
        "   4 bt           .  .  .  \\",
    ]


def test_no_line_is_wider_than_a_terminal() -> None:
    many = tuple(link("a", "b", f"zone_{at:02}", f"zone_{at + 1:02}") for at in range(40))
    text = _shown(many)
    assert max(map(len, text.splitlines())) <= 80
    squares = [line for line in text.splitlines() if line.lstrip()[:1].isdecimal() and " W" in line]
    assert len(squares) == 40


def test_pairs_say_who_what_and_why() -> None:
    text = _shown(HOSPITAL.links)
    assert "  bureautique -> cvc: forbidden\n    - modbus: 1 client, 1 server; writes 1, 20 kB\n      forbidden (d03)\n" in text


def test_documents() -> None:
    found = cells(HOSPITAL.links, ZONES)
    read = json.loads(matrix_document(found, ZONES, ()))
    assert [zone["id"] for zone in read["zones"]] == [zone.id for zone in ZONES]
    assert [(cell["client_zone"], cell["verdict"], cell["writes"]) for cell in read["matrix"]] == [
        ("bureautique", "forbidden", 2), ("supervision", "allowed", 2),
    ]  # fmt: skip
    rows = as_csv(MATRIX, found, _voice("fr")).split("\r\n")
    assert rows[0].startswith("de la zone,vers la zone,protocole,jugement")
    assert rows[2].startswith("supervision,cvc,modbus,permis,c03")


def test_nothing_between_zones_is_said() -> None:
    assert "Nothing was seen between two zones." in _shown(())
    assert asset("a").zone == ""
