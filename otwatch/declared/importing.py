"""A CSV of any register -> declared assets: separators and encodings as spreadsheets write them, columns by name or by a given mapping.

A register of a thousand lines has some that are wrong. They are left out, each with its number and why, and the others are taken: only
where nothing of a file can be used is it refused.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from otwatch.declared.store import FIELDS, FORM, Declared, DeclaredRow, digest
from otwatch.errors import DeclaredError
from otwatch.events import clean
from otwatch.words import phrase

LARGEST = 64 * 1024 * 1024
MOST_ROWS = 200_000
SEPARATORS = ";,\t|"
TITLES = 20
"""Lines before the heads, at most: a title, who exported it and when."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NOTHING = frozenset({
    "-", "--", "---", "?", "/", ".", "n/a", "na", "n.a.", "nc", "n.c.", "dhcp", "sans", "neant", "aucun", "aucune", "none", "null", "nil",
    "inconnu", "inconnue", "unknown", "so", "s.o.", "sans objet", "a definir", "a completer", "tbd",
})  # fmt: skip
"""What registers write into a cell that they have nothing for, without accents and capitals."""

NAMES = {
    "id": (
        "id", "code", "numero", "numero d'inventaire", "no d'inventaire", "inventory number", "asset tag", "code equipement",
        "no inventaire", "code gmao", "code patrimoine", "repere", "tag",
    ),
    "name": (
        "name", "nom", "designation", "libelle", "equipement", "equipment", "device", "asset", "label", "hostname", "host name",
        "nom d'hote", "nom dns", "nom de l'equipement",
    ),
    "address": (
        "address", "adresse", "adresse ip", "ip", "ip address", "ipv4", "primary ip", "primary ip4", "adresse reseau", "adresse ipv4",
        "ip automate", "@ip", "@ ip",
    ),
    "mac": ("mac", "mac address", "adresse mac", "adresse physique", "@mac", "@ mac", "mac adresse"),
    "bacnet_instance": ("bacnet instance", "instance bacnet", "device instance", "device id"),
    "unit": ("unit", "modbus unit", "unite", "unite modbus", "esclave modbus", "unit id"),
    "vendor": ("vendor", "manufacturer", "constructeur", "fabricant", "marque", "make", "fournisseur"),
    "product": ("product", "model", "modele", "produit", "type", "reference", "device type"),
    "firmware": (
        "firmware", "version", "micrologiciel", "firmware version", "version firmware", "version du firmware", "version logicielle",
        "version logiciel",
    ),
    "serial": ("serial", "serial number", "numero de serie", "no de serie", "n/s", "s/n", "serial no", "no serie"),
    "location": (
        "location", "emplacement", "lieu", "local", "room", "batiment", "building", "localisation", "salle", "local technique", "site",
    ),
    "zone": ("zone", "zone id"),
    "owner": ("owner", "responsable", "service", "tenant", "proprietaire"),
    "comment": ("comment", "comments", "commentaire", "remarque", "observations"),
}  # fmt: skip
"""Heads of columns as registers write them, without accents and capitals; the first that fits is taken."""
NAMING = frozenset({"address", "mac", "bacnet_instance", "serial", "name"})
"""Fields of which one must be there, to know what a line is about."""


class LeftOut(NamedTuple):
    """A line that was not taken. `why`: a key of the messages drift.left_out; `said` what stands there; `other`: the line it repeats."""

    line: int
    why: str
    said: str
    other: int = 0


class Imported(NamedTuple):
    """What a register declares, and the lines of it that could not be taken."""

    declared: Declared
    left_out: tuple[LeftOut, ...]


def content_of(path: Path, expected: str) -> bytes:
    """A file that a person gives; DeclaredError where it cannot be read, or is larger than what is `expected` (a key)."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DeclaredError("declared.unreadable", path=path, reason=error) from error
    if len(content) > LARGEST:
        raise DeclaredError("declared.too_large", path=path, size=LARGEST // 2**20, expected=phrase(expected))
    return content


def imported(path: Path, mapping: Mapping[str, str]) -> Imported:
    """Read a register. `mapping`: field -> head of its column, where NAMES does not know it.

    DeclaredError where nothing of it can be used.
    """
    content = content_of(path, "declared.register")
    lines = list(_lines(path, _text(content)))
    at, columns = _heads(path, [cells for _, cells in lines[:TITLES]], mapping)
    left_out: list[LeftOut] = []
    rows = tuple(_once((row for line, cells in lines[at + 1 :] if (row := _row(line, cells, columns, left_out)) is not None), left_out))
    if not rows:
        first = left_out[0] if left_out else None
        wrong = phrase("declared.first_wrong", line=first.line, said=first.said, field=first.why) if first else ""
        raise DeclaredError("declared.no_line", path=path, wrong=wrong)
    return Imported(Declared(FORM, path.name, digest(content), rows), tuple(sorted(left_out)))


def _text(content: bytes) -> str:
    """UTF-8 or UTF-16 with their marks, UTF-8 without, else what spreadsheets of Western Europe write."""
    try:
        return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    head = "\n".join(islice(text.split("\n"), TITLES))
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for count, cells in enumerate(reader):
            if count > MOST_ROWS:
                raise DeclaredError("declared.too_many_assets", path=path, most=MOST_ROWS)
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise DeclaredError("declared.no_csv", path=path, line=reader.line_num, reason=error) from error


def _heads(path: Path, lines: list[list[str]], mapping: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """The line of the heads and the column of each field. Lines before it are titles; where none fits, the first is blamed."""
    for at, heads in enumerate(lines):
        columns = _columns(heads, mapping)
        if columns.keys() & NAMING and columns.keys() >= mapping.keys():
            return at, columns
    heads = lines[0] if lines else []
    there = ", ".join(map(clean, heads))
    absent = next((column for field, column in mapping.items() if field not in _columns(heads, mapping)), None)
    if absent is not None:
        raise DeclaredError("declared.no_column", path=path, column=absent, there=there)
    raise DeclaredError("declared.no_naming", path=path, there=there)


def _columns(heads: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    plain = [_plain(head) for head in heads]
    found: dict[str, int] = {}
    for field in FIELDS:
        wanted = (_plain(mapping[field]),) if field in mapping else NAMES[field]
        at = next((plain.index(name) for name in wanted if name in plain), None)
        if at is not None:
            found[field] = at
    return found


def _plain(head: str) -> str:
    letters = normalize("NFKD", head.replace("_", " ").replace("°", "o"))
    return " ".join("".join(char for char in letters if not "\u0300" <= char <= "\u036f").casefold().split())


def _row(line: int, cells: list[str], columns: Mapping[str, int], left_out: list[LeftOut]) -> DeclaredRow | None:
    texts = ((field, clean(cells[at].strip())) for field, at in columns.items() if at < len(cells))
    said = {field: text for field, text in texts if text and _plain(text) not in NOTHING}
    for field in _FORMS.keys() & said.keys():
        given = said[field]
        try:
            said[field] = _FORMS[field](given)
        except ValueError:
            left_out.append(LeftOut(line, field, given))
            return None
    return DeclaredRow(line, **said) if said else None


def _once(rows: Iterator[DeclaredRow], left_out: list[LeftOut]) -> Iterator[DeclaredRow]:
    """Each asset once: a line that says the same as one before is dropped, one that says something else is left out and told."""
    first: dict[str, DeclaredRow] = {}
    for row in rows:
        before = first.setdefault(row.key, row) if row.key else row
        if before is row:
            yield row
        elif replace(row, line=before.line) != before:
            left_out.append(LeftOut(row.line, "repeated", row.key, before.line))


def _address(text: str) -> str:
    """An address, with or without its prefix length, as NetBox writes it; with zeros before its numbers, as tables align it."""
    address = text.partition("/")[0].strip()
    parts = address.split(".")
    if len(parts) == 4 and all(part.isascii() and part.isdecimal() for part in parts):
        address = ".".join(str(int(part)) for part in parts)
    return str(ip_address(address))


def _mac(text: str) -> str:
    digits = "".join(char for char in text.casefold() if char not in ":-. ")
    if len(digits) != 12 or not set(digits) <= set("0123456789abcdef"):
        raise ValueError(text)
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def _number(most: int) -> Callable[[str], str]:
    def form(text: str) -> str:
        if not (text.isascii() and text.isdecimal()) or int(text) > most:
            raise ValueError(text)
        return str(int(text))

    return form


_FORMS: dict[str, Callable[[str], str]] = {
    "address": _address, "mac": _mac, "bacnet_instance": _number(4_194_302), "unit": _number(255),
}  # fmt: skip
