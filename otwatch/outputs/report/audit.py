"""The audit pack: the page, the tables and the frames of findings in one folder, and a manifest by which anybody can check it.

    manifest.json             program, inputs and outputs with SHA-256; what was left out, and why
    report.html .pdf .xlsx    the page, the same on paper, and every table as a sheet
    NAME.TLP-AMBER.csv        every table in full; changes since the last audit, if one was given
    record.TLP-AMBER.db       a record of it all, for every command of otwatch and for the next audit
    record.TLP-AMBER.db.decisions.ndjson   what people decided about findings, chained by hash; not where names are pseudonyms
    evidence/finding-N.pcapng the frames of a finding, and nothing else

Frames that may hold a password in clear are never handed over: of those findings the pack names the frames only. Whoever wants the
manifest itself to be proven notes its sum elsewhere; it is told when the pack is made and when it is checked.
"""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, NamedTuple

from otwatch import __version__
from otwatch.errors import OtwatchError
from otwatch.results import AlertRow

LABELS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
"""Traffic Light Protocol, FIRST Standards Definitions version 2.0 (2022)."""
MANIFEST, RECORD = "manifest.json", "record.db"
SCHEMA = 1
OPEN_PROTOCOLS = frozenset({"arp", "bacnet", "enip", "modbus"})
"""Protocols in which the operations that findings are about hold no password."""
SECRETIVE = ("cred.*", "clear.*", "eng.*")
"""Detections whose frames may hold one all the same: logins, BACnet restarts, sessions of engineering tools."""


class Input(NamedTuple):
    """A file that the pack was made from; `sha256` "" where it could not be found any more."""

    name: str
    kind: str
    bytes: int
    sha256: str


class Fault(NamedTuple):
    """What a check found: "changed", "missing" or "unknown" (a file that the manifest does not name)."""

    file: str
    what: str


def may_be_sliced(alert: AlertRow) -> bool:
    """Whether the frames of a finding may be handed over as they are."""
    return alert.protocol in OPEN_PROTOCOLS and not any(fnmatchcase(alert.detection, pattern) for pattern in SECRETIVE)


def labelled(name: str, label: str) -> str:
    """`assets.csv` -> `assets.TLP-AMBER.csv`: a table has no place for a label but its name."""
    stem, _, kind = name.rpartition(".")
    return f"{stem}.TLP-{label.replace('+', '-')}.{kind}"


def total(data: bytes) -> str:
    return sha256(data).hexdigest()


def total_of(file: Path) -> str:
    """Of a file of any size. OSError."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def manifest(
    label: str, language: str, inputs: tuple[Input, ...], outputs: Mapping[str, bytes], left_out: Mapping[int, str], more: Mapping[str, Any]
) -> bytes:
    """`left_out`: numbers of findings without a slice, and why; `more` fields: whether names are pseudonyms, which forms are missing."""
    body: dict[str, Any] = {
        "schema": SCHEMA,
        "otwatch": __version__,
        "program": program(),
        "tlp": f"TLP:{label}",
        "language": language,
        "inputs": [one._asdict() for one in inputs],
        "outputs": [{"file": name, "bytes": len(data), "sha256": total(data)} for name, data in sorted(outputs.items())],
        "without_frames": [{"finding": number, "reason": reason} for number, reason in sorted(left_out.items())],
        **more,
    }
    return (json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode()


def program() -> str:
    """The sum of the program and of all its rules: of every file of the package, in the order of their names."""
    folder = Path(__file__).parents[2]
    inside = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    names = (f"{path.relative_to(folder).as_posix()}\0{total_of(path)}\n" for path in inside)
    return total("".join(names).encode())


def check(folder: Path) -> tuple[str, list[Fault]]:
    """The sum of the manifest, and everything in the folder that is not as it says; OtwatchError where there is no manifest to check by."""
    try:
        written = (folder / MANIFEST).read_bytes()
        named = {str(one["file"]): str(one["sha256"]) for one in json.loads(written)["outputs"]}
    except OSError as error:
        raise OtwatchError("report.no_manifest", path=folder / MANIFEST, reason=error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise OtwatchError("report.other_manifest", path=folder / MANIFEST) from error
    return total(written), sorted(_faults(folder, named))


def _faults(folder: Path, named: Mapping[str, str]) -> Iterator[Fault]:
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST}
    for name, expected in named.items():
        if name not in there:
            yield Fault(name, "missing")
        elif total_of(there[name]) != expected:
            yield Fault(name, "changed")
    yield from (Fault(name, "unknown") for name in there if name not in named)
