"""The metrics over HTTP: two pages, read only, from the record as it is now."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from otwatch.outputs.metrics import exposition
from otwatch.outputs.serving import Pages, server
from otwatch.record import Record
from tests.outputs.samples import EMPTY, HOSPITAL


def write(path: Path, results: object = HOSPITAL) -> Path:
    with Record.create(path) as kept:
        kept.write(results)  # type: ignore[arg-type]  # results of the samples
    return path


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with server(write(tmp_path / "r.db"), "127.0.0.1", 0) as listening:
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listening.server_port
        listening.shutdown()
        thread.join()


def asked(port: int, path: str, method: str = "GET") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers["Content-Type"], body


def test_pages(port: int) -> None:
    assert asked(port, "/metrics") == (200, "text/plain; version=0.0.4; charset=utf-8", exposition(HOSPITAL))
    assert asked(port, "/metrics?x=1", "HEAD") == (200, "text/plain; version=0.0.4; charset=utf-8", b"")
    assert asked(port, "/healthz")[::2] == (200, b"ok\n")
    assert asked(port, "/../etc/passwd")[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(method: str, port: int) -> None:
    assert asked(port, "/metrics", method)[0] == 501


def test_the_record_is_read_when_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "r.db")
    pages = Pages(path)
    assert pages.at("/metrics").body == exposition(HOSPITAL)
    with monkeypatch.context() as context:
        context.setattr(Record, "open", None)  # not asked again
        assert pages.at("/metrics").body == exposition(HOSPITAL)
    write(path, EMPTY._replace(site="x"))
    assert pages.at("/metrics").body == exposition(EMPTY._replace(site="x"))


def test_a_record_that_is_not_there_yet(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "r.db")
    assert b"otwatch_record_up 0.0\n" in pages.at("/metrics").body
    assert pages.at("/healthz").status == 503
    write(tmp_path / "r.db")
    assert pages.at("/healthz").status == 200
    (tmp_path / "r.db").write_bytes(b"no record at all, but long enough to be asked for what it is")
    assert pages.at("/healthz").status == 503
