"""EPATH: the objects, tags and ports that paths name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.cip import path as paths
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed


def path(text: str) -> paths.Path:
    raw = bytes.fromhex(text)
    return paths.path(Reader(raw), len(raw) // 2)


@pytest.mark.parametrize(
    ("text", "name", "classes", "instance", "attribute"),
    [
        ("20042465", "0x04/101", (4,), 101, None),
        ("200424653003", "0x04/101/3", (4,), 101, 3),
        ("2100320325003412", "0x332/4660", (0x332,), 0x1234, None),
        ("206826007856341230012805", "0x68/305419896/1[5]", (0x68,), 0x12345678, 1),
        ("20682409206b2407", "0x68/9/0x6b/7", (0x68, 0x6B), 7, None),
        ("200424012c652c66", "0x04/1/cp101/cp102", (4,), 1, None),
        ("200424013c0105003001", "0x04/1[5]/1", (4,), 1, 1),
        ("200424013d0105003001", "0x04/1[5]/1", (4,), 1, 1),
        ("340401000c00a60005082001", "0x01", (1,), None, None),
        ("43052004800101002401", "0x04/1", (4,), 1, None),
        ("5102000000002004", "0x04", (4,), None, None),
    ],
)
def test_logical_segments(text: str, name: str, classes: tuple[int, ...], instance: int | None, attribute: int | None) -> None:
    found = path(text)
    assert (found.name, found.classes, found.instance, found.attribute) == (name, classes, instance, attribute)
    assert not found.symbolic


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("910341485500" + "2803", "AHU[3]"),
        ("910341485500" + "2803" + "9108" + b"Setpoint".hex(), "AHU[3].Setpoint"),
        ("910341485500" + "28032804", "AHU[3,4]"),
        ("63414855", "AHU"),
        ("6021" + "4100", "A"),
        ("60c7" + "0500", "5"),
    ],
)
def test_symbols(text: str, name: str) -> None:
    found = path(text)
    assert found.symbolic
    assert found.name == name


@pytest.mark.parametrize(
    ("text", "hops", "far"),
    [
        ("0100", ("port 1/0",), ()),
        ("01031202000a", ("port 1/3", "port 2/000a"), ()),
        ("01001208" + b"10.1.2.3".hex(), ("port 1/0", "port 2/10.1.2.3"), ("10.1.2.3",)),
        ("1207" + b"1.2.3.4".hex() + "00", ("port 2/1.2.3.4",), ("1.2.3.4",)),
        ("0f123405" + "0100", ("port 13330/5", "port 1/0"), ()),
        ("1f070300" + b"1.2.3.4".hex() + "00", ("port 3/1.2.3.4",), ("1.2.3.4",)),
    ],
)
def test_ports(text: str, hops: tuple[str, ...], far: tuple[str, ...]) -> None:
    found = path(text)
    assert (found.hops, found.far) == (hops, far)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2300", "reserved width of a logical segment"),
        ("34030000", "unknown format of an electronic key"),
        ("e000", "reserved path segment 0xe0"),
        ("8100", "unknown data segment 0x81"),
        ("6000", "unknown format of a symbol"),
        ("2401" * 33, "path of more than 32 segments"),
        ("9110", "16 bytes expected, 0 left"),
    ],
)
def test_flawed_paths(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        path(text)


@given(st.binary(max_size=64).filter(lambda raw: len(raw) % 2 == 0))
def test_any_path_is_read_or_refused(raw: bytes) -> None:
    try:
        found = paths.path(Reader(raw), len(raw) // 2)
    except Malformed:
        return
    assert len(found.classes) + len(found.hops) <= paths.SEGMENTS
