"""Sightings made by hand, and what the facts make of them."""

from typing import Any

from otwatch.events import Event
from otwatch.facts import Facts
from otwatch.outputs.facts import sections
from otwatch.results import CaptureRow
from otwatch.sightings import Conversation, Frame, Outcome, Role, Sighting, Tally

MODBUS = Conversation("10.0.0.1", "10.0.0.2", "tcp", 50000, 502, "modbus", Role.SYN)
BACNET = Conversation("10.0.0.1", "10.0.0.2", "udp", 47808, 47808, "bacnet", Role.GUESS)
ENIP = Conversation("10.0.0.1", "10.0.0.2", "tcp", 50000, 44818, "enip", Role.SYN)


def said(talk: Conversation, event: Event, by_client: bool = True, times: int = 1, number: int = 1) -> Sighting:
    return Sighting(talk, by_client, event, times, 0, 0, Frame("a.pcap", number))


def joined(talk: Conversation, event: Event, error: str = "", error_code: str = "", number: int = 1) -> Sighting:
    """A request together with the answer in the next frame."""
    outcome = Outcome.ERROR if error else Outcome.OK
    return Sighting(talk, True, event, 1, 0, 0, Frame("a.pcap", number), outcome, error, error_code, Frame("a.pcap", number + 1))


def tally(talk: Conversation, packets: tuple[int, int] = (1, 1), lost: int = 0, unread: int = 0) -> Tally:
    none = (0, 0)
    return Tally(talk, packets, (60 * packets[0], 60 * packets[1]), none, none, lost, unread, ("", ""), -1, none, 0, 0, Frame("a.pcap", 1))


def facts(*items: Sighting | Tally) -> dict[str, Any]:
    """What `otwatch facts --json` says after these items."""
    counted = Facts()
    for item in items:
        counted.see(item)
    capture = CaptureRow("a.pcap", "pcap", (1,), 0, 0, 0, 0, "")
    return sections((capture,), counted.rows())
