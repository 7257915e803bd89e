"""What all equipment relies on: addresses, clocks, bridges, the ways of BACnet, and too much of everything."""

from pcaps.acts import messages as say
from pcaps.acts.act import EVERYBODY, GTE, OFFICE, PLC, THEATRE, TIME, VALMONT, Act
from pcaps.acts.frames import Story

_BBMD = "10.22.1.30"
_GROUP = "01:80:c2:00:00:00"
_ROOT, _BRIDGE, _OTHER_ROOT = "00:1b:1b:0a:00:01", "00:1b:1b:0a:00:02", "00:0c:29:aa:00:09"


def _answers_in_turn(story: Story, period: float, *cards: str) -> None:
    for card in cards:
        story.arp(PLC, GTE, card)
        story.wait(period)


def two_cards_one_address(story: Story) -> None:
    _answers_in_turn(story, 5, *("00:80:f4:16:08:14", "00:0c:29:16:08:14") * 4)


def card_replaced(story: Story) -> None:
    _answers_in_turn(story, 300, *["00:80:f4:16:08:14"] * 4, *["00:80:f4:77:08:14"] * 4)


def time_of_a_stranger(story: Story) -> None:
    story.ask(PLC, OFFICE, 123, say.NTP_ASKED, say.NTP_GIVEN)


def time_of_the_server(story: Story) -> None:
    story.ask(PLC, TIME, 123, say.NTP_ASKED, say.NTP_GIVEN)


def _bridges(story: Story, *roots: str) -> None:
    for root in roots:
        said = say.bridge(root, _BRIDGE)
        story.ethernet(_BRIDGE, _GROUP, len(said), said)
        story.wait(2)


def root_taken_over(story: Story) -> None:
    _bridges(story, *[_ROOT] * 3, *[_OTHER_ROOT] * 3)


def root_stays(story: Story) -> None:
    _bridges(story, *[_ROOT] * 6)


def broadcasts_led_elsewhere(story: Story) -> None:
    """Write-Broadcast-Distribution-Table with one entry (135-2020, J.2.2)."""
    story.ask(OFFICE, _BBMD, 47808, bytes.fromhex("8101000e 0a0a0514 bac0 ffffffff"), bytes.fromhex("810000060000"), own=47808)


def broadcasts_asked(story: Story) -> None:
    story.ask(OFFICE, _BBMD, 47808, bytes.fromhex("81020004"), bytes.fromhex("8103000e 0a160f1e bac0 ffffffff"), own=47808)


def routes_changed(story: Story) -> None:
    """Initialize-Routing-Table: network 2101 by port 1 (135-2020, 6.4.7)."""
    story.ask(OFFICE, _BBMD, 47808, say.bacnet("06 01 0835 01 00", "0180"), say.bacnet("07 00", "0180"), own=47808)


def routers_asked(story: Story) -> None:
    story.ask(OFFICE, _BBMD, 47808, say.bacnet("00", "0180"), say.bacnet("01 0835", "0180"), own=47808)


def _announce(story: Story, *devices: tuple[str, int]) -> None:
    for address, instance in devices:
        story.udp(address, EVERYBODY, (47808, 47808), say.i_am(instance))
        story.wait(1)


def number_given_twice(story: Story) -> None:
    _announce(story, (THEATRE, 210103), ("10.22.1.16", 210103))


def numbers_of_their_own(story: Story) -> None:
    _announce(story, (THEATRE, 210103), ("10.22.1.16", 210104))


def _opens(story: Story, times: int) -> None:
    """Connections that nobody closes, to a controller that holds a few."""
    for _ in range(times):
        story.connect(OFFICE, PLC, 502)
    story.connect(GTE, PLC, 502).ask(say.READ, say.VALUES)
    for number in range(30):
        story.wait(1)
        story.arp(f"10.22.8.{100 + number}")


def all_places_taken(story: Story) -> None:
    _opens(story, 20)


def a_few_connections(story: Story) -> None:
    _opens(story, 4)


NETWORK = (
    Act("address-twice", "integ.dup.ip", "ip", two_cards_one_address, card_replaced),
    Act("strange-clock", "integ.ntp.server", "new_server", time_of_a_stranger, time_of_the_server, site=VALMONT),
    Act("root-taken-over", "integ.l2.control", "stp_root", root_taken_over, root_stays),
    Act("broadcasts-led", "integ.bacnet.bbmd", "write_bdt", broadcasts_led_elsewhere, broadcasts_asked),
    Act("routes-changed", "integ.bacnet.routing", "order", routes_changed, routers_asked),
    Act("number-twice", "integ.bacnet.dup_instance", "duplicate", number_given_twice, numbers_of_their_own),
    Act("places-taken", "avail.flood", "exhaustion", all_places_taken, a_few_connections),
)
