"""Where bodies begin and end, and so where the next head stands (RFC 9112 section 6.3).

How long the body of an answer is hangs on the request: none after HEAD, a tunnel after CONNECT. An `Exchange` therefore
remembers the methods that still wait for their answers, and for each direction how much of a body is still to come.
"""

from collections import deque
from enum import Enum, auto
from typing import NamedTuple

from otwatch.dissectors.http.head import Head
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.scram import Dialogue
from otwatch.errors import Malformed

PIPELINE = 256
"""Requests that wait for answers; where there are more, the answers are not being captured."""

PAGE_LIMIT = 4096
"""Bytes of a page or document in which a title or a description is looked for."""

LINE_LIMIT = 4096
"""Bytes of a chunk's size line with its extensions, or of a trailer field."""

CHUNK_END = b"\r\n"


class Mode(Enum):
    """What comes next in one direction."""

    HEAD = auto()
    RUN = auto()  # `left` bytes of a body
    SIZE = auto()  # the size line of a chunk
    CHUNK = auto()  # `left` bytes of a chunk, with its line end
    TRAILER = auto()  # fields behind the last chunk, and a blank line
    CLOSE = auto()  # a body that ends with the connection


class Body(NamedTuple):
    """What follows a head; `flaw` says why it may be otherwise."""

    mode: Mode
    left: int = 0
    flaw: str = ""


NONE = Body(Mode.HEAD)


class Side:
    """One direction of a connection.

    unsure   nothing of a body is here yet and its request was not seen: after HEAD there will be none
    head     of the body that is kept
    page     its beginning, while it may still say what the device is or who logs in, else None
    """

    __slots__ = ("head", "left", "mode", "page", "unsure")

    def __init__(self) -> None:
        self.mode, self.left, self.unsure = Mode.HEAD, 0, False
        self.page: bytearray | None = None
        self.head: Head | None = None

    def expect(self, body: Body, unsure: bool, head: Head | None) -> None:
        """Begin a body; `head` where it is kept."""
        self.mode, self.left, self.unsure = body.mode, body.left, unsure and body.mode is not Mode.HEAD
        self.head = head if body.mode is not Mode.HEAD else None
        self.page = bytearray() if self.head is not None else None


class Exchange:
    """The memory of one connection: two directions (and one where nobody knows which it is), the methods not answered yet, a login
    that takes several messages, and the software that asked last."""

    __slots__ = ("agent", "asked", "dialogue", "sides", "tunnel")

    def __init__(self) -> None:
        self.sides: dict[bool | None, Side] = {True: Side(), False: Side(), None: Side()}
        self.asked: deque[str] = deque()
        self.dialogue = Dialogue()
        self.agent = b""
        self.tunnel = False

    def turn(self, head: Head) -> str:
        """The method that this head is about; "" where the request was not seen."""
        if head.start.method:
            if len(self.asked) == PIPELINE:
                self.asked.clear()
            self.asked.append(head.start.method)
            return head.start.method
        if not self.asked:
            return ""
        return self.asked.popleft() if is_final(head.start.status) else self.asked[0]


def is_final(status: int) -> bool:
    """Whether no other answer follows: 1xx are preliminary but for 101, which ends HTTP (RFC 9110 section 15.2)."""
    return status >= 200 or status == 101


def becomes_tunnel(head: Head, method: str) -> bool:
    """Whether HTTP ends here, in both directions (RFC 9110 sections 9.3.6 and 7.8)."""
    status = head.start.status
    return status == 101 or (method == "CONNECT" and 200 <= status < 300)


def body_of(head: Head, method: str) -> Body:
    """What follows `head`, which is a request or the answer to `method` (RFC 9112 section 6.3, in its order)."""
    status = head.start.status
    if status and (method == "HEAD" or status < 200 or status in {204, 304}):
        return NONE
    codings = [coding for coding in head.words("transfer-encoding") if coding != b"identity"]  # of RFC 2616, still sent
    if codings:
        flaw = "Content-Length beside Transfer-Encoding" if "content-length" in head.fields else ""
        if codings[-1] == b"chunked":
            return Body(Mode.SIZE, flaw=flaw)
        return Body(Mode.CLOSE, flaw=flaw) if status else NONE._replace(flaw="request whose last transfer coding is not chunked")
    lengths = set(head.words("content-length"))
    if lengths:
        return _measured(lengths)
    return Body(Mode.CLOSE) if status else NONE


def _measured(lengths: set[bytes]) -> Body:
    length = lengths.pop()
    if lengths or not length.isdigit() or len(length) > 15:
        return NONE._replace(flaw="Content-Length is no single number")
    return Body(Mode.RUN, int(length)) if int(length) else NONE


def cut_body(read: Reader, side: Side) -> Reader | None:
    """The next run of body bytes, or a whole line between chunks: nothing of a body is ever waited for."""
    if side.mode is Mode.CLOSE:
        return read.part(read.left)
    if side.mode in {Mode.RUN, Mode.CHUNK}:
        return read.part(min(read.left, side.left))
    at = read.at
    if read.line(LINE_LIMIT) is None:
        return None
    size, read.at = read.at - at, at
    return read.part(size)


def pass_body(read: Reader, side: Side) -> bytes:
    """Move `side` past what `cut_body` gave; returns the bytes of the body in it."""
    side.unsure = False
    if side.mode is Mode.SIZE:
        _begin_chunk(read, side)
        return b""
    if side.mode is Mode.TRAILER:
        side.mode = Mode.TRAILER if read.line(LINE_LIMIT) else Mode.HEAD
        return b""
    run = read.rest()
    if side.mode is Mode.CLOSE:
        return run
    body = run[: max(side.left - len(CHUNK_END), 0)] if side.mode is Mode.CHUNK else run
    side.left -= len(run)
    if not side.left:
        side.mode = Mode.SIZE if side.mode is Mode.CHUNK else Mode.HEAD
    return body


def _begin_chunk(read: Reader, side: Side) -> None:
    at = read.at
    digits = (read.line(LINE_LIMIT) or b"").partition(b";")[0].strip()
    if not 0 < len(digits) <= 12 or digits.strip(b"0123456789abcdefABCDEF"):
        side.mode = Mode.HEAD
        raise Malformed("chunk without a size", at)
    size = int(digits, 16)
    side.mode, side.left = (Mode.CHUNK, size + len(CHUNK_END)) if size else (Mode.TRAILER, 0)
