"""What one asset does with another: counters, and the moments when something new begins.

A link is (asker, asked, transport, server port, service), by raw keys. Conversations bring packets and states, sightings bring
verbs. What goes on behind a gateway has no packets of its own in a tally: there only messages are counted.
"""

from enum import IntEnum
from typing import NamedTuple

from otwatch.changes import LinkSeen
from otwatch.events import CHANGES, Answer, Details, Request, Verb
from otwatch.inventory.endpoints import is_broadcast
from otwatch.sightings import SLOT_NS, Frame, Outcome, Role, Sighting, Tally

HOUR_NS = 3_600_000_000_000
DAY_HOURS, WEEK_HOURS = 24, 168
EPOCH_HOURS = 72
"""Hours of the week before the epoch: 1970-01-01 was a Thursday."""

CODES, VIA = 64, 16
"""Operations, and BBMDs, that one link names."""
FORWARDED = "ip "
"""The first hop of what a BBMD passed on (events.Route)."""
ANNOUNCEMENTS = frozenset({"i-Am", "i-Have"})
"""Unconfirmed services of BACnet that answer who looked for somebody (135-2020 16.9, 16.10): no initiation (zones.md 9.2)."""
KEPT_DETAILS = frozenset({"umas", "version", "tls"})
"""Details of a request that policies ask about (zones.md 5.4)."""

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16  # RFC 9293 3.1
_READ, _OK, _ERROR, _UNANSWERED = Verb.READ, Outcome.OK, Outcome.ERROR, Outcome.UNANSWERED  # looked up in the enum they cost 0.1 us each


class State(IntEnum):
    """zones.md 9.1."""

    ATTEMPT = 0
    REFUSED = 1
    ESTABLISHED = 2


_ESTABLISHED = State.ESTABLISHED
NAMES = {state: state.name.lower() for state in State}


class Way(NamedTuple):
    """Which link."""

    client: str
    server: str
    transport: str
    port: int
    protocol: str


def is_error(way: Way) -> bool:
    """Whether it is errors of ICMP that one sends the other: told about a packet of others, and no flow (zones.md 9.2)."""
    return way.transport == "icmp" and way.port > 0


Told = tuple[Verb | None, Details]
"""What was told in this hour: the details stand beside the verb, because UMAS is judged apart from Modbus."""


class Link:
    """One link. `packets`, `sent`, `received`: what tallies bring; `messages`: requests and answers.

    slots   distinct slots with reads; span, spread: slots between them, summed, and their squares
    codes   how often each operation was asked; via: who passed it on
    hour, told: what was told in the current hour, with the strongest priority of each
    days    distinct days (UTC); `week` the hours of the week, bit 0 Monday 00 to 01 UTC
    """

    __slots__ = (
        "codes", "days", "errors", "first_ns", "frame", "hour", "last_ns", "marks", "messages", "packets", "received", "role", "sent",
        "slot", "slots", "span", "spread", "state", "told", "unanswered", "verbs", "via", "way", "week", "writes",
    )  # fmt: skip

    def __init__(self, way: Way, role: Role, time_ns: int, frame: Frame) -> None:
        self.way = way
        self.role = role
        self.first_ns = self.last_ns = time_ns
        self.frame = frame
        self.state = State.ATTEMPT
        self.packets = self.messages = self.sent = self.received = self.writes = self.errors = self.slots = 0
        self.span = self.spread = self.unanswered = 0
        self.slot = self.hour = -1
        self.days = self.week = 0
        self.verbs: dict[Verb, int] = {}
        self.codes: dict[str, int] = {}
        self.via: tuple[str, ...] = ()
        self.told: dict[Told, int] = {}
        self.marks: frozenset[str] = frozenset()

    @property
    def is_fleeting(self) -> bool:
        """Whether it was seen at one moment only."""
        return self.first_ns == self.last_ns

    def ask(self, request: Request, sighting: Sighting) -> list[LinkSeen]:
        """Count a request; tell what is new in this hour."""
        verb, times = request.verb, sighting.times
        self.verbs[verb] = self.verbs.get(verb, 0) + times
        self._go_on(sighting)
        self.messages += times
        if verb is _READ:
            self._read(sighting.first_ns // SLOT_NS)
        elif verb in CHANGES:
            self.writes += times
        if sighting.outcome:
            self.errors += times * (sighting.outcome is _ERROR)
            self.unanswered += times * (sighting.outcome is _UNANSWERED)
        known = self.codes.get(request.operation)
        if known is not None or len(self.codes) < CODES:
            self.codes[request.operation] = (known or 0) + times
        details = tuple(part for part in request.details if part[0] in KEPT_DETAILS) if request.details else ()
        if request.origin and request.origin[0].startswith(FORWARDED):
            details = (*details, self._passed_on(sighting))
        if request.one_way and request.operation in ANNOUNCEMENTS:
            details = (*details, ("announces", "yes"))
        better = self.state < _ESTABLISHED and self._reach(_state_of(sighting, request))
        return self._tell((verb, details), request.priority or 0, sighting.first_ns, sighting.frame, better)

    def _go_on(self, item: Sighting | Tally) -> None:
        """What is told at once comes before what is told at the end of its slot, so items come in any order within two slots."""
        if item.last_ns > self.last_ns:  # noqa: PLR1730  # max() costs three times as much
            self.last_ns = item.last_ns
        if item.first_ns < self.first_ns:
            self.first_ns, self.frame = item.first_ns, item.frame

    def _passed_on(self, sighting: Sighting) -> tuple[str, str]:
        """Who stands between: what he tells his network is told there, whoever said it first (zones.md 9.3)."""
        talk = sighting.conversation
        sender = talk.client if sighting.by_client else talk.server
        if sender not in self.via and len(self.via) < VIA:
            self.via = (*self.via, sender)
        return "via", sender

    def _read(self, slot: int) -> None:
        if slot != self.slot:
            if self.slots:
                gap = abs(slot - self.slot)
                self.span += gap
                self.spread += gap * gap
            self.slot = slot
            self.slots += 1

    def answer(self, answer: Answer, sighting: Sighting) -> list[LinkSeen]:
        """Count an answer: somebody is there."""
        self._go_on(sighting)
        self.messages += sighting.times
        if answer.error:
            self.errors += sighting.times
        better = self._reach(_ESTABLISHED)
        return self._tell(None, 0, sighting.first_ns, sighting.frame, better) if better else []

    def count(self, tally: Tally, readable: bool) -> list[LinkSeen]:
        """Count a conversation's slot; tell it where no message of it can be read."""
        self.packets += tally.packets[0] + tally.packets[1]
        self.sent += tally.bytes[0]
        self.received += tally.bytes[1]
        self._go_on(tally)
        self.role = max(self.role, tally.conversation.role)
        better = self._reach(state_of(tally))
        if (readable and not better) or is_error(self.way):
            return []
        return self._tell(None if readable else (None, ()), 0, tally.first_ns, tally.frame, better)

    def _reach(self, state: State) -> bool:
        if state <= self.state:
            return False
        self.state = state
        return True

    def _tell(self, what: Told | None, strongest: int, time_ns: int, frame: Frame, better: bool) -> list[LinkSeen]:
        """What is new in this hour; a better state makes all that was told in it new."""
        if (hour := time_ns // HOUR_NS) > self.hour:
            self._begin(hour)
        again = list(self.told) if better else []
        if what is not None:
            before = self.told.get(what)
            if before is None or (strongest and (strongest < before or not before)):
                self.told[what] = strongest
                again = [*(other for other in again if other != what), what]
        return [self._seen(one, time_ns, frame) for one in again] if again else []

    def _begin(self, hour: int) -> None:
        """Another hour of packet time, counted from the epoch."""
        self.days += hour // DAY_HOURS > self.hour // DAY_HOURS
        self.week |= 1 << (hour + EPOCH_HOURS) % WEEK_HOURS
        self.hour, self.told = hour, {}

    def _seen(self, told: Told, time_ns: int, frame: Frame) -> LinkSeen:
        verb, details = told
        return LinkSeen(*self.way, verb, NAMES[self.state], self.told[told], time_ns, frame, details, self.role is Role.GUESS)


def _state_of(sighting: Sighting, request: Request) -> State:
    """A request over TCP is payload on an open connection; over UDP it shows that somebody is there only once he answers."""
    answered = sighting.outcome is _OK or sighting.outcome is _ERROR
    conversation = sighting.conversation
    sure = answered or request.one_way or conversation.transport == "tcp" or is_broadcast(conversation.server)
    return _ESTABLISHED if sure else State.ATTEMPT


def outward(tally: Tally) -> Tally:
    """A group never begins anything: where only the other side spoke, the conversation was named the wrong way round."""
    talk = tally.conversation
    if tally.packets[0] or is_broadcast(talk.server):
        return tally
    return tally.turned()


def state_of(tally: Tally) -> State:
    """How far a conversation came in one slot (zones.md 9.1)."""
    if tally.conversation.transport == "tcp":
        return _tcp_state(tally)
    one_way = tally.conversation.transport == "ethernet" or is_broadcast(tally.conversation.server)
    return State.ESTABLISHED if one_way or tally.packets[1] else State.ATTEMPT


def _tcp_state(tally: Tally) -> State:
    """A connection is open once its client acknowledged the server's SYN: any address can be written on a SYN, but only who has it hears
    the answer. Where a mirror shows one side alone, what that side sends later tells: data, the end, any packet after its SYN.
    """
    client, server = tally.flags
    if tally.payload[1] or (tally.payload[0] and client & _ACK):
        return State.ESTABLISHED
    if server & _SYN:
        return State.ESTABLISHED if server & _FIN or tally.is_acknowledged() else State.ATTEMPT
    if server & _RST:
        return State.REFUSED
    if client & _SYN:
        return State.ATTEMPT
    return State.ESTABLISHED if tally.packets[1] or tally.is_acknowledged() else State.ATTEMPT
