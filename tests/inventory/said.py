"""Sightings and tallies made by hand, short enough to read in a test."""

from otwatch.events import Answer, Binding, Event, Identity, Request, Route, Verb
from otwatch.inventory import Inventory
from otwatch.sightings import Conversation, Frame, Outcome, Role, Sighting, Tally

SECOND = 1_000_000_000
START = 1_760_000_400 * SECOND  # on a full hour
SPOKEN = frozenset({"modbus", "bacnet", "bacnet-ethernet", "enip", "snmp", "http", "arp"})
ACK, SYN, RST, FIN = 16, 2, 4, 1


def tcp(client: str, server: str, port: int = 502, service: str = "modbus", client_port: int = 50000) -> Conversation:
    return Conversation(client, server, "tcp", client_port, port, service, Role.SYN)


def udp(client: str, server: str, port: int = 47808, service: str = "bacnet", client_port: int = 47808) -> Conversation:
    return Conversation(client, server, "udp", client_port, port, service, Role.GUESS)


def said(talk: Conversation, event: Event, by_client: bool = True, at: float = 0, *, times: int = 1, outcome: Outcome = Outcome.NONE,
         error_code: str = "", number: int = 1) -> Sighting:  # fmt: skip
    """`at` in seconds from START."""
    time_ns = START + int(at * SECOND)
    return Sighting(talk, by_client, event, times, time_ns, time_ns, Frame("a.pcap", number), outcome, error_code=error_code)


def read(target: Route = ("unit 1",), protocol: str = "modbus", origin: Route = ()) -> Request:
    return Request(protocol, Verb.READ, "Read", 3, target, origin)


def write(target: Route = ("unit 1",), protocol: str = "modbus", priority: int | None = None) -> Request:
    return Request(protocol, Verb.WRITE, "Write", 6, target, priority=priority)


def answer(target: Route = ("unit 1",), protocol: str = "modbus", error: str = "", error_code: str = "") -> Answer:
    return Answer(protocol, "Read", 3, target, error=error, error_code=error_code)


def i_am(talk: Conversation, instance: int, subject: Route = (), by_client: bool = True, at: float = 0) -> list[Sighting]:
    """The three events of an I-Am."""
    request = Request("bacnet", Verb.DISCOVER, "i-Am", 256, (), subject, one_way=True)
    identity = Identity("bacnet", subject, (("device_instance", str(instance)), ("vendor_id", "7"), ("vendor", "Siemens")))
    return [said(talk, event, by_client, at) for event in (request, identity, Binding("bacnet-device", str(instance), "", subject))]


def tally(talk: Conversation, packets: tuple[int, int] = (1, 1), payload: tuple[int, int] = (0, 0), flags: tuple[int, int] = (ACK, ACK),
          *, at: float = 0, macs: tuple[str, str] = ("", ""), unread: int = 0, vlan: int = -1) -> Tally:  # fmt: skip
    time_ns = START + int(at * SECOND)
    size = (packets[0] * 60, packets[1] * 60)
    return Tally(talk, packets, size, payload, flags, 0, unread, macs, vlan, (64, 64), time_ns, time_ns, Frame("a.pcap", 1))


def inventory() -> Inventory:
    return Inventory(spoken=SPOKEN)


def feed(to: Inventory, *items: Sighting | Tally) -> list[object]:
    """Every change that the items make."""
    changes: list[object] = []
    for item in items:
        changes.extend(to.see(item) if isinstance(item, Sighting) else to.tally(item))
    return changes
