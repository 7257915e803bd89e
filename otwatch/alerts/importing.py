"""Rows of the DefaultCreds cheat sheet (MIT; github.com/ihebski/DefaultCreds-cheat-sheet, PyPI defaultcreds-cheat-sheet) as rows of ours.

The list has a product, a user and a password, as CSV or as the JSON inside its package. "(web)" and the like behind a product name the
protocol; most products have none, and are taken for every clear login there is, with less confidence. What is no password but a
description of one is left out, and so are protocols whose logins nobody can read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from csv import reader
from datetime import date
from io import StringIO
from itertools import groupby
from json import JSONDecodeError, dumps, loads
from pathlib import Path
from re import compile as pattern
from typing import NamedTuple

from otwatch.errors import ConfigError

SOURCE = "DC"
"""As in the head of default_credentials.yaml."""
_LICENCE = "DefaultCreds cheat sheet, Copyright (c) Ihebski, MIT licence."
_HEADER = ("productvendor", "username", "password")
_CLEAR = ("http", "ftp", "telnet")
_SPOKEN = {
    "web": ("http",), "general": ("http",), "gui": ("http",), "telnet": ("telnet",), "ftp": ("ftp",), "snmp": ("snmp",), "vnc": ("vnc",),
    "ipmi": ("ipmi",), **dict.fromkeys(("ip-cam", "ip camera", "ipcamera", "camera", "webcam"), ("http", "rtsp")),
}  # fmt: skip
_UNREAD = frozenset({"ssh", "rdp", "mssql", "db2", "postgres", "mysql", "mongodb", "redis", "db", "sql db", "printer", "os"})
_BLANK = frozenset({"<blank>", "<none>", "(any)", "<n/a>"})
_DESCRIBED = pattern(r"^[<(].*[>)]$|[<%(].*(?:serial|random|default|note|blank|comment|%)")
_NAMED = pattern(r"^(.*?)\s*\(([^()]*)\)\s*$")
_ODD = pattern(r"[^a-z0-9]+")
_SURE, _LESS_SURE = 0.8, 0.6


class Said(NamedTuple):
    """A line of the list that can be used."""

    product: str
    protocols: tuple[str, ...]
    user: str
    secret: str


def build(source: Path, read_on: date) -> str:
    """The list as a file that `credentials: {dictionary: ...}` of a site takes; ConfigError where `source` is no such list."""
    numbers: Counter[str] = Counter()
    said = sorted(_usable(_lines(source)), key=lambda one: (_scope(one.product), one.user, one.secret, one.product))
    same = groupby(said, key=lambda one: (_scope(one.product), one.user, one.secret))
    rows = [_row(_joined(list(group)), numbers, read_on) for _, group in same]
    return "".join((f"# {source.name}, by `otwatch data build credentials`: {_LICENCE}\n", *rows))


def _lines(source: Path) -> list[list[str]]:
    try:
        text = source.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("credentials.unreadable", path=source, reason=error) from None
    lines = _of_json(text, source) if text.lstrip().startswith("{") else list(reader(StringIO(text)))
    if not lines or tuple(lines[0]) != _HEADER:
        raise ConfigError("credentials.other_list", path=source, head=",".join(_HEADER))
    return lines[1:]


def _of_json(text: str, source: Path) -> list[list[str]]:
    """The database of the package: {"_default": {"1": {"product": ..., "username": ..., "password": ...}}}."""
    try:
        entries = loads(text)["_default"].values()
        return [[entry["product"], entry["username"], entry["password"]] for entry in entries]
    except (JSONDecodeError, KeyError, TypeError, AttributeError):
        raise ConfigError("credentials.other_json", path=source) from None


def _usable(lines: Iterable[list[str]]) -> Iterator[Said]:
    for line in lines:
        if len(line) != len(_HEADER):
            continue
        product, user, secret = (part.strip() for part in line)
        named = _NAMED.match(product)
        kind = named[2].lower() if named else ""
        if kind in _UNREAD or _is_described(user) or _is_described(secret) or not _scope(product):
            continue
        is_kind = kind in _SPOKEN
        yield Said(named[1] if named and is_kind else product, _SPOKEN.get(kind, _CLEAR), _plain(user), _plain(secret))


def _is_described(value: str) -> bool:
    return value.lower() not in _BLANK and _DESCRIBED.search(value.lower()) is not None


def _plain(value: str) -> str:
    return "" if value.lower() in _BLANK else value


def _joined(same: list[Said]) -> Said:
    """One row of those that differ in how they write the product, and in the protocols."""
    protocols = sorted({protocol for one in same for protocol in one.protocols})
    return same[0]._replace(protocols=tuple(protocols))


def _row(said: Said, numbers: Counter[str], read_on: date) -> str:
    """One line of YAML; strings as JSON writes them are YAML too (YAML 1.2, 7.3.1)."""
    name = _ODD.sub("-", said.product.lower()).strip("-")
    numbers[name] += 1
    fields = {
        "id": f"dc-{name}-{numbers[name]}", "vendor": said.product.partition(" ")[0], "product": said.product,
        "proto": list(said.protocols), "user": said.user,
        "secret": said.secret, "scope": {"vendor": _scope(said.product)}, "source": SOURCE, "date": read_on.isoformat(),
        "conf": _LESS_SURE if set(said.protocols) == set(_CLEAR) else _SURE,
    }  # fmt: skip
    return f"- {dumps(fields, ensure_ascii=False)}\n"


def _scope(product: str) -> str:
    """The maker, which is the first word of a product; "" for one of fewer than two letters."""
    letters = _ODD.sub(".?", product.lower().partition(" ")[0]).strip(".?")
    return rf"\b{letters}\b" if len(letters) > 1 else ""
