"""Short ways to ask the BACnet dissector, for literals."""

from otwatch.dissectors.bacnet import BACNET
from otwatch.dissectors.base import read
from otwatch.events import Anomaly, Event, Reading
from tests.dissectors.enveloped import opened


def reading(payload: str) -> Reading:
    return read(BACNET, bytes.fromhex(payload), None)


def events(payload: str) -> tuple[Event, ...]:
    """What one datagram says, given as hex."""
    (message,) = reading(payload).messages
    return opened(message.events)


def original(npdu: str) -> str:
    """An NPDU in an Original-Unicast-NPDU."""
    return f"810a{len(bytes.fromhex(npdu)) + 4:04x}{npdu}"


def of_apdu(apdu: str) -> tuple[Event, ...]:
    """What an APDU between two devices of one network says."""
    return events(original("0100" + apdu))


def flaw(said: tuple[Event, ...]) -> str:
    """The reason of the Anomaly that ends it; empty without one."""
    return said[-1].reason if said and isinstance(said[-1], Anomaly) else ""
