"""The declared assets: one JSON file, written only by a person's import, whole or not at all."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from otwatch.declared.keeping import Store
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


_STORE = Store(Declared, FORM, "declared.called.assets", "otwatch assets import FILE.csv", "declared.again.assets", "--declared")
save = _STORE.save


def load(path: Path) -> Declared:
    """What was declared; DeclaredError where nothing was, or the file is no such store."""
    found = _STORE.load(path)
    if found is None:
        raise DeclaredError("declared.nothing", path=path)
    return found
