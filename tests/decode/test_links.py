"""decode/links.py and tags.py: every link type carries the same packet to the same columns; what each header tells beside."""

from struct import pack
from typing import Any

import pytest

from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.packets import FLAWS
from tests.decode.builders import CLIENT_6, MACS, Frame, batch, ethernet, ipv4, ipv6, udp
from tests.decode.oracle import rows_of

FOUR = ipv4(17, udp(b"who-is"))
SIX = ipv6(17, udp(b"who-is"))
SNAP = bytes.fromhex("aaaa03000000")
SRC, DST = 0x020000000001, 0x020000000002


def row(data: bytes, link_type: int = 1, wire: int | None = None) -> dict[str, Any]:
    return rows_of(decode(batch([Frame(data, link_type, wire)]), Fragments()))[0]


def wifi(first: int, flags: int, addresses: bytes, extra: bytes = b"") -> bytes:
    return bytes([first, flags, 0, 0]) + addresses[:18] + b"\0\0" + addresses[18:] + extra


A, B, C, D = (bytes([2, 0, 0, 0, 0, number]) for number in range(1, 5))

CARRIERS = [
    (1, ethernet(0x0800, b""), DST, SRC),
    (0, pack("<I", 2), -1, -1),
    (0, pack(">I", 2), -1, -1),
    (108, pack(">I", 2), -1, -1),
    (12, b"", -1, -1),
    (14, b"", -1, -1),
    (101, b"", -1, -1),
    (228, b"", -1, -1),
    (113, pack("!HHH", 0, 1, 6) + B + b"\0\0" + pack("!H", 0x0800), -1, 2),
    (113, pack("!HHH", 0, 512, 0) + bytes(8) + pack("!H", 0x0800), -1, -1),
    (113, pack("!HHH", 0, 1, 6) + B + b"\0\0" + pack("!H", 4) + SNAP + b"\x08\0", -1, 2),
    (276, pack("!HHIHBB", 0x0800, 0, 2, 1, 0, 6) + B + b"\0\0", -1, 2),
    (9, b"\xff\x03\x00\x21", -1, -1),
    (9, b"\x00\x21", -1, -1),
    (9, b"\x21", -1, -1),
    (50, b"\xff\x03\x00\x21", -1, -1),
    (50, b"\x0f\x00\x08\x00", -1, -1),
    (104, b"\x8f\x00\x08\x00", -1, -1),
    (239, pack("<BBH", 2, 0, 0) + pack("<HHBxxx", 5, 10, 1) + pack("<HH", 4 + len(FOUR), 9), -1, -1),
    (105, wifi(0x08, 0x01, A + B + C) + SNAP + b"\x08\0", 3, 2),
    (105, wifi(0x88, 0x02, A + B + C, b"\0\0") + SNAP + b"\x08\0", 1, 3),
    (105, wifi(0x08, 0x03, A + B + C + D) + SNAP + b"\x08\0", 3, 4),
    (127, pack("<BBHI", 0, 0, 8, 0) + wifi(0x08, 0x00, A + B + C) + SNAP + b"\x08\0", 1, 2),
    (6, b"\x10\x40" + A + B + SNAP + b"\x08\0", 1, 2),
    (6, b"\x10\x40" + A + b"\x82" + B[1:] + bytes.fromhex("061000110020") + SNAP + b"\x08\0", 1, 2),
    (123, bytes.fromhex("82080020") + SNAP + b"\x08\0", -1, -1),
    (123, bytes.fromhex("81080020") + bytes(2) + A + B + b"\x08\0", 1, 2),
    (138, bytes(16) + b"\x08\0", -1, -1),
    (242, bytes(40) + b"\x08\0\0\0", -1, -1),
    (117, b"\x3d\x02" + bytes(62), -1, -1),
    (119, pack(">II", 0x44, 144) + bytes(136) + wifi(0x08, 0x01, A + B + C) + SNAP + b"\x08\0", 3, 2),
    (119, pack("<II", 0x44, 144) + bytes(136) + wifi(0x08, 0x01, A + B + C) + SNAP + b"\x08\0", 3, 2),
    (119, pack(">II", 0x80211001, 64) + bytes(56) + wifi(0x08, 0x01, A + B + C) + SNAP + b"\x08\0", 3, 2),
    (163, pack(">II", 0x80211002, 64) + bytes(56) + wifi(0x08, 0x01, A + B + C) + SNAP + b"\x08\0", 3, 2),
    (192, pack("<BBHI", 0, 0, 12, 105) + bytes(4) + wifi(0x08, 0x01, A + B + C) + SNAP + b"\x08\0", 3, 2),
    (192, pack("<BBHI", 0, 0, 8, 1) + A + B + b"\x08\0", 1, 2),
    (258, pack("<III", 108, 1, 1) + bytes(96) + A + B + b"\x08\0", 1, 2),
    (258, pack("<III", 108, 1, 12) + bytes(96), -1, -1),
    (197, bytes(8) + b"\x02" + bytes(7) + bytes(2) + A + B + b"\x08\0", 1, 2),
    (197, bytes(8) + b"\x82" + bytes(7) + b"\x80" + bytes(7) + bytes(8) + bytes(2) + A + B + b"\x08\0", 1, 2),
    (197, bytes(8) + b"\x16" + bytes(7), -1, -1),
    (240, bytes(4) + A + B + b"\x08\0", 1, 2),
    (241, bytes(4) + b"\x55" * 7 + b"\xd5" + A + B + b"\x08\0", 1, 2),
    (274, b"\x55" * 5 + b"\xd5" + A + B + b"\x08\0", 1, 2),
]


def _macs(value: int) -> int:
    """Short numbers above stand for A to D."""
    return value if value < 0 or value > 9 else 0x020000000000 | value


@pytest.mark.parametrize(("link_type", "head", "dst", "src"), CARRIERS)
def test_the_same_packet_over_every_link(link_type: int, head: bytes, dst: int, src: int) -> None:
    seen = row(head + FOUR, link_type)
    assert (seen["flaw"], seen["ethertype"], seen["protocol"], seen["dst_port"], seen["payload"]) == (0, 0x0800, 17, 47808, b"who-is")
    assert (seen["dst_mac"], seen["src_mac"]) == (_macs(dst), _macs(src))
    assert (seen["src_hi"], seen["src_lo"]) == (0, 0xFFFF_0A01_0001)


@pytest.mark.parametrize(
    ("link_type", "head"),
    [(1, ethernet(0x86DD, b"")), (0, pack("<I", 10)), (0, pack("<I", 24)), (0, pack("<I", 28)), (0, pack("<I", 30)), (101, b""),
     (229, b""), (9, b"\x00\x57"), (239, pack("<BBH", 10, 0, 0) + pack("<HH", 4 + len(SIX), 9))],
)  # fmt: skip
def test_ipv6_over_links(link_type: int, head: bytes) -> None:
    seen = row(head + SIX, link_type)
    assert (seen["flaw"], seen["ip_version"], seen["dst_port"], seen["payload"]) == (0, 6, 47808, b"who-is")
    assert seen["src_hi"] << 64 | seen["src_lo"] == int.from_bytes(CLIENT_6)


TAGS = [
    (b"\x81\x00\x20\x64", 100),
    (b"\x88\xa8\x00\x65\x81\x00\x00\x64", 101),
    (b"\x91\x00\x00\x00\x81\x00\x00\x64", 0),
    (b"\x81\x00\x00\x07" * 8, 7),
    (b"\x89\x2f\x00\x2e\x00\x09", -1),  # HSR
    (b"\x81\x00\x00\x07\xf1\xc1\x00\x00\x00\x09", 7),  # IEEE 802.1CB
    (b"\x89\x09\x01\x01\x00\x01\x00\x64\x81\x00\x00\x07", 7),  # metadata of Cisco
    (b"\x88\xe5\x20" + bytes(5) + bytes(8), -1),  # MACsec that only signs
    (b"\x88\xe5\x00" + bytes(5), -1),
]


@pytest.mark.parametrize(("tags", "vlan"), TAGS)
def test_the_outermost_vlan_is_told(tags: bytes, vlan: int) -> None:
    seen = row(ethernet(0x0800, FOUR, tags))
    assert (seen["vlan"], seen["payload"], seen["flaw"]) == (vlan, b"who-is", 0)


def test_tags_without_end() -> None:
    seen = row(ethernet(0x0800, FOUR, b"\x81\x00\x00\x07" * 9))
    assert (seen["vlan"], FLAWS[seen["flaw"]], seen["length"]) == (7, "link header is wrong", 0)


def test_sealed_frames_stay_closed() -> None:
    seen = row(ethernet(0x88E5, b"\x2c" + bytes(5) + bytes(8) + b"\x08\0" + FOUR))
    assert (seen["ethertype"], seen["ip_version"], seen["flaw"]) == (0x88E5, 0, 0)


@pytest.mark.parametrize(
    ("link_type", "data", "flaw"),
    [
        (192, pack("<BBHI", 0, 0, 8, 147) + FOUR, "unknown link type"),
        (192, pack("<BBHI", 0, 0, 8, 192) + pack("<BBHI", 0, 0, 8, 12) + FOUR, "unknown link type"),
        (192, pack("<BBHI", 0, 0, 7, 12) + FOUR, "link header is wrong"),
        (258, pack("<III", 108, 2, 12) + bytes(96) + FOUR, "link header is wrong"),
        (274, b"\x55" * 9 + FOUR, "link header is wrong"),
        (197, bytes(8) + b"\x82" + bytes(7) + b"\x80" * 72 + FOUR, "link header is wrong"),
        (163, bytes(8) + FOUR, "link header is wrong"),
    ],
)
def test_headers_of_taps_that_cannot_be(link_type: int, data: bytes, flaw: str) -> None:
    seen = row(data, link_type)
    assert (FLAWS[seen["flaw"]], seen["length"], seen["ip_version"]) == (flaw, 0, 0)


def test_bacnet_over_ethernet_ends_where_its_length_says() -> None:
    npdu = bytes.fromhex("01 20 ff ff 00 ff 10 08")
    seen = row(ethernet(3 + len(npdu), b"\x82\x82\x03" + npdu + bytes(35)))
    assert (seen["ethertype"], seen["ip_version"], seen["payload"], seen["src_lo"]) == (0x82, 0, npdu, SRC)


@pytest.mark.parametrize(
    ("body", "ethertype", "payload"),
    [
        (b"\x42\x42\x03bpdu", 0x42, b"bpdu"),
        (b"\xf0\xe0\x03name", -1, b"name"),
        (bytes.fromhex("aaaa0300000c2000") + b"cdp", 0x2000, b"cdp"),
        (bytes.fromhex("aaaa030000f88137") + b"ipx", 0x8137, b"ipx"),
        (bytes.fromhex("aaaa030010900800") + b"ours", -1, b"ours"),  # another organisation's 0800 is not IP
    ],
)
def test_logical_link_control(body: bytes, ethertype: int, payload: bytes) -> None:
    seen = row(ethernet(len(body), body + bytes(30)))
    assert (seen["ethertype"], seen["payload"], seen["flaw"]) == (ethertype, payload, 0)


MSTP = bytes.fromhex("06ff7200089e") + bytes.fromhex("0120ffff00ff1008") + b"\x12\x34"


@pytest.mark.parametrize(
    ("data", "link_type", "src"),
    [(b"\x55\xff" + MSTP, 165, 0x72), (ethernet(11 + len(MSTP), bytes.fromhex("aaaa030010900001000080") + MSTP), 1, SRC)],
)
def test_mstp_on_its_bus_and_behind_an_adapter(data: bytes, link_type: int, src: int) -> None:
    seen = row(data, link_type)
    assert (seen["ethertype"], seen["payload"].hex(), seen["src_mac"], seen["flaw"]) == (0x82, "0120ffff00ff1008", src, 0)


@pytest.mark.parametrize("count", ["", "f000", "00f0", "cd00"])
def test_bacnet_over_arcnet(count: str) -> None:
    """Without and with the count that some adapters leave in front (short and long packets)."""
    seen = row(bytes.fromhex("3d00" + count + "cd8282030120ffff00ff1008"), 7)
    assert (seen["ethertype"], seen["payload"].hex(), seen["src_mac"], seen["flaw"]) == (0x82, "0120ffff00ff1008", 0x3D, 0)
    assert seen["dst_mac"] == 0xFFFF_FFFF_FFFF


def test_other_systems_of_arcnet_are_not_read() -> None:
    seen = row(bytes.fromhex("3dc0d4000001450000"), 7)
    assert (seen["ethertype"], seen["ip_version"], seen["src_mac"], seen["dst_mac"]) == (-1, 0, 0x3D, 0xC0)


def test_the_token_of_mstp_carries_nothing() -> None:
    seen = row(bytes.fromhex("55ff001d0100001b"), 165)
    assert (seen["ethertype"], seen["length"], seen["src_mac"], seen["flaw"]) == (-1, 0, 1, 0)
    assert FLAWS[row(bytes.fromhex("55fe001d0100001b"), 165)["flaw"]] == "link header is wrong"


def test_a_length_beyond_the_frame_is_a_flaw_and_what_is_there_is_kept() -> None:
    seen = row(ethernet(100, b"\x82\x82\x03\x01\x00"))
    assert (seen["ethertype"], seen["payload"], FLAWS[seen["flaw"]]) == (0x82, b"\x01\x00", "link header is wrong")


def test_pppoe_and_mpls() -> None:
    session = pack("!HHHH", 0x1100, 1, 2 + len(FOUR), 0x0021) + FOUR + bytes(20)
    stack = pack("!II", 0x0001_0040, 0x0002_0140) + SIX
    assert row(ethernet(0x8864, session))["payload"] == row(ethernet(0x8847, stack))["payload"] == b"who-is"
    discovery = row(ethernet(0x8863, b"padi"))
    assert (discovery["ethertype"], discovery["payload"]) == (0x8863, b"padi")
    assert row(ethernet(0x8847, pack("!I", 0x0002_0140) + b"\0\0\0\0pw"))["ethertype"] == -1


@pytest.mark.parametrize("first", [0x80, 0x48])  # a beacon; data without data
def test_wireless_frames_without_data(first: int) -> None:
    seen = row(wifi(first, 0x01, A + B + C) + SNAP + b"\x08\0" + FOUR, 105)
    assert (seen["ethertype"], seen["ip_version"]) == (-1, 0)


@pytest.mark.parametrize(("first", "flags", "extra"), [(0x08, 0x41, b""), (0x08, 0x05, b""), (0x88, 0x01, b"\x80\0")])
def test_wireless_data_that_cannot_be_read(first: int, flags: int, extra: bytes) -> None:
    """Encrypted, one of several pieces, aggregated."""
    seen = row(wifi(first, flags, A + B + C, extra) + SNAP + b"\x08\0" + FOUR, 105)
    assert (seen["ethertype"], seen["ip_version"], seen["src_mac"]) == (-1, 0, _macs(2))


def test_unknown_link_types_and_cut_headers() -> None:
    assert FLAWS[row(FOUR, 147)["flaw"]] == "unknown link type"
    cut = row(MACS, wire=60)
    assert (FLAWS[cut["flaw"]], cut["length"], cut["missing"], cut["src_mac"]) == ("frame ends inside its link header", 0, 48, -1)
