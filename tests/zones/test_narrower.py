"""What is written narrower never lets more pass, whatever the conversation (issue 7). For batches see test_flows."""

from collections.abc import Callable
from datetime import date
from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from otwatch.changes import LinkSeen
from otwatch.config.site import Allowance, Conduit, Never, Side, Site
from otwatch.events import Verb
from otwatch.zones.compare import Judged

from .conftest import at, judged, link

HOSTS = [
    "10.20.1.10",
    "10.20.1.12",
    "10.22.1.15",
    "10.22.2.15",
    "10.10.5.20",
    "10.24.1.3",
    "10.24.2.10",
    "10.20.3.5",
    "10.21.4.5",
    "8.8.8.8",
]
TIMES = [at("2026-10-13T10:00"), at("2026-10-13T23:00"), at("2026-10-07T07:00")]
USUAL = [
    ("10.20.1.10", "10.22.1.15", "bacnet", Verb.WRITE), ("10.20.1.12", "10.22.2.15", "modbus", Verb.WRITE),
    ("10.20.1.12", "10.21.4.5", "modbus", Verb.READ), ("10.20.3.5", "10.22.1.15", "enip", Verb.PROGRAM),
    ("10.24.1.3", "10.24.2.10", "modbus", Verb.WRITE), ("10.22.1.15", "10.20.1.10", "bacnet", Verb.ALARM),
    ("10.20.1.12", "10.20.4.10", "ntp", Verb.TIME), ("10.20.2.50", "10.20.1.10", "https", None),
]  # fmt: skip
"""What the example allows: any change makes it something else."""
ANYTHING = st.tuples(
    st.sampled_from(HOSTS), st.sampled_from(HOSTS), st.sampled_from(["modbus", "bacnet", "https", "ntp", "rdp", "snmp", "enip"]),
    st.sampled_from([None, *Verb]),
)  # fmt: skip
LINKS = st.builds(
    lambda who, time_ns, strongest, tls: link(*who, time_ns=time_ns, strongest=strongest, **({"tls": tls} if tls else {})),
    st.one_of(st.sampled_from(USUAL), st.sampled_from(USUAL), ANYTHING),
    st.sampled_from(TIMES),
    st.sampled_from([0, 0, 1, 8, 16]),
    st.sampled_from(["", "", "none", "1.3"]),
)
_FEW = (ip_network("10.20.1.8/29"),)


def _lines(one: Conduit, change: Callable[[Allowance], Allowance]) -> Conduit:
    return one._replace(protocols=tuple(map(change, one.protocols)))


NARROWER: dict[str, Callable[[Conduit], Conduit | None]] = {
    "gone": lambda _: None,
    "hosts_from": lambda one: one._replace(hosts_from=one.hosts_from or _FEW),
    "hosts_to": lambda one: one._replace(hosts_to=one.hosts_to or _FEW),
    "write_hosts": lambda one: one._replace(write_hosts=one.write_hosts[:1] or _FEW),
    "strongest": lambda one: one._replace(strongest_bacnet_priority=16),
    "window": lambda one: one._replace(window=one.window or "maintenance"),
    "expires": lambda one: one._replace(expires=date(2026, 10, 8)),
    "ops": lambda one: _lines(one, lambda line: line._replace(ops=frozenset({"READ"}) & (line.ops or {"READ"}) or frozenset({"DISCOVER"}))),
    "tls": lambda one: _lines(one, lambda line: line._replace(tls="required")),
    "ports": lambda one: _lines(one, lambda line: line._replace(ports=((1, 400),) if line.ports is None else line.ports)),
    "one line": lambda one: one._replace(protocols=one.protocols[:1]),
}
SIDES = st.builds(
    Side, zones=st.sampled_from([(), ("supervision",), ("bureautique", "cvc")]), level_max=st.sampled_from([None, 2.0, 4.0]),
    criticality_min=st.sampled_from([None, "C3"]),
)  # fmt: skip
RULES = st.builds(Never, st.just("extra"), SIDES, SIDES, ops=st.sampled_from([frozenset[str](), frozenset({"WRITE", "CONTROL"})]))


def _passes(site: Site, seen: LinkSeen) -> bool:
    return judged(site, seen).kind is Judged.ALLOWED


@given(LINKS, st.sampled_from(sorted(NARROWER)), st.data())
def test_a_narrower_conduit_never_lets_more_pass(example: Site, seen: LinkSeen, how: str, data: st.DataObject) -> None:
    conduits = example.conduits or ()
    chosen = data.draw(st.sets(st.sampled_from([one.id for one in conduits]), min_size=1))
    changed = [NARROWER[how](one) if one.id in chosen else one for one in conduits]
    if how == "ops":  # what a line says nothing about has an allowance of its own, which READ may not be a part of
        changed = [one for one in changed if one is not None and all(line.ops for line in one.protocols)]
    narrower = example._replace(conduits=tuple(one for one in changed if one is not None))
    if _passes(narrower, seen):
        assert _passes(example, seen)


@given(LINKS, RULES)
def test_another_never_rule_never_lets_more_pass(example: Site, seen: LinkSeen, rule: Never) -> None:
    if _passes(example._replace(never=(*(example.never or ()), rule)), seen):
        assert _passes(example, seen)


@given(LINKS, st.sampled_from(sorted(NARROWER)), st.integers(0, 26))
def test_a_narrower_conduit_beside_another_changes_nothing(example: Site, seen: LinkSeen, how: str, at_line: int) -> None:
    conduits = example.conduits or ()
    narrower = NARROWER[how](conduits[at_line]._replace(unidirectional=False))
    if narrower is not None and how != "ops":
        beside = example._replace(conduits=(*conduits, narrower._replace(id="beside")))
        assert _passes(beside, seen) == _passes(example, seen)
