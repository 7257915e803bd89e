"""Telnet (RFC 854): the banner of a device, and the login that anybody on the way can read (detections.md B.5).

Commands begin with FF and are passed over: FF FA ... FF F0, FF and one of FB to FE and an option, FF and any other byte. What is left
is text. The server asks for a name and a password in words; what the client types up to its next line end is the answer, with what it
takes back (BS, DEL, ^U, ^C) taken back. Lines that come before the server wrote anything answer what it asks first. Who is shown a prompt
and was asked for nothing is in without a password, if nothing that was said is missing. What is typed later is never looked at.
"""

from collections.abc import Iterator
from re import compile as pattern

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.events import Answer, Credential, Event, Identity, Request, Secret, Verb, clean
from otwatch.events.text import prose

NAME = "telnet"
_ESCAPE = b"\xff"
_CR, _LF = 0x0D, 0x0A
_COMMAND, _SUB, _END, _NEGOTIATE = 0xFF, 0xFA, 0xF0, range(0xFB, 0xFF)
_OPTIONS = 49
_LONGEST, _LINE, _LINES = 1024, 256, 8
"""Bytes of a command, of a line, lines of a banner: what is longer is cut."""
ROOM = 1 << 14
"""Bytes of text after which a session without a login is not looked at any more."""
_TEXT = pattern(rb"[^\xff\r\n: ]*[\r\n: ]|[^\xff\r\n: ]+")
_ASKS_NAME = pattern(r"(?i)(?<!last )\b(?:login|user ?name|user|utilisateur|identifiant|account) *[:>] ?$")
_ASKS_SECRET = pattern(r"(?i)\b(?:password|passwd|passcode|mot de passe|kennwort|pin) *[:>] ?$")
_REFUSED = pattern(r"(?i)incorrect|invalid|denied|failed|refus|\bbad\b|erron|[ée]chec")
_PROMPT = pattern(r"(?:\S[#>$%]|(?:^|\s)[#>$] ) ?$")
"""Of a shell: "apc>", "$ "; a "%" or "#" of its own begins many a refusal ("% Login invalid")."""
_GRANTED = pattern(r"(?i)last login|welcome|bienvenue|\bmenu\b")
_ESC, _BEGINS, _ENDS = 0x1B, b"[O", range(0x40, 0x7F)
_BACK, _ALL, _GIVES_UP = b"\x08\x7f", 0x15, 0x03
_NOTHING, _USER, _SECRET, _ANYTHING = range(4)
"""What is asked for; anything, at the prompt of somebody who was asked for nothing."""
_EARLY = 2
"""Lines that are kept until somebody asks for them."""
_LOGIN = "login"
REFUSED = "refused"
"""Error code of a login that the server refuses, in whatever words."""


class Line:
    """The line that one side is writing. `escape`: inside a sequence that moves the cursor or asks for colours (ECMA-48 5.4)."""

    __slots__ = ("escape", "text")

    def __init__(self) -> None:
        self.text, self.escape = b"", False

    def add(self, byte: int) -> None:
        """One byte that ends no line."""
        if self.escape:
            self.escape = byte in _BEGINS or byte not in _ENDS
        elif byte == _ESC:
            self.escape = True
        elif byte in _BACK:
            self.text = self.text[:-1]
        elif byte in (_ALL, _GIVES_UP):
            self.text = b""
        elif byte:
            self.text = (self.text + bytes((byte,)))[-_LINE:]


class Session:
    """What was said so far, as far as the login needs it.

    shown    what the server wrote since its last line end          banner   its lines before it asked for anything; None once told
    typed    what the client typed since its last line end          waits    a password was typed and nothing was said to it
    early    lines typed before the server wrote anything           asks     what the client's next line answers
    ended    the last byte typed was a CR                           asked    the server asked for a name or a password
    size     bytes of text that were looked at                       is_whole  all that was said so far was captured
    """

    __slots__ = ("asked", "asks", "banner", "early", "ended", "is_over", "is_whole", "shown", "size", "typed", "user", "waits")

    def __init__(self) -> None:
        self.banner: list[str] | None = []
        self.early: list[bytes] = []
        self.shown, self.typed = Line(), Line()
        self.user, self.asks = "", _NOTHING
        self.asked = self.ended = self.waits = self.is_over = False
        self.is_whole = True
        self.size = 0

    @property
    def line(self) -> str:
        """What stands behind the last line end of the server."""
        return self.shown.text.decode("latin-1")


def looks_like(read: Reader, _hinted: bool) -> bool:
    """A negotiation first, of an option that is in use (RFC 854, IANA's registry of Telnet options)."""
    first, second, option = read.fields(">3B")
    return first == _COMMAND and (second in _NEGOTIATE or second == _SUB) and option <= _OPTIONS


def cut(read: Reader) -> Reader | None:
    """A command; else text up to where something may be said, or up to the next command."""
    ahead = read.peek(_LONGEST)
    if text := _TEXT.match(ahead):
        return read.part(text.end())
    if len(ahead) < 2:
        return None
    size = _command_size(Reader(ahead))
    if size is None:
        return read.part(len(ahead)) if len(ahead) == _LONGEST else None
    return read.part(size)


def _command_size(read: Reader) -> int | None:
    read.take(1)
    kind = read.u8()
    if kind == _SUB:
        rest = read.rest()
        end = rest.find(bytes((_COMMAND, _END)))
        return 2 + end + 2 if end >= 0 else None
    size = 3 if kind in _NEGOTIATE else 2
    return size if 2 + read.left >= size else None


def cut_in(read: Reader, _is_request: bool | None, session: object) -> Reader | None:
    """The next command or text; all there is once nothing is looked at any more."""
    assert isinstance(session, Session)
    return read.part(read.left) if session.is_over else cut(read)


def decode_in(read: Reader, is_request: bool | None, session: object) -> Iterator[Event]:
    """Text, one character at a time, so that it makes no difference how it was sent."""
    assert isinstance(session, Session)
    if session.is_over or read.peek() == _ESCAPE:
        return
    session.size += read.left
    for byte in read.rest():
        yield from _hear(byte, is_request, session)
    session.is_over = session.is_over or session.size > ROOM


def _hear(byte: int, is_request: bool | None, session: Session) -> Iterator[Event]:
    if not session.is_over:
        yield from _typed(byte, session) if is_request else _shown(chr(byte), session)


def _typed(byte: int, session: Session) -> Iterator[Event]:
    """A line is ended by CR, with LF or NUL behind it, or by LF alone (RFC 854)."""
    behind, session.ended = session.ended, byte == _CR
    if byte not in b"\r\n":
        session.typed.add(byte)
    elif not (behind and byte == _LF):
        answer, session.typed = session.typed.text, Line()
        if not session.shown.text and session.banner == [] and len(session.early) < _EARLY:
            session.early.append(answer)
        else:
            yield from _answers(answer, session)


def _answers(answer: bytes, session: Session) -> Iterator[Event]:
    """A line of the client to what the server asked last."""
    asks, session.asks, session.shown = session.asks, _NOTHING, Line()
    if asks == _USER:
        session.user = clean(answer)
    elif asks in {_SECRET, _ANYTHING}:
        secret = answer if asks == _SECRET else b""
        if not secret and not session.is_whole:
            return
        session.waits = session.asked = True
        details = (("user", session.user),) if session.user else ()
        yield Request(NAME, Verb.AUTH, _LOGIN, 0, details=details)
        yield Credential(NAME, session.user, Secret(secret))


def _unbroken(session: object, is_whole: bool) -> None:
    """Whether anything is missing: then nobody knows that no password was asked for, or that none was typed."""
    assert isinstance(session, Session)
    session.is_whole = is_whole


def _shown(letter: str, session: Session) -> Iterator[Event]:
    """What the server writes: a banner, a question, the answer to a login."""
    if letter == "\n":
        yield from _line(session)
        session.shown, session.asks = Line(), _NOTHING
        return
    session.shown.add(ord(letter) if letter != "\r" else 0)
    if letter in ":>" and (asks := _asked(session.line)):
        yield from _introduced(session) if session.banner is not None else ()
        yield from _answered(session, REFUSED) if session.waits else ()
        session.asks, session.asked = asks, True
        yield from _answers(session.early.pop(0), session) if session.early else ()
    elif letter in " #>$%" and _PROMPT.search(session.line):
        session.asks = session.asks or (_NOTHING if session.asked else _ANYTHING)
        yield from _answered(session, "") if session.waits else ()


def _asked(line: str) -> int:
    return _USER if _ASKS_NAME.search(line) else _SECRET if _ASKS_SECRET.search(line) else _NOTHING


def _line(session: Session) -> Iterator[Event]:
    if session.banner is not None and session.line.strip():
        session.banner = [*session.banner, session.line.strip()][:_LINES]
    if not session.waits:
        return
    if _REFUSED.search(session.line):
        yield from _answered(session, REFUSED)
    elif _GRANTED.search(session.line):
        yield from _answered(session, "")


def _introduced(session: Session) -> Iterator[Event]:
    text, session.banner = prose(" ".join(session.banner or ())), None
    if text:
        yield Identity(NAME, (), (("description", text),))


def _answered(session: Session, refusal: str) -> Iterator[Event]:
    """Behind a login that is granted, nothing is looked at: it is somebody's work."""
    session.waits, session.is_over = False, not refusal
    yield Answer(NAME, _LOGIN, 0, error="login refused" if refusal else "", error_code=refusal)


TELNET = Dissector(
    name=NAME,
    title="Telnet",
    transports=frozenset({"tcp"}),
    ports=frozenset({23, 2323}),
    looks_like=looks_like,
    session=Session,
    cut_in=cut_in,
    decode_in=decode_in,
    over=lambda session: isinstance(session, Session) and session.is_over,
    ordered=True,
    names=True,
    unbroken=_unbroken,
)
