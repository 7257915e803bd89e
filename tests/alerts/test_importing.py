"""The public list of default credentials, as CSV and as the JSON of its package."""

import json
from datetime import date
from pathlib import Path

import pytest

from otwatch.alerts.credentials import SHIPPED, Finding, load
from otwatch.alerts.importing import build
from otwatch.errors import ConfigError
from otwatch.events import Credential, Secret

DAY, CLEAR = date(2026, 11, 27), ("ftp", "http", "telnet")
LINES = [
    ("productvendor", "username", "password"), ("Foo-Bar 12 (web)", "root", "Canary-1"), ("foo-bar", "root", "Canary-1"),
    ("Foo-Bar", "<blank>", "Canary-2"), ("Baz (snmp)", "<blank>", "Canary-3"), ("Baz (ssh)", "root", "Canary-4"),
    ("Baz", "root", "(serial number)"), ("Baz", "root", "<random string>"), ("Baz (ipmi)", "ADMIN", "<blank>"), ("é", "a", "b"),
    ("Qux (old firmware)", "admin", "Canary: \"5\" é"),
]  # fmt: skip


def listed(folder: Path, form: str) -> Path:
    path = folder / f"list.{form}"
    quoted = [",".join('"' + part.replace('"', '""') + '"' for part in line) for line in LINES]
    entries = {str(at): dict(zip(("product", "username", "password"), line, strict=True)) for at, line in enumerate(LINES, 1)}
    path.write_text("\n".join(quoted) if form == "csv" else json.dumps({"_default": entries}), "utf-8")
    return path


@pytest.mark.parametrize("form", ["csv", "json"])
def test_rows_of_ours(tmp_path: Path, form: str) -> None:
    built = tmp_path / "built.yaml"
    built.write_text(build(listed(tmp_path, form), DAY), "utf-8")
    rows = load(built).rows
    assert [(row.vendor, row.protocols, row.user, row.secret, row.confidence) for row in rows.values()] == [
        ("Baz", ("snmp",), "", "Canary-3", 0.8), ("Baz", ("ipmi",), "ADMIN", "", 0.8), ("Foo-Bar", CLEAR, "", "Canary-2", 0.6),
        ("Foo-Bar", CLEAR, "root", "Canary-1", 0.6), ("Qux", CLEAR, "admin", 'Canary: "5" é', 0.6),
    ]  # fmt: skip
    assert {(row.source, row.date) for row in rows.values()} == {("DC", DAY)}


def test_they_stand_beside_those_that_are_shipped(tmp_path: Path) -> None:
    built = tmp_path / "built.yaml"
    built.write_text(build(listed(tmp_path, "csv"), DAY), "utf-8")
    found = load(SHIPPED, built).judge(Credential("http-basic", "root", Secret(b"Canary-1")), {"vendor": "Foo Bar Inc."})
    assert (found.finding, found.entry, found.confidence) == (Finding.DEFAULT, "dc-foo-bar-12-1", 0.6)


@pytest.mark.parametrize("text", ["", "a,b,c\n", "{", '{"_default": [1]}', "\xff"])
def test_what_is_not_the_list(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError) as refusal:
        build(path, DAY)
    assert str(refusal.value).startswith(str(path))
