"""Fox, the protocol of Niagara stations and of their engineering tool Workbench: frames of text (no public specification).

    fox a 1 -1 fox hello        kind, number, number of the frame it answers (-1: none), channel, command
    {
    app.name=s:Workbench        key, type, value; bytes and objects give their size: b:44[...], o:bog 61[...]
    };;

Both sides say hello, and say who they are. What travels after the login on other channels is only counted. Where a frame ends is told by
its bytes: so all of them decide, and none is set aside.
"""

import re
from collections.abc import Iterable, Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Envelope, Event, Identity, Request, Verb, clean

NAME = "fox"
LONGEST = 1 << 16
_HEAD = re.compile(rb"fox ([a-z]) (-?\d{1,10}) (-?\d{1,10}) ([!-~]{1,32}) ([!-~]{1,64})")
_SIZED = re.compile(rb"[^=]{1,64}=[a-z]:(?:[A-Za-z]{1,16} )?(\d{1,5})\[")
_END = b"};;"
CHANNEL = "fox"
COMMANDS: dict[str, tuple[str, int, Verb]] = {
    "hello": ("hello", 1, Verb.SESSION),
    "challenge": ("challenge", 2, Verb.AUTH),
    "login": ("login", 3, Verb.AUTH),
    "authenticate": ("authenticate", 4, Verb.AUTH),
    "logout": ("logout", 5, Verb.SESSION),
    "rejected": ("rejected", 6, Verb.AUTH),
    "close": ("close", 7, Verb.SESSION),
    "keepAlive": ("keepAlive", 8, Verb.SESSION),
}
"""Of the channel "fox"; the numbers are ours, the protocol has none."""

FACTS = {
    "station.name": "name", "hostName": "host", "hostAddress": "ip", "app.name": "application", "app.version": "firmware",
    "hostId": "serial", "brandId": "brand",
}  # fmt: skip
"""Keys of a hello and the identity field each one fills."""
MADE_BY = (("vendor", "Tridium"), ("product", "Niagara Framework"))
"""Of stations and tools of every brand: it is this version that advisories are about."""
_METHOD = "method"
_SCANNER = ("xpvm-0omdc01xmy", "Win-99CB-D49D-5442-07BB")
"""Host name and number that a public scanner says of itself (protocols.md 9)."""
WITHHELD = "withheld"
_OPEN = frozenset({_METHOD, "id"})
"""Keys of a challenge whose values prove nothing to anybody."""
_VALUE = re.compile(rb"([\w.]{1,64})=([a-z]):([^\n]*)", re.ASCII)


def cut(read: Reader) -> Reader | None:
    """A frame lasts until the line `};;`, and what gives its size may hold such a line."""
    look = Reader(read.data, read.at, read.end)
    first = look.line(256)
    if first is None:
        return None
    if not _HEAD.fullmatch(first):
        raise Malformed("the first line is not that of a Fox frame", read.at)
    while (line := _line(look)) is not None:
        if look.at - read.at > LONGEST:
            raise Malformed(f"frame longer than {LONGEST} bytes", read.at)
        if line == _END:
            return read.part(look.at - read.at)
    return None


def _line(look: Reader) -> bytes | None:
    """The next line, with all of a value that gives its size."""
    start, line = look.at, look.line(LONGEST)
    if line is None or not (sized := _SIZED.match(line)):
        return line
    look.at = start
    head = look.take(sized.end())
    size = int(sized[1]) + 1
    if look.left <= size:
        return None
    value, rest = look.take(size), look.line()
    return None if rest is None else head + value + rest


def looks_like(read: Reader, _: bool) -> bool:
    """The first line of a frame."""
    first = read.line(256) if read.peek(4) == b"fox " else None
    return first is not None and _HEAD.fullmatch(first) is not None


def decode(read: Reader, is_request: bool | None) -> Iterable[Event]:
    """A hello with who speaks, a challenge with its method; anything else by its name."""
    found = _HEAD.fullmatch(read.line(256) or b"")
    if found is None:
        raise Malformed("the first line is not that of a Fox frame", read.at)
    channel, command = clean(found[4]), clean(found[5])
    around = ("message", f"{channel} {command}")
    if channel != CHANNEL:
        read.take(read.left)
        return (Envelope(NAME, (around,)), _message(f"{channel} message", 0, Verb.OTHER, is_request, ()))
    name, code, verb = COMMANDS.get(command, (command, 0, Verb.OTHER))
    if command not in ("hello", "challenge"):
        read.take(read.left)
        return (Envelope(NAME, (around,)), _message(name, code, verb, is_request, ()))
    values = tuple(_values(read))
    shown = ((key, value if command == "hello" or key in _OPEN else WITHHELD) for key, _, value in values)
    return (
        Envelope(NAME, (around, *shown)),
        *_said(name, code, verb, {key: value for key, kind, value in values if kind == "s"}, is_request),
    )


def _said(name: str, code: int, verb: Verb, values: dict[str, str], is_request: bool | None) -> Iterator[Event]:
    told = (("application", "app.name"), (_METHOD, _METHOD))
    details = tuple((what, values[key]) for what, key in told if key in values)
    scans = (values.get("hostName"), values.get("hostId")) == _SCANNER
    yield _message(name, code, verb, is_request, (*details, ("signature", "scanner")) if scans else details)
    facts = [(field, values[key]) for key, field in FACTS.items() if values.get(key)]
    system = f"{values.get('os.name', '')} {values.get('os.version', '')}".strip()
    facts += [("os", system)] if system else []
    if facts:
        yield Identity(NAME, (), (*MADE_BY, *facts))


def _message(name: str, code: int, verb: Verb, is_request: bool | None, details: Details) -> Event:
    if is_request is False:
        return Answer(NAME, name, code, details=details)
    return Request(NAME, verb, name, code, details=details)


def _values(read: Reader) -> Iterator[tuple[str, str, str]]:
    """Keys, types and values; of an object the first line, of bytes nothing, for they are numbers of a login."""
    while (line := _line(read)) is not None and line != _END:
        found = _VALUE.match(line)
        if found:
            kind = clean(found[2])
            yield clean(found[1]), kind, WITHHELD if kind == "b" else clean(found[3])


FOX = Dissector(
    name=NAME,
    title="Niagara Fox",
    transports=frozenset({"tcp"}),
    ports=frozenset({1911}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    marks=((0, frozenset(b"f")), (1, frozenset(b"o")), (2, frozenset(b"x"))),
)
