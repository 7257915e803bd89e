"""A folder of CSAF files -> one file beside the record. Hashes beside a document (`.sha256`, `.sha512`) must be its own."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from otwatch.advisories.csaf import Statement, statements
from otwatch.errors import AdvisoryError, Keyed
from otwatch.files import put
from otwatch.words import Phrase, phrase

LARGEST = 16 * 1024 * 1024
"""Bytes of a document; CISA's largest has 2 MB."""
MOST = 50_000
_HASHES = ("sha256", "sha512")


class Refused(Keyed):
    """A file that is left out, and why."""


def imported(folder: Path) -> tuple[list[Statement], list[Phrase]]:
    """All statements of a folder, and what is wrong with its files; AdvisoryError where there is no document at all."""
    paths = sorted(folder.rglob("*.json"))
    if not paths:
        raise AdvisoryError("advisories.no_file", path=folder)
    found: list[Statement] = []
    problems: list[Phrase] = []
    for path in paths[:MOST]:
        try:
            found.extend(statements(_document(path)))
        except (AdvisoryError, Refused) as error:
            problems.append(phrase("advisories.left_out", path=path, why=error))
    if len(paths) > MOST:
        problems.append(phrase("advisories.too_many", path=folder, most=MOST, files=len(paths)))
    return found, problems


def _document(path: Path) -> object:
    try:
        if path.stat().st_size > LARGEST:
            raise Refused("advisories.too_large", size=LARGEST // 2**20)
        content = path.read_bytes()
        for beside, digest in _digests(path):
            if hashlib.new(beside, content).hexdigest() != digest:
                raise Refused("advisories.sum", sum=beside)
        return msgspec.json.decode(content)
    except OSError as error:
        raise Refused("advisories.unreadable", reason=error) from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Refused("advisories.no_json", reason=error) from error


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
        raise AdvisoryError("advisories.unwritable", path=path, reason=error) from error


def load(path: Path) -> list[Statement]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Statement])
    except FileNotFoundError as error:
        raise AdvisoryError("advisories.nothing", path=path) from error
    except (OSError, msgspec.MsgspecError, UnicodeError) as error:
        raise AdvisoryError("advisories.no_store", path=path, reason=error) from error
