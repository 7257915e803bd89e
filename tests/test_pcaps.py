"""The sample capture against tshark, hospital.json and SOURCES.md; and nothing in it of the computer that made it."""

import getpass
import hashlib
import json
import re
import shutil
import socket
import subprocess
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

PCAPS = Path(__file__).parent.parent / "pcaps"
CAPTURE = PCAPS / "hospital.pcapng"
TRUTH: dict[str, Any] = json.loads((PCAPS / "hospital.json").read_text())
INCIDENTS: dict[str, dict[str, Any]] = {incident["id"]: incident for incident in TRUTH["incidents"]}
MAC_OF = {host["address"]: host["mac"] for host in TRUTH["hosts"]}

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


def tshark(*options: str) -> list[str]:
    command = ("tshark", "-n", "-r", str(CAPTURE), *options)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def fields(shown: str, *names: str) -> list[tuple[str, ...]]:
    """One row a frame that `shown` selects, one text a field."""
    columns = [option for name in names for option in ("-e", name)]
    return [tuple(line.split("\t")) for line in tshark("-Y", shown, "-T", "fields", *columns)]


@cache
def described() -> dict[int, tuple[str, str]]:
    """Sender's address and Wireshark's full description of every frame, by its number."""
    blocks = "\n".join(tshark("-V")).split("\n\nFrame ")
    return {int(re.findall(r"\d+", block)[0]): ("".join(re.findall(r"Src: ([\d.]+), Dst", block)[:1]), block) for block in blocks}


def among(numbers: list[int]) -> str:
    return f"frame.number in {{{', '.join(map(str, numbers))}}}"


def texts(raw: bytes) -> str:
    """What reads as text in the capture: runs of at least eight printable characters."""
    return "\n".join(run.decode() for run in re.findall(rb"[ -~]{8,}", raw))


def test_truth_is_of_this_capture() -> None:
    assert hashlib.sha256(CAPTURE.read_bytes()).hexdigest() == TRUTH["sha256"]


def test_capture_is_small() -> None:
    assert CAPTURE.stat().st_size < 1_000_000


def test_nothing_of_this_computer_is_in_it() -> None:
    shown = texts(CAPTURE.read_bytes())
    own = {socket.gethostname(), socket.getfqdn(), str(Path.home()), str(PCAPS.parent)} - {"localhost", "/"}
    names = own | ({getpass.getuser()} - {"root"})
    assert [name for name in names if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", shown)] == []


@needs_tshark
def test_time_of_the_story() -> None:
    times = [float(time) for (time,) in fields("frame", "frame.time_epoch")]
    begin = datetime.fromtimestamp(times[0], ZoneInfo("Europe/Paris"))
    assert begin.strftime("%A %Y-%m-%d %H:%M") == "Tuesday 2026-10-13 10:00"
    assert times == sorted(times)
    assert len(times) == TRUTH["frames"]
    assert 180 < times[-1] - times[0] < 300


@needs_tshark
def test_only_declared_hosts_speak_with_their_own_mac() -> None:
    said = set(fields("ip", "ip.src", "eth.src")) | set(fields("arp", "arp.src.proto_ipv4", "eth.src"))
    assert said == set(MAC_OF.items())


@needs_tshark
def test_nobody_else_is_asked_for() -> None:
    """A name server, a router or a neighbour of this computer would show here."""
    asked = {address for row in (*fields("ip", "ip.dst"), *fields("arp", "arp.dst.proto_ipv4")) for address in row}
    scanned = {f"10.22.8.{last}" for last in range(20, 40)}
    assert asked - set(MAC_OF) - scanned == {"255.255.255.255"}


@needs_tshark
def test_only_the_protocols_of_the_story() -> None:
    spoken = {protocol for (stack,) in fields("frame", "frame.protocols") for protocol in stack.split(":")}
    assert spoken == {
        "eth", "ethertype", "arp", "ip", "tcp", "udp", "mbtcp", "modbus", "bvlc", "bacnet", "bacapp", "enip", "cip", "cipcm", "cipcls",
        "snmp", "ntp", "http", "data-text-lines",
    }  # fmt: skip


@needs_tshark
def test_frames_are_sound() -> None:
    checks = ("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE")
    wrong = "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || tcp.analysis.lost_segment"
    assert tshark(*checks, "-Y", wrong) == []


@needs_tshark
@pytest.mark.parametrize("incident", INCIDENTS.values(), ids=INCIDENTS)
def test_filter_of_an_incident_selects_its_frames(incident: dict[str, Any]) -> None:
    time_of = {int(number): float(time) for number, time in fields(incident["filter"], "frame.number", "frame.time_epoch")}
    assert set(incident["frames"]) <= set(time_of)
    assert 0 <= time_of[incident["frames"][0]] - datetime.fromisoformat(incident["time"]).timestamp() < 2


CLAIMS = {
    "default-login": (r"Credentials: root:pass", r'Basic realm="AXIS_ACCC8E012345"', r"HTTP/1\.1 200 OK", r"Server: Apache"),
    "office-setpoint": (
        r"Function Code: Write Single Register \(6\)",
        r"Reference Number: 4001",
        r"Data: 001e",
        r"\[Time from request",
    ),
    "priority-1": (
        r"ObjectIdentifier: binary-output, 1",
        r"Property Identifier: present-value",
        r"Present Value \(enum index\): 0",
        r"Priority: \(Unsigned\) 1\b",
        r"APDU Type: Simple-ACK",
    ),
    "listen-only": (r"Unit Identifier: 1\b", r"Diagnostic Code: Force Listen Only Mode \(4\)"),
    "office-scan": (r"Flags: 0x002 \(SYN\)", r"Destination Port: 502", r"Destination Port: 80"),
}


@needs_tshark
@pytest.mark.parametrize("incident", INCIDENTS.values(), ids=INCIDENTS)
def test_wireshark_shows_what_is_claimed(incident: dict[str, Any]) -> None:
    shown = "\n".join(described()[number][1] for number in incident["frames"])
    assert [claim for claim in CLAIMS[incident["id"]] if not re.search(claim, shown)] == []


@needs_tshark
def test_listen_only_is_not_answered() -> None:
    assert fields("modbus.func_code == 8", "ip.src") == [(INCIDENTS["listen-only"]["client"],)]


@needs_tshark
def test_scan_is_fast_wide_and_mostly_in_vain() -> None:
    rows = fields(among(INCIDENTS["office-scan"]["frames"]), "ip.dst", "tcp.dstport", "frame.time_epoch")
    hosts_of_port = Counter(port for _, port in {(address, port) for address, port, _ in rows})
    assert hosts_of_port == {"502": 17, "80": 17}
    times = [float(time) for *_, time in rows]
    assert max(times) - min(times) < 20
    client = INCIDENTS["office-scan"]["client"]
    opened = fields(
        f"ip.dst == {client} && tcp.flags == 0x012 && frame.number > {rows and INCIDENTS['office-scan']['frames'][0]}", "ip.src"
    )
    refused = fields(f"ip.dst == {client} && tcp.flags.reset == 1", "ip.src")
    assert (len(opened), len(refused)) == (1, 25)


@needs_tshark
def test_ordinary_life_writes_only_what_is_declared() -> None:
    incidents = [number for incident in INCIDENTS.values() for number in incident["frames"]]
    modbus = fields(
        f"modbus.func_code in {{5, 6, 8, 15, 16}} && !({among(incidents)}) && tcp.dstport == 502", "ip.src", "ip.dst", "tcp.payload"
    )
    assert {(*ends, payload[-8:]) for *ends, payload in modbus} == {("10.20.1.12", "10.22.8.20", "0fa50015")}
    bacnet = fields(f"bacapp.confirmed_service == 15 && bacapp.type == 0 && !({among(incidents)})", "ip.src", "ip.dst", "udp.payload")
    assert [(*ends, payload[-4:]) for *ends, payload in bacnet] == [("10.20.1.10", "10.22.1.15", "4908")]


@needs_tshark
def test_ordinary_logins_are_not_the_default() -> None:
    logins = Counter(login for (login,) in fields("http.authbasic", "http.authbasic"))
    assert logins.pop("root:pass") == 1
    assert set(logins) == {"securite:Valmont-cam-31"}


@needs_tshark
@pytest.mark.parametrize("host", [host for host in TRUTH["hosts"] if host["says"]], ids=lambda host: str(host["name"]))
def test_hosts_say_what_is_expected(host: dict[str, Any]) -> None:
    shown = "\n".join(block for sender, block in described().values() if sender == host["address"])
    spelt = {"firmware": r"(?<!\d){}(?!\d)", "serial": "0x{}", "product_code": r"\b{}\b", "vendor_id": r"\b{}\b"}
    said = {name: spelt.get(name, "{}").format(re.escape(value)) for name, value in host["says"].items()}
    assert [name for name, pattern in said.items() if not re.search(pattern, shown)] == []


def test_sources_name_what_was_used() -> None:
    sources = (PCAPS / "SOURCES.md").read_text()
    named = ("pymodbus 3", "bacpypes3 0", "cpppo 5", "pycomm3 1", "net-snmp 5", "tcpdump 4", "MIT", "make_hospital", *INCIDENTS)
    assert [name for name in named if name not in sources] == []
    assert [host["address"] for host in TRUTH["hosts"] if host["says"] and host["address"] not in sources] == []
