"""What belongs to an asset: its faces, the points of it that were written, and who worked on it."""

from collections.abc import Mapping
from typing import NamedTuple

from otwatch.sightings import Frame


class FaceRow(NamedTuple):
    """A key under which an asset was seen beside its own, and why it is the same thing.

    state    "now", "former" (an address it held before, or a MAC that held its address), "shared" (a virtual address of several routers),
             "claimed" (a MAC that announced its address and those of others), "conflict" (another thing uses the key too)
    reason   "arp", "sender", "mac", "serial", "cip serial", "bacnet instance", "only unit", "controller", "knx address", "same device",
             "declared", "virtual mac", "proxy arp", "address", "vlan",
             "virtual address"
    value    what they have in common: "00:80:f4:12:34:56", "1/0x00524d8e", "210103", of "vlan" its number
    """

    asset: str
    key: str
    state: str
    reason: str
    value: str
    frame: Frame
    first_ns: int
    last_ns: int


class SlotRow(NamedTuple):
    """Who commands a BACnet object at a priority (1 the strongest .. 16), with which value, since when."""

    priority: int
    client: str
    value: str
    since_ns: int
    frame: Frame


class ReaderRow(NamedTuple):
    """Who reads a point: how many questions, and how long it is from one to the next on average (0 for fewer than three)."""

    client: str
    times: int
    period_ms: int
    first_ns: int
    last_ns: int
    frame: Frame


class PointRow(NamedTuple):
    """A point that was written, read, or named by its device.

    point     in the protocol's terms: "holding-register 4001", "analog-value:12 present-value"
    name      what its device calls it, or a person, "" without; `description` and `unit` are the device's
    value     written last; `least` and `most` of values that are numbers, "" without. Values that are read are not known.
    slots     the BACnet priorities that are held, as far as writes were seen
    """

    asset: str
    protocol: str
    point: str
    name: str
    writes: int
    writers: tuple[str, ...]
    value: str
    least: str
    most: str
    slots: tuple[SlotRow, ...]
    first_ns: int
    last_ns: int
    frame: Frame
    description: str = ""
    unit: str = ""
    readers: tuple[ReaderRow, ...] = ()


class SessionRow(NamedTuple):
    """What somebody did on equipment between two long silences.

    via         who was connected to the client's screen or shell at that time
    station     what the tool says of itself or its user, "" where it says nothing
    operations  how often each; at most the first 64 different ones, as of points
    writes      points set and not refused; `points` with the value written last; `refused`: acts refused or not answered
    bytes_in    of programs that went into it; `bytes_out`: that came out of it
    works       id of the declared intervention that explains it, "" without
    """

    client: str
    server: str
    via: tuple[str, ...]
    station: str
    protocols: tuple[str, ...]
    first_ns: int
    last_ns: int
    operations: Mapping[str, int]
    writes: int
    refused: int
    points: Mapping[str, str]
    bytes_in: int
    bytes_out: int
    works: str
    frame: Frame


class BaselineRow(NamedTuple):
    """A line of what is usual: who does what with whom, or who serves what (client "").

    id       of the line, the same in every record of a site
    state    "accepted" (by a person), "doubtful" (seen beside serious findings), "learnt", "waiting" (seen while learning, but only a
             person may accept it), "new" (seen first when the learning was over), "returned" (not seen for 90 days before)
    why      the findings that make it doubtful, or who accepted it
    act      "read" (or nothing that can be read), "write", "admin", "serve"
    group    the points that are written; "" the conversation as a whole
    days     distinct days (UTC); `hours` the hours of the week, 168 bits in hex, bit 0 Monday 00 to 01 UTC
    least, most   of values that are numbers, "" without
    """

    id: str
    state: str
    why: str
    client: str
    server: str
    protocol: str
    act: str
    group: str
    days: int
    hours: str
    least: str
    most: str
    first_ns: int
    last_ns: int
    frame: Frame
