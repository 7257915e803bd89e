"""HTTP/1 (RFC 9110, RFC 9112; domain/protocols.md 11): the pages and programming interfaces of equipment.

A message is one of two things: a whole head, or a run of body bytes exactly as long as what has arrived. So nothing is
waited for but a head (16 KiB at most), and a firmware of 100 MB passes without being held. Where a body ends is known
from its head and from the request that asked for it, which `Exchange` remembers: a "HTTP/1.1 200 OK" inside a body is never
taken for an answer, and it makes no difference how TCP splits the stream. Of a body nothing is kept but the first 4 KiB of
a page or an XML document, until its title is found, and the first 16 KiB of a form or a document that is handed in, for its login.

Heads say events; bodies say a page's title, how a device describes itself, or who logs in. Answers come in the order of the requests.
"""

from collections.abc import Iterator
from http import HTTPStatus
from re import Pattern
from re import compile as pattern

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.http import forms, logins, pages
from otwatch.dissectors.http.bodies import PAGE_LIMIT, Exchange, Mode, Side, becomes_tunnel, body_of, cut_body, is_final, pass_body
from otwatch.dissectors.http.head import Head, cut, read_head, start_line
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Details, Event, Identity, Point, Request, Verb

METHODS = {
    "GET": Verb.READ, "HEAD": Verb.READ, "OPTIONS": Verb.READ,
    "POST": Verb.WRITE, "PUT": Verb.WRITE, "PATCH": Verb.WRITE, "DELETE": Verb.WRITE,
    "CONNECT": Verb.OTHER, "TRACE": Verb.OTHER,
    "PROPFIND": Verb.READ, "REPORT": Verb.READ, "SEARCH": Verb.READ,  # WebDAV, RFC 4918, RFC 3253, RFC 5323
    "PROPPATCH": Verb.WRITE, "MKCOL": Verb.WRITE, "COPY": Verb.WRITE, "MOVE": Verb.WRITE, "LOCK": Verb.WRITE, "UNLOCK": Verb.WRITE,
    "SUBSCRIBE": Verb.SUBSCRIBE, "UNSUBSCRIBE": Verb.SUBSCRIBE, "NOTIFY": Verb.ALARM,  # UPnP GENA, UDA 1.1 section 4
}  # fmt: skip
"""Methods and what they do; the code of a method is its place here, of any other the place behind the last."""

_CODES = {name: code for code, name in enumerate(METHODS)}
_STATUS = b"HTTP/1."
_NEWLINES = frozenset({b"\r", b"\n"})
_ACTION = pattern(rb'(?i);\s*action\s*=\s*"([^"]{1,256})"')
"""Of SOAP 1.2 (part 2, section 6.5.3); SOAP 1.1 has a field of its own."""
_CHANGE = pattern(rb"(?i)[?&](?:action|cmd)=(update|add|remove|set|setconfig|restart|reboot|reset|restore|factory\w{0,16})(?:&|$)")
"""Words of a query by which cameras are told to change something; nothing else of a query is shown, for passwords travel there."""
_BEGINS = pattern(rb"HTTP/1\.|[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}(?: |$)")
_PASSED_ON = ("via", "x-forwarded-for", "forwarded")
"""Fields by which a proxy says that it asks for another."""
_OPENINGS = (_STATUS, *(f"{name} {first}".encode() for name in METHODS for first in ("/", "*", "http")))


def looks_like(read: Reader, _hinted: bool) -> bool:
    """A start line, on any port; the beginning of one (a long URL is split) only with a method we know."""
    if not _BEGINS.match(read.peek(32)):
        return False
    line, ended, _ = read.peek(8192).partition(b"\n")
    return start_line(line) is not None if ended else line.startswith(_OPENINGS)


def cut_in(read: Reader, is_request: bool | None, session: object) -> Reader | None:
    """The next head or run of body bytes. Only looks at the memory; `decode_in` moves it on."""
    assert isinstance(session, Exchange)
    side = session.sides[is_request]
    if session.tunnel:
        return read.part(read.left)
    if _at_head(read, side):
        return cut(read)
    if side.unsure and _STATUS.startswith(read.peek(len(_STATUS))):
        return None
    return cut_body(read, side)


def decode_in(read: Reader, is_request: bool | None, session: object) -> Iterator[Event]:
    """What `cut_in` cut says, and the memory moved past it."""
    assert isinstance(session, Exchange)
    side = session.sides[is_request]
    if session.tunnel:
        return
    if not _at_head(read, side):
        yield from _kept(pass_body(read, side), side, session)
    elif read.peek() not in _NEWLINES:
        yield from _head(read, side, session)


def _at_head(read: Reader, side: Side) -> bool:
    return side.mode is Mode.HEAD or (side.unsure and read.peek(len(_STATUS)) == _STATUS)


def _head(read: Reader, side: Side, session: Exchange) -> Iterator[Event]:
    at = read.at
    head = read_head(read)
    method = session.turn(head)
    body = body_of(head, method)
    session.tunnel = becomes_tunnel(head, method)
    side.expect(body, not method, head if _is_kept(head) or session.dialogue.waits else None)
    yield from _events(head, method, session)
    if head.flaw or body.flaw:
        raise Malformed(head.flaw or body.flaw, at)


def _events(head: Head, method: str, session: Exchange) -> Iterator[Event]:
    steps = logins.steps(head, session.dialogue)
    if head.start.method:
        yield _request(head)
        yield from _agent(head, session)
        yield from logins.credentials(head)
        yield from logins.proofs(head, "http-digest")
        yield from forms.asked(head)
        yield from steps
        return
    yield _answer(head, method)
    facts = (("software", logins.text(head.field("server"))), ("realm", logins.realm(head)))
    if fields := tuple(fact for fact in facts if fact[1]):
        yield Identity("http", (), fields)


def _agent(head: Head, session: Exchange) -> Iterator[Event]:
    """The software that asks, once in a connection; behind a proxy somebody else's (RFC 9110 sections 10.1.5 and 7.6.3)."""
    agent = head.field("user-agent")
    if agent not in (b"", session.agent) and not any(map(head.field, _PASSED_ON)):
        session.agent = agent
        yield Identity("http", (), (("agent", logins.text(agent)),))


def _request(head: Head) -> Request:
    method = head.start.method
    _, host, path = logins.split_url(head.start.target)
    return Request(
        "http", METHODS.get(method, Verb.OTHER), method, _CODES.get(method, len(METHODS)),
        points=(Point("url", name=logins.text(path or b"/")),), details=_request_details(head, host) + logins.said_openly(head),
    )  # fmt: skip


def _request_details(head: Head, host: bytes) -> Details:
    """`host` of the target counts more than the field (RFC 9112 section 3.2.2)."""
    said = (
        ("host", host or head.field("host").rpartition(b"@")[2]),
        ("agent", head.field("user-agent")),
        ("action", head.field("soapaction").strip(b'"') or _found(_ACTION, head.field("content-type"))),
        ("change", _found(_CHANGE, head.start.target).lower()),
    )
    return tuple((name, logins.text(value)) for name, value in said if value)


def _found(what: Pattern[bytes], text: bytes) -> bytes:
    found = what.search(text)
    return found[1] if found else b""


def _answer(head: Head, method: str) -> Answer:
    status = head.start.status
    failed = status >= 400
    return Answer(
        "http", method or "HTTP answer", _CODES.get(method, len(METHODS)) if method else UNNAMED,
        error=(logins.text(head.start.reason) or _phrase(status)) if failed else "", error_code=logins.refusal(head) if failed else "",
        details=(("status", str(status)), *_location(head)), final=is_final(status),
    )  # fmt: skip


def _location(head: Head) -> Details:
    if "location" not in head.fields:
        return ()
    _, host, path = logins.split_url(head.field("location"))
    return (("location", logins.text((b"//" + host if host else b"") + path)),)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"status {status}"


def _is_kept(head: Head) -> bool:
    """Whether the beginning of a body is kept: a login, or a page or document that may name the product; that of an error does not."""
    if head.start.method:
        return forms.may_hold_a_login(head) and not head.field("content-encoding")
    kind = head.field("content-type").lower()
    return head.start.status == 200 and (b"html" in kind or b"xml" in kind) and not head.field("content-encoding")


def _kept(run: bytes, side: Side, session: Exchange) -> Iterator[Event]:
    """What the body that `run` continues says, once it is complete: a login; a page's title, or what the device says of itself."""
    page, head = side.page, side.head
    if page is None or head is None:
        return
    is_login = bool(head.start.method)
    limit = forms.LIMIT if is_login else PAGE_LIMIT
    page += run[: limit - len(page)]
    if not (len(page) == limit or side.mode is Mode.HEAD or (not is_login and pages.ends_title(page))):
        return
    side.page = side.head = None
    if is_login:
        yield from forms.credentials(head, bytes(page), len(page) < limit, session.dialogue)
        return
    session.dialogue.hear(bytes(page).strip())
    if fields := pages.title(page) or pages.described(page):
        yield Identity("http", (), fields)


HTTP = Dissector(
    name="http",
    title="HTTP/1",
    transports=frozenset({"tcp"}),
    ports=frozenset({80, 81, 591, 3128, 5000, 8000, 8008, 8080, 8081, 8088, 8888}),
    looks_like=looks_like,
    session=Exchange,
    cut_in=cut_in,
    decode_in=decode_in,
    ordered=True,
)
