import pytest

from otwatch.inventory.links import State
from otwatch.inventory.roles import ALSO, FLOOR, RULES, Edge, Evidence, Rule, roles

OUTSIDE = tuple(Edge(f"9.9.9.{n}", "https", State.ESTABLISHED, frozenset(), 0, True) for n in range(3))


def edges(protocol: str, count: int = 1, verbs: str = "READ", *, slots: int = 1, state: State = State.ESTABLISHED, outside: bool = False,
          marks: frozenset[str] = frozenset(), other: str = "10.0.0.{}") -> tuple[Edge, ...]:  # fmt: skip
    return tuple(Edge(other.format(n), protocol, state, frozenset(verbs.split()), slots, outside, marks) for n in range(count))


EXAMPLES: dict[str, Evidence] = {
    "answers": Evidence((), edges("modbus")),
    "units": Evidence((), (), units=3),
    "crowd": Evidence((), (), crowd=True),
    "routes": Evidence((), (), routed=1),
    "mac-networks": Evidence((), (), networks=2, sources=4),
    "mac-sources": Evidence((), (), networks=1, sources=3),
    "polls-many": Evidence(edges("bacnet", 5), ()),
    "polls-steadily": Evidence(edges("bacnet", 3, slots=3), ()),
    "programs": Evidence(edges("modbus", verbs="PROGRAM"), ()),
    "databases": Evidence((), edges("mssql", 2, "")),
    "time": Evidence((), edges("ntp", 3, "")),
    "video": Evidence((), edges("rtsp")),
    "camera-maker": Evidence((), (), vendor="AXIS COMMUNICATIONS AB"),
    "watches": Evidence(edges("rtsp", 4), ()),
    "ups-objects": Evidence((), edges("snmp", marks=frozenset({"ups"}))),
    "ups-maker": Evidence((), (), vendor="AMERICAN POWER CONVERSION CORP"),
    "bridges": Evidence(edges("", other="01:80:c2:00:00:00"), ()),
    "says-bridge": Evidence((), (), capable=frozenset({"bridge", "router"})),
    "says-router": Evidence((), (), capable=frozenset({"wan-gateway"})),
    "says-telephone": Evidence((), (), capable=frozenset({"bridge", "telephone"})),
    "says-camera": Evidence((), (), capable=frozenset({"camera"})),
    "says-recorder": Evidence((), (), capable=frozenset({"recorder"})),
    "says-time": Evidence((), (), capable=frozenset({"time-server"})),
    "directory": Evidence((*edges("kerberos"), *OUTSIDE), ()),
    "browses": Evidence(edges("https", 10, outside=True), ()),
    "vpn": Evidence((), edges("openvpn", outside=True)),
    "images": Evidence((), edges("dicom")),
    "sends-images": Evidence(edges("hl7"), ()),
    "calls": Evidence((), edges("sip")),
    "lights": Evidence((), edges("knx", verbs="")),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.key))
def test_every_rule_is_met_by_its_example(rule: Rule) -> None:
    found = {role.name: role for role in roles(EXAMPLES[rule.key])}
    assert rule.role in found
    assert found[rule.role].score >= FLOOR


def test_every_rule_has_an_example() -> None:
    assert {rule.key for rule in RULES} == set(EXAMPLES)


def test_best_first_with_the_reason_that_weighs_most() -> None:
    found = roles(Evidence(edges("bacnet", 6, slots=5), edges("opcua")))
    assert [role.name for role in found] == ["supervision", "controller"]
    assert found[0].score == 7
    assert found[0].why() == "polls-many 6"


@pytest.mark.parametrize(
    "seen",
    [
        Evidence((), ()),
        Evidence((), edges("modbus", state=State.ATTEMPT)),
        Evidence((), edges("modbus", state=State.REFUSED)),
        Evidence((), edges("bacnet", verbs="SUBSCRIBE ALARM")),  # a server that is notified is no controller
        Evidence(edges("modbus", 4, slots=2), ()),
        Evidence((), edges("ntp", 2)),
        Evidence(OUTSIDE, ()),
    ],
)
def test_too_little_is_no_role(seen: Evidence) -> None:
    assert roles(seen) == ()


def test_words_of_the_site_file() -> None:
    assert {rule.role for rule in RULES} >= set(ALSO)


@pytest.mark.parametrize("seen", [
    Evidence((), (), capable=frozenset({"bridge", "telephone"})),
    Evidence((), edges("modbus"), capable=frozenset({"bridge"})),
])  # fmt: skip
def test_telephones_and_controllers_with_two_sockets_are_no_switches(seen: Evidence) -> None:
    assert "switch" not in {role.name for role in roles(seen)}
