"""The waist between the two halves: who talks to whom, what was seen there, how much there was."""

from collections.abc import Iterable, Iterator
from enum import IntEnum, StrEnum
from typing import NamedTuple

from otwatch.events import Details, Event

SLOT_NS = 10_000_000_000
"""Repetitions inside one slot of packet time are one sighting."""


class Role(IntEnum):
    """How we know who began a conversation, best first (domain/zones.md 9.2)."""

    SYN = 4
    PORT = 3
    MESSAGE = 2
    GUESS = 1


class Frame(NamedTuple):
    """Where it stands: the capture's name and the frame's number as Wireshark counts."""

    capture: str
    number: int


class Conversation(NamedTuple):
    """Two endpoints and a service, the initiator first.

    client, server   IP address as text, or a MAC where there is no IP
    transport        "tcp", "udp", "icmp", "ip <number>", "ethernet"
    client_port, server_port   0 where the transport has none; 0 for the client of datagrams to a well-known port
    service          what is spoken: a dissector's name, else the name of the well-known port, else ""
    """

    client: str
    server: str
    transport: str
    client_port: int
    server_port: int
    service: str
    role: Role


class Outcome(StrEnum):
    """What became of a request."""

    OK = "ok"
    ERROR = "error"
    UNANSWERED = "unanswered"
    UNKNOWN = "unknown"  # the direction of the answer was never captured, or none is foreseen
    NONE = ""  # not joined: reads, answers, facts


class Sighting(NamedTuple):
    """An event seen.

    by_client   the initiator of the conversation said it
    times       how often inside one slot; 1 for what changes anything
    frame       the first frame that says it; `answer` the frame that answers it
    outcome     what came of a request other than a read; `error` in the protocol's words, `error_code` its number(s)
    told      what the answer says of the operation, beyond its outcome: ("bytes", "246") of a block that was read out
    """

    conversation: Conversation
    by_client: bool
    event: Event
    times: int
    first_ns: int
    last_ns: int
    frame: Frame
    outcome: Outcome = Outcome.NONE
    error: str = ""
    error_code: str = ""
    answer: Frame | None = None
    told: Details = ()


Said = tuple[Event, int, int, int, Frame]
"""An event, how often it was said inside one slot, when first and last, and the first frame that says it."""


class Routine(NamedTuple):
    """What one side of a conversation said inside one slot that is only counted, in the order of frames, each event once.

    It stands for as many sightings. Whoever does not care for single events looks at fewer things (`site/outlines.py`).
    """

    conversation: Conversation
    by_client: bool
    said: tuple[Said, ...]

    def sightings(self) -> Iterator[Sighting]:
        """The same, event by event."""
        for said in self.said:
            yield Sighting(self.conversation, self.by_client, *said)


_SYN, _RST, _ACK = 2, 4, 16  # RFC 9293 3.1
_BY_SIDE = ("packets", "bytes", "payload", "flags", "macs", "ttl")
"""Fields of a tally with one entry a side."""


class Tally(NamedTuple):
    """How much was said in one conversation in one slot, in both directions.

    Index 0 counts what the client sent, index 1 what the server sent.
    flags      TCP flags seen, OR-ed
    lost       bytes of the stream that were never captured
    unread     payload bytes of a spoken protocol that no message explains
    macs       last MAC of each side, "" where there is none (the sending side's link-layer address)
    vlan       last VLAN seen, -1 without
    ttl        smallest TTL of each side
    twice      packets among them that a mirror showed a second time
    tunnel     "mirror" or "tunnel" for the outer ends of packets that are counted with the conversation inside (wire/tunnels.py)
    """

    conversation: Conversation
    packets: tuple[int, int]
    bytes: tuple[int, int]
    payload: tuple[int, int]
    flags: tuple[int, int]
    lost: int
    unread: int
    macs: tuple[str, str]
    vlan: int
    ttl: tuple[int, int]
    first_ns: int
    last_ns: int
    frame: Frame
    twice: int = 0
    tunnel: str = ""

    def is_acknowledged(self) -> bool:
        """Whether the client of a TCP connection acknowledged anything. A reset may carry an ACK too: who never sent the SYN that bears his
        address sends nothing else (RFC 9293 3.5.3)."""
        sent = self.flags[0]
        return bool(sent & _ACK) and (not sent & _RST or self.packets[0] > 1 + bool(sent & _SYN))

    def turned(self) -> "Tally":
        """The same with the other side as the initiator."""
        talk = self.conversation
        turned = talk._replace(client=talk.server, server=talk.client, client_port=talk.server_port, server_port=talk.client_port)
        return self._replace(conversation=turned, **{name: getattr(self, name)[::-1] for name in _BY_SIDE})


Item = Sighting | Routine | Tally
"""What passes the waist."""


def singly(items: Iterable[Item]) -> Iterator[Sighting | Tally]:
    """What passes the waist, sighting by sighting."""
    for item in items:
        if isinstance(item, Routine):
            yield from item.sightings()
        else:
            yield item
