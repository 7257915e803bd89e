"""VNC (RFC 6143 7.1 to 7.3): how a remote screen is guarded, who opens it with which proof, and what it is called; then only counted.

    server "RFB 003.008" LF | client the same | server: count 1, types of security 1 each; before 3.7 one type, 4
    client: type 1 (since 3.7) | VNC password: server challenge 16, client answer 16 | server: result 4, 0 is well (of "none" since 3.8)
    client: shared 1 | server: width 2, height 2, format 16, length 4, name

What a side says next follows from what was said so far (`_step`); other types of security are given up.
"""

from collections.abc import Callable, Iterable, Iterator
from re import compile as pattern

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.vnc import screens
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, UNREAD, Answer, Credential, Event, Identity, Request, Verb, clean

NAME = "vnc"
_VERSION = pattern(rb"RFB 00([345])\.(\d{3})\n")
_VERSION_SIZE, _SINGLE_SIZE, _RESULT_SIZE = 12, 4, 4
_SCREEN, _SCREEN_SIZE = ">20xI", 24
"""Width, height and format of the screen are passed over (RFC 6143 7.3.2); the length of its name."""
_CHOICE, _RESULT_OF_NONE = (3, 7), (3, 8)
"""Versions since which the client chooses the type of security, and since which the type "none" has a result."""
NO_PASSWORD, PASSWORD = 1, 2
LOGIN = "login"
REFUSED = "1"
"""Result of a wrong password (RFC 6143 7.1.3); also what a second result, "too many tries", stands for."""
ROOM = 256
"""Bytes of a client after which a connection whose server was not captured is given up, and of a screen's name."""

SECURITY = {
    1: "none", 2: "VNC password", 5: "RA2", 6: "RA2ne", 16: "Tight", 17: "Ultra", 18: "TLS", 19: "VeNCrypt", 20: "SASL", 22: "xvp",
    30: "Apple", 35: "Apple (Mac OS)", 36: "Apple (SRP)",
}  # fmt: skip
"""RFC 6143 7.1.2 and IANA's registry of RFB security types."""


class Opening:
    """How far a connection has come.

    version    that is spoken: of the client, else of the server; (0, 0) before any was said
    greeted    the client has said its version
    offered    the server has said its types of security
    kind       type of security that was chosen, 0 before
    challenge  what the server gave to encrypt
    asked      the client has logged in
    answered   the server has said whether it may
    unheard    bytes of a client whose server was not captured
    """

    __slots__ = ("answered", "asked", "challenge", "greeted", "is_over", "kind", "offered", "unheard", "version")

    def __init__(self) -> None:
        self.version = (0, 0)
        self.kind, self.challenge, self.unheard = 0, b"", 0
        self.greeted = self.offered = self.asked = self.answered = self.is_over = False


def looks_like(read: Reader, _hinted: bool) -> bool:
    return _VERSION.match(read.take(_VERSION_SIZE)) is not None


def cut_in(read: Reader, is_request: bool | None, session: object) -> Reader | None:
    """The next part of a side; all there is where nothing more can be read."""
    assert isinstance(session, Opening)
    step = _step(is_request, session)
    if step is None:
        return read.part(read.left)
    if step is _wait and read.left <= ROOM:
        return None
    size = _sizes[step](read, session) if step in _sizes else read.left
    return read.part(size) if 0 < size <= read.left else None


def decode_in(read: Reader, is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, Opening)
    step = _step(is_request, session)
    if step is not None:
        yield from step(read, session)


Step = Callable[[Reader, Opening], Iterable[Event]]


def _step(is_request: bool | None, session: Opening) -> Step | None:
    """What a side says next; None once nothing more is read."""
    if session.is_over:
        return None
    if is_request:
        return _clients(session)
    if not any(session.version):
        return _version
    return None if is_request is None else _servers(session)


def _clients(session: Opening) -> Step:
    if not any(session.version):
        return _unheard
    if not session.greeted:
        return _greeting
    if not session.kind:
        return _choice if session.offered and session.version >= _CHOICE else _give_up
    return _proof if session.kind == PASSWORD and not session.asked else _begin


def _servers(session: Opening) -> Step:
    if not session.offered:
        return _offer
    if session.kind == PASSWORD and not session.challenge:
        return _challenge
    if not session.asked:
        return _wait
    if not session.answered and (session.kind == PASSWORD or session.version >= _RESULT_OF_NONE):
        return _result
    return _screen


def _version(read: Reader, session: Opening) -> Iterator[Event]:
    session.version = _spoken(read, session)
    if any(session.version):
        yield Identity(NAME, (), (("dialect", f"RFB {session.version[0]}.{session.version[1]}"),))


def _greeting(read: Reader, session: Opening) -> Iterable[Event]:
    """The client chooses the version that is spoken (RFC 6143 7.1.1)."""
    session.greeted, session.version = True, _spoken(read, session)
    return ()


def _spoken(read: Reader, session: Opening) -> tuple[int, int]:
    at, said = read.at, _VERSION.match(read.take(_VERSION_SIZE))
    if said is None:
        session.is_over = True
        raise Malformed("no version of RFB", at)
    return int(said[1]), int(said[2])


def _offer(read: Reader, session: Opening) -> Iterator[Event]:
    """Before 3.7 the server decides, since then it offers; no type at all is a refusal."""
    session.offered = True
    kinds = tuple(read.rest())
    kinds = kinds[1:] if session.version >= _CHOICE else kinds[-1:]
    if session.version < _CHOICE or not kinds:
        _choose(kinds[0] if kinds else 0, session)
    if fields := tuple(("security", SECURITY.get(kind, f"type {kind}")) for kind in kinds if kind):
        yield Identity(NAME, (), fields)


def _choice(read: Reader, session: Opening) -> Iterable[Event]:
    _choose(read.u8(), session)
    return _login(session) if session.kind == NO_PASSWORD else ()


def _choose(kind: int, session: Opening) -> None:
    session.kind, session.is_over = kind, kind not in {NO_PASSWORD, PASSWORD}


def _challenge(read: Reader, session: Opening) -> Iterable[Event]:
    session.challenge = read.take(screens.SIZE)
    return ()


def _proof(read: Reader, session: Opening) -> Iterator[Event]:
    answer = read.take(screens.SIZE)
    yield from _login(session)
    yield Credential(NAME, "", screens.proof(session.challenge, answer) if session.challenge else UNREAD)


def _begin(read: Reader, session: Opening) -> Iterable[Event]:
    """Without a choice and without a password, whoever begins is in."""
    read.rest()
    return () if session.asked else _login(session)


def _login(session: Opening) -> tuple[Event, ...]:
    session.asked = True
    return (Request(NAME, Verb.AUTH, LOGIN, session.kind, details=(("security", SECURITY[session.kind]),)),)


def _result(read: Reader, session: Opening) -> Iterator[Event]:
    result = read.u32()
    session.answered, session.is_over = True, result != 0
    yield Answer(NAME, LOGIN, UNNAMED, error="refused" if result else "", error_code=REFUSED if result else "")


def _screen(read: Reader, session: Opening) -> Iterator[Event]:
    """Whoever is shown the screen is in."""
    session.is_over = True
    if not session.answered:
        yield Answer(NAME, LOGIN, UNNAMED)
    read.take(_SCREEN_SIZE)
    if name := clean(read.rest()):
        yield Identity(NAME, (), (("title", name),))


def _unheard(read: Reader, session: Opening) -> Iterable[Event]:
    session.unheard += read.left
    session.is_over = session.unheard > ROOM
    return ()


def _give_up(_read: Reader, session: Opening) -> Iterable[Event]:
    session.is_over = True
    return ()


def _wait(_read: Reader, session: Opening) -> Iterable[Event]:
    """So much comes from a server only once its client is in: what the client said was not captured."""
    return _give_up(_read, session)


def _offer_size(read: Reader, session: Opening) -> int:
    return 1 + read.ahead(">B")[0] if session.version >= _CHOICE else _SINGLE_SIZE


def _screen_size(read: Reader, _session: Opening) -> int:
    if read.left < _SCREEN_SIZE:
        return _SCREEN_SIZE
    return _SCREEN_SIZE + min(*read.ahead(_SCREEN), ROOM)


_sizes: dict[Step, Callable[[Reader, Opening], int]] = {
    _version: lambda *_: _VERSION_SIZE, _greeting: lambda *_: _VERSION_SIZE, _offer: _offer_size, _choice: lambda *_: 1,
    _challenge: lambda *_: screens.SIZE, _proof: lambda *_: screens.SIZE, _result: lambda *_: _RESULT_SIZE, _screen: _screen_size,
    _begin: lambda *_: 1,
}  # fmt: skip


VNC = Dissector(
    name=NAME,
    title="VNC",
    transports=frozenset({"tcp"}),
    ports=frozenset(range(5900, 5910)),
    looks_like=looks_like,
    session=Opening,
    cut_in=cut_in,
    decode_in=decode_in,
    sealed=True,
    over=lambda session: isinstance(session, Opening) and session.is_over,
    ordered=True,
    names=True,
)
