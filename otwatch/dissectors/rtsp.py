"""RTSP, by which cameras are watched (RFC 2326, RFC 7826): what camera and recorder run on, who logs in.

Messages are built like those of HTTP and have the same logins. Pictures may travel on the same connection, each piece behind a "$"
(RFC 2326 10.12): from there on the connection is only counted.
"""

from collections.abc import Iterator
from re import Pattern
from re import compile as pattern

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.heads import cut_head, read_head
from otwatch.dissectors.http import logins
from otwatch.dissectors.http.head import Head, Start
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Announced, Answer, Event, Identity, Point, Request, Verb

NAME = "rtsp"
METHODS = {
    "OPTIONS": Verb.SESSION, "DESCRIBE": Verb.READ, "SETUP": Verb.SESSION, "PLAY": Verb.READ, "PAUSE": Verb.SESSION,
    "TEARDOWN": Verb.SESSION, "GET_PARAMETER": Verb.READ, "SET_PARAMETER": Verb.OTHER, "ANNOUNCE": Verb.OTHER, "RECORD": Verb.OTHER,
    "REDIRECT": Verb.OTHER, "PLAY_NOTIFY": Verb.ALARM,
}  # fmt: skip
"""RFC 2326 section 10, RFC 7826 section 13; the code of a method is its place here."""
_CODES = {name: code for code, name in enumerate(METHODS)}
_REQUEST = pattern(rb"([A-Z_]{3,16}) (\S{1,2048}) RTSP/[12]\.[0-9]$")
_ANSWER = pattern(rb"RTSP/[12]\.[0-9] ([1-5][0-9]{2})(?: ([^\r\n]*))?$")
_LENGTH = pattern(rb"(?i)\ncontent-length[ \t]*:[ \t]*([0-9]{1,9})[ \t]*\r?\n")
_CLIENT_PORTS, _SERVER_PORTS = (pattern(side + rb"_port=([0-9]{1,5})(?:-([0-9]{1,5}))?") for side in (rb"client", rb"server"))
_PIECE = b"$"
_BODY = 1 << 20


class Talk:
    """`left`: bytes of a body still to come, by side; `is_over`: pictures have come."""

    __slots__ = ("is_over", "left")

    def __init__(self) -> None:
        self.left: dict[bool | None, int] = {}
        self.is_over = False


def looks_like(read: Reader, _hinted: bool) -> bool:
    line = read.peek(2200).partition(b"\n")[0].rstrip(b"\r")
    return _ANSWER.match(line) is not None or _REQUEST.match(line) is not None


def cut_in(read: Reader, is_request: bool | None, session: object) -> Reader | None:
    """A head; what has come of a body; all there is once there are pictures."""
    assert isinstance(session, Talk)
    left = session.left.get(is_request, 0)
    if session.is_over or (not left and read.peek() == _PIECE):
        return read.part(read.left)
    return read.part(min(left, read.left)) if left else cut_head(read)


def decode_in(read: Reader, is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, Talk)
    left = session.left.get(is_request, 0)
    if session.is_over or left:
        session.left[is_request] = left - min(left, read.left)
        return
    if read.peek() == _PIECE:
        session.is_over = True
        return
    if read.peek() in {b"\r", b"\n"}:
        return
    at, announced = read.at, _LENGTH.search(read.peek(read.left))
    session.left[is_request] = min(int(announced[1]), _BODY) if announced else 0
    start, fields = read_head(read)
    asked, answered = _REQUEST.match(start), _ANSWER.match(start)
    if asked is not None:
        yield from _request(Head(Start(asked[1].decode(), asked[2]), fields))
    elif answered is not None:
        yield from _answer(Head(Start(status=int(answered[1]), reason=answered[2] or b""), fields))
    else:
        raise Malformed("neither a request nor an answer", at)


def _request(head: Head) -> Iterator[Event]:
    """Logins are those of HTTP; here the camera is what is logged in to."""
    method = head.start.method
    _, _, path = logins.split_url(head.start.target)
    yield Request(
        NAME, METHODS.get(method, Verb.OTHER), method, _CODES.get(method, len(METHODS)),
        points=(Point("url", name=logins.text(path or b"/")),), details=logins.said_openly(head),
    )  # fmt: skip
    yield from _announced(head, _CLIENT_PORTS, asker=True)
    yield from (login._replace(scheme=NAME) for login in logins.credentials(head))
    yield from logins.proofs(head, "rtsp-digest")
    if software := logins.text(head.field("user-agent")):
        yield Identity(NAME, (), (("software", software),))


def _announced(head: Head, where: Pattern[bytes], asker: bool) -> Iterator[Announced]:
    """Where pictures will come from or go to, beside this connection (RFC 2326 12.39)."""
    ports = sorted({int(port) for found in where.findall(head.field("transport")) for port in found if port})
    if ports and ports[-1] < 0x10000:
        yield Announced(NAME, "rtp", "udp", tuple(ports), asker)


def _answer(head: Head) -> Iterator[Event]:
    status = head.start.status
    failed = status >= 400
    error = (logins.text(head.start.reason) or f"status {status}") if failed else ""
    yield Answer(NAME, "RTSP answer", UNNAMED, error=error, error_code=logins.refusal(head) if failed else "", final=status >= 200)
    yield from _announced(head, _SERVER_PORTS, asker=False)
    facts = (("software", logins.text(head.field("server"))), ("realm", logins.realm(head)))
    if fields := tuple(fact for fact in facts if fact[1]):
        yield Identity(NAME, (), fields)


RTSP = Dissector(
    name=NAME,
    title="RTSP",
    transports=frozenset({"tcp"}),
    ports=frozenset({554, 8554}),
    looks_like=looks_like,
    session=Talk,
    cut_in=cut_in,
    decode_in=decode_in,
    over=lambda session: isinstance(session, Talk) and session.is_over,
    ordered=True,
    names=True,
)
