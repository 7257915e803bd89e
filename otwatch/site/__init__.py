"""The site half: sightings and tallies in, results out.

    Inventory   what is there, who does what with whom                  inventory/
    Places      which zone every asset is in                            site/places.py, zones/
    Answers     what detections may ask                                 site/answers.py
    Transfers, Sessions   requests that are one program, or one visit   site/transfers.py, site/sessions.py
    Absences, Expected   what is not there any more, or was not done    site/absences.py, site/expected.py
    Domains, Crowds   who hears whose broadcasts, who shares an address site/domains.py, site/crowds.py
    Limits      values that the site file does not want                 site/limits.py
    Judge       what is wrong                                           alerts/

It is small, ordered and stateful. Every item is learnt first and judged then. Links between zones are judged a few minutes of packet
time later, when a new asset has had time to say who it is (zones.md 9.5).
"""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sized

from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.judge import Judge
from otwatch.alerts.windows import Windows
from otwatch.changes import Change, LinkSeen, ProgramTransferred, SightLost
from otwatch.config import Site
from otwatch.config.site import Place
from otwatch.declared.baseline import Accepted, accepted_in
from otwatch.dissectors import DISSECTORS
from otwatch.events import Echo, Envelope, Truncated
from otwatch.facts import Facts
from otwatch.inventory import Inventory
from otwatch.inventory.endpoints import ends
from otwatch.inventory.faces import unite
from otwatch.inventory.reads import is_read
from otwatch.inventory.rows import asset_rows, attribute_rows, link_rows
from otwatch.results import AssetRow, CaptureRow, LinkRow, Results, ZoneRow
from otwatch.results.places import placed
from otwatch.sightings import SLOT_NS, Item, Routine, Sighting, Tally
from otwatch.site import united
from otwatch.site.absences import LULL_NS, Absences
from otwatch.site.answers import Answers
from otwatch.site.crowds import Crowds
from otwatch.site.domains import Domains
from otwatch.site.expected import Expected
from otwatch.site.inspection import inspect
from otwatch.site.limits import Limits
from otwatch.site.mirrors import Mirrors
from otwatch.site.outlines import Outlines
from otwatch.site.pins import declared, declared_units, is_internal
from otwatch.site.places import Places
from otwatch.site.points import point_rows
from otwatch.site.sessions import Sessions
from otwatch.site.transfers import Transfers
from otwatch.site.usual import baseline_rows
from otwatch.site.verdicts import Verdicts
from otwatch.zones.compare import UNDIRECTED
from otwatch.zones.rows import conduit_rows, zone_rows

GRACE_NS = 300_000_000_000
"""How long a link waits for its two sides to be identified: 5 minutes (zones.md 9.5)."""
FRESH = 1024
"""Items after which answers about assets are asked anew inside a slot."""
BOUND = 131_072
"""Links that may wait; beyond it the oldest is judged at once."""

NOTHING = Accepted()
TITLES = {one.name: one.title for one in DISSECTORS}
_ONLY_FACTS = (Envelope, Echo, Truncated)
"""Events that are counted and say nothing about assets."""


class SiteHalf:
    """One site. `site` None: nothing is declared, zones are suggested at the end. `accepted`: what a person accepted as usual.

    `place` stands in every key of the results, and in none before (results/places.py).
    """

    def __init__(self, site: Site | None, accepted: Accepted = NOTHING, place: str = "") -> None:
        self._place = place
        self._accepted = accepted = accepted_in(accepted, place)
        self._site = site if site is not None else Site(1, Place("", "UTC", "en"))
        spoken = frozenset(one.name for one in DISSECTORS if not (one.sealed or one.names)) - UNDIRECTED
        routers = frozenset(str(address) for address in self._site.gateways)
        self.inventory = Inventory(is_internal(site), spoken, routers)
        self.inventory.declare(declared(self._site))
        self.inventory.names.declare_units(declared_units(self._site))
        self._places = Places(self.inventory, site)
        self._limits = Limits(self._site, self._places)
        self._answers = Answers(self.inventory, self._places, site, accepted, self._limits)
        self._judge = Judge(DETECTIONS, self._answers)
        self._facts = Facts()
        self._transfers = Transfers(ends)
        self._sessions = Sessions(ends)
        self._absences = Absences(self.inventory)
        self._expected = Expected(self._site.expected_operations, self._places)
        self._waiting: deque[LinkSeen] = deque()
        self._verdicts = Verdicts()
        self._slot = self._items = 0
        self._mirrors = Mirrors()
        self._domains = Domains()
        self._crowds = Crowds()
        self._outlines = Outlines(self._judge.is_judged, is_read)

    def see(self, item: Item) -> None:
        """Learn from an item, then judge it and what it changed."""
        if isinstance(item, Routine):
            self._see_routine(item)
            return
        self._pass_time(item.first_ns, item.last_ns)
        self._facts.see(item)
        if isinstance(item, Sighting) and isinstance(item.event, _ONLY_FACTS):
            return
        if isinstance(item, Tally):
            if self._mirrors.hold(item):
                return
            self._domains.see(item)
            self._crowds.see(item)
        changes = self.inventory.see(item) if isinstance(item, Sighting) else self.inventory.tally(item)
        self._judge.see(item)
        self._see_transfers(item)
        self._see_changes(changes)
        self._compare_old(item.last_ns)

    def _see_routine(self, routine: Routine) -> None:
        """Learn from all that one side said in a slot, in outline; then judge what a detection may be about."""
        outlines, judged, read = self._outlines.of(routine)
        if read:
            self.inventory.habits.points.reads.see(routine.conversation, routine.by_client, read)
        last_ns = max([one.last_ns for one in outlines])
        self._pass_time(min([one.first_ns for one in outlines]), last_ns)
        changes: list[Change] = []
        self._facts.see_routine(routine.conversation, routine.by_client, outlines)
        for one in outlines:
            if not isinstance(one.event, _ONLY_FACTS):
                changes += self.inventory.see(one)
        self._judge.see_said(routine.conversation, routine.by_client, judged)
        self._see_changes(changes)
        self._compare_old(last_ns)

    def _see_changes(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if isinstance(change, LinkSeen):
                self.inventory.habits.baseline.link(change)
                self._waiting.append(change)
                self._absences.met(change)
                self._expected.met(change)
            else:
                self._judge.see(change)

    def _pass_time(self, first_ns: int, last_ns: int) -> None:
        self._answers.watch(first_ns, last_ns)
        self._grow_older(first_ns // SLOT_NS)

    def _see_transfers(self, item: Sighting | Tally) -> None:
        self._tell_transfers(self._transfers.expired(item.first_ns))
        if isinstance(item, Sighting):
            self.inventory.habits.points.reads.see_one(item)
            self._sessions.see(item)
            self._tell_transfers(self._transfers.see(item))
            for change in self._limits.see(item):
                self._judge.see(change)

    def _tell_transfers(self, transfers: Iterable[ProgramTransferred]) -> None:
        for transfer in transfers:
            self._sessions.transferred(transfer)
            self._judge.see(transfer)

    def _grow_older(self, slot: int) -> None:
        """Names, roles and places are asked often and change seldom: what was answered holds for a slot, or so many items."""
        self._items += 1
        if slot > self._slot or self._items % FRESH == 0:
            self.inventory.habits.baseline.learning = self._answers.learning(slot * SLOT_NS)
            self._places.refresh(slot * SLOT_NS)
        if slot > self._slot:
            if (blind_ns := (slot - self._slot) * SLOT_NS) > LULL_NS and self._slot:
                self._expected.stand_still(blind_ns)
            self._slot = slot
            for change in (*self._absences.pass_time(slot * SLOT_NS), *self._expected.pass_time(slot * SLOT_NS)):
                self._judge.see(change)

    def _compare_old(self, now_ns: int) -> None:
        """Without declared zones all links wait for the draft, which is made when everything was seen."""
        grace_ns = GRACE_NS if self._places.policy is not None else now_ns
        while self._waiting and (now_ns - self._waiting[0].time_ns > grace_ns or len(self._waiting) > BOUND):
            self._compare(self._waiting.popleft())

    def finish(self) -> None:
        """Everything was seen: nothing gets another name or zone any more, and all links are judged."""
        self.fold()
        self._tell_transfers(self._transfers.finish())
        self._answers.crowd = self.inventory.knowledge.crowd = self._crowds.suspects(self.inventory)
        self.inventory.knowledge.settle()
        self._places.refresh()
        if self._places.policy is None:
            self._places.suggest(self._site)
        self._waiting.extend(self._domains.received(self.inventory, self._places.sure_zone))
        while self._waiting:
            self._compare(self._waiting.popleft())
        now_ns = self._answers.latest_ns
        for change in (*inspect(self.inventory, now_ns), *self._domains.shared(self.inventory, self._places.sure_zone, now_ns)):
            self._judge.see(change)

    def fold(self) -> None:
        """Take apart what is read, as far as it was only counted."""
        self.inventory.habits.points.reads.fold()

    def tell(self, lost: SightLost) -> None:
        """Judge what a sensor says of itself."""
        self._answers.blinded(lost)
        self._judge.see(lost)

    def blind(self, now_ns: int, for_ns: int) -> None:
        """What was not seen until now, for so long, was not absent: the sensor sees badly."""
        self._absences.blind(now_ns)
        self._expected.stand_still(for_ns)

    def covers(self, captures: Collection[str]) -> str:
        """The highest criticality of what was first seen in these captures, "" where nothing was."""
        there = (asset.key for asset in self.inventory.assets.all() if asset.frame.capture in captures)
        return max(map(self._places.criticality, there), default="")

    def clock_stepped(self) -> None:
        """Packet time went back: what counts seconds begins anew, and no link waits for a time that may not come for long."""
        self._answers.windows = Windows()
        self._absences.clear()
        self._slot = 0
        while self._places.policy is not None and self._waiting:
            self._compare(self._waiting.popleft())

    def forget(self, before_ns: int) -> int:
        """Let go of links and findings that were seen last before `before_ns`; how many. Assets are never let go for their age."""
        gone = self.inventory.links.forget(before_ns) + self._judge.repeats.forget(before_ns)
        gone += self._sessions.forget(before_ns)
        if gone:
            resolve = self.inventory.resolve
            ways = (link.way for link in self.inventory.links.all())
            self._verdicts.keep({(resolve(way.client), resolve(way.server), *way[2:]) for way in ways})
        return gone

    def times(self) -> list[int]:
        """When each link and each finding was seen last."""
        return [*(link.last_ns for link in self.inventory.links.all()), *self._judge.repeats.times()]

    def fills(self) -> dict[str, int]:
        """How full the bounded tables are."""
        inventory = self.inventory
        tables: dict[str, Sized] = {"assets": inventory.assets, "links": inventory.links, "habits": inventory.habits}
        tables |= {"links not judged": self._waiting, "findings": self._judge.repeats}
        return {name: len(table) for name, table in tables.items()}

    def notes(self) -> dict[str, int]:
        """What the bounded tables had to let go of."""
        tables = (self.inventory, self._facts, self._answers, self._absences, self._places, self._domains, self._crowds)
        return {name: times for table in tables for name, times in table.notes().items()}

    def results(self, captures: tuple[CaptureRow, ...], notes: Mapping[str, int]) -> Results:
        """All that was learnt, as rows. Zones and verdicts are those of single addresses; then what is one thing becomes one asset."""
        links, alerts = tuple(map(self._judged, link_rows(self.inventory, self._places.row))), self._judge.rows()
        faces, resolve = unite(self.inventory), self.inventory.resolve
        alerts = united.alerts(alerts, resolve)
        self._places.refresh()
        assets = asset_rows(self.inventory, self._places.row)
        place = self._site.site
        found = Results(
            site=place.name,
            captures=captures,
            protocols=self.inventory.protocols.rows(TITLES),
            assets=assets,
            attributes=attribute_rows(self.inventory),
            links=united.links(links, resolve),
            zones=self._zones(assets),
            alerts=alerts,
            notes={name: times for name, times in (*notes.items(), *self.notes().items()) if times},
            timezone=place.timezone,
            language=place.language if place.name else "",
            facts=self._facts.rows(),
            faces=faces,
            points=point_rows(self.inventory.habits.points, resolve),
            sessions=self._sessions.rows(resolve, self.inventory.knowledge.links_to, self._answers.intervention),
            conduits=conduit_rows(self._places.policy) if self._places.policy is not None else (),
            site_file=self._site.origin[0],
            site_digest=self._site.origin[1],
            baseline=baseline_rows(
                self.inventory.habits.baseline, self._accepted, resolve, alerts, self._site.learning.writes_become_baseline
            ),
        )
        return placed(found, self._place)

    def _compare(self, link: LinkSeen) -> None:
        verdict = self._answers.verdict(link)
        client, server = self.inventory.resolve(link.client), self.inventory.resolve(link.server)
        for end in {server, self._answers.host(server)}:
            self._verdicts.add((client, end, link.transport, link.port, link.protocol), verdict)
        self._judge.see(link)

    def _judged(self, row: LinkRow) -> LinkRow:
        return self._verdicts.told(row, ("behind_nat",) if row.client in self._answers.crowd else ())

    def _zones(self, assets: tuple[AssetRow, ...]) -> tuple[ZoneRow, ...]:
        policy = self._places.policy
        return () if policy is None else zone_rows(policy, self._places.suggestions, Counter(row.zone for row in assets))
