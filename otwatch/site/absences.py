"""What is not there any more: polling that stopped, assets that fell silent (detections.md, avail.*).

It is told by packet time alone: something else must have been heard long after. So the end of a capture is no absence, nor is a time in
which nothing was heard at all, nor one in which the sensor says that it sees badly.

    Silences (one for links, one for assets)  -- others have time to fall silent too -->  one change for what belongs together
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

from otwatch.changes import AssetSilent, LinkSeen, PollingStopped
from otwatch.events import Verb
from otwatch.inventory import Inventory
from otwatch.inventory.endpoints import EXTERNAL, GROUP
from otwatch.inventory.links import EPOCH_HOURS, HOUR_NS, WEEK_HOURS, Link, Way
from otwatch.sightings import SLOT_NS
from otwatch.site.silences import DAY_NS, Pulse, Silences

POLL_NS, ASSET_NS, TIME_NS = 60_000_000_000, 900_000_000_000, DAY_NS
"""Silences that are never too long: poll.miss, asset.silent and ntp.absent of detections.md E.1."""
LULL_NS = 600_000_000_000
"""After a time without a single packet everything is as after a restart."""
SETTLE_NS = 120_000_000_000
"""For so long others may fall silent too before something is told."""
LATE_NS = 2 * SLOT_NS
"""What is told in the end of its slot may come so late."""
DAYS, CLOCK_DAYS, PERIODS, MANY = 7, 2, 50, 3
"""Days on which an asset was heard, days on which somebody was given the time, questions in different slots, things told as one."""
ALL_DAY, DAY_HOURS = 23, 24
CYCLIC, TIME = "cip-io", "ntp"
_POLLS = frozenset({Verb.READ, Verb.SUBSCRIBE})


class Absences:
    """Asked once a slot; `sighted_ns`: since when everything can be seen without interruption."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._links: Silences[Way] = Silences(POLL_NS, 2, self._link_pulse)
        self._clocks: Silences[Way] = Silences(TIME_NS, 2, self._link_pulse)
        self._assets: Silences[str] = Silences(ASSET_NS, 3, self._asset_pulse)
        self._stopped: dict[Way, tuple[str, int]] = {}
        self._silent: dict[str, int] = {}
        self._sighted_ns = self._latest_ns = 0

    def met(self, link: LinkSeen) -> None:
        """A link that is at work in this hour."""
        if link.state != "established":
            return
        way = Way(link.client, link.server, link.transport, link.port, link.protocol)
        if link.verb in _POLLS or link.protocol == CYCLIC:
            self._links.watch(way, link.time_ns, link.frame)
        elif link.protocol == TIME:
            self._clocks.watch(way, link.time_ns, link.frame)
        for key in (link.client, link.server):
            asset = self._inventory.assets.get(key)
            if asset is not None and asset.heard and asset.kind not in (EXTERNAL, GROUP):
                self._assets.watch(key, link.time_ns, link.frame)

    def pass_time(self, now_ns: int) -> Iterator[PollingStopped | AssetSilent]:
        """What has been absent for too long."""
        if now_ns - self._latest_ns > LULL_NS:
            self.blind(now_ns)
        self._latest_ns = max(self._latest_ns, now_ns)
        at_ns = now_ns - LATE_NS
        for way, state in self._links.look(at_ns, self._sighted_ns):
            watch, link = self._links.at(way), self._inventory.links.get(way)
            if watch is not None and link is not None and not watch.told and _is_regular(link, at_ns):
                self._stopped.setdefault(way, (state, at_ns))
        yield from self._tell_clocks(at_ns)
        for key, _ in self._assets.look(at_ns, self._sighted_ns):
            asset = self._assets.at(key)
            if asset is not None and not asset.told and asset.days >= DAYS:
                self._silent.setdefault(key, at_ns)
        if self._stopped and at_ns - next(iter(self._stopped.values()))[1] >= SETTLE_NS:
            yield from self._tell_stopped(at_ns)
        if self._silent and at_ns - next(iter(self._silent.values())) >= SETTLE_NS:
            yield from self._tell_silent(at_ns)

    def blind(self, now_ns: int) -> None:
        """Until now not everything could be seen: silences count from here on."""
        self._sighted_ns = max(self._sighted_ns, now_ns)
        self._stopped.clear()
        self._silent.clear()

    def clear(self) -> None:
        """Packet time went back: everything is learnt anew."""
        self._links.clear()
        self._clocks.clear()
        self._assets.clear()
        self._stopped.clear()
        self._silent.clear()
        self._sighted_ns = self._latest_ns = 0

    def notes(self) -> dict[str, int]:
        """What was not watched for want of room."""
        return {"links and assets whose silence is not watched": self._links.crowded + self._clocks.crowded + self._assets.crowded}

    # -- what is counted ----------------------------------------------------------------------------------------------------------------

    def _link_pulse(self, way: Way) -> Pulse | None:
        """Of what can be read, answers are messages; of cyclic data and the time, bytes. To try a connection in vain is to ask, too."""
        link = self._inventory.links.get(way)
        if link is None:
            return None
        requests = sum(link.verbs.values())
        if way.protocol in (CYCLIC, TIME):
            return Pulse(link.last_ns, link.sent, link.received)
        return Pulse(link.last_ns, link.sent + requests, link.messages - requests, (link.last_ns - link.first_ns) // max(link.slots - 1, 1))

    def _asset_pulse(self, key: str) -> Pulse | None:
        asset = self._inventory.assets.get(key)
        return Pulse(asset.last_ns) if asset is not None else None

    def _tell_clocks(self, at_ns: int) -> Iterator[PollingStopped]:
        """Who gets no time any more, one by one: it takes a day, so nothing waits for others."""
        for way, state in self._clocks.look(at_ns, self._sighted_ns):
            watch = self._clocks.at(way)
            if watch is not None and not watch.told and watch.days >= CLOCK_DAYS:
                watch.told = True
                side, since_ns = ("server", watch.heard_ns) if state == "unanswered" else ("client", watch.last_ns)
                yield PollingStopped(way.client, way.server, TIME, side, 1, 0, since_ns, at_ns, watch.frame, way.transport, way.port)

    # -- what belongs together ----------------------------------------------------------------------------------------------------------

    def _tell_stopped(self, at_ns: int) -> Iterator[PollingStopped]:
        still = {way: state for way, (state, _) in self._stopped.items() if self._links.again(way, at_ns, self._sighted_ns) == state}
        self._stopped.clear()
        for way in still:
            watch = self._links.at(way)
            assert watch is not None
            watch.told = True
        gone = set(self._assets.told())
        news = {way: state for way, state in still.items() if gone.isdisjoint((way.client, way.server))}
        if not self._is_lost_from_sight(still):
            yield from (self._stop(ways, news, at_ns) for ways in _together(news, self._links_to))

    def _is_lost_from_sight(self, still: dict[Way, str]) -> bool:
        """Whether most of what is watched fell silent, whoever asks: nobody stops all of it, but a mirror that changes does."""
        silent = {*still, *self._links.told()}
        ends = {way.client for way in silent}, {way.server for way in silent}
        return min(map(len, ends)) > 1 and 2 * len(silent) > len(self._links)

    def _links_to(self, server: str) -> int:
        return len(self._inventory.links.asked_of((server,)))

    def _stop(self, ways: list[Way], still: dict[Way, str], at_ns: int) -> PollingStopped:
        """One change for links that have an end in common."""
        last = max(ways, key=lambda way: (self._seen_ns(way), way))
        watch = self._links.at(last)
        assert watch is not None
        clients, servers = {way.client for way in ways}, {way.server for way in ways}
        side = "io" if last.protocol == CYCLIC else "server" if still[last] == "unanswered" else "client"
        between_two = clients == servers
        return PollingStopped(
            last.client if len(clients) == 1 or between_two else "", last.server if len(servers) == 1 or between_two else "",
            last.protocol, side, max(len(clients), len(servers)), self._period_ns(last),
            watch.heard_ns if side == "server" else watch.last_ns, at_ns, watch.frame, last.transport, last.port,
        )  # fmt: skip

    def _period_ns(self, way: Way) -> int:
        link = self._inventory.links.get(way)
        if link is None:
            return 0
        times = link.messages if way.protocol == CYCLIC else link.slots
        return (link.last_ns - link.first_ns) // max(times - 1, 1)

    def _seen_ns(self, way: Way) -> int:
        watch = self._links.at(way)
        return watch.last_ns if watch is not None else 0

    def _tell_silent(self, at_ns: int) -> Iterator[AssetSilent]:
        """Who is known to have stopped answering or asking is told already."""
        known = {end for way in self._links.told() for end in (way.client, way.server)}
        still = [key for key in self._silent if self._assets.again(key, at_ns, self._sighted_ns) and key not in known]
        self._silent.clear()
        for keys in [still] if len(still) >= MANY else [[key] for key in still]:
            watches = [watch for key in keys if (watch := self._assets.at(key)) is not None]
            for watch in watches:
                watch.told = True
            if 2 * len(keys) <= max(len(self._assets), MANY):
                yield AssetSilent(
                    keys[0], any(map(self._is_asked, keys)), tuple(keys[1:]), max(watch.longest_ns for watch in watches),
                    max(watch.last_ns for watch in watches), at_ns, watches[0].frame,
                )  # fmt: skip

    def _is_asked(self, key: str) -> bool:
        asset = self._inventory.assets.get(key)
        return asset is not None and any(link.last_ns > asset.last_ns for link in self._inventory.links.asked_of((key,)))


def _is_regular(link: Link, at_ns: int) -> bool:
    """Whether it has been at work at this hour before: round the clock for a day, or at this hour of a week."""
    age_ns = at_ns - link.first_ns
    if age_ns < DAY_NS or (link.way.protocol != CYCLIC and link.slots < PERIODS):
        return False
    hour = at_ns // HOUR_NS + EPOCH_HOURS
    if age_ns >= DAYS * DAY_NS:
        return bool(link.week >> hour % WEEK_HOURS & 1)
    return sum(link.week >> (hour - back) % WEEK_HOURS & 1 for back in range(DAY_HOURS)) >= ALL_DAY


def _together(still: dict[Way, str], clients_of: Callable[[str], int]) -> Iterator[list[Way]]:
    """Links that stopped: by the client that lost many servers, by the server that lost all its clients, else one by one; the two
    directions of cyclic data are one."""
    left = sorted(way for way in still if way <= _back(way) or _back(way) not in still)
    by_client: defaultdict[str, list[Way]] = defaultdict(list)
    by_server: defaultdict[str, list[Way]] = defaultdict(list)
    for way in left:
        by_client[way.client].append(way)
        by_server[way.server].append(way)
    groups = [ways for ways in by_client.values() if len({way.server for way in ways}) >= MANY]
    groups += [ways for server, ways in by_server.items() if len(ways) > 1 and len(ways) >= clients_of(server)]
    done: set[Way] = set()
    for ways in groups:
        if done.isdisjoint(ways):
            done.update(ways)
            yield ways
    yield from (sorted({way, _back(way)} & set(still)) for way in left if way not in done)


def _back(way: Way) -> Way:
    """The other direction, of cyclic data; whoever asks is the client of a link of its own."""
    return way._replace(client=way.server, server=way.client) if way.protocol == CYCLIC else way
