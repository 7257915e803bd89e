"""BACnet/SC, recognised and not read (135-2020 annex AB; domain/protocols.md 2.9): BACnet in WebSockets in TLS.

Inside TLS the name of the WebSocket's subprotocol is hidden. What can be seen of it: a client that offers it as the protocol of the
TLS connection (ALPN) or asks a server named after it; and, on a test bench without TLS, the upgrade of an HTTP connection.
All other BACnet/SC looks like HTTPS and is counted so.
"""

from collections.abc import Iterable

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.tls import TLS
from otwatch.dissectors.tls.hello import hello
from otwatch.events import Event

SUBPROTOCOLS = frozenset({b"hub.bsc.bacnet.org", b"dc.bsc.bacnet.org"})
"""To a hub, and directly to a node (annex AB.7.1)."""
_HEAD = 8192
"""Bytes of an HTTP head that are looked at."""
_HANDSHAKE, _GET = b"\x16", b"GET "
_NAME = b"sec-websocket-protocol:"


def looks_like(read: Reader, _hinted: bool) -> bool:
    """The hello of a TLS client that names it."""
    if read.peek() != _HANDSHAKE:
        return False
    said = hello(read)
    return not SUBPROTOCOLS.isdisjoint((*said.protocols, said.server_name.lower()))


def upgrades(read: Reader, _hinted: bool) -> bool:
    """An HTTP request for a WebSocket with its subprotocol (RFC 6455 section 4.1)."""
    if read.peek(len(_GET)) != _GET:
        return False
    _, *fields = read.peek(_HEAD).partition(b"\r\n\r\n")[0].split(b"\r\n")
    offered = [field.lower().removeprefix(_NAME) for field in fields if field.lower().startswith(_NAME)]
    return not SUBPROTOCOLS.isdisjoint(one.strip() for field in offered for one in field.split(b","))


def silent(_read: Reader, _is_request: bool | None) -> Iterable[Event]:
    """What stands in a WebSocket is not read."""
    return ()


BACNET_SC = TLS._replace(name="bacnet-sc", title="BACnet/SC", looks_like=looks_like)

BACNET_WEBSOCKET = Dissector(
    name="bacnet-websocket",
    title="BACnet/SC without TLS",
    transports=frozenset({"tcp"}),
    ports=frozenset({80, 8080}),
    looks_like=upgrades,
    cut=whole,
    decode=silent,
    sealed=True,
)
