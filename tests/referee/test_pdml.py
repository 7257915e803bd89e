"""referee/pdml.py: ends, layers, words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.facts.ledger import Ends
from otwatch.referee.pdml import label, number, packet
from tests.outputs.hostile import strings
from tests.referee.trees import field, frame, layer, read, text


def test_ends_are_read_from_the_lines_of_layers() -> None:
    found = read(frame(7, sport=40000, dport=502))
    assert (found.number, found.ends) == (7, Ends("10.0.0.1", "10.0.0.2", 40000, 502))


def test_the_innermost_ends_count() -> None:
    inner = layer("ip", showname="Internet Protocol Version 4, Src: 192.168.1.1, Dst: 192.168.1.2")
    assert read(frame(1, inner)).ends == Ends("192.168.1.1", "192.168.1.2", 40000, 502)


def test_without_ip_ends_are_those_of_ethernet() -> None:
    eth = layer("eth", field("eth.dst", "Destination: x", "00:00:00:00:00:02"), field("eth.src", "Source: x", "00:00:00:00:00:01"))
    raw = f"<packet>{layer('geninfo', field('num', 'Number', '1'))}{eth}</packet>".encode()
    assert read(raw).ends == Ends("00:00:00:00:00:01", "00:00:00:00:00:02", 0, 0)


def test_layers_inside_others_are_found_and_kept_apart() -> None:
    outer = layer("cipcm", text("Embedded", layer("cip", field("cip.sc", "Service", "0x01"))))
    layers = {one.name: one for one in read(frame(1, outer)).layers}
    assert layers["cip"].number("cip.sc") == 1
    assert layers["cipcm"].first("cip.sc") is None
    assert layers["cipcm"].texts() == ["Embedded"]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("0001 .... = APDU Type: Confirmed-REQ (0)", "Confirmed-REQ"),
        ("Function: Original-Unicast-NPDU (0x0a)", "Original-Unicast-NPDU"),
        ("Segmentation Supported:  no-segmentation (3)", "no-segmentation"),
        ("Revision: 4.03", "4.03"),
        ("", "?"),
        (None, "?"),
    ],
)
def test_words_of_codes(line: str | None, word: str) -> None:
    assert label(line, "?") == word


@pytest.mark.parametrize(("said", "value"), [("16", 16), ("0x5a", 90), ("", None), (None, None), ("x", None)])
def test_numbers(said: str | None, value: int | None) -> None:
    assert number(said) == value


def test_bytes_that_xml_forbids_are_replaced() -> None:
    raw = frame(1, layer("x", field("x.y", "Y", "abc"))).replace(b"abc", b"a\x00\x1b\xffc")
    assert read(raw).layers[-1].first("x.y") == "a??\ufffdc"


def test_no_entity_is_unfolded() -> None:
    assert packet(b"<packet>&e;</packet>") is None
    assert packet(b'<packet><!DOCTYPE x [<!ENTITY e "y">]></packet>') is None


@given(raw=st.binary(max_size=200) | st.binary(max_size=60).map(lambda part: b"<packet>" + part + b"</packet>"))
def test_any_bytes_give_a_packet_or_none(raw: bytes) -> None:
    packet(raw)


@given(said=strings)
def test_any_text_is_read_back(said: str) -> None:
    found = packet(frame(1, layer("x", field("x.y", said, said))))
    assert found is None or found.layers[-1].first("x.y") is not None
