"""What stands on top: the site and the time, how well it could be heard, what is at stake, and what to do first."""

from collections.abc import Mapping
from typing import NamedTuple

from otwatch.outputs.doctor import sentences, word
from otwatch.outputs.mirror import Grade, diagnose
from otwatch.outputs.page.findings import Todo, first
from otwatch.outputs.page.timeline import Timeline, timeline
from otwatch.outputs.summary.unseen import unseen_lines
from otwatch.outputs.voice import GROUP, SEVERITIES, Voice
from otwatch.results import Results

CRITICALITIES = ("C4", "C3", "C2", "C1", "C0")
MOST_FILES = 6


class Health(NamedTuple):
    """The doctor's verdict, why (what was found, and what to do about it), and what is good to know. `fine` counts what is good."""

    verdict: str
    said: str
    flaws: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    fine: tuple[str, ...]


class Stake(NamedTuple):
    """What care loses at one level of criticality, and what is there: assets, and findings by severity."""

    criticality: str
    meaning: str
    assets: int
    findings: tuple[tuple[str, str, int], ...]


class Overview(NamedTuple):
    site: str
    captures: tuple[str, ...]
    more_captures: int
    period: str
    duration: str
    clock: str
    figures: tuple[tuple[str, str], ...]
    health: Health
    stakes: tuple[Stake, ...]
    first: tuple[Todo, ...]
    timeline: Timeline | None
    unseen: tuple[str, ...]


def overview(results: Results, voice: Voice, expected: Mapping[str, frozenset[str]]) -> Overview:
    """`expected`: as for `mirror.diagnose`."""
    times = [time for row in results.captures if row.frames for time in (row.first_ns, row.last_ns)]
    begin, end = (min(times), max(times)) if times else (0, 0)
    names = tuple(row.name for row in results.captures)
    return Overview(
        results.site, names[:MOST_FILES], max(len(names) - MOST_FILES, 0), voice.between(begin, end) if times else "",
        voice.duration(end - begin), str(voice.clock), tuple(_figures(results, voice)), _health(results, voice, expected),
        _stakes(results, voice), first(results.alerts, voice), timeline(results.alerts, begin, end, voice),
        tuple(unseen_lines(results, voice)),
    )  # fmt: skip


def _figures(results: Results, voice: Voice) -> list[tuple[str, str]]:
    words = voice.words
    frames = sum(row.frames for row in results.captures)
    read = min(sum(row.packets for row in results.protocols if row.decoded), frames)
    things = [asset for asset in results.assets if asset.kind != GROUP]
    figures = [
        ("packets", words.number(frames)),
        ("understood", words("page.percent", number=words.number(100 * read // frames)) if frames else ""),
        ("assets", words.number(len(things))),
        ("zones", words.number(len({asset.zone for asset in things}))),
        ("conversations", words.number(len(results.links))),
        ("findings", words.number(len(results.alerts))),
    ]
    return [(words(f"page.figure.{key}"), value) for key, value in figures if value]


def _health(results: Results, voice: Voice, expected: Mapping[str, frozenset[str]]) -> Health:
    words = voice.words
    diagnosis = diagnose(results, expected)
    verdict = word(diagnosis.verdict)

    def told(*grades: Grade) -> list[tuple[str, ...]]:
        return [sentences(reason, words) for reason in diagnosis.reasons if reason.grade in grades]

    flaws = tuple((lines[0], lines[-1]) for lines in told(Grade.BAD, Grade.DOUBTFUL))
    notes = tuple((lines[0], lines[-1]) for lines in told(Grade.NOTE))
    return Health(verdict, words(f"doctor.verdict.{verdict}"), flaws, notes, tuple(lines[0] for lines in told(Grade.GOOD)))


def _stakes(results: Results, voice: Voice) -> tuple[Stake, ...]:
    """Every level that has an asset. Findings count at what they are about."""
    levels = {asset.key: asset.criticality for asset in results.assets}
    made = []
    for criticality in CRITICALITIES:
        assets = sum(asset.criticality == criticality for asset in results.assets if asset.kind != GROUP)
        alerts = [alert.severity for alert in results.alerts if levels.get(alert.server or alert.client) == criticality]
        counted = tuple((SEVERITIES[level], voice.severity(level), alerts.count(level)) for level in sorted(set(alerts), reverse=True))
        if assets or alerts:
            made.append(Stake(criticality, voice.words.term("criticality", criticality), assets, counted))
    return tuple(made)
