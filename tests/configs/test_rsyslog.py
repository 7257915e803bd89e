"""configs/rsyslog: rsyslog takes it, and lines arrive over TLS as they stand in the file, those too that nobody was there to take."""

import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from otwatch.outputs.appending import append
from otwatch.outputs.eve import Line
from tests.conftest import ROOT
from tests.debian import absent, needs

SNIPPET = ROOT / "configs" / "rsyslog" / "otwatch.conf"
TLS = ROOT / "tests" / "web" / "tls"
LONG = Line("long", f'{{"text":"{"é" * 20_000}"}}')
"""Some 40 kB."""


def config(folder: Path, port: int = 6514) -> Path:
    """The snippet, with the files, the folders and the other end of a test."""
    changes = {
        "/var/spool/rsyslog": str(folder), "/var/log/otwatch": str(folder), "/etc/otwatch/tls/ca.pem": str(TLS / "authority.pem"),
        "/etc/otwatch/tls/cert.pem": str(TLS / "client.pem"), "/etc/otwatch/tls/key.pem": str(TLS / "client.key"),
        "soc.example.org": "localhost", 'port="6514"': f'port="{port}"',
        'resumeRetryCount="-1"': 'resumeRetryCount="-1" action.resumeInterval="1"',
    }  # fmt: skip
    text = SNIPPET.read_text("utf-8")
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    path = folder / "otwatch.conf"
    path.write_text(text, "utf-8")
    return path


def test_rsyslog_takes_it(tmp_path: Path) -> None:
    command = [needs("rsyslogd", "rsyslog"), "-N1", "-f", str(config(tmp_path)), "-i", str(tmp_path / "pid")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_braces_and_quotes_are_closed() -> None:
    lines = [line for line in SNIPPET.read_text("utf-8").splitlines() if not line.startswith("#")]
    text = "\n".join(lines)
    assert text.count("(") == text.count(")")
    assert text.count("{") == text.count("}")
    assert not [line for line in lines if line.count('"') % 2]


@contextmanager
def rsyslog(folder: Path, port: int) -> Iterator[None]:
    program = needs("rsyslogd", "rsyslog")
    if not list(Path("/usr/lib").glob("*/rsyslog/lmnsd_gtls.so")):
        absent("rsyslog speaks no TLS (Debian package rsyslog-gnutls)")
    if os.geteuid():
        absent("rsyslogd wants to be root")
    with subprocess.Popen([program, "-n", "-f", str(config(folder, port)), "-i", str(folder / "pid")]) as daemon:
        try:
            yield
        finally:
            daemon.terminate()
            daemon.wait(60)


@contextmanager
def soc(port: int = 0) -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", port)) as listening:
        listening.settimeout(60)
        yield listening


@contextmanager
def taking(listening: socket.socket) -> Iterator[BinaryIO]:
    """What comes from who shows our certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=TLS / "authority.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(TLS / "server.pem", TLS / "server.key")
    connection, _ = listening.accept()
    connection.settimeout(60)
    with context.wrap_socket(connection, server_side=True) as secured, secured.makefile("rb") as stream:
        yield stream


def message(stream: BinaryIO) -> str:
    """The next message, with its length before it (RFC 5425 4.3)."""
    length = b"".join(iter(lambda: stream.read(1), b" "))
    return stream.read(int(length)).decode()


def body(message: str) -> str:
    return message.partition(" - eve - ")[2]


def test_lines_arrive_as_they_are(tmp_path: Path) -> None:
    eve = tmp_path / "eve.json"
    lines = [*(Line(str(number), f'{{"number":{number},"text":"%msg% \\\\n €"}}') for number in range(3)), LONG]
    append(eve, lines)
    with soc() as listening, rsyslog(tmp_path, listening.getsockname()[1]), taking(listening) as stream:
        told = [message(stream) for _ in lines]
        eve.rename(tmp_path / "eve.json.1")
        append(eve, [Line("after", '{"after":"a rotation"}')])
        later = message(stream)
    assert [body(one) for one in (*told, later)] == [*(line.text for line in lines), '{"after":"a rotation"}']
    assert all(one.startswith("<165>1 2") for one in told)  # local4.notice, RFC 5424


def test_what_nobody_took_arrives_later(tmp_path: Path) -> None:
    append(tmp_path / "eve.json", [Line("1", '{"number":1}'), Line("2", '{"number":2}')])
    with soc() as listening, rsyslog(tmp_path, listening.getsockname()[1]):
        for _ in range(2):
            listening.accept()[0].close()  # no TLS: whoever this is, he gets nothing
        with taking(listening) as stream:
            assert [body(message(stream)) for _ in range(2)] == ['{"number":1}', '{"number":2}']
