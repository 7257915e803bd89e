"""Asking an ASGI application, without a network and without a server."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from typing import NamedTuple

from starlette.types import ASGIApp, Message

NO_HEADERS: Mapping[str, str] = {}


class Answer(NamedTuple):
    """Names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    app: ASGIApp, path: str, method: str = "GET", client: str = "127.0.0.1", headers: Mapping[str, str] = NO_HEADERS, body: bytes = b""
) -> Answer:
    path, _, query = path.partition("?")
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    fields = {"host": "127.0.0.1:9468"} | headers
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": query.encode(),
        "root_path": "", "client": (client, 50_000), "server": ("127.0.0.1", 9468),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in fields.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    began, *rest = sent
    told = {name.decode(): value.decode("latin-1") for name, value in began["headers"]}
    return Answer(began["status"], told, b"".join(message["body"] for message in rest))


def basic(name: str, password: bytes) -> Mapping[str, str]:
    return {"Authorization": f"Basic {b64encode(name.encode() + b':' + password).decode()}"}
