import hashlib
import json
from pathlib import Path

import pytest

from otwatch.advisories.store import default_path, imported, load, save
from otwatch.errors import AdvisoryError
from tests.advisories.documents import advisory


def folder(tmp_path: Path, **more: str) -> Path:
    content = json.dumps(advisory()).encode()
    inside = tmp_path / "csaf" / "2024"
    inside.mkdir(parents=True)
    (inside / "a.json").write_bytes(content)
    (inside / "a.json.sha256").write_text(more.get("sha256", hashlib.sha256(content).hexdigest()) + "  a.json\n")
    return tmp_path / "csaf"


def test_a_folder(tmp_path: Path) -> None:
    found, problems = imported(folder(tmp_path))
    assert ([one.advisory for one in found], problems) == (["ICSA-24-001-01"], [])
    save(default_path(tmp_path / "record.db"), found)
    assert load(default_path(tmp_path / "record.db")) == found


def test_a_document_that_was_changed_is_left_out(tmp_path: Path) -> None:
    found, (problem,) = imported(folder(tmp_path, sha256="00"))
    assert found == []
    assert "its sha256 is not the one beside it" in problem.text()


@pytest.mark.parametrize(
    ("content", "told"), [(b"{", "no JSON"), (b"{}", "no CSAF 2 document"), (b"[" * 100_000, "no JSON"), (b"\xff", "no JSON")]
)
def test_what_is_wrong_is_told_and_the_rest_is_kept(content: bytes, told: str, tmp_path: Path) -> None:
    (folder(tmp_path) / "b.json").write_bytes(content)
    found, (problem,) = imported(tmp_path / "csaf")
    assert len(found) == 1
    assert told in problem.text()


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(AdvisoryError, match="no CSAF file"):
        imported(tmp_path)


def test_nothing_imported(tmp_path: Path) -> None:
    with pytest.raises(AdvisoryError, match="no advisories yet"):
        load(tmp_path / "advisories.json")
