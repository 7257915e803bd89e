"""For every detection: what raises it, at a site that answers so; and what does not."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from otwatch.alerts.credentials import Finding as Known
from otwatch.alerts.credentials import Verdict as SecretVerdict
from otwatch.alerts.model import Asker, Exchange, Habit, Setting
from otwatch.alerts.tracks import SECOND
from otwatch.alerts.usual import Range
from otwatch.changes import (
    AssetAged,
    AssetChanged,
    AssetSeen,
    AssetSilent,
    Blindness,
    CardShared,
    Claim,
    LinkSeen,
    OperationMissed,
    Outside,
    OverrideHeld,
    PollingStopped,
    ProgramTransferred,
    SightLost,
    ValueOutside,
)  # fmt: skip
from otwatch.events import REWRITTEN, UNREAD, Anomaly, Answer, Binding, Credential, Identity, Point, Secret, State, Verb
from otwatch.sightings import Frame, Outcome
from otwatch.zones.compare import Judged, Verdict
from tests.alerts.site import BEGIN, CAPTURE, COMFORT, LATER, FakeSite, asked, link, login, sighting, tally

Items = Callable[[], list[Any]]


LEADS_OUT = Identity("icmpv6", (), (("capability", "router"),))
LEADING = {"10.10.5.20": frozenset({"router"})}
"""Who said it is a router as far as its card tells."""


class Example(NamedTuple):
    """`site`: what FakeSite answers. `quiet` are items, `elsewhere` answers, that do not raise it."""

    detection: str
    variant: str
    items: Items
    site: Mapping[str, Any] = {}
    quiet: Items | None = None
    elsewhere: Mapping[str, Any] | None = None


REGISTER = Point("holding-register", 4001)
VALUE = Point("binary-output", 1, part="present-value")
LIMIT = Point("analog-input", 3, part="high-limit")
DEFAULT = {"secret": SecretVerdict(Known.DEFAULT, "axis-root-pass", 0.95)}
WEAK, SHORT = {"secret": SecretVerdict(Known.WEAK)}, {"secret": SecretVerdict(Known.SHORT)}
ALLOWED, FORBIDDEN = Verdict(Judged.ALLOWED, conduit="c03"), Verdict(Judged.FORBIDDEN, "n03")
UNDECLARED = Verdict(Judged.UNDECLARED, reasons=("pair",))
VIOLATION = Verdict(Judged.VIOLATION, reasons=("op", "tls?"), conduit="c01")
EXPIRED = Verdict(Judged.UNDECLARED, reasons=("expires",), conduit="c09")
TOO_HOT = Outside("ecs_depart", "Départ ECS", "holding-register 4001", "48.5 °C", "≥ 55 °C")
DECLARED = {"allowed": "expected_writers[0]"}


def one(*items: Any) -> Items:
    return lambda: list(items)


def told_by(*said: Any) -> Items:
    """What one host says of the network, to everybody."""
    return one(*(sighting(event, server="10.22.8.255", service="icmp", outcome=Outcome.NONE, number=at) for at, event in enumerate(said)))


def echoes(*sizes: tuple[int, int], got: int = 10) -> Items:
    """Ten pings in each slot and what came back, with the bytes of both."""
    pings = tally("10.10.5.20", "8.8.8.8", 0)
    talk = pings.conversation._replace(transport="icmp", client_port=0)
    return one(*(
        pings._replace(conversation=talk, packets=(10, got), bytes=size, flags=(0, 0), first_ns=LATER + at * 10 * SECOND,
                       last_ns=LATER + at * 10 * SECOND)
        for at, size in enumerate(sizes)
    ))  # fmt: skip


def said(*event: Any, **more: Any) -> Items:
    return one(sighting(asked(*event), **more))


def write(**more: Any) -> Items:
    return one(sighting(asked("modbus", "WRITE", "Write Single Register", 6, point=REGISTER, value="30"), **more))


def command(priority: int, value: str = "0", **more: Any) -> Items:
    request = asked("bacnet", "WRITE", "writeProperty", 15, point=VALUE, value=value)._replace(priority=priority)
    return one(sighting(request, service="bacnet", **more))


def left(priority: int, covers: bool) -> OverrideHeld:
    point = "binary-output:1 present-value"
    return OverrideHeld("10.20.1.10", "10.22.8.20", point, priority, "0", covers, BEGIN, LATER, Frame(CAPTURE, 7))


def connections(hosts: int, ports: int, flags: tuple[int, int] = (2, 20)) -> Items:
    tries = [(f"10.22.8.{20 + host}", 80 + port) for host in range(hosts) for port in range(ports)]
    return one(*(tally("10.10.5.20", host, port, flags=flags, number=at) for at, (host, port) in enumerate(tries, 1)))


def scattered(number: int, flags: tuple[int, int] = (2, 20)) -> Items:
    """Tries at hosts and ports in any order, none of which comes up often."""
    tries = [tally("10.10.5.20", f"10.22.8.{at}", 80 + at % 30, flags=flags, number=at) for at in range(1, number + 1)]
    return one(*tries)


def refusals(code: str, functions: list[int]) -> Items:
    answers = [Answer("modbus", "answer", function, ("unit 1",), error="illegal", error_code=code) for function in functions]
    return one(*(sighting(answer, by_client=False, outcome=Outcome.NONE, number=at) for at, answer in enumerate(answers, 1)))


def blind(kind: Blindness, lasts: bool = False, covers: str = "") -> Items:
    return one(SightLost(kind, "eth1", "3 %", BEGIN, LATER, Frame("eth1", 7), lasts, covers))


def units(count: int) -> Items:
    requests = [asked("modbus", "READ", "Read Coils", 1)._replace(target=(f"unit {unit}",)) for unit in range(1, count + 1)]
    return one(*(sighting(request, outcome=Outcome.NONE, number=at) for at, request in enumerate(requests, 1)))


def missing_units(count: int) -> Items:
    answers = [Answer("modbus", "Read Coils", 1, (f"unit {unit}",), error="gone", error_code="11") for unit in range(1, count + 1)]
    return one(*(sighting(answer, by_client=False, outcome=Outcome.NONE, number=at) for at, answer in enumerate(answers, 1)))


def registers(count: int) -> Items:
    spans = [Point("holding-register", 125 * at, 125) for at in range(count)]
    requests = [asked("modbus", "READ", "Read Holding Registers", 3, point=span) for span in spans]
    return one(*(sighting(request, outcome=Outcome.NONE, number=at) for at, request in enumerate(requests, 1)))


def who_is(count: int, **details: str) -> Items:
    request = asked("bacnet", "DISCOVER", "who-Is", 264)._replace(details=tuple(details.items()))
    return one(*(sighting(request, server="255.255.255.255", service="bacnet", number=at) for at in range(1, count + 1)))


def ways_out(*gateways: str) -> Items:
    """What servers of DHCP offer to one client."""
    offers = [Binding("gateway", "00:80:f4:01:02:03", gateway) for gateway in gateways]
    return one(*(sighting(offer, f"10.1.0.{at}", "10.1.9.9", service="dhcp", number=at) for at, offer in enumerate(offers, 1)))


def pages(count: int, code: str = "404") -> Items:
    """Pages of a web server that it does not give."""
    asks = [asked("http", "READ", "GET", point=Point("url", name=f"/p{at}")) for at in range(count)]
    return one(*(sighting(ask, service="http", outcome=Outcome.ERROR, error_code=code, number=at) for at, ask in enumerate(asks, 1)))


def ranges(count: int) -> Items:
    """One range of instances after the other."""
    return lambda: [item for at in range(count) for item in who_is(1, low=str(100 * at), high=str(100 * at + 99))()]


def list_identity(count: int, server: str = "") -> Items:
    request = asked("enip", "DISCOVER", "ListIdentity", 0x63)
    return one(*(sighting(request, server=server or f"10.22.8.{at}", service="enip", number=at) for at in range(1, count + 1)))


def flaws(count: int) -> Items:
    return one(*(sighting(Anomaly("modbus", f"length {at}", 4), outcome=Outcome.NONE, number=at) for at in range(1, count + 1)))


def refused_logins(count: int, *, then: Outcome | None = None) -> Items:
    tries = [sighting(login("ftp", "bro"), service="ftp", outcome=Outcome.ERROR, error_code="530", number=at) for at in range(1, count + 1)]
    end = [] if then is None else [sighting(login("ftp", "bro"), service="ftp", outcome=then, number=count + 2)]
    return one(*tries, *end)


def sprayed(servers: int, tries: int) -> Items:
    """The same few passwords at each of several cameras."""
    return one(*(
        sighting(login(), server=f"10.24.5.{9 + at % servers}", service="http", outcome=Outcome.ERROR, error_code="401", number=at + 1)
        for at in range(servers * tries)
    ))  # fmt: skip


def communities(count: int, outcome: Outcome = Outcome.UNANSWERED) -> Items:
    tries = [Credential("snmp", "", Secret(f"guess{at}".encode())) for at in range(count)]
    return one(*(sighting(one, service="snmp", outcome=outcome, number=at) for at, one in enumerate(tries, 1)))


def snmp_set(**more: Any) -> Items:
    request = asked("snmp", "CONTROL", "Set", 0xA3, point=Point("oid", name="1.3.6.1.2.1.33.1.8.1"), value="1")
    return one(sighting(request, service="snmp", **more), sighting(login("snmp", ""), service="snmp", **more))


def silence(state: str, password: str = "present", minutes: str = "") -> Items:
    request = asked("bacnet", "CONTROL", "deviceCommunicationControl", 17, state=state, password=password)
    limit = (("minutes", minutes),) if minutes else ()
    return one(sighting(request._replace(details=(*request.details, *limit)), service="bacnet"))


def restart(state: str) -> Items:
    return one(sighting(asked("bacnet", "CONTROL", "reinitializeDevice", 20, state=state, password="present"), service="bacnet"))


def turned(value: str, before: str) -> Items:
    return one(sighting(State("cip-io", (), "io", value, before), service="cip-io", outcome=Outcome.NONE))


def transfer(way: str, *, accepted: bool | None = True) -> Items:
    frames = (Frame(CAPTURE, 7), Frame(CAPTURE, 99))
    return one(ProgramTransferred("10.10.5.20", "10.22.8.20", "modbus", way, "UMAS 0x30 Begin Download", Verb.PROGRAM, "finished", accepted,
                                  53, 12_343, LATER, LATER + 1, frames, frames[1:], "tcp", 502, False))  # fmt: skip


def cip(verb: str, operation: str, code: int, name: str = "Setpoint", **details: str) -> Items:
    request = asked("cip", verb, operation, code, point=Point("tag" if "/" not in name else "cip", name=name), value="01")
    return one(sighting(request._replace(details=tuple(details.items())), service="enip"))


def wrote(protocol: str, operation: str, code: int, name: str, verb: str = "WRITE", **more: Any) -> Items:
    return one(sighting(asked(protocol, verb, operation, code, point=Point("point", name=name), value="1"), service=protocol, **more))


def console(protocol: str, operation: str, verb: str = "SESSION", /, **details: str) -> Items:
    return one(sighting(asked(protocol, verb, operation, 4, **details), service=protocol))


def proven(scheme: str, **more: Any) -> Items:
    """A login that did not send its password."""
    return one(sighting(Credential(scheme, "admin", UNREAD), service=scheme.partition("-")[0], **more))


def page(path: str, method: str = "POST", outcome: Outcome = Outcome.OK, error_code: str = "", client: str = "10.10.5.20",
         **details: str) -> Items:  # fmt: skip
    request = asked("http", "READ" if method == "GET" else "WRITE", method, point=Point("url", name=path), **details)
    return one(sighting(request, client, service="http", outcome=outcome, error_code=error_code))


def same_secret(servers: int, scheme: str = "ftp", **more: Any) -> Items:
    return one(*(sighting(login(scheme), server=f"10.22.8.{20 + at}", service=scheme, number=at, **more) for at in range(servers)))


def offers_screen(guard: str) -> Items:
    said = Identity("vnc", (), (("security", "VNC password"), ("security", guard)))
    return one(sighting(said, by_client=False, service="vnc", outcome=Outcome.NONE))


def activated(**details: str) -> Items:
    return one(sighting(asked("opcua", "AUTH", "ActivateSession", 467, **details), service="opcua"))


def offered(offer: str) -> Items:
    asked_for = sighting(asked("opcua", "DISCOVER", "GetEndpoints", 428), service="opcua")
    return one(asked_for._replace(told=(("offers", offer),)))


def protection(level: str) -> Items:
    asked_for = sighting(asked("s7", "DISCOVER", "Read SZL", 0x501, szl="0x0132"), service="s7")
    return one(asked_for._replace(told=(("password_level", level),)))


def challenge(method: str) -> Items:
    return one(sighting(Answer("fox", "challenge", 2, details=(("method", method),)), by_client=False, service="fox", outcome=Outcome.NONE))


FIELD = {"found_roles": {name: frozenset({"controller"}) for name in ("10.22.8.20", "10.22.8.21")}}
"""Two controllers of one zone."""
CONTROLLER = {"found_roles": {"10.22.8.20": frozenset({"controller"})}}
MASTER, NEW = Asker(BEGIN, 40), Asker(LATER, 1)
POLLED = {**FIELD, "asked": {"10.22.8.20": {"10.20.1.10": MASTER, "10.22.8.21": NEW}, "10.22.8.21": {"10.20.1.10": MASTER}}}
LONG_KNOWN = {**FIELD, "asked": {"10.22.8.20": {"10.20.1.10": MASTER, "10.22.8.21": MASTER}}}


def between(protocol: str, port: int, verb: str | None = None, **more: Any) -> Items:
    """A link from one controller to the other."""
    return one(link("10.22.8.21", "10.22.8.20", protocol, verb, port=port, **more))


def unbegun(server: str, state: str = "established") -> LinkSeen:
    """A link of a controller of which no SYN was captured."""
    return link("10.22.8.21", server, "", None, port=4444, state=state)._replace(is_guess=True)


def session(payload: int) -> Items:
    talk = tally("10.10.5.20", "10.22.8.20", 139, flags=(24, 24))
    return one(talk._replace(conversation=talk.conversation._replace(service="netbios-ssn"), payload=(payload, 300)))


def claims(*owned: tuple[str, str]) -> Items:
    """ARP messages: (address, MAC), one after the other."""
    said = [Binding("arp", ip, mac) for ip, mac in owned]
    return one(*(sighting(event, mac, "ff:ff:ff:ff:ff:ff", service="arp", outcome=Outcome.NONE, number=at,
                          time_ns=LATER + at * SECOND)
                 for at, (event, (_, mac)) in enumerate(zip(said, owned, strict=True), 1)))  # fmt: skip


def clock(server: str = "10.10.5.20") -> Items:
    said = Identity("ntp", (), (("capability", "time-server"), ("stratum", "2")))
    return one(sighting(said, server, "10.22.8.20", service="ntp", outcome=Outcome.NONE))


def unset(times: int) -> Items:
    said = State("ntp", (), "clock", "not set")
    return one(*(sighting(said, service="ntp", outcome=Outcome.NONE, number=at) for at in range(1, times + 1)))


def roots(*followed: str, trees: int = 1) -> Items:
    """A bridge that says one after the other that it follows these, in so many trees by turns."""
    said = [State("spanning-tree", (), f"root {at % trees}", root) for at, root in enumerate(followed)]
    return one(*(sighting(state, OURS, "01:80:c2:00:00:00", outcome=Outcome.NONE, number=at) for at, state in enumerate(said, 1)))


def devices(*stations: str) -> Items:
    """I-Am of one number."""
    said = Binding("bacnet-device", "210103")
    return one(*(sighting(said, station, "255.255.255.255", service="bacnet", outcome=Outcome.NONE, number=at)
                 for at, station in enumerate(stations, 1)))  # fmt: skip


def legs(one_address: str, other: str) -> Items:
    return one(CardShared(OTHER, one_address, other, LATER, (Frame(CAPTURE, 7), Frame(CAPTURE, 9))))


def changed(field: str, before: str, after: str) -> Items:
    return one(AssetChanged("10.22.8.20", field, before, after, LATER, Frame(CAPTURE, 7)))



def contents(devices: int, part: str, *, objects: int = 1) -> Items:
    """One property of so many objects of so many devices is read."""
    points = [(f"10.22.8.{at}", Point("analog-input", number, part=part)) for at in range(1, devices + 1) for number in range(objects)]
    requests = [(server, asked("bacnet", "READ", "readProperty", 12, point=point)) for server, point in points]
    return one(*(sighting(request, server=server, service="bacnet", outcome=Outcome.NONE, number=at)
                 for at, (server, request) in enumerate(requests, 1)))  # fmt: skip


def identified(devices: int) -> Items:
    request = asked("s7", "DISCOVER", "Read SZL", 0x501, szl="0x001c")
    return one(*(sighting(request, server=f"10.22.8.{at}", service="s7", number=at) for at in range(1, devices + 1)))


def places(slots: int) -> Items:
    requests = [asked("s7", "SESSION", "Connect", 0xE0, station="OP", rack="0", slot=str(slot)) for slot in range(slots)]
    return one(*(sighting(request, service="s7", number=at) for at, request in enumerate(requests, 1)))


def missing_objects(count: int) -> Items:
    requests = [asked("cip", "READ", "Get Attribute Single", 14, point=Point("cip", name=f"0x{at:02x}/1")) for at in range(1, count + 1)]
    return one(*(sighting(request, service="enip", outcome=Outcome.ERROR, error_code="0x05", number=at)
                 for at, request in enumerate(requests, 1)))  # fmt: skip


def tried(*services: str, client: str = "10.10.5.20") -> Items:
    """A connection in each protocol, refused."""
    tallies = [tally(client, "10.22.8.20", 100 + at, number=at) for at in range(len(services))]
    return one(*(one._replace(conversation=one.conversation._replace(service=name)) for one, name in zip(tallies, services, strict=True)))


def orders(values: list[str], *, points: int = 1, **more: Any) -> Items:
    """Values that are written one after the other, each to the next of so many points."""
    requests = [asked("modbus", "WRITE", "Write Single Coil", 5, point=Point("coil", at % points), value=value)
                for at, value in enumerate(values)]  # fmt: skip
    return one(*(sighting(request, number=at, time_ns=LATER + at * 1_000_000_000, **more) for at, request in enumerate(requests, 1)))


def ways(*ports: int) -> Items:
    """Writes to points of their own for each connection, told apart by the port of the client."""
    requests = [asked("modbus", "WRITE", "Write Single Register", 6, point=Point("register", port), value="1") for port in ports]
    said = [sighting(request, "10.20.1.10", number=at, time_ns=LATER + at * 1_000_000_000) for at, request in enumerate(requests, 1)]
    return one(*(item._replace(conversation=item.conversation._replace(client_port=port)) for item, port in zip(said, ports, strict=True)))


def losing(*items: Any) -> tuple[Any, ...]:
    """The same, behind a slot of their conversation in which the mirror lost bytes."""
    lost = tally("", "", 502)._replace(conversation=items[0].conversation, lost=100, packets=(0, 0))
    return (lost, *items)


def errors(count: int) -> Items:
    request = asked("bacnet", "READ", "readProperty", 12)
    return one(*(sighting(request, service="bacnet", outcome=Outcome.ERROR, error_code="1/31", number=at) for at in range(1, count + 1)))


def pressed(packets: int, server: str = "10.22.8.20", length: int = 60) -> Items:
    talk = tally("10.10.5.20", server, 9, flags=(0, 0))
    return one(talk._replace(conversation=talk.conversation._replace(transport="udp"), packets=(packets, 0),
                             bytes=(packets * length, 0), vlan=20))  # fmt: skip


def invented(senders: int) -> Items:
    """SYNs of senders that cannot exist."""
    return one(*(tally(f"240.1.2.{at}" if at % 2 else f"230.1.2.{at}", "10.22.8.20", 80, flags=(2, 0), number=at + 1)
                 for at in range(senders)))  # fmt: skip


def odd(*flags: int) -> Items:
    return one(*(tally("10.10.5.20", "10.22.8.20", 135, flags=(said, 0), number=at) for at, said in enumerate(flags, 1)))


def pieces(hosts: int, port: int) -> Items:
    """Packets without a flag; of later pieces of packets neither flags nor ports are seen."""
    return one(*(tally("10.10.5.20", f"10.22.8.{host}", port, flags=(0, 0), number=host) for host in range(1, hosts + 1)))


def connected(count: int, *, answered: bool) -> Items:
    """Connections to Modbus that stay open, or that nobody answers."""
    return flagged(count, (0x12, 0x12) if answered else (2, 0))


def flagged(count: int, flags: tuple[int, int], service: str = "modbus", **said: Any) -> Items:
    """Conversations from one host, each from a port of its own."""
    tallies = [tally("10.20.1.10", "10.22.8.20", 502, flags=flags, number=at) for at in range(1, count + 1)]
    return one(*(one._replace(conversation=one.conversation._replace(service=service), **said) for one in tallies))


def datagrams(*doors: tuple[str, int], heard: int = 0) -> Items:
    """UDP from one host to (host, port)."""
    tallies = [tally("10.10.5.20", host, port, flags=(0, 0), number=at) for at, (host, port) in enumerate(doors, 1)]
    talks = [one.conversation._replace(transport="udp") for one in tallies]
    return one(*(one._replace(conversation=talk, packets=(1, heard)) for one, talk in zip(tallies, talks, strict=True)))


def sent(protocol: str, operation: str, name: str, code: int = 0, verb: str = "FILE") -> Items:
    return one(sighting(asked(protocol, verb, operation, code, point=Point("file", name=name)), service=protocol))


def stopped(side: str, client: str = "10.20.1.10", server: str = "10.22.8.20", protocol: str = "modbus") -> Items:
    return one(PollingStopped(client, server, protocol, side, 1, 5_000_000_000, BEGIN, LATER, Frame(CAPTURE, 7), "tcp", 502))


def vanished(asset: str, *others: str, is_asked: bool = False) -> Items:
    return one(AssetSilent(asset, is_asked, others, 60_000_000_000, BEGIN, LATER, Frame(CAPTURE, 7)))


LONG_USED, LONG_SET = Exchange(1000, 10, BEGIN), Setting(2000, BEGIN)
MASTERED = {"young": True, "habits": Habit(50, 0, True)}
OURS, OTHER = "00:80:f4:00:00:01", "00:0c:29:00:00:02"
IP, OWN = "10.22.8.20", "10.22.8.66"
JUMP = {"judged": UNDECLARED, "sessions": (link("10.10.5.20", "10.20.1.10", "rdp", None, port=3389),)}
"""Somebody from the office works on the supervision server."""
NOVEL = {"word": "new"}
CONDUIT = {"word": "new", "allowed": "c03"}
RANGED = {"word": "usual", "values": Range(10, 20, 50), "allowed": "c03"}
"""A client that a conduit lets write, where 50 values from 10 to 20 were learnt."""
PULLED = one(link("10.20.3.5", "8.8.8.8", "anydesk", None, port=7070))
CAMERA = {"found_roles": {"10.24.5.9": frozenset({"camera"})}}

EXAMPLES = (
    Example("cred.default.cleartext", "success", one(sighting(login(), service="http")), DEFAULT, elsewhere={}),
    Example("cred.default.cleartext", "failure", one(sighting(login(), outcome=Outcome.ERROR, error_code="401")), DEFAULT),
    Example("cred.default.cleartext", "unknown", one(sighting(login(), outcome=Outcome.ERROR, error_code="500")), DEFAULT),
    Example("cred.default.cleartext", "anonymous", one(sighting(login("ftp", "anonymous"), service="ftp")),
            quiet=one(sighting(login("ftp", "anonymous"), service="ftp", outcome=Outcome.ERROR, error_code="530"),
                      sighting(login("ftp", "Anonymous"), "10.22.8.20", "8.8.8.8", service="ftp"))),
    Example("cred.default.challenge", "success", proven("http-digest"), DEFAULT, elsewhere={},
            quiet=one(sighting(login(), service="http"))),
    Example("cred.default.challenge", "failure", proven("sip-digest", outcome=Outcome.ERROR, error_code="403"), DEFAULT),
    Example("cred.default.challenge", "unknown", proven("snmp-v3", outcome=Outcome.UNKNOWN), DEFAULT, quiet=proven("vnc")),
    Example("cred.weak.reused", "reused", same_secret(3), elsewhere={"compares": False}, quiet=same_secret(2)),
    Example("cred.weak.reused", "reused", same_secret(3), elsewhere=DEFAULT, quiet=same_secret(3, "snmp")),
    Example("cred.weak.reused", "reused", same_secret(3), quiet=same_secret(3, outcome=Outcome.UNANSWERED)),
    Example("cred.weak.reused", "simple", one(sighting(login(), service="http")), WEAK, elsewhere={},
            quiet=one(sighting(login(), service="http", outcome=Outcome.ERROR, error_code="401"),
                      sighting(login("ftp", "anonymous"), service="ftp"))),
    Example("cred.weak.reused", "short", one(sighting(login(), service="http")), SHORT, elsewhere={}, quiet=proven("http-digest")),
    Example("cred.vnc", "success", proven("vnc"), DEFAULT, elsewhere={}, quiet=proven("http-digest")),
    Example("cred.vnc", "success", console("vnc", "login", "AUTH", security="none"),
            quiet=console("vnc", "login", "AUTH", security="VNC password")),
    Example("cred.vnc", "failure", proven("vnc", outcome=Outcome.ERROR, error_code="1"), DEFAULT),
    Example("cred.vnc", "unknown", proven("vnc", outcome=Outcome.UNKNOWN), DEFAULT),
    Example("cred.vnc", "offered", offers_screen("none"), quiet=offers_screen("VNC password")),
    Example("cred.default.cleartext", "unknown", one(sighting(login("http-form"), service="http")), DEFAULT, elsewhere={}),
    Example("cred.bruteforce", "hurried", flagged(10, (0x1B, 0x1B), "ssh", payload=(2000, 2500)),
            quiet=flagged(10, (0x1B, 0x1B), "ssh", payload=(22, 40))),  # only looked whether it answers
    Example("cred.bruteforce", "hurried", flagged(10, (0x1B, 0x1B), "ssh", payload=(2000, 2500)),
            quiet=flagged(10, (0x1B, 0x1B), "ssh", payload=(2000, 90_000))),  # worked there
    Example("cred.bruteforce", "failing", refused_logins(10), quiet=refused_logins(9)),
    Example("cred.bruteforce", "spray", sprayed(5, 2), quiet=sprayed(5, 1)),
    Example("cred.bruteforce", "spray", sprayed(6, 3), quiet=sprayed(4, 3)),
    Example("cred.bruteforce", "success_after", refused_logins(10, then=Outcome.OK), quiet=refused_logins(9, then=Outcome.OK)),
    Example("cred.snmp", "read", one(sighting(login("snmp", ""), service="snmp")), DEFAULT, elsewhere={}),
    Example("cred.snmp", "set", snmp_set(), DEFAULT),
    Example("cred.snmp", "attempt", communities(3), quiet=communities(2)),
    Example("cred.snmp", "guessing", communities(8), quiet=communities(7)),
    Example("cred.snmp", "guessing", communities(8, Outcome.UNKNOWN)),
    Example("cred.bacnet", "none", silence("enable", "absent"), quiet=silence("enable")),
    Example("cred.bacnet", "default", one(sighting(login("bacnet", ""), service="bacnet")), DEFAULT, elsewhere={}),
    Example("cred.bacnet", "unknown", one(sighting(login("bacnet", ""), service="bacnet", outcome=Outcome.UNKNOWN)), DEFAULT, elsewhere={}),
    Example("cred.bacnet", "failure", one(sighting(login("bacnet", ""), outcome=Outcome.ERROR, error_code="4/26"))),
    Example("clear.login", "clear", one(sighting(login(), service="http")), elsewhere={"judged": ALLOWED},
            quiet=one(sighting(login("ftp", "ftp"), service="ftp"))),
    Example("clear.management", "management", one(link(protocol="telnet", port=23, verb=None)), CONTROLLER, elsewhere={"zones": {}},
            quiet=one(link(protocol="telnet", port=23, verb=None, state="refused"), link(protocol="http", port=80))),
    Example("clear.management", "management", console("vnc", "login", "AUTH", security="VNC password"), CONTROLLER,
            elsewhere={"zones": {}}),
    Example("clear.management", "management", proven("http-digest"), CONTROLLER, elsewhere={**CONTROLLER, "judged": ALLOWED},
            quiet=proven("http-digest", outcome=Outcome.ERROR, error_code="401")),
    Example("clear.management", "open_video", console("rtsp", "DESCRIBE", "READ"), elsewhere={"judged": ALLOWED},
            quiet=console("rtsp", "DESCRIBE", "READ", auth="digest")),
    Example("web.admin.change", "success", page("/onvif/device_service", action="http://www.onvif.org/ver10/device/wsdl/SetUser"),
            quiet=page("/onvif/ptz_service", action="http://www.onvif.org/ver20/ptz/wsdl/ContinuousMove")),
    Example("web.admin.change", "success", page("/axis-cgi/param.cgi", "GET", change="update"), quiet=page("/axis-cgi/param.cgi", "GET")),
    Example("web.admin.change", "success", page("/admin/network.cgi"), CONTROLLER, elsewhere={"zones": {}}, quiet=page("/api/values")),
    Example("web.admin.change", "unknown", page("/ISAPI/System/reboot", "PUT", outcome=Outcome.UNKNOWN),
            quiet=page("/ISAPI/System/reboot", "PUT", Outcome.UNKNOWN, client="10.20.3.5")),
    Example("web.admin.change", "failure", page("/setup/users", outcome=Outcome.ERROR, error_code="403"), CONTROLLER,
            quiet=page("/setup/login")),
    Example("modbus.write.unexpected", "success", write(), elsewhere=DECLARED),
    Example("modbus.write.unexpected", "failure", write(outcome=Outcome.ERROR, error_code="2")),
    Example("modbus.write.unexpected", "unknown", write(outcome=Outcome.UNKNOWN), quiet=said("modbus", "READ", "Read Coils", 1)),
    Example("bacnet.write.unexpected", "success", command(9), elsewhere=DECLARED),
    Example("bacnet.write.high_priority", "p1_2", command(1), quiet=command(8)),
    Example("bacnet.write.high_priority", "p3_7", command(5), elsewhere=DECLARED),
    Example("bacnet.write.high_priority", "relinquish", command(1, "null")),
    Example("bacnet.write.protective_property", "blinding",
            one(sighting(asked("bacnet", "ADMIN", "writeProperty", 15, point=LIMIT, value="99"), service="bacnet")),
            quiet=command(9), elsewhere=DECLARED),
    Example("bacnet.write.protective_property", "lifecycle", said("bacnet", "ADMIN", "deleteObject", 11, service="bacnet")),
    Example("bacnet.lifesafety.operation", "operation",
            one(sighting(asked("bacnet", "CONTROL", "lifeSafetyOperation", 27, operation="silence", source="PC"), service="bacnet"))),
    Example("bacnet.lifesafety.operation", "ack", said("bacnet", "ALARM", "acknowledgeAlarm", 0, service="bacnet"),
            quiet=said("bacnet", "ALARM", "acknowledgeAlarm", 0, client="10.20.1.10", service="bacnet")),
    Example("cip.write.unexpected", "success", cip("WRITE", "Write Tag", 0x4D), elsewhere=DECLARED,
            quiet=cip("READ", "Read Tag", 0x4C)),
    Example("cip.write.unexpected", "success", cip("SUBSCRIBE", "Forward Open", 0x54, **{"class": "1", "o_t_type": "point to point"}),
            quiet=cip("SUBSCRIBE", "Forward Open", 0x54, **{"class": "1", "o_t_type": "null"})),
    Example("net.config.changed", "success", cip("ADMIN", "Set Attribute Single", 0x10, "0xf5/1/5"), elsewhere=DECLARED,
            quiet=cip("ADMIN", "Set Attribute Single", 0x10, "0xf5/1/9")),
    Example("umas.write.unexpected", "variables",
            one(sighting(asked("modbus", "WRITE", "UMAS 0x23 Write Variables", 0x5A, umas="0x23"))), elsewhere=DECLARED),
    Example("snmp.set.unexpected", "control", snmp_set(), elsewhere=DECLARED, quiet=said("snmp", "READ", "Get", 0xA0)),
    Example("s7.write.unexpected", "success", wrote("s7", "Write Var", 5, "DB1.DBW0"), elsewhere=DECLARED,
            quiet=said("s7", "READ", "Read Var", 4, service="s7")),
    Example("s7.write.unexpected", "failure", wrote("s7", "Write Var", 5, "DB1.DBW0", outcome=Outcome.ERROR, error_code="0x03")),
    Example("opcua.write.unexpected", "success", wrote("opcua", "Write", 673, "ns=2;s=AHU1.SP"), elsewhere=DECLARED,
            quiet=said("opcua", "READ", "Read", 631, service="opcua")),
    Example("opcua.write.unexpected", "success", said("opcua", "ADMIN", "DeleteNodes", 500, service="opcua"),
            quiet=said("opcua", "ADMIN", "RegisterServer", 437, service="opcua")),
    Example("knx.write.unexpected", "group_write", wrote("knx", "GroupValueWrite", 0x80, "1/2/3"), elsewhere=DECLARED,
            quiet=said("knx", "ALARM", "GroupValueWrite", 0x80, service="knx")),
    Example("knx.write.unexpected", "management", said("knx", "PROGRAM", "MemoryWrite", 0x280, service="knx"), elsewhere=DECLARED),
    Example("iec104.write.unexpected", "success", wrote("iec104", "C_SC_NA_1 single command", 45, "4500"), elsewhere=DECLARED,
            quiet=said("iec104", "SESSION", "C_SC_NA_1 single command", 45, service="iec104")),
    Example("mms.write.unexpected", "success", wrote("mms", "Write", 5, "CB1/CSWI1$CO$Pos$Oper", "CONTROL"), elsewhere=DECLARED,
            quiet=said("mms", "READ", "Read", 4, service="mms")),
    Example("cred.opcua", "anonymous", activated(token="anonymous"), quiet=activated(token="certificate")),
    Example("cred.opcua", "clear", activated(token="user name", user="admin", password="clear"),
            quiet=activated(token="user name", user="admin", password="encrypted")),
    Example("cred.opcua", "offered", offered("None/None: anonymous, user name"), quiet=offered("Basic256Sha256/SignAndEncrypt: anonymous")),
    Example("cred.controller", "open", one(sighting(asked("modbus", "SESSION", "UMAS 0x10 Take PLC Reservation", 0x5A, umas="0x10"))),
            quiet=one(sighting(asked("modbus", "SESSION", "UMAS 0x10 Take PLC Reservation", 0x5A, umas="0x10", proof="yes")))),
    Example("cred.controller", "open", protection("0"), quiet=protection("3")),
    Example("cred.controller", "open", challenge("basic"), quiet=challenge("digest-md5")),
    Example("cred.controller", "default", one(sighting(login("s7", ""), service="s7")), DEFAULT, elsewhere={}),
    Example("eng.session.new", "session", console("s7", "Connect", station="PG"), quiet=console("s7", "Connect", station="OP")),
    Example("eng.session.new", "session", console("fox", "hello", application="Workbench"),
            quiet=console("fox", "hello", application="Station")),
    Example("eng.io.force", "force", said("s7", "CONTROL", "Force", 0x209, service="s7"),
            quiet=said("s7", "CONTROL", "Flash LED", 0x216, service="s7")),
    Example("eng.io.force", "debug", one(sighting(asked("modbus", "CONTROL", "UMAS 0x60 Set Breakpoint", 0x5A, umas="0x60")))),
    Example("eng.mode.changed", "stop", said("s7", "CONTROL", "PLC Stop", 0x29, service="s7"),
            quiet=said("s7", "PROGRAM", "PI-Service: Compress Memory", 0x28, service="s7")),
    Example("eng.device.restart", "order", said("knx", "CONTROL", "Restart", 0x380, service="knx")),
    Example("eng.device.restart", "factory", console("profinet", "Set", "CONTROL", order="reset to factory"),
            quiet=console("profinet", "Set", "CONTROL", order="signal")),
    Example("net.config.changed", "success", wrote("profinet", "Set", 4, "IP parameter", "ADMIN"), elsewhere=DECLARED,
            quiet=wrote("profinet", "Set", 4, "alias name", "ADMIN")),
    Example("modbus.control.diagnostic", "listen_only",
            one(sighting(asked("modbus", "CONTROL", "Diagnostics: Force Listen Only Mode", 8, sub="4"), outcome=Outcome.UNANSWERED)),
            quiet=one(sighting(asked("modbus", "READ", "Diagnostics: Return Query Data", 8, sub="0")))),
    Example("modbus.control.diagnostic", "clear", one(sighting(asked("modbus", "CONTROL", "Diagnostics: Clear Counters", 8, sub="10")))),
    Example("eng.mode.changed", "stop", one(sighting(asked("modbus", "CONTROL", "UMAS 0x41 Stop PLC", 0x5A, umas="0x41"))),
            quiet=one(sighting(asked("modbus", "READ", "UMAS 0x04 Read PLC Status", 0x5A, umas="0x04")))),
    Example("eng.mode.changed", "start", cip("CONTROL", "Go to Run", 6, "0x8e/1")),
    Example("eng.mode.changed", "observed", turned("idle", "run"), quiet=one(*turned("idle", "")(), *turned("run", "idle")())),
    Example("eng.program.download", "success", said("bacnet", "PROGRAM", "atomicWriteFile", 7, service="bacnet"),
            quiet=said("bacnet", "FILE", "atomicReadFile", 6, service="bacnet")),
    Example("eng.program.download", "success", said("s7", "PROGRAM", "PI-Service: Copy RAM to ROM", 0x28, service="s7"),
            quiet=said("s7", "PROGRAM", "PI-Service: Compress Memory", 0x28, service="s7")),
    Example("eng.program.upload", "success", said("bacnet", "FILE", "atomicReadFile", 6, service="bacnet"),
            quiet=said("bacnet", "PROGRAM", "atomicWriteFile", 7, service="bacnet")),
    Example("eng.program.download", "failure", transfer("download", accepted=False), quiet=transfer("upload")),
    Example("eng.program.download", "unknown", transfer("download", accepted=None),
            quiet=one(sighting(asked("modbus", "PROGRAM", "UMAS 0x31 Download Block", 0x5A, umas="0x31", transfer="download-block")))),
    Example("eng.program.upload", "failure", transfer("upload", accepted=False), quiet=transfer("download", accepted=False)),
    Example("eng.credential.changed", "account", cip("ADMIN", "Set Attribute Single", 0x10, "0x61/1/3"),
            quiet=cip("ADMIN", "Set Attribute Single", 0x10, "0x04/1/3")),
    Example("eng.credential.changed", "badge",
            one(sighting(asked("bacnet", "WRITE", "writeProperty", 15, point=Point("access-rights", 4, part="positive-access-rules")))),
            quiet=command(9)),
    Example("eng.device.restart", "order", restart("coldstart"), quiet=restart("endbackup")),
    Example("eng.device.restart", "factory", cip("CONTROL", "Reset", 5, "0x01/1", type="1"),
            quiet=cip("CONTROL", "Reset", 5, "0x72/1")),
    Example("eng.device.restart", "order", one(sighting(asked("modbus", "CONTROL", "Diagnostics: Restart", 8, sub="1")))),
    Example("eng.bacnet.dcc", "unlimited", silence("disable"), quiet=silence("enable")),
    Example("eng.bacnet.dcc", "limited", silence("disable-initiation", minutes="10")),
    Example("zone.flow.forbidden", "established", one(link()), {"judged": FORBIDDEN}, elsewhere={"judged": ALLOWED}),
    Example("zone.flow.undeclared", "established", one(link()), {"judged": UNDECLARED}, elsewhere={"judged": ALLOWED}),
    Example("zone.conduit.violation", "write_clause", one(link(verb="WRITE")), {"judged": VIOLATION}, elsewhere={"judged": ALLOWED}),
    Example("zone.conduit.violation", "expired", one(link()), {"judged": EXPIRED}),
    Example("zone.level.skip", "depth3", one(link()), {"judged": UNDECLARED}, elsewhere={"judged": ALLOWED}),
    Example("zone.internet.outbound", "other", one(link("10.22.8.20", "8.8.8.8", "", None, port=443)), {"judged": UNDECLARED},
            elsewhere={"judged": ALLOWED}),
    Example("zone.internet.outbound", "time", one(link("10.22.8.20", "8.8.8.8", "ntp", "TIME", port=123)), {"judged": UNDECLARED}),
    Example("zone.internet.inbound", "established", one(link("8.8.8.8", "10.22.8.20")), {"judged": UNDECLARED},
            elsewhere={"judged": ALLOWED}),
    Example("zone.internet.inbound", "established", one(link("8.8.8.8", "10.22.8.20")), {"judged": UNDECLARED},
            elsewhere={"judged": Verdict(Judged.NOT_JUDGED, reasons=("broadcast",))}),
    Example("zone.internet.inbound", "established", one(link("8.8.8.8", "10.9.9.9", verb=None)), quiet=one(link("8.8.8.8", "240.1.2.3"))),
    Example("zone.internet.inbound", "established", one(link("8.8.8.8", "10.9.9.9", verb=None)),
            quiet=one(link("8.8.8.8", "10.9.9.9", "", verb=None, port=0))),  # cut before its ports: who began is not known
    Example("zone.internet.inbound", "established", one(link("8.8.8.8", "10.9.9.9", verb=None)),
            quiet=one(link("8.8.8.8", "10.9.9.9", verb=None, port=443))),
    Example("zone.it_protocol.cell", "lateral", between("smb", 445), FIELD, elsewhere={**FIELD, "judged": ALLOWED},
            quiet=between("smb", 445, state="refused")),
    Example("zone.it_protocol.cell", "lateral", one(link("10.10.5.20", "10.22.8.20", "rdp", None, port=3389)),
            quiet=one(link("10.22.8.20", "10.20.1.10", "smb", None, port=445))),
    Example("zone.it_protocol.cell", "other", one(link("10.10.5.20", "10.22.8.20", "smb", None, port=445)),
            quiet=between("modbus", 502, "READ")),
    Example("zone.it_protocol.cell", "other", one(link("10.22.8.20", "10.20.1.10", "smb", None, port=445)), FIELD, elsewhere={}),
    Example("zone.it_protocol.cell", "other", session(100_000), quiet=session(3000)),
    Example("zone.field.initiator", "unknown", between("", 4444), FIELD, elsewhere={}, quiet=between("", 2455)),
    Example("zone.field.initiator", "unknown", between("", 4444), FIELD, quiet=between("", 0)),  # cut before its ports
    Example("zone.field.initiator", "unknown", one(unbegun("10.22.8.20")), FIELD, quiet=one(unbegun("10.22.8.20", state="refused"))),
    Example("zone.field.initiator", "unknown", one(unbegun("10.22.8.20")), FIELD, quiet=one(unbegun("10.10.5.20"))),
    Example("zone.field.initiator", "shell", between("ssh", 22), FIELD, elsewhere={**FIELD, "judged": ALLOWED},
            quiet=one(link("10.20.3.5", "10.22.8.20", "ssh", None, port=22))),
    Example("zone.field.initiator", "outward", one(link("10.22.8.20", "10.10.5.20", "", None, port=4444)), CONTROLLER,
            quiet=one(link("10.22.8.20", "10.10.5.20", "https", None, port=443))),
    Example("zone.field.initiator", "outward", one(link("10.22.8.20", "10.10.5.20", "ssh", None, port=22)), CONTROLLER,
            elsewhere={**CONTROLLER, "asked": {"10.22.8.20": {"10.10.5.20": MASTER}}}),  # its supervision
    Example("zone.field.initiator", "attempt", between("", 4444, state="refused"), FIELD, quiet=between("http", 80, "READ")),
    Example("integ.arp.spoof", "suspected", claims((OWN, OTHER), (IP, OURS), (IP, OURS), *[(IP, OTHER)] * 5), elsewhere=None,
            quiet=claims((IP, OURS), (IP, OURS), *[(IP, OTHER)] * 5)),
    Example("integ.arp.spoof", "takeover", claims((IP, OTHER)), {"claimed": {OTHER: Claim({OURS: Frame(CAPTURE, 3)})}},
            elsewhere={}),
    Example("integ.arp.spoof", "takeover", claims((IP, OTHER)), {"claimed": {OTHER: Claim({OURS: Frame(CAPTURE, 3)}, 2)}}),
    Example("integ.arp.diverted", "diverted", claims((OWN, OTHER), (IP, OTHER)),
            {"claimed": {OTHER: Claim({}, 0, (IP, OWN), "8.8.8.8", OURS, (Frame(CAPTURE, 3), Frame(CAPTURE, 4)))}}, elsewhere={}),
    *(Example("sensor.blind", str(kind), blind(kind), quiet=one(link())) for kind in Blindness),
    Example("integ.dup.ip", "ip", claims((IP, OURS), (IP, OTHER), (IP, OURS), (IP, OTHER)),
            quiet=claims((IP, OURS), (IP, OTHER), (IP, OURS), (OWN, OTHER))),
    Example("integ.dup.ip", "ip", claims((IP, OURS), (IP, OTHER), (IP, OURS), (IP, OTHER)),  # a card that was replaced, mirrored twice
            quiet=claims((IP, OURS), (IP, OURS), (IP, OTHER), (IP, OTHER))),
    *(Example("integ.dup.ip", "ip", claims((IP, OURS), (IP, OTHER), (IP, OURS), (IP, OTHER)),
              quiet=claims((IP, one), (IP, other), (IP, one), (IP, other)))
      for one, other in (("00:07:b4:00:0a:01", "00:07:b4:00:0a:02"), ("00:05:73:a0:00:01", "00:05:73:a0:00:02"))),  # GLBP, HSRP for IPv6
    Example("integ.time.command", "source", said("bacnet", "TIME", "timeSynchronization", 6, service="bacnet"),
            elsewhere={"clocks": frozenset({"10.10.5.20"})}, quiet=said("bacnet", "TIME", "timeSynchronization", 6, client="10.20.1.10")),
    Example("integ.time.command", "source", said("iec104", "TIME", "C_CS_NA_1 clock synchronisation", 103, service="iec104"),
            {"clocks": frozenset({"10.20.4.10"})}, elsewhere={}),
    Example("integ.time.command", "failure", said("cip", "TIME", "Set Attribute Single", 0x10, outcome=Outcome.ERROR), elsewhere=DECLARED),
    Example("integ.bacnet.bbmd", "write_bdt", said("bacnet", "ADMIN", "Write-Broadcast-Distribution-Table", 1, service="bacnet"),
            elsewhere=DECLARED, quiet=said("bacnet", "READ", "Read-Broadcast-Distribution-Table", 2, service="bacnet")),
    Example("integ.bacnet.bbmd", "register", said("bacnet", "ADMIN", "Register-Foreign-Device", 5, service="bacnet"),
            elsewhere={"young": True}, quiet=said("bacnet", "ADMIN", "Register-Foreign-Device", 5, client="10.20.1.10")),
    Example("integ.bacnet.routing", "order", said("bacnet", "ADMIN", "Initialize-Routing-Table", 6, service="bacnet"), elsewhere=DECLARED),
    Example("inv.firmware.changed", "downgrade", changed("firmware", "V3.20", "V3.9"), quiet=changed("firmware", "V3.9", "V3.20")),
    Example("inv.firmware.changed", "upgrade", changed("firmware", "V3.9", "V3.20"), quiet=changed("model", "A", "B")),
    Example("inv.identity.changed", "replaced", changed("serial", "17", "18"), quiet=changed("name", "CTA 1", "CTA 2")),
    Example("zone.remote.unexpected", "tool", PULLED, {"judged": UNDECLARED}, elsewhere={"judged": ALLOWED}),
    Example("zone.remote.unexpected", "tunnel", one(link("10.20.3.5", "8.8.8.8", "openvpn", None, port=1194)), {"judged": UNDECLARED},
            quiet=one(link("10.10.5.20", "8.8.8.8", "openvpn", None, port=1194))),
    Example("zone.engineering.office", "success", one(sighting(asked("modbus", "CONTROL", "UMAS 0x41 Stop PLC", 0x5A, umas="0x41"))),
            quiet=one(sighting(asked("modbus", "CONTROL", "UMAS 0x41 Stop PLC", 0x5A, umas="0x41"), client="10.20.3.5"))),
    Example("zone.camera.initiator", "ot_or_admin", one(link("10.24.5.9", "10.22.8.20")), CAMERA, elsewhere={},
            quiet=one(link("10.24.5.9", "10.20.4.10", "ntp", None, port=123))),
    Example("malf.port_mismatch", "tunnel", one(link(protocol="ssh", verb="SESSION")), elsewhere={"judged": ALLOWED},
            quiet=one(link())),
    Example("integ.master.changed", "polling", between("modbus", 502, "READ"), POLLED, elsewhere=LONG_KNOWN,
            quiet=between("modbus", 502, "WRITE")),
    Example("integ.master.changed", "polling", between("modbus", 502, "READ"), {**POLLED, "young": True},
            elsewhere={**POLLED, "young": True, "found_roles": {}}),
    Example("recon.modbus.unit_scan", "units", units(8), quiet=units(7), elsewhere={"young": True}),
    Example("recon.modbus.unit_scan", "units", missing_units(4), {"young": True}, quiet=missing_units(3)),
    Example("recon.modbus.map_scan", "function", refusals("1", [65, 66, 67]), quiet=refusals("1", [65, 65, 65])),
    Example("recon.modbus.map_scan", "address", refusals("2", [3] * 5), quiet=refusals("2", [3] * 4)),
    Example("recon.modbus.map_scan", "map", registers(8), quiet=registers(7), elsewhere={"young": True}),
    Example("recon.modbus.map_scan", "identity", said("modbus", "DISCOVER", "Read Device Identification", 43),
            quiet=said("modbus", "DISCOVER", "Read Device Identification", 43, client="10.20.3.5")),
    Example("recon.bacnet.whois_sweep", "sweep", who_is(4), quiet=who_is(3)),
    Example("recon.bacnet.whois_sweep", "ranges", ranges(10), quiet=ranges(9),
            elsewhere={"zones": {}, "found_roles": {"10.10.5.20": frozenset({"supervision"})}}),
    Example("recon.enip.identity_sweep", "sweep", list_identity(5), quiet=list_identity(4)),
    Example("recon.enip.identity_sweep", "tool_signature",
            one(sighting(asked("enip", "DISCOVER", "ListIdentity", 0x63, signature="C1DEBED1"), service="enip"))),
    Example("recon.net.sweep", "fast", connections(10, 1), quiet=connections(9, 1)),
    Example("recon.net.sweep", "fast", scattered(60), quiet=scattered(59)),
    Example("recon.net.sweep", "fast", connections(1, 15), quiet=connections(10, 1, flags=(2, 18))),
    Example("recon.net.sweep", "fast", pieces(10, 135), quiet=pieces(10, 0)),
    Example("recon.net.sweep", "fast", connections(1, 15, flags=(0x29, 20)), quiet=connections(1, 15, flags=(0x10, 4))),
    Example("recon.net.sweep", "fast", datagrams(*((f"10.22.8.{host}", port) for host in range(5) for port in (53, 161, 47808))),
            quiet=datagrams(*((f"10.22.8.{host}", port) for host in range(15) for port in (161, 47808)))),
    Example("recon.net.sweep", "fast", datagrams(*((f"10.22.8.{host}", port) for host in range(5) for port in (53, 161, 47808))),
            quiet=datagrams(*((f"10.22.8.{host}", port) for host in range(5) for port in (53, 161, 0)))),  # pieces of datagrams
    Example("recon.net.sweep", "fast", datagrams(*(("10.22.8.20", port) for port in range(1, 16))),
            quiet=datagrams(*(("10.22.8.20", port) for port in range(1, 16)), heard=1)),
    Example("recon.net.sweep", "fast", datagrams(*(("10.22.8.20", port) for port in range(1, 16))),
            quiet=datagrams(*(("10.22.8.20", port) for port in range(33434, 33464)))),  # traceroute
    Example("recon.bacnet.enumeration", "enumeration", contents(3, "object-list[4]"), quiet=contents(2, "object-list[4]")),
    Example("recon.bacnet.enumeration", "enumeration", contents(3, "all"), quiet=contents(3, "present-value", objects=300),
            elsewhere={"zones": {}, "found_roles": {"10.10.5.20": frozenset({"supervision"})}}),
    Example("recon.bacnet.enumeration", "enumeration", contents(2, "description", objects=100),
            quiet=contents(1, "description", objects=199)),
    Example("recon.plc.fingerprint", "multi", identified(3), quiet=identified(2),
            elsewhere={"zones": {}, "found_roles": {"10.10.5.20": frozenset({"engineering"})}}),
    Example("recon.plc.fingerprint", "multi", tried("modbus", "s7", "enip"), quiet=tried("modbus", "s7", "http", "s7")),
    Example("recon.plc.fingerprint", "single", places(3), quiet=places(2)),
    Example("recon.plc.fingerprint", "single", missing_objects(5), quiet=missing_objects(4)),
    Example("recon.plc.fingerprint", "single", said("cip", "DISCOVER", "Get Instance Attribute List", 0x55, service="enip"),
            quiet=said("cip", "DISCOVER", "Get Instance Attribute List", 0x55, service="enip", outcome=Outcome.ERROR)),
    Example("recon.plc.fingerprint", "tool_signature", console("fox", "hello", application="Workbench", signature="scanner"),
            quiet=console("fox", "hello", application="Workbench")),
    Example("io.bruteforce", "alternating", orders(["on", "off"] * 4), quiet=orders(["on", "off"] * 2),
            elsewhere={"setting": LONG_SET}),
    Example("io.bruteforce", "alternating", orders(["on", "off"] * 4), quiet=orders(["on"] * 30), elsewhere=MASTERED),
    Example("io.bruteforce", "alternating", orders(["on", "off"] * 4),
            quiet=orders(["on", "off"] * 4, outcome=Outcome.ERROR, error_code="2")),
    Example("io.bruteforce", "alternating", orders(["on", "off"] * 4), {"young": True, "habits": Habit(0, 0, True)},
            quiet=one(*losing(*orders(["on", "off"] * 4)()))),  # reads were lost with the rest
    Example("io.bruteforce", "repeated", orders([str(at) for at in range(10)]), quiet=orders([str(at) for at in range(9)]),
            elsewhere=DECLARED),
    Example("io.bruteforce", "points", orders(["on"] * 50, points=50), quiet=orders(["on"] * 49, points=49), elsewhere=DECLARED),
    Example("avail.exception.storm", "storm", errors(15), {"exchanged": LONG_USED}, quiet=errors(14),
            elsewhere={"exchanged": Exchange(1000, 200, BEGIN)}),
    Example("avail.exception.storm", "storm", errors(15), {"exchanged": LONG_USED}, elsewhere={"exchanged": Exchange(40, 15, BEGIN)}),
    Example("avail.exception.storm", "storm", errors(15), {"exchanged": LONG_USED}, elsewhere={"exchanged": Exchange(900_000, 15, BEGIN)}),
    Example("avail.flood", "invented", invented(5), quiet=invented(4)),
    Example("recon.plc.fingerprint", "multi", pages(40), quiet=pages(39)),
    Example("recon.plc.fingerprint", "multi", pages(40), quiet=pages(60, "500")),
    Example("recon.plc.fingerprint", "tool_signature", odd(0x00, 0x29), quiet=odd(0x29, 0x29),
            elsewhere={"zones": {}, "found_roles": {"10.10.5.20": frozenset({"supervision"})}}),
    Example("recon.plc.fingerprint", "tool_signature", odd(0x03, 0x2B), quiet=odd(0x10, 0x13)),
    Example("avail.flood", "flood", pressed(10_000), FIELD, quiet=pressed(9_999), elsewhere={"zones": {}}),
    Example("avail.flood", "storm", pressed(5_000, "255.255.255.255"), quiet=pressed(5_000, "239.1.2.3", length=1300)),
    Example("avail.flood", "exhaustion", connected(16, answered=True), FIELD, quiet=connected(15, answered=True)),
    Example("avail.flood", "knocks", connected(200, answered=False), FIELD, quiet=connected(199, answered=False)),
    Example("avail.flood", "knocks", flagged(200, (0x06, 0x12)), FIELD, quiet=flagged(200, (0x1F, 0x1B), packets=(5, 4))),  # floods
    Example("avail.flood", "knocks", flagged(200, (0x04, 0x00), packets=(1, 0)), FIELD, quiet=flagged(200, (0x14, 0x10))),
    Example("avail.flood", "exhaustion", flagged(16, (0x13, 0x13), last_ns=LATER + 2_000_000_000), FIELD,
            quiet=flagged(16, (0x13, 0x13), last_ns=LATER + 2_000_000)),  # places taken and nothing said; looked whether it is open
    Example("avail.flood", "exhaustion", flagged(64, (0x1A, 0x12), "http"), FIELD, quiet=flagged(63, (0x1A, 0x12), "http")),
    *(Example("avail.polling.stopped", f"{side}_stopped", stopped(side), elsewhere={"blind": True}) for side in ("client", "server", "io")),
    Example("avail.polling.stopped", "client_stopped", stopped("client", server=""), elsewhere={"blind": True}),
    Example("avail.asset.silent", "silent", vanished("10.22.8.20"), FIELD, elsewhere={}),
    Example("avail.asset.silent", "asked", vanished("10.22.8.20", is_asked=True), FIELD, elsewhere={**FIELD, "blind": True}),
    Example("avail.asset.silent", "segment", vanished("10.22.8.20", "10.22.8.21", "10.22.8.22"), elsewhere={"blind": True}),
    Example("avail.operation.missed", "missed", one(OperationMissed("essai_ge", 35, "essai mensuel", BEGIN, LATER, Frame(CAPTURE, 7))),
            quiet=one(link())),
    Example("clear.ics.unprotected", "declared", one(link(verb="WRITE")), {"judged": ALLOWED},
            quiet=one(link(), link("10.20.1.10", verb="WRITE")), elsewhere={"judged": ALLOWED, "tunnels": frozenset({"c03"})}),
    Example("clear.ics.unprotected", "write", one(link(verb="WRITE")), {"judged": UNDECLARED}, quiet=one(link(protocol="http"))),
    Example("clear.ics.unprotected", "read", one(link()), {"judged": UNDECLARED}, elsewhere={"judged": ALLOWED},
            quiet=one(link("10.22.8.21", verb="READ"))),
    Example("eng.firmware.update", "success", cip("PROGRAM", "Firmware update: service 0x4b", 75, "0xa1/1"),
            quiet=cip("PROGRAM", "Firmware update: service 0x4b", 75, "0x37/1")),
    Example("eng.firmware.update", "success", sent("modbus", "Firmware Replacement", "", 125, "PROGRAM"),
            quiet=sent("modbus", "function 126", "", 126, "PROGRAM")),
    Example("eng.firmware.update", "success", sent("ftp", "STOR", "/fw/os_3.20.ldx"), FIELD, elsewhere={},
            quiet=sent("ftp", "RETR", "/fw/os_3.20.ldx")),
    Example("eng.firmware.update", "success", sent("http", "POST", "/cgi-bin/firmware_update", verb="WRITE"), FIELD,
            quiet=sent("http", "GET", "/cgi-bin/firmware_update", verb="READ")),
    Example("inv.asset.new", "new", one(AssetSeen("10.22.8.99", LATER, Frame(CAPTURE, 7))),
            quiet=one(AssetSeen("10.22.8.99", BEGIN, Frame(CAPTURE, 7))), elsewhere={"young": True}),
    Example("inv.asset.new", "new", one(AssetSeen("10.22.8.99", LATER, Frame(CAPTURE, 7))),
            quiet=one(AssetSeen("8.8.8.8", LATER, Frame(CAPTURE, 7))), elsewhere={"word": "usual"}),
    Example("inv.asset.new", "random_mac", one(AssetSeen("da:a1:19:00:00:01", LATER, Frame(CAPTURE, 7))),
            quiet=one(AssetSeen("ff:ff:ff:ff:ff:ff", LATER, Frame(CAPTURE, 7)))),
    Example("integ.ntp.server", "new_server", clock(), {"clocks": frozenset({"10.20.4.10"})},
            elsewhere={"clocks": frozenset({"10.10.5.20"})}, quiet=clock("8.8.8.8")),
    Example("integ.ntp.server", "new_server", clock(), NOVEL, elsewhere={"word": "usual"}),
    Example("integ.ntp.server", "unsound", unset(3), quiet=unset(2)),
    *(Example("integ.ntp.server", "absent", stopped(side, protocol="ntp"), elsewhere={"blind": True}, quiet=stopped(side))
      for side in ("client", "server")),
    Example("integ.l2.control", "gateways", ways_out("10.1.0.1", "10.1.0.66"), quiet=ways_out("10.1.0.1", "10.1.0.1")),
    Example("integ.l2.control", "stp_root", roots("A", "A", "B", "B"), quiet=roots("A", "A", "B")),
    Example("integ.l2.control", "stp_root", roots("A", "B", "A", "B"), quiet=roots("A", "B", "A", "B", trees=2)),
    Example("integ.l2.control", "dhcp",
            one(sighting(Identity("dhcp", (), (("capability", "dhcp-server"),)), service="dhcp", outcome=Outcome.NONE)), NOVEL,
            elsewhere={"word": "learning"}, quiet=clock()),
    Example("integ.l2.control", "dns", one(link(protocol="dns", verb=None, port=53)), {"clocks": frozenset({"10.20.4.10"})},
            elsewhere={"clocks": frozenset({"10.22.8.20"})}, quiet=one(link(protocol="mdns", verb=None, port=5353))),
    *(Example("integ.l2.control", "redirect", told_by(Binding("route", "8.8.8.8", "10.22.8.66")), {"clocks": declared},
              elsewhere={"clocks": frozenset({"10.10.5.20", "10.22.8.66"})}, quiet=told_by(Binding("arp", "8.8.8.8", "10.22.8.66")))
      for declared in (frozenset({"10.10.5.20"}), frozenset({"10.22.8.66"}))),
    Example("integ.l2.control", "redirect", told_by(Binding("route", "8.8.8.8", "10.22.8.66")), {"found_roles": LEADING},
            elsewhere={"found_roles": LEADING | {"10.22.8.66": frozenset({"router"})}},
            quiet=told_by(Binding("route", "10.22.8.66", "10.22.8.66"))),
    Example("integ.l2.control", "router", told_by(LEADS_OUT), NOVEL, elsewhere={"word": "learning"},
            quiet=told_by(LEADS_OUT._replace(protocol="lldp"))),
    Example("integ.l2.control", "router", told_by(LEADS_OUT), {"clocks": frozenset({"10.22.1.254"})},
            elsewhere={**NOVEL, "clocks": frozenset({"10.10.5.20"})}),
    Example("integ.l2.control", "dhcp", told_by(Binding("route", "0.0.0.0", "10.22.8.66")), {"clocks": frozenset({"10.22.1.254"})},
            elsewhere={}, quiet=told_by(Binding("route", "0.0.0.0", "10.22.1.254"))),
    Example("integ.l2.control", "dns", told_by(Binding("resolver", "10.22.8.66")), {"clocks": frozenset({"10.22.1.254"})},
            elsewhere={}, quiet=told_by(Binding("resolver", "10.22.1.254"))),
    Example("integ.l2.control", "ring", told_by(*[State("mrp", (), "ring", "open")] * 3),
            quiet=told_by(*[State("mrp", (), "ring", "open")] * 2, *[State("mrp", (), "ring", "closed")] * 9)),
    Example("integ.l2.control", "trunk", told_by(State("dtp", (), "trunk", "auto"))),
    Example("zone.tunnel.echo", "echo", echoes((700, 680), (650, 800), (900, 90)), quiet=echoes((700, 680), (700, 680), (900, 900))),
    Example("zone.tunnel.echo", "echo", echoes(*[(700 + 10 * lost, 650) for lost in range(3)], got=14),
            quiet=echoes(*[(700 + 10 * lost, 650) for lost in range(3)], got=9)),
    Example("integ.bacnet.dup_instance", "duplicate", devices("10.22.8.20", "10.22.8.21"), quiet=devices("10.22.8.20", "10.22.8.20")),
    Example("integ.response.anomaly", "office", one(sighting(Anomaly("ftp", REWRITTEN, 4), outcome=Outcome.NONE)),
            quiet=one(sighting(Anomaly("ftp", "neither", 4), outcome=Outcome.NONE))),
    Example("integ.response.anomaly", "overlap", one(sighting(Anomaly("modbus", REWRITTEN, 4), outcome=Outcome.NONE)), quiet=flaws(1)),
    Example("zone.chain.jump", "read", one(link("10.20.1.10", "10.22.8.20")), JUMP, elsewhere={**JUMP, "judged": ALLOWED},
            quiet=one(link("10.20.1.10", "10.22.8.20", "", None, port=4444))),
    Example("zone.chain.jump", "write", one(link("10.20.1.10", "10.22.8.20", verb="WRITE")), JUMP, elsewhere={**JUMP, "word": "usual"}),
    Example("zone.chain.jump", "read", one(link("10.20.1.10", "10.22.8.20")), JUMP, elsewhere={"judged": UNDECLARED},
            quiet=one(link("10.20.1.10", "10.20.1.10"))),
    Example("zone.multihomed", "two_addresses", legs("10.20.1.10", "10.22.8.20"), quiet=legs("10.20.1.10", "10.99.1.1")),
    Example("zone.multihomed", "two_addresses", legs("10.10.5.20", "10.22.8.20"), elsewhere={"zones": {"10.22.8.20": COMFORT}}),
    Example("inv.vendor.mismatch", "impostor", one(link()), {**FIELD, **NOVEL, "made_by": "Raspberry Pi Trading Ltd"},
            elsewhere={**FIELD, **NOVEL, "made_by": "Schneider Electric"}, quiet=one(link(protocol="http"))),
    Example("inv.vendor.mismatch", "impostor", one(link()), {**FIELD, **NOVEL, "made_by": "local"},
            elsewhere={**FIELD, "made_by": "local", "word": "usual"}),
    Example("inv.vendor.mismatch", "impostor", one(link()), {**FIELD, **NOVEL, "made_by": "VMware, Inc."},
            elsewhere={**NOVEL, "made_by": "VMware, Inc."}),
    Example("inv.obsolete", "eol_os", one(AssetAged("10.22.1.15", "os", "Windows XP", "2014-04-08", LATER, Frame(CAPTURE, 7))),
            quiet=one(AssetAged("10.22.8.20", "os", "Windows XP", "2014-04-08", LATER, Frame(CAPTURE, 7)))),
    Example("bacnet.override.left", "held", one(left(8, covers=True)), quiet=one(left(8, covers=False))),
    Example("bacnet.override.left", "held", one(left(5, covers=False)), quiet=one(left(9, covers=True))),
    *(Example("write.out_of_limits", variant, write(outcome=outcome), {"outside": (TOO_HOT,)}, elsewhere={})
      for variant, outcome in (("success", Outcome.OK), ("unknown", Outcome.UNANSWERED), ("failure", Outcome.ERROR))),
    Example("process.out_of_limits", "outside", one(ValueOutside("10.22.1.15", "10.20.1.10", "bacnet", TOO_HOT, BEGIN, LATER,
            Frame(CAPTURE, 7), Frame(CAPTURE, 8), "udp", 47808)), quiet=write()),
    Example("write.novel_target", "beside", ways(1, 1, 1, 1, 2, 1), {"declares": False, "habits": Habit(9, 0, True)},
            quiet=ways(1, 1, 1, 1, 1, 2), elsewhere={"declares": False, "habits": Habit(0, 0, True)}),  # a connection that ended
    Example("write.novel_target", "beside", ways(1, 1, 1, 1, 2, 1), {"declares": False, "habits": Habit(9, 0, True)},
            quiet=ways(1, 1, 2, 1, 3, 1, 4, 1)),  # each order through a connection of its own
    Example("write.novel_target", "point", write(), CONDUIT, elsewhere={"word": "usual", "allowed": "c03"},
            quiet=write(outcome=Outcome.ERROR, error_code="2")),
    Example("write.novel_target", "point", write(), CONDUIT, elsewhere={**CONDUIT, "word": "learning"}),
    Example("write.novel_target", "point", write(), CONDUIT, elsewhere={"word": "new", "allowed": "expected_writers[0]"}),
    Example("write.novel_target", "point", write(), {"word": "new", "declares": False, "habits": Habit(9, 0, True)},
            elsewhere={"word": "new", "declares": False}),
    Example("write.novel_target", "value", write(), RANGED, elsewhere={**RANGED, "values": Range(10, 24, 50)}),
    Example("write.novel_target", "value", write(), RANGED, elsewhere={**RANGED, "values": Range(10, 20, 49)}),
    Example("write.novel_target", "value", write(), {**RANGED, "values": Range(10, 20, sure=True)},
            elsewhere={**RANGED, "values": Range(None, None, sure=True)}),
    Example("inv.conversation.new", "read", one(link()), NOVEL, elsewhere={"word": "usual"}, quiet=one(link(state="attempt"))),
    Example("inv.conversation.new", "read", one(link()), {"word": "returned"}, elsewhere={**NOVEL, "stranger": "10.22.8.20"}),
    Example("inv.conversation.new", "write", one(link(verb="WRITE")), NOVEL, elsewhere={"word": "learning"},
            quiet=one(link(verb="ADMIN"))),
    Example("inv.conversation.new", "read", one(link()), {**NOVEL, "judged": ALLOWED}, elsewhere={**NOVEL, "judged": UNDECLARED}),
    Example("inv.service.new", "remote", one(link(protocol="ssh", verb=None, port=22)), NOVEL, elsewhere={"word": "usual"},
            quiet=one(link(protocol="ssh", verb=None, port=22, state="refused"))),
    Example("inv.service.new", "ot", one(link()), NOVEL, elsewhere={**NOVEL, "stranger": "10.22.8.20"}),
    Example("inv.service.new", "other", one(link(protocol="", verb=None, port=808)), NOVEL, elsewhere={"word": "learning"}),
    Example("malf.frame", "single", flaws(1), quiet=one(sighting(Anomaly("http", "neither", 0), service="http", outcome=Outcome.NONE))),
    Example("malf.frame", "fuzzing", flaws(10), quiet=flaws(9)),
)  # fmt: skip


def site_of(example: Example, answers: Mapping[str, Any] | None = None) -> FakeSite:
    return FakeSite(**(example.site if answers is None else answers))
