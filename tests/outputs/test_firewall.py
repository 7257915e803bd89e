"""The proposal in the forms of firewalls. Whether nftables takes it is asked of nft itself."""

import csv
import json
import re
import shutil
import subprocess
from ipaddress import ip_network
from pathlib import Path

import pytest

from otwatch import pipeline
from otwatch.conclusions import Proposal
from otwatch.config import load_site
from otwatch.config.site import Site
from otwatch.outputs.firewall import HEAD, about, as_csv, as_fortinet, as_nftables, as_opnsense, as_stormshield
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.zones.firewall.permits import propose
from otwatch.zones.policy import Policy
from tests.cli.commands import HOSPITAL_PCAP, SITE

VOICE = Voice.of(Words("en"), "Europe/Paris", (), ())


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(Path(SITE))


@pytest.fixture(scope="module", params=[False, True])
def proposal(site: Site, request: pytest.FixtureRequest) -> Proposal:
    return propose(Policy(site), pipeline.replay([HOSPITAL_PCAP], site, None), narrow=request.param)


def test_csv(proposal: Proposal) -> None:
    head, *rows = csv.reader(as_csv(proposal, VOICE).splitlines())
    assert tuple(head) == HEAD
    snmp = dict(zip(head, next(row for row in rows if row[0] == "c11"), strict=True))
    assert (snmp["dst_port"], snmp["ops_allowed"], snmp["ops_seen"], snmp["writes_seen"], snmp["days"]) == ("161", "READ", "READ", "0", "1")
    assert {row[0] for row in rows} == {one.conduit for one in proposal.permits}


@pytest.mark.skipif(shutil.which("nft") is None, reason="nft is not installed (apt install nftables)")
@pytest.mark.parametrize("language", ["en", "fr"])
def test_nft_accepts_it(proposal: Proposal, language: str, tmp_path: Path) -> None:
    path = tmp_path / "proposal.nft"
    voice = Voice.of(Words(language), "Europe/Paris", (), ())
    for text in (as_nftables(proposal, voice), as_nftables(_with_six(proposal), voice)):
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(["unshare", "-rn", "nft", "-c", "-f", path], capture_output=True, text=True, check=False)
        if "unshare" in done.stderr:
            pytest.skip("no network namespace may be made here")
        assert (done.returncode, done.stderr) == (0, "")


def _with_six(proposal: Proposal) -> Proposal:
    """The same zones with IPv6 networks beside those of IPv4."""
    six = {zone: (*parts, f"fd00:{at:x}::/64") for at, (zone, parts) in enumerate(proposal.networks.items(), 1)}
    permits = tuple(one._replace(sources=six[one.client_zone], targets=six[one.server_zone]) for one in proposal.permits)
    return proposal._replace(networks=six, permits=permits, internal=(*proposal.internal, "fc00::/7"))


def test_never_rules_come_first_and_are_logged(proposal: Proposal) -> None:
    rules = as_nftables(proposal, VOICE).split("chain forward")[1].splitlines()
    drops = [at for at, rule in enumerate(rules) if 'log prefix "otwatch n' in rule]
    accepts = [at for at, rule in enumerate(rules) if "accept comment" in rule and "c21" not in rule]
    assert drops
    assert max(drops) < min(accepts)
    assert 'counter log prefix "otwatch default " drop' in rules[-3]


def test_it_says_what_it_rests_on(proposal: Proposal) -> None:
    said = "\n".join(about(proposal, VOICE))
    assert "monthly tests, generator trials" in said
    assert "c04" in said
    assert "0.0 % of what was to be read" in said
    assert all(line in as_nftables(proposal, VOICE) for line in about(proposal, VOICE))


def test_objects_name_every_network_of_every_zone(proposal: Proposal) -> None:
    fortinet, stormshield = as_fortinet(proposal, VOICE), as_stormshield(proposal, VOICE)
    for zone, parts in proposal.networks.items():
        assert f'    edit "otw_{zone}"\n        set member "otw_{zone}_1"' in fortinet
        for part in parts:
            network = ip_network(part)
            assert f"set subnet {network.network_address} {network.netmask}\n" in fortinet
            assert f",{network.network_address}," in stormshield
    assert 'network,otw_bureautique_1,10.10.0.0,255.254.0.0,15,,,"zone bureautique"\r\n' in stormshield


def test_opnsense_gets_one_alias_a_zone_with_names_that_fit(proposal: Proposal) -> None:
    long = {"z" * 32: ("10.0.0.0/8", "fd00::/64"), "z" * 31 + "y": ("10.1.0.0/16",)}
    for one in (proposal, proposal._replace(networks=long)):
        aliases = list(json.loads(as_opnsense(one, VOICE))["aliases"]["alias"].values())
        assert {alias["description"]: tuple(alias["content"].split("\n")) for alias in aliases} == {
            f"otwatch zone {zone}": networks for zone, networks in one.networks.items() if networks
        }
        names = [alias["name"] for alias in aliases]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,30}", name) for name in names)
