"""Both languages say the same things, and the right one is spoken."""

import re
from string import Formatter

import pytest

from otwatch.cli import cli
from otwatch.events import Verb
from otwatch.outputs.voice import SEVERITIES
from otwatch.outputs.wording import LANGUAGES, Words, catalogue, language
from otwatch.packets import FLAWS
from otwatch.zones.compare import Judged
from otwatch.zones.policy.kinds import CRITICALITY

EN, FR = catalogue("en"), catalogue("fr")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert EN.keys() == FR.keys()


@pytest.mark.parametrize("key", EN)
def test_both_languages_have_the_same_places(key: str) -> None:
    is_of_others = key.startswith("foreign.")  # where nobody misses what only means something to its author
    assert places(FR[key]) <= places(EN[key]) if is_of_others else places(EN[key]) == places(FR[key])
    assert EN[key].strip()
    assert FR[key].strip()


@pytest.mark.parametrize("key", [key for key in EN if key.startswith("help.") and "\n" in EN[key]])
def test_examples_and_statuses_are_the_same_in_both_languages(key: str) -> None:
    commands = [re.findall(r"^  (?:otwatch|tcpdump) [a-z]+|^  \d", words[key], re.MULTILINE) for words in (EN, FR)]
    assert commands[0] == commands[1]


def test_every_word_of_a_closed_list_is_there() -> None:
    assert {f"verb.{verb}" for verb in Verb} <= EN.keys()
    assert {f"verdict.{verdict}" for verdict in Judged} <= EN.keys()
    assert {f"severity.{word}" for word in SEVERITIES} <= EN.keys()
    assert {f"note.frames: {flaw}" for flaw in FLAWS if flaw} <= EN.keys()
    for level, meaning in CRITICALITY.items():
        assert (EN[f"criticality.{level}"], FR[f"criticality.{level}"]) == (meaning.en, meaning.fr)


def test_every_command_has_help() -> None:
    assert {f"help.{name}" for name in cli.commands} <= EN.keys()


@pytest.mark.parametrize(
    ("chosen", "environment", "of_site", "spoken"),
    [
        ("en", {"OTWATCH_LANG": "fr"}, "fr", "en"),
        (None, {"OTWATCH_LANG": "fr", "LANG": "en_GB.UTF-8"}, "en", "fr"),
        (None, {"LANG": "en_GB.UTF-8"}, "fr", "fr"),
        (None, {"LANG": "fr_CA.UTF-8"}, "", "fr"),
        (None, {"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "", "en"),
        (None, {"LC_MESSAGES": "FR_fr", "LANG": "en_US"}, "", "fr"),
        (None, {"OTWATCH_LANG": "de"}, "", "en"),
        (None, {}, "", "en"),
    ],
)
def test_language(chosen: str | None, environment: dict[str, str], of_site: str, spoken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTWATCH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(chosen, of_site) == spoken


@pytest.mark.parametrize(
    ("spoken", "number", "said"),
    [("en", 0, "0 packets"), ("en", 1, "1 packet"), ("en", 2078, "2,078 packets"), ("fr", 0, "0 paquet"), ("fr", 2, "2 paquets"),
     ("fr", 2078, "2\u00a0078 paquets")],
)  # fmt: skip
def test_counts(spoken: str, number: int, said: str) -> None:
    assert Words(spoken).count("packet", number) == said


def test_texts_fall_back_to_english() -> None:
    assert Words("fr").of({"en": "x"}) == "x"
    assert Words("fr").of({}) == ""
    assert LANGUAGES == ("en", "fr")


def test_words_of_open_lists_may_be_unknown() -> None:
    assert Words("fr").term("role", "controller") == "automate"
    assert Words("fr").term("role", "{x}") == "{x}"


def test_where_an_attribute_comes_from_is_said_in_both_languages() -> None:
    assert Words("fr").term("source", "MAC address (IEEE)") == "adresse MAC (IEEE)"
    assert Words("fr").term("source", "site file") == "fichier de site"
    assert Words("en").term("source", "a protocol without a word") == "a protocol without a word"
