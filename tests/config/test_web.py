"""The web configuration: the example is what it says, every fault is told with its line, and no password is told."""

from pathlib import Path

import pytest

from otwatch.config.web import DEMANDED, HEADERS, Http, Tls, Web, load_web
from otwatch.errors import ConfigError
from tests.conftest import ROOT

EXAMPLE = ROOT / "configs" / "web.yml"
HASHED = "$2y$10$ARMvy0lZkj4NGc3ci0dUfeQKK.gokkShuVKqnfNQVN5J7qWGa376K"
TLS = "tls_server_config:\n  cert_file: c.pem\n  key_file: k.pem\n"


def read(tmp_path: Path, text: str) -> Web:
    path = tmp_path / "web.yml"
    path.write_text(text, encoding="utf-8")
    return load_web(path)


def test_the_example() -> None:
    found = load_web(EXAMPLE)
    assert found.tls is not None
    assert found.tls[:4] == ("/etc/otwatch/tls/cert.pem", "/etc/otwatch/tls/key.pem", "NoClientCert", "")
    assert [name for name, _ in found.users] == ["prometheus"]
    assert dict(found.http.headers).keys() <= set(HEADERS)


def test_all_that_can_be_said(tmp_path: Path) -> None:
    text = TLS + (
        "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n  min_version: TLS13\n  max_version: TLS13\n"
        "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n  prefer_server_cipher_suites: false\n"
        "http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: deny\n"
        f"basic_auth_users:\n  alice: {HASHED}\n  'héloïse': \"{HASHED}\"\n"
    )
    suites = ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",)
    found = read(tmp_path, text)
    assert found.tls is not None
    assert found.tls._replace(at=Tls("", "").at) == Tls("c.pem", "k.pem", DEMANDED, "ca.pem", "TLS13", "TLS13", suites, False)
    assert found.http._replace(at=Http().at) == Http(False, (("X-Frame-Options", "deny"),))
    assert found.users == (("alice", HASHED), ("héloïse", HASHED))
    assert found.folder == tmp_path


@pytest.mark.parametrize("text", ["", "# nothing\n", "tls_server_config:\n"])
def test_nothing_is_needed(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text)[:3] == (None, Http(), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tls_config:\n", "web.yml:1: unknown key 'tls_config' -> 'tls_server_config' ?"),
        (f"{TLS}  client_ca: x\n", "web.yml:4: tls_server_config.client_ca: otwatch does not know this key"),
        (f"{TLS}  client_allowed_sans: [a]\n", "web.yml:4: tls_server_config.client_allowed_sans: otwatch does not know"),
        (f"{TLS}  client_auth_type: RequireAnyClientCert\n", ".*RequireAnyClientCert asks for a certificate that nobody verifies"),
        (f"{TLS}  client_auth_type: Maybe\n", "'Maybe' is none of: NoClientCert VerifyClientCertIfGiven RequireAndVerifyClientCert"),
        (f"{TLS}  client_auth_type: {DEMANDED}\n", "web.yml:4: tls_server_config: RequireAndVerifyClientCert needs a client_ca_file"),
        (f"{TLS}  client_ca_file: ca.pem\n", "web.yml:4: tls_server_config: no certificate is asked for"),
        (f"{TLS}  min_version: TLS13\n  max_version: TLS12\n", "web.yml:4: .*: min_version TLS13 is above max_version TLS12"),
        (f"{TLS}  min_version: TLS10\n", "'TLS10' is none of: TLS12 TLS13"),
        (f"{TLS}  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]\n", "'TLS_RSA_WITH_RC4_128_SHA' is none of"),
        ("tls_server_config:\n  cert_file: c.pem\n", "web.yml:1: tls_server_config: the key 'key_file' is missing"),
        ("http_server_config:\n  headers:\n    Server: x\n", "web.yml:3: http_server_config.headers: unknown key 'Server'"),
        ('http_server_config:\n  headers:\n    X-Frame-Options: "a\\r\\nb"\n', "visible ASCII characters are expected"),
        ("rate_limit:\n  burst: 1\n", "web.yml:1: rate_limit: otwatch does not know this key"),
        ("basic_auth_users: [alice]\n", "keys with values are expected"),
        ("- 1\n", "keys with values are expected"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read(tmp_path, text)


@pytest.mark.parametrize("secret", ["hunter2", "12:34", "[hunter2]", HASHED.replace("$10$", "$15$"), HASHED[:-1], "''", "~"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_no_hash_is_refused_and_not_told(tmp_path: Path, secret: str, language: str) -> None:
    with pytest.raises(ConfigError, match=r"web.yml:2: basic_auth_users.alice: .*bcrypt") as told:
        read(tmp_path, f"basic_auth_users:\n  alice: {secret}\n")
    assert not [word for word in ("hunter2", "12:34", "gokkShuVKq") if word in told.value.text(language)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_web(tmp_path / "none.yml")
