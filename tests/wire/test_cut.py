"""wire/cut.py: what the snap length cut is truncated, and never malformed."""

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
from otwatch.events import Anomaly, Request, Truncated
from otwatch.packets import ACK
from otwatch.sightings import Sighting
from otwatch.wire import Wire, sightings
from otwatch.wire.cut import read_cut
from tests.decode.builders import Frame
from tests.wire.dialogues import CLIENT, MS, SERVER, Item, connection, hear, modbus, opened, requests, slots, tallies, tcp, udp
from tests.wire.mirrored import ASK


def truncated(items: Iterable[Item]) -> int:
    return sum(item.times for item in items if isinstance(item, Sighting) and isinstance(item.event, Truncated))


def anomalies(items: Iterable[Item]) -> int:
    return sum(item.times for item in items if isinstance(item, Sighting) and isinstance(item.event, Anomaly))


def cut(frames: list[Frame], snap: int) -> list[Frame]:
    return [Frame(frame.data[:snap], frame.link_type, len(frame.data), frame.time_ns) for frame in frames]


WRITE_MANY = modbus(1, pack("!BHHB", 16, 100, 20, 40) + bytes(range(40)))


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


@pytest.mark.parametrize("snap", range(42, 42 + len(WRITE_MANY)))
def test_a_mirror_that_slices_makes_no_datagram_malformed(snap: int) -> None:
    """A tap or SPAN port that slices packets sends short frames, whole to whoever captures them: only their lengths tell."""
    sliced = [
        Frame(frame.data[:snap], time_ns=frame.time_ns)
        for frame in (udp(CLIENT, SERVER, WRITE_MANY), udp(CLIENT, SERVER, WRITE_MANY, slots(1)))
    ]
    items = hear(sliced)
    assert anomalies(items) == 0
    assert truncated(items) == (2 if snap >= 42 + 6 else 0)


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
