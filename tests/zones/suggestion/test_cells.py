"""Which hosts are looked at together (domain/zones.md 8.1)."""

import pytest

from otwatch.zones.matching.matcher import rule_text
from otwatch.zones.suggestion.cells import Host, cells
from otwatch.zones.suggestion.suggest import suggest


def _hosts(*addresses: str) -> list[Host]:
    return [Host(ip, ip) for ip in addresses]


def _shown(assets: list[Host], gateways: list[tuple[str, ...]]) -> list[list[str]]:
    return [[rule_text(match) for match in cell.match] for cell in cells(assets, (), gateways)]


@pytest.mark.parametrize(
    ("card", "found"),
    [
        (("10.1.0.254", "10.1.1.254"), [["cidr 10.1.0.0/23"]]),
        (("10.1.0.254",), [["cidr 10.1.0.0/24"], ["cidr 10.1.1.0/24"]]),
        ((), [["cidr 10.1.0.0/24"], ["cidr 10.1.1.0/24"]]),
        (("10.1.0.254", "10.9.1.254"), [["cidr 10.1.0.0/24"], ["cidr 10.1.1.0/24"]]),
    ],
    ids=["one card for both", "of one only", "none", "the other is far"],
)
def test_neighbours_with_one_gateway_card_are_one(card: tuple[str, ...], found: list[list[str]]) -> None:
    assert _shown(_hosts("10.1.0.1", "10.1.0.2", "10.1.1.1", "10.1.1.2"), [card]) == found


def test_networks_that_are_no_neighbours_stay_apart() -> None:
    assert _shown(_hosts("10.1.0.1", "10.1.2.1"), [("10.1.0.254", "10.1.2.254")]) == [["cidr 10.1.0.0/24"], ["cidr 10.1.2.0/24"]]


def _station(number: int, network: int | None, router: str = "10.1.0.5") -> Host:
    return Host(f"bacnet {number}", router, names=(f"CTA_BLOC_{number}",), roles={"controller": 3.0}, network=network, days=7)


def test_a_bacnet_network_with_two_devices_is_a_cell_of_its_own() -> None:
    """One device alone follows its router."""
    router = Host("10.1.0.5", "10.1.0.5", roles={"gateway": 4.0})
    assets = [router, _station(1, 2101), _station(2, 2101), _station(3, 2102)]
    assert [([rule_text(match) for match in cell.match], [host.asset for host in cell.hosts]) for cell in cells(assets)] == [
        (["cidr 10.1.0.0/24"], ["10.1.0.5", "bacnet 3"]),
        (["bacnet_network 2101"], ["bacnet 1", "bacnet 2"]),
    ]
    zones = {one.zone: one for one in suggest(assets)}
    assert (zones["hvac_critical"].members, zones["hvac_critical"].criticality) == (("bacnet 1", "bacnet 2"), "C4")


def test_what_stands_behind_an_address_goes_with_it() -> None:
    units = [Host(f"10.1.0.5/unit {at}", "10.1.0.5") for at in range(3)]
    ((match, hosts),) = cells([Host("10.1.0.5", "10.1.0.5"), *units])
    assert (len(hosts), [rule_text(one) for one in match]) == (4, ["cidr 10.1.0.0/24"])
