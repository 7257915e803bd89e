"""click's own words, in both languages. What it asks for is read from its source: a version with other sentences is seen."""

import ast
from pathlib import Path

import click
import pytest

from otwatch.cli.spoken import said_by_click
from otwatch.outputs.wording import LANGUAGES
from tests.cli.commands import otwatch

UNMET = {"Missing parameter", "Missing {param_type}", "Missing parameter: {param_name}", "unknown error"}
"""What errors of click say of parameters that are neither options nor arguments, and of files that it opens itself."""


def asked(page: str) -> set[str]:
    """Sentences for which a module of click asks gettext."""
    tree = ast.parse(Path(click.__file__).with_name(page).read_text("utf-8"))
    calls = [call for call in ast.walk(tree) if isinstance(call, ast.Call) and ast.unparse(call.func) in {"_", "ngettext"}]
    return {part.value for call in calls for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["exceptions.py", "parser.py", "formatting.py"])
def test_everything_said_of_wrong_use_is_known(page: str, language: str) -> None:
    assert asked(page) - UNMET <= said_by_click(language).keys()


def test_english_is_clicks_own() -> None:
    assert all(sentence == told for sentence, told in said_by_click("en").items())


def test_help_is_french_as_a_whole() -> None:
    text = otwatch("replay", "--help", OTWATCH_LANG="fr", COLUMNS="200").stdout
    assert text.startswith("Usage : otwatch replay [OPTIONS] CAPTURE...\n")
    assert "\nOptions :\n" in text
    assert "[par défaut : high]" in text
    assert "--jobs ENTIER" in text
    assert "Affiche cette aide." in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("alerts", "--foo"), "Option inconnue : '--foo'."),
        (("zones", "analise"), "Commande inconnue : 'analise'. Vouliez-vous dire 'analyse' ?"),
        (("explain",), "Il manque l'argument 'CONSTAT'."),
        (("explain", "x"), "Valeur incorrecte pour 'CONSTAT' : 'x' n'est pas du type attendu (entier)."),
        (("alerts", "--lang"), "L'option '--lang' demande une valeur."),
        (("explain", "1", "2", "3"), "Arguments en trop (2 3)"),
    ],
)
def test_wrong_use_is_told_in_french(arguments: tuple[str, ...], said: str) -> None:
    run = otwatch(*arguments, OTWATCH_LANG="fr")
    assert run.returncode == 2
    assert f"Erreur : {said}\n" in run.stderr


def test_what_is_missing_is_told_in_french(record: str) -> None:
    assert "aucun constat 99 dans cet enregistrement" in otwatch("explain", "99", "--record", record, OTWATCH_LANG="fr").stderr
    assert "pas d'enregistrement ; " in otwatch("alerts", "--record", f"{record}.gone", OTWATCH_LANG="fr").stderr
    assert "gone.pcap : illisible (" in otwatch("replay", "gone.pcap", OTWATCH_LANG="fr").stderr
