from pathlib import Path
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture.batches import MAX_CAPTURED
from otwatch.capture.pcapng import MAX_BLOCK, MAX_INTERFACES
from tests.capture.builders import Row, block, enhanced, interface, obsolete, option, read, section, simple, statistics

MICRO = 1000
NANOSECONDS = option(9, b"\x09")


def rows_of(tmp_path: Path, *blocks: bytes, most: int = 1000) -> list[Row]:
    """The rows of a capture that must be whole."""
    path = tmp_path / "a.pcapng"
    path.write_bytes(b"".join(blocks))
    rows, summary = read(path, most)
    assert (summary.broken, summary.format, summary.frames) == ("", "pcapng", len(rows))
    return rows


def break_of(tmp_path: Path, *blocks: bytes) -> tuple[int, str]:
    """How many frames there are before the break, and its reason."""
    path = tmp_path / "a.pcapng"
    path.write_bytes(b"".join(blocks))
    rows, summary = read(path)
    place = f"breaks off after frame {len(rows)}, at byte "
    assert summary.broken.startswith(place)
    return len(rows), summary.broken.removeprefix(place)


@pytest.mark.parametrize("order", ["<", ">"])
def test_all_packet_blocks(tmp_path: Path, order: str) -> None:
    blocks = [enhanced(b"abcde", 2**32 + 7, 1, order), obsolete(b"ab", 9, 0, order=order), simple(b"xyz", order=order)]
    rows = rows_of(tmp_path, section(order), interface(1, order=order), interface(113, order=order), *blocks)
    assert rows == [
        Row(1, (2**32 + 7) * MICRO, b"abcde", 5, 113),
        Row(2, 9 * MICRO, b"ab", 2, 1),
        Row(3, 9 * MICRO, b"xyz", 3, 1),
    ]


def test_simple_packets_before_any_time(tmp_path: Path) -> None:
    assert [row.time_ns for row in rows_of(tmp_path, section(), interface(), simple(b"a"), simple(b"b"))] == [0, 0]


def test_simple_packets_are_cut_to_the_snap_length(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, section(), interface(snap=5), simple(b"abcde", wire=1514), simple(b"abc"))
    assert [(row.frame, row.wire) for row in rows] == [(b"abcde", 1514), (b"abc", 3)]


def test_each_section_has_its_own_order_interfaces_and_clock(tmp_path: Path) -> None:
    first = section("<") + interface(1) + enhanced(b"a", 5)
    second = section(">") + interface(113, options=option(9, b"\x09", ">"), order=">") + enhanced(b"b", 6, order=">")
    assert rows_of(tmp_path, first, second, first) == [
        Row(1, 5 * MICRO, b"a", 1, 1), Row(2, 6, b"b", 1, 113), Row(3, 5 * MICRO, b"a", 1, 1),
    ]  # fmt: skip


def test_an_interface_may_come_late(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, section(), interface(1), enhanced(b"a"), interface(113), enhanced(b"b", index=1))
    assert [row.link_type for row in rows] == [1, 113]


@pytest.mark.parametrize("most", [1, 2, 1000])
def test_other_blocks_are_passed_and_not_counted(tmp_path: Path, most: int) -> None:
    others = [block(kind, b"whatever") for kind in (4, 5, 9, 10, 0xBAD, 0x80000001)]
    between = [piece for other in others for piece in (other, enhanced(b"a", options=option(1, b"remark")))]
    rows = rows_of(tmp_path, section(), *others, interface(), *between, *others, most=most)
    assert [(row.number, row.frame) for row in rows] == [(n, b"a") for n in range(1, 7)]


@pytest.mark.parametrize(
    ("blocks", "lost"),
    [
        ([], None),
        ([block(5, b"short"), statistics(0, ifrecv=9)], None),
        ([statistics(0, ifdrop=0)], 0),
        ([statistics(0, ifdrop=3, osdrop=4)], 7),
        ([statistics(0, ifdrop=3), enhanced(b"a"), statistics(0, ifdrop=5), statistics(1, osdrop=1)], 6),
        ([statistics(2, ifdrop=9)], None),
        ([statistics(0, ifdrop=1), section(">"), interface(order=">"), statistics(0, ">", ifdrop=2)], 3),
        ([statistics(0, ifdrop=1), section(), section(), interface(), statistics(0, ifdrop=2), section()], 3),
        ([section(), statistics(0, ifdrop=1)], None),
        ([block(5, pack("<III", 0, 0, 0) + option(5, b"\x01"))], None),
    ],
)
@pytest.mark.parametrize("most", [1, 1000])
def test_what_the_recorder_lost(tmp_path: Path, blocks: list[bytes], lost: int | None, most: int) -> None:
    """Counters of each interface of each section run from the beginning: the last one holds."""
    path = tmp_path / "a.pcapng"
    path.write_bytes(b"".join([section(), interface(), interface(), enhanced(b"a"), *blocks]))
    _, summary = read(path, most)
    assert (summary.lost, summary.broken) == (lost, "")


SOUND = section() + interface()
BREAKS = {
    "few bytes": (bytes(5), "5 of at least 12 bytes of a block are there"),
    "inside a block": (enhanced(bytes(40))[:50], "50 of 72 bytes of a block of type 0x6 are there"),
    "short block": (pack("<III", 0x99, 8, 8), f"a block of type 0x99 announces 8 bytes, 12 to {MAX_BLOCK} are possible"),
    "short packet": (block(6, bytes(8)), f"a block of type 0x6 announces 20 bytes, 32 to {MAX_BLOCK} are possible"),
    "long block": (pack("<III", 0x99, 2**31, 0), f"a block of type 0x99 announces {2**31} bytes, 12 to {MAX_BLOCK} are possible"),
    "two lengths": (enhanced(b"ab")[:-4] + pack("<I", 37), "a block of type 0x6 has 36 bytes by its first length and 37 by its second"),
    "two lengths, unknown": (block(9, b"ab")[:-4] + bytes(4), "a block of type 0x9 has 16 bytes by its first length and 0 by its second"),
    "unknown interface": (enhanced(b"ab", index=1), "a frame of interface 1, while 1 are known"),
    "frame beyond its block": (block(6, pack("<IIIII", 0, 0, 0, 9, 9) + bytes(8)), "a frame of 9 bytes in a block of 40"),
    "absurd frame": (enhanced(bytes(MAX_CAPTURED + 1)), "a frame of 262145 bytes in a block of 262180"),
    "no magic": (block(0x0A0D0D0A, bytes(16)), "a section without the byte-order magic 1a2b3c4d"),
    "short section": (block(0x0A0D0D0A, pack("<I", 0x1A2B3C4D)), "a section header of 16 bytes, at least 28 are needed"),
    "new version": (section(major=2), "pcapng version 2, only 1 is known"),
    "short interface": (block(1, bytes(4)), "an interface block with 4 bytes inside, at least 8 are needed"),
    "too many interfaces": (interface() * MAX_INTERFACES, f"more than {MAX_INTERFACES} interfaces in one section"),
}  # fmt: skip


@pytest.mark.parametrize(("flaw", "reason"), BREAKS.values(), ids=BREAKS)
def test_what_breaks_off_gives_what_was_before(tmp_path: Path, flaw: bytes, reason: str) -> None:
    behind = [b""] if "are there" in reason else [b"", bytes(100)]  # more bytes would make a short block another flaw
    for garbage in behind:
        frames, text = break_of(tmp_path, SOUND, enhanced(b"a") * 3, flaw, garbage)
        assert (frames, text.partition(": ")[2]) == (3, reason)


def test_the_place_of_a_break(tmp_path: Path) -> None:
    whole = SOUND + enhanced(b"a") + block(9, b"ab")
    assert break_of(tmp_path, whole, bytes(3))[1].startswith(f"{len(whole)}: ")


def test_a_frame_before_any_interface(tmp_path: Path) -> None:
    assert break_of(tmp_path, section(), simple(b"a"))[1].endswith(": a frame of interface 0, while 0 are known")


PIECES = st.lists(
    st.one_of(
        st.builds(enhanced, st.binary(max_size=20), st.integers(0, 2**53), st.integers(0, 1)),
        st.builds(obsolete, st.binary(max_size=20), st.integers(0, 2**53), st.integers(0, 1)),
        st.builds(simple, st.binary(max_size=20)),
        st.builds(block, st.sampled_from([4, 5, 9, 77]), st.binary(max_size=20)),
        st.builds(statistics, st.integers(0, 2), ifdrop=st.integers(0, 2**64 - 1)),
        st.builds(interface, st.integers(0, 300), st.integers(0, 30), st.binary(max_size=20)),
    ),
    max_size=12,
)


@given(PIECES, st.integers(1, 5), st.integers(1, 100))
def test_batches_and_pieces_change_nothing(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], most: int, piece: int) -> None:
    path = tmp_path_factory.getbasetemp() / "pieces.pcapng"
    path.write_bytes(b"".join([section(), interface(), interface(113, options=NANOSECONDS), *pieces]))
    rows, summary = read(path)
    assert len(rows) == sum(one[0] in (2, 3, 6) for one in pieces)
    assert not summary.broken
    assert read(path, most, piece) == (rows, summary)


@given(PIECES, st.lists(st.integers(0, 600), max_size=3), st.binary(max_size=40))
def test_damage_breaks_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], places: list[int], garbage: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.pcapng"
    content = bytearray(b"".join([section(), interface(), interface(), *pieces]) + garbage)
    for place in places:
        content[20 + place % (len(content) - 20)] ^= 0x55
    path.write_bytes(content)
    rows, summary = read(path)
    assert summary.frames == len(rows)
    assert read(path, 2, 7) == (rows, summary)
