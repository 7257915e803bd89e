"""decode/network.py: what IPv4 and IPv6 headers promise, and what becomes of promises that are not kept."""

from struct import pack
from typing import Any

import pytest

from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.packets import FLAWS
from tests.decode.builders import CLIENT_6, SERVER_6, Frame, batch, ethernet, ipv4, ipv6, udp
from tests.decode.oracle import rows_of

BODY = udp(b"who-is")


def row(packet: bytes, ethertype: int = 0x0800, cut: int = 0, padding: int = 0) -> dict[str, Any]:
    """The row of a packet in an Ethernet frame whose last `cut` bytes were not captured."""
    whole = ethernet(ethertype, packet) + bytes(padding)
    return rows_of(decode(batch([Frame(whole[: len(whole) - cut], wire=len(whole))]), Fragments()))[0]


def test_padding_is_no_payload() -> None:
    assert row(ipv4(17, BODY), padding=18)["payload"] == b"who-is"
    assert row(ipv6(58, b"ping"), 0x86DD, padding=6)["payload"] == b"ping"


def test_options_ttl_and_addresses() -> None:
    seen = row(ipv4(17, BODY, options=bytes(8)))
    assert (seen["payload"], seen["ttl"], seen["dst_lo"], seen["dst_hi"]) == (b"who-is", 64, 0xFFFF_0A01_0002, 0)
    seen = row(ipv6(17, BODY), 0x86DD)
    assert (seen["ttl"], seen["src_hi"], seen["dst_lo"]) == (63, int.from_bytes(CLIENT_6[:8]), int.from_bytes(SERVER_6[8:]))


def test_lengths_left_open_by_segmentation_offload() -> None:
    assert row(ipv4(17, BODY, total=0))["payload"] == b"who-is"
    assert row(ipv6(17, BODY, size=0), 0x86DD)["payload"] == b"who-is"
    assert row(ipv6(59, b"padding", size=0), 0x86DD)["payload"] == b""


def test_a_promise_beyond_the_wire_is_a_flaw_and_what_is_there_is_kept() -> None:
    seen = row(ipv4(1, b"ping", total=400))
    assert (FLAWS[seen["flaw"]], seen["payload"], seen["missing"]) == ("IP header is wrong", b"ping", 0)


def test_what_the_snap_length_cut_is_missing() -> None:
    seen = row(ipv4(17, BODY), cut=2)
    assert (seen["flaw"], seen["payload"], seen["missing"]) == (0, b"who-", 2)
    assert row(ipv4(17, BODY), padding=4, cut=4)["missing"] == 0


@pytest.mark.parametrize(
    ("packet", "cut", "flaw", "version"),
    [
        (b"\x55" + ipv4(17, BODY)[1:], 0, "IP header is wrong", 0),
        (b"\x44" + ipv4(17, BODY)[1:], 0, "IP header is wrong", 0),
        (ipv4(17, BODY, total=19), 0, "IP header is wrong", 4),
        (ipv4(17, BODY, options=bytes(8)), 20, "frame ends inside its IP header", 4),
        (ipv4(17, BODY), 16, "frame ends inside its IP header", 0),
    ],
)
def test_ipv4_headers_that_cannot_be_read(packet: bytes, cut: int, flaw: str, version: int) -> None:
    seen = row(packet, cut=cut)
    assert (FLAWS[seen["flaw"]], seen["ip_version"], seen["length"], seen["dst_port"]) == (flaw, version, 0, 0)


def test_without_ip_the_mac_is_the_address() -> None:
    assert row(b"\x55" + ipv4(17, BODY)[1:])["src_lo"] == 0x020000000001
    assert row(b"who-has", 0x0806)["dst_lo"] == 0x020000000002


EXTENSIONS = [
    (0, pack("!BB6x", 17, 0)),
    (43, pack("!BB14x", 17, 1)),
    (60, pack("!BB6x", 17, 0)),
    (135, pack("!BB6x", 17, 0)),
    (51, pack("!BB10x", 17, 1)),
    (0, pack("!BB6x", 60, 0) + pack("!BB6x", 44, 0) + pack("!BBHI", 17, 0, 0, 1)),
]


@pytest.mark.parametrize(("kind", "header"), EXTENSIONS)
def test_extension_headers_are_passed(kind: int, header: bytes) -> None:
    seen = row(ipv6(kind, header + BODY), 0x86DD)
    assert (seen["protocol"], seen["dst_port"], seen["payload"], seen["flaw"]) == (17, 47808, b"who-is", 0)


def test_authentication_header_of_ipv4() -> None:
    assert row(ipv4(51, pack("!BB10x", 17, 1) + BODY))["payload"] == b"who-is"
    assert row(ipv4(60, pack("!BB6x", 17, 0) + BODY))["protocol"] == 60


@pytest.mark.parametrize(("count", "flaw"), [(8, ""), (9, "IP header is wrong")])
def test_extension_headers_have_a_bound(count: int, flaw: str) -> None:
    chain = pack("!BB6x", 60, 0) * (count - 1) + pack("!BB6x", 17, 0)
    seen = row(ipv6(60, chain + BODY), 0x86DD)
    assert (FLAWS[seen["flaw"]], seen["length"]) == (flaw, 0 if flaw else 6)


def test_an_extension_header_longer_than_its_packet() -> None:
    assert FLAWS[row(ipv6(0, pack("!BB6x", 17, 9)), 0x86DD)["flaw"]] == "IP header is wrong"
    assert FLAWS[row(ipv6(0, pack("!BB6x", 17, 0) + BODY), 0x86DD, cut=16)["flaw"]] == "frame ends inside its IP header"
