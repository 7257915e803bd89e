"""decode/tunnels.py and doors.py: each encapsulation from its bytes, what is not torn apart, how deep it goes, what stays outside."""

from collections.abc import Callable
from pathlib import Path
from struct import pack
from typing import Any

import pytest

from otwatch.capture import open_captures
from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.packets import FLAWS, TUNNELS, Packets
from tests.decode import wraps
from tests.decode.builders import MACS, Frame, batch, ethernet, ipv4, ipv6, pieces_of, udp
from tests.decode.oracle import rows_of

FOUR = (0x0800, ipv4(17, udp(b"who-is"), ident=77))
SIX = (0x86DD, ipv6(17, udp(b"who-is")))
NAMES = {
    "erspan_1": "erspan", "erspan_2": "erspan", "erspan_3": "erspan", "erspan_3_platform": "erspan", "gre_plain": "gre", "gre_full": "gre",
    "nvgre": "gre", "gre_mpls": "gre", "eoip": "eoip", "wccp": "wccp", "wccp_1": "wccp", "pptp": "pptp", "pptp_short": "pptp",
    "ip_in_ip": "ip-in-ip", "ip_in_ip_6": "4in6", "etherip": "etherip", "mpls_in_ip": "mpls-in-ip", "vxlan": "vxlan",
    "vxlan_policy": "vxlan", "geneve": "geneve", "geneve_ip": "geneve", "gtp_u": "gtp-u", "gtp_u_extended": "gtp-u", "tzsp": "tzsp",
    "hp": "hp-erm",
}  # fmt: skip
ONLY_6 = {"teredo"}
WITH_FRAME = {"erspan_1", "erspan_2", "erspan_3", "nvgre", "eoip", "etherip", "vxlan", "vxlan_policy", "geneve", "tzsp", "hp"}


def packets(*bodies: wraps.Body) -> Packets:
    return decode(batch([Frame(ethernet(*body)) for body in bodies]), Fragments())


def row(body: wraps.Body, cut: int = 0) -> dict[str, Any]:
    whole = ethernet(*body)
    return rows_of(decode(batch([Frame(whole[: len(whole) - cut], wire=len(whole))]), Fragments()))[0]


def names(seen: dict[str, Any]) -> list[str]:
    return [TUNNELS[kind] for kind, *_ in seen["outer"]]


@pytest.mark.parametrize("wrap", [wrap for wrap in wraps.TUNNELS if wrap.__name__ not in ONLY_6], ids=lambda wrap: wrap.__name__)
def test_the_innermost_packet_is_the_row(wrap: Callable[[wraps.Body], wraps.Body]) -> None:
    seen = row(wrap(FOUR))
    assert (seen["flaw"], seen["ip_version"], seen["dst_port"], seen["payload"], seen["ident"]) == (0, 4, 47808, b"who-is", 77)
    assert names(seen) == [NAMES[wrap.__name__]]
    inside = wrap.__name__ in WITH_FRAME
    assert seen["src_mac"] == (int.from_bytes(MACS[6:]) if inside else -1)
    assert seen["outer"][0][1] == inside


@pytest.mark.parametrize("wrap", [wrap for wrap in wraps.TUNNELS if not wrap.__name__.startswith("wccp")], ids=lambda wrap: wrap.__name__)
def test_ipv6_inside(wrap: Callable[[wraps.Body], wraps.Body]) -> None:
    body = (0x86DD, SIX[1].replace(bytes.fromhex("fd00"), bytes.fromhex("20010000"), 1)) if wrap.__name__ in ONLY_6 else SIX
    if wrap.__name__ in ONLY_6:
        body = (0x86DD, SIX[1][:8] + bytes.fromhex("20010000") + SIX[1][12:])
    seen = row(wrap(body))
    assert (seen["flaw"], seen["ip_version"], seen["dst_port"], seen["payload"]) == (0, 6, 47808, b"who-is")
    assert len(seen["outer"]) == 1


@pytest.mark.parametrize("wrap", wraps.TAGS, ids=lambda wrap: wrap.__name__)
@pytest.mark.parametrize("body", [FOUR, SIX], ids=["4", "6"])
def test_tags_and_frames_in_frames(wrap: Callable[[wraps.Body], wraps.Body], body: wraps.Body) -> None:
    seen = row(wrap(body))
    assert (seen["flaw"], seen["ethertype"], seen["dst_port"], seen["payload"], seen["outer"]) == (0, body[0], 47808, b"who-is", [])


def test_what_is_kept_of_the_outside() -> None:
    outer = packets(FOUR, wraps.vxlan(FOUR), wraps.vxlan_policy(wraps.gre_plain(FOUR))).outer
    assert outer is not None
    assert outer.row.tolist() == [1, 2, 2]
    assert [TUNNELS[kind] for kind in outer.kind.tolist()] == ["vxlan", "vxlan", "gre"]
    assert outer.port.tolist() == [4789, 8472, 0]
    assert outer.protocol.tolist() == [17, 17, 47]
    assert outer.ip_version.tolist() == [4, 6, 4]
    assert outer.src_lo.tolist()[0] == 0xFFFF_0A01_0001
    later = outer.part(slice(2, 3))
    assert (later.row.tolist(), later.part(slice(0, 0)).row.tolist()) == ([0, 0], [])


def test_the_vlan_of_the_mirror_header_is_told() -> None:
    assert row(wraps.erspan_2(FOUR))["vlan"] == 100
    assert row(wraps.hp(FOUR))["vlan"] == 100
    tagged = (0x8100, pack("!HH", 7, 0x0800) + FOUR[1])
    assert row(wraps.vxlan(tagged))["vlan"] == 7
    outside = row((0x8100, pack("!HH", 9, 0x0800) + wraps.vxlan(FOUR)[1]))
    assert (outside["vlan"], outside["payload"]) == (-1, b"who-is")


def test_other_frames_inside() -> None:
    seen = row(wraps.vxlan((0x0806, bytes(28))))
    assert (seen["ethertype"], seen["ip_version"], seen["dst_port"], seen["length"]) == (0x0806, 0, 0, 28)
    assert seen["src_lo"] == int.from_bytes(MACS[6:])
    bacnet = row(wraps.erspan_1((11, b"\x82\x82\x03" + bytes.fromhex("0120ffff00ff1008"))))
    assert (bacnet["ethertype"], bacnet["length"], names(bacnet)) == (0x82, 8, ["erspan"])


BACNET = bytes.fromhex("8282030120ffff00ff1008")
ADAPTER = bytes.fromhex("aaaa03001090000100008006ff7200089e0120ffff00ff10081234")
INNER = [
    (MACS[:6] + bytes(6) + b"\x08\0" + FOUR[1], 0x0800, b"who-is"),
    (MACS + pack("!H", len(BACNET)) + BACNET, 0x82, BACNET[3:]),
    (MACS[:6] + bytes(6) + pack("!H", len(ADAPTER)) + ADAPTER, 0x82, BACNET[3:]),
    (b"\x45" + MACS[1:] + b"\x08\0" + FOUR[1], 0x0800, b"who-is"),
]


@pytest.mark.parametrize(("inner", "ethertype", "payload"), INNER, ids=["zero sender", "BACnet", "MS/TP adapter", "receiver 45"])
@pytest.mark.parametrize("head", [b"", bytes(4)], ids=["bare", "control word"])
def test_frames_of_pseudowires_that_are_easily_missed(inner: bytes, ethertype: int, payload: bytes, head: bytes) -> None:
    seen = row((0x8847, pack("!I", 0x0001_0140) + head + inner))
    assert (seen["ethertype"], seen["payload"], seen["flaw"]) == (ethertype, payload, 0)


@pytest.mark.parametrize(("depth", "entered"), [(1, 1), (4, 4), (5, 4), (9, 4)])
def test_tunnels_have_a_bound(depth: int, entered: int) -> None:
    body = FOUR
    for _ in range(depth):
        body = wraps.gre_plain(body)
    seen = row(body)
    assert names(seen) == ["gre"] * entered
    assert (seen["protocol"], seen["flaw"]) == ((17, 0) if depth <= 4 else (47, 0))


def test_fragments_outside_and_inside() -> None:
    outside = [(0x0800, piece) for piece in pieces_of(4, 17, wraps.vxlan(FOUR)[1][20:], 24)]
    inside = [wraps.gre_plain((0x0800, piece)) for piece in pieces_of(4, 17, udp(b"who-is" * 4), 16)]
    rows = rows_of(packets(*outside))
    assert [one["payload"] for one in rows] == [b""] * (len(outside) - 1) + [b"who-is"]
    rows = rows_of(packets(*inside))
    assert [one["payload"] for one in rows] == [b""] * (len(inside) - 1) + [b"who-is" * 4]
    assert all(names(one) == ["gre"] for one in rows)


ORDINARY = [
    wraps.datagram(4789, b"\x08" + bytes(60)),  # zeros: no sender, no type
    wraps.datagram(4789, pack("!II", 0x0800_0000, 1) + ethernet(*FOUR)),  # the last byte is reserved
    wraps.datagram(4789, pack("!II", 0x0800_0001, 0) + ethernet(*FOUR)),
    wraps.datagram(4789, pack("!II", 0x0800_0000, 256) + ethernet(0x0800, FOUR[1][:-3])),  # IP says more than there is
    wraps.datagram(4789, pack("!II", 0x0800_0000, 256) + MACS[:6] + b"\x01" + MACS[7:] + b"\x08\0" + FOUR[1]),  # sent by a group
    wraps.datagram(6081, pack("!II", 0x4000_6558, 256) + ethernet(*FOUR)),
    wraps.datagram(6081, pack("!II", 0x0000_0806, 256) + ethernet(*FOUR)),
    wraps.datagram(37008, bytes.fromhex("0100000101") + ethernet(0x1234, FOUR[1])),
    wraps.datagram(37008, bytes.fromhex("0200000101") + ethernet(*FOUR)),
    wraps.datagram(37008, bytes.fromhex("01000001") + bytes(30)),  # tags without end
    wraps.datagram(7932, bytes(12) + ethernet(0x1234, FOUR[1])),
    wraps.datagram(2152, pack("!BBHI", 0x30, 0xFF, 9, 9) + FOUR[1]),  # another length
    wraps.datagram(2152, pack("!BBHI", 0x30, 0x01, len(FOUR[1]), 9) + FOUR[1]),  # an echo request
    wraps.datagram(2152, pack("!BBHIHBB", 0x34, 0xFF, 40, 9, 0, 0, 0x85) + bytes(36)),  # an extension of no length
    wraps.datagram(3544, SIX[1]),  # no end is a Teredo address
    wraps.datagram(50_001, pack("!II", 0x0800_0000, 256) + ethernet(*FOUR), source=4789),
]


@pytest.mark.parametrize("body", ORDINARY)
def test_ordinary_datagrams_on_those_ports_stay_whole(body: bytes) -> None:
    seen = row((0x0800, ipv4(17, body)))
    assert (seen["payload"], seen["outer"], seen["flaw"]) == (body[8:], [], 0)


REFUSED = [
    ipv4(47, pack("!HH", 0x4000, 0x0800) + bytes(4) + FOUR[1]),  # source routes
    ipv4(47, pack("!HH", 0x0000, 0x0900) + FOUR[1]),  # something else
    ipv4(47, pack("!HH", 0x0000, 0x0800) + b"\x65" + FOUR[1][1:]),  # not IPv4
    ipv4(47, pack("!HHI", 0x1000, 0x88BE, 7) + pack("!HHI", 0x3000, 1, 0) + ethernet(*FOUR)),
    ipv4(47, pack("!HHHHI", 0x2081, 0x880B, 0, 6, 26)),  # PPTP acknowledges
    ipv4(47, pack("!HHHHII", 0x3081, 0x880B, 6, 6, 34, 17) + bytes.fromhex("ff0380fd0604")),  # PPP's own
    ipv4(4, b"\x45"),
    ipv4(97, b"\x20\x00" + ethernet(*FOUR)),
    ipv4(50, FOUR[1]),
    ipv4(47, b"\x00"),
]


@pytest.mark.parametrize("packet", REFUSED)
def test_what_cannot_be_entered_stays_a_packet(packet: bytes) -> None:
    seen = row((0x0800, packet))
    assert (seen["protocol"], seen["payload"], seen["outer"], seen["flaw"]) == (packet[9], packet[20:], [], 0)


def test_a_mirror_that_cuts_tells_how_much() -> None:
    long = (0x0800, ipv4(17, udp(b"who-is" * 20)))
    inner = ethernet(*long)[:60]
    seen = row(wraps.gre(0x1000, 0x88BE, pack("!HHI", 0x1000, 1, 0) + inner, pack("!I", 7)))
    assert (seen["flaw"], seen["length"], seen["missing"]) == (0, 18, 102)
    seen = row(wraps.gre(0, 0x0800, long[1][:60]))
    assert (FLAWS[seen["flaw"]], seen["length"]) == ("IP header is wrong", 32)


def test_a_cut_inside_the_inner_headers_leaves_the_outer_packet() -> None:
    seen = row(wraps.vxlan(FOUR), cut=20)
    assert (seen["dst_port"], seen["outer"], seen["missing"], seen["flaw"]) == (4789, [], 20, 0)
    seen = row(wraps.vxlan(FOUR), cut=2)
    assert (seen["dst_port"], seen["payload"], seen["missing"], seen["flaw"]) == (47808, b"who-", 2, 0)


SHARED = [
    ("link/zeek-erspan.pcap", {"gre": 248}),
    ("link/tcpdump-erspan-type-ii-2.pcap", {"erspan": 16}),
    ("link/suricata-vxlan.pcap", {"vxlan": 100}),
    ("link/flowlab-geneve-26_geneve_inner_supported_and_visible_matrix.pcap", {"geneve": 3}),
    ("link/flowlab-gtpu-24_gtpu_flag_matrix_inner_ipv4_tcp.pcap", {"gtp-u": 5}),
    ("link/flowlab-eoip-09_same_tunnel_id_different_inner_payload_lengths.pcap", {"eoip": 2}),
    ("link/tcpdump-wccp_redirect_gre.pcap", {"wccp": 1}),
    ("link/pcapplusplus-GrePackets.pcapng", {"gre": 5, "4in6": 1, "pptp": 1}),
    ("link/zeek-pbb.pcap", {}),
    ("link/ndpi-ah.pcapng", {}),
    ("malformed/flowlab-geneve-06_geneve_invalid_version.pcap", {}),
]


@pytest.mark.parametrize(("name", "expected"), SHARED)
def test_shared_captures(captures: Path, name: str, expected: dict[str, int]) -> None:
    found: dict[str, int] = {}
    for frames in open_captures([captures / name])[0].read():
        outer = decode(frames, Fragments()).outer
        for kind in outer.kind.tolist() if outer is not None else ():
            found[TUNNELS[kind]] = found.get(TUNNELS[kind], 0) + 1
    assert found == expected
