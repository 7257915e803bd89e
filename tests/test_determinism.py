"""The same packets give the same results: in any batches, in one file or in ten, in any order of files, in any process.

Compared are whole `Results` where the process is the same (outputs see nothing else), and the bytes of every output where it is not.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from otwatch.alerts.evidence import display_filter
from otwatch.capture import Source, open_captures
from otwatch.capture.condition import PREFIX
from otwatch.capture.reading import Reading
from otwatch.config import load_site
from otwatch.packets import Frames
from otwatch.pipeline import replay
from otwatch.results import Results
from otwatch.sightings import Frame
from tests.capture.builders import pcap
from tests.conftest import ROOT

HOSPITAL = ROOT / "pcaps" / "hospital.pcapng"
SITE = ROOT / "configs" / "site.yaml"
SAMPLES = (
    "modbus/arkime-modbus.pcap", "modbus/iti-modbus_test_data_part1.pcap", "umas/iti-modicon_test.pcap",
    "bacnet/icsnpp-bacnet_services.pcap", "enip/iti-EIP-LockPLCAttempt.pcap", "enip/icsnpp-enip_cip_example.pcap",
    "snmp/zeek-snmpwalk-short.pcap",
    "http/arkime-http-basicauth.pcap", "ftp/zeek-bruteforce.pcap", "attack/sanders-arppoison.pcapng", "malformed/zeek-fuzz-72.pcap",
    "malformed/ndpi-fuzz-2006-09-29-28586.pcap",
)  # fmt: skip
"""Every protocol, dialogues with answers and without, gaps, fragments, and what is malformed."""
PIECES = 10
BY_FILE = {f"{PREFIX}{name}" for name in ("silences", "silent seconds", "steps back", "open checksums")}
"""Notes that are about single files: the sample of checksums goes by frame number, and what lies between two files is nobody's silence."""


@pytest.fixture(params=[str(HOSPITAL), *SAMPLES], ids=lambda name: Path(name).stem)
def capture(request: pytest.FixtureRequest, captures: Path) -> Path:
    path = captures / request.param
    if not path.exists():
        pytest.skip(f"{request.param} is not among the captures")
    return path


@cache
def said(path: Path) -> Results:
    return _replayed([path])


def _replayed(paths: list[Path]) -> Results:
    site = load_site(SITE) if any("hospital" in path.name for path in paths) else None
    return replay([str(path) for path in paths], site)


@pytest.mark.parametrize(("most", "piece"), [(7, 1 << 12), (1000, 333)])
def test_batches(capture: Path, most: int, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches end on size live, and on time: they may end anywhere."""
    expected = said(capture)
    monkeypatch.setattr(Source, "read", lambda self, progress: Reading(self, progress, most, piece))
    assert _replayed([capture]) == expected


def test_one_file_or_ten(capture: Path, tmp_path: Path) -> None:
    """As `editcap -c` cuts. Names of files and numbers of frames differ by nature: each frame is looked up in the whole
    file first. A display filter holds for one file, so it is made anew from these frames; rows of captures and BY_FILE are left out.

    Files are read by the time of their first frames, so a capture whose clock went back between two parts cannot be cut.
    """
    rows = [row for frames in open_captures([capture])[0].read() for row in _frames(frames)]
    links = {link for _, _, link in rows}
    if len(links) != 1:
        pytest.skip("a pcap holds frames of one link type")
    size = -(-len(rows) // PIECES)
    whole, *parts = [_written(tmp_path, name, rows[at : at + many]) for name, at, many in [
        ("whole", 0, len(rows)), *((f"part{at // size}", at, size) for at in range(0, len(rows), size)),
    ]]  # fmt: skip
    in_one, in_ten = _replayed([whole]), _replayed(parts)
    before = {str(part): at * size for at, part in enumerate(parts)}
    assert len(in_ten.captures) == len(parts)
    assert _on_one_file(in_ten, before) == _on_one_file(in_one, {str(whole): 0})


def _frames(frames: Frames) -> Iterator[tuple[int, bytes, int]]:
    for start, length, time_ns, link in zip(frames.start, frames.length, frames.time_ns, frames.link_type, strict=True):
        yield int(time_ns), frames.data[start : start + length].tobytes(), int(link)


def _written(folder: Path, name: str, rows: list[tuple[int, bytes, int]]) -> Path:
    path = folder / f"{name}.pcap"
    split = [(*divmod(time_ns, 10**9), data) for time_ns, data, _ in rows]
    path.write_bytes(pcap(split, magic=0xA1B23C4D, link=rows[0][2]))
    return path


def _on_one_file(results: Results, before: dict[str, int]) -> Results:
    notes = {name: times for name, times in results.notes.items() if name not in BY_FILE}
    rows = _moved(results._replace(captures=(), notes=notes), before)
    alerts = tuple(one._replace(filter=display_filter(one.frames, one.answers)) for one in rows.alerts)
    return rows._replace(alerts=alerts)


def _moved(of: Any, before: dict[str, int]) -> Any:
    """All frames in `of`, as they are counted in the whole file."""
    if isinstance(of, Frame):
        return Frame("whole", before[of.capture] + of.number)
    if isinstance(of, tuple):
        parts = [_moved(one, before) for one in of]
        return type(of)(*parts) if hasattr(of, "_fields") else tuple(parts)
    return of


def test_the_order_in_which_captures_are_named(captures: Path) -> None:
    paths = [captures / name for name in SAMPLES if (captures / name).exists()]
    assert _replayed(paths) == _replayed(paths[::-1]) == _replayed([*paths[3:], *paths[:3]])


@pytest.mark.parametrize("several", [False, True], ids=["hospital", "captures"])
def test_processes(several: bool, captures: Path, tmp_path: Path) -> None:
    """Python hashes texts differently in every process, and so may order sets; not one byte of any output shows it."""
    paths = [captures / name for name in SAMPLES if (captures / name).exists()] if several else [HOSPITAL]
    first, second = (_outputs(seed, tmp_path, paths) for seed in ("1", "4242"))
    assert first == second
    assert len(first) > 10_000


def _outputs(seed: str, folder: Path, paths: list[Path]) -> bytes:
    command = [sys.executable, "-m", "tests.outputs_of", str(folder / "same.db"), *map(str, paths)]
    environment = os.environ | {"PYTHONHASHSEED": seed, "OTWATCH_LANG": "en"}
    return subprocess.run(command, capture_output=True, env=environment, cwd=ROOT, check=True, timeout=300).stdout
