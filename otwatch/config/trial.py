"""The file of a trial (`otwatch test`): captures and a site file -> the findings that are expected. Read with the forms of the site file.

Paths count from the folder of the file.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from otwatch.config.forms import day, integer, one_of, scalar, text
from otwatch.config.lines import Entry, read_tree
from otwatch.config.problems import Problem
from otwatch.config.reading import Faults, Key, Read, Wrong, attempt, many, reads, struct
from otwatch.config.site import NOWHERE, At
from otwatch.config.words import SEVERITIES
from otwatch.errors import ConfigError
from otwatch.words import phrase

VERSION = 1
NONE, ANY = "none", "any"
MOST_TIMES = 10**9


class Expectation(NamedTuple):
    """A finding that is expected.

    severity         at least
    client, server   key, address or name of the asset; an address stands for all that is behind it too. None: any
    times            how often it is told, exactly, all findings that fit together; 0: never. None: once or more
    """

    detection: str
    severity: str = SEVERITIES[0]
    client: str | None = None
    server: str | None = None
    times: int | None = None
    at: At = NOWHERE


class Trial(NamedTuple):
    """others   the most serious finding that may be there without being expected: NONE, a severity, or ANY
    today    the day on which conduits expire; the real one where there is none
    """

    version: int
    captures: tuple[str, ...]
    expected: tuple[Expectation, ...]
    site: str | None = None
    others: str = NONE
    today: date | None = None
    at: At = NOWHERE


def load_trial(path: Path, detections: Iterable[str]) -> Trial:
    """The trial, with whole paths; ConfigError with one line for every fault of the file."""
    trial, problems = _read(path, detections)
    if trial is None or problems:
        raise ConfigError.saying(*(problem.phrase for problem in sorted(problems, key=lambda problem: problem.line)))
    return trial


def _read(path: Path, detections: Iterable[str]) -> tuple[Trial | None, list[Problem]]:
    tree, problems = read_tree(path)
    if tree is None:
        return None, problems
    faults = Faults(path.name)
    trial = attempt(_reader(path.parent, tuple(detections)), tree, faults)
    if trial is not None and trial.version != VERSION:
        faults.tell(trial.at.of("version"), "", phrase("problem.version", said=trial.version))
    return trial, [*problems, *faults.found]


def _reader(folder: Path, detections: tuple[str, ...]) -> Read[Trial]:
    @reads({"type": "string"})
    def file(entry: Entry, _: Faults) -> str:
        named = folder / scalar(entry)
        if not named.exists():
            raise Wrong("problem.no_file", path=named)
        return str(named)

    expectation = struct(
        Expectation, Key("detection", one_of(detections, "problem.what.detection"), required=True), Key("severity", one_of(SEVERITIES)),
        Key("client", text), Key("server", text), Key("times", integer(0, MOST_TIMES)),
    )  # fmt: skip
    return struct(
        Trial, Key("version", integer(0, 999), required=True), Key("capture", many(file), "captures", required=True), Key("site", file),
        Key("expected", many(expectation), required=True), Key("others", one_of((NONE, *SEVERITIES, ANY))), Key("today", day),
    )  # fmt: skip
