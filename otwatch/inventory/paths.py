"""Who asks whom over which link, found once for each conversation and its routes."""

from typing import NamedTuple

from otwatch.events import Answer, Request, Route
from otwatch.inventory.assets import Asset, Assets
from otwatch.inventory.endpoints import UNIT, Ends, asked_by_client, reached
from otwatch.inventory.identity import Names
from otwatch.inventory.links import Link, Links, Way
from otwatch.sightings import Conversation, Frame, Role, Sighting, Tally

LIMIT = 262_144
"""Paths remembered; when they are more, all are found anew."""
ROUTERS = 16
"""Routers remembered that one thing is reached through."""


class Path(NamedTuple):
    """Who asks, who is asked, their link, their raw keys, and those of what each stands behind (`client_via`, `server_via`; "" without)."""

    client: Asset
    server: Asset
    link: Link
    ends: Ends
    client_via: str = ""
    server_via: str = ""


class Paths:
    """A memory only: forgetting all of it changes nothing."""

    def __init__(self, assets: Assets, links: Links, names: Names) -> None:
        self._assets = assets
        self._links = links
        self._names = names
        self._asked: dict[tuple[Conversation, bool, Route, Route], Path] = {}
        self._talks: dict[Conversation, Path] = {}

    def clear(self) -> None:
        self._asked.clear()
        self._talks.clear()

    def of(self, sighting: Sighting, event: Request | Answer) -> Path:
        """The path of a request, or of the request that an answer answers."""
        asks = asked_by_client(sighting.by_client, event)
        key = (sighting.conversation, asks, event.target, event.origin)
        path = self._asked.get(key)
        if path is None:
            path = self._find(sighting, asks, event)
            if len(self._asked) >= LIMIT:
                self._asked.clear()
            self._asked[key] = path
        return path

    def talk(self, tally: Tally) -> Path:
        """The path of a whole conversation."""
        talk = tally.conversation
        path = self._talks.get(talk)
        if path is None:
            path = self._join(talk, Ends(talk.client, talk.server), talk.role, tally.first_ns, tally.frame)
            if len(self._talks) >= LIMIT:
                self._talks.clear()
            self._talks[talk] = path
        return path

    def _find(self, sighting: Sighting, asks: bool, event: Request | Answer) -> Path:
        talk = sighting.conversation
        asker, asked = (talk.client, talk.server) if asks else (talk.server, talk.client)
        client, client_via = reached(asker, event.origin)
        server, server_via = reached(asked, event.target)
        role = max(talk.role, Role.MESSAGE) if asks else Role.MESSAGE
        path = self._join(talk, Ends(client, server), role, sighting.first_ns, sighting.frame)
        if server_via and len(path.server.asked_via) < ROUTERS:
            path.server.asked_via.setdefault(server_via, sighting.first_ns)
        if path.server.kind == UNIT:
            self._names.met_unit(server)
        return Path(path.client, path.server, path.link, path.ends, client_via, server_via)

    def _join(self, talk: Conversation, ends: Ends, role: Role, time_ns: int, frame: Frame) -> Path:
        """The assets are touched before they are taken: making the second may push out the one that was silent longest."""
        link = self._links.at(Way(*ends, talk.transport, talk.server_port, talk.service), role, time_ns, frame)
        for key in ends:
            asset = self._assets.at(key, time_ns, frame)
            asset.last_ns = max(asset.last_ns, time_ns)
        return Path(self._assets.at(ends.client, time_ns, frame), self._assets.at(ends.server, time_ns, frame), link, ends)
