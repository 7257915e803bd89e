"""A draft of a site file from rows: which conduits, and what a person must look at (domain/zones.md 8.6)."""

import pytest

from otwatch.conclusions import Draft
from otwatch.results import Results, ZoneRow
from otwatch.zones.suggestion.drafting import drafted
from tests.outputs.samples import asset, link

ZONES = {"sup": "supervision", "air": "hvac_general", "fire": "fire_safety", "office": "office_it"}
SERVER, AIR, FIRE, PC = "10.0.1.1", "10.0.2.1", "10.0.3.1", "10.0.4.1"


def _zone(name: str, kind: str) -> ZoneRow:
    level = {"supervision": 3.0, "office_it": 4.0}.get(kind, 1.0)
    return ZoneRow(name, {"en": name}, kind, level, "C2", 1, True, 0.8, (), rules=("cidr 10.0.0.0/8",))


def _draft(*links: tuple[str, str, dict[str, object]]) -> Draft:
    place = {SERVER: "sup", AIR: "air", FIRE: "fire", PC: "office", "224.0.0.1": ""}
    assets = tuple(asset(key, zone=zone, kind="group" if key.startswith("224") else "host") for key, zone in place.items())
    rows = tuple(link(one, other, place[one], place[other], **{"days": 5} | more) for one, other, more in links)  # type: ignore[arg-type]  # fields of the row
    return drafted(Results("", (), (), assets, (), rows, tuple(_zone(*one) for one in ZONES.items()), (), {}))


@pytest.mark.parametrize(
    ("one", "more", "flags"),
    [
        ((SERVER, AIR), {"verbs": {"READ": 9}, "writes": 0}, ("single",)),
        ((SERVER, AIR), {"verbs": {"WRITE": 1}, "writes": 1, "days": 1}, ("write", "single", "days")),
        ((SERVER, AIR), {"verbs": {}, "writes": 0, "role": "guess"}, ("initiator", "single")),
        ((SERVER, FIRE), {"verbs": {"READ": 1}, "writes": 0}, ("single",)),
        ((SERVER, FIRE), {"verbs": {"WRITE": 1}, "writes": 1}, ("never", "write", "single")),
        ((PC, AIR), {"verbs": {"READ": 1}, "writes": 0}, ("never", "single")),
    ],
)
def test_flags(one: tuple[str, str], more: dict[str, object], flags: tuple[str, ...]) -> None:
    (conduit,) = _draft((*one, more)).conduits
    assert conduit.flags == flags
    assert bool(conduit.rule) == ("never" in flags)


def test_what_is_no_flow_between_zones_makes_no_conduit() -> None:
    tried, echo, everybody = {"state": "attempt"}, {"transport": "icmp", "port": 0, "protocol": ""}, {"verdict": "not judged"}
    assert _draft((SERVER, AIR, tried), (SERVER, AIR, echo), (SERVER, "224.0.0.1", everybody), (SERVER, SERVER, {})).conduits == ()


def test_protocols_are_named_as_the_site_file_does() -> None:
    found = _draft(
        (SERVER, AIR, {"protocol": "cip", "port": 44818}), (SERVER, AIR, {"protocol": "", "port": 9899}),
        (SERVER, AIR, {"protocol": "modbus", "port": 1502, "verbs": {"SESSION": 1, "READ": 2}}),
        (SERVER, AIR, {"protocol": "mssql", "port": 1433}),
    )  # fmt: skip
    assert {(one.proto, one.transport, one.ports) for one in found.conduits} == {
        ("cip", "", ()), ("any", "tcp", (9899,)), ("modbus", "", (1502,)), ("umas", "", (1502,)), ("sql", "", ()),
    }  # fmt: skip


def test_one_conduit_for_two_zones_and_a_protocol() -> None:
    (one,) = _draft((SERVER, AIR, {}), (SERVER, AIR, {"port": 502, "writes": 0, "verbs": {"READ": 1}})).conduits
    assert (one.id, one.clients, one.servers, one.writers, one.ops) == ("s01", (SERVER,), (AIR,), (SERVER,), ("READ", "WRITE"))


def test_what_has_no_name_is_one_line_whatever_its_ports() -> None:
    few, many = ([(SERVER, AIR, {"protocol": "", "port": 9000 + at, "role": "syn"}) for at in range(count)] for count in (2, 9))
    assert [(one.proto, one.ports, one.flags) for one in _draft(*few).conduits] == [("any", (9000, 9001), ("write",))]
    assert [(len(one.ports), one.flags) for one in _draft(*many).conduits] == [(9, ("write", "ports"))]
