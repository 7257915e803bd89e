"""The page: protocol by protocol every table of codes, what each code tells, and the captures that exercise it."""

import re
from collections.abc import Iterator
from typing import Any

from otwatch.dissectors import DISSECTORS
from tests.conftest import ROOT
from tests.docs.exercised import Exercise, Exercised, Said
from tests.docs.tables import Operation, Table, protocol_of, tables

PAGE = ROOT / "docs" / "decode.md"
HEAD = """# What otwatch decodes

Written by `python -m tests.docs` from the tables of `otwatch/dissectors`; a test holds it against them. Do not edit.

Every table of operations has a row for each code: its name, its verb (`ARCHITECTURE.md`), how it is read (where it is only known by name:
nothing), what events told of it in real captures, and in how many of these it was seen, with examples. A code that no capture
exercises says **none**; its reading is tested on literal bytes only. Codes that stand in no table keep their number in every output.
"""
_EXAMPLES = 2
_LONG = 140
"""Words of one table that are listed; of longer tables only the size is told."""
_INSIDE = re.compile(r"(?:.*: |UMAS 0x[0-9a-f]{2} )?")
"""What a protocol writes before the name of an operation inside another one."""


def page(exercised: Exercised) -> str:
    return "\n".join([HEAD, *_protocols(exercised)]).rstrip() + "\n"


def _protocols(exercised: Exercised) -> Iterator[str]:
    all_tables = tables()
    homes: dict[str, list[str]] = {}
    for one in DISSECTORS:
        homes.setdefault(protocol_of(getattr(one.decode_in or one.decode, "__module__", "") or ""), []).append(one.name)
    order = list(dict.fromkeys([*homes, *(table.protocol for table in all_tables)]))
    unseen: dict[str, list[str]] = {}
    for protocol in order:
        mine = [table for table in all_tables if table.protocol == protocol]
        services = [one for one in DISSECTORS if one.name in homes.get(protocol, ())]
        title = ", ".join(one.title for one in services) or f"{protocol.upper()} (carried by another protocol)"
        yield f"## {title}\n"
        for one in services:
            ports = ", ".join(map(str, sorted(one.ports))) or "none"
            yield f"`{one.name}`: {', '.join(sorted(one.transports))}; ports that hint at it: {ports}.\n"
        yield from _identity({protocol, *homes.get(protocol, ())}, exercised)
        if not any(table.operations for table in mine):
            yield from _without_tables({protocol, *homes.get(protocol, ())}, any(one.names for one in services), exercised)
        for table in mine:
            yield from _operations(table, mine, exercised, unseen) if table.operations else _words(table)
    yield f"## Codes that no capture exercises\n\n{sum(map(len, unseen.values()))} codes, by table.\n"
    yield from (f"* {table}: {', '.join(codes)}." for table, codes in unseen.items())
    yield ""


def _identity(names: set[str], exercised: Exercised) -> Iterator[str]:
    told = [one for name in sorted(names) if (one := exercised.get(Said(name, "", -1, ""))) is not None]
    if told:
        fields = ", ".join(sorted({field.removeprefix("identity ") for one in told for field in one.tells}))
        captures = tuple(sorted({capture for one in told for capture in one.captures}))
        yield f"Of devices it tells: {fields} (seen in {_seen(captures)}).\n"


def _without_tables(names: set[str], introduces: bool, exercised: Exercised) -> Iterator[str]:
    """Nothing where nothing is ever said: what is only recognised, and what only introduces machines."""
    seen = [(said, one) for said, one in exercised.items() if said.protocol in names and said.operation]
    if not seen:
        yield "Read for who somebody is; it has no operations." if introduces else "Recognised and counted, not read."
    else:
        yield "| operation | told in captures | seen in |\n| --- | --- | --- |"
    for said, one in seen:
        yield f"| {_safe(said.operation)} | {', '.join(one.tells)} | {_seen(one.captures)} |"
    yield ""


def _operations(table: Table, mine: list[Table], exercised: Exercised, unseen: dict[str, list[str]]) -> Iterator[str]:
    yield f"### {table.module}: {table.name.strip('_')}\n"
    if table.caption:
        yield f"{_safe(table.caption)}\n"
    yield "| code | name | verb | read as | told in captures | seen in |\n| --- | --- | --- | --- | --- | --- |"
    names = [one.name for other in mine for one in other.operations]
    for one in table.operations:
        found = _exercise(table.protocol, one, names.count(one.name) > 1, exercised)
        if not found.captures:
            unseen.setdefault(f"{table.module}: {table.name.strip('_')}", []).append(f"{_code(one.key)} {_safe(one.name)}")
        cells = (_code(one.key), _safe(one.name), one.verb, _safe("; ".join(one.tells)), ", ".join(found.tells), _seen(found.captures))
        yield f"| {' | '.join(cells)} |"
    yield ""


def _exercise(protocol: str, one: Operation, ambiguous: bool, exercised: Exercised) -> Exercise:
    captures: set[str] = set()
    tells: set[str] = set()
    for said, seen in exercised.items():
        if said.protocol == protocol and _is_same(said, one, ambiguous):
            captures.update(seen.captures)
            tells.update(seen.tells)
    return Exercise(tuple(sorted(captures)), tuple(sorted(tells)))


def _is_same(said: Said, one: Operation, ambiguous: bool) -> bool:
    """By name; where several rows have the same name, also by code and by the class that a CIP row belongs to."""
    if not said.operation.endswith(one.name) or not _INSIDE.fullmatch(said.operation.removesuffix(one.name)):
        return False
    if not ambiguous or isinstance(one.key, str):
        return True
    if isinstance(one.key, tuple) and said.about and said.about != f"0x{one.key[0]:02x}":
        return False
    code: object = one.key[-1] if isinstance(one.key, tuple) else one.key
    return said.code % 256 == code


def _words(table: Table) -> Iterator[str]:
    yield f"### {table.module}: {table.name.strip('_')}\n"
    if table.caption:
        yield f"{_safe(table.caption)}\n"
    if len(table.words) > _LONG:
        yield f"{len(table.words)} names.\n"
    else:
        yield "; ".join(f"{_code(key)} {_safe(text)}" for key, text in table.words if text) + ".\n"


def _code(key: Any) -> str:
    if isinstance(key, tuple):
        return " ".join(map(_code, key))
    if not isinstance(key, int):
        return "" if key is None else str(key)
    return f"{key} ({key:#04x})" if key > 9 else str(key)


def _seen(captures: tuple[str, ...]) -> str:
    if not captures:
        return "**none**"
    shown = ", ".join(f"`{name}`" for name in captures[:_EXAMPLES])
    return f"{len(captures)}: {shown}" + (", …" if len(captures) > _EXAMPLES else "")


def _safe(text: str) -> str:
    """Text for a cell of a table."""
    return text.replace("|", "\\|")
