"""The pages, behind what keeps them to those who may see them. Everything is ASGI, so that tests can ask without a network."""

from collections.abc import Callable, Collection, Mapping

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from otwatch.config.web import DEMANDED, Web
from otwatch.web.deciding import Deciding
from otwatch.web.guard import ByAddress, Guard, Users
from otwatch.web.latest import Latest
from otwatch.web.pages import routes

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer that does not say otherwise itself."""


def application(
    latest: Latest, web: Web, refused: Callable[[str], None], by_address: bool = True, deciders: Collection[str] = ()
) -> Starlette:
    """All there is to ask. `refused` is told from where wrong passwords came; `by_address`: for this machine only; `deciders`: the users
    who may decide about findings, without whom nothing that is asked changes anything."""
    headed = Middleware(Headed, always=dict(web.http.headers), otherwise=HEADERS)
    decide = [Route("/decide", Deciding(latest).__call__, methods=["GET", "POST"])] if deciders else []
    return Starlette(routes=[*routes(latest), *decide], middleware=[headed, *_guards(web, refused, by_address, deciders)])


def _guards(web: Web, refused: Callable[[str], None], by_address: bool, deciders: Collection[str]) -> list[Middleware]:
    """A client certificate was looked at before anything was asked (listening.py)."""
    if web.users:
        return [Middleware(Guard, users=Users(web.users), refused=refused, deciders=deciders)]
    return [Middleware(ByAddress)] if by_address and not authenticates(web) else []


def authenticates(web: Web) -> bool:
    """Whether it is known who asks."""
    return bool(web.users) or (web.tls is not None and web.tls.client_auth_type == DEMANDED)


class Headed:
    """ASGI: gives answers the headers that the operator wants, and ours where they have none of their own."""

    def __init__(self, inside: ASGIApp, always: Mapping[str, str], otherwise: Mapping[str, str]) -> None:
        self._inside = inside
        self._always = always
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._otherwise.items():
                    headers.setdefault(name, value)
                headers.update(self._always)
            await send(message)

        await self._inside(scope, receive, send_headed)
