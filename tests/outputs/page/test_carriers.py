"""One file that needs nothing else, and a server: what each brings along."""

import csv
import io
import re
from base64 import b64decode, b64encode
from hashlib import sha256

from otwatch.outputs.page.carriers import SERVED_POLICY, TABLES, in_one_file, served, table
from otwatch.outputs.page.rendering import SCRIPT, STYLE, part
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from tests.outputs.samples import HOSPITAL

VOICE = Voice.of(Words("fr"), HOSPITAL.timezone, HOSPITAL.zones, HOSPITAL.assets)


def test_the_policy_of_the_file_knows_what_is_inside_by_its_hash() -> None:
    carrier = in_one_file(HOSPITAL, VOICE)
    policy = re.search(r'content="(.*?)"', carrier.head)
    assert policy
    assert policy[1].startswith("default-src 'none';")
    for element, text in (("style", carrier.head), ("script", carrier.tail)):
        inside = re.search(f"<{element}>(.*)</{element}>", text, re.DOTALL)
        assert inside
        assert f"{element}-src 'sha256-{b64encode(sha256(inside[1].encode()).digest()).decode()}'" in policy[1]


def test_nothing_inside_ends_its_element_early() -> None:
    assert "</" not in part(STYLE) + part(SCRIPT)


def test_tables_come_along_as_data() -> None:
    carrier = in_one_file(HOSPITAL, VOICE)
    assert carrier.downloads.keys() == TABLES.keys()
    text = b64decode(carrier.downloads["assets"].removeprefix("data:text/csv;charset=utf-8;base64,")).decode()
    assert text == table("assets", HOSPITAL, VOICE)
    assert [line[0] for line in csv.reader(io.StringIO(text))][1:] == ["gte", "API-CVC", "unit 2", "10.10.5.20", "224.0.0.1"]


def test_a_server_gives_everything_an_address_and_the_other_language() -> None:
    carrier = served("fr")
    assert carrier.languages == {"en": "?lang=en"}
    assert carrier.downloads["findings"] == "findings.csv?lang=fr"
    assert carrier.refresh_s > 0
    assert "unsafe" not in SERVED_POLICY
