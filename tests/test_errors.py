"""What is raised for people has its text in every catalogue, and is given what fills the places of that text."""

import ast
import errno
import os
import re
import sqlite3
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from otwatch.errors import CaptureError, ConfigError, Keyed, RecordError
from otwatch.words import LANGUAGES, catalogue, phrase, reworded
from tests.sources import Source, classes, sources

WORDS = Path("otwatch/words")
TEXTS = catalogue("en")


@cache
def raised() -> frozenset[str]:
    """Names of all exceptions that are Keyed, and of what makes a phrase."""
    parents = {one.name: {ast.unparse(base) for base in one.bases} for source in sources() for one in classes(source)}
    found = {Keyed.__name__}
    while more := {name for name, bases in parents.items() if bases & found} - found:
        found |= more
    return frozenset(found | {"phrase"})


class Said:
    """A call that names a key: its place in the code, the pattern of its keys, and the fields it gives."""

    def __init__(self, source: Source, call: ast.Call) -> None:
        self.at = source.at(call, ast.unparse(call.func))
        self.keys = tuple(_patterns(call.args[0])) if call.args else ()
        self.fields = {word.arg for word in call.keywords}


def _patterns(key: ast.expr) -> Iterator[str]:
    """Regular expressions of the keys an expression may be; none for a name that holds a key said elsewhere."""
    if isinstance(key, ast.Constant):
        yield re.escape(str(key.value))
    elif isinstance(key, ast.JoinedStr):
        yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+" for part in key.values)
    elif isinstance(key, ast.IfExp):
        yield from _patterns(key.body)
        yield from _patterns(key.orelse)


@cache
def said() -> tuple[Said, ...]:
    calls = ((source, one) for source in sources() for one in ast.walk(source.tree) if isinstance(one, ast.Call))
    return tuple(Said(source, one) for source, one in calls if ast.unparse(one.func).rpartition(".")[2] in raised())


def test_there_is_much_to_say() -> None:
    assert len(said()) > 250


def test_every_key_has_a_text_and_gets_what_its_places_need() -> None:
    wrong = []
    for one in said():
        for pattern in one.keys:
            keys = [key for key in TEXTS if re.fullmatch(pattern, key)]
            fields = [{name for _, name, _, _ in Formatter().parse(TEXTS[key]) if name} for key in keys]
            if not keys or any(places != one.fields for places in fields):
                wrong.append(f"{one.at}: {pattern}: {fields} are its places, {one.fields} are given")
    assert not wrong


def test_every_text_is_said_somewhere() -> None:
    """By a call, or by name where the key is handed on (`fitting(form, "problem.slug")`)."""
    patterns = {pattern for one in said() for pattern in one.keys}
    named = {str(one.value) for source in sources() for one in ast.walk(source.tree) if isinstance(one, ast.Constant)}
    keys = {key.removeprefix(".") for key in _keys(tomllib.loads((WORDS / "errors.en.toml").read_text("utf-8")))}
    assert not {key for key in keys - named if not any(re.fullmatch(pattern, key) for pattern in patterns)}


def test_what_looks_like_a_key_of_an_error_is_one() -> None:
    sections = "problem|record|capture|broken|decision|declared|exchange|jobs|interface|unheard"
    form = re.compile(rf"({sections})\.[a-z_]+(\.[a-z_]+)?")
    named = {str(one.value) for source in sources() for one in ast.walk(source.tree) if isinstance(one, ast.Constant)}
    of_files = {name for name in named if name.endswith((".db", ".json", ".csv"))}
    assert {name for name in named - of_files if form.fullmatch(name)} - TEXTS.keys() <= {"decision.without_", "decision.long_"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_in_two_pages(language: str) -> None:
    pages = [page for page in sorted(WORDS.iterdir()) if f".{page.name}".endswith(f".{language}.toml")]
    assert sum(len(_keys(tomllib.loads(page.read_text("utf-8")))) for page in pages) == len(catalogue(language))


def _keys(tree: object, above: str = "") -> list[str]:
    return [one for key, below in tree.items() for one in _keys(below, f"{above}.{key}")] if isinstance(tree, dict) else [above]


def test_an_error_is_said_in_the_language_of_its_reader() -> None:
    error = CaptureError("capture.missing", path=Path("a.pcap"), reason=FileNotFoundError(2, os.strerror(2)), stdin="-")
    assert str(error) == "a.pcap: No such file or directory; a capture, a folder of captures or - is expected"
    assert error.text("fr") == "a.pcap : illisible (fichier ou dossier inexistant) ; il faut une capture, un dossier de captures ou -"


def test_an_error_may_say_several_things_and_what_another_says() -> None:
    several = ConfigError.saying(phrase("problem.mapping"), phrase("problem.unknown_key", name="a", near=phrase("problem.near", word="b")))
    assert str(several) == "keys with values are expected\nunknown key 'a' -> 'b' ?"
    assert phrase("advisories.left_out", path="x", why=several).text() == "x: keys with values are expected"
    assert isinstance(several, ConfigError)


def test_braces_of_others_are_no_places() -> None:
    assert str(RecordError("record.missing", path="{path}{0}")).startswith("{path}{0}: no such record")


@pytest.mark.parametrize("name", [key.removeprefix("foreign.") for key in TEXTS if re.fullmatch(r"foreign\.E[A-Z]+", key)])
def test_what_the_system_says_is_known_by_its_number(name: str) -> None:
    assert TEXTS[f"foreign.{name}"] == os.strerror(getattr(errno, name))


def test_what_stands_in_another_text_is_said_anew_with_it() -> None:
    text = phrase("broken.off", frame=3, byte=77, reason=phrase("broken.block", there=12, whole=40, kind="0x6")).text()
    assert reworded(text, "fr") == "plus rien de lisible après la trame 3, à l'octet 77 : bloc de type 0x6 coupé, 12 octets sur 40"


def test_what_came_as_text_is_said_anew() -> None:
    text = phrase("broken.off", frame=3, byte=77, reason=phrase("broken.frame", there=12, whole=40)).text()
    assert reworded(text, "en") == text
    assert reworded(text, "fr") == "plus rien de lisible après la trame 3, à l'octet 77 : trame coupée, 12 octets sur 40"
    with pytest.raises(sqlite3.OperationalError) as caught, sqlite3.connect("/nowhere/at/all.db"):
        pass
    assert reworded(str(caught.value), "fr") == "ouverture impossible"
    assert reworded("what nobody knows", "fr") == "what nobody knows"


@pytest.mark.parametrize("key", [key for key in TEXTS if key.partition(".")[0] in {"foreign", "broken", "unheard", "strange"}])
def test_no_text_of_others_is_taken_for_another(key: str) -> None:
    """Filled with what nobody says, each is found again as itself, or as one that says the same."""
    names = [name for _, name, _, _ in Formatter().parse(TEXTS[key]) if name]
    assert len(names) == len(set(names))
    text, french = (catalogue(language)[key].format(**{name: f"<{name}>" for name in names}) for language in LANGUAGES)
    assert reworded(text, "fr") == french
