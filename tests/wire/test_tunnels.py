"""wire/tunnels.py: the outer ends of what a mirror or a router wrapped up."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from otwatch.dissectors import DISSECTORS
from otwatch.sightings import Tally
from otwatch.wire import Wire, sightings
from tests.decode.builders import Frame, batch, ethernet
from tests.decode.wraps import IPV4, datagram, erspan_2, geneve, gre_plain, ip_in_ip, vxlan
from tests.wire.dialogues import Item, hear, requests, slots, tallies
from tests.wire.mirrored import ASK, GRANT, packet
from tests.wire.test_wire import heard


def outer(items: Iterable[Item]) -> list[tuple[str, str, str, str, int]]:
    return [
        (one.conversation.service, one.tunnel, one.conversation.client, one.conversation.server, one.packets[0])
        for one in tallies(items) if one.tunnel
    ]  # fmt: skip


def test_the_ends_of_a_mirror_are_told_as_such() -> None:
    frames = [Frame(ethernet(*erspan_2((IPV4, packet(1, 2, ASK, ident)))), time_ns=ident * slots(0.1)) for ident in range(1, 4)]
    items = hear(frames)
    assert outer(items) == [("erspan", "mirror", "10.1.0.1", "10.1.0.2", 3)]
    assert {one.conversation.client for one in requests(items)} == {"10.0.0.1"}
    assert sum(sum(tally.packets) for tally in tallies(items) if not tally.tunnel) == 3


def turned(body: tuple[int, bytes]) -> tuple[int, bytes]:
    """The same outer packet the other way."""
    kind, data = body
    return kind, data[:12] + data[16:20] + data[12:16] + data[20:]


@pytest.mark.parametrize("wrap", [vxlan, geneve])
def test_frames_that_go_both_ways_are_no_mirror(wrap: type) -> None:
    there, back = wrap((IPV4, packet(1, 2, ASK, 5))), turned(wrap((IPV4, packet(2, 1, GRANT, 6))))
    one_way = hear([Frame(ethernet(*there)), Frame(ethernet(*there), time_ns=slots(2))])
    assert [use for _, use, *_ in outer(one_way)] == ["mirror", "mirror"]
    later = hear([Frame(ethernet(*there)), Frame(ethernet(*there), time_ns=slots(2)), Frame(ethernet(*back), time_ns=slots(2))])
    assert [use for _, use, *_ in outer(later)] == ["mirror", "tunnel", "tunnel"]


@pytest.mark.parametrize(("wrap", "name", "transport"), [(gre_plain, "gre", "ip 47"), (ip_in_ip, "ip-in-ip", "ip 4")])
def test_packets_of_routers_are_traffic(wrap: type, name: str, transport: str) -> None:
    items = hear([Frame(ethernet(*wrap((IPV4, packet(1, 2, ASK, 5)))))])
    assert outer(items) == [(name, "tunnel", "10.1.0.1", "10.1.0.2", 1)]
    (tally,) = [one for one in tallies(items) if one.tunnel]
    assert (tally.conversation.transport, tally.conversation.server_port) == (transport, 0)


def test_an_ordinary_datagram_on_the_port_of_a_tunnel() -> None:
    frame = Frame(ethernet(IPV4, packet(1, 2, ASK, 5, port=4789)))
    assert outer(hear([frame])) == []
    assert datagram(4789, b"x")[2:4] == b"\x12\xb5"


def test_notes_count_by_kind() -> None:
    wire = Wire(DISSECTORS)
    list(sightings(wire, [batch([Frame(ethernet(*vxlan((IPV4, packet(1, 2, ASK, 5)))))] * 2)]))
    assert {name: times for name, times in wire.notes().items() if "tunnel" in name or "twice" in name} == {
        "tunnel: vxlan": 2, "packets captured twice": 1,
    }  # fmt: skip


def test_tunnels_of_a_capture_do_not_depend_on_batches(captures: Path) -> None:
    path = captures / "mixed/arkime-arkime_synthetic.pcap"
    assert heard(path, 7) == heard(path)
    assert {tally.conversation.service for tally in heard(path) if isinstance(tally, Tally) and tally.tunnel} >= {"gre", "vxlan", "geneve"}


