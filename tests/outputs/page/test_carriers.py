"""One file that needs nothing else, and a server: what each brings along."""

import csv
import io
import json
import re
from base64 import b64decode, b64encode
from gzip import decompress
from hashlib import sha256

from otwatch.outputs.page.carriers import SERVED_POLICY, TABLES, one_file, served, table
from otwatch.outputs.page.rendering import NO_KNOWLEDGE, SCRIPT, STYLE, part
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from tests.outputs.samples import HOSPITAL

FILE = one_file(HOSPITAL, Words("fr"), NO_KNOWLEDGE)
VOICE = Voice.of(Words("fr"), HOSPITAL.timezone, HOSPITAL.zones, HOSPITAL.assets)


def test_the_policy_of_the_file_knows_what_is_inside_by_its_hash() -> None:
    policy = re.search(r'Policy" content="(.*?)"', FILE)
    assert policy
    assert policy[1].startswith("default-src 'none';")
    for element in ("style", "script"):
        inside = re.search(f"<{element}>(.*)</{element}>", FILE, re.DOTALL)
        assert inside
        assert f"{element}-src 'sha256-{b64encode(sha256(inside[1].encode()).digest()).decode()}'" in policy[1]


def test_nothing_inside_ends_its_element_early() -> None:
    assert "</" not in part(STYLE) + part(SCRIPT)


def unpacked(name: str) -> str:
    """What the file brings along under a name."""
    found = re.search(f'<template id="{name}">(.*?)</template>', FILE)
    assert found
    return decompress(b64decode(found[1])).decode()


def test_tables_come_along_as_data() -> None:
    found = dict(re.findall(r'href="data:text/csv;charset=utf-8;base64,(.*?)" download="otwatch-(.*?).csv"', FILE))
    tables = {name: b64decode(data).decode() for data, name in found.items()}
    assert tables.keys() == TABLES.keys()
    text = tables["assets"]
    assert text == table("assets", HOSPITAL, VOICE)
    assert [line[0] for line in csv.reader(io.StringIO(text))][1:] == ["gte", "API-CVC", "unit 2", "10.10.5.20", "224.0.0.1"]


def test_tables_come_along_as_json() -> None:
    assert [row["key"] for row in json.loads(unpacked("json-assets"))["assets"]] == [row.key for row in HOSPITAL.assets]
    assert json.loads(unpacked("json-findings"))["findings"][0]["number"] == 1


def test_a_file_brings_the_other_language_along_once() -> None:
    other = unpacked("in-en")
    assert '<html lang="en">' in other
    assert "Unexpected write" in other
    assert "<template" not in other
    assert not re.findall("<(?:style|script)", other)
    assert 'id="in-fr"' not in FILE


def test_a_server_gives_everything_an_address_and_the_other_language() -> None:
    carrier = served("fr")
    assert carrier.languages == {"en": "?lang=en"}
    assert carrier.downloads["findings"] == "findings.csv?lang=fr"
    assert carrier.refresh_s > 0
    assert "unsafe" not in SERVED_POLICY
