"""What detections may ask (alerts.model.Site), answered from inventory, policy and places. It decides nothing."""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from otwatch.alerts.credentials import Verdict as SecretVerdict
from otwatch.alerts.known import Cap
from otwatch.alerts.model import LOCAL, Asker, Exchange, Habit, Held, Setting, Severity, ZoneView
from otwatch.alerts.tracks import SECOND
from otwatch.alerts.windows import Windows
from otwatch.changes import UNSEEING, Claim, LinkSeen, Outside, SightLost
from otwatch.config import Site
from otwatch.config.site import Cap as DeclaredCap
from otwatch.declared.baseline import Accepted
from otwatch.events import Credential, Request, Verb
from otwatch.inventory import Inventory, endpoints
from otwatch.inventory.claims import claim
from otwatch.inventory.identity import host_of
from otwatch.inventory.vendors import maker
from otwatch.sightings import Frame, Sighting
from otwatch.site import talks
from otwatch.site.domains import EVERYBODY
from otwatch.site.limits import Limits
from otwatch.site.places import Places
from otwatch.site.routers import crosses, is_gateway
from otwatch.site.secrets import Secrets
from otwatch.site.sessions import hands
from otwatch.site.usual import Usual
from otwatch.zones.compare import Judged, Verdict, is_announcement, judge, passed_on

LEARN_DAYS = 14
"""Days of learning without a site file (detections.md A.4)."""
SILENCE_NS = 3_600_000_000_000
"""From when on a time without a single packet is no part of learning: captures of different days, a sensor that was off."""
DEFAULT_PRIORITY = 8
"""BACnet manual operator: commands below this number are protected where no conduit says otherwise."""
BLIND = 64
"""Times remembered at which the sensor began to see badly."""
NOTICED_NS = 1_800_000_000_000
"""So long it may take until a sensor notices that it sees nothing of a network: the turnover of MACs is looked at every 10 minutes."""
_MADE_UP = frozenset("26ae")
"""Second digits of locally administered addresses."""
_HINTS = {"vendor": "vendor", "model": "model", "banner": "software", "realm": "realm", "title": "title", "host": "host"}


class Answers:
    """The site, read only."""

    def __init__(self, inventory: Inventory, places: Places, site: Site | None, accepted: Accepted, limits: Limits) -> None:
        self._inventory = inventory
        self._places = places
        self._site = site
        self._secrets = Secrets(site)
        self._caps = _caps(site.caps if site is not None else ())
        self._judged: tuple[LinkSeen, Verdict] | None = None
        self._told: tuple[Sighting, tuple[str, str]] | None = None
        self._is_frozen = accepted.is_frozen
        self._limits = limits
        self.usual = Usual(inventory, accepted, self.learning)
        self.windows = Windows()
        self.crowd: frozenset[str] = frozenset()
        self.began_ns = self.latest_ns = self._silent_ns = 0
        self._blind_ns: deque[int] = deque(maxlen=BLIND)

    def watch(self, first_ns: int, last_ns: int) -> None:
        """Something was seen then: learning goes on, and stood still while nothing was captured at all.

        What is told late (a request that nobody answered) is from before a silence, and does not undo it.
        """
        silent_ns = first_ns - self.latest_ns
        if self.began_ns and silent_ns > SILENCE_NS:
            self.began_ns += silent_ns
            self._silent_ns += silent_ns
        began_ns = first_ns + self._silent_ns
        if began_ns < self.began_ns or not self.began_ns:
            self.began_ns = min(self.began_ns or first_ns, began_ns)
        if last_ns > self.latest_ns:  # noqa: PLR1730  # max() costs three times as much
            self.latest_ns = last_ns

    def blinded(self, lost: SightLost) -> None:
        """Remember when the sensor began to see badly."""
        if lost.kind in UNSEEING:
            self._blind_ns.append(lost.since_ns)

    def went_blind(self, since_ns: int) -> bool:
        return any(since_ns <= blind_ns <= since_ns + NOTICED_NS for blind_ns in self._blind_ns)

    # -- assets -------------------------------------------------------------------------------------------------------------------------

    def ends(self, sighting: Sighting) -> tuple[str, str]:
        """Several detections ask about the same sighting, one after the other."""
        told = self._told
        if told is None or told[0] is not sighting:
            told = self._told = (sighting, self._ends(sighting))
        return told[1]

    def _ends(self, sighting: Sighting) -> tuple[str, str]:
        if isinstance(sighting.event, Request) or hasattr(sighting.event, "code") or isinstance(sighting.event, Credential):
            return endpoints.ends(sighting)
        talk = sighting.conversation
        return (talk.client, talk.server) if sighting.by_client else (talk.server, talk.client)

    def subject(self, sighting: Sighting) -> str:
        talk = sighting.conversation
        key = endpoints.reached(talk.client if sighting.by_client else talk.server, getattr(sighting.event, "subject", ())).key
        return "" if endpoints.is_broadcast(key) else key

    def final(self, asset: str) -> str:
        return self._inventory.resolve(asset)

    def host(self, asset: str) -> str:
        key = self._inventory.resolve(asset if asset.startswith("bacnet ") else host_of(asset))
        if endpoints.kind(key, self._inventory.is_internal) in endpoints.ADDRESSED:
            return key
        return self._inventory.knowledge.parent(key) or key

    def label(self, asset: str) -> str:
        return self._inventory.label(asset)

    def roles(self, asset: str) -> frozenset[str]:
        return self._places.known(asset).roles

    def zone(self, asset: str) -> ZoneView | None:
        return self._places.zone(asset)

    def criticality(self, asset: str) -> str:
        return self._places.criticality(asset)

    def hints(self, asset: str) -> Mapping[str, str]:
        facts = self._inventory.facts(asset)
        said = {hint: facts.value(field) for hint, field in _HINTS.items()}
        said["model"] = said["model"] or facts.value("product")
        said["oui"] = self._places.known(asset).mac[:8]
        return {hint: text for hint, text in said.items() if text}

    # -- what is usual ------------------------------------------------------------------------------------------------------------------

    def declares_writers(self) -> bool:
        return self._site is not None and (bool(self._site.expected_writers) or self._site.conduits is not None)

    def expected_writer(self, request: Request, client: str, server: str, time_ns: int) -> str | None:
        policy = self._places.policy
        if self._site is None or policy is None:
            return None
        if self._site.expected_writers:
            ends = (self._places.known(client).ip, self._places.known(server).ip)
            return policy.expected(request, ends[0], ends[1], time_ns)
        link = LinkSeen(client, server, "", 0, request.protocol, request.verb, "established", request.priority or 0, time_ns, Frame("", 0))
        verdict = self.verdict(link)
        return verdict.conduit if verdict.kind is Judged.ALLOWED else None

    def beyond(self, request: Request, server: str) -> Iterable[Outside]:
        return self._limits.written(request, server)

    def strongest_priority(self, client: str, server: str) -> int:
        policy, asker, asked = self._places.policy, self._places.spot(client), self._places.spot(server)
        if policy is None or asker is None or asked is None:
            return DEFAULT_PRIORITY
        said = [conduit.strongest_bacnet_priority for conduit in policy.between(asker.zone.id, asked.zone.id)]
        return min((priority for priority in said if priority is not None), default=DEFAULT_PRIORITY)

    def habit(self, client: str, server: str, protocol: str, time_ns: int) -> Habit:
        habits, limits, pair = self._inventory.habits, self.windows.thresholds, (client, server, protocol)
        own = habits.polls(*pair)
        polls = own.reads if own.is_established else 0
        since_ns, lead_ns = own.read_ns, limits.lead_s * SECOND
        is_young = bool(polls) and time_ns - since_ns < limits.settle_s * SECOND  # few are: all others are looked at for them
        is_new = is_young and habits.longest_reader(*pair) + lead_ns <= since_ns
        is_first = habits.first_writer(server, protocol) in ("", client)
        return Habit(polls, habits.others_before(*pair, time_ns), is_first, is_new, since_ns <= time_ns)

    def declares_time(self) -> bool:
        return self._site is not None and bool(self._site.time_sources)

    def gives_time(self, asset: str) -> bool:
        return self._site is not None and self._places.known(asset).ip in map(str, self._site.time_sources)

    def claim(self, mac: str, ip: str, time_ns: int) -> Claim:
        return claim(self._inventory.macs, mac, ip, time_ns)

    def exchange(self, client: str, server: str, protocol: str) -> Exchange:
        return talks.exchange(self._inventory, client, server, protocol)

    def written(self, server: str, protocol: str, point: str) -> Setting:
        found = self._inventory.habits.points.at((server, protocol, point))
        if found is None:
            return Setting()
        return Setting(found.writes, found.first_ns, found.before, tuple(Held(*slot[:4]) for slot in sorted(found.slots)))

    def gives_names(self, asset: str) -> bool | None:
        named = self._site.dns_servers if self._site is not None else ()
        return self._places.known(asset).ip in map(str, named) if named else None

    def is_gateway(self, asset: str) -> bool | None:
        return is_gateway(asset, self._site.gateways if self._site is not None else (), self._inventory.macs)

    def crosses(self, asset: str) -> bool:
        return crosses(asset, self._inventory.macs)

    def maker(self, asset: str) -> str:
        mac = self._places.known(asset).mac
        return maker(mac) or (LOCAL if mac[1:2] in _MADE_UP else "")

    def relayed(self, link: LinkSeen) -> tuple[LinkSeen, ...]:
        return talks.relayed(self._inventory, link)

    def is_crowd(self, asset: str) -> bool:
        return self.host(asset) in self.crowd

    def hands(self, asset: str, first_ns: int, last_ns: int) -> tuple[str, ...]:
        key = self._inventory.resolve(asset)
        return hands(self._inventory.knowledge.links_to(key), first_ns, last_ns, self._inventory.resolve)

    def askers(self, asset: str) -> Mapping[str, Asker]:
        return talks.askers(self._inventory, asset)

    def learning(self, time_ns: int) -> bool:
        if self._is_frozen:
            return False
        learning = self._site.learning if self._site is not None else None
        days = learning.days if learning is not None else LEARN_DAYS
        start_ns = self.began_ns
        if learning is not None and learning.start is not None and self._places.policy is not None:
            declared = datetime.combine(learning.start, time(), self._places.policy.clock)
            start_ns = max(start_ns, int(declared.timestamp()) * 1_000_000_000)
        return time_ns < start_ns + int(timedelta(days=days).total_seconds()) * 1_000_000_000

    # -- what is allowed ----------------------------------------------------------------------------------------------------------------

    def verdict(self, link: LinkSeen) -> Verdict:
        """What the policy says; several detections ask about the same link, one after the other."""
        if self._judged is None or self._judged[0] is not link:
            self._judged = (link, self._judge(link))
        return self._judged[1]

    def _judge(self, link: LinkSeen) -> Verdict:
        policy = self._places.policy
        if policy is None:
            return Verdict(Judged.NOT_JUDGED, reasons=("no_zones",))
        if is_announcement(link) and talks.looks_for(self._inventory, link.server):
            return Verdict(Judged.NOT_JUDGED, reasons=("answer",))
        return judge(policy, link, self._places.placed(link.client), self._places.placed(self._domain(link)))

    def _domain(self, link: LinkSeen) -> str:
        """Who stands for the target: of what a BBMD tells everybody on its network that is the BBMD (zones.md 9.3)."""
        via = passed_on(link)
        return via if via and link.server in EVERYBODY else link.server

    def is_protected(self, conduit: str) -> bool:
        return self._site is not None and any(one.id == conduit and one.protected_by for one in self._site.conduits or ())

    def cap(self, detection: str) -> Cap | None:
        return self._caps.get(detection)

    def scanner(self, asset: str, time_ns: int) -> bool:
        policy = self._places.policy
        found = policy.scanner(self._places.known(asset).ip, time_ns) if policy is not None else None
        return found is not None and found[1]

    def intervention(self, client: str, server: str, verb: Verb | None, time_ns: int) -> str | None:
        policy = self._places.policy
        if policy is None:
            return None
        works = policy.intervention(self._places.placed(client), self._places.placed(server), verb, time_ns)
        return works.id if works is not None else None

    def tests(self, client: str, server: str, verb: Verb | None, time_ns: int) -> str:
        policy = self._places.policy
        return policy.tests(self._places.placed(client), self._places.placed(server), verb, time_ns) if policy is not None else ""

    def credential(self, credential: Credential, asset: str) -> SecretVerdict:
        return self._secrets.judge(credential, self.hints(asset))

    def proven(self, sighting: Sighting) -> SecretVerdict | None:
        _, server = self.ends(sighting)
        return self._secrets.proven(sighting, self.ends(sighting), self.hints(server))

    def compares_secrets(self) -> bool:
        return self._secrets.are_compared

    def notes(self) -> dict[str, int]:
        """What there was no time for."""
        return self._secrets.notes()


def _caps(declared: Iterable[DeclaredCap]) -> dict[str, Cap]:
    """Of two for one detection the stricter."""
    found = [(one.detection, Cap(Severity[one.cap.upper()], one.reason)) for one in declared]
    return dict(sorted(found, key=lambda row: -row[1].most))
