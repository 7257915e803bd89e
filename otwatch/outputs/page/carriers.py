"""The two carriers of the page: one file that needs nothing but itself, and a server."""

from base64 import b64encode
from gzip import compress
from hashlib import sha256

from otwatch.outputs.documents import rows_document
from otwatch.outputs.page.rendering import SCRIPT, STYLE, Carrier, Knowledge, page, part
from otwatch.outputs.tables import as_csv
from otwatch.outputs.views import ALERTS, ASSETS, CONVERSATIONS, ZONES
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import LANGUAGES, Words
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


def table_document(name: str, results: Results) -> str:
    """A table as JSON."""
    return rows_document(name, getattr(results, TABLES[name][1]))


def one_file(results: Results, words: Words, knowledge: Knowledge, label: str = "") -> str:
    """The page as one file, in every language. `label` of the Traffic Light Protocol, "" for none."""
    voices = {spoken: Voice.of(Words(spoken), results.timezone, results.zones, results.assets) for spoken in LANGUAGES}
    documents = {name: packed(table_document(name, results)) for name in TABLES}
    inside = {spoken: _inside(results, voices[spoken], label) for spoken in LANGUAGES}
    others = {spoken: packed(page(results, voices[spoken], inside[spoken], knowledge)) for spoken in LANGUAGES if spoken != words.language}
    whole = in_one_file(inside[words.language]._replace(documents=documents, packed=others))
    return page(results, voices[words.language], whole, knowledge)


def _inside(results: Results, voice: Voice, label: str) -> Carrier:
    """What a page brings along in each language: tables as data in their links; and the names of the other languages."""
    downloads = {name: _as_data(table(name, results, voice)) for name in TABLES}
    others = {spoken: "" for spoken in LANGUAGES if spoken != voice.words.language}
    return Carrier("", "", downloads, dict.fromkeys(TABLES, ""), {}, 0, label, packed=others)


def in_one_file(inside: Carrier) -> Carrier:
    """Style and script inside, known to the policy by their hashes. Nothing may be fetched from anywhere."""
    style, script = part(STYLE), part(SCRIPT)
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; base-uri 'none'; form-action 'none'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{style}</style>'
    return inside._replace(head=head, tail=f"<script>{script}</script>")


def served(spoken: str, decides: bool = False) -> Carrier:
    """Style, script and tables have addresses of their own; the policy comes as a header (SERVED_POLICY).

    `decides`: for somebody who may decide about findings.
    """
    head = f'<link rel="stylesheet" href="{STYLE}">'
    downloads = {name: f"{name}.csv?lang={spoken}" for name in TABLES}
    languages = {language: f"?lang={language}" for language in LANGUAGES if language != spoken}
    decide = f"decide?lang={spoken}&finding=" if decides else ""
    documents = {name: f"{name}.json" for name in TABLES}
    return Carrier(head, f'<script src="{SCRIPT}" defer></script>', downloads, documents, languages, REFRESH_S, "", decide=decide)


def packed(text: str) -> str:
    """Compressed (RFC 1952, without a date) and in letters: the script makes it text again. A page becomes a tenth of what it is."""
    return b64encode(compress(text.encode(), mtime=0)).decode()


def _hash(text: str) -> str:
    """As a Content-Security-Policy names an inline element (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _as_data(text: str) -> str:
    return f"data:text/csv;charset=utf-8;base64,{b64encode(text.encode()).decode()}"
