import json
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.record import Record
from tests.advisories.documents import advisory
from tests.cli.commands import told
from tests.outputs.samples import HOSPITAL, asset


def test_import_and_match(tmp_path: Path) -> None:
    (tmp_path / "csaf").mkdir()
    (tmp_path / "csaf" / "a.json").write_text(json.dumps(advisory()))
    (tmp_path / "csaf" / "b.json").write_text("{}")
    record = str(tmp_path / "record.db")
    with Record.create(Path(record)) as kept:
        kept.write(HOSPITAL._replace(assets=(asset("10.0.0.1", vendor="Schneider Electric", product="Modicon M340", firmware="2.1"),)))
    shown = told("advisories", "import", str(tmp_path / "csaf"), "--record", record, "--lang", "fr")
    assert "1 avis sont désormais gardés, 1 fichiers écartés" in shown.output
    (one,) = json.loads(told("advisories", "--record", record, "--json").stdout)["advisories"]
    assert (one["asset"], one["answer"], one["cves"]) == ("10.0.0.1", "affected", ["CVE-2024-0001"])
    assert json.loads(told("advisories", "--record", record, "--asset", "10.9.9.9", "--json").stdout)["advisories"] == []


def test_nothing_imported(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["advisories", "--record", record]) == 2
    assert "no advisories yet" in capsys.readouterr().err


def test_ageing(record: str) -> None:
    assert told("ageing", "--record", record, "--lang", "en").stdout == "Nothing here is known to be no longer looked after.\n"
