"""ARP for IPv4 on Ethernet (RFC 826, RFC 5227): which MAC answers for which address.

    hardware 2 = 1, 6 | protocol 2 = 0800 | lengths 1 + 1 = 6, 4 | operation 2 | sender MAC 6, IP 4 | target MAC 6, IP 4 | padding

Every message binds the sender's two addresses, but a probe (sender 0.0.0.0), which asks whether an address is free.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Binding, Details, Event, Identity, Point, Request, Verb

NAME = "arp"
ETHERNET, IEEE_802, IPV4 = 1, 6, 0x0800
REQUEST, REPLY = 1, 2
NOBODY = "0.0.0.0"  # the address of a probe, not a socket


def looks_like(read: Reader, _: bool) -> bool:
    return _is_ours(read) and read.fields(">BBH") in ((6, 4, REQUEST), (6, 4, REPLY))


def decode(read: Reader, _: bool | None) -> Iterator[Event]:
    """The sender's binding (of one that looks for an address of its own, its MAC), then what it asks or answers.

    A request goes to everybody and its answer to one, in another conversation, so nobody waits for it: `one_way`.
    Nothing is said about other hardware and protocols, which are no flaw.
    """
    if not _is_ours(read):
        read.aside(read.left)
        return
    if read.fields(">BB") != (6, 4):
        raise Malformed("lengths of addresses are not 6 and 4", 4)
    operation = read.u16()
    mac, sender = read.take(6).hex(":"), _ip(read)
    read.aside(6)  # the target's MAC: in a request anything, in an answer the one that asked
    target = _ip(read)
    read.aside(read.left)
    yield Binding(NAME, sender, mac) if sender != NOBODY else Identity(NAME, (), (("mac", mac),))
    details = _details(sender, target)
    if operation == REQUEST:
        points = (Point("ip", name=target),)
        yield Request(NAME, Verb.DISCOVER, "ARP request", REQUEST, points=points, details=details, one_way=True)
    elif operation == REPLY:
        yield Answer(NAME, "ARP request", REQUEST, details=details)
    else:
        raise Malformed(f"operation {operation} is neither request nor reply", 6)


def _is_ours(read: Reader) -> bool:
    hardware, protocol = read.fields(">HH")
    return hardware in (ETHERNET, IEEE_802) and protocol == IPV4


def _details(sender: str, target: str) -> Details:
    """RFC 5227 1.1: an announcement ("gratuitous") names the sender as target; a probe names no sender."""
    if sender == target:
        return (("kind", "gratuitous"),)
    return (("kind", "probe"),) if sender == NOBODY else ()


def _ip(read: Reader) -> str:
    return ".".join(str(octet) for octet in read.fields(">4B"))


ARP = Dissector(
    name=NAME,
    title="ARP",
    transports=frozenset({"ethernet"}),
    ports=frozenset(),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    ethertype=0x0806,
    tells=True,
)
