"""OPC UA in its binary form over TCP (OPC 10000-6, 6.7 and 7.1).

    type 3 (HEL ACK ERR RHE OPN MSG CLO) | F final, C continued, A abandoned 1 | size 4 of all | body
    OPN   channel 4 | policy | certificate | thumbprint | sequence 4, request 4 | message     MSG, CLO   channel 4 | token 4 | the same

A channel of policy None, or one that only signs, can be read; of an encrypted one it is told that somebody speaks. A message in several
chunks is told by its first one, as far as that goes.
"""

from collections.abc import Iterable, Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.opcua import services
from otwatch.dissectors.opcua.applications import identity
from otwatch.dissectors.opcua.binary import node, raw, text
from otwatch.dissectors.opcua.codes import GET_ENDPOINTS, NAME, OPEN, READ, error
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Details, Envelope, Event, Request, Verb

PREFIX, LONGEST = 8, 1 << 17
TYPES = frozenset({b"HEL", b"ACK", b"ERR", b"RHE", b"OPN", b"MSG", b"CLO"})
CHUNKS = frozenset({b"F", b"C", b"A"})
_HELLO = 1
"""Code of what opens a connection below the services: ours, the protocol has none."""
_FOUR_BYTE = 1


def cut(read: Reader) -> Reader | None:
    """The next chunk by its header."""
    if read.left < PREFIX:
        return None
    look = Reader(read.data, read.at, read.end)
    kind, chunk, size = look.take(3), look.take(1), look.le32()
    if kind not in TYPES or chunk not in CHUNKS or not PREFIX <= size <= LONGEST:
        raise Malformed(f"no header of OPC UA, or size {size} is not {PREFIX}..{LONGEST}", read.at)
    return read.part(size) if read.left >= size else None


def looks_like(read: Reader, _: bool) -> bool:
    kind, chunk, size = read.take(3), read.take(1), read.le32()
    return kind in TYPES and chunk in CHUNKS and PREFIX <= size <= LONGEST


def decode(read: Reader, is_request: bool | None) -> Iterable[Event]:
    kind, chunk = read.take(3), read.take(1)
    read.take(4)
    if kind == b"OPN":
        return _opening(read, is_request)
    if kind in (b"MSG", b"CLO"):
        return _message(kind, read, is_request, chunk)
    return _connection(kind, read)


def _envelope(kind: bytes, *around: tuple[str, str]) -> Envelope:
    return Envelope(NAME, (("message", kind.decode()), *around))


def _connection(kind: bytes, read: Reader) -> Iterator[Event]:
    """Below the services: version, sizes of buffers and the endpoint that is wanted; or why not."""
    if kind == b"HEL":
        read.take(20)
        wanted: Details = (("endpoint", text(read)),)
        yield _envelope(kind, *wanted)
        yield Request(NAME, Verb.SESSION, "Hello", _HELLO, details=wanted)
    elif kind == b"RHE":
        server, wanted = text(read), (("endpoint", text(read)),)
        yield _envelope(kind, *wanted)
        yield Request(NAME, Verb.SESSION, "ReverseHello", _HELLO + 1, details=wanted, one_way=True)
        yield from identity((("url", server),) if server else ())
    elif kind == b"ACK":
        yield _envelope(kind)
        read.take(20)
        yield Answer(NAME, "Hello", _HELLO)
    else:
        yield _envelope(kind)
        words, code = error(read.le32())
        raw(read)
        yield Answer(NAME, "Error", UNNAMED, error=words or "error", error_code=code)


def _opening(read: Reader, is_request: bool | None) -> Iterator[Event]:
    """The policy is readable always, the rest where it is None."""
    read.aside(4)
    policy = text(read).rpartition("#")[2] or "?"
    raw(read)
    raw(read)
    details: Details = (("policy", policy),)
    number = _service(read)
    yield _envelope(b"OPN", *details, *services.served(number))
    if not number:
        yield _unreadable("OpenSecureChannel", Verb.SESSION, is_request, details, OPEN)
        return
    for event in services.message(number, read):
        yield event._replace(details=(*details, *event.details)) if isinstance(event, Request) else event


def _message(kind: bytes, read: Reader, is_request: bool | None, chunk: bytes) -> Iterator[Event]:
    read.aside(8)
    number = _service(read)
    segment = (("segment", "yes"),) if not number and chunk != b"F" else ()
    yield _envelope(kind, *services.served(number), *segment)
    if number and chunk != b"A":
        try:
            yield from services.message(number, read)
        except Malformed:
            if chunk == b"F":
                raise
    elif chunk == b"F":
        yield _unreadable("Encrypted", Verb.SESSION, is_request, (), UNNAMED if is_request is False else 0)


def _service(read: Reader) -> int:
    """Sequence 4, request 4, NodeId of a service in namespace 0; 0 where no such thing stands there, for it is encrypted."""
    look = Reader(read.data, read.at, read.end)
    if look.left < 12:
        read.take(read.left)
        return 0
    (form, space, number) = look.fields("<8xBBH")
    if form != _FOUR_BYTE or space or not services.is_service(number):
        read.take(8)
        read.take(4)
        read.aside(read.left)
        return 0
    read.aside(4)
    read.ticket(4)
    node(read)
    return number


def _unreadable(name: str, verb: Verb, is_request: bool | None, details: Details, code: int) -> Event:
    if is_request is False:
        return Answer(NAME, name, code)
    return Request(NAME, verb, name, code, details=details)


def joins(request: Request) -> bool:
    """Reads that ask the server who it is."""
    return request.code == READ and any(point.name in services.TELLING for point in request.points)


def joined(request: Request, read: Reader) -> Iterator[Event]:
    """What the server is, and which kinds of access its endpoints offer."""
    if request.code != GET_ENDPOINTS and not joins(request):
        return
    read.take(PREFIX + 8)
    number = _service(read)
    if number and joins(request):
        yield from services.facts(request, read)
    elif number:
        yield from (event for event in services.message(number, read) if isinstance(event, Answer))


OPCUA = Dissector(
    name=NAME,
    title="OPC UA",
    transports=frozenset({"tcp"}),
    ports=frozenset({4840}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    joined=joined,
    joins=joins,
    marks=((0, frozenset(b"HAEROMC")),),
)
