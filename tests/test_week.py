"""A healthy week, laid out from what real stacks said (pcaps/week): nothing above low in it, and of an incident exactly that."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from otwatch.alerts.model import Severity
from otwatch.cli import cli
from otwatch.config import Site, load_site
from otwatch.config.site import Learning
from otwatch.pipeline import replay
from otwatch.results import Results
from pcaps.hospital.rewrite import Taken
from pcaps.week.incidents import INCIDENTS, SLOWLY, week
from pcaps.week.scenes import SCENES
from pcaps.week.telling import FOLDER, Choices, Telling, pcap, rounds
from pcaps.week.timetable import PERIOD, Life, frames
from tests.conftest import ROOT

SITE = ROOT / "configs" / "site.yaml"
DECLARED = load_site(SITE)._replace(learning=Learning(days=2))
MONTHLY = DECLARED._replace(expected_operations=(DECLARED.expected_operations[0]._replace(every_days=5),))
"""The test of the generator is due within the week."""
HEATING, THEATRE, GASES, PUMPS, CAMERA = "10.22.8.20", "10.22.1.15", "10.23.2.10", "10.23.1.9", "10.24.5.9"
GTB_1, GTB_2, OFFICE, DESK, ENGINEERING, UPS, BACKUP = (
    "10.20.1.10", "10.20.1.11", "10.10.5.20", "10.20.2.50", "10.20.3.5", "10.21.4.40", "10.20.4.20",
)  # fmt: skip
Told = set[tuple[str, str, str]]

TOLD: dict[str, Told] = {
    "default-login": {("cred.default.cleartext", DESK, CAMERA)},
    "stranger": {("modbus.write.unexpected", GTB_2, HEATING)},
    "priority-1": {("bacnet.write.high_priority", GTB_1, THEATRE), ("bacnet.override.left", GTB_1, THEATRE)},
    "stop": {("eng.mode.changed", ENGINEERING, PUMPS)},
    "scan": {("recon.net.sweep", OFFICE, ""), ("zone.flow.forbidden", OFFICE, HEATING)},
    "cross-zone": {("zone.flow.forbidden", OFFICE, HEATING)},
    "polling-stops": {("avail.polling.stopped", GTB_1, GASES)},
    "generator-forgotten": {("avail.operation.missed", "", "")},
}
"""What an incident gives above low in the declared hospital, and nothing else."""
NEEDS_ZONES = {"cross-zone", "generator-forgotten"}
"""Nobody told otwatch what belongs together, nor what has to be done."""
UNDECLARED: Told = {("eng.device.restart", ENGINEERING, THEATRE), ("eng.program.upload", BACKUP, UPS), ("clear.management", BACKUP, UPS)}
"""What is right in the second week only because the site file declares it."""
DEVIATION = ("write.novel_target", "10.20.1.12", HEATING)

both = pytest.mark.parametrize("site", [DECLARED, None], ids=["declared", "unknown"])
each = pytest.mark.parametrize("name", sorted(TOLD))


def heard(told: list[Taken], folder: Path, site: Site | None) -> Results:
    path = folder / "week.pcap"
    path.write_bytes(pcap(told))
    return replay([str(path)], site)


def above_low(found: Results) -> Told:
    return {(row.detection, row.client, row.server) for row in found.alerts if row.severity > Severity.LOW}


@cache
def healthy(*weeks: int, period_us: int = PERIOD) -> list[Taken]:
    return frames(Life(period_us), weeks)


@both
def test_a_healthy_week_ends_without_anything_above_low(tmp_path: Path, site: Site | None) -> None:
    found = heard(healthy(0), tmp_path, site)
    assert above_low(found) == set()
    shifts, generator, by_hand, clocks = 5 * 2 * 2, 2, 2, 7 * 2
    assert sum(link.writes for link in found.links) == shifts + generator + by_hand + clocks
    assert {row.asset for row in found.points if row.writes} == {THEATRE, HEATING, "10.21.4.5"}


def test_two_weeks_with_works_and_a_backup_that_are_declared(tmp_path: Path) -> None:
    assert above_low(heard(healthy(0, 1, period_us=SLOWLY), tmp_path, DECLARED)) == set()


@each
def test_an_incident_in_a_healthy_week_and_nothing_else(tmp_path: Path, name: str) -> None:
    assert above_low(heard(week(name), tmp_path, MONTHLY)) == TOLD[name]


@each
def test_the_same_where_nothing_is_declared(tmp_path: Path, name: str) -> None:
    wanted = {one for one in TOLD[name] if not one[0].startswith("zone.")} if name not in NEEDS_ZONES else set()
    assert above_low(heard(week(name), tmp_path, None)) == wanted


def test_every_incident_has_its_finding() -> None:
    assert INCIDENTS.keys() == TOLD.keys() | {"deviation"}


def said(*words: str | Path) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("site", [("--site", SITE), ()], ids=["declared", "unknown"])
def test_the_second_week_once_the_first_one_is_accepted(tmp_path: Path, site: tuple[str | Path, ...]) -> None:
    """All that was seen is accepted line by line, and nothing else is usual any more."""
    paths = [tmp_path / f"{name}.pcap" for name in ("first", "second", "other")]
    for path, told in zip(paths, (healthy(0, period_us=SLOWLY), healthy(1, period_us=SLOWLY), week("deviation")), strict=True):
        path.write_bytes(pcap(told))
    record = ("--record", tmp_path / "record.sqlite")
    said("replay", paths[0], *site, *record)
    said("baseline", "accept", *record, "--state", "new", "--state", "waiting", "--state", "learnt", "--author", "essai", "--reason", "vu")
    said("baseline", "freeze", *record, "--author", "essai")
    undeclared = set() if site else UNDECLARED
    for path, more in ((paths[1], set()), (paths[2], set() if site else {DEVIATION})):
        said("replay", path, *site, *record)
        assert alerts(record) == undeclared | more


def alerts(record: Iterable[str | Path]) -> Told:
    rows = json.loads(said("alerts", "--json", *record))["alerts"]
    return {(row["detection"], row["client"], row["server"]) for row in rows if row["severity"] > Severity.LOW}


def test_recorded_pieces_are_small_and_all_there() -> None:
    kept = {path.stem: path.stat().st_size for path in FOLDER.glob("*.pcap")}
    assert kept.keys() == SCENES.keys()
    assert sum(kept.values()) < 300_000


def test_the_same_bytes_every_time() -> None:
    assert pcap(frames(Life(), (0,))) == pcap(healthy(0))


def test_a_round_is_told_again_with_the_next_numbers() -> None:
    """Sequence numbers of a session go on from round to round, in whatever order they are told."""
    recorded = rounds("hot-water")
    telling = Telling(Choices())
    told = [frame for at, number in enumerate((0, 5, 2, 5, -1)) for frame in telling.tell(recorded[number], at * 10_000_000)]
    nexts: dict[bytes, int] = {}
    for frame in told:
        if frame.data[12:14] != b"\x08\x00":
            continue
        sequence = int.from_bytes(frame.data[38:42])
        payload = len(frame.data) - 34 - 4 * (frame.data[46] >> 4)
        assert sequence == nexts.get(frame.data[26:30], sequence)
        nexts[frame.data[26:30]] = (sequence + payload + bool(frame.data[47] & 3)) & 0xFFFFFFFF


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_frames_of_a_week_are_sound(tmp_path: Path) -> None:
    path = tmp_path / "week.pcap"
    path.write_bytes(pcap(healthy(0)))
    checks = ("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE")
    wrong = (
        "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || tcp.analysis.lost_segment"
        " || tcp.analysis.ack_lost_segment || tcp.analysis.reused_ports"
    )
    command = ("tshark", "-n", "-r", str(path), *checks, "-Y", wrong)
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""
