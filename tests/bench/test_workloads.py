"""The workloads are what they say: always the same bytes, understood by the wire half, told apart stage by stage."""

from collections import Counter
from pathlib import Path

import pytest

from otwatch.capture import open_captures
from otwatch.dissectors import DISSECTORS
from otwatch.events import CHANGES, Anomaly, Request
from otwatch.sightings import Sighting, Tally
from otwatch.wire import Wire, sightings
from tests.bench import run
from tests.bench.traffic.frames import write_pcap
from tests.bench.workloads import HOSTILE, ORDINARY, frames, workload
from tests.sources import sources

PACKETS = 4000


def heard(kind: str, folder: Path) -> tuple[list[Sighting], list[Tally]]:
    path = folder / "workload.pcap"
    write_pcap(path, frames(kind, PACKETS))
    batches = (batch for source in open_captures([path]) for batch in source.read())
    items = list(sightings(Wire(DISSECTORS), batches))
    return [one for one in items if isinstance(one, Sighting)], [one for one in items if isinstance(one, Tally)]


@pytest.mark.parametrize("kind", [*ORDINARY, *HOSTILE])
def test_same_bytes_every_time(kind: str) -> None:
    assert list(frames(kind, 500)) == list(frames(kind, 500))


@pytest.mark.parametrize("kind", [*ORDINARY, *HOSTILE])
def test_every_packet_is_counted(kind: str, tmp_path: Path) -> None:
    _, tallies = heard(kind, tmp_path)
    assert sum(sum(tally.packets) for tally in tallies) == PACKETS


@pytest.mark.parametrize(("kind", "service"), [("modbus", "modbus"), ("bacnet", "bacnet"), ("enip", "enip")])
def test_ordinary_workloads_are_understood(kind: str, service: str, tmp_path: Path) -> None:
    said, tallies = heard(kind, tmp_path)
    services = Counter(tally.conversation.service for tally in tallies)
    assert services.most_common(1)[0][0] in {service, "cip-io"}
    flawed = [one for one in said if isinstance(one.event, Anomaly)]  # random values of attributes that have a form
    assert len(flawed) < 0.001 * PACKETS
    writes = [one for one in said if isinstance(one.event, Request) and one.event.verb in CHANGES]
    asked = sum(one.times for one in said if isinstance(one.event, Request))
    assert 0.002 < len(writes) / asked < 0.03


@pytest.mark.parametrize("kind", ["modbus-distinct", "modbus-writes", "bacnet-distinct", "enip-distinct"])
def test_distinct_statements_are_distinct(kind: str, tmp_path: Path) -> None:
    said, _ = heard(kind, tmp_path)
    asked = [one for one in said if isinstance(one.event, Request)]
    assert len(asked) > 0.45 * PACKETS
    assert len({one.event for one in asked}) > 0.99 * len(asked)


def test_files_are_kept(tmp_path: Path) -> None:
    first = workload("modbus", 100, tmp_path)
    made = first.stat().st_mtime_ns
    assert workload("modbus", 100, tmp_path) == first
    assert first.stat().st_mtime_ns == made


def test_every_module_has_a_stage_or_leaves_it_to_its_callers() -> None:
    shared = ("errors", "events", "packets", "sightings", "changes", "results", "checks", "conclusions", "__main__")
    vocabulary = {f"otwatch.{name}" for name in shared}
    rows = {f"otwatch.results.{name}" for name in ("things", "findings", "network")}
    modules = {source.module for source in sources()} - vocabulary - rows - {"otwatch"}
    assert not [name for name in modules if not run.stage(name) and not name.startswith(run.SHARED)]
