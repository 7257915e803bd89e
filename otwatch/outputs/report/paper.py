"""The page on paper: the same view, set by typst (an extra of otwatch). What devices say enters as data and is text, however it looks.

The same record gives the same bytes: only fonts that come with the typesetter, and no date but that of the last packet.
"""

from importlib.resources import files
from importlib.util import find_spec

from otwatch import __version__
from otwatch.errors import OtwatchError
from otwatch.outputs.documents import document, plain
from otwatch.outputs.page.rendering import Knowledge, picture, view
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import catalogue
from otwatch.results import Results

_SPOKEN = ("page.", "explain.", "register.", "column.", "unseen.", "findings.", "assets.", "traffic.", "level.")
"""Beginnings of the keys whose words stand on paper."""


def is_possible() -> bool:
    """Whether the typesetter is installed."""
    return find_spec("typst") is not None


def paper(results: Results, voice: Voice, knowledge: Knowledge, label: str) -> bytes:
    """A PDF, A4. `label` of the Traffic Light Protocol on every page, "" for none."""
    if not is_possible():
        raise OtwatchError("report.no_typst")
    from typst import compile as typeset

    words = voice.words
    shown = view(results, voice._replace(day=words("page.day")), knowledge)
    spoken = {key: text for key, text in catalogue(words.language).items() if key.startswith(_SPOKEN)}
    body = {
        "view": plain(shown._replace(dossiers=(), zones=(), passages=())),
        "words": spoken,
        "language": words.language,
        "label": label,
        "version": __version__,
        "map": picture(shown.map.pictures[0]),
    }
    heard_s = max((row.last_ns for row in results.captures), default=0) // 1_000_000_000
    template = files(__package__).joinpath("paper.typ").read_bytes()
    made = typeset(template, format="pdf", ignore_system_fonts=True, sys_inputs={"data": document(body)}, timestamp=heard_s)
    return bytes(made)
