"""Security levels of zones: target and bound in one square for each foundational requirement, why not more, and what nobody can hear."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from otwatch.conclusions import Mark
from otwatch.outputs.page.findings import zone_ref
from otwatch.outputs.page.naming import Ref
from otwatch.outputs.report.register import GAP, evidence, register, requirements
from otwatch.outputs.voice import Voice


class Square(NamedTuple):
    """`status` of a mark: "proven_gap", "no_gap_seen", "not_assessable"; `said` tells all of it in words."""

    reached: str
    target: str
    status: str
    said: str


class Gap(NamedTuple):
    """A requirement that is not met, and what shows it."""

    zone: Ref
    requirement: str
    title: str
    evidence: str


class Levels(NamedTuple):
    """`heads`: number and name of each foundational requirement; `unheard`: requirements that leave no traffic, and where to look."""

    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Ref, tuple[Square, ...]], ...]
    gaps: tuple[Gap, ...]
    unheard: tuple[tuple[str, str, str], ...]
    unheard_said: str


def levels(marks: Sequence[Mark], voice: Voice) -> Levels:
    words = voice.words
    zones = groupby(marks, key=lambda mark: mark.zone)
    rows = tuple((zone_ref(zone, voice), tuple(_square(mark, voice) for mark in found)) for zone, found in zones)
    heads = tuple((name, words(f"register.foundation.{name}")) for name in sorted({one.foundation for one in requirements()}))
    entries = register(marks)
    gaps = tuple(
        Gap(zone_ref(one.zone, voice), one.requirement.id, words.of(one.requirement.title), evidence(one, voice))
        for one in entries if one.status == GAP
    )  # fmt: skip
    unheard = tuple((one.id, words.of(one.title), words(f"register.ask.{one.ask}")) for one in requirements() if not one.passive)
    said = words("register.not_assessed", number=len(unheard), all=len(requirements()))
    return Levels(heads, rows, gaps, unheard, said)


def _square(mark: Mark, voice: Voice) -> Square:
    words = voice.words
    at_most = words("register.unknown") if mark.reached is None else words("register.most", level=mark.reached)
    status = words(f"register.mark.{mark.status}")
    name = words(f"register.foundation.{mark.requirement}")
    said = words("register.cell", foundation=mark.requirement, name=name, reached=at_most, target=mark.target, status=status)
    return Square("–" if mark.reached is None else str(mark.reached), str(mark.target), mark.status, said)
