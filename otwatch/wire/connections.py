"""Connections of CIP: who is asked through them, and what the I/O data in them is (CIP volume 1, 3-5.5; volume 2, 3-2).

What travels through a connection carries the connection's id and nothing else. The Forward Open that opened it said where it leads;
its answer gave the ids, one for each direction. So this is the last stage of the wire half: it sees everything in the order in which
it is told, remembers the connections, and puts in the place of the id what the id stands for. It looks only at what is said
through EtherNet/IP, once a sighting and never once a packet.

Data of a controller may begin with a header that says whether its outputs are valid (run) or not (idle). A connection has one if
all of its data begin with what may be a header; the first that does not settles that it has none.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from otwatch.dissectors.cip import connection_name
from otwatch.events import Answer, Details, Event, Identity, Opened, Request, Route, State
from otwatch.sightings import Item, Outcome, Routine, Sighting, Tally

BOUND = 8_192
"""Connections remembered, the one opened longest ago forgotten first."""

_SERVICES = frozenset({"enip", "cip-io"})
_CONNECTION = "connection"
_HOP = f"{_CONNECTION} "
_NO_HEADER = "none"
_MODES = frozenset({"run", "idle"})
_ENDED = "Forward Close"

_Key = tuple[str, str]
"""Who sends, and the connection id that he sends under."""
_Triad = tuple[str, str, str]
"""Who opened it, who was asked to, and what the connection is called between them."""


@dataclass(slots=True)
class _Open:
    """A connection; `mode` is what the header of its data said last, "" before there was any."""

    opened: Opened
    keys: tuple[_Key, _Key]
    since_ns: int
    until_ns: int | None = None
    mode: str = ""


class Connections:
    """The connections whose opening was seen."""

    def __init__(self, limit: int = BOUND) -> None:
        self._limit = limit
        self._by_name: OrderedDict[_Triad, _Open] = OrderedDict()
        self._by_key: dict[_Key, _Open] = {}
        self.evicted = 0
        self._places: dict[type[Event], Callable[[Sighting], Iterable[Sighting]]] = {
            Request: self._request,
            Answer: self._answer,
            Identity: self._identity,
            Opened: self._open,
        }

    def see(self, item: Item) -> Iterable[Item]:
        """An item of the waist, as it is told: with the ends of its connection in place of the connection's id."""
        if item.conversation.service not in _SERVICES or isinstance(item, Tally):
            return (item,)
        said = item.sightings() if isinstance(item, Routine) else (item,)
        return chain.from_iterable(map(self._sighting, said))

    def _sighting(self, sighting: Sighting) -> Iterable[Sighting]:
        place = self._places.get(type(sighting.event))
        return (sighting,) if place is None else place(sighting)

    # -- what opens and ends connections ------------------------------------------------------------------------------------------------

    def _open(self, sighting: Sighting) -> Iterable[Sighting]:
        """Nothing is told: the request that opened it was."""
        opened = sighting.event
        assert isinstance(opened, Opened)
        target, originator = _sides(sighting)
        opened = opened._replace(target=self._resolved(opened.target, sighting))
        keys = ((originator, opened.asker), (target, opened.asked))
        name = (originator, target, opened.key)
        self._forget(name)
        while len(self._by_name) >= self._limit:
            self._forget(next(iter(self._by_name)))
            self.evicted += 1
        one = self._by_name[name] = _Open(opened, keys, sighting.first_ns)
        self._by_key |= {key: one for key in keys if key[1]}
        return ()

    def _forget(self, name: _Triad) -> None:
        former = self._by_name.pop(name, None)
        for key in former.keys if former else ():
            if self._by_key.get(key) is former:
                del self._by_key[key]

    def _close(self, sighting: Sighting, request: Request) -> None:
        originator, target = _sides(sighting)
        one = self._by_name.get((originator, target, connection_name(request)))
        if one is not None:
            one.until_ns = sighting.last_ns

    def _of(self, key: _Key, sighting: Sighting) -> _Open | None:
        """The connection of something that was said while it was open, or after it was closed."""
        one = self._by_key.get(key)
        return one if one is not None and sighting.last_ns >= one.since_ns else None

    # -- what travels through them ------------------------------------------------------------------------------------------------------

    def _request(self, sighting: Sighting) -> Iterable[Sighting]:
        request = sighting.event
        assert isinstance(request, Request)
        if request.operation == _ENDED and sighting.outcome is Outcome.OK:
            self._close(sighting, request)
        if request.protocol == "cip-io":
            return self._data(sighting, request)
        return (self._through(sighting, request),)

    def _answer(self, sighting: Sighting) -> Iterable[Sighting]:
        answer = sighting.event
        assert isinstance(answer, Answer)
        return (self._through(sighting, answer),)

    def _through(self, sighting: Sighting, event: Request | Answer) -> Sighting:
        """An explicit message: through the connection it reaches whoever stands at its end."""
        if not event.details or event.details[-1][0] != _CONNECTION:
            return sighting
        one = self._of((_sides(sighting)[0], event.details[-1][1]), sighting)
        target = event.target if one is None else one.opened.target + event.target
        return sighting._replace(event=event._replace(target=target, details=event.details[:-1]))

    def _identity(self, sighting: Sighting) -> Iterable[Sighting]:
        """What an answer said of who stands at the end: it names the connection by the id that was asked under."""
        identity = sighting.event
        assert isinstance(identity, Identity)
        subject = self._resolved(identity.subject, sighting)
        return (sighting if subject is identity.subject else sighting._replace(event=identity._replace(subject=subject)),)

    def _resolved(self, route: Route, sighting: Sighting) -> Route:
        """A route in what the asked side says, that may begin with the connection that it was asked through."""
        if not route or not route[0].startswith(_HOP):
            return route
        one = self._of((_sides(sighting)[1], route[0].removeprefix(_HOP)), sighting)
        return route[1:] if one is None else one.opened.target + route[1:]

    def _data(self, sighting: Sighting, request: Request) -> Iterable[Sighting]:
        """I/O data: which connection it belongs to, and whether its sender runs."""
        said = dict(request.details)
        sender, _ = _sides(sighting)
        number = said.get(_CONNECTION, "")
        one = self._of((sender, number), sighting)
        if one is None:
            named = ((_CONNECTION, number),) if number else ()
            return (_told(sighting, request, (("forward_open", "not captured"), *named)),)
        sends = one.keys[0] == (sender, number)
        header = said.get("header", "") if sends and one.opened.details[:1] == (("class", "1"),) else ""
        before, one.mode = one.mode, _mode(one.mode, header)
        mode: Details = (("mode", header),) if header in _MODES and one.mode == header else ()
        end: Details = (("forward_open", "closed"),) if one.until_ns is not None and sighting.first_ns > one.until_ns else ()
        found = [_told(sighting, _placed(request, one.opened, sends), (*_facts(one.opened, sends), *mode, *end))]
        if mode and before != one.mode:
            state = State("cip-io", (), "io", one.mode, before)
            found.append(sighting._replace(event=state, times=1, last_ns=sighting.first_ns))
        return found


def _mode(before: str, header: str) -> str:
    """Data without a header settle that there is none."""
    return before if not header or before == _NO_HEADER else header


def _facts(opened: Opened, sends: bool) -> Details:
    """What a connection says of one of its directions."""
    said = dict(opened.details)
    interval = said.get("o_t_interval_us" if sends else "t_o_interval_us", "")
    kept = tuple((name, said[name]) for name in ("class", "owner") if name in said)
    return (("direction", "o_t" if sends else "t_o"), *kept, *((("interval_us", interval),) if interval else ()))


def _placed(request: Request, opened: Opened, sends: bool) -> Request:
    """With the assembly, and the target behind the one or the other side."""
    if sends:
        return request._replace(target=opened.target, points=opened.points[0])
    return request._replace(origin=opened.target, points=opened.points[1])


def _told(sighting: Sighting, request: Request, details: Details) -> Sighting:
    return sighting._replace(event=request._replace(details=details))


def _sides(sighting: Sighting) -> tuple[str, str]:
    """Who says it and to whom."""
    client, server = sighting.conversation[:2]
    return (client, server) if sighting.by_client else (server, client)
