"""In which language a request is answered, and why it is answered with nothing else than a line."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from otwatch.outputs.wording import LANGUAGES, Words, language


def spoken(request: Request, of_site: str) -> str:
    """The language asked for in the address, else the first that the browser names and we speak (RFC 9110, 12.5.4), else as everywhere."""
    asked = request.query_params.get("lang", "")
    weighed = [_weight(part) for part in request.headers.get("accept-language", "")[:200].split(",")]
    wished = [asked, *(name for weight, name in sorted(weighed, key=lambda one: -one[0]) if weight > 0)]
    return language(next((name for name in wished if name in LANGUAGES), None), of_site)


def _weight(said: str) -> tuple[float, str]:
    """`fr-CA;q=0.8` -> 0.8 and "fr"; 0 for what cannot be read."""
    name, _, weight = said.strip().partition(";q=")
    try:
        return float(weight or 1), name.partition("-")[0].lower()
    except ValueError:
        return 0.0, ""


def refused(request: Request, key: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A line of the catalogue in the place of a page."""
    return PlainTextResponse(Words(spoken(request, ""))(key) + "\n", status, headers)
