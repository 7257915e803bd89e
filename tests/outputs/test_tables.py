"""Views as lines, CSV and JSON."""

import csv
import io
import json
from typing import get_type_hints

import pytest

from otwatch.outputs import documents, tables
from otwatch.outputs.doctor import doctor_fields
from otwatch.outputs.mirror import diagnose
from otwatch.outputs.views import ALERTS, ASSETS, CONVERSATIONS, ZONES
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words, catalogue
from otwatch.results import Results
from tests.outputs.samples import HOSPITAL

VOICE = Voice.of(Words("en"), HOSPITAL.timezone, HOSPITAL.zones, HOSPITAL.assets)
VIEWS = (ASSETS, CONVERSATIONS, ZONES, ALERTS)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_columns_have_titles_and_stand_once(view: tables.View) -> None:
    keys = [column.key for column in view.columns]
    assert len(keys) == len(set(keys))
    assert {f"column.{key}" for key in keys} | {view.nothing} <= catalogue("en").keys()


def test_lines_are_aligned() -> None:
    assert "".join(tables.as_lines(ZONES, HOSPITAL.zones[:2], VOICE)) == (
        "zone         name         kind         level  criticality  assets  zone is   confidence\n"
        "bureautique  Office       office_it        1  C1                1  declared        1.00\n"
        "supervision  Supervision  supervision      1  C3                1  declared        1.00\n"
    )


def test_csv_has_every_column_and_numbers_stay_numbers() -> None:
    lines = list(csv.DictReader(io.StringIO(tables.as_csv(ALERTS, HOSPITAL.alerts, VOICE), newline="")))
    assert lines[1]["finding"] == "Scan"
    assert lines[1]["times"] == "40"
    assert lines[1]["first seen"] == "2026-10-13T10:01:40+02:00"
    assert lines[1]["frames"] == "pcaps/hospital.pcapng 412"


def test_a_missing_vlan_is_no_number() -> None:
    lines = list(csv.DictReader(io.StringIO(tables.as_csv(ASSETS, HOSPITAL.assets, VOICE), newline="")))
    assert lines[0]["VLAN"] == ""


def test_a_replay_as_a_document() -> None:
    read = json.loads(documents.replay_document(HOSPITAL, doctor_fields(diagnose(HOSPITAL)), "r.db"))
    sections = {"conversations" if name == "links" else name for name in get_type_hints(Results)}
    assert set(read) == {"schema", "otwatch", "record", "mirror"} | sections
    assert read["mirror"]["verdict"] == "good"
    assert read["schema"] == documents.SCHEMA
    assert read["captures"][0]["first"] == "2026-10-13T08:00:00.000000000Z"
    assert (read["alerts"][0]["severity"], read["alerts"][0]["severity_word"]) == (4, "critical")
    assert read["alerts"][0]["title"] == {"en": "Unexpected write", "fr": "Écriture inattendue"}
    assert read["alerts"][0]["frames"] == [{"capture": "pcaps/hospital.pcapng", "number": 412}]
    assert (read["alerts"][0]["initiator"], read["alerts"][0]["target"]) == (read["alerts"][0]["client"], read["alerts"][0]["server"])
    assert read["alerts"][0]["evidence"]["captures"] == {"pcaps/hospital.pcapng": read["alerts"][0]["evidence"]["frames"]}
    assert 412 in read["alerts"][0]["evidence"]["frames"]
    assert read["conversations"][0]["verbs"] == {"READ": 120, "WRITE": 2}


def test_rows_as_a_document() -> None:
    read = json.loads(documents.rows_document("zones", HOSPITAL.zones))
    assert [zone["id"] for zone in read["zones"]] == ["bureautique", "supervision", "cvc", "bt"]


@pytest.mark.parametrize("time_ns", [-(2**63), -1, 0, 2**63 - 1])
def test_any_time_as_a_document(time_ns: int) -> None:
    row = HOSPITAL.captures[0]._replace(first_ns=time_ns)
    assert json.loads(documents.rows_document("captures", [row]))["captures"][0]["first"].endswith("Z")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_rows_that_are_made_anew_are_shown_as_those_held_in_memory(number: int) -> None:
    held = HOSPITAL.zones[:number]
    anew = tables.Anew(lambda: iter(held))
    assert list(tables.as_lines(ZONES, anew, VOICE)) == list(tables.as_lines(ZONES, held, VOICE))
    assert "".join(tables.csv_lines(ZONES, anew, VOICE)) == tables.as_csv(ZONES, held, VOICE)
    assert documents.rows_document("zones", anew) == documents.document({"zones": documents.plain(held)})
