"""tshark, called as a program: which one there is, and what it says of a capture.

It runs in a process of its own with nothing of ours but the capture's path, without the user's profile (whose decode-as rules and plug-ins
would make another machine say something else), without name resolution, and not longer than it is given.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Timer
from typing import IO, NamedTuple

from otwatch.events import clean
from otwatch.referee import bacnet, enip, modbus
from otwatch.referee.pdml import Packet, packet
from otwatch.referee.sheet import Sheet

PACKAGE = "tshark"
"""The Debian package that has it."""

MOST_BYTES = 64 << 20
"""Of one packet's text; a longer one is passed over and counted. tshark itself stops at a million lines a packet."""
_VERSION = re.compile(r"(\d+\.\d+(\.\d+)?)")
_FRAMES = re.compile(rb"\s*frame\s+frames:(\d+) ")
_MESSAGE = 400

_MODBUS, _BACNET, _ENIP = "modbus or mbtcp or mbudp", "bvlc or bacnet or bacapp", "enip or cip"
_FILTERS = {"modbus": _MODBUS, "umas": _MODBUS, "bacnet": _BACNET, "enip": _ENIP}
SECTIONS = tuple(_FILTERS)
_LIST = 'gui.column.format:"No","%m","Protocol","%p","Info","%i"'
_UNFOLDED = "eth mbtcp mbudp mbrtu modbus bvlc bacnet bacapp enip cip cipcm cipcls cippccc cipmb cipio cipsafety"
"""Layers whose fields are given, among them those that others of interest may lie in (a request inside an Unconnected Send)."""
_SEERS: tuple[Callable[[Packet, Sheet], None], ...] = (modbus.see, bacnet.see, enip.see)


class Heard(NamedTuple):
    """What tshark says of one capture.

    packets   all of the capture; `unread` those of the sections whose text could not be read
    message   its own words on standard error, "" without; `late`: it was stopped because it took too long
    complete  it came to the end of its output (of a capture that breaks off too)
    """

    sheet: Sheet
    packets: int = 0
    unread: int = 0
    message: str = ""
    late: bool = False
    complete: bool = False


class Tshark(NamedTuple):
    path: str
    version: str


def installed() -> Tshark | None:
    path = shutil.which("tshark")
    if path is None:
        return None
    try:
        said = subprocess.run([path, "--version"], capture_output=True, env=_environment("/nonexistent"), timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = _VERSION.search(said.decode("utf-8", "replace"))
    return Tshark(path, found[1] if found else "?")


def heard(program: Tshark, capture: Path, sections: frozenset[str], limit_s: float, progress: Callable[[int], None]) -> Heard:
    """Count what tshark says. `progress` is told the number of each frame of the sections as it comes."""
    sheet, unread, packets, complete = Sheet(sections), 0, 0, False
    with _running(_command(program, capture, sections), limit_s) as (output, ending):
        for raw in _chunks(output):
            if isinstance(raw, int):
                packets, complete = packets + raw, True
                continue
            read = packet(raw) if raw else None
            if read is None:
                unread += 1
                continue
            for see in _SEERS:
                see(read, sheet)
            progress(read.number)
    return Heard(sheet, packets, unread, ending.message, ending.late, complete and not ending.late)


def quoted(program: Tshark, capture: Path, numbers: Collection[int], limit_s: float) -> dict[int, str]:
    """What Wireshark's list says of frames, by their number: protocol and summary, in its own words."""
    shown = f"frame.number in {{{', '.join(map(str, sorted(numbers)))}}}"
    command = [program.path, "-n", "-r", str(capture.absolute()), "-Y", shown, "-T", "tabs", "-o", _LIST]
    found: dict[int, str] = {}
    with _running(command, limit_s) as (output, _):
        for line in islice(output, len(numbers)):
            number, *told = line.decode("utf-8", "replace").strip().split("\t")
            if number.isdecimal() and int(number) in numbers:
                found[int(number)] = clean(": ".join(part.strip() for part in told))
    return found


def _command(program: Tshark, capture: Path, sections: frozenset[str]) -> list[str]:
    """`io,phs` counts the frames of the whole capture, whatever the display filter is."""
    shown = " or ".join(sorted({_FILTERS[section] for section in sections}))
    return [program.path, "-n", "-r", str(capture.absolute()), "-Y", shown, "-T", "pdml", "-J", _UNFOLDED, "-z", "io,phs"]


def _environment(profile: str) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC", "WIRESHARK_CONFIG_DIR": profile, "HOME": profile}


class _Ending:
    """How a run ended; known when it has."""

    def __init__(self) -> None:
        self.late = False
        self.message = ""


@contextmanager
def _running(command: list[str], limit_s: float) -> Iterator[tuple[IO[bytes], _Ending]]:
    """Standard output of a process that ends with the block at the latest."""
    ending = _Ending()
    with TemporaryDirectory(prefix="otwatch-") as profile, TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=_environment(profile), cwd=profile
        )

        def stop() -> None:
            ending.late = True
            process.kill()

        timer = Timer(limit_s, stop)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdout is not None
            yield process.stdout, ending
        finally:
            timer.cancel()
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
            errors.seek(0)
            ending.message = _said(errors.read(64 << 10), command[command.index("-r") + 1])


def _said(raw: bytes, path: str) -> str:
    """What it said, without the warning to root and with the capture's name for its path."""
    lines = (line.strip() for line in raw.decode("utf-8", "replace").splitlines() if not line.startswith("Running as user"))
    return clean(" ".join(line for line in lines if line).replace(path, Path(path).name)[:_MESSAGE])


def _chunks(output: IO[bytes]) -> Iterator[bytes | int]:
    """The text of each packet, b"" of one that is too long; behind the last packet 0, and numbers of frames, which add up."""
    chunk: list[bytes] = []
    size, after = 0, False
    for line in output:
        if after:
            found = _FRAMES.match(line)
            if found:
                yield int(found[1])
        elif line.startswith(b"<packet>"):
            chunk, size = [line], len(line)
        elif line.startswith(b"</pdml>"):
            after = True
            yield 0
        elif chunk:
            size += len(line)
            chunk.append(line if size <= MOST_BYTES else b"")
            if line.startswith(b"</packet>"):
                yield b"".join(chunk) if size <= MOST_BYTES else b""
                chunk = []
