"""Which path shows what of the record."""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from otwatch.outputs.page.carriers import SERVED_POLICY, TABLES, table, table_document
from otwatch.outputs.page.rendering import SCRIPT, STYLE, part
from otwatch.web.guard import DECIDER
from otwatch.web.latest import Latest, Reading
from otwatch.web.speaking import refused, spoken

METRICS = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus's text format."""
STYLED, SCRIPTED = "text/css; charset=utf-8", "text/javascript; charset=utf-8"

Page = Callable[[Reading, Request], Response]


def _metrics(reading: Reading, _: Request) -> Response:
    return Response(reading.metrics, media_type=METRICS)


def _health(reading: Reading, request: Request) -> Response:
    return PlainTextResponse("ok\n") if reading.is_there else refused(request, "web.unreadable", 503)


def _front(reading: Reading, request: Request) -> Response:
    """The page itself; nothing but its name for who has it already."""
    if not reading.is_there:
        return refused(request, "web.unreadable", 503)
    drawn = reading.page(spoken(request, reading.results.language), bool(request.scope.get(DECIDER)))
    headers = {"ETag": drawn.etag, "Content-Security-Policy": SERVED_POLICY, "Vary": "Accept-Language"}
    if request.headers.get("if-none-match") == drawn.etag:
        return Response(status_code=304, headers=headers)
    return Response(drawn.body, headers=headers, media_type="text/html; charset=utf-8")


def _part(name: str, kind: str, _reading: Reading, _: Request) -> Response:
    return Response(part(name), media_type=kind)


def _table(name: str, reading: Reading, request: Request) -> Response:
    voice = reading.voice(spoken(request, reading.results.language))
    headers = {"Content-Disposition": f'attachment; filename="otwatch-{name}.csv"'}
    return Response(table(name, reading.results, voice), headers=headers, media_type="text/csv; charset=utf-8")


def _document(name: str, reading: Reading, _: Request) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="otwatch-{name}.json"'}
    return Response(table_document(name, reading.results), headers=headers, media_type="application/json")


PAGES: dict[str, Page] = {
    "/": _front,
    "/metrics": _metrics,
    "/healthz": _health,
    f"/{STYLE}": partial(_part, STYLE, STYLED),
    f"/{SCRIPT}": partial(_part, SCRIPT, SCRIPTED),
    **{f"/{name}.csv": partial(_table, name) for name in TABLES},
    **{f"/{name}.json": partial(_document, name) for name in TABLES},
}


def routes(latest: Latest) -> list[Route]:
    """A route for each page. They are plain functions, so that Starlette lets a thread do what takes long: reading a record, drawing."""
    return [Route(path, _shown(page, latest), methods=["GET"]) for path, page in PAGES.items()]


def _shown(page: Page, latest: Latest) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        return page(latest.now(), request)

    return show
