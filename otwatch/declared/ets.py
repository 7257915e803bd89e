"""A project of ETS (`.knxproj`) -> names of its group addresses.

A ZIP with a folder for the project (`P-0123`), and in it a file for each installation (`0.xml`, ...). Group addresses stand in ranges in
ranges and bear their 16 bits as a number, whatever the levels in which the project shows them. A project with a password holds its files
in a ZIP of its own (`P-0123.zip`) and is not opened: ETS exports the same addresses as CSV, which needs no password here.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo, is_zipfile

from otwatch.errors import DeclaredError
from otwatch.events import clean
from otwatch.words import phrase

LARGEST_PROJECT = 512 * 1024 * 1024
"""Bytes; products and pictures of their makers stand in it too, and are not read."""
LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of an installation once unpacked: a house of 10 000 devices has a third of it."""
MOST_FILES = 100_000
MOST_INSTALLATIONS = 16
_ADDRESSES = 1 << 16
_PIECE = 1 << 16
_INSTALLATION = re.compile(r"P-[0-9A-F]{4}/\d{1,2}\.xml", re.IGNORECASE)
_SEALED = re.compile(r"P-[0-9A-F]{4}\.zip", re.IGNORECASE)
_ENCRYPTED = 0x1
"""General purpose bit 0 (PKWARE APPNOTE 4.4.4)."""

Group = tuple[int, str, str]
"""Address, name, datapoint type ("DPST-9-1") or ""."""


def is_project(path: Path) -> bool:
    return path.suffix.casefold() == ".knxproj" or is_zipfile(path)


def groups(path: Path) -> Iterator[Group]:
    """All group addresses that have a name, of all installations in turn. DeclaredError where they cannot be read."""
    try:
        if path.stat().st_size > LARGEST_PROJECT:
            raise DeclaredError("declared.too_large", path=path, size=LARGEST_PROJECT // 2**20, expected=phrase("declared.project"))
        with ZipFile(path) as project:
            for member in _installations(path, project.infolist()):
                yield from _read(f"{path}: {clean(member.filename)}", project, member)
    except OSError as error:
        raise DeclaredError("declared.unreadable", path=path, reason=error) from error
    except (BadZipFile, NotImplementedError, EOFError, UnicodeError, zlib.error) as error:
        raise DeclaredError("declared.no_zip", path=path, reason=clean(str(error)) or "cut short") from error


def _installations(path: Path, members: list[ZipInfo]) -> list[ZipInfo]:
    if len(members) > MOST_FILES:
        raise DeclaredError("declared.too_many_files", path=path, most=MOST_FILES)
    found = sorted((one for one in members if _INSTALLATION.fullmatch(one.filename)), key=lambda one: one.filename)
    if any(one.flag_bits & _ENCRYPTED for one in found) or (not found and any(_SEALED.fullmatch(one.filename) for one in members)):
        raise DeclaredError("declared.password", path=path)
    if not found:
        raise DeclaredError("declared.no_project", path=path)
    if len(found) > MOST_INSTALLATIONS or any(one.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for one in found):
        raise DeclaredError("declared.installations", path=path, most=MOST_INSTALLATIONS)
    return found


def _read(where: str, project: ZipFile, member: ZipInfo) -> list[Group]:
    """Piece by piece: what is kept of a file is its group addresses."""
    found: list[Group] = []
    parser = _parser(where, found.append)
    try:
        for piece in _pieces(where, project, member):
            parser.Parse(piece, False)
            if len(found) > _ADDRESSES:
                raise DeclaredError("declared.too_many_groups", where=where)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise DeclaredError("declared.no_xml", where=where, reason=error) from error
    return found


def _pieces(where: str, project: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    """What it unpacks to is counted, not believed."""
    left = LARGEST_FILE
    with project.open(member) as file:
        while piece := file.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise DeclaredError("declared.too_large_inside", where=where)
            yield piece


def _parser(where: str, take: Callable[[Group], None]) -> expat.XMLParserType:
    """Names bare, without their name space, which changes with every version of ETS. Whoever declares types of documents, and so
    entities, is not ETS."""

    def begun(element: str, said: dict[str, str]) -> None:
        if element.rpartition(" ")[2] != "GroupAddress":
            return
        name = said.get("Name", "").strip()
        number = said.get("Address", "")
        if not (number.isascii() and number.isdecimal() and len(number) <= 5 and int(number) < _ADDRESSES):
            raise DeclaredError("declared.group_number", where=where, line=parser.CurrentLineNumber, said=clean(number))
        if name:
            take((int(number), clean(name), clean(said.get("DatapointType", ""))))

    def declared(*_: object) -> None:
        raise DeclaredError("declared.doctype", where=where)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begun
    parser.StartDoctypeDeclHandler = declared
    return parser
