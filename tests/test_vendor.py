"""Files of others lie here as they were published, with their licence; nothing of others lies anywhere else in the page."""

import json
from hashlib import sha256
from typing import Any

import pytest

from tests.conftest import ROOT

VENDOR = ROOT / "tests" / "vendor"
LISTED: list[dict[str, Any]] = json.loads((VENDOR / "vendor.json").read_text("utf-8"))


@pytest.mark.parametrize("one", LISTED, ids=lambda one: one["name"])
def test_files_are_as_they_were_published(one: dict[str, Any]) -> None:
    assert {name: sha256((VENDOR / name).read_bytes()).hexdigest() for name in one["files"]} == one["files"]
    assert one["version"]
    assert one["licence"]
    assert (VENDOR / one["name"] / "LICENSE").is_file()


def test_every_file_is_listed() -> None:
    listed = {VENDOR / name for one in LISTED for name in one["files"]}
    found = {path for path in VENDOR.rglob("*") if path.is_file() and not path.name.startswith("LICENSE") and path.name != "vendor.json"}
    assert found == listed


def test_the_page_is_written_by_hand() -> None:
    """Scripts that nobody reads have long lines."""
    scripts = list((ROOT / "otwatch").rglob("*.js"))
    assert [path.name for path in scripts] == ["page.js"]
    assert max(map(len, scripts[0].read_text("utf-8").splitlines())) <= 160
