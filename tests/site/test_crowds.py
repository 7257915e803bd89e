"""Addresses that several hosts seem to share (domain/zones.md 9.4)."""

import pytest

from otwatch.config import load_site
from otwatch.config.site import Site
from otwatch.events import Identity
from otwatch.inventory import Inventory
from otwatch.results import Results
from otwatch.sightings import Tally
from otwatch.site import SiteHalf
from otwatch.site.crowds import Crowds
from tests.inventory.said import feed, inventory, said, tally, tcp, udp
from tests.zones.conftest import EXAMPLE

NAT, PLC = "10.10.5.1", "10.22.1.15"
TWO_NAMES = (("host", "PC-ACCUEIL"), ("host", "PC-LINGERIE"))
TWO_SYSTEMS = (("os", "Windows 10"), ("software", "Debian 12"))


def _heard(ttl: int, at: float) -> Tally:
    return tally(tcp(NAT, PLC), at=at)._replace(ttl=(ttl, 64))


def _named(*fields: tuple[str, str]) -> Inventory:
    found = inventory()
    feed(found, *(said(udp(NAT, "10.10.5.2", 137, "netbios-ns"), Identity("netbios-ns", (), (field,))) for field in fields))
    return found


@pytest.mark.parametrize(
    ("ttls", "fields", "found"),
    [
        (((63, 0), (127, 20)), TWO_NAMES, {NAT}),
        (((63, 0), (127, 20)), TWO_SYSTEMS, {NAT}),
        (((63, 0), (127, 20)), TWO_NAMES[:1], set()),
        (((63, 0), (127, 120)), TWO_NAMES, set()),
        (((63, 0), (60, 20)), TWO_NAMES, set()),
        (((63, 0),), TWO_NAMES, set()),
    ],
    ids=["names", "systems", "one name", "an hour apart", "one family", "one TTL"],
)
def test_two_signs_are_needed(ttls: tuple[tuple[int, float], ...], fields: tuple[tuple[str, str], ...], found: set[str]) -> None:
    crowds = Crowds()
    for ttl, at in ttls:
        crowds.see(_heard(ttl, at))
    assert crowds.suspects(_named(*fields)) == found


def test_the_server_of_a_page_is_not_named_by_who_asks_for_it() -> None:
    crowds = Crowds()
    for one in (_heard(63, 0), _heard(127, 9)):
        crowds.see(one)
    asked = inventory()
    feed(asked, *(said(tcp(NAT, PLC, 80, "http"), Identity("http", (), (("host", name),))) for name in ("intranet", "meteo")))
    assert crowds.suspects(asked) == frozenset()


def test_what_comes_from_there_is_said_to_be_of_one_of_them() -> None:
    found = _judged(load_site(EXAMPLE))
    (row,) = (row for row in found.links if row.client == NAT and row.server == PLC)
    assert (row.verdict, row.rule, row.reasons) == ("forbidden", "n03", ("behind_nat",))
    (one,) = (alert for alert in found.alerts if "zone.flow.forbidden" in (alert.detection, *alert.also))
    assert "Plusieurs machines semblent partager" in one.sentence["fr"]


def test_the_asset_says_that_it_is_several() -> None:
    (asset,) = (row for row in _judged(load_site(EXAMPLE)).assets if row.key == NAT)
    assert [reason for role, reason in asset.roles if role == "nat"] == ["crowd 1"]


def _judged(site: Site) -> Results:
    half = SiteHalf(site)
    for item in (_heard(63, 0), _heard(127, 9)):
        half.see(item)
    for field in TWO_NAMES:
        half.see(said(udp(NAT, "10.10.5.2", 137, "netbios-ns"), Identity("netbios-ns", (), (field,)), at=10))
    half.finish()
    return half.results((), {})
