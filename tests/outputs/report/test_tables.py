"""What a report hands over as tables: everything once, in any language, whatever devices say."""

import csv
import io
import re
import zipfile

import pytest
from hypothesis import given, settings

from otwatch.outputs.exports.sheets import workbook
from otwatch.outputs.report.tables import report_tables
from otwatch.outputs.tables import as_csv
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import LANGUAGES, Words
from otwatch.record.differences import differences
from otwatch.results import Results
from tests.outputs.hostile import UNSEEN, results
from tests.outputs.samples import EMPTY, HOSPITAL


def voice(found: Results, language: str = "fr") -> Voice:
    return Voice.of(Words(language), found.timezone, found.zones, found.assets)


def test_changes_only_where_something_is_compared() -> None:
    assert "changes" not in report_tables(HOSPITAL, ())
    assert next(iter(report_tables(HOSPITAL, (), differences(EMPTY, HOSPITAL)))) == "changes"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_for_every_table(language: str) -> None:
    tables = report_tables(HOSPITAL, (), ())
    book = zipfile.ZipFile(io.BytesIO(workbook(tables.values(), voice(HOSPITAL, language), "TLP:RED")))
    names = re.findall('<sheet name="(.*?)"', book.read("xl/workbook.xml").decode())
    assert len(set(names)) == len(tables)
    assert Words(language)("sheet.levels") in names
    sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert all("&amp;RTLP:RED</oddHeader>" in sheet for sheet in sheets)


@given(found=results())
@settings(max_examples=30)
def test_no_cell_is_a_formula(found: Results) -> None:
    tables = report_tables(found, (), tuple(differences(HOSPITAL, found)))
    for view, rows in tables.values():
        told = tuple(rows)
        text = as_csv(view, told, voice(found))
        lines = list(csv.reader(io.StringIO(text, newline="")))
        assert [len(line) for line in lines] == [len(view.columns)] * (1 + len(told))
        assert not [cell for line in lines for cell in line if re.match(r"\s*[=+@＝＋－＠]|\s*-(?![\d.]+$)", cell)]
        assert not UNSEEN.search(text.replace("\r\n", ""))
    book = zipfile.ZipFile(io.BytesIO(workbook(tables.values(), voice(found))))
    assert not [name for name in book.namelist() if "worksheets/sheet" in name and b"<f>" in book.read(name)]


def test_the_same_tables_give_the_same_workbook() -> None:
    first, second = (workbook(report_tables(HOSPITAL, ()).values(), voice(HOSPITAL)) for _ in range(2))
    assert first == second
