from otwatch.changes import AssetAged, CardShared, OverrideHeld
from otwatch.events import Binding, Event, Identity, Point, Request, Verb
from otwatch.inventory import Inventory
from otwatch.inventory.endpoints import internal
from otwatch.sightings import Conversation, Outcome, Role
from otwatch.site.inspection import inspect
from tests.inventory.said import START, feed, said, tally, tcp, udp

CARD, ROUTER = "00:80:f4:00:00:01", "00:80:f4:00:00:02"
DAY = 86_400
NOW = START + 2 * DAY * 1_000_000_000


def after(*events: tuple[Event, float], routers: frozenset[str] = frozenset()) -> Inventory:
    inventory = Inventory(internal, routers=routers)
    talk = Conversation(CARD, "ff:ff:ff:ff:ff:ff", "ethernet", 0, 0, "arp", Role.GUESS)
    feed(inventory, *(said(talk, event, at=at) for event, at in events))
    return inventory


def arp(ip: str, at: float = 0, mac: str = CARD) -> tuple[Event, float]:
    return Binding("arp", ip, mac), at


def shared(inventory: Inventory) -> list[tuple[str, str, str]]:
    return [(one.mac, one.one, one.other) for one in inspect(inventory, NOW) if isinstance(one, CardShared)]


def test_one_card_with_two_addresses() -> None:
    assert shared(after(arp("10.1.1.1"), arp("10.2.2.2", 5))) == [(CARD, "10.1.1.1", "10.2.2.2")]


def test_a_laptop_that_moved_is_at_one_place_at_a_time() -> None:
    assert shared(after(arp("10.1.1.1"), arp("10.2.2.2", 700))) == []
    assert shared(after(arp("10.1.1.1"), arp("10.2.2.2", 700), arp("10.1.1.1", 900))) != []


def test_a_router_is_no_host_with_two_legs() -> None:
    legs = (arp("10.1.1.1"), arp("10.2.2.2", 5))
    assert shared(after(*legs, routers=frozenset({"10.2.2.2"}))) == []
    routing = after(*legs)
    feed(routing, tally(tcp("10.9.9.9", "10.1.1.7"), macs=(CARD, "")))
    assert shared(routing) == []


def test_systems_without_support_by_what_they_say_themselves() -> None:
    inventory = Inventory(internal)
    talk = tcp("10.1.1.1", "10.1.1.2", 80, "http")
    about = (("software", "Windows NT/5.1"), ("os", "Windows XP"))
    feed(inventory, said(talk, Identity("http", (), about), by_client=False), said(talk, Identity("http", (), (("os", "Linux"),))))
    found = [one for one in inspect(inventory, NOW) if isinstance(one, AssetAged)]
    assert [(one.asset, one.since) for one in found] == [("10.1.1.2", "2014-04-08")]


def test_hearsay_is_no_proof() -> None:
    inventory = Inventory(internal)
    talk = tcp("10.1.1.1", "10.1.1.2", 80, "http")
    feed(inventory, said(talk, Identity("http", (), (("os", "Windows XP"),), hearsay=True)))
    assert list(inspect(inventory, NOW)) == []


def commanded(*orders: tuple[str, str, int, float]) -> list[tuple[str, int, str, bool]]:
    """Who is told to hold a BACnet object after orders of (client, value, priority, when), two days after the first."""
    inventory = Inventory(internal)
    point = Point("analog-value", 12, part="present-value")
    for client, value, priority, at in orders:
        order = Request("bacnet", Verb.WRITE, "writeProperty", 15, points=(point,), values=(value,), priority=priority)
        feed(inventory, said(udp(client, "10.22.1.15"), order, at=at, outcome=Outcome.OK))
    found = [one for one in inspect(inventory, NOW) if isinstance(one, OverrideHeld)]
    return [(one.client, one.priority, one.value, one.covers) for one in found]


def test_a_command_that_stands_for_a_day() -> None:
    assert commanded(("10.1.1.1", "21", 8, 0)) == [("10.1.1.1", 8, "21", False)]
    assert commanded(("10.1.1.1", "21", 8, 0), ("10.1.1.1", "21", 8, 1.9 * DAY)) == [("10.1.1.1", 8, "21", False)]
    assert commanded(("10.1.1.1", "19", 16, 0), ("10.1.1.2", "21", 8, 60)) == [("10.1.1.2", 8, "21", True)]


def test_a_command_that_was_released_or_changed_today() -> None:
    assert commanded(("10.1.1.1", "21", 8, 0), ("10.1.1.1", "null", 8, DAY)) == []
    assert commanded(("10.1.1.1", "21", 8, 0), ("10.1.1.1", "22", 8, 1.5 * DAY)) == []
