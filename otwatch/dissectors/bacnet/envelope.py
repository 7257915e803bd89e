"""In what a BACnet message travels: BVLC function, priority and networks of the NPDU, type and service of the APDU.

Told before what the message says, and counted only. Made once for each combination, of which a site has a few hundred.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from otwatch.dissectors.bacnet.services import confirmed, unconfirmed
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Envelope, Event

PROTOCOL = "bacnet"
REMEMBERED = 4096

APDU_TYPES = ("Confirmed-REQ", "Unconfirmed-REQ", "Simple-ACK", "Complex-ACK", "Segment-ACK", "Error", "Reject", "Abort")
"""Clause 20.1, as Wireshark shows them."""

_UNCONFIRMED = 1
_SEGMENTABLE, _SEGMENTED = frozenset({0, 3}), 0x08
_SERVICE_AT = {0: 2, 1: 0, 2: 1, 3: 1, 5: 1}
"""Octets between the first of an APDU and its service choice, by type; sequence number and window of a segment are two more."""


@lru_cache(REMEMBERED)
def routed(carrier: Details, priority: int, destination: int | None, source: int | None) -> Details:
    """What the NPDU adds to what stands around it (clause 6.2.2)."""
    networks = (("dnet", destination), ("snet", source))
    return (*carrier, ("priority", str(priority)), *((name, str(number)) for name, number in networks if number is not None))


@lru_cache(REMEMBERED)
def sealed(around: Details, *inside: tuple[str, str]) -> Envelope:
    """The envelope of a message."""
    return Envelope(PROTOCOL, around + inside)


def of_apdu(around: Details, read: Reader, first: int) -> Envelope:
    """`read` stands behind the first octet of the APDU, and stays there."""
    kind = first >> 4
    segmented = first & _SEGMENTED > 0 and kind in _SEGMENTABLE
    at = _SERVICE_AT.get(kind, read.left) + 2 * segmented
    return _of_apdu(around, kind, read.ahead(f"{at}xB")[0] if at < read.left else None, segmented)


@lru_cache(REMEMBERED)
def _of_apdu(around: Details, kind: int, choice: int | None, segmented: bool) -> Envelope:
    inside = [("apdu", APDU_TYPES[kind])]
    if choice is not None:
        inside.append(("service", (unconfirmed if kind == _UNCONFIRMED else confirmed)(choice).name))
    if segmented:
        inside.append(("segment", "yes"))
    return sealed(around, *inside)


def before(envelope: Envelope, said: Iterable[Event]) -> Iterable[Event]:
    return chain((envelope,), said)


def flawed(envelope: Envelope, flaw: Malformed) -> Iterator[Event]:
    """All that is known of a message that breaks off there."""
    yield envelope
    raise flaw


def inside(said: Iterable[Event]) -> Iterator[Event]:
    """Only what a message says: one that was put together from pieces came in the envelopes of these."""
    return (event for event in said if not isinstance(event, Envelope))
