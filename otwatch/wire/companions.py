"""Conversations that carry what another one asked for: FTP data, the ports of TFTP, sound and pictures (domain/zones.md 9.2).

Their ports mean nothing, and often the server begins them. The control session said where they will be (RFC 959 4.1.2, RFC 2326 12.39,
RFC 4566 5.14), and that is told before they begin. So they get the name of what they are, and who asked for it as their client; all of
a session's are one conversation without ports, as the control session is one.

    ftp    PORT, EPRT, replies 227, 229   -> ftp-data          sip    SDP of a call   -> rtp
    rtsp   Transport of SETUP             -> rtp               tftp   any datagrams between the two right after the request

The address is that of who says it, as far as the protocol allows: nobody can give another's conversations a name.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from otwatch.events import Announced
from otwatch.sightings import Conversation, Item, Role, Routine, Sighting, Tally

BOUND = 8_192
"""Places announced, and conversations that were found there; of each the oldest are forgotten first."""
SOON_NS = 300_000_000_000
"""How long after it was announced a conversation begins: calls are put through, files opened."""
AT_ONCE_NS = 15_000_000_000
"""The same for TFTP, which announces nothing: a slot and the time-out of RFC 1123 4.2.3.2."""

_CONTROL = frozenset({"ftp", "rtsp", "sip"})
_NAMELESS = frozenset({"", "ftp-data"})
_PORTED = frozenset({"tcp", "udp"})
_TFTP = "tftp"
_TFTP_PORT = 69

_K = TypeVar("_K")
_V = TypeVar("_V")
_Place = tuple[str, str, int]
"""Transport, address, port."""


class _Said(NamedTuple):
    """`asker`: the place is that of who asked for it."""

    service: str
    asker: bool
    time_ns: int


class Companions:
    """Control sessions that announced something, and what came of it."""

    def __init__(self, limit: int = BOUND) -> None:
        self._limit = limit
        self._places: OrderedDict[_Place, _Said] = OrderedDict()
        self._transfers: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._found: OrderedDict[Conversation, Conversation] = OrderedDict()
        self.evicted = 0

    def see(self, items: Iterable[Item]) -> Iterator[Item]:
        """What a slot tells, under the names of what it is a part of: what was said in it counts for all of it."""
        left: list[Item] = []
        for item in items:
            talk = item.conversation
            if talk.service in _CONTROL and not isinstance(item, Tally):
                left.extend(self._heard(item))
                continue
            if talk.service == _TFTP and isinstance(item, Tally):
                self._keep(self._transfers, (talk.client, talk.server), item.last_ns)
            left.append(item)
        for item in left:
            talk = item.conversation
            is_nameless = talk.service in _NAMELESS and talk.transport in _PORTED
            yield self._named(item) if isinstance(item, Tally) and is_nameless else item

    def _heard(self, item: Sighting | Routine) -> Iterable[Sighting | Routine]:
        """Without what was announced, which is nobody's business but ours."""
        if isinstance(item, Sighting):
            return () if self._notes(item) else (item,)
        announced = {at for at, sighting in enumerate(item.sightings()) if self._notes(sighting)}
        if not announced:
            return (item,)
        said = tuple(one for at, one in enumerate(item.said) if at not in announced)
        return (item._replace(said=said),) if said else ()

    def _notes(self, sighting: Sighting) -> bool:
        event = sighting.event
        if not isinstance(event, Announced):
            return False
        talk = sighting.conversation
        address = event.address or (talk.client if sighting.by_client else talk.server)
        for port in event.ports:
            self._keep(self._places, (event.transport, address, port), _Said(event.service, event.asker, sighting.first_ns))
        return True

    def _named(self, tally: Tally) -> Tally:
        talk = tally.conversation
        found = self._found.get(talk) or self._find(tally)
        if found is None:
            return tally
        self._keep(self._found, talk, found)
        return (tally if found.client == talk.client else tally.turned())._replace(conversation=found)

    def _find(self, tally: Tally) -> Conversation | None:
        talk = tally.conversation
        for mine, other, port in ((talk.client, talk.server, talk.client_port), (talk.server, talk.client, talk.server_port)):
            said = self._places.get((talk.transport, mine, port))
            if said is not None and said.time_ns <= tally.last_ns and tally.first_ns - said.time_ns <= SOON_NS:
                client, server = (mine, other) if said.asker else (other, mine)
                return Conversation(client, server, talk.transport, 0, 0, said.service, Role.MESSAGE)
            asked_ns = self._transfers.get((mine, other)) if talk.transport == "udp" else None
            if asked_ns is not None and tally.first_ns - asked_ns <= AT_ONCE_NS:
                return Conversation(mine, other, talk.transport, 0, _TFTP_PORT, _TFTP, Role.MESSAGE)
        return None

    def _keep(self, table: OrderedDict[_K, _V], key: _K, value: _V) -> None:
        table[key] = value
        table.move_to_end(key)
        if len(table) > self._limit:
            table.popitem(last=False)
            self.evicted += 1
