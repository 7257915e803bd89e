"""Good inputs for every target, made from the captures by otwatch itself; kept in the temporary folder, never in the project."""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from otwatch.capture import open_captures
from otwatch.errors import CaptureError
from otwatch.packets import TCP, Frames
from otwatch.pipeline import replay
from otwatch.record import Record
from tests.dissectors.samples import GOOD
from tests.dissectors.segments import segments
from tests.dissectors.spoken import Messages, spoken
from tests.fuzz.targets import LINK_TYPES, SERVERS, TARGETS
from tests.sources import ROOT

LARGEST = 400_000
"""Bytes of the largest capture that seeds are taken from."""
MOST, MOST_SLOW = 1500, 250
"""Seeds of a target: it starts by reading them all. Of targets that put a whole wire half together, fewer."""
OPENING = b"\x82\0\0\0\x03\0\0\0"
"""SYN and SYN with ACK, in the script of a dialogue."""


def sow(folder: Path) -> None:
    """Write the seeds of every target into a folder of its own."""
    for name, inputs in _inputs().items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        for data in islice(inputs, MOST if TARGETS[name].quick else MOST_SLOW):
            if len(data) <= TARGETS[name].longest:
                (place / sha256(data).hexdigest()[:16]).write_bytes(data)


def captures() -> list[Path]:
    """The captures that are small enough, from the folder that the tests use, and the sample capture."""
    folder = Path(os.environ.get("OTWATCH_CAPTURES", ROOT.parent / "shared" / "captures"))
    found = sorted(path for path in folder.rglob("*.pcap*") if path.stat().st_size <= LARGEST)
    return [ROOT / "pcaps" / "hospital.pcapng", *found]


def _inputs() -> dict[str, Iterator[bytes]]:
    paths = captures()
    messages = _messages(paths)
    return {name: _ordered(messages[name] | set(GOOD[name])) for name in messages} | {
        "streams": _dialogues(paths),
        "decode": _frames(paths, 4, 3),
        "wire": _frames(paths, 6, 1),
        "capture": _files(paths),
        "replay": _files(paths),
        "site": _sites(),
        "record": _records(paths),
    }


def _messages(paths: list[Path]) -> Messages:
    """All messages, capture by capture: each is a stream of packets of its own."""
    found: Messages = {}
    for path in paths:
        with suppress(CaptureError):
            for name, messages in spoken([path]).items():
                found.setdefault(name, set()).update(messages)
    return found


def _ordered(messages: set[bytes]) -> Iterator[bytes]:
    """Some of the messages of every length, in each role."""
    several = sorted(messages, key=lambda one: sha256(one).digest())
    for at, message in enumerate(several):
        yield bytes((at % 16, 128)) + message


def _dialogues(paths: list[Path]) -> Iterator[bytes]:
    """The first segments of every capture as scripts (targets.dialogue), a script for each service."""
    places = {server: place for place, server in enumerate(SERVERS)}
    for path in paths:
        scripts: dict[tuple[str, int], bytes] = {}
        with suppress(CaptureError):
            for one in islice(segments(path), 200):
                for side, port in ((0, one.dst_port), (1, one.src_port)):
                    server = ("tcp" if one.protocol == TCP else "udp", port)
                    if server in places and len(one.payload) < 256:
                        scripts[server] = scripts.get(server, OPENING) + bytes((side, 0, 2, len(one.payload))) + one.payload
        yield from (bytes((places[server],)) + script[: TARGETS["streams"].longest - 1] for server, script in scripts.items())


def _frames(paths: list[Path], together: int, inputs: int) -> Iterator[bytes]:
    """The first short frames of every capture, some in one input (targets.packets)."""
    for path in paths:
        with suppress(CaptureError):
            for source in open_captures([path]):
                yield from islice((data for frames in source.read() for data in _rows(frames, together)), inputs)


def _rows(frames: Frames, together: int) -> Iterator[bytes]:
    short = [row for row in range(len(frames.start)) if frames.length[row] <= 510 and frames.link_type[row] in LINK_TYPES]
    for at in range(0, len(short), together):
        rows = short[at : at + together]
        yield bytes((LINK_TYPES.index(int(frames.link_type[rows[0]])),)) + b"".join(_row(frames, row) for row in rows)


def _row(frames: Frames, row: int) -> bytes:
    start, size = int(frames.start[row]), int(frames.length[row])
    return bytes(((size + 1) // 2, 1)) + frames.data[start : start + size].tobytes() + b"\0" * (size % 2)


def _files(paths: list[Path]) -> Iterator[bytes]:
    yield from (path.read_bytes() for path in paths if path.stat().st_size <= TARGETS["capture"].longest)


def _sites() -> Iterator[bytes]:
    """Parts of the example sites, each behind its head."""
    for path in sorted((ROOT / "configs").glob("site*.yaml")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        for at in range(0, len(lines), 20):
            yield "".join((*lines[:12], *lines[at : at + 30])).encode()


def _records(paths: list[Path]) -> Iterator[bytes]:
    for path in paths[1:12]:
        with suppress(CaptureError), TemporaryDirectory() as folder:
            file = Path(folder) / "record.db"
            with Record.create(file) as record:
                record.write(replay([str(path)]))
            yield file.read_bytes()
