"""`otwatch serve`: where it refuses to listen, and that it answers until it is stopped."""

import os
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from otwatch.cli import run
from tests.conftest import ROOT
from tests.web.asking import basic
from tests.web.test_app import USERS

TLS = ROOT / "tests" / "web" / "tls"
CERTIFICATE = f"tls_server_config:\n  cert_file: {TLS}/server.pem\n  key_file: {TLS}/server.key\n"
LOGIN = f"basic_auth_users:\n  {USERS[0][0]}: {USERS[0][1]}\n"


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server, and where its metrics are, below the address it tells."""
    command = [sys.executable, "-u", "-m", "otwatch", "serve", "--listen", "127.0.0.1:0", "--lang", "en", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        try:
            yield process, f"{process.stdout.readline().removeprefix('serving ').strip()}metrics"
        finally:
            process.kill()


def config(tmp_path: Path, text: str) -> str:
    path = tmp_path / "web.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("listen", ["127.0.0.1", "localhost:9468", "127.0.0.1:70000"])
def test_where_nobody_listens(listen: str, record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--record", record, "--listen", listen]) == 2
    assert "an address and a port are expected" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("", "there is no TLS (tls_server_config) and no login (basic_auth_users, or client certificates);"),
        (LOGIN, "there is no TLS (tls_server_config);"),
        (CERTIFICATE, "there is no login (basic_auth_users, or client certificates);"),
    ],
)
@pytest.mark.parametrize("listen", ["0.0.0.0:9468", "192.0.2.1:0", "[::]:9468"])
def test_others_are_not_answered_without_protection(
    listen: str, text: str, lacks: str, record: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--record", record, "--listen", listen, "--web-config", config(tmp_path, text), "--lang", "en"]) == 2
    assert lacks in capsys.readouterr().err


@pytest.mark.parametrize("protection", [["--unprotected"], ["--web-config", "web.yml"]])
def test_an_address_that_is_not_ours(
    protection: list[str], record: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config(tmp_path, CERTIFICATE + LOGIN)
    monkeypatch.chdir(tmp_path)
    assert run(["serve", "--record", record, "--listen", "192.0.2.1:9468", *protection]) == 2
    assert "cannot listen there" in capsys.readouterr().err


def test_a_certificate_that_does_not_fit(record: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = CERTIFICATE.replace("server.pem", "renewed.pem")
    assert run(["serve", "--record", record, "--web-config", config(tmp_path, text), "--lang", "en"]) == 2
    assert "tls_server_config: the certificate, its key" in capsys.readouterr().err


def test_who_leaves_before_the_answer_ends_nothing(record: str) -> None:
    with serving("--record", record) as (process, url):
        for _ in range(2):
            with urllib.request.urlopen(url, timeout=10) as answer:
                assert b"otwatch_record_up 1.0\n" in answer.read()
            process.send_signal(signal.SIGPIPE)  # what Linux sends to who writes to them
        assert process.poll() is None


def test_serve_until_it_is_stopped(record: str) -> None:
    with serving("--record", record) as (process, url):
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert b"otwatch_record_up 1.0\n" in answer.read()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_serve_with_tls_and_a_login(record: str, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=TLS / "authority.pem")
    with serving("--record", record, "--web-config", config(tmp_path, CERTIFICATE + LOGIN)) as (process, url):
        assert url.startswith("https://127.0.0.1:")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(urllib.request.Request(url, headers=dict(basic("prometheus", b"wrong"))), context=trusting, timeout=10)
        asking = urllib.request.Request(url, headers=dict(basic("prometheus", b"correct horse")))
        with urllib.request.urlopen(asking, context=trusting, timeout=10) as answer:
            assert b"otwatch_record_up 1.0\n" in answer.read()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == "otwatch: a login from 127.0.0.1 was refused\n"


def test_other_commands_start_without_it() -> None:
    code = "import sys, otwatch.cli; print(*sorted({'starlette', 'uvicorn', 'bcrypt', 'asyncio'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "\n"


def test_who_decides_must_log_in(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--record", record, "--listen", "127.0.0.1:0", "--decide", "durand", "--lang", "en"]) == 2
    assert "--decide durand: no such user in --web-config" in capsys.readouterr().err
