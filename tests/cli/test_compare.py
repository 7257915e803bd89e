import json
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.record import Record
from tests.cli.commands import told
from tests.outputs.samples import HOSPITAL, asset


def test_import_and_drift(record: str, tmp_path: Path) -> None:
    register = tmp_path / "gmao.csv"
    register.write_text("Désignation;Adresse IP;Marque\nAPI;10.22.8.20;Siemens\nPerdu;10.99.9.9;\n", "utf-8")
    shown = told("assets", "import", str(register), "--record", record, "--lang", "fr").stdout
    assert "Désormais déclarés : 2 équipements" in shown
    read = json.loads(told("assets", "drift", "--record", record, "--json").stdout)["drift"]
    assert [(row["sort"], row["label"]) for row in read[:2]] == [("changed", "API"), ("not seen", "Perdu")]
    assert "déclaré, pas vu" in told("assets", "drift", "--record", record, "--lang", "fr").stdout


def test_declaring_leaves_the_record_as_it_is(record: str, tmp_path: Path) -> None:
    before = Path(record).read_bytes()
    register = tmp_path / "gmao.csv"
    register.write_text("name,ip\nx,10.22.8.20\n", "utf-8")
    told("assets", "import", str(register), "--record", record)
    assert Path(record).read_bytes() == before


def test_a_field_that_does_not_exist(record: str) -> None:
    assert run(["assets", "import", "x.csv", "--map", "colour=C", "--record", record]) == 2


def test_nothing_declared(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assets", "drift", "--record", record]) == 2
    assert "nothing was declared yet" in capsys.readouterr().err


def test_diff(record: str, tmp_path: Path) -> None:
    with Record.create(tmp_path / "new.db") as kept:
        kept.write(HOSPITAL._replace(assets=(*HOSPITAL.assets, asset("10.9.9.9", "nouveau"))))
    read = json.loads(told("diff", record, str(tmp_path / "new.db"), "--json").stdout)["differences"]
    assert [(row["section"], row["sort"], row["what"]) for row in read] == [("assets", "added", "10.9.9.9")]
    assert "équipements  nouveau" in told("diff", record, str(tmp_path / "new.db"), "--lang", "fr").stdout
    assert told("diff", record, record, "--lang", "en").stdout == "No difference.\n"
