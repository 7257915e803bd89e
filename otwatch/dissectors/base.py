"""A dissector is two pure functions and what is declared beside them; nothing is inherited, nothing registers itself.

`cut` finds the messages in a payload, `decode` says what one of them means. Both read through `Reader` only and raise
`Malformed` only; they never log, look at a clock or keep state. `read` below is the one boundary: it keeps what was
learnt before a flaw and turns `Malformed` into an `Anomaly`.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Anomaly, Answer, Credential, Event, Message, Reading, Request

Cut = Callable[[Reader], Reader | None]
Decode = Callable[[Reader, bool | None], Iterable[Event]]
CutIn = Callable[[Reader, bool | None, object], Reader | None]
Marks = tuple[tuple[int, frozenset[int]], ...]
DecodeIn = Callable[[Reader, bool | None, object], Iterable[Event]]


def _none(_request: Request) -> bool:
    return False


def whole(read: Reader) -> Reader:
    """`cut` for datagrams: all there is is one message."""
    return read.part(read.left)


def nothing(_read: Reader, _is_request: bool | None) -> tuple[Event, ...]:
    """`decode` where `decode_in` stands in its place."""
    return ()


class Dissector(NamedTuple):
    """One protocol on one kind of transport.

    name         short, stable, as in `Conversation.service`: "modbus", "bacnet", "enip", "http" ...
    transports   of "tcp", "udp", "ethernet", "ip <number>"
    ports        hints only: the content decides
    ethertype    for "ethernet": the value of `Packets.ethertype` that carries it, else 0
    looks_like   whether a payload at the start of a message is this protocol; strict enough for any port.
                 Called with a fresh Reader and whether the port hints at this protocol; may raise Malformed for "no"
    cut          the next message as a Reader of its own (`read.part(n)`), moving past it; None while bytes of it are
                 missing (must leave `read.at` where it was); Malformed when this is no message of ours
    decode       what a message means. `is_request` says whether the client sent it, None where nobody knows
    tells        the message itself says whether it asks or answers: `decode` is always given None
    joined       what an answer says once its request is known (CIP attributes): the request, a Reader of the answer's message;
                 an Answer among it tells, by its details, more about the operation (`Sighting.told`)
    proven       a login whose proof stands in bytes that were set aside, with it: the login, a Reader of its message. Asked only where
                 the login is told by itself
    answered     a login whose proof comes with its answer, with it: the login, a Reader of the answer's message
    pieces       decodes a message put together from `Piece`s (head + data of all pieces): same form as `decode`
    session      makes the small bounded memory of one conversation for protocols that have one (FTP: the user name comes
                 a line before the password); `decode_in` is then used in place of `decode` and gets it. After bytes
                 that were never captured a new one is made: what it remembers no longer fits
    cut_in       in place of `cut`, for protocols whose borders hang on what was said before (HTTP bodies, FTP after AUTH TLS)
    marks        bytes that every message has, as (offset, values): what comes without them is not even shown to `looks_like`
    joins        further requests that are told one by one with their answers, though what they ask for is routine
    sealed       nobody can read it: once recognised, its packets are only counted, and neither cut nor decoded; with a `session`
                 only from where nothing can be read any more
    over         whether that is so now: what the session remembers tells (TLS once it is encrypted, SSH after its banners)
    fixed        spoken on its ports and nowhere else: datagrams on other ports are not even looked at
    names        says who somebody is rather than what is done: its links are told by their packets, for hardly any request is
    unbroken     tells a `session`, before each reading, whether all that both sides said until then was captured: what was not seen
                 was not left out
    ordered      answers carry no ticket and come in the order of the requests (HTTP, FTP)
    """

    name: str
    title: str
    transports: frozenset[str]
    ports: frozenset[int]
    looks_like: Callable[[Reader, bool], bool]
    cut: Cut = whole
    decode: Decode = nothing
    ethertype: int = 0
    tells: bool = False
    joined: Callable[[Request, Reader], Iterable[Event]] | None = None
    proven: Callable[[Credential, Reader], Credential] | None = None
    answered: Callable[[Credential, Reader], Credential] | None = None
    pieces: Decode | None = None
    session: Callable[[], object] | None = None
    decode_in: DecodeIn | None = None
    ordered: bool = False
    cut_in: CutIn | None = None
    marks: Marks = ()
    joins: Callable[[Request], bool] = _none
    sealed: bool = False
    over: Callable[[object], bool] | None = None
    fixed: bool = False
    names: bool = False
    unbroken: Callable[[object, bool], None] | None = None


def read(dissector: Dissector, payload: bytes, is_request: bool | None, session: object = None) -> Reading:
    """Read a payload that begins at a message boundary: all its whole messages, and how far they reach.

    A flaw in a message is an Anomaly behind what was said before it, and reading goes on after that message.
    Where not even the border of a message can be found, the rest of the payload is one message with an Anomaly.
    Without a `session` the payload is read as the beginning of a conversation.
    """
    if session is None and dissector.session is not None:
        session = dissector.session()
    cut = dissector.cut if dissector.cut_in is None else partial(_cut_in, dissector.cut_in, is_request, session)
    decode = dissector.decode if dissector.decode_in is None else partial(_decode_in, dissector.decode_in, is_request, session)
    told = None if dissector.tells else is_request
    reader = Reader(payload)
    messages: list[Message] = []
    while (start := reader.at) < reader.end:
        try:
            message = cut(reader)
        except Malformed as flaw:
            flaw.let_go()
            reader.at = reader.end
            messages.append(Message(start, reader.end, (0, 0), (Anomaly(dissector.name, flaw.reason, flaw.offset),)))
            break
        if message is None:
            break
        said = _said(decode, message, told, dissector.name)
        messages.append(Message(start, reader.at, reader.last_ticket(start), said))
    return Reading(tuple(messages), reader.at, reader.spans, reader.bits)


def _cut_in(cut: CutIn, is_request: bool | None, session: object, read: Reader) -> Reader | None:
    return cut(read, is_request, session)


def _decode_in(decode: DecodeIn, is_request: bool | None, session: object, read: Reader, _told: bool | None) -> Iterable[Event]:
    return decode(read, is_request, session)


def _said(decode: Decode, message: Reader, is_request: bool | None, protocol: str) -> tuple[Event, ...]:
    """What a message says, a flaw last."""
    said: list[Event] = []
    try:
        said.extend(decode(message, is_request))
    except Malformed as flaw:
        flaw.let_go()
        beside = any(isinstance(event, Request | Answer) for event in said)
        said.append(Anomaly(protocol, flaw.reason, flaw.offset, beside))
    return tuple(said)


def events(decode: Decode, payload: bytes, is_request: bool | None, protocol: str) -> tuple[Event, ...]:
    """The events of one message that is already cut, with the same promise as `read`; for literals in tests and pieces."""
    return _said(decode, Reader(payload), is_request, protocol)


def matches(request: Request, answer: Answer) -> bool:
    """Whether an answer with the right ticket also answers the right operation, as far as it says which."""
    return answer.code in (request.code, UNNAMED)
