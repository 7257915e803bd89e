"""Who may ask: names and passwords (RFC 7617), how often they may be tried, and under which name this machine is asked.

A password is checked against its bcrypt hash once (some 70 ms on purpose), by one thread, one after the other; then a keyed digest
of it is remembered, with a key that ends with the process. So a scrape every few seconds costs nothing, and nobody can occupy
the machine by asking often.
"""

import asyncio
import hmac
import os
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import monotonic

import bcrypt
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from otwatch.web.speaking import refused

TRIES, PAUSE_S = 10, 6
"""Failed logins of one client: so many at once, then one in so many seconds."""
CLIENTS = 4096
"""Clients whose failures are remembered, the last ones."""
DECIDER = "otwatch.decider"
"""Where a request says which user may decide about findings; "" or absent: this one may not."""
PASSWORD_BYTES = 72
"""bcrypt reads no more of a password: a longer one is wrong, whatever it begins with."""
CHALLENGE = {"WWW-Authenticate": 'Basic realm="otwatch", charset="UTF-8"'}


class Users:
    """Names and hashes, and who was right already."""

    def __init__(self, users: Sequence[tuple[str, str]]) -> None:
        self._hashes = {name: hashed.encode() for name, hashed in users}
        self._key = os.urandom(32)
        self._right: dict[str, bytes] = {}

    def remembered(self, name: str, password: bytes) -> bool:
        """Whether exactly this was found to be right before."""
        return hmac.compare_digest(self._right.get(name, b""), self._digest(name, password))

    def check(self, name: str, password: bytes) -> bool:
        """Whether this is right. A name that nobody has takes as long as one of somebody: it is held against somebody's hash."""
        hashes = list(self._hashes.values())
        against = self._hashes.get(name, hashes[self._digest(name, b"")[0] % len(hashes)])
        fits = bcrypt.checkpw(password[:PASSWORD_BYTES], against)
        right = fits and name in self._hashes and len(password) <= PASSWORD_BYTES
        if right:
            self._right[name] = self._digest(name, password)
        return right

    def _digest(self, name: str, password: bytes) -> bytes:
        who = name.encode()
        return hmac.digest(self._key, len(who).to_bytes(4) + who + password, "sha256")


class Tries:
    """How long a client must wait after its failures."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._paid: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, client: str) -> int:
        """Whole seconds until it may try again; 0: now."""
        return max(0, ceil(self._paid.get(client, 0) - self._clock() - (TRIES - 1) * PAUSE_S))

    def failed(self, client: str) -> None:
        """Each failure takes PAUSE_S to be paid off."""
        self._paid[client] = max(self._paid.pop(client, 0), self._clock()) + PAUSE_S
        if len(self._paid) > CLIENTS:
            self._paid.popitem(last=False)


class Guard:
    """ASGI: lets those pass who say a name and its password, and says who of them is one of `deciders`. `refused` is told the address of
    those who were wrong."""

    def __init__(
        self, inside: ASGIApp, users: Users, refused: Callable[[str], None], tries: Tries | None = None, deciders: Collection[str] = ()
    ) -> None:
        self._inside = inside
        self._users = users
        self._refused = refused
        self._tries = tries or Tries()
        self._deciders = frozenset(deciders)
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = credentials(Headers(scope=scope).get("authorization", ""))
        answer = await self._judge(Request(scope), said)
        decider = said[0] if said is not None and said[0] in self._deciders else ""
        await (self._inside if answer is None else answer)({**scope, DECIDER: decider}, receive, send)

    async def _judge(self, request: Request, said: tuple[str, bytes] | None) -> Response | None:
        """What is answered in the place of the page; None: the page."""
        if said is None:
            return refused(request, "web.no_login", 401, CHALLENGE)
        if self._users.remembered(*said):
            return None
        client = party(request.client.host if request.client else "")
        async with self._turn:
            wait = self._tries.wait_s(client)
            if wait:
                return refused(request, "web.too_many", 429, {"Retry-After": str(wait)})
            if await asyncio.to_thread(self._users.check, *said):
                return None
            self._tries.failed(client)
        self._refused(client)
        return refused(request, "web.wrong_login", 401, CHALLENGE)


def credentials(header: str) -> tuple[str, bytes] | None:
    """Name and password of an Authorization header; None where it holds none."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = b64decode(encoded.strip(), validate=True).partition(b":")
        return (name.decode(), password) if colon else None
    except ValueError:  # no base64, no UTF-8
        return None


def party(address: str) -> str:
    """Whose failures count together: an IPv4 address, or the 64 bits that one party has in IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return f"{IPv6Address(int(found) >> 64 << 64)}/64" if found.version == 6 else address


class ByAddress:
    """ASGI: answers only where this machine is asked by its address, or as localhost.

    Without a login, a page of elsewhere could otherwise read ours through the browser of whoever sits here: it gives its own name the
    address 127.0.0.1 (DNS rebinding).
    """

    def __init__(self, inside: ASGIApp) -> None:
        self._inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _is_address(Headers(scope=scope).get("host", "")):
            await self._inside(scope, receive, send)
        else:
            await refused(Request(scope), "web.by_name", 421)(scope, receive, send)


def _is_address(host: str) -> bool:
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    try:
        ip_address(name)
    except ValueError:
        return name.lower() == "localhost"
    return True
