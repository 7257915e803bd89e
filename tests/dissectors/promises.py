"""What every dissector promises, as plain functions of bytes: Hypothesis and atheris (tests/fuzz) call the same ones."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import get_args

from otwatch.dissectors.base import Dissector, events, read
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import IDENTITY_FIELDS, Anomaly, Answer, Credential, Event, Identity, Message, Piece, Reading, Request
from otwatch.events.text import _VISIBLE

SIDES = (True, False, None)
"""Who sent it: the side that asks, the other, nobody knows."""
KINDS = get_args(Event)
BORDERLESS = frozenset({"modbus-rtu"})
"""Streams in which a frame of unknown layout has no border but silence, that is the end of its segment (Modbus over serial line v1.02,
2.5.1.1): what TCP joins or cuts changes what is read."""


def is_stream(dissector: Dissector) -> bool:
    """Whether its messages have borders of their own in a TCP stream."""
    return "tcp" in dissector.transports and dissector.name not in BORDERLESS


def memory(dissector: Dissector) -> object:
    return dissector.session() if dissector.session is not None else None


def recognises(dissector: Dissector, payload: bytes) -> bool:
    """Any bytes are recognised or not, wherever in them a message is looked for; gives whether they are on the protocol's own port."""
    said = [_looks(dissector, payload, at, hinted) for at in (0, len(payload) // 2) for hinted in (False, True)]
    return said[1]


def _looks(dissector: Dissector, payload: bytes, at: int, hinted: bool) -> bool:
    try:
        answer = dissector.looks_like(Reader(payload, at), hinted)
    except Malformed:
        return False
    assert answer in (True, False)
    return answer


def gives_events(dissector: Dissector, payload: bytes, side: bool | None, session: object = None) -> Reading:
    """Any bytes give messages that follow each other without a gap, in the words of events.py, and the same ones every time."""
    reading = read(dissector, payload, side, session)
    ends = [0, *(message.end for message in reading.messages)]
    assert [message.start for message in reading.messages] == ends[:-1]
    assert ends[-1] == reading.used <= len(payload)
    assert all(0 <= start < end <= len(payload) for start, end in reading.aside)
    for message in reading.messages:
        assert message.start < message.end
        assert message.ticket == (0, 0) or message.start <= message.ticket[0] < message.ticket[1] <= message.end
        _in_our_words(dissector, message.events, len(payload))
    if session is None:
        assert read(dissector, payload, side) == reading
    return reading


def _in_our_words(dissector: Dissector, said: Iterable[Event], size: int) -> None:
    for event in said:
        assert isinstance(event, KINDS)
        hash(event)
        if isinstance(event, Anomaly):
            assert 0 <= event.offset <= size
            assert event.reason
        elif isinstance(event, Identity):
            assert event.fields
            assert {name for name, _ in event.fields} <= IDENTITY_FIELDS
        if not isinstance(event, Credential | Piece):
            assert all(text.translate(_VISIBLE) == text for text in _texts(event))
        assert dissector.pieces is not None or not isinstance(event, Piece)


def _texts(of: object) -> Iterator[str]:
    if isinstance(of, str):
        yield of
    elif isinstance(of, tuple):
        for one in of:
            yield from _texts(one)


def sets_nothing_aside_that_tells(dissector: Dissector, payload: bytes, side: bool | None, noise: bytes) -> Reading:
    """Where nothing was looked at may stand anything (decode/statements.py): the same is said. What is then set aside may differ."""
    said = read(dissector, payload, side)
    other = bytearray(payload)
    for start, end in said.aside:
        other[start:end] = (noise * (end - start))[: end - start]
    for at in {at for at, _ in said.bits}:
        looked_at = sum({bit for place, bit in said.bits if place == at})
        other[at] = payload[at] & looked_at | noise[0] & ~looked_at
    then = read(dissector, bytes(other), side)
    assert (then.messages, then.used) == (said.messages, said.used)
    return said


def may_be_split(dissector: Dissector, payload: bytes, side: bool | None, sizes: Iterable[int]) -> None:
    """A stream says the same wherever TCP cuts it. Where the border of a message is lost, the rest of the segment is given up, and
    that rest depends on the segment: so the comparison ends there."""
    whole = read(dissector, payload, side, memory(dissector)).messages
    if whole and _lost(whole[-1]):
        whole = whole[:-1]
    parts, session, buffer, came = [], memory(dissector), b"", 0
    for segment in _cut(payload, sizes):
        came += len(segment)
        buffer += segment
        reading = read(dissector, buffer, side, session)
        parts += [_at(message, came - len(buffer)) for message in reading.messages]
        buffer = buffer[reading.used :]
    said = _said(whole)
    if dissector.session is None:
        assert _said(parts)[: len(said)] == said
    else:
        assert [event for _, event in _said(parts)][: len(said)] == [event for _, event in said]


def _cut(payload: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        if at >= len(payload):
            return
        yield payload[at : at + size]
        at += size
    yield payload[at:]


def _lost(message: Message) -> bool:
    """Whether a message may be one whose border was not found: then nothing but the flaw is said of it."""
    return len(message.events) == 1 and isinstance(message.events[0], Anomaly)


def _at(message: Message, offset: int) -> Message:
    """A message as it stands in the whole stream."""
    said = tuple(one._replace(offset=one.offset + offset) if isinstance(one, Anomaly) else one for one in message.events)
    ticket = (message.ticket[0] + offset, message.ticket[1] + offset) if message.ticket != (0, 0) else message.ticket
    return Message(message.start + offset, message.end + offset, ticket, said)


def _said(messages: Iterable[Message]) -> list[tuple[int, Event]]:
    """Events with the end of their message; protocols with a session may cut what they have begun (bodies) as it comes."""
    return [(message.end, event) for message in messages for event in message.events]


def _goes_on(dissector: Dissector, before: tuple[Message, ...], after: tuple[Message, ...]) -> bool:
    """Whether the last message was not whole: an HTTP body without a length lasts until its connection ends (RFC 9112 6.3)."""
    return dissector.cut_in is not None and len(after) == len(before) and after[-1].end > before[-1].end


def keeps_what_was_before(dissector: Dissector, good: bytes, garbage: bytes, side: bool | None) -> None:
    """Garbage behind whole messages of a stream takes nothing from them."""
    before, after = (read(dissector, payload, side, memory(dissector)).messages for payload in (good, good + garbage))
    said = _said(before[:-1] if before and (_lost(before[-1]) or _goes_on(dissector, before, after)) else before)
    assert _said(after)[: len(said)] == said


def speaks_of_the_same(dissector: Dissector, good: bytes, garbage: bytes, side: bool | None) -> None:
    """Garbage inside a datagram is part of its message: what was asked and answered is still told, or what is wrong with it."""
    before, after = (_operations(read(dissector, payload, side, memory(dissector))) for payload in (good, good + garbage))
    assert None in after or before <= after


def _operations(reading: Reading) -> set[int | None]:
    """Codes of what is asked and answered; None for a flaw."""
    said = [event for _, event in _said(reading.messages) if isinstance(event, Request | Answer | Anomaly)]
    return {None if isinstance(event, Anomaly) else event.code for event in said}


def completes_from_any_answer(dissector: Dissector, question: bytes, answer: bytes) -> None:
    """Whatever stands in the answer to a login, it stays that login, or is malformed."""
    assert dissector.answered is not None
    for login in (event for message in read(dissector, question, True).messages for event in message.events):
        if isinstance(login, Credential):
            with suppress(Malformed):
                completed = dissector.answered(login, Reader(answer))
                assert (completed.scheme, completed.user) == (login.scheme, login.user)


def reads_any_answer(dissector: Dissector, asked: bytes, answered: bytes) -> None:
    """Whatever comes as the answer of whatever was asked, what they say together is events."""
    joined = dissector.joined
    requests = [event for message in read(dissector, asked, True).messages for event in message.events if isinstance(event, Request)]
    for message in read(dissector, answered, False).messages if joined is not None else ():
        body = answered[message.start : message.end]
        for request in requests[:4]:
            _in_our_words(dissector, events(lambda read, _, asked=request: joined(asked, read), body, None, dissector.name), len(body))


def reads_any_pieces(dissector: Dissector, payload: bytes, rest: bytes) -> None:
    """Messages put together from pieces are events, whatever the later pieces hold, and are not pieces again."""
    for message in read(dissector, payload, None).messages if dissector.pieces is not None else ():
        for piece in message.events:
            if isinstance(piece, Piece):
                whole = piece.head + piece.data + rest
                said = events(dissector.pieces, whole, None, dissector.name)
                _in_our_words(dissector, said, len(whole))
                assert not any(isinstance(event, Piece) for event in said)
