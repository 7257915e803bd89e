"""What is only counted: told with its slot, or before where memory ends."""

import pytest

from otwatch.sightings import Sighting
from otwatch.wire import counts
from tests.wire.dialogues import MS, End, connection, hear, modbus, opened, summed, udp

HERE, THERE = "10.0.0.1", "10.0.0.2"


def test_time_that_stands_still_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    client, server = connection()
    frames = opened(client, server) + [client.says(modbus(at, bytes((3, 0, at % 200, 0, 1)))) for at in range(400)]
    frames += [udp(End(HERE, 1000 + at), End(THERE, 9), b"x") for at in range(100)]
    large = hear(frames, 20)
    monkeypatch.setattr(counts, "ROWS", 10)
    small = hear(frames, 20)
    assert summed(small) == summed(large)
    assert len(small) > len(large)


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_slot_is_told_once_and_by_the_time_of_its_packets(size: int) -> None:
    client, server = connection()
    poll = bytes.fromhex("0300000001")
    frames = [*opened(client, server), *(client.says(modbus(at, poll), at * 4_000 * MS) for at in range(6))]
    said = [item for item in hear(frames, size) if isinstance(item, Sighting)]
    assert [(item.times, item.first_ns // MS, item.last_ns // MS, item.frame.number) for item in said] == [
        (3, 0, 8_000, 3), (2, 12_000, 16_000, 6), (1, 20_000, 20_000, 8),
    ]  # fmt: skip
