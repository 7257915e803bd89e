"""Any proposal as nftables: nft takes it, and what it was made of passes through what nft then holds."""

import json
import shutil
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otwatch.config.site import Address, Allowance, Conduit, DeclaredZone, Host, Match, Never, Place, Side, Site
from otwatch.outputs.firewall import as_nftables
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import LinkRow, Results
from otwatch.zones.firewall.nftables import read_nftables
from otwatch.zones.firewall.permits import propose
from otwatch.zones.firewall.ruleset import Begin, decide
from otwatch.zones.matching.conditions import Identified
from otwatch.zones.matching.matcher import Matcher
from otwatch.zones.policy import Policy
from tests.outputs.samples import asset, link

VOICE = Voice.of(Words("fr"), "Europe/Paris", (), ())
SIX = ("fd00:1::", "fd00:2::")
ADDRESSES = [*(ip_address(f"10.{zone}.0.{host}") for zone in range(3) for host in (1, 2, 130)), *(ip_address(f"{one}5") for one in SIX)]
NETWORKS = [*(ip_network(f"10.{zone}.0.0/{bits}") for zone in range(3) for bits in (16, 24, 25)), *(ip_network(f"{one}/64") for one in SIX)]
HOSTS: st.SearchStrategy[Host] = st.one_of(st.sampled_from(NETWORKS), st.sampled_from(ADDRESSES).map(ip_network))
LISTED = st.lists(HOSTS, max_size=3).map(tuple)
SPOKEN = {"modbus": ("tcp", 502), "bacnet": ("udp", 47808), "ipsec": ("ip 50", 0), "ftp": ("tcp", 21), "any": ("udp", 9)}
LINES = st.lists(st.sampled_from(sorted(SPOKEN)), min_size=1, unique=True)
ZONES = ("a", "b", "c")


class Case(NamedTuple):
    site: Site
    links: tuple[tuple[Address, Address, str], ...]


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    given = draw(st.permutations(NETWORKS))  # one network in two zones is an error of the site file
    rules = [tuple(Match(cidr=one) for one in given[at * 3 : at * 3 + 3]) for at in range(len(ZONES))]
    zones = [DeclaredZone(name, "ups", match=found) for name, found in zip(ZONES, rules, strict=True)]
    zones.append(DeclaredZone("out", "internet", match=(Match(fallback="public"),)))
    conduits = tuple(
        Conduit(
            f"c{at}", tuple(draw(st.lists(st.sampled_from(ZONES), min_size=1, unique=True))), ("b",),
            tuple(Allowance(name, ops=frozenset({"ANY"})) for name in draw(LINES)),
            hosts_from=draw(LISTED), hosts_to=draw(LISTED), write_hosts=draw(LISTED),
        )
        for at in range(draw(st.integers(1, 3)))
    )  # fmt: skip
    outside = Never("n2", Side(level_max=3), Side(kinds=("internet",)), except_conduits=("c0",))
    never = (Never("n1", Side(zones=("c",)), Side(zones=("a",))), outside)
    ranges = draw(st.sampled_from([None, (ip_network("10.0.0.0/8"), ip_network("10.1.0.0/16"))]))
    site = Site(1, Place("x", "UTC", internal_ranges=ranges), zones=tuple(zones), conduits=conduits, never=never)
    spoken = st.tuples(st.sampled_from(ADDRESSES), st.sampled_from(ADDRESSES), st.sampled_from(sorted(SPOKEN)))
    return Case(site, tuple(draw(st.lists(spoken, min_size=1, max_size=8))))


def _results(case: Case) -> Results:
    """Everything that was said is told as allowed by the first conduit that may mean it."""
    matcher, policy = Matcher(case.site), Policy(case.site)
    rows: list[LinkRow] = []
    for client, server, name in case.links:
        ends = [matcher.place(Identified(str(one))).zone for one in (client, server)]
        meant = [one for one in policy.between(ends[0], ends[1]) if _holds(policy, one, client, server, name)]
        if meant and client != server and client.version == server.version:
            transport, port = SPOKEN[name]
            facts = {"protocol": "esp" if name == "ipsec" else name, "transport": transport, "port": port, "rule": meant[0].id}
            rows.append(link(str(client), str(server), ends[0], ends[1], verdict="allowed", **facts))  # type: ignore[arg-type]  # fields of the row
    assets = tuple(asset(str(one), address=str(one)) for one in ADDRESSES)
    return Results("", (), (), assets, (), tuple(rows), (), (), {})


def _holds(policy: Policy, conduit: Conduit, client: Address, server: Address, name: str) -> bool:
    sides = ((conduit.hosts_from, str(client)), (conduit.hosts_to, str(server)))
    listed = any(line.proto == name for line in conduit.protocols)
    return listed and all(policy.hosts(hosts).holds(one, one) for hosts, one in sides)


def _nft(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["unshare", "-rn", *words], capture_output=True, text=True, check=False, cwd=path.parent)


@pytest.mark.skipif(shutil.which("nft") is None, reason="nft is not installed (apt install nftables)")
@settings(max_examples=40, deadline=None)
@given(_cases(), st.booleans())
def test_nft_takes_any_proposal_and_passes_what_it_is_made_of(tmp_path_factory: pytest.TempPathFactory, case: Case, narrow: bool) -> None:
    path = tmp_path_factory.mktemp("nft") / "proposal.nft"
    results = _results(case)
    path.write_text(as_nftables(propose(Policy(case.site), results, narrow=narrow), VOICE), encoding="utf-8")
    checked = _nft(path, "nft", "-c", "-f", path.name)
    if "unshare" in checked.stderr:
        pytest.skip("no network namespace may be made here")
    assert (checked.returncode, checked.stderr) == (0, ""), path.read_text(encoding="utf-8")
    held = _nft(path, "sh", "-c", f"nft -f {path.name} && nft -j list ruleset")
    rules = read_nftables(held.stdout, "nft")
    assert json.loads(held.stdout)["nftables"]
    for row in results.links:
        begin = Begin(ip_address(row.client), ip_address(row.server), row.transport, row.port)
        assert decide(rules, begin).verdict == "accept", (row, path.read_text(encoding="utf-8"))
