"""The report on paper: in both languages, with its label on every page, the same bytes each time; what devices say is text."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from otwatch.alerts.words import TRACE
from otwatch.errors import OtwatchError
from otwatch.outputs.page.rendering import Knowledge
from otwatch.outputs.report.audit import LABELS
from otwatch.outputs.report.paper import is_possible, paper
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import LANGUAGES, Words
from otwatch.results import Results
from otwatch.zones.analyses.levels import levels
from otwatch.zones.analyses.scene import Scene
from tests.outputs.hostile import PAYLOADS
from tests.outputs.large import large
from tests.outputs.samples import EMPTY, HOSPITAL, alert, asset

KNOWLEDGE = Knowledge(TRACE, marks=lambda results: levels(Scene(results)))
typeset = pytest.mark.skipif(not is_possible(), reason="typst is absent: `make browser` installs it")
read = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is absent: apt install poppler-utils")


def made(results: Results, language: str = "fr", label: str = "") -> bytes:
    return paper(results, Voice.of(Words(language), results.timezone, results.zones, results.assets), KNOWLEDGE, label)


def pages(pdf: bytes, folder: Path) -> list[str]:
    """The text of each page, blanks and hyphens at ends of lines aside."""
    (folder / "r.pdf").write_bytes(pdf)
    text = subprocess.run(["pdftotext", "-layout", folder / "r.pdf", "-"], capture_output=True, check=True).stdout.decode()
    return [re.sub(r"\s+", " ", page) for page in text.split("\f")[:-1]]


@typeset
@pytest.mark.parametrize("found", [HOSPITAL, EMPTY, large()], ids=["hospital", "empty", "large"])
def test_the_same_record_gives_the_same_bytes(found: Results) -> None:
    assert made(found) == made(found)


@typeset
@read
@pytest.mark.parametrize(("language", "said"), [("fr", "Écriture inattendue"), ("en", "Unexpected write")])
def test_it_speaks_both_languages(language: str, said: str, tmp_path: Path) -> None:
    text = " ".join(pages(made(HOSPITAL, language), tmp_path))
    assert said in text
    assert Words(language)("page.method.title") in text
    assert "TLP" not in text


@typeset
@read
@pytest.mark.parametrize("label", LABELS)
def test_a_label_on_every_page(label: str, tmp_path: Path) -> None:
    found = pages(made(HOSPITAL, "fr", label), tmp_path)
    assert len(found) > 2
    assert all(page.count(f"TLP:{label}") == 2 for page in found)


@typeset
@read
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_devices_say_is_text(language: str, tmp_path: Path) -> None:
    plain = [one for one in PAYLOADS if len(one) < 40 and one.isascii() and one.isprintable()]
    said = [*plain, "#eval(1+1)", "*bold*", "$x^2$", "#let a = 1"]
    found = HOSPITAL._replace(
        site="#panic()",
        alerts=tuple(alert(at, 4, title={"en": one, "fr": one}) for at, one in enumerate(said, 1)),
        assets=tuple(asset(f"10.0.0.{at}", one) for at, one in enumerate(said)),
    )
    text = re.sub(r"\s", "", " ".join(pages(made(found, language), tmp_path)))
    assert [one for one in said if re.sub(r"\s", "", one) not in text] == []
    assert "#panic()" in text


@typeset
def test_no_date_but_that_of_the_record() -> None:
    assert set(re.findall(rb"(?:CreationDate|ModDate) ?\(D:(\d{8})", made(HOSPITAL))) <= {b"20261013"}


def test_without_typesetter_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otwatch.outputs.report.paper.find_spec", lambda name: None)
    with pytest.raises(OtwatchError, match=re.escape("pip install 'otwatch[pdf]'")):
        made(HOSPITAL)
