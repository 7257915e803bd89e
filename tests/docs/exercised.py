"""What real captures hold of every operation, as otwatch tells it: kept in exercised.json, so that the page can be written without them."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from otwatch.capture import open_captures
from otwatch.dissectors import DISSECTORS
from otwatch.dissectors.cip.services import COMMON, MULTIPLE, UNCONNECTED_SEND
from otwatch.dissectors.enip.encapsulation import COMMANDS
from otwatch.errors import OtwatchError
from otwatch.events import Answer, Envelope, Identity, Request
from otwatch.sightings import Sighting
from otwatch.wire import Wire, sightings

FILE = Path(__file__).with_name("exercised.json")


CARRIERS = {"umas": "modbus"}
"""Protocols that say who they are inside another one's functions."""


class Said(NamedTuple):
    """An operation as it stands in events: `about` is the class of a CIP point ("0x06"), "" for all others."""

    protocol: str
    operation: str
    code: int
    about: str


class Exercise(NamedTuple):
    """The captures that hold an operation, and the fields of the events that told it."""

    captures: tuple[str, ...]
    tells: tuple[str, ...]


Exercised = dict[Said, Exercise]


def known() -> Exercised:
    """What was found when captures were last looked into."""
    return {Said(*said): Exercise(tuple(captures), tuple(tells)) for said, captures, tells in json.loads(FILE.read_text("utf-8"))}


def found(folder: Path, names: Iterable[str]) -> Exercised:
    """The same, from these captures below a folder."""
    captures: defaultdict[Said, set[str]] = defaultdict(set)
    tells: defaultdict[Said, set[str]] = defaultdict(set)
    for name in names:
        for said, fields in _told(folder / name):
            captures[said].add(name)
            tells[said] |= fields
    return {said: Exercise(tuple(sorted(captures[said])), tuple(sorted(tells[said]))) for said in sorted(captures)}


def names(folder: Path) -> list[str]:
    """The captures below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in {".pcap", ".pcapng"})


def keep(exercised: Exercised) -> None:
    rows = ",\n".join(json.dumps([said, one.captures, one.tells], ensure_ascii=False) for said, one in exercised.items())
    FILE.write_text(f"[\n{rows}\n]\n", "utf-8")


def _told(path: Path) -> Iterable[tuple[Said, set[str]]]:
    """An identity is told by whatever was asked before: it counts for its protocol as a whole."""
    try:
        sources = open_captures([str(path)])
    except OtwatchError as error:  # some captures hold nothing that can be read
        print(f"{path}: {error}", file=sys.stderr)
        return
    wire = Wire(DISSECTORS)
    for item in sightings(wire, (batch for source in sources for batch in source.read())):
        event = item.event if isinstance(item, Sighting) else None
        if isinstance(event, Request | Answer):
            yield _said(event), _fields(event)
            yield from ((said, set()) for said in _around(event))
        elif isinstance(event, Envelope) and event.protocol == "enip":
            command = int(dict(event.fields)["command"], 16)
            if command in COMMANDS:
                yield Said("enip", COMMANDS[command].name, command, ""), set()
        elif isinstance(event, Identity):
            yield Said(CARRIERS.get(event.protocol, event.protocol), "", -1, ""), {f"identity {name}" for name, _ in event.fields}


def _said(event: Request | Answer) -> Said:
    name = event.points[0].name if isinstance(event, Request) and event.protocol == "cip" and event.points else ""
    about = name.partition("/")[0] if name.startswith("0x") else ""
    return Said(event.protocol, event.operation, event.code, about)


def _around(event: Request | Answer) -> Iterator[Said]:
    """The services of CIP that only carry others."""
    told = dict(event.details) if event.protocol == "cip" else {}
    if "via" in told:
        yield Said("cip", told["via"], UNCONNECTED_SEND, "0x06")
    if "packet" in told:
        yield Said("cip", COMMON[MULTIPLE].name, MULTIPLE, "")


def _fields(event: Request | Answer) -> set[str]:
    told = {name for name, _ in event.details}
    if isinstance(event, Request):
        told |= {f"point {point.kind}" for point in event.points}
        told |= {"values"} if event.values else set()
        told |= {"priority"} if event.priority is not None else set()
    return told
