"""The metrics of a record over HTTP, for Prometheus: /metrics and /healthz, and nothing else. Nothing that is asked changes anything.

The record is read when it was written since the last time, not at every scrape. A record that cannot be read is told
(`otwatch_record_up 0`, 503 at /healthz) and tried again at the next scrape.
"""

from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from otwatch.errors import RecordError
from otwatch.outputs.metrics import NOTHING, exposition
from otwatch.record import Record

METRICS, TEXT = "text/plain; version=0.0.4; charset=utf-8", "text/plain; charset=utf-8"
PATIENCE_S = 10
"""How long a connection may say nothing."""

_Stamp = tuple[tuple[int, int, int], ...]


class Page(NamedTuple):
    """An answer."""

    status: int
    kind: str
    body: bytes


class Pages:
    """What is answered to whom asks for which path. Asked by several threads."""

    def __init__(self, record: Path) -> None:
        self._path = record
        self._lock = Lock()
        self._seen: _Stamp = ()
        self._metrics = b""

    def at(self, path: str) -> Page:
        """The page at a path; what stands behind a question mark means nothing here."""
        name = path.partition("?")[0]
        if name == "/metrics":
            return Page(200, METRICS, self._read()[1])
        if name == "/healthz":
            return Page(200, TEXT, b"ok\n") if self._read()[0] else Page(503, TEXT, b"the record cannot be read\n")
        return Page(404, TEXT, b"/metrics or /healthz\n")

    def _read(self) -> tuple[bool, bytes]:
        """Whether the record could be read, and its metrics."""
        with self._lock:
            stamp = _stamp(self._path)
            if stamp and stamp == self._seen:
                return True, self._metrics
            metrics = _read(self._path)
            self._seen, self._metrics = (stamp, metrics) if metrics else ((), exposition(NOTHING))
            return bool(metrics), self._metrics


def _read(path: Path) -> bytes:
    """The metrics of a record; b"" where it cannot be read."""
    try:
        with Record.open(path) as record:
            return exposition(record.results())
    except RecordError:
        return b""


def _stamp(path: Path) -> _Stamp:
    """What changes when the record is written: which file, how long, and when; of its journal (SQLite, WAL), too, if it holds anything."""
    found = []
    for name in (path, path.with_name(f"{path.name}-wal")):
        try:
            stat = name.stat()
        except OSError:
            continue
        if stat.st_size:
            found.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(found)


class Asked(BaseHTTPRequestHandler):
    """One connection; the standard library wants a class."""

    timeout = PATIENCE_S
    server_version, sys_version = "otwatch", ""

    def __init__(self, pages: Pages, *connection: Any) -> None:
        self._pages = pages
        super().__init__(*connection)

    def do_GET(self) -> None:  # the standard library's name
        self.wfile.write(self._begin())

    def do_HEAD(self) -> None:  # the standard library's name
        self._begin()

    def _begin(self) -> bytes:
        page = self._pages.at(self.path)
        self.send_response(page.status)
        headers = {"Content-Type": page.kind, "Content-Length": str(len(page.body)), "Cache-Control": "no-store"}
        for name, value in (headers | {"X-Content-Type-Options": "nosniff"}).items():
            self.send_header(name, value)
        self.end_headers()
        return page.body

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """A scrape is no news."""


def server(record: Path, address: str, port: int) -> ThreadingHTTPServer:
    """Listening, and not yet answering; OSError where it cannot listen."""
    return ThreadingHTTPServer((address, port), partial(Asked, Pages(record)))
