"""The wire half as a whole: neither the borders of batches nor the short way may show in what comes out."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from otwatch.capture import open_captures
from otwatch.decode import statements
from otwatch.decode.sequence import CLEAN, Sequence, Sorted
from otwatch.dissectors import DISSECTORS
from otwatch.events import Anomaly, Answer, Request
from otwatch.packets import I64, Frames, Packets
from otwatch.sightings import SLOT_NS, Outcome, Sighting, Tally, singly
from otwatch.wire import Wire, sightings
from tests.wire.builders import regroup

SAMPLES = (
    "umas/iti-modicon_test.pcap", "ldap/zeek-ldap-starttls.pcap", "modbus/zeek-modbus-and-non-modbus-p502.pcap",
    "modbus/iti-modbus_test_data_part1.pcap", "modbus/arkime-modbus.pcap", "bacnet/icsnpp-bacnet_services.pcap",
    "enip/iti-EIP-LockPLCAttempt.pcap", "enip/icsnpp-enip_cip_example.pcap", "enip/iti-EIP-RebootorRestart.pcap",
    "malformed/zeek-fuzz-72.pcap", "malformed/ndpi-fuzz-2006-09-29-28586.pcap",
    "malformed/ndpi-reasm_crash_anon.pcapng", "ftp/ndpi-ftp-start-tls.pcap", "format/pcapplusplus-many_interfaces-1.pcapng",
)  # fmt: skip


def frames(path: Path, size: int) -> Iterator[Frames]:
    for source in open_captures([path]):
        for batch in source.read():
            yield from regroup(batch, size)


def heard(path: Path, size: int = 16_384) -> list[Sighting | Tally]:
    return list(sightings(Wire(DISSECTORS), frames(path, size)))


def existing(captures: Path, name: str) -> Path:
    if not (captures / name).exists():
        pytest.skip(f"{name} is not among the captures")
    return captures / name


@pytest.mark.parametrize("name", SAMPLES)
def test_batches_may_end_anywhere(captures: Path, name: str) -> None:
    path = existing(captures, name)
    assert heard(path, 7) == heard(path)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_long_way_says_the_same(captures: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing remembered and every segment through a stream of its own: slow, simple, and the oracle of the short way."""
    path = existing(captures, name)
    short = heard(path)
    monkeypatch.setattr(statements, "LONGEST", -1)

    def through_streams(self: Sequence, packets: Packets, rows: I64, direction: I64) -> Sorted:
        first = dict(zip(direction.tolist()[::-1], packets.seq[rows].tolist()[::-1], strict=True))
        begun = {at: (int(self.next[at]) if self.state[at] == CLEAN else seq, bool(self.state[at] == CLEAN)) for at, seq in first.items()}
        return Sorted(rows[:0], rows, begun, frozenset(), rows[:0])

    monkeypatch.setattr(Sequence, "sort", through_streams)
    assert heard(path) == short


@pytest.mark.parametrize("name", SAMPLES)
def test_waiting_for_silence_to_end_changes_nothing(captures: Path, name: str) -> None:
    """A sensor closes slots while nothing comes; a replay does it with the next frame."""
    path = existing(captures, name)
    wire, said, last_ns = Wire(DISSECTORS), list[Sighting | Tally](), 0
    for batch in frames(path, 1):
        now_ns = int(batch.time_ns[0])
        for waited_ns in range(last_ns + SLOT_NS, now_ns, SLOT_NS) if 0 < now_ns - last_ns < 100 * SLOT_NS else ():
            said.extend(singly(wire.wait(waited_ns)))
        last_ns = max(last_ns, now_ns)
        said.extend(singly(wire.take(batch)))
    said.extend(singly(wire.finish()))
    assert said == heard(path)


def test_messages_of_the_modbus_test_data(captures: Path) -> None:
    """45 messages, 14 exceptions and three writes, as tshark counts them; one more answer, in a frame tshark leaves undecoded."""
    said = [item for item in heard(existing(captures, "modbus/iti-modbus_test_data_part1.pcap")) if isinstance(item, Sighting)]
    requests = [item for item in said if isinstance(item.event, Request)]
    answers = sum(item.times for item in said if isinstance(item.event, Answer)) + sum(item.answer is not None for item in requests)
    errors = sum(item.times for item in said if isinstance(item.event, Answer) and item.event.error)
    errors += sum(item.outcome is Outcome.ERROR for item in requests)
    writes = [item for item in requests if item.event.verb == "WRITE"]
    assert (sum(item.times for item in requests) + answers, errors, len(writes)) == (45, 14, 3)
    assert [item.frame.number for item in writes] == [60, 63, 66]
    assert all(item.outcome is Outcome.OK and item.answer is not None for item in writes)


def test_services_of_a_bacnet_capture(captures: Path) -> None:
    said = Counter[str]()
    for item in heard(existing(captures, "bacnet/icsnpp-bacnet_services.pcap")):
        if isinstance(item, Sighting) and isinstance(item.event, Request):
            said[item.event.operation] += item.times
    assert said["readProperty"] == 3265
    assert said["i-Am"] == 307
    assert said["atomicWriteFile"] == 63
    assert said["writeProperty"] == 9


def test_no_capture_of_ordinary_traffic_is_malformed_to_us(captures: Path) -> None:
    for item in heard(existing(captures, "enip/iti-EIP-LockPLCAttempt.pcap")):
        assert not (isinstance(item, Sighting) and isinstance(item.event, Anomaly)), item
