"""From one zone to another: what a conduit allowed once, or asked to be protected, and what crosses without any; and who leads out."""

from functools import partial
from struct import pack

from pcaps.acts import messages as say
from pcaps.acts.act import EVERYBODY, GTE, LEARNT, OFFICE, PLC, SECURITY, VALMONT, Act, be_learnt
from pcaps.acts.frames import BEGIN, Frame, Story

DECLARED = "pcaps/acts/declared.yaml"
_CONTRACTOR, _SERVER, _FAR = "10.30.10.8", "10.20.1.70", "198.51.100.7"
_GATEWAY, _OTHER, _NAMES = "10.22.1.254", "10.22.1.66", "10.20.4.5"
_EAPOL, _PORTS = 0x888E, "01:80:c2:00:00:03"
_VLAN = 0x8100
_AFTERWARDS = 4_102_704_000.0
"""2100-01-04 00:00 UTC: a site file with a conduit that is over is refused, so its end lies ahead of every reader."""


def _asks(client: str, server: str, said: tuple[bytes, bytes], story: Story, port: int = 502) -> None:
    connection = story.connect(client, server, port)
    connection.ask(*said)
    connection.close()


_READ = say.READ, say.VALUES
_WRITTEN = say.wrote(4000, 21), say.wrote(4000, 21)
_PAGE = say.http("GET / HTTP/1.1", f"Host: {PLC}"), say.http("HTTP/1.1 200 OK", "Server: Schneider-WEB")
_HELLO = b"fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n", b"fox a 0 1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n"
_SEALED = bytes.fromhex("1603030004 0e000000"), bytes.fromhex("1603030004 0e000000")
"""A record of TLS 1.2 (RFC 5246 6.2.1)."""


def _fox(said: tuple[bytes, bytes], story: Story) -> None:
    _asks(SECURITY, _SERVER, said, story, port=4911)


def _page(begin: float, story: Story) -> None:
    story.now = begin
    _asks(GTE, PLC, _PAGE, story, port=80)


def _pings(client: str, story: Story) -> None:
    for number in range(3):
        story.icmp(client, PLC, 8, say.echo(number, bytes(32)))
        story.icmp(PLC, client, 0, say.echo(number, bytes(32)))
        story.wait(1)


def _in_vlan(number: int, host: str, story: Story) -> None:
    """A question to everybody, behind its tag (IEEE 802.1Q 9.6)."""
    plain = Story(story.now)
    plain.udp(host, EVERYBODY, (47808, 47808), say.bacnet("1008", "0120ffff00ff", 0x0B))
    (frame,) = plain.frames
    story.frames.append(Frame(frame.time, frame.data[:12] + pack("!HH", _VLAN, number) + frame.data[12:]))
    story.wait(5)


def _vlans(hosts: tuple[tuple[int, str], ...], story: Story) -> None:
    for _ in range(3):
        for number, host in hosts:
            _in_vlan(number, host, story)


def _begins(server: str, story: Story) -> None:
    """A controller that is asked by its supervision opens a connection of its own, in nothing that is known."""
    _asks(GTE, PLC, _READ, story)
    story.wait(60)
    _asks(PLC, server, (b"\1\2READY\n", b"\1\2GO\n"), story, port=4444)


def _offers(story: Story, *, other: str) -> None:
    for server, router in ((_GATEWAY, _GATEWAY), (_OTHER, other)):
        story.udp(server, "10.22.1.40", (67, 68), say.lease("10.22.1.40", story.mac("10.22.1.40"), router, _NAMES))
        story.wait(1)


def _appears(card: str, story: Story) -> None:
    """It asks to be let in (IEEE 802.1X 11.3); the second bit of its first octet says that its address is made up (IEEE 802 8.4)."""
    be_learnt(story, 2)
    story.ethernet(card, _PORTS, _EAPOL, bytes.fromhex("02010000"))


def _calls(hello: bytes, story: Story) -> None:
    """A controller calls its maker, by a name (RFC 6066 3)."""
    connection = story.connect(PLC, _FAR, 443)
    connection.ask(hello, say.SERVER_HELLO)
    connection.close()


CROSSINGS = (
    Act("controller-in-the-cloud", "zone.internet.outbound", "cloud", partial(_calls, say.client_hello("cloud.exemple.fr")),
        partial(_asks, GTE, PLC, _READ), site=VALMONT),
    Act("orders-from-afar", "clear.ics.unprotected", "declared", partial(_asks, _CONTRACTOR, PLC, _WRITTEN),
        partial(_asks, _CONTRACTOR, PLC, _READ), site=DECLARED),
    Act("conduit-expired", "zone.conduit.violation", "expired", partial(_page, _AFTERWARDS), partial(_page, BEGIN), site=DECLARED),
    Act("console-in-clear", "zone.conduit.violation", "tls", partial(_fox, _HELLO), partial(_fox, _SEALED), site=VALMONT),
    Act("desk-pings", "zone.flow.undeclared", "echo", partial(_pings, SECURITY), partial(_pings, GTE), site=VALMONT),
    Act("vlan-shared", "zone.flow.undeclared", "shared", partial(_vlans, ((30, PLC), (30, SECURITY))),
        partial(_vlans, ((30, PLC), (40, SECURITY))), site=VALMONT),
    Act("controller-calls", "zone.field.initiator", "outward", partial(_begins, OFFICE), partial(_begins, GTE)),
    Act("gateways-offered", "integ.l2.control", "gateways", partial(_offers, other=_OTHER), partial(_offers, other=_GATEWAY)),
    Act("card-made-up", "inv.asset.new", "random_mac", partial(_appears, "da:a1:19:00:00:01"), partial(_appears, _PORTS), site=LEARNT),
    Act("desk-writes", "clear.ics.unprotected", "write", partial(_asks, SECURITY, PLC, _WRITTEN), partial(_asks, GTE, PLC, _READ),
        site=VALMONT, beside=True),
)  # fmt: skip
