"""What a capture says, counted: the auditor's table of contents.

    modbus, umas, bacnet, enip, io, opcua, fox   one file a protocol: sightings -> facts       ledger      the counters
    coverage                     how much of what was heard was understood     wireshark   names as Wireshark shows them

Everything here was decoded before the waist: a fact is a sighting counted under another name. Requests come joined with their answers
as one sighting, which is counted as the two messages it stands for.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from otwatch.events import Details, Echo, Envelope, Event
from otwatch.events.remembered import remembered
from otwatch.facts import bacnet, enip, fox, io, modbus, opcua, umas
from otwatch.facts.coverage import Coverage
from otwatch.facts.ledger import SIDES, Entries, Item, Ledger, ends
from otwatch.results import FactRow
from otwatch.sightings import Conversation, Sighting, Tally

_COUNTED_BY = {"modbus": (modbus.see, umas.see), "bacnet": (bacnet.see,), "enip": (enip.see,), "cip": (enip.see,), "cip-io": (io.see,)}
"""By protocol of the event."""


_AROUND: dict[str, tuple[str, Callable[[Details, str], Iterable[tuple[str, Item]]]]] = {
    "bacnet": (bacnet.SECTION, bacnet.envelope), "enip": (enip.SECTION, enip.command), "cip": (enip.SECTION, enip.service),
    "opcua": (opcua.SECTION, opcua.envelope), "fox": (fox.SECTION, fox.envelope),
}  # fmt: skip
"""By protocol of the envelope: section, and what counts the layers around messages."""
_SIDED = frozenset({"enip", "cip"})


def _around(side: str, envelope: Envelope) -> tuple[tuple[str, str, Item], ...]:
    """Sections, fields and items of an envelope."""
    section, items = _AROUND[envelope.protocol]
    return tuple((section, field, item) for field, item in items(envelope.fields, side))


def _side(sighting: Sighting, envelope: Envelope) -> str:
    return ends(sighting).side(enip.PORTS) if envelope.protocol in _SIDED else ""


def _message(sighting: Sighting) -> Sighting:
    """A fact is a message seen; that an echo was said before is for the inventory and the detections."""
    event = sighting.event
    return sighting._replace(event=event.event) if isinstance(event, Echo) else sighting


def counted(sighting: Sighting) -> tuple[FactRow, ...]:
    """What one sighting alone counts as."""
    facts = Facts()
    facts.see(sighting)
    return facts.messages()


REMEMBERED = 65_536
"""Events, each of one side, of which is remembered what they count as; beyond it all are found anew."""


class Facts:
    """All facts of one record. `_told`: what each event counted as that a side said in routine; who is held there keeps his id."""

    def __init__(self) -> None:
        self._ledger = Ledger()
        self._told: dict[tuple[Conversation, bool], dict[int, tuple[Event, Entries]]] = {}
        self._size = 0
        self._coverage = Coverage()
        self._around = {side: remembered(partial(_around, side)) for side in ("", *SIDES)}

    def see(self, item: Sighting | Tally) -> None:
        """Count one item of the waist."""
        if isinstance(item, Tally):
            self._coverage.tally(item)
            return
        item = _message(item)
        event = item.event
        self._coverage.see(item)
        if isinstance(event, Envelope):
            for section, field, what in self._around[_side(item, event)](event):
                self._ledger.add(section, field, what, item)
            return
        for count in _COUNTED_BY.get(getattr(event, "protocol", ""), ()):
            count(item, self._ledger)

    def see_routine(self, talk: Conversation, by_client: bool, outlines: Sequence[Sighting]) -> None:
        """Count what one side said in a slot. What it says in every slot counts as the same every time."""
        told = self._told.get((talk, by_client))
        if told is None:
            told = self._told[talk, by_client] = {}
            self._size += 1
        for one in map(_message, outlines):
            known = told.get(id(one.event))
            if known is not None:
                self._coverage.see(one)
                self._ledger.again(known[1], one)
                continue
            self._ledger.note()
            self.see(one)
            entries = self._ledger.noted()
            if entries is not None:
                told[id(one.event)] = (one.event, entries)
                self._size += 1
        if self._size > REMEMBERED:
            self._told.clear()
            self._size = 0

    def messages(self) -> tuple[FactRow, ...]:
        """All but the coverage."""
        return self._ledger.rows()

    def rows(self) -> tuple[FactRow, ...]:
        """In the order of sections, fields and first appearance."""
        return (*self._ledger.rows(), *self._coverage.rows())

    def notes(self) -> dict[str, int]:
        """What was counted without its name, because there was too much."""
        return {"facts without a name": self._ledger.nameless}
