"""Where it listens; TLS as the file says; certificates that are renewed; connections that say nothing."""

import asyncio
import shutil
import ssl
from contextlib import suppress
from pathlib import Path

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from uvicorn.server import ServerState

from otwatch.config.web import CIPHERS, DEMANDED, IF_GIVEN, Tls
from otwatch.web import listening
from otwatch.web.listening import Certificates, Hurried, Place

FILES = Path(__file__).parent / "tls"
SERVER = Tls("server.pem", "server.key")


@pytest.mark.parametrize("given", ["127.0.0.1:9468", "[::1]:0", "0.0.0.0:65535"])
def test_places(given: str) -> None:
    assert str(Place.of(given)) == given


@pytest.mark.parametrize(
    "given",
    ["127.0.0.1", "localhost:9468", "127.0.0.1:70000", "127.0.0.1:٣", "::1:9468", "[127.0.0.1]:9468", "[::1]", "", ":80", "1.2.3.4:-1"],
)
def test_what_is_no_place(given: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # ipaddress has its own words
        Place.of(given)


def client(cert: str = "", version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(FILES / "authority.pem")
    context.maximum_version = version
    if cert:
        context.load_cert_chain(FILES / f"{cert}.pem", FILES / f"{cert}.key")
    return context


def shaken(server: ssl.SSLContext, asking: ssl.SSLContext) -> ssl.SSLObject:
    """The client's side after a handshake; SSLError where there is none."""
    wires = [ssl.MemoryBIO() for _ in range(4)]
    one = asking.wrap_bio(wires[0], wires[1], server_hostname="127.0.0.1")
    other = server.wrap_bio(wires[2], wires[3], server_side=True)
    for _ in range(4):
        for side, out, into in ((one, wires[1], wires[2]), (other, wires[3], wires[0])):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
            into.write(out.read())
    return one


def context(tls: Tls, folder: Path = FILES) -> ssl.SSLContext:
    return Certificates(tls, folder, lambda error: None).context


def test_tls() -> None:
    assert shaken(context(SERVER), client()).version() == "TLSv1.3"
    assert shaken(context(SERVER._replace(max_version="TLS12")), client()).version() == "TLSv1.2"
    with pytest.raises(ssl.SSLError):
        shaken(context(SERVER._replace(min_version="TLS13")), client(version=ssl.TLSVersion.TLSv1_2))


@pytest.mark.parametrize("name", [name for name in CIPHERS if "ECDSA" in name])
def test_suites(name: str) -> None:
    found = shaken(context(SERVER._replace(cipher_suites=(name,))), client(version=ssl.TLSVersion.TLSv1_2)).cipher()
    assert found is not None
    assert found[0] == CIPHERS[name]


def test_every_suite_is_known_to_openssl() -> None:
    for name in CIPHERS.values():
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).set_ciphers(name)


@pytest.mark.parametrize(
    ("asked", "shown", "right"),
    [
        (DEMANDED, "client", True), (DEMANDED, "", False), (DEMANDED, "intruder", False), (DEMANDED, "server", False),
        (IF_GIVEN, "client", True), (IF_GIVEN, "", True), (IF_GIVEN, "intruder", False),
    ],
)  # fmt: skip
def test_client_certificates(asked: str, shown: str, right: bool) -> None:
    server = context(SERVER._replace(client_auth_type=asked, client_ca_file="authority.pem"))
    asking = client(shown, ssl.TLSVersion.TLSv1_2)  # in TLS 1.3 the client hears of it only later
    if right:
        assert shaken(server, asking).version() == "TLSv1.2"
    else:
        with pytest.raises(ssl.SSLError):
            shaken(server, asking)


@pytest.mark.parametrize(
    "tls",
    [
        Tls("none.pem", "server.key"), Tls("server.pem", "client.key"), Tls("server.key", "server.key"),
        SERVER._replace(client_auth_type=DEMANDED, client_ca_file="server.key"),
    ],
)  # fmt: skip
def test_files_that_do_not_fit(tls: Tls) -> None:
    with pytest.raises(OSError):  # noqa: PT011  # the words are OpenSSL's
        context(tls)


def test_a_renewed_certificate_is_taken_up(tmp_path: Path) -> None:
    for end in ("pem", "key"):
        shutil.copy(FILES / f"server.{end}", tmp_path)
    failed: list[OSError] = []
    server = Certificates(SERVER, tmp_path, failed.append).context
    former = shaken(server, client()).getpeercert(binary_form=True)
    shutil.copy(FILES / "renewed.pem", tmp_path / "server.pem")
    assert shaken(server, client()).getpeercert(binary_form=True) == former
    assert len(failed) == 1
    shutil.copy(FILES / "renewed.key", tmp_path / "server.key")
    renewed = ssl.PEM_cert_to_DER_cert((FILES / "renewed.pem").read_text())
    assert shaken(server, client()).getpeercert(binary_form=True) == renewed
    (tmp_path / "server.pem").unlink()
    assert shaken(server, client()).getpeercert(binary_form=True) == renewed
    assert len(failed) == 2


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> uvicorn.Config:
    monkeypatch.setattr(listening, "PATIENCE_S", 0.02)
    return uvicorn.Config(PlainTextResponse("here"), lifespan="off", log_config=None, timeout_keep_alive=3600)


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_connections_that_say_nothing_more_are_ended(said: bytes, hurried: uvicorn.Config) -> None:
    async def talk() -> bytes:
        state = ServerState()
        hurried.load()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Hurried(hurried, state, {}, loop), "127.0.0.1", 0)
        read, write = await asyncio.open_connection(*server.sockets[0].getsockname())
        write.write(said)
        try:
            heard = await read.read()
        except ConnectionResetError:
            heard = b""
        write.close()
        server.close()
        return heard

    assert (b"here" in asyncio.run(asyncio.wait_for(talk(), 60))) is said.endswith(b"\r\n\r\n")
