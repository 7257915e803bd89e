"""The declared assets: one JSON file, written only by a person's import, whole or not at all."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from otwatch.errors import DeclaredError

FORM = 1
FIELDS = (
    "id", "name", "address", "mac", "bacnet_instance", "unit", "vendor", "product", "firmware", "serial", "location", "zone", "owner",
    "comment",
)  # fmt: skip
"""What a register may say of an asset; every field is text, "" where it says nothing."""


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    """An asset as a person declared it. `line` in the file it came from."""

    line: int
    id: str = ""
    name: str = ""
    address: str = ""
    mac: str = ""
    bacnet_instance: str = ""
    unit: str = ""
    vendor: str = ""
    product: str = ""
    firmware: str = ""
    serial: str = ""
    location: str = ""
    zone: str = ""
    owner: str = ""
    comment: str = ""

    @property
    def key(self) -> str:
        """The key of the asset it means: "10.20.1.60/unit 5", "10.20.1.60", "bacnet 210103"; "" where it gives no address."""
        if self.unit and self.address:
            return f"{self.address}/unit {self.unit}"
        return self.address or (f"bacnet {self.bacnet_instance}" if self.bacnet_instance else self.mac)

    @property
    def label(self) -> str:
        return self.name or self.id or self.key or f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Declared:
    """`source`: the file that was imported, `sha256` its contents."""

    form: int
    source: str
    sha256: str
    rows: tuple[DeclaredRow, ...]


def default_path(record: Path) -> Path:
    """Beside the record."""
    return record.with_name("declared.json")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def save(path: Path, declared: Declared) -> None:
    """Put it in the place of what was declared before; DeclaredError where it cannot be written."""
    put(path, msgspec.json.format(msgspec.json.encode(declared), indent=1), "--declared")


def put(path: Path, content: bytes, option: str) -> None:
    """Put a file in the place of another, whole; DeclaredError where it cannot be written. `option` names another place."""
    written = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(written, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except OSError as error:
        raise DeclaredError(f"{path}: cannot be written: {error.strerror}; another place can be given with {option}") from error


def load(path: Path) -> Declared:
    """What was declared; DeclaredError where nothing was, or the file is no such store."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Declared)
    except FileNotFoundError as error:
        raise DeclaredError(f"{path}: nothing was declared yet; `otwatch assets import FILE.csv` does") from error
    except OSError as error:
        raise DeclaredError(f"{path}: cannot be read: {error.strerror}; another place can be given with --declared") from error
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise DeclaredError(f"{path}: no store of declared assets ({error}); `otwatch assets import FILE.csv` writes one") from error
    if found.form != FORM:
        raise DeclaredError(f"{path}: written by another otwatch (form {found.form}, this one reads {FORM}); import the file again")
    return found
