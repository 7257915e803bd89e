"""A CSV of any register -> declared assets: separators and encodings as spreadsheets write them, columns by name or by a given mapping."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from unicodedata import normalize

from otwatch.declared.store import FIELDS, FORM, Declared, DeclaredRow, digest
from otwatch.errors import DeclaredError
from otwatch.events import clean

LARGEST = 64 * 1024 * 1024
MOST_ROWS = 200_000
SHOWN_PROBLEMS = 10
SEPARATORS = ";,\t|"

NAMES = {
    "id": ("id", "code", "numero", "numero d'inventaire", "no d'inventaire", "inventory number", "asset tag", "code equipement"),
    "name": ("name", "nom", "designation", "libelle", "equipement", "equipment", "device", "asset", "label"),
    "address": ("address", "adresse", "adresse ip", "ip", "ip address", "ipv4", "primary ip", "primary ip4", "adresse reseau"),
    "mac": ("mac", "mac address", "adresse mac", "adresse physique"),
    "bacnet_instance": ("bacnet instance", "instance bacnet", "device instance", "device id"),
    "unit": ("unit", "modbus unit", "unite", "unite modbus", "esclave modbus", "unit id"),
    "vendor": ("vendor", "manufacturer", "constructeur", "fabricant", "marque", "make"),
    "product": ("product", "model", "modele", "produit", "type", "reference", "device type"),
    "firmware": ("firmware", "version", "micrologiciel", "firmware version", "version logicielle"),
    "serial": ("serial", "serial number", "numero de serie", "no de serie", "n/s", "s/n"),
    "location": ("location", "emplacement", "lieu", "local", "room", "batiment", "building", "localisation", "site"),
    "zone": ("zone", "zone id"),
    "owner": ("owner", "responsable", "service", "tenant", "proprietaire"),
    "comment": ("comment", "comments", "commentaire", "remarque", "observations"),
}  # fmt: skip
"""Heads of columns as registers write them, without accents and capitals; the first that fits is taken."""


def imported(path: Path, mapping: Mapping[str, str]) -> Declared:
    """Read a register. `mapping`: field -> head of its column, where NAMES does not know it.

    DeclaredError says which lines are wrong.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DeclaredError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise DeclaredError(f"{path}: larger than {LARGEST // 2**20} MiB; a register of assets is expected")
    lines = _lines(path, _text(content))
    heads = next(lines, (0, []))[1]
    columns = _columns(path, heads, mapping)
    problems: list[str] = []
    rows = tuple(row for line, cells in lines if (row := _row(line, cells, columns, problems)) is not None)
    problems += _repeated(rows)
    if problems:
        more = f"\n... and {len(problems) - SHOWN_PROBLEMS} more" if len(problems) > SHOWN_PROBLEMS else ""
        raise DeclaredError("\n".join(f"{path}: {problem}" for problem in problems[:SHOWN_PROBLEMS]) + more)
    if not rows:
        raise DeclaredError(f"{path}: no line says anything; a head line and one line an asset are expected")
    return Declared(FORM, path.name, digest(content), rows)


def _text(content: bytes) -> str:
    """UTF-8 with or without its mark, else what spreadsheets of Western Europe write."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for count, cells in enumerate(reader):
            if count > MOST_ROWS:
                raise DeclaredError(f"{path}: more than {MOST_ROWS} lines; a register of assets is expected")
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise DeclaredError(f"{path}:{reader.line_num}: {error}; a CSV file is expected") from error


def _columns(path: Path, heads: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    plain = [_plain(head) for head in heads]
    found: dict[str, int] = {}
    for field in FIELDS:
        wanted = (_plain(mapping[field]),) if field in mapping else NAMES[field]
        at = next((plain.index(name) for name in wanted if name in plain), None)
        if at is not None:
            found[field] = at
        elif field in mapping:
            raise DeclaredError(f"{path}:1: no column {mapping[field]!r}; there are: {', '.join(map(clean, heads))}")
    if not found.keys() & {"address", "mac", "bacnet_instance", "serial", "name"}:
        there = ", ".join(map(clean, heads))
        raise DeclaredError(f"{path}:1: no column names an asset; there are: {there}. Say which one does with --map address=COLUMN")
    return found


def _plain(head: str) -> str:
    letters = normalize("NFKD", head.replace("_", " ").replace("°", "o"))
    return " ".join("".join(char for char in letters if not "\u0300" <= char <= "\u036f").casefold().split())


def _row(line: int, cells: list[str], columns: Mapping[str, int], problems: list[str]) -> DeclaredRow | None:
    said = {field: clean(cells[at].strip()) for field, at in columns.items() if at < len(cells) and cells[at].strip()}
    for field, form in _FORMS.items():
        if field in said:
            try:
                said[field] = form(said[field])
            except ValueError as error:
                problems.append(f"{line}: {field} {said[field]!r}: {error}")
    return DeclaredRow(line, **said) if said else None


def _address(text: str) -> str:
    """An address, with or without its prefix length, as NetBox writes it."""
    try:
        return str(ip_address(text.partition("/")[0].strip()))
    except ValueError as error:
        raise ValueError("no IP address; one such as 10.20.1.60 is expected") from error


def _mac(text: str) -> str:
    digits = "".join(char for char in text.casefold() if char not in ":-. ")
    if len(digits) != 12 or not set(digits) <= set("0123456789abcdef"):
        raise ValueError("no MAC address; one such as 00:80:f4:12:34:56 is expected")
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def _number(most: int) -> Callable[[str], str]:
    def form(text: str) -> str:
        if not text.isdecimal() or int(text) > most:
            raise ValueError(f"a number from 0 to {most} is expected")
        return str(int(text))

    return form


_FORMS: dict[str, Callable[[str], str]] = {
    "address": _address, "mac": _mac, "bacnet_instance": _number(4_194_302), "unit": _number(255),
}  # fmt: skip


def _repeated(rows: tuple[DeclaredRow, ...]) -> Iterator[str]:
    first: dict[str, int] = {}
    for row in rows:
        before = first.setdefault(row.key, row.line) if row.key else row.line
        if before != row.line:
            yield f"{row.line}: {row.key} is declared on line {before} already; one line an asset is expected"
