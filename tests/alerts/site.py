"""A site that answers what a test says, and short ways to write what was seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from otwatch.alerts.credentials import Finding as Known
from otwatch.alerts.credentials import Verdict as SecretVerdict
from otwatch.alerts.known import Cap
from otwatch.alerts.model import Asker, Exchange, Habit, Setting, ZoneView
from otwatch.alerts.usual import LEARNING, Range
from otwatch.alerts.windows import Windows
from otwatch.changes import Claim, LinkSeen, Outside
from otwatch.events import Credential, Event, Point, Request, Secret, Verb
from otwatch.sightings import Conversation, Frame, Outcome, Role, Sighting, Tally
from otwatch.zones.compare import Judged, Verdict

SECOND = 1_000_000_000
BEGIN = 1_791_878_400 * SECOND
LATER = BEGIN + 7200 * SECOND
CAPTURE = "test.pcap"


def zone(name: str, kind: str, criticality: str = "C2", level: float = 1, trust: str = "internal", confidence: float = 1.0) -> ZoneView:
    return ZoneView(name, {"en": name, "fr": name}, kind, trust, level, criticality, confidence)


SUPERVISION = zone("supervision", "supervision", "C3", 3)
THEATRE = zone("bloc", "hvac_critical", "C4")
COMFORT = zone("cvc", "hvac_general")
OFFICE = zone("bureautique", "office_it", "C1", 4)
ENGINEERING = zone("ingenierie", "engineering", "C3", 3)
CAMERAS = zone("video", "cctv", "C1")
INTERNET = zone("(internet)", "internet", "C0", 4, "external")
FIRE = zone("ssi", "fire_safety", "C4")
UPS = zone("onduleurs", "ups", "C4")
ZONES = {"10.20.1.10": SUPERVISION, "10.22.1.15": THEATRE, "10.22.8.20": COMFORT, "10.10.5.20": OFFICE, "10.20.3.5": ENGINEERING,
         "10.24.5.9": CAMERAS, "8.8.8.8": INTERNET, "10.24.1.5": FIRE, "10.21.4.40": UPS}  # fmt: skip


NEVER_ASKED, NEVER_WRITTEN = Exchange(), Setting()
NO_RANGE = Range()
NOT_JUDGED, STRANGER, UNLISTED = Verdict(Judged.NOT_JUDGED), Habit(0, True, False), SecretVerdict(Known.NOT_IN_LIST)


@dataclass
class FakeSite:
    """`word`, `values`: what the baseline says of anything; `stranger` is the one asset it has not known for long.

    `allowed`: what expected_writer says of anything; `judged`: the verdict on anything."""

    zones: Mapping[str, ZoneView] = field(default_factory=lambda: dict(ZONES))
    allowed: str | None = None
    declares: bool = True
    judged: Verdict = NOT_JUDGED
    habits: Habit = STRANGER
    secret: SecretVerdict = UNLISTED
    scans: bool = False
    works: str | None = None
    young: bool = False
    parts: Mapping[str, str] = field(default_factory=dict)
    found_roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    clocks: frozenset[str] = frozenset()
    asked: Mapping[str, Mapping[str, Asker]] = field(default_factory=dict)
    claimed: Mapping[str, Claim] = field(default_factory=dict)
    exchanged: Exchange = NEVER_ASKED
    setting: Setting = NEVER_WRITTEN
    tunnels: frozenset[str] = frozenset()
    blind: bool = False
    word: str = LEARNING
    values: Range = NO_RANGE
    stranger: str = ""
    made_by: str = ""
    sessions: tuple[LinkSeen, ...] = ()
    windows: Windows = field(default_factory=Windows)
    began_ns: int = BEGIN
    compares: bool = True
    caps: Mapping[str, Cap] = field(default_factory=dict)
    outside: tuple[Outside, ...] = ()

    def ends(self, sighting: Sighting) -> tuple[str, str]:
        talk = sighting.conversation
        is_answer = hasattr(sighting.event, "error")
        return (talk.client, talk.server) if sighting.by_client != is_answer else (talk.server, talk.client)

    @property
    def usual(self) -> "FakeSite":
        return self

    def talk(self, link: LinkSeen) -> str:
        return self.word

    def service(self, link: LinkSeen) -> str:
        return self.word

    def capability(self, asset: str, what: str, time_ns: int) -> str:
        return self.word

    def points(self, client: str, server: str, protocol: str, point: Point, time_ns: int) -> tuple[str, Range]:
        return self.word, self.values

    def is_accepted(self, asset: str) -> bool:
        return self.word == "usual"

    def is_known(self, asset: str, time_ns: int) -> bool:
        return asset != self.stranger

    def subject(self, sighting: Sighting) -> str:
        return self.ends(sighting)[0]

    def final(self, asset: str) -> str:
        return self.parts.get(asset, asset)

    def host(self, asset: str) -> str:
        return asset.partition("/")[0]

    def label(self, asset: str) -> str:
        return asset

    def zone(self, asset: str) -> ZoneView | None:
        return self.zones.get(self.host(asset))

    def criticality(self, asset: str) -> str:
        found = self.zone(asset)
        return found.criticality if found is not None else "C2"

    def roles(self, asset: str) -> frozenset[str]:
        return self.found_roles.get(asset, frozenset())

    def hints(self, asset: str) -> Mapping[str, str]:
        return {}

    def declares_writers(self) -> bool:
        return self.declares

    def expected_writer(self, request: Request, client: str, server: str, time_ns: int) -> str | None:
        return self.allowed

    def beyond(self, request: Request, server: str) -> Iterable[Outside]:
        return self.outside

    def strongest_priority(self, client: str, server: str) -> int:
        return 8

    def habit(self, client: str, server: str, protocol: str, time_ns: int) -> Habit:
        return self.habits

    def declares_time(self) -> bool:
        return bool(self.clocks)

    def gives_time(self, asset: str) -> bool:
        return asset in self.clocks

    def exchange(self, client: str, server: str, protocol: str) -> Exchange:
        return self.exchanged

    def written(self, server: str, protocol: str, point: str) -> Setting:
        return self.setting

    def went_blind(self, since_ns: int) -> bool:
        return self.blind

    def is_gateway(self, asset: str) -> bool | None:
        return asset in self.clocks if self.clocks else None

    def crosses(self, asset: str) -> bool:
        return "router" in self.roles(asset)

    def gives_names(self, asset: str) -> bool | None:
        return asset in self.clocks if self.clocks else None

    def maker(self, asset: str) -> str:
        return self.made_by

    def relayed(self, link: LinkSeen) -> tuple[LinkSeen, ...]:
        return self.sessions

    def tests(self, client: str, server: str, verb: Verb | None, time_ns: int) -> str:
        return ""

    def is_crowd(self, asset: str) -> bool:
        return False

    def hands(self, asset: str, first_ns: int, last_ns: int) -> tuple[str, ...]:
        return ()

    def askers(self, asset: str) -> Mapping[str, Asker]:
        return self.asked.get(asset, {})

    def claim(self, mac: str, ip: str, time_ns: int) -> Claim:
        return self.claimed.get(mac, Claim({}))

    def verdict(self, link: LinkSeen) -> Verdict:
        return self.judged

    def is_protected(self, conduit: str) -> bool:
        return conduit in self.tunnels

    def credential(self, credential: Credential, asset: str) -> SecretVerdict:
        return self.secret

    def proven(self, sighting: Sighting) -> SecretVerdict | None:
        return self.secret

    def compares_secrets(self) -> bool:
        return self.compares

    def cap(self, detection: str) -> Cap | None:
        return self.caps.get(detection)

    def scanner(self, asset: str, time_ns: int) -> bool:
        return self.scans

    def intervention(self, client: str, server: str, verb: Verb | None, time_ns: int) -> str | None:
        return self.works

    def learning(self, time_ns: int) -> bool:
        return self.young


def sighting(
    event: Event, client: str = "10.10.5.20", server: str = "10.22.8.20", *, service: str = "modbus", outcome: Outcome = Outcome.OK,
    error_code: str = "", by_client: bool = True, number: int = 7, time_ns: int = LATER, role: Role = Role.SYN, times: int = 1,
) -> Sighting:  # fmt: skip
    talk = Conversation(client, server, "tcp", 50000, 502, service, role)
    answered = Frame(CAPTURE, number + 1) if outcome in {Outcome.OK, Outcome.ERROR} else None
    return Sighting(talk, by_client, event, times, time_ns, time_ns, Frame(CAPTURE, number), outcome, "refused" if error_code else "",
                    error_code, answered)  # fmt: skip


def asked(protocol: str, verb: str, name: str, code: int = 0, /, *, point: Point | None = None, value: str = "", **details: str) -> Request:
    said = tuple(details.items())
    return Request(protocol, Verb(verb), name, code, points=(point,) if point else (), values=(value,) if value else (), details=said)


def login(scheme: str = "http-basic", user: str = "root") -> Credential:
    return Credential(scheme, user, Secret(b"canary-of-the-tests"))


def link(
    client: str = "10.10.5.20", server: str = "10.22.8.20", protocol: str = "modbus", verb: str | None = "READ", *,
    state: str = "established", time_ns: int = LATER, port: int = 502, number: int = 7,
) -> LinkSeen:  # fmt: skip
    said = None if verb is None else Verb(verb)
    return LinkSeen(client, server, "tcp", port, protocol, said, state, 0, time_ns, Frame(CAPTURE, number))


def tally(client: str, server: str, port: int, *, flags: tuple[int, int] = (2, 20), time_ns: int = LATER, number: int = 7) -> Tally:
    """A try to connect: refused with RST unless said otherwise."""
    talk = Conversation(client, server, "tcp", 40000 + number, port, "", Role.SYN)
    return Tally(talk, (1, 1), (60, 60), (0, 0), flags, 0, 0, ("", ""), -1, (64, 64), time_ns, time_ns, Frame(CAPTURE, number))
