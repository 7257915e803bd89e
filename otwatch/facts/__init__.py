"""What a capture says, counted: the auditor's table of contents.

    modbus, umas, bacnet, enip, io   one file a protocol: sightings -> facts       ledger      the counters
    coverage                     how much of what was heard was understood     wireshark   names as Wireshark shows them

Everything here was decoded before the waist: a fact is a sighting counted under another name. Requests come joined with their answers
as one sighting, which is counted as the two messages it stands for.
"""

from otwatch.events import Echo
from otwatch.facts import bacnet, enip, io, modbus, umas
from otwatch.facts.coverage import Coverage
from otwatch.facts.ledger import Ledger
from otwatch.results import FactRow
from otwatch.sightings import Sighting, Tally

_COUNTED_BY = {"modbus": (modbus.see, umas.see), "bacnet": (bacnet.see,), "enip": (enip.see,), "cip": (enip.see,), "cip-io": (io.see,)}
"""By protocol of the event."""


def _seen(sighting: Sighting) -> Sighting:
    """A fact is a message seen; that an echo was said before is for the inventory and the detections."""
    event = sighting.event
    return sighting._replace(event=event.event) if isinstance(event, Echo) else sighting


def counted(sighting: Sighting) -> tuple[FactRow, ...]:
    """What one sighting alone counts as."""
    ledger, sighting = Ledger(), _seen(sighting)
    for count in _COUNTED_BY.get(getattr(sighting.event, "protocol", ""), ()):
        count(sighting, ledger)
    return ledger.rows()


class Facts:
    """All facts of one record."""

    def __init__(self) -> None:
        self._ledger = Ledger()
        self._coverage = Coverage()

    def see(self, item: Sighting | Tally) -> None:
        """Count one item of the waist."""
        if isinstance(item, Tally):
            self._coverage.tally(item)
            return
        item = _seen(item)
        self._coverage.see(item)
        for count in _COUNTED_BY.get(getattr(item.event, "protocol", ""), ()):
            count(item, self._ledger)

    def rows(self) -> tuple[FactRow, ...]:
        """In the order of sections, fields and first appearance."""
        return (*self._ledger.rows(), *self._coverage.rows())

    def notes(self) -> dict[str, int]:
        """What was counted without its name, because there was too much."""
        return {"facts without a name": self._ledger.nameless}
