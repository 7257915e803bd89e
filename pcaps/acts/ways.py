"""Who decides where packets go: redirects, routers, leases, rings, trunks; and pings that carry something else."""

from random import Random

from pcaps.acts import messages as say
from pcaps.acts.act import GTE, OFFICE, PLC, THEATRE, VALMONT, Act
from pcaps.acts.frames import Story

_GATEWAY, _STRANGER, _SERVER = "10.22.1.254", "10.22.1.66", "10.20.1.126"
_RING, _ALL, _CISCO = "00:1b:1b:0a:00:01", "01:15:4e:00:00:01", "01:00:0c:cc:cc:cc"
_MRP, _ROUTER, _GROUP = 0x88E3, "fe80::20c:29ff:feaa:9", "33:33:00:00:00:01"
_REDIRECT, _ASKED, _ANSWERED, _ADVERTISEMENT = 5, 8, 0, 134
_NAMES = "10.20.4.5"


def led_to_a_stranger(story: Story) -> None:
    story.arp(_STRANGER, THEATRE)
    for _ in range(3):
        story.icmp(_GATEWAY, THEATRE, _REDIRECT, say.redirect(_STRANGER, THEATRE, GTE), 1)
        story.wait(4)


def led_to_a_router(story: Story) -> None:
    for _ in range(3):
        story.icmp(_GATEWAY, THEATRE, _REDIRECT, say.redirect(_SERVER, THEATRE, GTE), 1)
        story.wait(4)


def _advertises(story: Story, lifetime: int, card: str, prefix: str = "2001:db8:66::") -> None:
    for _ in range(3):
        story.icmpv6(_ROUTER, "ff02::1", (card, _GROUP), _ADVERTISEMENT, say.router(lifetime, prefix))
        story.wait(8)


def stranger_leads_out(story: Story) -> None:
    _advertises(story, 1800, "00:0c:29:aa:00:09")


def gateway_leads_out(story: Story) -> None:
    """The card of a declared gateway."""
    story.arp(_GATEWAY, THEATRE)
    _advertises(story, 1800, story.mac(_GATEWAY))


def _leases(story: Story, router: str, resolver: str) -> None:
    for address in ("10.22.1.40", "10.22.1.41"):
        story.udp(_GATEWAY, address, (67, 68), say.lease(address, story.mac(address), router, resolver))
        story.wait(5)


def another_way_out_leased(story: Story) -> None:
    _leases(story, _STRANGER, _NAMES)


def gateway_leased(story: Story) -> None:
    _leases(story, _GATEWAY, _NAMES)


def _rings(story: Story, *states: int) -> None:
    for state in states:
        story.ethernet(_RING, _ALL, _MRP, say.ring(state))
        story.wait(1)


def ring_opens(story: Story) -> None:
    _rings(story, *[1] * 5, *[0] * 20)


def ring_is_tested(story: Story) -> None:
    _rings(story, *[1] * 5, 0, 0, *[1] * 20)


def _negotiates(story: Story, wish: int) -> None:
    for _ in range(3):
        said = say.trunk(wish)
        story.ethernet(_RING, _CISCO, len(said), said)
        story.wait(30)


def port_becomes_a_trunk(story: Story) -> None:
    _negotiates(story, 3)


def port_is_no_trunk(story: Story) -> None:
    _negotiates(story, 2)


def _pings(story: Story, *, carry: bool) -> None:
    """Of different sizes; those that carry something bring back something else."""
    chance = Random(792)
    for number in range(30):
        sent = chance.randbytes(chance.randrange(64, 400))
        story.icmp(OFFICE, PLC, _ASKED, say.echo(number, sent))
        story.icmp(PLC, OFFICE, _ANSWERED, say.echo(number, chance.randbytes(chance.randrange(64, 400)) if carry else sent))
        story.wait(2)


def pings_carry(story: Story) -> None:
    _pings(story, carry=True)


def pings_of_all_sizes(story: Story) -> None:
    _pings(story, carry=False)


def _questions(story: Story, *kinds: tuple[int, int]) -> None:
    for kind, size in kinds:
        story.icmp(OFFICE, PLC, kind, bytes(size))
        story.wait(1)


def system_guessed(story: Story) -> None:
    _questions(story, (_ASKED, 32), (13, 16), (15, 4), (17, 8))


def clock_asked(story: Story) -> None:
    _questions(story, (_ASKED, 32), (13, 16), (13, 16), (13, 16))


WAYS = (
    Act("led-astray", "integ.l2.control", "redirect", led_to_a_stranger, led_to_a_router, site=VALMONT),
    Act("router-from-nowhere", "integ.l2.control", "router", stranger_leads_out, gateway_leads_out, site=VALMONT),
    Act("way-out-leased", "integ.l2.control", "dhcp", another_way_out_leased, gateway_leased, site=VALMONT),
    Act("ring-open", "integ.l2.control", "ring", ring_opens, ring_is_tested),
    Act("trunk-wanted", "integ.l2.control", "trunk", port_becomes_a_trunk, port_is_no_trunk),
    Act("pings-carry", "zone.tunnel.echo", "echo", pings_carry, pings_of_all_sizes),
    Act("system-guessed", "recon.plc.fingerprint", "tool_signature", system_guessed, clock_asked),
)
