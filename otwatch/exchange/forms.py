"""The closed set of what may stand in a stream, as MessagePack: a NamedTuple is an array of its fields, an enumeration its value.

Every body is read by a decoder of its type (msgspec), so a value of another type, a missing field or one too many is an ExchangeError.
The fingerprint in the greeting is a sum over all of it: two programs that would understand each other differently do not begin to talk.
"""

from enum import Enum
from hashlib import sha256
from typing import Annotated, Any, NamedTuple, get_type_hints

from msgspec import DecodeError, Meta
from msgspec.msgpack import Decoder, Encoder

from otwatch.dissectors.proofs import WAYS
from otwatch.errors import ExchangeError
from otwatch.events import (
    Announced,
    Anomaly,
    Answer,
    Binding,
    Credential,
    Details,
    Echo,
    Envelope,
    Event,
    Identity,
    Opened,
    Piece,
    Point,
    Request,
    State,
    Truncated,
    Verb,
)
from otwatch.packets import Outer, Packets
from otwatch.results import CaptureRow
from otwatch.sightings import Conversation, Frame, Outcome, Role, Tally
from otwatch.words import Phrase

EVENTS: tuple[type[Event], ...] = (
    Request, Answer, Identity, Binding, Credential, Anomaly, Piece, Envelope, Opened, Announced, State, Truncated, Echo,
)  # fmt: skip
"""What an event may be; its tag is its place here."""

Number = Annotated[int, Meta(ge=0)]
"""What stands for an event, a conversation or a capture that was said before, counted from 0."""
Place = tuple[Number, Number]
"""A frame: the number of its capture, and its own."""


class Login(NamedTuple):
    """A Credential. `way` is "" for a Secret, whose bytes are `secret`, else a name in `WAYS`, `said` then being the rest of the Proof."""

    scheme: str
    user: str
    realm: str
    way: str
    secret: bytes
    said: bytes
    cost: int


class Echoed(NamedTuple):
    """An Echo, its event by number."""

    protocol: str
    event: Number


class End(NamedTuple):
    """What a Sighting knows beyond what a Routine does."""

    outcome: Outcome
    error: str
    error_code: str
    answer: Place | None
    told: Details


class Amounts(NamedTuple):
    """A Tally without its conversation, its frame as two numbers."""

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
    twice: int
    tunnel: str
    place: Place


class Items(NamedTuple):
    """Items in their order, by columns.

    kinds      one letter an item: S Sighting, R Routine, T Tally          by_client   one byte an item, 1 or 0
    talks      the conversation of each item                               sizes       events of each Routine
    events to places   one entry for each event of the Routines and Sightings, in the order of the items
    ends       one entry a Sighting                                        amounts     one entry a Tally
    """

    kinds: bytes
    by_client: bytes
    talks: tuple[Number, ...]
    sizes: tuple[Number, ...]
    events: tuple[Number, ...]
    times: tuple[int, ...]
    first_ns: tuple[int, ...]
    last_ns: tuple[int, ...]
    captures: tuple[Number, ...]
    numbers: tuple[Number, ...]
    ends: tuple[End, ...]
    amounts: tuple[Amounts, ...]


class Batch(NamedTuple):
    """What stands before the columns of a batch of packets: its rows, bytes of data, rows of tunnels (-1: none), names, and the bytes of
    captures consumed since the last one."""

    rows: Number
    size: Number
    outer: int
    captures: tuple[str, ...]
    consumed: Number


class Ending(NamedTuple):
    """The end of a stream: captures that were heard, counters about the monitor itself, and datagrams whose fragments never all came."""

    captures: tuple[CaptureRow, ...] = ()
    notes: dict[str, int] = {}  # noqa: RUF012  # a NamedTuple's default, never changed
    incomplete: int = 0


class Failure(NamedTuple):
    """Why a stream ends before its time: the name of an error in errors.py, and what it says, a phrase a line."""

    error: str
    said: tuple[Phrase, ...]


FORMS = (Login, Echoed, End, Amounts, Items, Batch, Ending, Failure, Conversation, Frame, Tally, Point, Packets, Outer, CaptureRow)
VOCABULARIES: tuple[type[Enum], ...] = (Verb, Role, Outcome)

packed = Encoder().encode
"""One value as MessagePack."""


def reader(form: Any) -> Decoder[Any]:
    """What reads values of one type."""
    return Decoder(form)


def unpacked(form: Decoder[Any], body: bytes | bytearray) -> Any:
    """One value of a type; ExchangeError for anything else."""
    try:
        return form.decode(body)
    except (DecodeError, UnicodeDecodeError) as wrong:
        raise ExchangeError("exchange.value", reason=wrong) from wrong


def described() -> str:
    """The whole vocabulary: every field with its type, every value of an enumeration, every way of a proof."""
    types = [f"{one.__name__} {get_type_hints(one, include_extras=True)}" for one in (*EVENTS, *FORMS)]
    words = [f"{one.__name__} {[member.value for member in one]}" for one in VOCABULARIES]
    return "\n".join((*types, *words, *WAYS))


def fingerprint(vocabulary: str) -> bytes:
    """8 bytes that another vocabulary does not have."""
    return sha256(vocabulary.encode()).digest()[:8]


FINGERPRINT = fingerprint(described())
