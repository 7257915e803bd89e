"""The two carriers of the page: one file that needs nothing but itself, and a server."""

from base64 import b64encode
from hashlib import sha256

from otwatch.outputs.page.rendering import SCRIPT, STYLE, Carrier, part
from otwatch.outputs.tables import as_csv
from otwatch.outputs.views import ALERTS, ASSETS, CONVERSATIONS, ZONES
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import LANGUAGES
from otwatch.results import Results

TABLES = {
    "assets": (ASSETS, "assets"),
    "conversations": (CONVERSATIONS, "links"),
    "findings": (ALERTS, "alerts"),
    "zones": (ZONES, "zones"),
}
"""Name of a download -> its view, and the rows of the results."""
REFRESH_S = 15
SERVED_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


DECIDING_POLICY = SERVED_POLICY.replace("form-action 'none'", "form-action 'self'")
"""Of the one page that has a form."""
FORM = "application/x-www-form-urlencoded"


def table(name: str, results: Results, voice: Voice) -> str:
    """A table as CSV."""
    shown, rows = TABLES[name]
    return as_csv(shown, getattr(results, rows), voice)


def in_one_file(results: Results, voice: Voice, label: str = "") -> Carrier:
    """Style and script inside, known to the policy by their hashes; tables as data in their links. Nothing may be fetched from anywhere.

    `label` of the Traffic Light Protocol, "" for none.
    """
    style, script = part(STYLE), part(SCRIPT)
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; base-uri 'none'; form-action 'none'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{style}</style>'
    downloads = {name: _as_data(table(name, results, voice)) for name in TABLES}
    return Carrier(head, f"<script>{script}</script>", downloads, {}, 0, label)


def served(spoken: str, decides: bool = False) -> Carrier:
    """Style, script and tables have addresses of their own; the policy comes as a header (SERVED_POLICY).

    `decides`: for somebody who may decide about findings.
    """
    head = f'<link rel="stylesheet" href="{STYLE}">'
    downloads = {name: f"{name}.csv?lang={spoken}" for name in TABLES}
    languages = {language: f"?lang={language}" for language in LANGUAGES if language != spoken}
    decide = f"decide?lang={spoken}&finding=" if decides else ""
    return Carrier(head, f'<script src="{SCRIPT}" defer></script>', downloads, languages, REFRESH_S, "", decide)


def _hash(text: str) -> str:
    """As a Content-Security-Policy names an inline element (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _as_data(text: str) -> str:
    return f"data:text/csv;charset=utf-8;base64,{b64encode(text.encode()).decode()}"
