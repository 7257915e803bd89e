"""A French reader is told in French whatever goes wrong: every command with what people get wrong, and what machines refuse."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from otwatch.cli import cli
from otwatch.record import Record
from otwatch.record.files import claim
from tests.cli.commands import HOSPITAL_PCAP
from tests.conftest import ROOT
from tests.outputs.samples import HOSPITAL

ENGLISH = re.compile(
    r"\b(the|is|are|was|were|be|cannot|can|expected|of|with|and|or|which|there|no|not|an|it|its|has|have|this|that|did|must|missing|unknown"
    r"|failed|already|found|at|to|by|from|another|file|such|given)\b",
    re.IGNORECASE,
)
"""Words that no French sentence of ours has outside of what is quoted."""
QUOTED = re.compile(r"`[^`]*`|'[^' ]*'|\"[^\"]*\"|« [^»]* »|--[a-z-]+|\([a-z_]+\.[a-z]+\)|/\S+|[\w-]+=\S+|\[default\]|\bNO_\w+|[a-z_]+: ")

HEAD = "version: 1\nsite: {name: x, timezone: Europe/Paris}\n"
SITES = {
    "no_yaml": "zones: [\n",
    "tab": "zones:\n\t- a\n",
    "two": "a: 1\n---\nb: 2\n",
    "values": "site: a: b\n",
    "list": "- 1\n",
    "alias": HEAD + "zones: &a []\nnever: *a\n",
    "twice": HEAD + "zones: []\nzones: []\n",
    "keys": HEAD + "zonse: []\n",
    "none": "zones: []\n",
    "version": "version: 9\nsite: {name: x, timezone: Europe/Pariss}\n",
    "forms": HEAD
    + """
retention_days: many
time_sources: [10.0.0, 10.1.1.0/24]
zones:
  - {id: A B, kind: watr, level: two, criticality: C9, match: [{cidr: 10.1.0.1/24, mac_oui: zz, vlan: 9999, name: "("}]}
  - {id: a, kind: water, match: [{}], parent: a, confidence: 7, depends_on: nowhere, sl_t: {FR1: 9}}
  - {id: a, kind: ups, match: [{name: "(a+)+"}, {name: LONG}]}
conduits:
  - {id: c, from: a, to: b, protocols: [{proto: mobdus, ops: RAED, ports: x, transport: osi}], expires: someday, unidirectional: oui}
  - {id: d, from: a, to: a, protocols: [{proto: ssh}], expires: 2020-01-01, hosts_from: "?", window: w}
windows: [{id: v}, {id: w, days: mon, from: "25:00"}, {id: u, days: mon, from: "08:00", to: "08:00"}]
interventions: [{id: i, start: "2026-10-02T08:00", end: "2026-10-01T08:00"}, {id: j, start: now, end: then}]
expected_writers: [{proto: bacnet, objects: "?", oids: x, values: {"4000": [1]}, client: nobody, addresses: "9-1", fc: 300}]
limits: [{id: l, point: "?"}, {id: m, point: "holding-register 1"}, {id: n, point: "holding-register 1", min: 2, max: 1}]
assets: [{id: x, name: y}, {id: y, mac: zz, zone: nowhere, role: king, bacnet_instance: -1}]
caps: [{detection: malf.fram, cap: critical}]
scanners: {ip: [[]]}
""".replace("LONG", "a" * 201),
    "meaning": HEAD
    + """
retention_days: 30
suggested_on: 2026-01-01
zones:
  - {id: a, kind: ups, criticality: C4, match: [{cidr: 10.1.0.0/24}, {vlan: 7}, {fallback: private}]}
  - {id: b, kind: cctv, criticality: C1, match: [{vlan: 7}]}
  - {id: e, kind: office_it}
  - {id: f, kind: internet, match: [{fallback: public}]}
conduits:
  - {id: c, from: b, to: a, protocols: [{proto: any}]}
  - {id: d, from: b, to: a, protocols: [{proto: ssh, ops: ANY}]}
  - {id: g, from: b, to: a, protocols: [{proto: snmp, ops: WRITE}]}
assets: [{id: x, ip: 172.16.0.1, zone: a}]
""",
}
WEB = {
    "strange": "tls: {}\n",
    "no_pem": "tls_server_config: {cert_file: c.pem, key_file: c.pem}\n",
    "absent": "tls_server_config: {cert_file: gone.pem, key_file: gone.pem}\n",
    "all": "tls_server_config: {cert_file: a, key_file: b, client_auth_type: RequestClientCert, "
    "min_version: TLS13, max_version: TLS12, cert: x}\n"
    'http_server_config: {headers: {X-Frame-Options: "é", Other: x}}\nbasic_auth_users: {a: secret}\nrate_limit: {}\n',
    "authority": "tls_server_config: {cert_file: a, key_file: b, client_auth_type: RequireAndVerifyClientCert}\n",
    "idle": "tls_server_config: {cert_file: a, key_file: b, client_ca_file: c}\n",
}
FILES = {
    "cut.pcap": Path(ROOT, "pcaps", "hospital.pcapng").read_bytes()[:-7],
    "half.pcap": b"\xd4\xc3\xb2\xa1\2\0",
    "text.pcap": b"hello, this is no capture",
    "empty.pcap": b"",
    "mixed/empty.pcap": b"",
    "mixed/text.pcap": b"hello, this is no capture",
    "mixed/good.pcap": Path(HOSPITAL_PCAP).read_bytes(),
    "damaged.pcap.gz": b"\x1f\x8b\x08garbage that is none",
    "folder/readme.txt": b"",
    "keep/x": b"",
    "other.db": b"no database at all, far from it " * 40,
    "r.db/x": b"",
    "list.csv": b"a;b\n1;2\n",
    "wrong.csv": b"address;mac\n10.0.0.x;1\n",
    "binary.csv": b"address\n\x00\n",
    "project.knxproj": b"PK no zip",
    "map.csv": b"address,register,name,kind\n10.0.0.1,x,n,holding\n",
    "kind.csv": b"address,register,name,kind\n10.0.0.1,1,n,drum\n",
    "group.csv": b"group name,address\na,9/9/9/9\n",
    "form.csv": b"address,register,name,form\n10.0.0.1,1,n,drum\n",
    "flag.csv": b"address,register,name,low_word_first\n10.0.0.1,1,n,drum\n",
    "csaf/a.json": b"{}",
    "csaf/b.json": b"{",
    "nft.json": b"{}",
    "nft_none.json": b'{"nftables": []}',
    "rules.txt": b'*filter\n:FORWARD DROP [0:0]\n-A FORWARD -s "\n',
    "no_rules.txt": b"*filter\n",
    "c.pem": b"none",
    "pack/x": b"",
    "other/manifest.json": b"{}",
    "credentials.yaml": b"a: b\n",
    "trial/t.yaml": b"version: 1\ncaptures: gone.pcap\n",
    "sensor.yaml": b'version: 2\ninterfaces: [a b]\ncapture: fast\nrecord_mib: 0\nsite_name: "?"\n',
    "latin.yaml": b"version: 1\nsite: {name: h\xf4pital}\n",
}
LINES = tuple(Path(__file__).with_name("mistakes.txt").read_text("utf-8").splitlines())
"""R: a record; H: a capture; BUSY: a record that another otwatch writes; PORT: one that is taken."""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """What is said to each line, in English and in French."""
    place = tmp_path_factory.mktemp("walk")
    sites, webs = ({f"{name}.{ending}": text.encode() for name, text in texts.items()} for texts, ending in ((SITES, "yaml"), (WEB, "yml")))
    for name, content in (FILES | sites | webs).items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(content)
    with Record.create(place / "record.db") as kept:
        kept.write(HOSPITAL)
    held = claim(place / "busy.db")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        named = {"R": "record.db", "H": HOSPITAL_PCAP, "BUSY": "busy.db", "PORT": f"127.0.0.1:{taken.getsockname()[1]}"}
        lines = [[named.get(word, word) for word in line.split(" ")] for line in LINES]
        english, french = (_said(lines, place, LANG=f"{spoken}.UTF-8") for spoken in ("en_GB", "fr_FR"))
    os.close(held)
    return dict(zip(LINES, zip(english, french, strict=True), strict=True))


def _said(lines: list[list[str]], place: Path, **environment: str) -> list[dict[str, Any]]:
    bare = {name: value for name, value in os.environ.items() if name not in {"OTWATCH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}}
    where = {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(place / "state")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.walk"],
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        cwd=place,
        check=True,
        timeout=600,
        env=bare | where | environment,
    )
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


@pytest.mark.parametrize("line", LINES)
def test_what_goes_wrong_is_told_in_french(line: str, walked: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> None:
    english, french = walked[line]
    assert french["status"] == english["status"]
    text = french["err"] + (french["out"] if french["status"] == 2 or "check" in line else "")
    assert not ENGLISH.findall(QUOTED.sub(" ", text)), text
    if english["status"]:
        assert text != english["err"] + english["out"]


def test_the_walk_meets_errors(walked: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> None:
    assert sum(english["status"] == 2 for english, _ in walked.values()) > 90


def test_every_command_is_walked() -> None:
    assert {line.split()[0] for line in LINES} >= cli.commands.keys() - {
        "sessions",
        "incident",
        "ageing",
        "points",
        "conversations",
        "diff",
    }


def test_the_option_decides_for_errors_and_for_help() -> None:
    command = [sys.executable, "-m", "otwatch", "explain", "--lang", "fr", "--record", "gone.db"]
    environment = {**os.environ, "LANG": "en_GB.UTF-8"}
    for more, told in ((["1"], "gone.db : pas d'enregistrement"), ([], "Il manque l'argument"), (["--help"], "Affiche cette aide.")):
        done = subprocess.run([*command, *more], capture_output=True, text=True, env=environment, cwd=ROOT, check=False, timeout=60)
        assert told in done.stdout + done.stderr
