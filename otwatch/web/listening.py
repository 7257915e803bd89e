"""Where it listens, in TLS or not, and how long somebody may take."""

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import NamedTuple

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from otwatch.config.web import CIPHERS, DEMANDED, IF_GIVEN, UNASKED, Tls

PATIENCE_S = 30
"""How long a connection may go without a new request, or an answer be on its way."""
IDLE_S = 10
"""How long a connection is kept after an answer."""
CONNECTIONS = 64
"""At once; more get 503."""
HEAD_BYTES = 16_384
"""Of the first line and the headers of a request."""
_VERSIONS = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
_ASKED = {UNASKED: ssl.CERT_NONE, IF_GIVEN: ssl.CERT_OPTIONAL, DEMANDED: ssl.CERT_REQUIRED}


class Place(NamedTuple):
    """An address and a port of this machine; port 0: any that is free."""

    address: IPv4Address | IPv6Address
    port: int

    @classmethod
    def of(cls, given: str) -> "Place":
        """`127.0.0.1:9468` or `[::1]:9468`; ValueError for anything else."""
        address, _, port = given.rpartition(":")
        bare = address[1:-1] if address.startswith("[") and address.endswith("]") else address
        if not (port.isascii() and port.isdecimal() and int(port) < 1 << 16 and (":" in bare) == (bare != address)):
            raise ValueError(given)
        return cls(ip_address(bare), int(port))

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if self.address.version == 6 else f"{self.address}:{self.port}"

    def bound(self) -> socket.socket:
        """Listening, and not yet answering; OSError where it cannot listen."""
        family = socket.AF_INET6 if self.address.version == 6 else socket.AF_INET
        return socket.create_server((str(self.address), self.port), family=family)


class Certificates:
    """The files of tls_server_config, taken up anew when they change: a renewed certificate needs no restart."""

    def __init__(self, tls: Tls, folder: Path, failed: Callable[[OSError], None]) -> None:
        self._tls = tls
        self._files = [folder / name for name in (tls.cert_file, tls.key_file, tls.client_ca_file) if name]
        self._failed = failed
        self._seen: tuple[tuple[int, int], ...] = ()
        self.context = self._read()
        self.context.sni_callback = self._refresh  # called at the beginning of every connection, with a name or without

    def _read(self) -> ssl.SSLContext:
        """OSError (of which SSLError is one) where a file cannot be read or does not fit."""
        self._seen = self._stamp()
        tls, (cert, key, *authorities) = self._tls, self._files
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version, context.maximum_version = _VERSIONS[tls.min_version], _VERSIONS[tls.max_version]
        context.verify_mode = _ASKED[tls.client_auth_type]
        if not tls.prefer_server_cipher_suites:
            context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
        if tls.cipher_suites:
            context.set_ciphers(":".join(CIPHERS[name] for name in tls.cipher_suites))
        context.load_cert_chain(cert, key, password=lambda: "")  # a locked key is an error and no question at the terminal
        for authority in authorities:
            context.load_verify_locations(authority)
        return context

    def _stamp(self) -> tuple[tuple[int, int], ...]:
        found = [file.stat() for file in self._files]
        return tuple((stat.st_ino, stat.st_mtime_ns) for stat in found)

    def _refresh(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        try:
            if self._stamp() != self._seen:
                self.context = self._read()
        except OSError as error:  # half of a renewal: the former certificate holds until the other half is there
            self._failed(error)
        connection.context = self.context


class Hurried(H11Protocol):
    """A connection of uvicorn that is ended when no new request came for a while: uvicorn itself waits for ever for the first one, for
    the rest of one, and for somebody who does not take an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the parent has it
        super().connection_made(transport)
        self.loop.call_later(PATIENCE_S, self._look, None)

    def _look(self, before: object) -> None:
        if self not in self.connections:
            return
        if self.cycle is before:
            self.transport.abort()
        else:
            self.loop.call_later(PATIENCE_S, self._look, self.cycle)


def serve(application: ASGIApp, listening: socket.socket, context: ssl.SSLContext | None) -> None:
    """Answer until a signal ends it (SIGTERM, SIGINT)."""
    config = uvicorn.Config(
        application, http=Hurried, loop="asyncio", ws="none", lifespan="off", interface="asgi3",
        log_config=None, log_level="error", access_log=False, proxy_headers=False, server_header=False,
        limit_concurrency=CONNECTIONS, timeout_keep_alive=IDLE_S, timeout_graceful_shutdown=IDLE_S,
        h11_max_incomplete_event_size=HEAD_BYTES, ssl_context_factory=(lambda *_: context) if context else None,
    )  # fmt: skip
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # who leaves before the answer ends their connection, and not everybody's
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it again at its end, when there is nothing left to end
    uvicorn.Server(config).run([listening])
