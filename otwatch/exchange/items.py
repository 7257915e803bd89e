"""Items of the waist in a stream. An event, a conversation or a capture is said once, and then goes by its number.

Routines repeat the same events by the thousand, and the site half remembers what it made of an event object: so who receives makes one
object of each, too. Numbers are bounded: when many are in use, both ends forget all of them.
"""

from collections.abc import Callable, Hashable, Iterator
from itertools import islice
from typing import Any, TypeVar

from msgspec import Raw

from otwatch.errors import ExchangeError
from otwatch.events import Credential, Echo, Event
from otwatch.exchange.forms import EVENTS, Amounts, Echoed, End, Items, Login, packed, reader, unpacked
from otwatch.exchange.framing import Inlet, Kind, Outlet
from otwatch.exchange.logins import credential, login
from otwatch.sightings import Conversation, Frame, Item, Routine, Said, Sighting, Tally

BOUND = 65_536
"""Events or conversations with a number; beyond it all are forgotten."""
WEIGHT = 32 << 20
"""Bytes of all events with a number."""
MOST = 32_768
"""Events of items sent at once, as a rule."""
_PORTION = 1024
"""Events or conversations told in one frame."""
_SIGHTING, _ROUTINE, _TALLY = b"SRT"
_BEFORE_FRAME = Tally._fields.index("frame")

Told = TypeVar("Told", bound=Hashable)


class Numbers:
    """The numbers of what was said, and what was not told yet."""

    def __init__(self, form: Callable[[Any], object]) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._form = form
        self._new: list[bytes] = []
        self.weight = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, one: Hashable) -> int:
        """The number of one thing, that is told before the next items if it was not yet."""
        number = self._numbers.get(one)
        if number is None:
            body = packed(self._form(one))
            number = self._numbers[one] = len(self._numbers)
            self._new.append(body)
            self.weight += len(body)
        return number

    def tell(self, outlet: Outlet, kind: Kind) -> None:
        """Tell what is new."""
        for at in range(0, len(self._new), _PORTION):
            outlet.put(kind, packed([Raw(body) for body in self._new[at : at + _PORTION]]))
        self._new.clear()

    def forget(self) -> None:
        self._numbers.clear()
        self.weight = 0


class Sender:
    """Items into a stream."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._events, self._talks, self._captures = Numbers(self._form), Numbers(tuple), Numbers(str)
        self._known: dict[int, tuple[Event, int]] = {}
        self._items: list[Item] = []
        self._said = 0

    def add(self, item: Item) -> None:
        """Send an item, soon."""
        self._items.append(item)
        self._said += len(item.said) if isinstance(item, Routine) else 1
        if self._said >= MOST:
            self.flush()

    def flush(self) -> None:
        """Send what was added."""
        if not self._items:
            return
        if max(len(self._events), len(self._talks)) > BOUND or self._events.weight > WEIGHT:
            self._forget()
        body = packed(self._columns(self._items))
        self._events.tell(self._outlet, Kind.EVENTS)
        self._talks.tell(self._outlet, Kind.CONVERSATIONS)
        self._captures.tell(self._outlet, Kind.CAPTURES)
        self._outlet.put(Kind.ITEMS, body)
        self._items, self._said = [], 0

    def _forget(self) -> None:
        for numbers in (self._events, self._talks, self._captures):
            numbers.forget()
        self._known.clear()
        self._outlet.put(Kind.FORGET)

    def _columns(self, items: list[Item]) -> Items:
        said: list[Said] = []
        ends: list[End] = []
        sizes: list[int] = []
        amounts: list[Amounts] = []
        kinds, by_client = bytearray(), bytearray()
        for item in items:
            if isinstance(item, Routine):
                kinds.append(_ROUTINE)
                said += item.said
                sizes.append(len(item.said))
            elif isinstance(item, Sighting):
                kinds.append(_SIGHTING)
                said.append(item[2:7])
                ends.append(self._end(item))
            else:
                kinds.append(_TALLY)
                amounts.append(Amounts._make((*item[1:_BEFORE_FRAME], item.twice, item.tunnel, self._place(item.frame))))
            by_client.append(not isinstance(item, Tally) and item.by_client)
        events, times, first_ns, last_ns, frames = zip(*said, strict=True) if said else ((),) * 5
        captures, numbers = zip(*frames, strict=True) if frames else ((), ())
        talks = tuple(self._talks.of(item.conversation) for item in items)
        return Items(
            bytes(kinds), bytes(by_client), talks, tuple(sizes), tuple(map(self._event, events)), times, first_ns, last_ns,
            tuple(map(self._captures.of, captures)), numbers, tuple(ends), tuple(amounts),
        )  # fmt: skip

    def _event(self, event: Event) -> int:
        """Its number, by the object where it is known: asking whether events are equal costs five times as much."""
        known = self._known.get(id(event))
        if known is None:
            known = event, self._events.of(event)
            if len(self._known) < BOUND:
                self._known[id(event)] = known  # who is held keeps his id
        return known[1]

    def _place(self, frame: Frame) -> tuple[int, int]:
        return self._captures.of(frame.capture), frame.number

    def _end(self, one: Sighting) -> End:
        return End(one.outcome, one.error, one.error_code, one.answer and self._place(one.answer), one.told)

    def _form(self, event: Event) -> tuple[int, object]:
        """An event with its tag; TypeError for a login whose stream is not private."""
        tag = EVENTS.index(type(event))
        if isinstance(event, Credential):
            return tag, login(event, self._outlet.private)
        if isinstance(event, Echo):
            return tag, Echoed(event.protocol, self._events.of(event.event))
        return tag, event


_TAGGED = reader(list[tuple[int, Raw]])
_BODIES = tuple(reader({Credential: Login, Echo: Echoed}.get(one, one)) for one in EVENTS)
_TALKS, _NAMES, _ITEMS = reader(list[Conversation]), reader(list[str]), reader(Items)


class Receiver:
    """Items out of a stream."""

    def __init__(self, inlet: Inlet) -> None:
        self._inlet = inlet
        self._events: list[Event] = []
        self._talks: list[Conversation] = []
        self._captures: list[str] = []

    def take(self, kind: Kind) -> Iterator[Item]:
        """What a frame says; nothing where it only says what stands behind numbers. ExchangeError where it cannot be so."""
        body = self._inlet.body()
        if kind == Kind.ITEMS:
            yield from self._read(unpacked(_ITEMS, body))
        elif kind == Kind.EVENTS:
            for tag, form in unpacked(_TAGGED, body):
                self._events.append(self._made(tag, form))
        elif kind == Kind.CONVERSATIONS:
            self._talks += unpacked(_TALKS, body)
        elif kind == Kind.CAPTURES:
            self._captures += unpacked(_NAMES, body)
        elif kind == Kind.FORGET:
            self._events, self._talks, self._captures = [], [], []
        else:
            raise ExchangeError("exchange.no_item", kind=kind.name)
        if max(len(self._events), len(self._talks), len(self._captures)) > 4 * BOUND:
            raise ExchangeError("exchange.too_many")

    def _made(self, tag: int, form: Raw) -> Event:
        if not 0 <= tag < len(EVENTS):
            raise ExchangeError("exchange.event", number=tag, most=len(EVENTS) - 1)
        made = unpacked(_BODIES[tag], bytes(form))
        if isinstance(made, Login):
            return credential(made, self._inlet.private)
        if isinstance(made, Echoed):
            return Echo(made.protocol, _known(self._events, made.event))  # type: ignore[arg-type]  # an Echo of an Echo would be shown as one
        event: Event = made
        return event

    def _read(self, found: Items) -> Iterator[Item]:
        _fits(found)
        events = [_known(self._events, number) for number in found.events]
        frames = [Frame(_known(self._captures, capture), number) for capture, number in zip(found.captures, found.numbers, strict=True)]
        said = iter(list(zip(events, found.times, found.first_ns, found.last_ns, frames, strict=True)))
        sizes, ends, amounts = iter(found.sizes), iter(found.ends), iter(found.amounts)
        for kind, by_client, number in zip(found.kinds, found.by_client, found.talks, strict=True):
            talk = _known(self._talks, number)
            if kind == _ROUTINE:
                yield Routine(talk, bool(by_client), tuple(islice(said, next(sizes))))
            elif kind == _SIGHTING:
                yield self._sighting(talk, bool(by_client), next(said), next(ends))
            else:
                yield self._tally(talk, next(amounts))

    def _sighting(self, talk: Conversation, by_client: bool, said: Said, end: End) -> Sighting:
        answer = end.answer and self._frame(end.answer)
        return Sighting(talk, by_client, *said, end.outcome, end.error, end.error_code, answer, end.told)

    def _tally(self, talk: Conversation, found: Amounts) -> Tally:
        *before, twice, tunnel, place = found
        return Tally._make((talk, *before, self._frame(place), twice, tunnel))

    def _frame(self, place: tuple[int, int]) -> Frame:
        return Frame(_known(self._captures, place[0]), place[1])


def _fits(found: Items) -> None:
    """ExchangeError where columns that belong together have different lengths."""
    items = {len(found.kinds), len(found.by_client), len(found.talks)}
    columns = {len(column) for column in found[4:10]}
    counted = tuple(map(found.kinds.count, (_SIGHTING, _ROUTINE, _TALLY)))
    wanted = (len(found.ends), len(found.sizes), len(found.amounts))
    if len(items) > 1 or sum(counted) != len(found.kinds) or counted != wanted or columns != {sum(found.sizes) + counted[0]}:
        raise ExchangeError("exchange.lengths")


def _known(table: list[Told], number: int) -> Told:
    if number >= len(table):
        raise ExchangeError("exchange.untold", number=number)
    return table[number]
