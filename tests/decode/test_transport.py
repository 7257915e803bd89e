"""decode/transport.py: TCP and UDP headers, whole, cut off and lying; a frame never reads its neighbour."""

from typing import Any

import numpy as np
import pytest

from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.packets import FLAWS
from tests.decode.builders import Frame, batch, ethernet, ipv4, tcp, udp
from tests.decode.oracle import rows_of


def row(protocol: int, body: bytes, cut: int = 0, total: int | None = None) -> dict[str, Any]:
    whole = ethernet(0x0800, ipv4(protocol, body, total=total))
    return rows_of(decode(batch([Frame(whole[: len(whole) - cut], wire=len(whole))]), Fragments()))[0]


def test_tcp() -> None:
    seen = row(6, tcp(b"poll", options=bytes(12), flags=0x18))
    assert [seen[name] for name in ("src_port", "dst_port", "seq", "ack", "flags")] == [40_000, 502, 7, 9, 0x18]
    assert (seen["payload"], seen["flaw"], seen["missing"]) == (b"poll", 0, 0)


def test_tcp_numbers_are_kept_when_the_options_are_cut_off() -> None:
    seen = row(6, tcp(b"poll", options=bytes(12)), cut=10)
    assert (FLAWS[seen["flaw"]], seen["dst_port"], seen["seq"], seen["length"], seen["missing"]) == (
        "frame ends inside its transport header", 502, 7, 0, 4,
    )  # fmt: skip


def test_tcp_cut_before_its_numbers() -> None:
    seen = row(6, tcp(b"poll"), cut=12)
    assert (FLAWS[seen["flaw"]], seen["dst_port"], seen["length"], seen["missing"]) == ("frame ends inside its transport header", 0, 0, 12)


@pytest.mark.parametrize("body", [tcp(b"poll").replace(b"\x50\x18", b"\x40\x18"), tcp(b"poll").replace(b"\x50\x18", b"\xf0\x18")])
def test_tcp_with_an_impossible_data_offset(body: bytes) -> None:
    seen = row(6, body)
    assert (FLAWS[seen["flaw"]], seen["dst_port"], seen["length"]) == ("transport header is wrong", 502, 0)


@pytest.mark.parametrize(("protocol", "body"), [(6, tcp(b"")[:19]), (17, udp(b"")[:7])])
def test_ip_promises_less_than_a_header(protocol: int, body: bytes) -> None:
    seen = row(protocol, body + b"tail", total=20 + len(body))
    assert (FLAWS[seen["flaw"]], seen["dst_port"], seen["length"]) == ("transport header is wrong", 0, 0)


@pytest.mark.parametrize(
    ("length", "payload", "flaw"),
    [(None, b"who-is", ""), (12, b"who-", ""), (8, b"", ""), (0, b"who-is", "transport header is wrong"),
     (7, b"who-is", "transport header is wrong"), (15, b"who-is", "transport header is wrong")],
)  # fmt: skip
def test_udp_length(length: int | None, payload: bytes, flaw: str) -> None:
    seen = row(17, udp(b"who-is", length))
    assert (seen["dst_port"], seen["payload"], FLAWS[seen["flaw"]]) == (47_808, payload, flaw)


def test_where_both_lengths_promise_more_the_datagram_was_cut() -> None:
    seen = row(17, udp(b"who-is", 8 + 400), total=20 + 8 + 400)
    assert (FLAWS[seen["flaw"]], seen["payload"], seen["missing"]) == ("IP header is wrong", b"who-is", 394)


@pytest.mark.parametrize(
    ("protocol", "kind", "port"), [(1, 3, 3), (1, 5, 5), (1, 11, 11), (1, 8, 0), (1, 0, 0), (58, 1, 1), (58, 128, 0), (2, 3, 0)]
)
def test_errors_of_icmp_are_apart_from_what_two_hosts_say(protocol: int, kind: int, port: int) -> None:
    seen = row(protocol, bytes([kind, 0, 0, 0]) + bytes(28))
    assert (seen["src_port"], seen["dst_port"], len(seen["payload"])) == (port, port, 32)


def test_other_protocols_have_no_ports() -> None:
    seen = row(1, b"echo request")
    assert (seen["protocol"], seen["src_port"], seen["payload"]) == (1, 0, b"echo request")


def test_a_cut_frame_never_reads_its_neighbour() -> None:
    whole = ethernet(0x0800, ipv4(6, tcp(b"poll")))
    alone = [decode(batch([Frame(whole[:size], wire=len(whole))]), Fragments()) for size in range(len(whole))]
    beside = decode(batch([Frame(whole[:size], wire=len(whole)) for size in range(len(whole))]), Fragments())
    assert rows_of(beside) == [rows_of(one)[0] for one in alone]


def test_rows_and_columns_keep_their_shape() -> None:
    for frames in ([], [Frame(b"")], [Frame(b""), Frame(ethernet(0x0800, ipv4(17, udp(b"x")))), Frame(b"\x45", 101)]):
        packets = decode(batch(frames), Fragments())
        columns = {name: column for name, column in packets._asdict().items() if name not in ("data", "captures", "outer")}
        assert {column.shape for column in columns.values()} == {(len(frames),)}
        kinds = {"src_hi": np.uint64, "src_lo": np.uint64, "dst_hi": np.uint64, "dst_lo": np.uint64, "flaw": np.uint8, "fragment": np.bool_}
        for name, column in columns.items():
            assert column.dtype == kinds.get(name, np.int64), name
