"""What OpenSSL says first."""

import contextlib
import ssl

TLS13 = ssl.TLSVersion.TLSv1_3


def client_hello(server_name: str = "hub.example", protocols: tuple[str, ...] = (), version: ssl.TLSVersion = TLS13) -> bytes:
    """The first flight of a real TLS client."""
    context = ssl.create_default_context()
    context.maximum_version = version
    if protocols:
        context.set_alpn_protocols(list(protocols))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing, server_hostname=server_name).do_handshake()
    return outgoing.read()
