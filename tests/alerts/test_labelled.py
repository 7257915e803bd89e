"""Precision and recall over the labelled recordings (README of the captures): per connection, without a site file and with a small one.

The recordings have one Modbus client (.100) that polls six servers (.101 to .106) and an operator who writes coils from it; one attack
comes from a server that was taken over. Others of the same data set are not published with labels here; what they do is made from
these: a channel that was open before the capture began, and a server that reads out its neighbour.
"""

import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from otwatch.alerts.model import Severity
from otwatch.config import load_site
from otwatch.pipeline import replay
from otwatch.results import AlertRow

NAMES = ("exploit_ms08_netapi", "send_a_fake_command")
SITE = """
version: 1
site: {name: Banc d'essai, timezone: UTC, language: fr}
zones:
  - {id: supervision, kind: supervision, match: [{ip: 192.168.1.100}]}
  - {id: eau, kind: water, match: [{cidr: 192.168.1.96/28}]}
conduits:
  - {id: c1, from: supervision, to: eau, protocols: [{proto: modbus, ops: [READ, WRITE]}], purpose: conduite}
  - {id: c2, from: eau, to: supervision, protocols: [{proto: any, transport: tcp, ports: [139]}], purpose: voisinage réseau}
  - {id: c3, from: supervision, to: eau, protocols: [{proto: any, transport: udp, ports: [137]}], purpose: voisinage réseau}
"""
OPERATOR = "192.168.1.100"
SITES = pytest.mark.parametrize("is_declared", [False, True], ids=["no site file", "small site file"])


class Packet(NamedTuple):
    """`ends`: the two (address, port) of TCP over IPv4, sorted; empty for anything else."""

    time_ns: int
    data: bytes
    ends: tuple[tuple[str, int], ...] = ()
    flags: int = 0


Connection = tuple[tuple[str, int], ...]


def packets(path: Path) -> Iterator[Packet]:
    """Packets of a pcap of Ethernet, read by other code than otwatch's."""
    raw = path.read_bytes()
    order = "<" if raw[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    at = 24
    while at < len(raw):
        seconds, micros, kept, _ = struct.unpack_from(order + "IIII", raw, at)
        data = raw[at + 16 : at + 16 + kept]
        at += 16 + kept
        yield packet(seconds * 1_000_000_000 + micros * 1000, data)


def packet(time_ns: int, data: bytes) -> Packet:
    if data[12:14] != b"\x08\x00" or data[23] != 6:
        return Packet(time_ns, data)
    tcp = 14 + 4 * (data[14] & 15)
    ports = struct.unpack_from(">HH", data, tcp)
    addresses = (".".join(map(str, data[26:30])), ".".join(map(str, data[30:34])))
    return Packet(time_ns, data, tuple(sorted(zip(addresses, ports, strict=True))), data[tcp + 13])


def write(path: Path, content: Iterable[Packet]) -> str:
    records = (struct.pack("<IIII", *divmod(one.time_ns // 1000, 1_000_000), len(one.data), len(one.data)) + one.data for one in content)
    path.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + b"".join(records))
    return str(path)


def recording(folder: Path, name: str) -> Path:
    return folder / "modbus" / f"lemay-{name}_modbus_6RTU_with_operate.pcap"


def attacks(path: Path) -> dict[Connection, tuple[int, int]]:
    """Connections most of whose packets are labelled 1, with their first and last times."""
    labels = [line.split(";")[1] == "1" for line in path.with_suffix(".labels.csv").read_text().splitlines()]
    votes: defaultdict[Connection, Counter[bool]] = defaultdict(Counter)
    times: defaultdict[Connection, list[int]] = defaultdict(list)
    for one, is_attack in zip(packets(path), labels, strict=True):
        if one.ends:
            votes[one.ends][is_attack] += 1
            times[one.ends].append(one.time_ns)
    return {ends: (times[ends][0], times[ends][-1]) for ends, vote in votes.items() if vote[True] > vote[False]}


def judged(path: str | Path, tmp_path: Path, is_declared: bool) -> tuple[AlertRow, ...]:
    site = tmp_path / "site.yaml"
    site.write_text(SITE, "utf-8")
    return replay([str(path)], load_site(site) if is_declared else None).alerts


def hits(row: AlertRow, connection: Connection, span: tuple[int, int]) -> bool:
    """Whether a finding names the two hosts of a connection, within its time."""
    hosts = {host for host, _ in connection}
    return {row.client, row.server} == hosts and row.first_ns <= span[1] and row.last_ns >= span[0]


@SITES
@pytest.mark.parametrize("name", NAMES)
def test_every_attack_and_nothing_else(captures: Path, tmp_path: Path, name: str, is_declared: bool) -> None:
    path = recording(captures, name)
    found, expected = judged(path, tmp_path, is_declared), attacks(path)
    serious = [row for row in found if row.severity >= Severity.MEDIUM]
    missed = [ends for ends, span in expected.items() if not any(hits(row, ends, span) for row in serious)]
    wrong = [row for row in found if not any(hits(row, ends, span) for ends, span in expected.items())]
    assert expected
    assert missed == []  # recall 1
    assert wrong == []  # precision 1
    assert all(row.client != OPERATOR for row in found)


def shown(rows: Iterable[AlertRow]) -> set[tuple[str, str, str]]:
    return {(row.detection, row.client, row.server) for row in rows if row.severity >= Severity.MEDIUM}


def without(path: Path, drop: Callable[[Packet], bool]) -> list[Packet]:
    return [one for one in packets(path) if not drop(one)]


@SITES
def test_a_channel_that_was_open_before(captures: Path, tmp_path: Path, is_declared: bool) -> None:
    """A program uploaded through a connection whose beginning was never captured."""
    path = recording(captures, "exploit_ms08_netapi")
    channel = (("192.168.1.101", 1625), ("192.168.1.105", 4444))
    known = set(attacks(path)) - {channel}
    content = without(path, lambda one: one.ends in known or (one.ends == channel and bool(one.flags & 2)))
    found = judged(write(tmp_path / "channel.pcap", content), tmp_path, is_declared)
    assert {(row.detection, frozenset({row.client, row.server})) for row in found if row.severity >= Severity.MEDIUM} == {
        ("zone.field.initiator", frozenset({"192.168.1.101", "192.168.1.105"}))
    }
    assert all("which of the two opened it was not captured" in row.sentence["en"] for row in found if row.severity >= Severity.MEDIUM)


@SITES
@pytest.mark.parametrize("port", [445, 139])
@pytest.mark.parametrize("hosts", [(b"\x65", b"\x64"), (b"\x64", b"\x65")], ids=["to the client of all", "from the client of all"])
def test_files_that_are_moved(captures: Path, tmp_path: Path, is_declared: bool, port: int, hosts: tuple[bytes, bytes]) -> None:
    """The channel, which carries a megabyte, on a port of file shares and between a server and the client of all."""
    path = recording(captures, "exploit_ms08_netapi")
    channel = (("192.168.1.101", 1625), ("192.168.1.105", 4444))
    known = set(attacks(path)) - {channel}
    content = [
        one._replace(data=moved(one.data, port, dict(zip((101, 105), hosts, strict=True)))) if one.ends == channel else one
        for one in without(path, lambda one: one.ends in known)
    ]
    found = judged(write(tmp_path / "files.pcap", content), tmp_path, is_declared)
    ends = {f"192.168.1.{host[0]}" for host in hosts}
    assert any({row.client, row.server} == ends and row.severity >= Severity.MEDIUM for row in found)


def moved(data: bytes, port: int, hosts: dict[int, bytes]) -> bytes:
    """A packet of the channel between other hosts, with another port in the place of 4444; checksums are left as they are."""
    changed = bytearray(data)
    changed[29:30], changed[33:34] = hosts[data[29]], hosts[data[33]]
    for at in (34, 36):
        if changed[at : at + 2] == (4444).to_bytes(2, "big"):
            changed[at : at + 2] = port.to_bytes(2, "big")
    return bytes(changed)


@SITES
def test_a_server_that_reads_out_its_neighbour(captures: Path, tmp_path: Path, is_declared: bool) -> None:
    """The connection of the fake command, with reads of ever further coils instead of the one order."""
    path = recording(captures, "send_a_fake_command")
    (attack,) = attacks(path)
    content = []
    for one in packets(path):
        at = one.data.find(b"\x00\x00\x00\x06\x01\x05") if one.ends == attack else -1
        content.append(one._replace(data=one.data[: at + 5] + b"\x01" + one.data[at + 6 : at + 8] + b"\x00\x08") if at > 0 else one)
    changed = [one for one, other in zip(content, packets(path), strict=True) if one.data != other.data]
    assert changed
    assert all(earlier.time_ns <= later.time_ns for earlier, later in pairwise(content))
    found = judged(write(tmp_path / "reads.pcap", content), tmp_path, is_declared)
    assert shown(found) == {("integ.master.changed", "192.168.1.101", "192.168.1.102")}


@SITES
@pytest.mark.parametrize("name", NAMES)
def test_the_same_plant_without_its_attack_is_calm(captures: Path, tmp_path: Path, name: str, is_declared: bool) -> None:
    path = recording(captures, name)
    known = set(attacks(path))
    assert judged(write(tmp_path / "calm.pcap", without(path, lambda one: one.ends in known)), tmp_path, is_declared) == ()
