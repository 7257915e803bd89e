"""The form by which a person decides about a finding, as a page of its own: it needs no script, and the page stays the same for all."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from otwatch.outputs.apart import said
from otwatch.outputs.page.rendering import document
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import SEVERITIES, Voice
from otwatch.results import AlertRow

USUAL_DAYS, MOST_DAYS = 90, 366
"""As decisions.deciding has it (kept by a test)."""


class Asked(NamedTuple):
    """What a form is about: who decides, the token that proves the form, what was wrong with what was `sent` before."""

    alert: AlertRow
    author: str
    token: str
    finding: str
    wrong: str
    sent: Mapping[str, str]
    now: datetime


class Shown(NamedTuple):
    """Everything the template says."""

    number: int
    title: str
    sentence: str
    severity: str
    severity_said: str
    decided: str
    author: str
    token: str
    finding: str
    wrong: str
    action: str
    reason: str
    until: str
    first: str
    last: str


def form(asked: Asked, voice: Voice) -> str:
    alert, of, voice = asked.alert, voice.words.of, voice._replace(day=voice.words("page.day"))
    days = (asked.now.astimezone(voice.clock) + timedelta(days=after) for after in (USUAL_DAYS, 1, MOST_DAYS - 1))
    usual, first, last = (f"{day:%Y-%m-%d}" for day in days)
    shown = Shown(
        alert.number, of(alert.title), of(alert.sentence), SEVERITIES[alert.severity], voice.severity(alert.severity), said(alert, voice),
        asked.author, asked.token, asked.finding, visible(asked.wrong), asked.sent.get("action", ""), asked.sent.get("reason", ""),
        asked.sent.get("until", usual), first, last,
    )  # fmt: skip
    return document("decide.html", {"form": shown, "words": voice.words})
