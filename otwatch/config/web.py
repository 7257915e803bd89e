"""Who may ask `otwatch serve`, and how: Prometheus's web configuration file (exporter-toolkit, docs/web-configuration.md).

The same file serves every exporter of a site. Keys of that format that otwatch cannot honour are refused, never passed over: a check
that an operator wrote down and nobody makes is worse than none.
"""

import re
from pathlib import Path
from typing import NamedTuple

from otwatch.config.forms import flag, one_of, text
from otwatch.config.lines import Entry, read_tree
from otwatch.config.problems import Problem
from otwatch.config.reading import Faults, Key, Wrong, attempt, many, named, reads, struct
from otwatch.config.site import NOWHERE, At
from otwatch.errors import ConfigError
from otwatch.words import phrase

UNASKED, IF_GIVEN, DEMANDED = "NoClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"
VERSIONS = ("TLS12", "TLS13")
CIPHERS = {
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
}
"""Suites of TLS 1.2 with forward secrecy and authenticated encryption (RFC 9325 4.2): the file's name for each, and OpenSSL's."""
HEADERS = ("Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "X-XSS-Protection", "Content-Security-Policy")
_HASH = re.compile(r"\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}")
"""bcrypt, with a cost of at most 14: about a second. The salt is 128 bits in 22 characters, so its last one has four values."""


class Tls(NamedTuple):
    """tls_server_config. Files count from the folder of the configuration file, and are read when they are needed."""

    cert_file: str
    key_file: str
    client_auth_type: str = UNASKED
    client_ca_file: str = ""
    min_version: str = VERSIONS[0]
    max_version: str = VERSIONS[-1]
    cipher_suites: tuple[str, ...] = ()
    prefer_server_cipher_suites: bool = True
    at: At = NOWHERE


class Http(NamedTuple):
    """http_server_config. `http2` says that it may be used; otwatch speaks HTTP/1.1, which every client does."""

    http2: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    at: At = NOWHERE


class Web(NamedTuple):
    """users   names and bcrypt hashes"""

    tls: Tls | None = None
    http: Http = Http()
    users: tuple[tuple[str, str], ...] = ()
    folder: Path = Path()
    at: At = NOWHERE


@reads({"not": {}})
def _refused(_: Entry, __: Faults) -> str:
    raise Wrong("problem.unsupported")


@reads({"enum": [UNASKED, IF_GIVEN, DEMANDED]})
def _authentication(entry: Entry, faults: Faults) -> str | None:
    """The two types that ask for a certificate and do not look at it prove nothing."""
    if entry.value in ("RequestClientCert", "RequireAnyClientCert"):
        raise Wrong("problem.unverified", said=entry.value)
    return one_of((UNASKED, IF_GIVEN, DEMANDED))(entry, faults)


@reads({"type": "string"})
def _bcrypt(entry: Entry, _: Faults) -> str:
    """The value is not told: it may be a password."""
    if not isinstance(entry.value, str) or not _HASH.fullmatch(entry.value):
        raise Wrong("problem.bcrypt")
    return entry.value


@reads({"type": "string"})
def _header(entry: Entry, faults: Faults) -> str:
    said = text(entry, faults)
    if said is None or not (said.isascii() and said.isprintable()):
        raise Wrong("problem.header", said=said)
    return said


_UNSUPPORTED = ("cert", "key", "client_ca", "client_allowed_sans", "curve_preferences")
TLS = struct(
    Tls, Key("cert_file", text, required=True), Key("key_file", text, required=True), Key("client_auth_type", _authentication),
    Key("client_ca_file", text), Key("min_version", one_of(VERSIONS)), Key("max_version", one_of(VERSIONS)),
    Key("cipher_suites", many(one_of(CIPHERS))), Key("prefer_server_cipher_suites", flag),
    *(Key(name, _refused) for name in _UNSUPPORTED),
)  # fmt: skip
HTTP = struct(Http, Key("http2", flag), Key("headers", named(_header, HEADERS)))
WEB = struct(
    Web, Key("tls_server_config", TLS, "tls"), Key("http_server_config", HTTP, "http"), Key("basic_auth_users", named(_bcrypt), "users"),
    Key("rate_limit", _refused),
)  # fmt: skip


def load_web(path: Path) -> Web:
    """The settings; ConfigError with one line for every fault of the file."""
    tree, problems = read_tree(path)
    faults = Faults(path.name)
    read = attempt(WEB, tree, faults) if tree is not None else None
    if read is not None and read.tls is not None:
        _agree(read.tls, faults)
    found = sorted([*map(_discreet, problems), *faults.found], key=lambda problem: problem.line)
    if read is None or found:
        raise ConfigError.saying(*(problem.phrase for problem in found))
    return read._replace(folder=path.parent)


def _discreet(problem: Problem) -> Problem:
    """What stands in the place of a hash may be a password, whatever is wrong with its form."""
    return problem._replace(said=phrase("problem.bcrypt")) if problem.where.startswith("basic_auth_users.") else problem


def _agree(tls: Tls, faults: Faults) -> None:
    """What single keys cannot know of each other."""
    if tls.client_auth_type != UNASKED and not tls.client_ca_file:
        faults.tell(tls.at.of("client_auth_type"), tls.at.where, phrase("problem.client_ca_missing", said=tls.client_auth_type))
    if tls.client_auth_type == UNASKED and tls.client_ca_file:
        faults.tell(tls.at.of("client_ca_file"), tls.at.where, phrase("problem.client_ca_idle", one=IF_GIVEN, other=DEMANDED))
    if VERSIONS.index(tls.min_version) > VERSIONS.index(tls.max_version):
        faults.tell(tls.at.of("min_version"), tls.at.where, phrase("problem.tls_versions", least=tls.min_version, most=tls.max_version))
