"""Who worked on equipment: everything that somebody did there between two long silences is one session (the ledger of maintenance).

A session begins with what only engineering does: opening a console, changing a program, settings or the mode of a controller. From then on
all that is written there belongs to it. Setting points alone is operation, and stands in `otwatch points`.
"""

from collections.abc import Callable, Iterable

from otwatch.alerts.detections.consoles import is_console
from otwatch.changes import ProgramTransferred
from otwatch.events import CHANGES, Request, Verb
from otwatch.inventory.endpoints import Ends
from otwatch.inventory.links import Link, State
from otwatch.results import SessionRow
from otwatch.sightings import Outcome, Sighting
from otwatch.zones.analyses.relays import INTERACTIVE, LATER_NS

SILENCE_NS = 1_800_000_000_000
"""After half an hour in which nothing was done a session is over."""
RELAY_NS = LATER_NS
"""So long before a session a remote connection to its client may have ended and still be its way in (chain.gap of detections.md E.1)."""
LIMIT = 8192
"""Sessions kept; when there are more, the oldest is forgotten."""
SHOWN = 64
"""Operations and points that a session names; further ones are only counted."""
FIELD = frozenset({"modbus", "xway", "bacnet", "enip", "cip", "s7", "opcua", "knx", "iec104", "mms", "fox", "profinet", "snmp"})
RELAYS = INTERACTIVE - FIELD - {"foxs"}
_SWITCHED = frozenset({"iec104", "mms", "snmp"})
"""Where CONTROL is operation: breakers and outlets."""
_ROUTINE = frozenset({"Register-Foreign-Device"})
"""What supervision does every few minutes to hear broadcasts (135-2020 J.5.2)."""
_UNDONE = frozenset({Outcome.ERROR, Outcome.UNANSWERED})

Pair = tuple[str, str]
Works = Callable[[str, str, Verb | None, int], str | None]


class Session:
    """One session. `bytes_in`, `bytes_out`: of programs that went into the controller and came out of it."""

    __slots__ = (
        "bytes_in", "bytes_out", "first_ns", "frame", "last_ns", "operations", "points", "protocols", "refused", "station", "verb",
        "writes",
    )  # fmt: skip

    def __init__(self, request: Request, sighting: Sighting) -> None:
        self.first_ns = sighting.first_ns
        self.last_ns = sighting.last_ns
        self.frame = sighting.frame
        self.verb = request.verb
        self.station = ""
        self.bytes_in = self.bytes_out = self.refused = self.writes = 0
        self.operations: dict[str, int] = {}
        self.points: dict[str, str] = {}
        self.protocols: dict[str, int] = {}

    def add(self, request: Request, sighting: Sighting) -> None:
        """One more act."""
        self.last_ns = max(self.last_ns, sighting.last_ns)
        self.protocols[request.protocol] = self.protocols.get(request.protocol, 0) + sighting.times
        if request.operation in self.operations or len(self.operations) < SHOWN:
            self.operations[request.operation] = self.operations.get(request.operation, 0) + sighting.times
        said = dict(request.details)
        self.station = self.station or said.get("owner", "") or said.get("application", "") or said.get("station", "")
        if sighting.outcome in _UNDONE:
            self.refused += sighting.times
        elif request.verb is Verb.WRITE:
            self._write(request, sighting.times)

    def _write(self, request: Request, times: int) -> None:
        self.writes += times
        values = request.values if len(request.values) == len(request.points) else (", ".join(request.values),) * len(request.points)
        for point, value in zip(request.points, values, strict=True):
            if str(point) in self.points or len(self.points) < SHOWN:
                self.points[str(point)] = value


class Sessions:
    """A bounded ledger. `ends` tells who asks and who is asked, by raw keys."""

    def __init__(self, ends: Callable[[Sighting], Ends]) -> None:
        self._sides = ends
        self._open: dict[Pair, Session] = {}
        self._closed: list[tuple[Pair, Session]] = []
        self.evicted = 0

    def see(self, sighting: Sighting) -> None:
        """Take an act in."""
        request = sighting.event
        if not isinstance(request, Request) or request.protocol not in FIELD:
            return
        is_act = request.verb is not Verb.WRITE and _is_engineering(request)
        if not is_act and (request.verb is not Verb.WRITE or not self._open):
            return
        client, server = self._sides(sighting)
        pair = client, server
        session = self._open.get(pair)
        if session is not None and sighting.first_ns - session.last_ns > SILENCE_NS:
            self._closed.append((pair, self._open.pop(pair)))
            session = None
        if session is None:
            if not is_act:
                return
            self._make_room()
            session = self._open[pair] = Session(request, sighting)
        session.add(request, sighting)

    def transferred(self, transfer: ProgramTransferred) -> None:
        """A whole program, put together from requests that were seen as acts."""
        session = self._open.get((transfer.client, transfer.server))
        if session is None:
            return
        if transfer.way == "download":
            session.bytes_in += transfer.size
        else:
            session.bytes_out += transfer.size

    def forget(self, before_ns: int) -> int:
        """Let go of sessions that ended before; how many."""
        before = len(self)
        self._closed = [one for one in self._closed if one[1].last_ns >= before_ns]
        self._open = {pair: session for pair, session in self._open.items() if session.last_ns >= before_ns}
        return before - len(self)

    def __len__(self) -> int:
        return len(self._closed) + len(self._open)

    def rows(self, resolve: Callable[[str], str], asked: Callable[[str], Iterable[Link]], works: Works) -> tuple[SessionRow, ...]:
        """All sessions, the earliest first. `asked` gives all links to an asset; `works` the declared works that explain an act."""
        found = [(pair, session) for pair, session in (*self._closed, *self._open.items()) if session.operations]
        rows = (_row(pair, session, resolve, asked, works) for pair, session in found)
        return tuple(sorted(rows, key=lambda row: (row.first_ns, row.frame, row.client, row.server)))

    def _make_room(self) -> None:
        if len(self) < LIMIT:
            return
        self.evicted += 1
        if self._closed:
            del self._closed[0]
        else:
            del self._open[next(iter(self._open))]


def _is_engineering(request: Request) -> bool:
    if request.verb is Verb.CONTROL:
        return request.protocol not in _SWITCHED and not (request.protocol == "bacnet" and request.points)
    changes = request.verb in CHANGES and request.verb is not Verb.TIME and request.operation not in _ROUTINE
    return changes or any(name == "transfer" for name, _ in request.details) or is_console(request)


def _row(pair: Pair, session: Session, resolve: Callable[[str], str], asked: Callable[[str], Iterable[Link]], works: Works) -> SessionRow:
    client, server = map(resolve, pair)
    return SessionRow(
        client=client, server=server, via=hands(asked(client), session.first_ns, session.last_ns, resolve), station=session.station,
        protocols=tuple(sorted(session.protocols)), first_ns=session.first_ns, last_ns=session.last_ns, operations=session.operations,
        writes=session.writes, refused=session.refused, points=session.points, bytes_in=session.bytes_in, bytes_out=session.bytes_out,
        works=works(*pair, session.verb, session.first_ns) or "", frame=session.frame,
    )  # fmt: skip


def hands(links: Iterable[Link], first_ns: int, last_ns: int, resolve: Callable[[str], str]) -> tuple[str, ...]:
    """Who was connected to a host's screen or shell while it worked: the hand on the keyboard may be there. `links` lead to the host."""
    ways = {
        resolve(link.way.client) for link in links
        if link.way.protocol in RELAYS and link.state is State.ESTABLISHED
        and link.first_ns <= last_ns and link.last_ns >= first_ns - RELAY_NS
    }  # fmt: skip
    return tuple(sorted(ways))
