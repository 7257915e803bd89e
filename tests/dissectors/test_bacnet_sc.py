"""BACnet/SC: what of it can be seen from outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.bacnet_sc import BACNET_SC, BACNET_WEBSOCKET
from otwatch.facts import Facts
from otwatch.outputs.facts import sections
from otwatch.results import CaptureRow
from otwatch.wire.recognition import knows
from tests.dissectors.hostile import variants
from tests.dissectors.tls_hello import client_hello
from tests.wire.dialogues import End, connection, hear, opened, tallies

HUB = "hub.bsc.bacnet.org"
UPGRADE = (
    b"GET /hub HTTP/1.1\r\nHost: hub.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"sec-websocket-protocol: chat, dc.bsc.bacnet.org\r\n\r\n"
)


@pytest.mark.parametrize(
    ("first", "is_ours"),
    [
        (client_hello(protocols=("http/1.1", HUB)), True),
        (client_hello(protocols=("dc.bsc.bacnet.org",)), True),
        (client_hello("Hub.BSC.bacnet.org"), True),
        (client_hello(protocols=("http/1.1",)), False),
        (client_hello("nothub.bsc.bacnet.org"), False),
        (client_hello(protocols=(HUB,))[:60], False),
        (UPGRADE, False),
    ],
    ids=["one of two", "direct", "server name", "web", "another name", "cut", "no hello"],  # a hello is random
)
def test_hello(first: bytes, is_ours: bool) -> None:
    assert knows(BACNET_SC, first, False) is is_ours


@pytest.mark.parametrize(
    ("first", "is_ours"),
    [
        (UPGRADE, True),
        (UPGRADE.replace(b"dc.bsc", b"xdc.bsc"), False),
        (UPGRADE.replace(b"GET", b"POST"), False),
        (b"GET / HTTP/1.1\r\n\r\nsec-websocket-protocol: dc.bsc.bacnet.org\r\n", False),
        (client_hello(protocols=(HUB,)), False),
    ],
)
def test_upgrade(first: bytes, is_ours: bool) -> None:
    assert knows(BACNET_WEBSOCKET, first, False) is is_ours


@pytest.mark.parametrize(
    ("first", "port", "service", "kind"),
    [
        (client_hello(protocols=(HUB,)), 443, "bacnet-sc", "encrypted"),
        (client_hello(protocols=(HUB,)), 47_808, "bacnet-sc", "encrypted"),
        (client_hello(), 443, "https", "encrypted"),
        (UPGRADE, 80, "bacnet-websocket", "not spoken"),
    ],
)
def test_how_it_is_counted(first: bytes, port: int, service: str, kind: str) -> None:
    client, server = connection(server=End("10.0.0.2", port))
    facts = Facts()
    for tally in tallies(hear([*opened(client, server), client.says(first), server.says(b"\x82\x04abcd" * 20)])):
        facts.see(tally)
    counted = sections((CaptureRow("a.pcap", "pcap", (1,), 0, 4, 0, 0, ""),), facts.rows())["coverage"]
    assert {name: row["kind"] for name, row in counted["services"].items()} == {service: kind}
    assert counted[kind]["frames"] == 4


@given(payload=variants([UPGRADE, client_hello(protocols=(HUB,))]) | st.binary(max_size=300), hinted=st.booleans())
def test_hostile_bytes(payload: bytes, hinted: bool) -> None:
    knows(BACNET_SC, payload, hinted)
    knows(BACNET_WEBSOCKET, payload, hinted)
