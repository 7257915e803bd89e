"""SMB over TCP, as far as two machines introduce themselves: dialect, names, versions (MS-CIFS, MS-SMB2). Files are never looked at.

    0 | length 3 | FF "SMB" command 1, status 4, flags 1, flags 2, 20 more bytes | words | bytes        SMB 1
                 | FE "SMB" 64, credit 2, status 4, command 2, credits 2, flags 4, ... to 64 | body     SMB 2 and 3

Once a session asks for anything else it is only counted.
"""

from collections.abc import Iterator

from otwatch.dissectors import ntlm
from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Event, Identity, clean

NAME = "smb"
_ONE, _TWO, _SEALED = b"\xffSMB", b"\xfeSMB", b"\xfdSMB"
_MESSAGE, _HEAD = 0, 4
_SERVICES = frozenset({0x81, 0x82, 0x83, 0x84, 0x85})
"""Session service packets that carry no message (RFC 1002 4.3.1)."""
_ENOUGH = 4 + 16
"""Bytes of a message that tell its command."""
_LONGEST = 1 << 16
_NEGOTIATE_1, _SETUP_1, _OPENING_1 = 0x72, 0x73, frozenset({0x72, 0x73})
_NEGOTIATE_2, _OPENING_2 = 0, frozenset({0, 1})
_REPLY_1, _UNICODE_1 = 0x80, 0x8000

DIALECTS = {0x0202: "SMB 2.0.2", 0x0210: "SMB 2.1", 0x0300: "SMB 3.0", 0x0302: "SMB 3.0.2", 0x0311: "SMB 3.1.1"}
"""MS-SMB2 2.2.4; 0x02FF means that the dialect is agreed on later."""


_BEFORE = {(12, False): (7,), (4, True): (3,), (13, False): (7, 8)}
"""By how many words there are, and whether they answer: which of them tell the sizes of what stands before the texts."""


class Opening:
    """`is_over`: something else than an introduction was said."""

    __slots__ = ("is_over",)

    def __init__(self) -> None:
        self.is_over = False


def looks_like(read: Reader, _hinted: bool) -> bool:
    if read.left < _HEAD + 4:
        return False
    kind = read.u8()
    read.take(3)
    return kind == _MESSAGE and read.peek(4) in (_ONE, _TWO)


def cut_in(read: Reader, _is_request: bool | None, session: object) -> Reader | None:
    """A message of the introduction, whole; of any other its beginning tells enough."""
    assert isinstance(session, Opening)
    if session.is_over:
        return read.part(read.left)
    if read.left < _HEAD:
        return None
    kind, high, low = read.ahead(">BBH")
    size = _HEAD + (high << 16 | low)
    if kind not in _SERVICES and size - _HEAD > _LONGEST:
        return read.part(read.left) if read.left >= _ENOUGH else None
    return read.part(size) if read.left >= size else None


def decode_in(read: Reader, _is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, Opening)
    if session.is_over or read.u8() in _SERVICES:
        return
    session.is_over = read.u24() > _LONGEST
    start, magic = read.at, read.take(4)
    if magic == _ONE:
        yield from _first(read, start, session)
    elif magic == _TWO:
        yield from _second(read, session)
    elif magic == _SEALED:
        session.is_over = True
    else:
        raise Malformed("no message of SMB", start)


def _first(read: Reader, start: int, session: Opening) -> Iterator[Event]:
    """SMB 1: whoever answers a negotiation in it, or asks for anything in it, uses it."""
    command = read.u8()
    session.is_over |= command not in _OPENING_1
    read.take(4)
    reply = read.u8() & _REPLY_1 > 0
    if command != _NEGOTIATE_1 or reply:
        yield Identity(NAME, (), (("dialect", "SMB 1"),))
    if command != _SETUP_1 or session.is_over:
        return
    encoding = "utf-16-le" if read.le16() & _UNICODE_1 else "cp1252"
    read.take(20)
    words = read.part(2 * read.u8())
    if words.left:
        yield from _introduced(words, read.part(read.le16()), start, reply, encoding)


def _introduced(words: Reader, body: Reader, start: int, reply: bool, encoding: str) -> Iterator[Event]:
    """MS-CIFS 2.2.4.53, MS-SMB 2.2.4.6: a blob if the words tell its size, or passwords and names; then texts: system, software."""
    count = words.left // 2
    sizes = [words.le16() for _ in range(count)]
    before = _BEFORE.get((count, reply), ())
    blob = body.take(sum(sizes[place] for place in before))
    texts = _texts(body, start, encoding)[2 if len(before) == 2 else 0 :]  # behind two passwords come account and domain
    if fields := (*ntlm.told(blob), *_named(texts)):
        yield Identity(NAME, (), tuple(dict.fromkeys(fields)))


def _texts(body: Reader, start: int, encoding: str) -> list[str]:
    """Texts that end with a zero; wide ones begin at an even place of the message."""
    if encoding == "cp1252":
        return [clean(text, encoding) for text in body.rest().split(b"\0")]
    if (body.at - start) % 2 and body.left:
        body.take(1)
    return [clean(text) for text in body.rest().decode(encoding, "ignore").split("\0")]


def _named(texts: list[str]) -> Details:
    system, software = (*texts, "", "")[:2]
    return tuple((name, text) for name, text in (("os", system), ("software", software)) if text)


def _second(read: Reader, session: Opening) -> Iterator[Event]:
    """SMB 2 and 3: the dialect of the server's answer to a negotiation, names where a session is set up."""
    read.take(2 + 2 + 4)
    command = read.le16()
    session.is_over |= command not in _OPENING_2
    if session.is_over:
        return
    read.take(2)
    is_reply = read.le32() & 1
    read.take(64 - 20)
    fields: Details = ()
    if command == _NEGOTIATE_2 and is_reply:
        read.take(2 + 2)
        dialect = DIALECTS.get(read.le16())
        fields = (("dialect", dialect),) if dialect else ()
    elif command != _NEGOTIATE_2:
        fields = ntlm.told(read.rest())
    if fields:
        yield Identity(NAME, (), fields)


SMB = Dissector(
    name=NAME,
    title="SMB",
    transports=frozenset({"tcp"}),
    ports=frozenset({139, 445}),
    looks_like=looks_like,
    session=Opening,
    cut_in=cut_in,
    decode_in=decode_in,
    over=lambda session: isinstance(session, Opening) and session.is_over,
    names=True,
)
