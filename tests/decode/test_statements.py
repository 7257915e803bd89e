"""Decode once: what is remembered, or forgotten, never shows in what is said."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture import open_captures
from otwatch.decode import shapes, statements
from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.decode.shapes import words
from otwatch.decode.statements import Meanings, Statements
from otwatch.dissectors import DISSECTORS
from otwatch.dissectors.base import Dissector, read
from otwatch.dissectors.modbus import MODBUS
from otwatch.events import Answer, Message, Reading, Verb
from otwatch.packets import Frames
from otwatch.wire import Wire, listening, sightings, stores
from tests.decode.builders import Frame, batch
from tests.wire.builders import regroup
from tests.wire.dialogues import Item, connection, hear, modbus, opened, slots, summed

SAMPLES = ("modbus/iti-modbus_test_data_part1.pcap", "bacnet/icsnpp-bacnet_services.pcap", "malformed/zeek-fuzz-72.pcap")


def memory() -> Statements:
    return Statements(Meanings(), lambda request: request.verb == Verb.WRITE)


def look_up(store: Statements, payloads: list[bytes]) -> list[int]:
    data = np.frombuffer(b"".join(payloads) + b"\0", dtype=np.uint8)
    length = np.array([len(one) for one in payloads])
    spans = zip(length.cumsum() - length, length, strict=True)
    return [int(store.find(data, np.array([start]), np.array([size]), 1)[0]) for start, size in spans]


def learn(store: Statements, payload: bytes, aside: tuple[tuple[int, int], ...] = ()) -> int:
    answer = Answer("modbus", "x", 1, details=(("payload", payload.hex()),))
    return store.learn(payload, store.weigh(Reading((Message(0, len(payload), (0, 0), (answer,)),), len(payload), aside)), 1)


def test_what_is_set_aside_does_not_decide() -> None:
    store = memory()
    assert learn(store, b"\1\2abc", ((0, 2),)) == 0
    assert store.recall(b"\7\7abc") == 0
    assert look_up(store, [b"\7\7abc"]) == [-1]
    store.settle()
    assert store.recall(b"\7\7abc") == -1
    assert look_up(store, [b"\7\7abc", b"\1\2abd", b"\1\2abc\0", b"\1\2ab"]) == [0, -1, -1, -1]


def test_other_bytes_decide_at_another_place() -> None:
    store = memory()
    first, second = learn(store, b"aXbbbb", ((1, 2),)), learn(store, b"cccXcc", ((3, 4),))
    store.settle()
    assert look_up(store, [b"a-bbbb", b"ccc-cc", b"c-cXcc"]) == [first, second, -1]


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=20), st.integers(0, 19)), max_size=30))
def test_each_payload_is_found_as_itself(said: list[tuple[bytes, int]]) -> None:
    store = memory()
    known: dict[bytes, int] = {}
    for payload, start in said:
        if store.recall(payload) < 0 and look_up(store, [payload]) == [-1]:
            known[payload] = learn(store, payload, ((start, min(start + 2, len(payload))),) if start < len(payload) else ())
        if len(known) % 3 == 0:
            store.settle()
    store.settle()
    assert [look_up(store, [payload])[0] for payload in known] == list(known.values())


def test_the_half_not_seen_for_longest_is_forgotten() -> None:
    store = memory()
    numbers = {payload: learn(store, payload) for payload in (b"a", b"bb", b"cccccccccc", b"d")}
    store.settle()
    assert sorted(numbers.values()) == [0, 1, 2, 3]
    store.find(np.frombuffer(b"d", np.uint8), np.array([0]), np.array([1]), 5)
    store.find(np.frombuffer(b"bb", np.uint8), np.array([0]), np.array([2]), 5)
    store.forget()
    store.restate(Meanings())
    assert look_up(store, [b"a", b"bb", b"cccccccccc", b"d"]) == [-1, 0, -1, 1]
    assert store.evicted == 2


def test_too_long_and_too_many_kinds_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MASKS", 2)
    monkeypatch.setattr(statements, "LONGEST", 8)
    store = memory()
    assert learn(store, b"x" * 9) == -1
    assert [learn(store, b"xxxxxx", ((at, at + 1),)) for at in range(4)] == [0, 1, -1, -1]
    store.forget()
    assert learn(store, b"xxxxxx", ((3, 4),)) == 1, "kinds that nothing is left of make room"


def test_words() -> None:
    assert [words(size) for size in (0, 1, 8, 9, 512, 513)] == [0, 1, 1, 2, 64, 65]


# --- as a whole ---------------------------------------------------------------------------------------------------------------------


def polls() -> list[Frame]:
    """Reads of many registers with ever new tickets and values, and some writes."""
    random = Random(3)
    client, server = connection()
    frames = opened(client, server)
    for turn in range(120):
        register = random.randrange(40)
        code = random.choice((3, 3, 3, 6))
        frames.append(client.says(modbus(turn, bytes((code, 0, register, 0, 1)), register % 5), slots(turn / 25)))
        tells = bytes((3, 2, 0, random.randrange(256))) if code == 3 else bytes((6, 0, register, 0, 1))
        frames.append(server.says(modbus(turn, tells, register % 5), slots(turn / 25)))
    return frames


def heard(path: Path, size: int) -> list[Item]:
    def batches() -> Iterator[Frames]:
        for source in open_captures([path]):
            for part in source.read():
                yield from regroup(part, size)

    return list(sightings(Wire(DISSECTORS), batches()))


def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "BOUND", 6)
    monkeypatch.setattr(shapes, "MASKS", 1)
    for module in (statements, listening):
        monkeypatch.setattr(module, "LONGEST", 40)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_little_memory_says_the_same(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    frames = polls()
    large = summed(hear(frames, size))
    forgetful(monkeypatch)
    assert summed(hear(frames, size)) == large


@pytest.mark.parametrize("name", SAMPLES)
def test_little_memory_says_the_same_of_captures(captures: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (captures / name).exists():
        pytest.skip(f"{name} is not among the captures")
    large = summed(heard(captures / name, 500))
    forgetful(monkeypatch)
    assert summed(heard(captures / name, 500)) == large


def test_meanings_of_what_is_not_remembered_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stray answers, each with an exception of its own, behind one short request: none is a statement, each has a meaning."""
    monkeypatch.setattr(stores, "BOUND", 50)
    monkeypatch.setattr(statements, "LONGEST", -1)
    client, server = connection()
    frames = opened(client, server)
    frames += [server.says(modbus(at, bytes((0x80 | 1 + at % 60, 1 + at // 60 % 4)), at % 247)) for at in range(2000)]
    wire = Wire(DISSECTORS)
    for part in regroup(batch(frames), 20):
        list(wire.take(part))
        assert len(wire._counts.meanings.events) <= 50 + 20


@pytest.mark.parametrize("dissector", DISSECTORS, ids=lambda one: one.name)
def test_what_a_dissector_sets_aside_changes_nothing(captures: Path, dissector: Dissector) -> None:
    """The promise that the memory stands on, held against the payloads of real captures."""
    random = Random(4)
    folder = captures / {"bacnet-ethernet": "bacnet", "cip-io": "enip", "arp": "l2"}.get(dissector.name, dissector.name)
    for payload in _payloads(folder):
        for is_request in (True, False, None):
            reading = read(dissector, payload, is_request)
            changed = bytearray(payload)
            for start, end in reading.aside:
                changed[start:end] = random.randbytes(end - start)
            again = read(dissector, bytes(changed), is_request)
            assert again == reading, (payload.hex(), bytes(changed).hex())


def _payloads(folder: Path) -> set[bytes]:
    """A few hundred distinct payloads of a folder of captures."""
    found: set[bytes] = set()
    for path in sorted(folder.rglob("*.pcap"))[:12]:
        for source in open_captures([path]):
            packets = decode(next(iter(source.read())), Fragments())
            for start, length in list(zip(packets.start.tolist(), packets.length.tolist(), strict=True))[:60]:
                found.add(packets.data[start : start + length].tobytes())
    return found


def test_modbus_is_remembered_at_all() -> None:
    reading = read(MODBUS, modbus(7, b"\3\0\1\0\1"), True)
    assert reading.aside == ((0, 2),)
