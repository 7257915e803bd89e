import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.events import Route
from otwatch.inventory.endpoints import Reached, bacnet_ip, ends, internal, is_broadcast, kind, reached
from otwatch.inventory.rows import order
from tests.inventory.said import answer, i_am, read, said, tcp, udp


@pytest.mark.parametrize(
    ("route", "key", "via"),
    [
        ((), "10.1.1.1", ""),
        (("unit 5",), "10.1.1.1/unit 5", "10.1.1.1"),
        (("unit 0",), "10.1.1.1", ""),
        (("unit 255",), "10.1.1.1", ""),
        (("net 3/0a",), "bacnet 3/0a", "10.1.1.1"),
        (("ip 192.0.2.7:47808",), "192.0.2.7", ""),
        (("ip 192.0.2.7:47808", "net 7/0a"), "bacnet 7/0a", "192.0.2.7"),
        (("ip [2001:db8::7]:47808",), "2001:db8::7", ""),
        (("net 1/c0a80010bac0",), "192.168.0.16", ""),
        (("net 1/00e0c90010a5",), "bacnet 1/00e0c90010a5", "10.1.1.1"),
        (("net 65535/",), "bacnet 65535/*", ""),
        (("port 1/0",), "10.1.1.1/port 1/0", "10.1.1.1"),
        (("port 1/0", "port 2/192.168.1.5"), "10.1.1.1/port 1/0/port 2/192.168.1.5", "10.1.1.1"),
    ],
)
def test_reached(route: Route, key: str, via: str) -> None:
    assert reached("10.1.1.1", route) == Reached(key, via)


def test_broadcast_over_a_broadcast_is_that_broadcast() -> None:
    assert reached("10.1.1.255", ("net 65535/",)) == Reached("10.1.1.255")


@pytest.mark.parametrize(
    ("key", "sort"),
    [
        ("10.1.1.1", "host"), ("100.64.3.4", "host"), ("169.254.1.1", "host"), ("fe80::1", "host"), ("fd00::1", "host"),
        ("9.9.9.9", "external"), ("2a00::1", "external"),
        ("10.1.1.255", "group"), ("255.255.255.255", "group"), ("224.0.0.251", "group"), ("ff02::fb", "group"), ("0.0.0.0", "group"),
        ("9.9.9.255", "external"), ("00:80:f4:00:00:01", "l2"), ("01:80:c2:00:00:0e", "group"), ("ff:ff:ff:ff:ff:ff", "group"),
        ("10.1.1.1/unit 5", "modbus-unit"), ("bacnet 3/0a", "bacnet-device"), ("bacnet 17", "bacnet-device"), ("bacnet 3/*", "group"),
        ("10.1.1.1/port 1/0", "cip-node"),
    ],
)  # fmt: skip
def test_kind(key: str, sort: str) -> None:
    assert kind(key, internal) == sort


def test_a_request_of_the_server_side_is_asked_by_it() -> None:
    """A BACnet controller notifies: the conversation began the other way round (zones.md 9.2)."""
    talk = udp("10.20.1.10", "10.22.1.15")
    assert ends(said(talk, read((), "bacnet"), by_client=False)) == ("10.22.1.15", "10.20.1.10")
    assert ends(said(talk, answer((), "bacnet"), by_client=True)) == ("10.22.1.15", "10.20.1.10")
    assert ends(said(talk, answer((), "bacnet"), by_client=False)) == ("10.20.1.10", "10.22.1.15")


def test_a_client_that_gives_up_stays_the_client() -> None:
    talk = udp("10.20.1.10", "10.22.1.15")
    gives_up = answer((), "bacnet", "abort")._replace(details=(("by", "client"),))
    assert ends(said(talk, gives_up, by_client=True)) == ("10.20.1.10", "10.22.1.15")


def test_routes_lead_on_both_sides() -> None:
    request = read(("net 3/0a",), "bacnet", ("ip 10.9.9.9:47808",))
    assert ends(said(udp("10.1.1.1", "10.1.1.2"), request)) == ("10.9.9.9", "bacnet 3/0a")


def test_facts_ask_nothing() -> None:
    identity = i_am(udp("10.1.1.1", "10.1.1.2"), 5, by_client=False)[1]
    assert ends(identity) == ("10.1.1.1", "10.1.1.2")
    assert ends(said(tcp("10.1.1.1", "10.1.1.2"), read())) == ("10.1.1.1", "10.1.1.2/unit 1")


@given(st.text(max_size=40))
def test_any_text_has_a_kind_and_a_place(key: str) -> None:
    assert kind(key, internal) in {"host", "external", "group", "l2", "modbus-unit", "bacnet-device", "cip-node"}
    order(key)
    is_broadcast(key)


@given(st.binary(max_size=18))
def test_any_station_address(station: bytes) -> None:
    found = bacnet_ip(station.hex())
    assert (found != "") == (len(station) == 6 and station[4] == 0xBA and station[5] in range(0xC0, 0xD0))
