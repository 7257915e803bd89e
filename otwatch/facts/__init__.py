"""What a capture says, counted: the auditor's table of contents.

    modbus, umas, bacnet, enip, io, opcua, fox   one file a protocol: sightings -> facts       ledger      the counters
    coverage                     how much of what was heard was understood     wireshark   names as Wireshark shows them

Everything here was decoded before the waist: a fact is a sighting counted under another name. Requests come joined with their answers
as one sighting, which is counted as the two messages it stands for.
"""

from collections.abc import Callable, Iterable
from functools import partial

from otwatch.events import Details, Echo, Envelope
from otwatch.events.remembered import remembered
from otwatch.facts import bacnet, enip, fox, io, modbus, opcua, umas
from otwatch.facts.coverage import Coverage
from otwatch.facts.ledger import SIDES, Item, Ledger, ends
from otwatch.results import FactRow
from otwatch.sightings import Sighting, Tally

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


def counted(sighting: Sighting) -> tuple[FactRow, ...]:
    """What one sighting alone counts as."""
    facts = Facts()
    facts.see(sighting)
    return facts.messages()


class Facts:
    """All facts of one record."""

    def __init__(self) -> None:
        self._ledger = Ledger()
        self._coverage = Coverage()
        self._around = {side: remembered(partial(_around, side)) for side in ("", *SIDES)}

    def see(self, item: Sighting | Tally) -> None:
        """Count one item of the waist."""
        if isinstance(item, Tally):
            self._coverage.tally(item)
            return
        event = item.event
        if isinstance(event, Echo):  # a fact is a message seen; that it was said before is for the inventory and the detections
            event = event.event
            item = item._replace(event=event)
        self._coverage.see(item)
        if isinstance(event, Envelope):
            for section, field, what in self._around[_side(item, event)](event):
                self._ledger.add(section, field, what, item)
            return
        for count in _COUNTED_BY.get(getattr(event, "protocol", ""), ()):
            count(item, self._ledger)

    def messages(self) -> tuple[FactRow, ...]:
        """All but the coverage."""
        return self._ledger.rows()

    def rows(self) -> tuple[FactRow, ...]:
        """In the order of sections, fields and first appearance."""
        return (*self._ledger.rows(), *self._coverage.rows())

    def notes(self) -> dict[str, int]:
        """What was counted without its name, because there was too much."""
        return {"facts without a name": self._ledger.nameless}
