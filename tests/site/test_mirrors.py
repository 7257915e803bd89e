"""What the site half makes of mirrors and tunnels in real captures."""

from pathlib import Path

import pytest

from otwatch import pipeline
from otwatch.results import Results


def replayed(captures: Path, name: str) -> Results:
    return pipeline.replay([str(captures / name)])


def keys(results: Results) -> set[str]:
    return {asset.key for asset in results.assets}


def test_the_ends_of_a_mirror_are_nobodys_conversation(captures: Path) -> None:
    results = replayed(captures, "link/zeek-erspan.pcap")
    assert {"192.168.69.2", "192.168.69.10"} <= keys(results)
    assert not {"10.200.0.3", "10.200.0.224"} & keys(results)  # although 39 frames are pieces of datagrams between them
    assert results.notes["tunnel: gre"] == 248


@pytest.mark.parametrize(
    ("name", "outer", "inner", "protocol"),
    [
        ("link/flowlab-gre-08_gre_sequence_ipv4_tcp.pcap", "192.0.2.30", "10.30.0.10", "gre"),
        ("link/pcapplusplus-GrePackets.pcapng", "2607:fcd0:100:2300::b108:2a6b", "8.8.8.8", "4in6"),
    ],
)
def test_tunnels_are_conversations_beside_the_one_inside(captures: Path, name: str, outer: str, inner: str, protocol: str) -> None:
    results = replayed(captures, name)
    assert {outer, inner} <= keys(results)
    assert protocol in {link.protocol for link in results.links}
    assert protocol not in {row.name for row in results.protocols}  # its packets are counted with what is inside


def test_what_was_captured_twice_is_reported(captures: Path) -> None:
    assert replayed(captures, "link/zeek-q-in-q.pcap").notes["packets captured twice"] == 2
