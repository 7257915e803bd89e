"""What mirror ports do to traffic: packets twice, packets wrapped up, packets cut off."""

from collections.abc import Iterable
from pathlib import Path
from struct import pack

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture import open_captures
from otwatch.dissectors import DISSECTORS
from otwatch.dissectors.modbus import MODBUS
from otwatch.events import Anomaly, Answer, Echo, Request, Truncated
from otwatch.packets import ACK
from otwatch.sightings import Outcome, Sighting, Tally
from otwatch.wire import Wire, sightings
from otwatch.wire.cut import read_cut
from tests.decode.builders import Frame, batch, ethernet
from tests.decode.wraps import IPV4, datagram, erspan_2, geneve, gre_plain, ip_in_ip, vxlan
from tests.wire.dialogues import CLIENT, MS, SERVER, Item, connection, hear, modbus, opened, requests, slots, tallies, tcp, udp, write
from tests.wire.test_wire import heard

ASK, GRANT = modbus(1, write(7)), modbus(1, write(7))


def packet(source: int, target: int, payload: bytes, ident: int, ttl: int = 64, port: int = 502) -> bytes:
    """A datagram 10.0.0.`source` -> 10.0.0.`target`; requests go to `port`."""
    ports = (40_000, port) if source == 1 else (port, 40_000)
    body = pack("!HHHH", *ports, 8 + len(payload), 0) + payload
    return pack("!BBHHHBBH4B4B", 0x45, 0, 20 + len(body), ident, 0, ttl, 17, 0, 10, 0, 0, source, 10, 0, 0, target) + body


def asked(ident: int, time_ns: int = 0, ttl: int = 64, macs: bytes = bytes(6) + bytes.fromhex("020000000001")) -> Frame:
    return Frame(macs + b"\x08\x00" + packet(1, 2, ASK, ident, ttl), time_ns=time_ns)


def granted(ident: int, time_ns: int = 0) -> Frame:
    return Frame(ethernet(IPV4, packet(2, 1, GRANT, ident)), time_ns=time_ns)


def echoes(items: Iterable[Item]) -> int:
    said = ((item.times, item.event) for item in items if isinstance(item, Sighting))
    return sum(times for times, event in said if isinstance(event, Echo) and isinstance(event.event, Request))


def truncated(items: Iterable[Item]) -> int:
    return sum(item.times for item in items if isinstance(item, Sighting) and isinstance(item.event, Truncated))


# -- twice -------------------------------------------------------------------------------------------------------------------------------


ROUTED = bytes.fromhex("0200000000aa0200000000bb")


@pytest.mark.parametrize(
    ("again", "times"),
    [
        (asked(5, MS), 1),  # a second port of the same switch
        (asked(5, 40 * MS, 63, ROUTED), 1),  # behind the router
        (asked(6, MS), 2),  # the device sends it again
        (asked(5, 60 * MS), 2),  # the identification has come round
    ],
)
def test_a_write_shown_twice_is_one_write(again: Frame, times: int) -> None:
    items = hear([asked(5), again, granted(9, 70 * MS)])
    assert len(requests(items)) == times
    assert echoes(items) == 2 - times
    assert sum(tally.twice for tally in tallies(items)) == 2 - times
    assert sum(tally.packets[0] for tally in tallies(items)) == 2


@pytest.mark.parametrize(("apart_ns", "times"), [(4 * MS, 1), (6 * MS, 2)])
def test_without_an_identification_only_what_comes_at_once_is_the_same(apart_ns: int, times: int) -> None:
    assert len(requests(hear([asked(0), asked(0, apart_ns)]))) == times


def test_an_answer_shown_twice_answers_once() -> None:
    items = hear([asked(5), asked(5, 1000), granted(9, MS), granted(9, MS + 1000)])
    assert [(one.outcome, one.times) for one in requests(items)] == [(Outcome.OK, 1)]
    assert [item for item in items if isinstance(item, Sighting) and isinstance(item.event, Answer)] == []
    assert sum(tally.twice for tally in tallies(items)) == 2


def test_another_payload_is_another_packet() -> None:
    other = Frame(ethernet(IPV4, packet(1, 2, modbus(1, write(8)), 5)), time_ns=MS)
    assert len(requests(hear([asked(5), other]))) == 2


def test_segments_shown_twice() -> None:
    client, server = connection()
    frames = [*opened(client, server), client.says(ASK, MS), server.says(GRANT, 2 * MS)]
    doubled = [frame for frame in frames for _ in range(2)]
    items = hear(doubled)
    assert [one.outcome for one in requests(items)] == [Outcome.OK]
    assert sum(tally.twice for tally in tallies(items)) == len(frames)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=20), st.integers(1, 5))
def test_batches_may_end_between_the_two(said: list[tuple[int, int]], size: int) -> None:
    time_ns, frames = 0, []
    for ident, later in said:
        time_ns += later * MS
        frames.append(asked(ident, time_ns))
    assert hear(frames, size) == hear(frames)


# -- wrapped up --------------------------------------------------------------------------------------------------------------------------


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


# -- cut off -----------------------------------------------------------------------------------------------------------------------------


def cut(frames: list[Frame], snap: int) -> list[Frame]:
    return [Frame(frame.data[:snap], frame.link_type, len(frame.data), frame.time_ns) for frame in frames]


WRITE_MANY = modbus(1, pack("!BHHB", 16, 100, 20, 40) + bytes(range(40)))


def anomalies(items: Iterable[Item]) -> int:
    return sum(item.times for item in items if isinstance(item, Sighting) and isinstance(item.event, Anomaly))


def test_a_cut_datagram_is_truncated_and_what_is_there_is_told() -> None:
    items = hear(cut([udp(CLIENT, SERVER, WRITE_MANY)], 14 + 28 + 13))
    (request,) = requests(items)
    assert isinstance(request.event, Request)
    assert (request.event.operation, request.event.values, truncated(items), anomalies(items)) == ("Write Multiple Registers", (), 1, 0)
    assert tallies(items)[0].lost == 40


@pytest.mark.parametrize("snap", range(42, 42 + len(WRITE_MANY)))
def test_no_length_makes_a_datagram_malformed(snap: int) -> None:
    items = hear(cut([udp(CLIENT, SERVER, WRITE_MANY), udp(CLIENT, SERVER, WRITE_MANY, slots(1))], snap))
    assert anomalies(items) == 0
    assert truncated(items) == (2 if snap >= 42 + 6 else 0)  # before, nothing tells that it is Modbus


@pytest.mark.parametrize("snap", [62, 64, 70, 80, 96])
def test_cut_segments_leave_a_gap_of_known_length(snap: int) -> None:
    """Each message is cut, the next begins where its segment begins: nothing waits, nothing else is lost."""
    client, server = connection()
    frames = opened(client, server)
    for ticket in range(1, 9):
        frames += [client.says(WRITE_MANY, ticket * MS), server.says(modbus(1, pack("!BHH", 16, 100, 20)), ticket * MS + 1)]
    items = hear(cut(frames, snap), 3)
    there = min(max(snap - 54, 0), len(WRITE_MANY))
    answer_lost = 8 * max(12 - max(snap - 54, 0), 0)
    assert sum(tally.lost for tally in tallies(items)) == 8 * (len(WRITE_MANY) - there) + answer_lost
    assert anomalies(items) == 0
    assert sum(tally.unread for tally in tallies(items)) == 0
    assert truncated(items) == (16 if answer_lost else 8)
    assert hear(cut(frames, snap)) == items


def test_a_segment_sent_again_is_cut_again() -> None:
    client, server = connection()
    frames = [*opened(client, server), client.says(WRITE_MANY, MS)]
    frames += [tcp(CLIENT, SERVER, client.seq - len(WRITE_MANY), WRITE_MANY, ACK, 300 * MS), client.says(ASK, 400 * MS)]
    items = hear(cut(frames, 70))
    assert (truncated(items), [one.times for one in requests(items)]) == (1, [1, 1])


@given(st.binary(max_size=60), st.integers(1, 40), st.sampled_from(DISSECTORS), st.sampled_from([True, False, None]))
def test_whatever_is_cut_there_is_no_anomaly_behind_it(payload: bytes, missing: int, dissector: object, asks: bool | None) -> None:
    reading, _ = read_cut(dissector, payload, missing, asks)  # type: ignore[arg-type]  # DISSECTORS is heterogeneous to hypothesis
    assert isinstance(reading.messages[-1].events[-1], Truncated)
    assert not any(isinstance(event, Anomaly) for event in reading.messages[-1].events)
    assert all(message.end <= len(payload) for message in reading.messages)


def test_messages_before_the_cut_are_whole() -> None:
    reading, ends = read_cut(MODBUS, ASK + WRITE_MANY[:20], len(WRITE_MANY) - 20, True)
    assert (len(reading.messages), ends) == (2, True)
    assert [type(event) for event in reading.messages[0].events] == [Request]


SNAPPED = ("modbus/iti-modbus_test_data_part1.pcap", "bacnet/icsnpp-bacnet_services.pcap", "enip/iti-EIP-LockPLCAttempt.pcap")


@pytest.mark.parametrize("name", SNAPPED)
@pytest.mark.parametrize("snap", [64, 96, 128])
def test_captures_with_a_snap_length(captures: Path, name: str, snap: int) -> None:
    def seen(snap: int) -> list[Item]:
        batches = open_captures([captures / name])[0].read()
        return list(sightings(Wire(DISSECTORS), (one._replace(length=np.minimum(one.length, snap)) for one in batches)))

    short, long = seen(snap), seen(1 << 20)
    assert anomalies(short) <= anomalies(long)
    assert truncated(short) > 0 or snap > 64
    assert truncated(long) == 0
