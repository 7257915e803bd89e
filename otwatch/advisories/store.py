"""A folder of CSAF files -> one file beside the record. Hashes beside a document (`.sha256`, `.sha512`) must be its own."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from otwatch.advisories.csaf import Statement, statements
from otwatch.errors import AdvisoryError
from otwatch.files import put

LARGEST = 16 * 1024 * 1024
"""Bytes of a document; CISA's largest has 2 MB."""
MOST = 50_000
_HASHES = ("sha256", "sha512")


class Refused(Exception):  # noqa: N818  # it says of a file that it is left out
    """A file that is left out, and why."""


def imported(folder: Path) -> tuple[list[Statement], list[str]]:
    """All statements of a folder, and what is wrong with its files; AdvisoryError where there is no document at all."""
    paths = sorted(folder.rglob("*.json"))
    if not paths:
        raise AdvisoryError(f"{folder}: no CSAF file (*.json) in this folder")
    found: list[Statement] = []
    problems: list[str] = []
    for path in paths[:MOST]:
        try:
            found.extend(statements(_document(path)))
        except (AdvisoryError, Refused) as error:
            problems.append(f"{path}: {error}")
    if len(paths) > MOST:
        problems.append(f"{folder}: only the first {MOST} of {len(paths)} files were read")
    return found, problems


def _document(path: Path) -> object:
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"larger than {LARGEST // 2**20} MiB")
        content = path.read_bytes()
        for beside, digest in _digests(path):
            if hashlib.new(beside, content).hexdigest() != digest:
                raise Refused(f"its {beside} is not the one beside it: damaged or changed")
        return msgspec.json.decode(content)
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Refused(f"no JSON ({error})") from error


def _digests(path: Path) -> Iterator[tuple[str, str]]:
    for name in _HASHES:
        beside = path.with_name(f"{path.name}.{name}")
        if beside.is_file():
            words = beside.read_text("ascii", "replace").split()
            yield name, words[0].lower() if words else ""


def default_path(record: Path) -> Path:
    """Beside the record."""
    return record.with_name("advisories.json")


def save(path: Path, found: list[Statement]) -> None:
    try:
        put(path, msgspec.json.encode(found))
    except OSError as error:
        raise AdvisoryError(f"{path}: cannot be written: {error.strerror}") from error


def load(path: Path) -> list[Statement]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Statement])
    except FileNotFoundError as error:
        raise AdvisoryError(f"{path}: no advisories yet; `otwatch advisories import FOLDER` reads them") from error
    except (OSError, msgspec.MsgspecError, UnicodeError) as error:
        raise AdvisoryError(f"{path}: no store of advisories ({error}); `otwatch advisories import FOLDER` writes one") from error
