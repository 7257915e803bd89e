"""`otwatch config check`."""

import json
from pathlib import Path

from tests.cli.commands import SITE, told


def test_config_check(tmp_path: Path) -> None:
    good = told("config", "check", SITE, "--lang", "en")
    assert (good.return_value, good.stdout) == (0, "site.yaml: no error, no warning\n")
    bad = tmp_path / "bad.yaml"
    bad.write_text("version: 1\nsite: {name: x, timezone: Europe/Paris}\nzoness: []\n")
    result = told("config", "check", str(bad), "--lang", "fr")
    assert result.return_value == 2
    assert result.stdout.startswith("erreur : bad.yaml:3: ")
    assert result.stdout.endswith("bad.yaml : 1 erreur, 0 avertissement\n")
    read = json.loads(told("config", "check", str(bad), "--json").stdout)
    assert (read["problems"][0]["line"], read["problems"][0]["severity"]) == (3, "error")
    assert told("config", "check", str(tmp_path / "missing.yaml")).return_value == 2


def test_the_schema_is_json() -> None:
    assert json.loads(told("config", "schema").stdout)["title"] == "otwatch site file"
