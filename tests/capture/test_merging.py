"""Captures that overlap in time become one stream: by examples, by properties, and by a recording that is dealt out to two files."""

from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture import Run, in_time_order, open_captures
from otwatch.capture.merging import WIDTH
from otwatch.packets import BATCH, Frames
from otwatch.pipeline import replay
from otwatch.results import Results
from tests.capture.builders import pcap, rows_of

Seen = tuple[str, int, int, bytes]
"""Capture, number in it, time, bytes."""


def run(name: str, times: list[int], size: int = 3) -> Run:
    """A capture of frames that say who they are, in batches of `size`."""
    return Run(times[0] if times else None, _batches(name, times, size))


def _batches(name: str, times: list[int], size: int) -> Iterator[Frames]:
    for at in range(0, len(times), size):
        content = [f"{name}:{at + row}".encode() for row in range(len(times[at : at + size]))]
        length = np.array([len(one) for one in content])
        number = np.arange(at + 1, at + 1 + len(content))
        data = np.frombuffer(b"".join(content) + b"behind", np.uint8)
        time_ns, zeros = np.array(times[at : at + size]), np.zeros(len(content), np.int64)
        yield Frames(data, np.cumsum(length) - length, length, length + 1, time_ns, zeros, number, zeros, (name,))


def seen(merged: Iterator[Frames]) -> list[Seen]:
    found: list[Seen] = []
    for frames in merged:
        names = [frames.captures[at] for at in frames.origin.tolist()]
        found += [(name, row.number, row.time_ns, row.frame) for name, row in zip(names, rows_of(frames), strict=True)]
    return found


def test_question_and_answer_of_two_taps() -> None:
    found = seen(in_time_order([run("asked", [10, 30, 50, 70, 90]), run("answered", [11, 31, 51])]))
    assert [(name, time) for name, _, time, _ in found] == [
        ("asked", 10), ("answered", 11), ("asked", 30), ("answered", 31), ("asked", 50), ("answered", 51), ("asked", 70), ("asked", 90),
    ]  # fmt: skip
    assert [data for *_, data in found][:3] == [b"asked:0", b"answered:0", b"asked:1"]


def test_a_batch_alone_is_not_copied() -> None:
    first, second = _batches("a", [1, 2, 3], 3), _batches("b", [4, 5], 3)
    alone = next(_batches("a", [1, 2, 3], 3))
    passed = list(in_time_order([Run(1, iter([alone])), Run(4, second)]))
    assert passed[0] is alone
    assert [frames.captures for frames in passed] == [("a",), ("b",)]
    assert next(first) is not alone


def test_what_nobody_can_date_comes_last() -> None:
    found = seen(in_time_order([run("file", [5, 9]), run("empty", []), Run(None, _batches("pipe", [1, 6], 3))]))
    assert [(name, time) for name, _, time, _ in found] == [("file", 5), ("file", 9), ("pipe", 1), ("pipe", 6)]


def test_a_clock_that_steps_back_keeps_the_order_of_its_capture() -> None:
    found = seen(in_time_order([run("a", [10, 4, 12], 2), run("b", [10, 11])]))
    assert [(name, time) for name, _, time, _ in found] == [("a", 10), ("a", 4), ("b", 10), ("b", 11), ("a", 12)]


def test_more_captures_than_are_read_at_once() -> None:
    """One more than the width waits for the end of another; nothing is lost."""
    names = [f"{number:02}" for number in range(WIDTH + 1)]
    found = seen(in_time_order([run(name, [at, 100 + at, 200 + at]) for at, name in enumerate(names)]))
    assert sorted(name for name, *_ in found) == sorted(names * 3)
    times = [time for name, _, time, _ in found if name != names[-1]]
    assert times == sorted(times)


def test_a_batch_does_not_grow_with_the_number_of_captures() -> None:
    times = list(range(0, 3 * BATCH, 2))
    sizes = [len(frames.start) for frames in in_time_order([run("a", times, BATCH), run("b", [time + 1 for time in times], BATCH)])]
    assert sum(sizes) == 2 * len(times)
    assert max(sizes) <= BATCH


@given(st.lists(st.lists(st.integers(0, 30), max_size=12), max_size=5), st.integers(1, 5))
def test_everything_comes_once_by_its_turn(runs: list[list[int]], size: int) -> None:
    """What is merged in memory at once, row by row, says the order; only of frames of the same time the batches may decide."""
    made = sorted((times[0] if times else 99, f"{number}", times) for number, times in enumerate(runs))
    found = seen(in_time_order([run(name, times, size) for _, name, times in made]))
    assert sorted((name, number) for name, number, *_ in found) == sorted(
        (name, number) for _, name, times in made for number in range(1, len(times) + 1)
    )
    turns = {(name, number): turn for _, name, times in made for number, turn in enumerate(accumulate(times, max), 1)}
    order = [turns[name, number] for name, number, *_ in found]
    assert all(one <= other for one, other in pairwise(order))
    for name in {name for name, *_ in found}:
        assert [number for one, number, *_ in found if one == name] == list(range(1, sum(one == name for one, *_ in found) + 1))
    assert all(data == f"{name}:{number - 1}".encode() for name, number, _, data in found)


def _dealt(path: Path, into: Path) -> list[Path]:
    """A recording dealt out to two taps: one hears what smaller addresses of the link layer send, the other the rest."""
    taps: tuple[list[tuple[int, int, bytes]], ...] = ([], [])
    for source in open_captures([path]):
        for frames in source.read():
            for row in rows_of(frames):
                taps[row.frame[6:12] > row.frame[:6]].append((*divmod(row.time_ns, 10**9), row.frame))
    paths = [into / "one.pcap", into / "two.pcap"]
    for tap, name in zip(taps, paths, strict=True):
        name.write_bytes(pcap(tap, magic=0xA1B23C4D))
    return paths


def _told(results: Results) -> object:
    """What is said, without the places where it stands."""
    return (
        [(row.detection, row.severity, row.client, row.server, row.first_ns, row.last_ns, row.times) for row in results.alerts],
        [(row.key, row.vendor, row.product, row.roles) for row in results.assets],
        [(row.client, row.server, row.protocol, row.verbs, row.packets, row.state) for row in results.links],
    )


@pytest.mark.parametrize(
    "name",
    [
        "modbus/lemay-send_a_fake_command_modbus_6RTU_with_operate.pcap", "modbus/iti-modbus_test_data_part1.pcap",
        "enip/icsnpp-enip_cip_example.pcap", "bacnet/icsnpp-bacnet_services.pcap",
    ],
)  # fmt: skip
def test_two_taps_say_what_one_recorder_says(captures: Path, tmp_path: Path, name: str) -> None:
    path = captures / name
    if not path.exists():
        pytest.skip(f"{name} is not among the captures")
    assert _told(replay([str(one) for one in _dealt(path, tmp_path)])) == _told(replay([str(path)]))


def test_two_recorders_of_the_same_say_it_once(captures: Path, tmp_path: Path) -> None:
    path = captures / "modbus/lemay-send_a_fake_command_modbus_6RTU_with_operate.pcap"
    for name in ("one.pcap", "two.pcap"):
        (tmp_path / name).write_bytes(path.read_bytes())
    once, both = replay([str(path)]), replay([str(tmp_path)])
    assert _messages(both) == _messages(once) != []
    assert [(row.detection, row.client, row.server, row.times) for row in both.alerts] == [
        (row.detection, row.client, row.server, row.times) for row in once.alerts
    ]


def _messages(results: Results) -> list[object]:
    return [(row.field, row.item, row.times) for row in results.facts if row.section == "modbus"]
