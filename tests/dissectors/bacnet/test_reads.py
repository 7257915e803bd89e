"""Services that read, subscribe and transfer files, literals (domain/protocols.md 2.5)."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.bacnet import reads
from otwatch.dissectors.bacnet.parameters import Said
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Request, Verb
from tests.dissectors.bacnet.said import flaw, of_apdu, original, reading


@pytest.mark.parametrize(
    ("apdu", "operation", "verb", "points", "details"),
    [
        ("0005010c0c023fffff194d", "readProperty", Verb.READ, ["device:4194303 object-name"], ()),
        ("0005010c0c0080000719572903", "readProperty", Verb.READ, ["analog-value:7 priority-array[3]"], ()),
        (
            "0005010e0c008000071e09550957190a1f0c020000011e09081f", "readPropertyMultiple", Verb.READ,
            ["analog-value:7 present-value", "analog-value:7 priority-array[10]", "device:1 all"], (),
        ),
        ("0005011a0c0500000119833e2101310a3f", "readRange", Verb.READ, ["trend-log:1 log-buffer"], (("by", "position"),)),
        (
            "0005010509121c000000012900393c", "subscribeCOV", Verb.SUBSCRIBE,
            ["analog-input 1"], (("process", "18"), ("lifetime_s", "60")),
        ),
        ("0005010509121c00000001", "subscribeCOV", Verb.SUBSCRIBE, ["analog-input 1"], (("process", "18"), ("cancel", "yes"))),
        (
            "0005011c09121c000000012900393c4e09554f", "subscribeCOVProperty", Verb.SUBSCRIBE,
            ["analog-input:1 present-value"], (("process", "18"), ("lifetime_s", "60")),
        ),
        (
            "00050106c4028000010e310021c80f", "atomicReadFile", Verb.FILE,
            ["file 1"], (("access", "stream"), ("start", "0"), ("count", "200")),
        ),
        (
            "00050107c4028000010e310064deadbeef0f", "atomicWriteFile", Verb.PROGRAM,
            ["file 1"], (("access", "stream"), ("start", "0"), ("octets", "4")),
        ),
        (
            "00050107c4028000011e31ff210262dead61be1f", "atomicWriteFile", Verb.PROGRAM,
            ["file 1"], (("access", "record"), ("start", "-1"), ("count", "2"), ("octets", "3")),
        ),
        ("0005011d", "getEventInformation", Verb.READ, [], ()),
        ("0005011d0c00000001", "getEventInformation", Verb.READ, ["analog-input 1"], ()),
        ("000501210c0f400001", "auditLogQuery", Verb.READ, ["audit-log 1"], ()),
    ],
)  # fmt: skip
def test_requests(apdu: str, operation: str, verb: Verb, points: list[str], details: Details) -> None:
    (asked,) = of_apdu(apdu)
    assert isinstance(asked, Request)
    assert (asked.operation, asked.verb, [str(point) for point in asked.points], asked.details) == (operation, verb, points, details)


def test_subscribe_to_several() -> None:
    wanted = "0c000000011e0e09550f1c3f8000000e096f0f1f"
    (asked,) = of_apdu("0005011e09121900293c" + "4e" + wanted + "4f")
    assert isinstance(asked, Request)
    assert [str(point) for point in asked.points] == ["analog-input:1 present-value", "analog-input:1 status-flags"]
    assert asked.details == (("process", "18"), ("lifetime_s", "60"))


def test_what_is_written_to_a_file_is_never_read() -> None:
    assert (19, 23) in reading(original("0100" + "00050107c4028000010e310064deadbeef0f")).aside


def test_a_file_without_access() -> None:
    assert flaw(of_apdu("00050107c4028000012e2f")) == "stream or record access expected"


ROWS = st.lists(st.tuples(st.integers(0, (1 << 32) - 1), st.integers(0, 255)), max_size=5)
"""Objects, and one property of each."""


@given(ROWS, st.binary(max_size=12), st.integers(0, 60), st.integers(0, 255))
def test_one_property_each_is_read_as_any_list_is(rows: list[tuple[int, int]], behind: bytes, at: int, byte: int) -> None:
    plain = bytearray(b"".join(pack(">BIBBBB", 0x0C, number, 0x1E, 0x09, part, 0x1F) for number, part in rows) + behind)
    if at < len(plain):
        plain[at] = byte
    with pytest.MonkeyPatch.context() as patch:
        found = said(plain)
        patch.setattr(reads, "_one_property_each", lambda _read: [])
        assert found == said(plain)


def said(asked: bytearray) -> Said | str:
    try:
        return reads.read_property_multiple(Reader(bytes(asked)), ())
    except Malformed as flaw:
        return f"{flaw.reason} at {flaw.offset}"
