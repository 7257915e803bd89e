"""Deciding about a finding from the page: a form, and what it sends. Nobody but the users named by `otwatch serve --decide` comes this far.

A browser sends a password by itself, also when a page of elsewhere makes it ask (cross-site request forgery). So what is sent must come
from a page of ours (Origin, Sec-Fetch-Site) and hold the token of that form: a keyed digest of who decides about what, under a key that
ends with the process. What is written down is the name of the login, not what a form says.
"""

import asyncio
import hmac
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from otwatch.decisions.deciding import By, chosen, take
from otwatch.errors import DecisionError
from otwatch.outputs.page.carriers import DECIDING_POLICY, FORM
from otwatch.outputs.page.form import Asked, form
from otwatch.web.guard import DECIDER
from otwatch.web.latest import Latest
from otwatch.web.speaking import refused, spoken

LARGEST = 4096
"""Bytes that a form may send."""
ACTIONS = ("mute", "expect", "close", "reopen")


class Deciding:
    """The form (GET) and what it sends (POST)."""

    def __init__(self, latest: Latest) -> None:
        self._latest = latest
        self._key = os.urandom(32)

    async def __call__(self, request: Request) -> Response:
        name = request.scope.get(DECIDER, "")
        if not name:
            return refused(request, "web.no_decider", 403)
        if request.method != "POST":
            return await asyncio.to_thread(self._shown, request, name, request.query_params.get("finding", ""))
        if not is_ours(request.headers):
            return refused(request, "web.other_form", 403)
        sent = await _sent(request)
        if sent is None:
            return refused(request, "web.too_large", 413)
        if not hmac.compare_digest(sent.get("token", "").encode(), self._token(name, sent.get("finding", "")).encode()):
            return refused(request, "web.old_form", 403)
        return await asyncio.to_thread(self._taken, request, name, sent)

    def _taken(self, request: Request, name: str, sent: Mapping[str, str]) -> Response:
        reading = self._latest.now()
        language = spoken(request, reading.results.language)
        action, given = sent.get("action", ""), sent.get("finding", "")
        by = By(name, f"web:{name}", sent.get("reason", ""), sent.get("until", "") if action in {"mute", "expect"} else "")
        try:
            if action not in ACTIONS:
                raise DecisionError("decision.action", actions=", ".join(ACTIONS))
            take(action, given, by, reading.results.alerts, self._latest.record, reading.voice(language).clock, datetime.now(UTC))
        except DecisionError as error:
            return self._shown(request, name, given, error.text(language), sent)
        return RedirectResponse(f".?lang={language}#findings", 303)

    def _shown(self, request: Request, name: str, given: str, wrong: str = "", sent: Mapping[str, str] | None = None) -> Response:
        reading = self._latest.now()
        alert = chosen(reading.results.alerts, given)
        if alert is None:
            return refused(request, "web.no_finding", 404)
        language = spoken(request, reading.results.language)
        asked = Asked(alert, name, self._token(name, given), given, wrong, sent or {}, datetime.now(UTC))
        headers = {"Content-Security-Policy": DECIDING_POLICY, "Referrer-Policy": "same-origin"}  # "no-referrer" makes the Origin "null"
        body = form(asked, reading.voice(language))
        return Response(body, 400 if wrong else 200, headers=headers, media_type="text/html; charset=utf-8")

    def _token(self, name: str, given: str) -> str:
        who = name.encode()
        return hmac.digest(self._key, len(who).to_bytes(4) + who + given.encode("utf-8", "replace"), "sha256").hex()


def is_ours(headers: Headers) -> bool:
    """Whether a page of ours sends it. Every browser says its Origin with a POST; what else it says must agree (Fetch Metadata)."""
    origin, host = urlsplit(headers.get("origin", "")), headers.get("host", "")
    form_sent = headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
    same = headers.get("sec-fetch-site", "same-origin") == "same-origin"
    return bool(host) and origin.netloc == host and origin.scheme in {"http", "https"} and same and form_sent


async def _sent(request: Request) -> dict[str, str] | None:
    """The fields of a form, each once; None where it is too large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    try:
        return dict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=16))
    except ValueError:
        return {}
