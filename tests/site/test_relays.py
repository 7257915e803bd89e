"""Somebody from the office works on a server, and the server begins to write: from items through the whole half."""

from pathlib import Path

import pytest

from otwatch.alerts.model import Severity
from otwatch.config import load_site
from otwatch.events import Point, Request, Verb
from otwatch.results import AlertRow
from otwatch.sightings import Conversation, Frame, Outcome, Role, Sighting, Tally
from otwatch.site import SiteHalf

SECOND = 1_000_000_000
START = 1_760_000_400 * SECOND
OFFICE, SERVER, CONTROLLER = "10.10.0.5", "10.20.0.9", "10.30.0.7"
SITE = """
version: 1
site: {{name: Essai, timezone: UTC, language: fr}}
zones:
  - {{id: bureau, kind: {kind}, match: [{{cidr: 10.10.0.0/16}}]}}
  - {{id: gtb, kind: supervision, match: [{{cidr: 10.20.0.0/16}}]}}
  - {{id: cvc, kind: hvac_general, match: [{{cidr: 10.30.0.0/16}}]}}
conduits:
  - {{id: c1, from: gtb, to: cvc, protocols: [{{proto: modbus, ops: [READ, WRITE]}}], purpose: conduite}}
{more}
"""
DECLARED = "  - {id: c2, from: bureau, to: gtb, protocols: [{proto: any, transport: tcp, ports: [3389]}], purpose: rebond}"


def remote_screen(at: int, last: int) -> list[Tally]:
    talk = Conversation(OFFICE, SERVER, "tcp", 50_000, 3389, "rdp", Role.SYN)
    return [
        Tally(talk, (9, 9), (900, 900), (500, 500), (2, 18), 0, 0, ("", ""), -1, (128, 128), START + second * SECOND,
              START + second * SECOND, Frame("a.pcap", second + 1))
        for second in range(at, last, 10)
    ]  # fmt: skip


def asks(at: int, verb: str) -> Sighting:
    request = Request("modbus", Verb(verb), "said", 6, ("unit 1",), points=(Point("holding-register", 7),), values=("1",))
    talk = Conversation(SERVER, CONTROLLER, "tcp", 50_001, 502, "modbus", Role.SYN)
    time_ns, number = START + at * SECOND, 1000 + at
    return Sighting(talk, True, request, 1, time_ns, time_ns, Frame("a.pcap", number), Outcome.OK, answer=Frame("a.pcap", number + 1))


def chains(folder: Path, *items: Tally | Sighting, kind: str = "office_it", more: str = "") -> list[AlertRow]:
    file = folder / "site.yaml"
    file.write_text(SITE.format(kind=kind, more=more), "utf-8")
    half = SiteHalf(load_site(file))
    for item in sorted(items, key=lambda one: one.first_ns):
        half.see(item)
    half.finish()
    return [row for row in half.results((), {}).alerts if row.detection == "zone.chain.jump"]


def test_a_write_that_begins_in_a_session(tmp_path: Path) -> None:
    (row,) = chains(tmp_path, *remote_screen(0, 600), asks(120, "WRITE"))
    assert (row.variant, row.severity, row.client, row.server) == ("write", Severity.CRITICAL, SERVER, CONTROLLER)
    assert f"Pendant que {OFFICE} travaillait sur {SERVER}" in row.sentence["fr"]
    assert [frame.number for frame in row.frames] == [1, 1120]


@pytest.mark.parametrize(
    "items",
    [
        [asks(0, "WRITE"), *remote_screen(60, 600), asks(120, "WRITE")],
        [*remote_screen(0, 100), asks(500, "WRITE")],
        [asks(120, "WRITE")],
    ],
    ids=["it went on before", "long after the session", "without a session"],
)
def test_what_the_session_did_not_begin(tmp_path: Path, items: list[Tally | Sighting]) -> None:
    assert chains(tmp_path, *items) == []


def test_a_jump_host_with_both_halves_declared(tmp_path: Path) -> None:
    items = (*remote_screen(0, 600), asks(120, "WRITE"))
    (row,) = chains(tmp_path, *items, kind="engineering")
    assert row.severity == Severity.HIGH
    assert chains(tmp_path, *items, kind="engineering", more=DECLARED) == []
