"""The register of security levels: for every zone each system requirement of IEC 62443-3-3, and what listening can say of it.

What leaves no traffic is listed too, as not assessable by passive means, with where to look instead: an empty line is no proof.
"""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from otwatch.conclusions import Cap, Mark
from otwatch.outputs.tables import Column, View
from otwatch.outputs.voice import Voice
from otwatch.results import Texts

GAP, SHOWN, NONE_SEEN, TOO_LITTLE, NOT_PASSIVE = "gap", "shown", "none_seen", "too_little", "not_passive"
"""A gap is shown; something is shown that the target allows; no gap was seen; too little was heard; listening cannot say."""


class Requirement(NamedTuple):
    """A system requirement. `foundation` "FR1" .. "FR7"; `passive`: some of it leaves traffic; `ask`: where else to look."""

    foundation: str
    id: str
    title: Texts
    passive: bool
    ask: str


class Entry(NamedTuple):
    """What is said of a requirement in a zone. `target` and `reached` (None: not assessable) are those of its foundation."""

    zone: str
    requirement: Requirement
    target: int
    reached: int | None
    status: str
    caps: tuple[Cap, ...]


@cache
def requirements() -> tuple[Requirement, ...]:
    read = tomllib.loads(files(__package__).joinpath("requirements.toml").read_text("utf-8"))["requirement"]
    return tuple(Requirement(one["foundation"], one["id"], {"en": one["en"], "fr": one["fr"]}, one["passive"], one["ask"]) for one in read)


def register(marks: Iterable[Mark]) -> tuple[Entry, ...]:
    """Zone by zone in the order of the marks, requirement by requirement in that of the standard."""
    return tuple(entry for mark in marks for entry in _of_mark(mark))


def _of_mark(mark: Mark) -> Iterator[Entry]:
    for requirement in requirements():
        if requirement.foundation == mark.requirement:
            caps = tuple(cap for cap in mark.caps if requirement.id in _named(cap))
            yield Entry(mark.zone, requirement, mark.target, mark.reached, _status(mark, requirement, caps), caps)


def _named(cap: Cap) -> set[str]:
    """ "SR 5.2 RE 1, SR 5.1" -> the requirements without their enhancements."""
    return {one.partition(" RE ")[0] for one in cap.requirement.split(", ")}


def _status(mark: Mark, requirement: Requirement, caps: tuple[Cap, ...]) -> str:
    if caps:
        return GAP if min(cap.most for cap in caps) < mark.target else SHOWN
    if not requirement.passive:
        return NOT_PASSIVE
    return TOO_LITTLE if mark.reached is None else NONE_SEEN


def reached(entry: Entry, voice: Voice) -> str:
    """At most so much; that nothing can be said."""
    return voice.words("register.unknown") if entry.reached is None else voice.words("register.most", level=entry.reached)


def evidence(entry: Entry, voice: Voice) -> str:
    """Why a level cannot be higher, with the findings and frames that show it; else where to look."""
    words = voice.words
    if not entry.caps:
        return words(f"register.ask.{entry.requirement.ask}") if entry.status in {NOT_PASSIVE, TOO_LITTLE} else ""
    return " ".join(_why(cap, voice) for cap in entry.caps)


def _why(cap: Cap, voice: Voice) -> str:
    words = voice.words
    said = [words(f"level.cap.{cap.key}")]
    said += [words("level.alerts", numbers=", ".join(map(str, cap.alerts)))] if cap.alerts else []
    said += [words("analysis.frames", places=", ".join(f"{one.capture} {one.number}" for one in cap.frames))] if cap.frames else []
    return f"{'; '.join(said)}."


REGISTER = View("levels", (
    Column("zone", lambda row, voice: voice.zone(row.zone), brief=True),
    Column("zone_id", lambda row, _: row.zone),
    Column("foundation", lambda row, _: row.requirement.foundation, brief=True),
    Column("requirement", lambda row, _: row.requirement.id, brief=True),
    Column("what", lambda row, voice: voice.words.of(row.requirement.title), brief=True),
    Column("target_level", lambda row, _: row.target, brief=True, number=True),
    Column("reached_level", reached, brief=True),
    Column("status", lambda row, voice: voice.words(f"register.{row.status}"), brief=True),
    Column("evidence", evidence),
), "level.none")  # fmt: skip
