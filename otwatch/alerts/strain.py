"""What equipment has to bear, and what that adds to counters: orders in quick succession, errors, floods (detections.md, groups 2 and 5).

Only orders, errors, and conversations with very many packets are counted, so what polling and its answers do costs nothing.
"""

from collections.abc import Iterator

from otwatch.alerts.groups import is_group, is_invented
from otwatch.alerts.model import Site
from otwatch.alerts.tracks import Mark
from otwatch.events import Answer, Request, Verb
from otwatch.sightings import Outcome, Sighting, Tally

ORDERS = frozenset({Verb.WRITE, Verb.CONTROL})
MANY = 500
"""Packets of one side in a slot of 10 s below which nothing is part of a flood."""
_UNDONE = frozenset({Outcome.ERROR, Outcome.UNANSWERED})
_DIMMED = frozenset({"knx"})
"""Buttons that are held send a telegram many times a second."""
_SYN, _ACK, _ENDS = 0x02, 0x10, 0x05
"""TCP flags: who begins; who has heard the other side; FIN and RST (RFC 9293 3.1)."""
_BROKEN_OFF = frozenset({0x04, 0x14})
"""RST, and RST with ACK, and nothing else."""
_KEPT_NS = 1_000_000_000
"""How long a place is taken before that counts: whoever only looks whether a port is open leaves it at once."""
_KEYS, _WORK = 800, 16_384
"""Payload in bytes of a client of SSH: with its keys exchanged (RFC 4253 7, 8), and when something is done or copied."""
_ODD_FLAGS = {0x00: "NULL", 0x01: "FIN", 0x03: "SYN FIN", 0x29: "FIN PSH URG", 0x2B: "SYN FIN PSH URG"}
"""Flags of a packet that opens, keeps and closes nothing, as scanners send them."""
_TRACES = range(33_434, 33_626)
"""UDP ports by which traceroute counts its steps: nobody is meant to answer there."""
_BIG = 500
"""Mean length of packets in bytes from which on a stream to a group is taken for pictures or sound."""
_OWN_LIMITS = {"modbus": frozenset({"1", "2", "3"}), "http": frozenset({"400", "401", "403", "404", "405", "407"})}
"""Errors that say nothing about the device: what is asked there does not exist, or is not for everybody."""
_MISSING = ("0x05", "0x08", "0x14", "0x16")
"""General status of CIP: path unknown, service, attribute or object not there (CIP volume 1 appendix B)."""
_FIELD = frozenset({
    "modbus", "modbus-rtu", "enip", "s7", "mms", "opcua", "fox", "iec104", "dnp3", "fins", "ads", "xway",
})  # fmt: skip
"""Protocols of equipment over TCP."""
_SELF_PACED = frozenset({"cip-io", "goose", "sampled-values", "profinet", "ethercat"})
"""Cyclic data, as fast as they were set up to be."""


# -- orders -----------------------------------------------------------------------------------------------------------------------------


def is_order(event: Request) -> bool:
    """Whether it sets points."""
    return event.verb in ORDERS and bool(event.points)


def orders(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    """Only what was done. A block or a list of points written at once is one thing."""
    if item.outcome in _UNDONE:
        return
    pair, point, talk = site.ends(item), str(event.points[0]), item.conversation
    if talk.transport == "tcp":
        yield Mark("ways", (*pair, event.protocol), (talk.client_port, point), item.first_ns, item.frame, item.times)
    yield Mark("orders", pair, point, item.first_ns, item.frame, item.times)
    if event.protocol not in _DIMMED:
        yield Mark("values", (*pair, point), event.values, item.first_ns, item.frame, item.times)


# -- errors -----------------------------------------------------------------------------------------------------------------------------


def is_failure(event: Answer) -> bool:
    """Whether it says that the device could not do what it usually can."""
    return bool(event.error) and event.error_code not in _OWN_LIMITS.get(event.protocol, ())


def failures(item: Sighting, event: Request | Answer, site: Site) -> Iterator[Mark]:
    """An error: of an answer alone, or of a request that was joined with it."""
    error, code = (event.error, event.error_code) if isinstance(event, Answer) else (item.error, item.error_code)
    pair = site.ends(item)
    if code not in _OWN_LIMITS.get(event.protocol, ()):
        yield Mark("errors", (*pair, event.protocol), (error, code), item.first_ns, item.frame, item.times)
    if event.protocol == "cip" and isinstance(event, Request) and code.startswith(_MISSING):
        yield Mark("cip_missing", pair, (event.code, event.points), item.first_ns, item.frame, item.times)


# -- floods -----------------------------------------------------------------------------------------------------------------------------


def connected(tally: Tally) -> Iterator[Mark]:
    """A connection that was begun: in how many protocols of equipment somebody tries one host, and how many he keeps open there.

    A connection is open once its client has heard the answer; a flood of SYN never gets there.
    """
    talk = tally.conversation
    told = (tally.first_ns, tally.frame)
    pair, own = (talk.client, talk.server), (talk.client, talk.client_port)
    is_open = bool(tally.flags[1] & _SYN) and tally.is_acknowledged()
    if talk.service in _FIELD:
        yield Mark("protocols", pair, talk.service, *told)
        if not is_open:
            yield Mark("knocks", talk.server, own, *told)
        elif _is_kept(tally):
            yield Mark("open", pair, own, *told)
    elif is_open and not (tally.flags[0] | tally.flags[1]) & _ENDS:
        yield Mark("kept", pair, own, *told)


def _is_kept(tally: Tally) -> bool:
    """Whether a place is taken: still open, or held for a while without a word."""
    has_ended = (tally.flags[0] | tally.flags[1]) & _ENDS
    return not has_ended or (not any(tally.payload) and tally.last_ns - tally.first_ns >= _KEPT_NS)


def hurried(tally: Tally) -> Iterator[Mark]:
    """Sessions that were encrypted and over within a slot: too short to work in, long enough to try passwords."""
    talk = tally.conversation
    begun, ended = tally.flags[0] & tally.flags[1] & _SYN, (tally.flags[0] | tally.flags[1]) & _ENDS
    if talk.service == "ssh" and begun and ended and _KEYS <= tally.payload[0] < _WORK and tally.payload[1] < _WORK:
        yield Mark("sessions", (talk.client, talk.server), talk.client_port, tally.first_ns, tally.frame)


def broken_off(tally: Tally) -> Iterator[Mark]:
    """Resets of connections that were never there, as they are sent blindly to end one that is."""
    talk = tally.conversation
    if talk.service in _FIELD and tally.flags[0] in _BROKEN_OFF and not tally.packets[1]:
        yield Mark("knocks", talk.server, (talk.client, talk.client_port), tally.first_ns, tally.frame)


def unheard(tally: Tally) -> Iterator[Mark]:
    """Datagrams that nobody answered: at how many doors somebody knocks. Pieces of datagrams (port 0) stand at no door."""
    talk = tally.conversation
    if tally.packets[1] or not talk.server_port or talk.server_port in _TRACES:
        return
    yield Mark("udp", talk.client, (talk.server, talk.server_port), tally.first_ns, tally.frame, 1, failed=True)


def odd(tally: Tally) -> Iterator[Mark]:
    """Packets whose flags no program sets, and no ACK beside them: what a system answers to it tells which one it is (RFC 9293 3.10.7),
    and which of its ports are closed. Of pieces of packets, and of cut ones, neither ports nor flags were seen."""
    talk = tally.conversation
    if tally.packets[0] and talk.server_port and (what := _ODD_FLAGS.get(tally.flags[0])):
        told = (tally.first_ns, tally.frame)
        yield Mark("odd", (talk.client, talk.server), what, *told)
        yield Mark("tcp", talk.client, (talk.server, talk.server_port), *told, 1, failed=True)


def echoed(tally: Tally) -> Iterator[Mark]:
    """What echoes carry each way. It failed where the answers do not bring back as much: as many of another size, or more than were asked
    for, beside one from the slot before."""
    (sent, got), (there, back) = tally.packets, tally.bytes
    if sent and got and not tally.twice:
        astray = there != back if sent == got else got > sent + 1
        pair = (tally.conversation.client, tally.conversation.server)
        yield Mark("echoes", pair, (there // sent, back // got), tally.first_ns, tally.frame, sent + got, astray)


def invented(tally: Tally) -> Iterator[Mark]:
    """Senders that cannot exist, whoever is hit."""
    talk = tally.conversation
    if tally.packets[0] and is_invented(talk.client):
        yield Mark("invented", tally.vlan, talk.client, tally.first_ns, tally.frame, tally.packets[0])


def pressed(tally: Tally) -> Iterator[Mark]:
    """Very many packets that nobody asked for: to a group, or to one host that has nothing to say to them."""
    talk = tally.conversation
    sent, got = tally.packets
    if sent < MANY or talk.service in _SELF_PACED:
        return
    told = (tally.first_ns, tally.frame, sent)
    unheard = not tally.payload[1] and not (tally.payload[0] and got)
    if is_group(talk.server):
        if tally.bytes[0] < _BIG * sent:
            yield Mark("storm", tally.vlan, talk.client, *told)
    elif unheard or talk.transport == "icmp":
        yield Mark("flood", talk.server, talk.client, *told)
