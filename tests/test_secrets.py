"""No secret that was on the wire is in anything the program writes, in no encoding (detections.md, part C 7).

The captures of protocols with logins are replayed, folder by folder, and every output is written. Passwords that are ordinary words
("password", "public") would be found in any text, so their captures are changed first: a marker of the same length takes their place.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from zipfile import ZipFile, is_zipfile

import pytest

from otwatch.capture.sources import SUFFIXES
from otwatch.errors import OtwatchError
from otwatch.events import clean
from pcaps import make_acts
from pcaps.acts.logins import LOGINS, OWN
from tests.cli.commands import SITE, told
from tests.outputs_of import COMMANDS

FOLDERS = ("auth", "ldap", "ftp", "http", "snmp", "sip", "telnet", "vnc", "mqtt", "rtsp", "opcua", "bacnet")
SHORT = 4
"""Characters below which any text would hold a marker by chance."""
PROVEN = {
    "vnc/kholia-03-vnc-pass1234-3.8.pcap": (b"pass1234".hex(), "6eff78767762ad104e52a2e15fda3a1a", "c448c3c4ba7218ebac29fd6623e85bac"),
    "vnc/suricata-00-vnc-openwall-3.7.pcap": (b"openwall".hex(), "ea5150a99e0feb6343c045c6f95ce44c", "c39d5ad5c8242ed6bea28a773dbd3a29"),
    "snmp/suricata-SNMPv3.pcap": ("ac1663903625bedee6f32466", "f821253689076069ac234c6f"),
    "snmp/kholia-SNMPv3-1234567.pcapng": ("24721833f794bb7c8e43c447",),
}
"""Passwords that captures are named after, challenges and answers (as tshark shows them), from which passwords can be guessed."""
LOGIN_FORM = "http/sanders-http_dvwa_clearlogin.pcapng"

WRITTEN = (
    *COMMANDS, ("points", "--json"), ("doctor", "--json"), ("ageing", "--json"), ("advisories", "--json"), ("metrics",),
    ("eve", "--also", "assets", "--also", "conversations"), ("eve", "--ecs"), ("zones", "suggest"), ("zones", "export", "--site", SITE),
    ("zones", "graph", "--of", "dependencies"), ("alerts", "--lang", "fr"),
)  # fmt: skip


class Sought(NamedTuple):
    """A secret and how it may be written."""

    what: str
    forms: frozenset[bytes]


def _forms(secret: bytes) -> Iterator[bytes]:
    """The secret itself, hex, base64 wherever it begins in a text, UTF-16, with its odd characters written otherwise."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    yield secret.hex(":").encode()
    for before in range(3):
        yield b64encode(bytes(before) + secret)[(8 * before + 5) // 6 : 8 * (before + len(secret)) // 6]
    text = secret.decode("latin-1")
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield quote(text).encode()
    yield json.dumps(text)[1:-1].encode()
    yield clean(text).encode()


def _contexts(kind: str, user: str, secret: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """How a protocol writes a secret: what stands before it, how it is written, and the same for its marker."""
    marker = _marker(secret)
    size = len(secret)
    yield b"PASS ", secret, marker  # FTP
    yield size.to_bytes(2), secret, marker  # MQTT
    yield size.to_bytes(4, "little"), secret, marker  # OPC UA
    yield bytes((4, size)), secret, marker  # SNMP
    if kind == "basic":
        pairs = (b64encode(f"{user}:".encode() + one) for one in (secret, marker))
        yield b"Basic ", *pairs
    yield bytes((size + 1, 0)), secret, marker  # a character string of BACnet (135-2020 20.2.9)


def _marker(secret: bytes) -> bytes:
    return (b"Zq7xKw9pVj3" * 12)[: len(secret)]


def _marked(path: Path, items: list[dict[str, str]], to: Path) -> list[bytes]:
    """A copy of a capture with markers in the place of its passwords; the markers, and what is unlike any word without one."""
    data, sought = path.read_bytes(), []
    for item in items:
        secret, user = (item["secret"] or "").encode(), item["user"] or ""
        if len(secret) < SHORT or secret.decode() == user:  # whoever has his name as password is named
            continue
        for before, written, marker in _contexts(item["kind"], user, secret):
            if before + written in data:
                data = data.replace(before + written, before + marker)
                sought.append(_marker(secret))
        sought += [secret] if not secret.isalpha() and len(secret) > 6 else []
    to.write_bytes(data)
    return sought


def _written(folder: Path, captures: list[str]) -> Iterator[tuple[str, bytes]]:
    """Everything that can be written about the captures, by its name."""
    record = str(folder / "record.db")
    for form in ("text", "json"):
        yield f"replay {form}", _said("replay", "--format", form, "--record", record, *captures)
    for command in WRITTEN:
        yield " ".join(command), _said(*command, "--record", record)
    for number in range(1, len(json.loads(_said("alerts", "--json", "--record", record))) + 1):
        yield f"explain {number}", _said("explain", str(number), "--record", record)
    for form in ("csv", "xlsx", "json", "netbox", "cyclonedx", "graphml"):
        _said("assets", "export", form, "--output", str(folder / form), "--record", record)
    _said("report", "--html", str(folder / "page.html"), "--lang", "fr", "--record", record)
    _said("report", "--audit", str(folder / "audit"), "--record", record)
    _said("eve", "--append", str(folder / "eve.json"), "--record", record)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield str(path.relative_to(folder)), _unpacked(path.read_bytes())


def _said(*command: str) -> bytes:
    """What a command prints, or the error that ends it: advisories and findings may be absent."""
    try:
        return told(*command).output.encode()
    except OtwatchError as error:
        return str(error).encode()


def _unpacked(data: bytes) -> bytes:
    if not is_zipfile(BytesIO(data)):
        return data
    with ZipFile(BytesIO(data)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


def _sought(folder: Path, name: str, items: list[dict[str, str]], copy: Path) -> Iterator[Sought]:
    secrets = _marked(folder / name, items, copy)
    secrets += map(bytes.fromhex, PROVEN.get(name, ()))
    if name == LOGIN_FORM:
        secrets.append(_marker(b"password"))
        copy.write_bytes(copy.read_bytes().replace(b"password=password", b"password=" + _marker(b"password")))
    yield from (Sought(f"{name}: {secret!r}", frozenset(_forms(secret))) for secret in secrets)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_secret_is_written(folder: str, captures: Path, tmp_path: Path) -> None:
    truth = json.loads((captures / "TRUTH.json").read_text("utf-8"))["captures"]
    copies, outputs = tmp_path / "captures", tmp_path / "outputs"
    copies.mkdir()
    outputs.mkdir()
    names = [path.relative_to(captures).as_posix() for path in sorted((captures / folder).iterdir()) if path.suffix in SUFFIXES]
    items = {name: (truth[name].get("credentials") or {"items": []})["items"] for name in names}
    numbered = {name: copies / f"{number}.pcap" for number, name in enumerate(names)}  # some are named after their password
    sought = [one for name in names for one in _sought(captures, name, items[name], numbered[name])]
    assert sought or folder in {"auth", "telnet", "rtsp"}
    found = [
        f"{what}: {one.what}"
        for what, data in _written(outputs, [str(path) for path in sorted(copies.iterdir())])
        for one in sought
        if any(form in data for form in one.forms)
    ]
    assert not found


def test_no_password_of_the_acts_is_written(tmp_path: Path) -> None:
    """Logins by IPMI, SCRAM, Telnet and in a query, with a password that is in no list."""
    captures = [str(path) for act in LOGINS for path, _ in make_acts.captures(act)]
    forms = frozenset(_forms(OWN.encode()))
    assert not [what for what, data in _written(tmp_path, captures) if any(form in data for form in forms)]


def test_what_is_written_is_looked_through(tmp_path: Path) -> None:
    """The search itself finds a secret in each of these."""
    secret = "Zq7xKw9p é".encode("latin-1")
    forms = frozenset(_forms(secret))
    text = secret.decode("latin-1")
    for data in (
        secret, b64encode(b"root:" + secret + b"!"), b64encode(b"a:" + secret), secret.hex().encode(), json.dumps(text).encode(),
        quote(text).encode(), text.encode("utf-16-le"),
    ):  # fmt: skip
        assert any(form in b"<" + data + b">" for form in forms)
    with ZipFile(tmp_path / "packed.xlsx", "w") as packed:
        packed.writestr("sheet.xml", secret)
    assert secret in _unpacked((tmp_path / "packed.xlsx").read_bytes())
