"""Names and values that a client sends: in a query, a form of either kind, or JSON (WHATWG URL 5.1; RFC 7578)."""

from collections.abc import Iterable
from re import compile as pattern
from urllib.parse import parse_qsl

from otwatch.dissectors.http.head import Head

FIELDS = 64
"""Fields of a form; one that has more is no login."""
Fields = Iterable[tuple[str, bytes]]

_JSON = pattern(rb'"([^"\\]{1,64})"\s*:\s*"((?:[^"\\]|\\.)*)"')
_ESCAPE = pattern(rb"\\(.)")
_BOUNDARY = pattern(rb'(?i)boundary\s*=\s*"?([^\s";,]{1,70})')
_PART = pattern(rb'(?i)content-disposition:[^\r\n]{0,64};\s*name="([^"\r\n]{1,64})"[^\r\n]{0,256}')
_BLANK = pattern(rb"\r?\n\r?\n")


def sent(head: Head, body: bytes) -> Fields:
    """Those of a body; none in a body of another kind."""
    kind = head.field("content-type").lower()
    if b"json" in kind:
        return ((name.decode("latin-1"), _ESCAPE.sub(rb"\1", value)) for name, value in _JSON.findall(body))
    if b"form-urlencoded" in kind:
        return coded(body)
    boundary = _BOUNDARY.search(head.field("content-type")) if b"form-data" in kind else None
    return _parts(body, boundary[1]) if boundary else ()


def coded(text: bytes) -> Fields:
    """Of a query, or of a form that is written like one."""
    try:
        said = parse_qsl(text.decode("latin-1"), keep_blank_values=True, max_num_fields=FIELDS, encoding="latin-1")
    except ValueError:
        return []
    return [(name, value.encode("latin-1")) for name, value in said]


def _parts(body: bytes, boundary: bytes) -> Fields:
    for part in body.split(b"--" + boundary, FIELDS)[1:FIELDS]:
        named, blank = _PART.search(part), _BLANK.search(part)
        if named and blank and b"filename" not in named[0].lower():
            yield named[1].decode("latin-1"), part[blank.end() :].removesuffix(b"\n").removesuffix(b"\r")
