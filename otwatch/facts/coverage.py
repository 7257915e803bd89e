"""How much of what was heard was understood: by protocol, messages by how far they were read, and packets and bytes of all the rest.

    full        everything it says is told                  header     a known operation whose contents are the maker's own
    opaque      an operation that no table knows            malformed  it breaks its protocol; what stood before the flaw is told
    pieces      cut by its own protocol; told as a whole        truncated  cut by the snap length; what it still says is told

Every frame is counted once, with its conversation (the innermost; the ends of tunnels are counted beside): `frames` of all services
together are all frames of the captures.
An answer does not always say what it answers: it is as well understood as the requests of its code.
"""

import re
from collections import Counter, defaultdict
from functools import lru_cache

from otwatch.events import Anomaly, Answer, Envelope, Identity, Request, Truncated, Verb
from otwatch.facts.ledger import ANSWERED
from otwatch.results import FactRow
from otwatch.sightings import Frame, Sighting, Tally

SECTION = "coverage"
ENCRYPTED = frozenset({
    "https", "ssh", "ldaps", "imaps", "pop3s", "smtps", "sips", "mqtts", "foxs", "niagara-tls", "winrm-tls", "syslog-tls", "modbus-tls",
    "ipsec-nat", "openvpn", "wireguard", "tls", "s7-plus", "bacnet-sc", "esp", "macsec",
})  # fmt: skip
"""Services whose name says that nobody can read them."""

FULL, HEADER, OPAQUE = "full", "header", "opaque"
_NUMBERED = re.compile(r"\b(0x[0-9a-f]+|\d+)$", re.ASCII)
"""Operations that no table knows keep their number ("function 101")."""
_DATA_ONLY = frozenset({"cip-io"})
_BOUND = 4096

_Operation = tuple[str, int, str]
"""Service, code, name."""


@lru_cache(_BOUND)
def _reading(operation: str, verb: Verb, protocol: str) -> str:
    """How far a request was read."""
    if _NUMBERED.search(operation):
        return OPAQUE
    return HEADER if verb is Verb.OTHER or protocol in _DATA_ONLY else FULL


class _Service:
    """One service's counters; `frame` is the first."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.counts: Counter[str] = Counter()
        self.spoken = False


class Coverage:
    """Counters by service."""

    def __init__(self) -> None:
        self._services: dict[str, _Service] = {}
        self._asked: defaultdict[_Operation, Counter[str]] = defaultdict(Counter)
        self._told: Counter[_Operation] = Counter()
        self._flawed: Counter[str] = Counter()
        self._beside: Counter[str] = Counter()
        self._truncated: Counter[str] = Counter()
        self._pieces: Counter[str] = Counter()
        self._tunnels: dict[tuple[str, str, str, str], tuple[int, Frame]] = {}

    def see(self, sighting: Sighting) -> None:
        """Count a message, or what is known of one."""
        event, service, times = sighting.event, sighting.conversation.service, sighting.times
        if isinstance(event, Request):
            self._of(sighting).spoken = True
            how = _reading(event.operation, event.verb, event.protocol)
            asked = self._asked.get((service, event.code, event.operation)) or self._asked[self._bounded(service, event)]
            asked[how] += times * (2 if sighting.outcome in ANSWERED else 1)
        elif isinstance(event, Answer):
            self._of(sighting).spoken = True
            self._told[self._bounded(service, event)] += times
        elif isinstance(event, Anomaly):
            self._flawed[service] += times
            self._beside[service] += times if event.beside else 0
        elif isinstance(event, Truncated):
            self._of(sighting).spoken = True
            self._truncated[service] += times
            self._beside[service] += times if event.beside else 0
        elif isinstance(event, Identity) and service not in ENCRYPTED:
            self._of(sighting).spoken = True
        elif isinstance(event, Envelope) and ("segment", "yes") in event.fields:
            self._pieces[service] += times

    def tally(self, tally: Tally) -> None:
        """Count the packets of a conversation."""
        if tally.tunnel:
            self._pass(tally)
            return
        counts = self._of(tally).counts
        counts["frames"] += sum(tally.packets)
        counts["bytes"] += sum(tally.bytes)
        counts["bytes lost"] += tally.lost
        counts["bytes unread"] += tally.unread
        counts["frames twice"] += tally.twice

    def _pass(self, tally: Tally) -> None:
        """Count what came through a tunnel: its frames are counted with the packet inside."""
        talk = tally.conversation
        ends = (talk.service, tally.tunnel, talk.client, talk.server)
        if ends not in self._tunnels and len(self._tunnels) >= _BOUND:
            ends = (talk.service, tally.tunnel, "…", "…")
        times, frame = self._tunnels.get(ends, (0, tally.frame))
        self._tunnels[ends] = times + sum(tally.packets), frame

    def rows(self) -> tuple[FactRow, ...]:
        """Services that were read first, then by frames."""
        messages, opaque = self._messages()
        order = sorted(self._services, key=lambda name: (not self._services[name].spoken, -self._services[name].counts["frames"], name))
        found: list[FactRow] = []
        for name in order:
            service, who = self._services[name], {"service": name, "kind": self._kind(name)}
            counts = {**service.counts, **{f"messages {how}": times for how, times in messages[name].items()}}
            rows = [({**who, "count": what}, times) for what, times in counts.items() if times]
            found += [FactRow(SECTION, "services", item, times, service.frame) for item, times in rows]
            operations = opaque[name].items()
            found += [FactRow(SECTION, "opaque", {"service": name, "operation": what}, times, service.frame) for what, times in operations]
        for ends, (times, frame) in sorted(self._tunnels.items()):
            found.append(FactRow(SECTION, "tunnels", dict(zip(("tunnel", "use", "from", "to"), ends, strict=True)), times, frame))
        return tuple(found)

    def _kind(self, name: str) -> str:
        if self._services[name].spoken:
            return "spoken"
        return "encrypted" if name in ENCRYPTED else "not spoken"

    def _messages(self) -> tuple[defaultdict[str, Counter[str]], defaultdict[str, Counter[str]]]:
        """By service, messages by how far they were read, and opaque ones by operation."""
        messages: defaultdict[str, Counter[str]] = defaultdict(Counter)
        opaque: defaultdict[str, Counter[str]] = defaultdict(Counter)
        best: dict[tuple[str, int], str] = {}
        for (service, code, operation), ways in self._asked.items():
            messages[service] += ways
            opaque[service][operation] += ways[OPAQUE]
            best[service, code] = min((*ways, best.get((service, code), OPAQUE)), key=(FULL, HEADER, OPAQUE).index)
        for (service, code, operation), times in self._told.items():
            how = best.get((service, code), OPAQUE if _NUMBERED.search(operation) else FULL)
            messages[service][how] += times
            opaque[service][operation] += times if how == OPAQUE else 0
        for service in {*self._flawed, *self._pieces, *self._truncated}:
            messages[service]["malformed"] = self._flawed[service]
            messages[service]["truncated"] = self._truncated[service]
            messages[service]["pieces"] = self._pieces[service]
            messages[service][FULL] = max(messages[service][FULL] - self._beside[service], 0)
        return messages, defaultdict(Counter, {service: +operations for service, operations in opaque.items()})

    def _of(self, item: Sighting | Tally) -> _Service:
        name = item.conversation.service
        return self._services.get(name) or self._services.setdefault(name, _Service(item.frame))

    def _bounded(self, service: str, event: Request | Answer) -> _Operation:
        key = (service, event.code, event.operation)
        if key in self._asked or key in self._told or len(self._asked) + len(self._told) < _BOUND:
            return key
        return (service, event.code, "…")
