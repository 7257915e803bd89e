"""What the site learns, said as events: detections watch sightings and changes, and nothing else."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from otwatch.events import Details, Verb
from otwatch.sightings import Frame


class AssetSeen(NamedTuple):
    """An asset was seen for the first time in this record."""

    asset: str
    time_ns: int
    frame: Frame


class AssetChanged(NamedTuple):
    """Another value was said for an attribute than before, by a source at least as good."""

    asset: str
    field: str
    before: str
    after: str
    time_ns: int
    frame: Frame


class LinkSeen(NamedTuple):
    """One asset began to do something with another that it had not done within the hour before.

    protocol   what is spoken, or the name of the well-known port, or ""
    verb       None where only the conversation is known (no message of it can be read)
    state      "attempt", "refused" or "established" (domain/zones.md 9.1)
    strongest  the smallest BACnet priority number of a command, 0 without
    is_guess   nobody knows which of the two began (`Role.GUESS`)
    """

    client: str
    server: str
    transport: str
    port: int
    protocol: str
    verb: Verb | None
    state: str
    strongest: int
    time_ns: int
    frame: Frame
    details: Details = ()
    is_guess: bool = False

    @property
    def is_portless(self) -> bool:
        """A fragment whose first part was not captured, or a frame cut before its ports: neither service nor initiator is known."""
        return self.transport in {"tcp", "udp"} and not self.port and not self.protocol


class AssetAged(NamedTuple):
    """An asset says that it runs what nobody looks after any more. `field` holds `value`; `since` the day on which support ended."""

    asset: str
    field: str
    value: str
    since: str
    time_ns: int
    frame: Frame


class CardShared(NamedTuple):
    """One network card announces two addresses at the same time, and sends for no others: a host with two legs, and no router."""

    mac: str
    one: str
    other: str
    time_ns: int
    frames: tuple[Frame, ...]


class DomainShared(NamedTuple):
    """Hosts of several zones hear each other's broadcasts: `assets` has one of each of `zones`, and `frames` show them in the VLAN."""

    vlan: int
    assets: tuple[str, ...]
    zones: tuple[str, ...]
    time_ns: int
    frames: tuple[Frame, ...]


class ProgramTransferred(NamedTuple):
    """A whole program or file went into a controller or came out of it: many requests, one operation.

    client, server   raw keys of who asked and of the controller
    way        "download" (into the controller) or "upload"
    operation  the first request of it that was seen
    result     "finished", "aborted" (by either side), "refused" (nothing was transferred), "broken" (nothing came any more),
               "running" (the capture ended before it did)
    accepted   whether the controller took part: True, False, None where its answers were not captured
    blocks, size   what was transferred and not refused, in blocks and bytes of program
    frames, answers   at most FRAMES, the last among them
    """

    client: str
    server: str
    protocol: str
    way: str
    operation: str
    verb: Verb
    result: str
    accepted: bool | None
    blocks: int
    size: int
    first_ns: int
    last_ns: int
    frames: tuple[Frame, ...]
    answers: tuple[Frame, ...]
    transport: str
    port: int
    guess: bool


class Blindness(StrEnum):
    """What keeps a sensor from seeing."""

    DROPS = "drops"  # packets that the kernel dropped
    QUEUE = "queue"  # the ring fills faster than it is read
    GAPS = "gaps"  # bytes of TCP that nobody captured
    SILENT = "silent"  # nothing comes by an interface
    ONE_WAY = "one_way"  # one direction of most conversations has gone
    VLAN = "vlan"  # nothing is heard of a VLAN
    MACS = "macs"  # other machines than before are heard
    CLOCK = "clock"  # the clock that stamps packets was set back
    RECORD = "record"  # what is heard cannot be written


UNSEEING = frozenset(Blindness) - {Blindness.RECORD, Blindness.QUEUE, Blindness.CLOCK}
"""Kinds with which something that is there may not be heard."""


class SightLost(NamedTuple):
    """A sensor does not see well any more, or not for long already (`lasts`).

    where     an interface, "VLAN 20", or "" for all
    amount    how much is lost, or for how long there was nothing
    frame     the last one that was heard
    covers    the highest criticality of what was heard there, "" where nothing is known
    """

    kind: Blindness
    where: str
    amount: str
    since_ns: int
    time_ns: int
    frame: Frame
    lasts: bool
    covers: str = ""


class PollingStopped(NamedTuple):
    """A client that asked a server regularly does so no more, or is not answered any more.

    client, server   raw keys; "" for `server` where the client lost many at once, for `client` where the server lost all of them
    side       who fell silent: "client", "server", "io" for cyclic data
    others     how many servers or clients it concerns; 2 for cyclic data that stopped in both directions
    period_ns  how long passed between two questions, or two packets of cyclic data, on the average
    since_ns   when it was seen last; `frame` is the newest one that is known of it
    """

    client: str
    server: str
    protocol: str
    side: str
    others: int
    period_ns: int
    since_ns: int
    time_ns: int
    frame: Frame
    transport: str
    port: int


class AssetSilent(NamedTuple):
    """An asset that was heard day by day is heard no more. `asked`: others still ask it; `others`: fell silent at the same time."""

    asset: str
    asked: bool
    others: tuple[str, ...]
    longest_ns: int
    since_ns: int
    time_ns: int
    frame: Frame


class OperationMissed(NamedTuple):
    """What the site file expects to be done every so many days was not seen in time. `last_ns`: when last, 0 never; then no frame."""

    operation: str
    days: int
    note: str
    last_ns: int
    time_ns: int
    frame: Frame


class OverrideHeld(NamedTuple):
    """A command at a BACnet priority stands since `since_ns`. `covers`: a weaker one waits below it. Raw keys."""

    client: str
    server: str
    point: str
    priority: int
    value: str
    covers: bool
    since_ns: int
    now_ns: int
    frame: Frame


class Outside(NamedTuple):
    """A value beyond the bounds that the site file declares for its point (`limit`: their id). `value`, `bounds`: as people read them."""

    limit: str
    name: str
    point: str
    value: str
    bounds: str


class ValueOutside(NamedTuple):
    """An asset says such a value, longer than the site file allows. `asked`: raw key of who was told; `frame` and `answer` say it last."""

    asset: str
    asked: str
    protocol: str
    found: Outside
    since_ns: int
    time_ns: int
    frame: Frame
    answer: Frame | None
    transport: str
    port: int


Change = (
    AssetSeen | AssetChanged | AssetAged | CardShared | DomainShared | LinkSeen | ProgramTransferred | SightLost | PollingStopped
    | AssetSilent | OperationMissed | ValueOutside | OverrideHeld
)  # fmt: skip


class Claim(NamedTuple):
    """What speaks against a network card that says by ARP that an address is its own.

    rivals    others that had the address lately, where the claimer is a host that has one of its own, with a frame of each
    taken     how many addresses of others it claims so
    claimed   all addresses it says are its own, where packets were led through it; () without
    beyond    the address of those packets; former: the card they came through before
    frames    of the former way, and of the present one
    """

    rivals: Mapping[str, Frame]
    taken: int = 0
    claimed: tuple[str, ...] = ()
    beyond: str = ""
    former: str = ""
    frames: tuple[Frame, ...] = ()
