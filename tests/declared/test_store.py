from pathlib import Path

import pytest

from otwatch.declared.store import FORM, Declared, DeclaredRow, default_path, load, save
from otwatch.errors import DeclaredError

DECLARED = Declared(FORM, "gmao.csv", "00", (DeclaredRow(2, name="CTA", address="10.0.0.1"), DeclaredRow(3, bacnet_instance="17")))


def test_what_is_saved_is_read(tmp_path: Path) -> None:
    path = default_path(tmp_path / "deep" / "record.db")
    save(path, DECLARED)
    assert load(path) == DECLARED
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "told"), [(b"{}", "no store"), (b"\xff", "no store"), (b'{"form":9,"source":"","sha256":"","rows":[]}', "form 9")]
)
def test_what_is_no_store(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "declared.json"
    path.write_bytes(content)
    with pytest.raises(DeclaredError, match=told):
        load(path)


def test_nothing_was_declared(tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match="nothing was declared yet"):
        load(tmp_path / "declared.json")


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (DeclaredRow(1, address="10.0.0.1", unit="5"), "10.0.0.1/unit 5"),
        (DeclaredRow(1, bacnet_instance="17"), "bacnet 17"),
        (DeclaredRow(1, mac="00:80:f4:00:00:01"), "00:80:f4:00:00:01"),
        (DeclaredRow(1, name="x"), ""),
    ],
)
def test_keys(row: DeclaredRow, key: str) -> None:
    assert row.key == key
