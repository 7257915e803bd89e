"""One site's inventory, fed in the order of the wire half: every item once, sightings and tallies alike."""

from collections.abc import Iterable

from otwatch.changes import AssetChanged, AssetSeen, Change
from otwatch.events import Answer, Binding, Identity, Request, Route
from otwatch.inventory.assets import Asset, Assets
from otwatch.inventory.endpoints import BACNET, BEHIND, CIP, GROUP, L2, UNIT, IsInternal, ends, internal, is_broadcast, reached
from otwatch.inventory.facts import OTHER, SELF, WATCHED, Fact, Facts, agree, told, useful
from otwatch.inventory.habits import Habits
from otwatch.inventory.identity import Names, host_of
from otwatch.inventory.knowledge import Declared, Knowledge, Known
from otwatch.inventory.labels import SAID
from otwatch.inventory.links import Links, State, Way, outward, state_of
from otwatch.inventory.macs import Macs
from otwatch.inventory.paths import ROUTERS, Paths
from otwatch.inventory.protocols import Protocols
from otwatch.inventory.roles import UPS_MARK, Role
from otwatch.sightings import Conversation, Frame, Outcome, Sighting, Tally

STATIONS = 1024
"""BACnet stations counted behind one router."""

WAYS, EXTERNALS = 4096, 4096
"""Links of one client, and addresses outside the site, from which on attempts in vain are only counted."""

UNLINKED = frozenset({"arp"})
"""Services that are no link: they only say whose address is whose (zones.md 9.2)."""
NOT_BEHIND = frozenset({"10", "11"})
"""Modbus exceptions of a gateway about a unit that does not answer (Modbus v1.1b3 section 7)."""
_OK, _ERROR = Outcome.OK, Outcome.ERROR  # looked up in the enum they cost 0.1 us each
ANNOUNCED, LEASE = frozenset({"arp", "address"}), "lease"  # an address to a MAC: by the thing itself, by the server that lent it
BEHIND_KINDS = BEHIND | {BACNET}
_UPS_OBJECTS = ("1.3.6.1.2.1.33.", "1.3.6.1.4.1.318.1.1.1.")  # RFC 1628; APC PowerNet, branch ups


class Inventory:
    """Assets, links, habits and counters of one site.

    is_internal   whether an address belongs to the site
    spoken        services whose messages are read (names of dissectors): their links are told by verb
    routers       addresses declared as gateways: their MACs are never a host's
    """

    def __init__(
        self, is_internal: IsInternal = internal, spoken: frozenset[str] = frozenset(), routers: frozenset[str] = frozenset()
    ) -> None:
        self.is_internal = is_internal
        self._spoken = spoken
        self.macs = Macs(routers)
        self.assets = Assets(is_internal, self._forget)
        self.names = Names(self.assets, self.macs, is_internal)
        self.links = Links(lambda: self._paths.clear())  # noqa: PLW0108  # they are made of links
        self.habits = Habits()
        self.protocols = Protocols()
        self._paths = Paths(self.assets, self.links, self.names)
        self.attempts = 0
        self.knowledge = Knowledge(self.assets, self.macs, self.names, self.links, is_internal)

    # -- what comes in ------------------------------------------------------------------------------------------------------------------

    def see(self, sighting: Sighting) -> list[Change]:
        """Take a sighting in; what it changes."""
        event = sighting.event
        if isinstance(event, Request):
            self.protocols.request(sighting, event)
            return self._request(sighting, event)
        if isinstance(event, Answer):
            self.protocols.answer(sighting, event)
            return self._answer(sighting, event)
        self.protocols.other(sighting)
        if isinstance(event, Identity):
            return self._identity(sighting, event)
        return self._binding(sighting, event) if isinstance(event, Binding) else []

    def tally(self, tally: Tally) -> list[Change]:
        """Take the count of a slot in; what it changes."""
        if is_broadcast(tally.conversation.client):
            tally = outward(tally)
        if not tally.tunnel:
            self.protocols.tally(tally)
        if tally.conversation.service in UNLINKED:
            return []
        is_open = state_of(tally) is State.ESTABLISHED
        if not is_open and self._is_crowded(tally.conversation):
            self.attempts += sum(tally.packets)
            return []
        client, server, link, *_ = self._paths.talk(tally)
        found: list[Change] = []
        for at, asset in enumerate((client, server)):
            self._count(asset, tally, at, found)
        if is_open and tally.payload[0] and tally.conversation.transport == "tcp":  # nobody sends on a connection that nobody opened
            self._hear(server, tally.first_ns, tally.last_ns, tally.frame, found)
        whole = tally.payload[0] + tally.payload[1]
        readable = bool(link.verbs) or (tally.conversation.service in self._spoken and whole > tally.unread)
        found.extend(link.count(tally, readable))
        return found

    def _is_crowded(self, talk: Conversation) -> bool:
        """Whether an attempt is one of so many that it gets no link, and who makes it no asset: detections count it all the same."""
        if self.links.has(Way(talk.client, talk.server, talk.transport, talk.server_port, talk.service)):
            return False
        if self.links.of_client(talk.client) >= WAYS:
            return True
        return self.assets.external >= EXTERNALS and self.assets.get(talk.client) is None and not self.is_internal(talk.client)

    def declare(self, declared: Iterable[Declared]) -> None:
        """What the site file says about assets: it is shown first, and what contradicts it is an AssetChanged."""
        self.knowledge.declare(declared)

    # -- requests and answers -----------------------------------------------------------------------------------------------------------

    def _request(self, sighting: Sighting, request: Request) -> list[Change]:
        if sighting.conversation.service in UNLINKED:
            self.macs.ask(ends(sighting).client, request.points[0].name)
            return []
        client, server, link, between, client_via, _ = self._paths.of(sighting, request)
        found: list[Change] = []
        self._hear(client, sighting.first_ns, sighting.last_ns, sighting.frame, found, client_via)
        server.asked += sighting.times
        server.begin(sighting.first_ns, sighting.frame)
        if client_via:
            client.said += sighting.times
        if sighting.outcome is _OK or sighting.outcome is _ERROR:
            self._answered(server, sighting, sighting.error_code, found)
        elif server.kind == CIP and not sighting.outcome:  # CIP answers do not repeat whom they come from
            self._hear(server, sighting.first_ns, sighting.last_ns, sighting.frame, found)
        if request.protocol == "snmp" and any(point.name.startswith(_UPS_OBJECTS) for point in request.points):
            link.marks |= {UPS_MARK}
        self.habits.see(sighting, between)
        return found + link.ask(request, sighting)

    def _answer(self, sighting: Sighting, answer: Answer) -> list[Change]:
        if sighting.conversation.service in UNLINKED or not answer.final:
            return []
        _, server, link, _, _, server_via = self._paths.of(sighting, answer)
        found: list[Change] = []
        self._answered(server, sighting, answer.error_code, found, server_via)
        return found + link.answer(answer, sighting)

    def _answered(self, server: Asset, sighting: Sighting, error_code: str, found: list[Change], via: str = "") -> None:
        """A server answered; a gateway that says that a unit does not is not the unit."""
        if server.kind == UNIT and error_code in NOT_BEHIND:
            return
        if server.kind in BEHIND_KINDS:
            server.said += sighting.times
        self._hear(server, sighting.first_ns, sighting.last_ns, sighting.answer or sighting.frame, found, via)

    def _count(self, asset: Asset, tally: Tally, at: int, found: list[Change]) -> None:
        """What one side of a conversation sent."""
        asset.begin(tally.first_ns, tally.frame)
        if not tally.packets[at]:
            return
        asset.packets += tally.packets[at]
        if tally.macs[at] and asset.is_address:
            self.macs.note(tally.macs[at], asset.key, tally.last_ns, tally.frame)
        if tally.vlan >= 0:
            asset.tagged(tally.vlan, self.macs.is_router(tally.macs[at]))
        self._hear(asset, tally.first_ns, tally.last_ns, tally.frame, found)

    # -- what things say about themselves -----------------------------------------------------------------------------------------------

    def _speaker(self, sighting: Sighting, subject: Route, found: list[Change]) -> Asset:
        talk = sighting.conversation
        key, via = reached(talk.client if sighting.by_client else talk.server, subject)
        asset = self.assets.at(key, sighting.first_ns, sighting.frame)
        if asset.kind == UNIT:
            self.names.met_unit(key)
        if asset.kind in BEHIND_KINDS:
            asset.said += sighting.times
        self._hear(asset, sighting.first_ns, sighting.last_ns, sighting.frame, found, via)
        return asset

    def _identity(self, sighting: Sighting, identity: Identity) -> list[Change]:
        found: list[Change] = []
        asset = self._mentioned(sighting, identity.subject) if identity.hearsay else self._speaker(sighting, identity.subject, found)
        if asset is None or asset.kind == GROUP:
            return found
        confidence = OTHER if identity.hearsay else SELF
        for one in told(identity):
            found.extend(self._learn(asset, Fact(*one, confidence, sighting.frame, sighting.first_ns, sighting.last_ns)))
        return found

    def _mentioned(self, sighting: Sighting, subject: Route) -> Asset | None:
        """Somebody of the site who is spoken of (or to), and is not heard by that; None for the rest of the world, which is large."""
        talk = sighting.conversation
        key, _ = reached(talk.server if sighting.by_client else talk.client, subject)
        known = self.assets.get(key)
        return known if known is not None or not self.is_internal(key) else self.assets.at(key, sighting.first_ns, sighting.frame)

    def _learn(self, asset: Asset, fact: Fact) -> list[Change]:
        known = fact.value in asset.facts.values(fact.name)
        before = asset.facts.learn(fact)
        if not known and fact.name == "capability":
            self.habits.baseline.capability(asset.key, fact.value, fact.first_ns, fact.frame)
        if known or fact.name not in WATCHED or (fact.name == "vendor" and len(asset.facts.values("vendor_id")) == 1):
            return []  # the same vendor number under another name is the same vendor
        declared = next((one.value for one in self.knowledge.declared(self.resolve(asset.key)) if one.name == fact.name), "")
        if declared:
            before = "" if agree(declared, fact.value) else declared
        return [AssetChanged(asset.key, fact.name, before, fact.value, fact.last_ns, fact.frame)] if before else []

    def _binding(self, sighting: Sighting, binding: Binding) -> list[Change]:
        found: list[Change] = []
        if binding.kind == LEASE:
            self.macs.note(binding.value, binding.key, sighting.last_ns, sighting.frame)
            return found
        if binding.kind in ANNOUNCED and (binding.kind == "arp" or self.is_internal(binding.key)):
            sender = sighting.conversation.client if sighting.by_client else sighting.conversation.server
            self.macs.note(binding.value or sender, binding.key, sighting.last_ns, sighting.frame, by_arp=True)
            asset = self.assets.at(binding.key, sighting.first_ns, sighting.frame)
            self._hear(asset, sighting.first_ns, sighting.last_ns, sighting.frame, found)
            return found
        asset = self._speaker(sighting, binding.subject, found)
        if asset.kind == GROUP:
            return found
        if binding.kind == "bacnet-device" and asset.kind == BACNET and useful((("device_instance", binding.key),)):
            self.names.bind(asset.key, binding.key)
        elif binding.kind == "virtual":
            self.macs.share(binding.key, binding.value, asset.key, sighting)
        elif binding.kind in SAID:
            self.habits.points.labels.take(asset.key, binding, sighting)
        elif binding.kind == "bacnet-network" and binding.value != "local":
            asset.networks.add(binding.key)
        return found

    def _hear(self, asset: Asset, first_ns: int, last_ns: int, frame: Frame, found: list[Change], via: str = "") -> None:
        """It said something itself, through `via`."""
        if last_ns > asset.last_ns:  # noqa: PLR1730  # max() costs more than all the rest here
            asset.last_ns = last_ns
        if first_ns < asset.first_ns:
            asset.begin(first_ns, frame)
        if via and via not in asset.spoke_via:
            self._came_through(asset, self.assets.at(via, first_ns, frame), first_ns)
            self._hear(self.assets.at(via, first_ns, frame), first_ns, last_ns, frame, found)
        if asset.announced:
            return
        asset.heard = asset.kind != GROUP
        if asset.kind == GROUP or asset.is_there:
            asset.announced = True
            self._announce(asset, first_ns, frame, found)

    def _came_through(self, asset: Asset, router: Asset, time_ns: int) -> None:
        if len(asset.spoke_via) < ROUTERS:
            asset.spoke_via[router.key] = time_ns
        if asset.kind == BACNET and len(router.routed) < STATIONS:
            router.routed.add(asset.key)

    def _announce(self, asset: Asset, time_ns: int, frame: Frame, found: list[Change]) -> None:
        """Units are told once two of them are there: before, the one unit is the host itself."""
        if asset.kind == GROUP or (asset.kind == L2 and self.names.resolve(asset.key) != asset.key):
            return
        new = self.names.units(host_of(asset.key)) if asset.kind == UNIT else [asset]
        for one in new:
            if one.is_there and not one.told:
                one.told = True
                found.append(AssetSeen(one.key, time_ns, frame))

    # -- what is known ------------------------------------------------------------------------------------------------------------------

    def resolve(self, key: str) -> str:
        """The asset that a raw key means; final once everything was seen."""
        return self.names.resolve(key)

    def known(self, key: str) -> Known:
        """What is known of the asset that a raw key means."""
        return self.knowledge.known(self.names.resolve(key))

    def roles(self, key: str) -> tuple[Role, ...]:
        """What the asset that a raw key means is for, best first."""
        return self.knowledge.roles(self.names.resolve(key))

    def facts(self, key: str) -> Facts:
        """What was said about the asset that a raw key means."""
        return self.knowledge.facts(self.names.resolve(key))

    def label(self, key: str) -> str:
        """The best name to show for the asset that a raw key means."""
        return self.knowledge.label(self.names.resolve(key))

    def notes(self) -> dict[str, int]:
        """Evictions of each bounded table."""
        return {
            "evicted assets": self.assets.evicted,
            "evicted macs": self.macs.evicted,
            "evicted links": self.links.evicted,
            "evicted habits": self.habits.evicted,
            "evicted points": self.habits.points.evicted,
            "points not kept": self.habits.points.reads.crowded + self.habits.points.labels.crowded,
            "evicted lines of the baseline": self.habits.baseline.evicted,
            "attempts that were only counted": self.attempts,
        }

    # -- forgetting ---------------------------------------------------------------------------------------------------------------------

    def _forget(self, keys: set[str]) -> None:
        self.names.forget(keys)
        self._paths.clear()
