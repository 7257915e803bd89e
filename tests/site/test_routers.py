"""Who leads out of a network."""

from ipaddress import ip_address

from otwatch.inventory.macs import Macs
from otwatch.sightings import Frame
from otwatch.site.routers import crosses, is_gateway

ROUTER, HOST = "00:00:5e:00:53:01", "00:00:5e:00:53:02"
DECLARED = (ip_address("10.1.0.1"),)


def _macs(*sent: tuple[str, str]) -> Macs:
    macs = Macs()
    for mac, ip in sent:
        macs.note(mac, ip, 0, Frame("a", 1))
    return macs


def test_nothing_declared_says_nothing() -> None:
    assert is_gateway("10.1.0.1", (), _macs()) is None


def test_the_card_of_a_gateway_is_one_whatever_address_it_speaks_by() -> None:
    macs = _macs((ROUTER, "10.1.0.1"), (ROUTER, "fe80::1"), (HOST, "fe80::2"))
    assert [is_gateway(asset, DECLARED, macs) for asset in ("10.1.0.1", "fe80::1", "fe80::2", "10.1.0.9")] == [True, True, False, False]


def test_who_sends_for_several_networks_crosses() -> None:
    macs = _macs((ROUTER, "10.1.0.1"), (ROUTER, "10.2.0.7"), (HOST, "10.1.0.9"), (HOST, "10.1.0.10"))
    assert [crosses(asset, macs) for asset in ("10.1.0.1", "10.1.0.9", "10.1.0.99")] == [True, False, False]


def test_a_shared_address_crosses() -> None:
    """VRRP (RFC 9568 7.3)."""
    assert crosses("10.1.0.1", _macs(("00:00:5e:00:01:07", "10.1.0.1")))
