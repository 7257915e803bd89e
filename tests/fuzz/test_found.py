"""What the fuzzer has found, as the bytes that showed it; and that every target still runs on good inputs."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otwatch.errors import RecordError
from otwatch.pipeline import replay
from otwatch.record import Record
from otwatch.record.columns import unpacked
from otwatch.results import FactRow
from tests.dissectors.samples import GOOD
from tests.fuzz.targets import TARGETS
from tests.sources import ROOT

FOUND = {
    # an answer whose version is no number was one in a whole segment, and none in two
    "version": ("http", b"\0\x80HTTP/1.\xff\xff 101 \r\nServer: a\r\n\r\n "),
    # a banner was said at the end of the text that happened to be there, and elsewhere when more followed
    "prompt": ("telnet", bytes.fromhex("26b3fffd452518fffa1801fff00d0a424d58204e4f4520303130300d0a0d0a6c6f67696e3a20fff90d0a506173ff77")),
    # a record that promises more than a record may hold was read as far as it was there
    "record": ("tls", bytes.fromhex("c1c1160303004a0200004603035f") + bytes(67) + bytes.fromhex("160303c04a0200004603035f") + bytes(67)),
    # a flaw behind the first message of a segment was told at its place in the message, and not in the segment
    "place in iec104": ("iec104", bytes.fromhex("0080680e3dffc1ff9bfef5ff030000000080680403003f0064010a0003600000000014")),
    "place in knx": (
        "knx",
        bytes.fromhex(
            "038006100310001304150b00350100f6011001aabb061003680013d51501000b00350100f6011001aabb06100310001304150100f6000b01351001a8bb"
        ),
    ),
    "place in hl7": (
        "hl7",
        bytes.fromhex(
            "02800b4d53487c5e7e5c267e44504902cececececececececeff4144b7b67c313031ce3bcececececece800b4d53487ccece"
            "fffffffff6cece800b0b0b0b0bffffcece800b0b0b0b0b0b0b53417c7c5e7e5c26fc44756e6b6e6f776e0d1c0d0b0b53417c"
            "7c5e7e5c26fc44756e6b6e6f776e0d1c0d41457c343731317c50617469656e74204f53454d2055756e6bffffffffffffffff"
            "ff6e6f776e0d1c0d"
        ),
    ),
    "place in mms": (
        "mms",
        bytes.fromhex(
            "03800300004302f0802fa02d0201090000000000000077a117010101a0056302f002800340001b7402f08001000100611630"
            "0c020183a0a0070502010101a0056302f002800340001b02f0803c000100610e010ba1981a034342311a114353300c020183"
            "a0a05707050249"
        ),
    ),
}


@pytest.mark.parametrize(("target", "data"), FOUND.values(), ids=FOUND)
def test_what_was_found(target: str, data: bytes) -> None:
    TARGETS[target].call(data)


@pytest.mark.parametrize("name", GOOD)
def test_targets_of_dissectors_take_good_messages(name: str) -> None:
    for how in range(16):
        for message in GOOD[name][:10]:
            TARGETS[name].call(bytes((how, 128)) + message)


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in GOOD])
@settings(max_examples=20)
@given(data=st.binary(max_size=200))
def test_targets_take_any_bytes(name: str, data: bytes) -> None:
    TARGETS[name].call(data)


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"site TEXT NOT NULL", b"site TEXT NOT \xd4ULL"), (b"Europe/Paris", b"Europe/Par\xffs"), (b"[1]", b"[x]")],
    ids=["schema", "text", "json"],
)
def test_a_damaged_record_is_refused(tmp_path: Path, before: bytes, after: bytes) -> None:
    """Found by the target `record`: what SQLite says of a damaged schema need not be UTF-8."""
    path = tmp_path / "record.db"
    with Record.create(path) as record:
        record.write(replay([str(ROOT / "pcaps" / "hospital.pcapng")])._replace(timezone="Europe/Paris"))
    content = path.read_bytes()
    assert before in content
    path.write_bytes(content.replace(before, after))
    with pytest.raises(RecordError), Record.open(path) as opened:
        opened.results()


@pytest.mark.parametrize("value", [None, "12", b"12", 1.5])
def test_a_column_of_another_type_is_refused(value: object) -> None:
    """Found by the target `record`: damage can put anything into a column, whatever its declaration says."""
    with pytest.raises(msgspec.ValidationError):
        unpacked(FactRow, ("modbus", "mbtcp.unit_id", "1", value, "[]"))
