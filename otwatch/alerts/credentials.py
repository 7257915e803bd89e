"""Judging a login without ever sending one: is this user and secret a default, empty or trivial? (detections.md B.1, part D)

The candidates for a server, in this order; the first that equals the secret decides:

    1  rows of the dictionary whose scope fits the server           default   confidence of the row
    2  rows without scope                                           default   confidence of the row
    3  rows whose scope cannot be judged by what is known           default   x 0.8 unless the secret is that of line 4
    4  nothing; the user name                                       empty, equals_user   1.0
    5  rows whose scope contradicts what is known: still a          default   x 0.5
       published secret, of another product
    6  common words, vendor, model and host name, words of the site weak      1.0
    7  fewer than 6 characters, or only digits and fewer than 8     short     1.0

Rows are of the protocol and of the user (case does not count); at most 500 candidates. A verdict names the row and never the
secret. "not_in_list" says nothing about the strength of a secret.

This file imports yaml beside `config`: the dictionary is data of the product with the same form as the site's own rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import IntEnum, StrEnum
from functools import cache
from itertools import islice
from pathlib import Path
from re import IGNORECASE, Pattern
from re import compile as pattern
from re import error as NoPattern  # noqa: N812  # what `re` names it until Python 3.13
from typing import NamedTuple

from otwatch.errors import ConfigError
from otwatch.events import Credential, Proof, Secret

SHIPPED = Path(__file__).with_name("default_credentials.yaml")
"""The list of detections.md part D, inside the package so that an installed otwatch has it."""

CANDIDATES = 500
"""Secrets compared for one login (detections.md B.1)."""

HINTS = frozenset({"vendor", "model", "banner", "realm", "title", "oui"})
"""What a scope may ask about, and what `judge` may be told: `banner` is Server of HTTP, greeting of FTP and Telnet; `oui` "00:40:8c"."""

_ANYWHERE = frozenset({"vendor", "model"})
"""Names that may stand in any hint: cards of another maker carry their OUI, a realm names the camera."""

_KEYS = ("id", "vendor", "product", "proto", "user", "secret", "scope", "source", "date", "conf")
_OPTIONAL = frozenset({"scope", "conf"})
_PROTOCOLS = {
    "http-basic": "http", "http-proxy": "http", "http-url": "http", "http-digest": "http", "http-scram": "http", "http-form": "http",
    "ws-security": "http", "rtsp-digest": "rtsp", "sip-digest": "sip", "snmp-v3": "snmpv3",
}  # fmt: skip
_COMMON = ("0000", "1111", "123", "1234", "12345", "123456", "admin", "password", "user", "guest")
_APPENDED = ("1", "123", "1234", "12345", "123456")
_MIN_WORD = 3
"""Characters of a name that is a candidate: shorter ones are judged by length."""


class Finding(StrEnum):
    """What a secret is (detections.md B.1; what is encrypted or not asked for never comes here)."""

    DEFAULT = "default"
    EMPTY = "empty"
    EQUALS_USER = "equals_user"
    WEAK = "weak"
    SHORT = "short"
    NOT_IN_LIST = "not_in_list"


class Fit(IntEnum):
    """How well a row's scope fits a server, best first, which is the order of candidates."""

    FITS = 0
    ANY = 1
    UNKNOWN = 2
    OTHER = 3


_SHARE = {Fit.FITS: 1.0, Fit.ANY: 1.0, Fit.UNKNOWN: 0.8, Fit.OTHER: 0.5}


class Verdict(NamedTuple):
    """What a login's secret is. `entry` and `fit` name the row of the dictionary of a default; confidence 0 to 1."""

    finding: Finding
    entry: str = ""
    confidence: float = 1.0
    fit: Fit | None = None


class Row(NamedTuple):
    """One published user and secret. `protocols` are the `proto` of the file; `scope` holds compiled expressions by hint; on `date` it was
    last held against its source."""

    id: str
    vendor: str
    product: str
    protocols: tuple[str, ...]
    user: str
    secret: str
    scope: tuple[tuple[str, Pattern[str]], ...]
    source: str
    date: date
    confidence: float

    def __repr__(self) -> str:
        return f"<row {self.id}>"

    def fit(self, hints: Mapping[str, str]) -> Fit:
        """The worst of its scope's parts: all of them must match."""
        return max((_fit(key, wanted, hints) for key, wanted in self.scope), default=Fit.ANY)


def _fit(key: str, wanted: Pattern[str], hints: Mapping[str, str]) -> Fit:
    places = HINTS if key in _ANYWHERE else {key}
    if any(wanted.search(hints.get(place, "")) for place in places):
        return Fit.FITS
    return Fit.OTHER if hints.get(key) else Fit.UNKNOWN


Candidate = tuple[str, Verdict]
"""A secret, and what it would mean that it fits."""


class Dictionary:
    """Rows, found by protocol and user."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = {row.id: row for row in rows}
        self._by_login: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows.values():
            for protocol in row.protocols:
                self._by_login[protocol, row.user.casefold()].append(row)

    def judge(self, credential: Credential, hints: Mapping[str, str], words: Iterable[str] = ()) -> Verdict:
        """What the secret of a login is. `hints`: what is known of the server, see HINTS; `words`: host name and words of the site."""
        return judged(credential.secret, self.candidates(credential, hints, words))

    def candidates(self, credential: Credential, hints: Mapping[str, str], words: Iterable[str] = ()) -> Iterator[Candidate]:
        """The secrets that are held against a login, in this order."""
        known = {**hints, "realm": hints.get("realm") or credential.realm}
        return islice(self._candidates(credential, known, words), CANDIDATES)

    def _candidates(self, credential: Credential, hints: Mapping[str, str], words: Iterable[str]) -> Iterator[Candidate]:
        protocol = _PROTOCOLS.get(credential.scheme, credential.scheme)
        rows = self._by_login.get((protocol, credential.user.casefold()), [])
        ranked = sorted(((row.fit(hints), row) for row in rows), key=lambda pair: (pair[0], -pair[1].confidence))
        own = [pair for pair in ranked if pair[0] < Fit.OTHER]
        yield from map(_published, own)
        yield "", Verdict(Finding.EMPTY)
        yield credential.user, Verdict(Finding.EQUALS_USER)
        yield from map(_published, ranked[len(own) :])
        names = (hints.get("vendor", ""), hints.get("model", ""), *words)
        for guess in _guesses(credential.user, names):
            yield guess, Verdict(Finding.WEAK)


def judged(secret: Secret | Proof, candidates: Iterable[Candidate]) -> Verdict:
    """What the first candidate that fits means. How long a password is shows only where it was sent."""
    found = next((verdict for candidate, verdict in candidates if secret.equals(candidate)), None)
    is_short = isinstance(secret, Secret) and secret.is_short()
    return found or Verdict(Finding.SHORT if is_short else Finding.NOT_IN_LIST)


def _published(ranked: tuple[Fit, Row]) -> Candidate:
    """Nothing, and the user's name, are no less known of a product that is unknown."""
    fit, row = ranked
    share = 1.0 if fit is Fit.UNKNOWN and row.secret in ("", row.user) else _SHARE[fit]
    return row.secret, Verdict(Finding.DEFAULT, row.id, round(row.confidence * share, 2), fit)


def _guesses(user: str, names: Iterable[str]) -> Iterator[str]:
    yield from _COMMON
    if user:
        yield from (user + end for end in _APPENDED)
    for name in names:
        if len(name) >= _MIN_WORD:
            yield from (name, name.lower())


@cache
def shipped() -> Dictionary:
    """The dictionary that comes with otwatch, read at its first use."""
    return load(SHIPPED)


def load(*paths: Path) -> Dictionary:
    """A dictionary of one or more files (ours, then the site's own rows); ConfigError names the file, the row and what is wrong."""
    rows: dict[str, Row] = {}
    taken: dict[tuple[object, ...], str] = {}
    for path in paths:
        for number, entry in enumerate(_entries(path), 1):
            where = f"{path}: #{number}"
            row = _row(entry, where)
            _claim(row, rows, taken, where)
    return Dictionary(rows.values())


def _entries(path: Path) -> list[object]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same promises, 8 times as fast
    try:
        entries = yaml.load(path.read_bytes(), loader)
    except OSError as error:
        raise ConfigError("credentials.unreadable", path=path, reason=error) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigError("credentials.no_yaml", path=path, line=mark.line + 1 if mark else 1) from None
    if not isinstance(entries, list):
        raise ConfigError("credentials.no_list", path=path)
    return entries


def _row(entry: object, where: str) -> Row:
    if not isinstance(entry, dict):
        raise ConfigError("credentials.no_row", where=where, keys=", ".join(_KEYS))
    where = f"{where} ({entry.get('id', '?')})"
    if odd := sorted(str(key) for key in entry.keys() ^ set(_KEYS) if key not in _OPTIONAL):
        raise ConfigError("credentials.keys", where=where, odd=", ".join(odd), keys=", ".join(_KEYS))
    texts = {key: _text(entry[key], f"{where}: {key}") for key in ("id", "vendor", "product", "user", "secret", "source")}
    protocols = entry["proto"]
    if not isinstance(protocols, list) or not protocols:
        raise ConfigError("credentials.protocols", where=where)
    confidence = entry.get("conf", 1.0)
    if not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        raise ConfigError("credentials.confidence", where=where)
    return Row(
        id=texts["id"], vendor=texts["vendor"], product=texts["product"], source=texts["source"],
        date=_date(entry["date"], f"{where}: date"),
        protocols=tuple(_text(protocol, f"{where}: proto") for protocol in protocols),
        user=texts["user"], secret=texts["secret"], scope=_scope(entry.get("scope") or {}, where), confidence=float(confidence),
    )  # fmt: skip


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise ConfigError("credentials.no_text", where=where)
    return value


def _date(value: object, where: str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(_text(value, where))
    except ValueError:
        raise ConfigError("credentials.no_date", where=where) from None


def _scope(scope: object, where: str) -> tuple[tuple[str, Pattern[str]], ...]:
    if not isinstance(scope, dict) or not HINTS.issuperset(scope):
        raise ConfigError("credentials.scope", where=where, known=", ".join(sorted(HINTS)))
    return tuple((key, _expression(_text(scope[key], f"{where}: scope.{key}"), f"{where}: scope.{key}")) for key in sorted(scope))


def _expression(text: str, where: str) -> Pattern[str]:
    try:
        expression = pattern(text, IGNORECASE)
    except NoPattern as error:
        raise ConfigError("credentials.no_expression", where=where, reason=error) from None
    if expression.search(""):
        raise ConfigError("credentials.everything", where=where)
    return expression


def _claim(row: Row, rows: dict[str, Row], taken: dict[tuple[object, ...], str], where: str) -> None:
    if row.id in rows:
        raise ConfigError("credentials.id_taken", where=where, id=row.id)
    scope = tuple((key, expression.pattern) for key, expression in row.scope)
    for protocol in row.protocols:
        same = taken.setdefault((protocol, row.user, row.secret, scope), row.id)
        if same != row.id:
            raise ConfigError("credentials.same", where=where, id=row.id, other=same)
    rows[row.id] = row
