"""Hypothesis strategies: frames of every link type, whole, damaged, cut off and padded."""

from collections.abc import Callable
from struct import pack

from hypothesis import strategies as st

from tests.decode import wraps
from tests.decode.builders import MACS, Frame, ethernet, ipv4, ipv6, tcp, udp
from tests.decode.wraps import Body

_LONG = udp(bytes(range(200)))


def _wrap_all(body: Body, layers: list[Callable[[Body], Body]]) -> Body:
    for wrap in layers:
        body = wrap(body)
    return body


def _fragment(version: int) -> st.SearchStrategy[bytes]:
    """Fragments of two datagrams, with overlaps, repetitions and gaps."""

    def build(block: int, blocks: int, extra: int, more: bool, ident: int) -> bytes:
        data = _LONG[8 * block : 8 * (block + blocks) + extra]
        if version == 4:
            return ipv4(17, data, ident=ident, place=block | more << 13)
        return ipv6(44, pack("!BBHI", 17, 0, 8 * block | more, ident) + data)

    return st.builds(build, st.integers(0, 3), st.integers(0, 3), st.sampled_from([0, 0, 0, 3]), st.booleans(), st.integers(1, 2))


_payloads = st.binary(max_size=12)
_transports: st.SearchStrategy[Body] = st.one_of(
    st.tuples(st.just(6), st.builds(tcp, _payloads, st.sampled_from([b"", bytes(4), bytes(12)]), st.integers(0, 255))),
    st.tuples(st.just(17), st.builds(udp, _payloads, st.sampled_from([None, None, 0, 5, 9, 99]))),
    st.tuples(st.sampled_from([0, 1, 2, 50, 58, 59, 132]), _payloads),
)


def _extend(inner: Body) -> st.SearchStrategy[Body]:
    """One extension header in front."""
    protocol, body = inner

    def build(number: int, units: int) -> Body:
        size = 12 if number == 51 else 8 * (units + 1)
        return number, pack("!BB", protocol, units).ljust(size, b"\0") + body

    return st.sampled_from([(0, 0), (0, 1), (43, 0), (60, 2), (135, 0), (51, 1), (44, 0)]).map(lambda kind: build(*kind))


def _deeper(inner: st.SearchStrategy[Body]) -> st.SearchStrategy[Body]:
    return inner.flatmap(_extend)


_extended = st.one_of(_transports, _deeper(_transports), _deeper(_deeper(_transports)))
_ipv4 = st.builds(
    lambda inner, options, total: ipv4(*inner, options=options, total=total),
    st.one_of(_transports, _extended),
    st.sampled_from([b"", b"", bytes(8)]),
    st.sampled_from([None, None, None, 0, 10, 40, 400]),
)
_ipv6 = st.builds(lambda inner, size: ipv6(*inner, size=size), _extended, st.sampled_from([None, None, None, 0, 4, 400]))
_plain: st.SearchStrategy[Body] = st.one_of(
    st.tuples(st.just(0x0800), st.one_of(_ipv4, _ipv4, _fragment(4))),
    st.tuples(st.just(0x86DD), st.one_of(_ipv6, _fragment(6))),
    st.tuples(st.sampled_from([0x0806, 0x88CC, 0x05FF]), st.binary(max_size=40)),
)
_hurt = st.builds(
    lambda port, head, body: (0x0800, ipv4(17, wraps.datagram(port, head + body, source=3544))),
    st.sampled_from([4789, 6081, 37008, 7932, 2152, 3544, 9]),
    st.binary(max_size=16),
    _plain.map(lambda body: body[1]),
)
"""Tunnel headers that are nearly right, or are none."""
_bodies: st.SearchStrategy[Body] = st.one_of(
    _plain,
    _plain,
    _hurt,
    st.builds(_wrap_all, _plain, st.lists(st.sampled_from(wraps.TUNNELS), min_size=1, max_size=2)),
    st.builds(lambda body, tunnel, depth: _wrap_all(body, [tunnel] * depth), _plain, st.sampled_from(wraps.TUNNELS), st.integers(3, 6)),
    st.builds(
        lambda body, inner, outer: _wrap_all(body, [*inner, *outer]),
        _plain,
        st.lists(st.sampled_from(wraps.TAGS), max_size=1),
        st.lists(st.sampled_from(wraps.TUNNELS), max_size=1),
    ),
)

_PPP = {0x0800: 0x0021, 0x86DD: 0x0057}
_LINUX = {0x0800: 2, 0x86DD: 10}


def _vlan(body: Body) -> Body:
    kind, data = body
    return 0x8100, pack("!HH", 0x2064, kind) + data


def _service(body: Body) -> Body:
    kind, data = body
    return 0x88A8, pack("!HH", 0x0065, kind) + data


def _snap(body: Body) -> Body:
    kind, data = body
    return 8 + len(data), bytes.fromhex("aaaa03000000") + pack("!H", kind) + data


def _bacnet(body: Body) -> Body:
    return 3 + len(body[1]), b"\x82\x82\x03" + body[1]


def _mstp(body: Body) -> Body:
    data = pack("!BBBHB", 5 + len(body[1]) % 3, 1, 2, len(body[1]), 0) + body[1] + b"\0\0"
    return 11 + len(data), bytes.fromhex("aaaa030010900001000080") + data


def _pppoe(body: Body) -> Body:
    kind, data = body
    return 0x8864, pack("!HHHH", 0x1100, 1, 2 + len(data), _PPP.get(kind, 0xC021)) + data


def _mpls(body: Body) -> Body:
    return 0x8847, pack("!II", 0x0001_0040, 0x0001_0140) + body[1]


_WRAPS: list[Callable[[Body], Body]] = [_vlan, _service, _snap, _bacnet, _mstp, _pppoe, _mpls, *wraps.TAGS]
_tagged = st.builds(_wrap_all, _bodies, st.lists(st.sampled_from(_WRAPS), max_size=2))
_deep = st.builds(lambda body, depth: _wrap_all(body, [_vlan] * depth), _bodies, st.integers(7, 10))


def _ethernet(body: Body) -> bytes:
    return ethernet(*body)


def _null(body: Body) -> bytes:
    return pack("<I", _LINUX.get(body[0], 7)) + body[1]


def _loop(body: Body) -> bytes:
    return pack(">I", _LINUX.get(body[0], 7)) + body[1]


def _raw(body: Body) -> bytes:
    return body[1]


def _cooked(body: Body) -> bytes:
    return pack("!HHH", 0, 1, 6) + MACS[:8] + pack("!H", body[0]) + body[1]


def _cooked_llc(body: Body) -> bytes:
    return _cooked((4, bytes.fromhex("aaaa03000000") + pack("!H", body[0]) + body[1]))


def _cooked_2(body: Body) -> bytes:
    return pack("!HHIHBB", body[0], 0, 2, 1, 0, 6) + MACS[:8] + body[1]


def _ppp(body: Body) -> bytes:
    return b"\xff\x03" + pack("!H", _PPP.get(body[0], 0xC021)) + body[1]


def _ppp_short(body: Body) -> bytes:
    return bytes([_PPP.get(body[0], 0x57)]) + body[1]


def _cisco(body: Body) -> bytes:
    return pack("!HH", 0x0F00, body[0]) + body[1]


def _nflog(body: Body) -> bytes:
    return pack("<BBH", _LINUX.get(body[0], 7), 0, 0) + pack("<HHBxxx", 5, 10, 1) + pack("<HH", 4 + len(body[1]), 9) + body[1]


def _wifi(first: int, flags: int) -> Callable[[Body], bytes]:
    def build(body: Body) -> bytes:
        head = bytes([first, flags, 0, 0]) + MACS + bytes(8) + bytes(6 if flags & 3 == 3 else 0)
        extra = (2 + 4 * (flags >> 7)) * (first >> 7)
        return head + bytes(extra) + bytes.fromhex("aaaa03000000") + pack("!H", body[0]) + body[1]

    return build


def _radiotap(body: Body) -> bytes:
    return pack("<BBHI", 0, 0, 8, 0) + _wifi(0x88, 0x02)(body)


def _bus(body: Body) -> bytes:
    return b"\x55\xff" + pack("!BBBHB", 5 + len(body[1]) % 3, 1, 2, len(body[1]), 0) + body[1] + b"\0\0"


def _arcnet(head: str) -> Callable[[Body], bytes]:
    return lambda body: bytes.fromhex(head) + b"\x82\x82\x03" + body[1]


def _fddi(body: Body) -> bytes:
    return b"\x50" + MACS + bytes.fromhex("aaaa03000000") + pack("!H", body[0]) + body[1]


def _relay(body: Body) -> bytes:
    return b"\x18\x61" + pack("!H", body[0]) + body[1]


def _relay_standard(body: Body) -> bytes:
    return b"\x18\x61\x03" + bytes([{0x0800: 0xCC, 0x86DD: 0x8E}.get(body[0], 0x81)]) + body[1]


def _relay_snap(body: Body) -> bytes:
    return b"\x18\x61\x03\x00\x80\x00\x00\x00" + pack("!H", body[0]) + body[1]


def _slip(body: Body) -> bytes:
    return bytes(16) + body[1]


def _solaris(body: Body) -> bytes:
    return bytes([1, {0x0800: 2, 0x86DD: 26}.get(body[0], 0)]) + bytes(22) + body[1]


def _juniper(body: Body) -> bytes:
    return b"MGC\x80" + pack("!H", 3) + b"\x01\x01\x00" + _ethernet(body)


def _juniper_bare(body: Body) -> bytes:
    return b"MGC\x02" + body[1]


def _session(body: Body) -> bytes:
    return _pppoe(body)[1]


def _ppp_direction(body: Body) -> bytes:
    return b"\x01" + _ppp(body)


def _logical(body: Body) -> bytes:
    return bytes.fromhex("aaaa03000000") + pack("!H", body[0]) + body[1]


def _system(code: int | None) -> Callable[[Body], bytes]:
    def build(body: Body) -> bytes:
        number = {0x0800: 0xD4, 0x86DD: 0xC4, 0x0806: 0xD5}.get(body[0], 0x80) if code is None else code
        head = b"\x82\x82\x03" if code == 0xCD else bytes(0 if code else 3)
        return bytes([number]) + head + body[1]

    return build


def _station(link_type: int, code: int | None) -> tuple[int, Callable[[Body], bytes]]:
    head = b"\x01\x02" + (b"\xe8\x00" if link_type == 129 else b"")
    return link_type, lambda body: head + _system(code)(body)


def _behind(head: bytes, link: Callable[[Body], bytes]) -> Callable[[Body], bytes]:
    return lambda body: head + link(body)


_TAPS: list[tuple[int, Callable[[Body], bytes]]] = [
    (6, _behind(b"\x10\x40" + MACS, _logical)), (6, _behind(b"\x10\x40" + MACS[:6] + b"\x82" + MACS[7:] + b"\x04\x10\0\0", _logical)),
    (123, _behind(b"\x82\0\0\5", _logical)), (123, _behind(b"\x81\0\0\5\0\0", _ethernet)),
    (138, lambda body: bytes(16) + pack("!H", body[0]) + body[1]), (242, lambda body: bytes(40) + pack("!HH", body[0], 0) + body[1]),
    (117, lambda body: bytes([9, _LINUX.get(body[0], 7)]) + bytes(10) + body[1]),
    (119, _behind(pack(">II", 0x44, 12) + bytes(4), _wifi(0x08, 0x01))), (119, _behind(pack("<II", 0x44, 8), _wifi(0x88, 0x01))),
    (163, _behind(pack(">II", 0x80211001, 10) + bytes(2), _wifi(0x08, 0x01))), (119, _behind(pack(">II", 0x80211002, 8), _wifi(0x08, 0))),
    (197, _behind(bytes(8) + b"\x02" + bytes(9), _ethernet)), (197, _behind(bytes(8) + b"\x16" + bytes(7), _raw)),
    (197, _behind(bytes(8) + b"\x8b" + bytes(7) + b"\x80" + bytes(17), _ethernet)), (240, _behind(bytes(4), _ethernet)),
    (241, _behind(bytes(4) + b"\x55" * 6 + b"\xd5", _ethernet)), (274, _behind(b"\x55" * 7 + b"\xd5", _ethernet)),
    (192, _behind(pack("<BBHI", 0, 0, 8, 105), _wifi(0x08, 0x01))), (192, _behind(pack("<BBHI", 0, 0, 9, 1) + b"\0", _ethernet)),
    (192, _behind(pack("<BBHI", 0, 0, 8, 192), _raw)), (258, _behind(pack("<III", 16, 1, 0) + bytes(4), _null)),
]  # fmt: skip
_LINKS: list[tuple[int, Callable[[Body], bytes]]] = [
    (0, _null), (108, _loop), (0, _loop), (101, _raw), (12, _raw), (228, _raw), (229, _raw), (113, _cooked), (113, _cooked_llc),
    (276, _cooked_2), (9, _ppp), (9, _ppp_short), (50, _ppp), (50, _cisco), (104, _cisco), (239, _nflog), (127, _radiotap),
    (105, _wifi(0x08, 0x01)), (105, _wifi(0x88, 0x03)), (105, _wifi(0x88, 0x82)), (105, _wifi(0x48, 0)), (105, _wifi(0x08, 0x41)),
    (105, _wifi(0x80, 0)), (147, _raw), (165, _bus), (10, _fddi), (107, _relay), (107, _relay_standard), (107, _relay_snap), (8, _slip),
    (226, _solaris), (178, _juniper), (178, _juniper_bare), (51, _session), (204, _ppp_direction), (100, _logical),
    *(_station(129, code) for code in (None, 0xCD, 0xF0)),
    *_TAPS, (7, _arcnet("3d00cd")), (7, _arcnet("3d00e800cd")), (7, _arcnet("3dc0d40000")),
]  # fmt: skip
_linked = st.one_of(
    st.builds(lambda body: (1, _ethernet(body)), st.one_of(_bodies, _tagged, _deep)),
    st.builds(lambda body: (1, _ethernet(body)), st.one_of(_bodies, _tagged)),
    st.builds(lambda link, body: (link[0], link[1](body)), st.sampled_from(_LINKS), st.one_of(_bodies, _tagged)),
)


def _damage(data: bytes, changes: list[tuple[int, int]]) -> bytes:
    changed = bytearray(data)
    for at, value in changes:
        if changed:
            changed[at % len(changed)] = value
    return bytes(changed)


def frames() -> st.SearchStrategy[Frame]:
    """Frames as captures hold them: half of them unharmed."""

    def build(linked: tuple[int, bytes], changes: list[tuple[int, int]], cut: int | None, padding: int, time_ns: int) -> Frame:
        link_type, data = linked
        whole = _damage(data, changes) + bytes(padding)
        return Frame(whole[:cut], link_type, len(whole), time_ns)

    return st.builds(
        build,
        _linked,
        st.one_of(st.just([]), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 255)), max_size=3)),
        st.one_of(st.none(), st.none(), st.integers(0, 90)),
        st.sampled_from([0, 0, 1, 18]),
        st.integers(0, 40).map(lambda seconds: seconds * 10**9),
    )
