"""Which path shows what of the record."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from otwatch.web.latest import Latest, Reading

METRICS = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus's text format."""

Page = Callable[[Reading, Request], Response]


def _metrics(reading: Reading, _: Request) -> Response:
    return Response(reading.metrics, media_type=METRICS)


def _health(reading: Reading, _: Request) -> Response:
    return PlainTextResponse("ok\n") if reading.is_there else PlainTextResponse("the record cannot be read\n", 503)


PAGES: dict[str, Page] = {"/metrics": _metrics, "/healthz": _health}


def routes(latest: Latest) -> list[Route]:
    """A route for each page. They are plain functions, so that Starlette lets a thread do what takes long: reading a record, drawing."""
    return [Route(path, _shown(page, latest), methods=["GET"]) for path, page in PAGES.items()]


def _shown(page: Page, latest: Latest) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        return page(latest.now(), request)

    return show
