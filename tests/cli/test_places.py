"""`--site-name`: two sites with the same addresses in one record, and what a site file has to do with them."""

import json
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.record import Record
from otwatch.results import AssetRow, BaselineRow
from otwatch.results.places import bare, place_of
from tests.cli.commands import HOSPITAL_PCAP, SITE, told
from tests.conftest import ROOT

ACT = str(ROOT / "pcaps" / "acts" / "water-written.pcap")
QUIET = str(ROOT / "pcaps" / "acts" / "water-written.quiet.pcap")
CONTROLLER = "10.23.1.5"


@pytest.fixture
def two(tmp_path: Path) -> str:
    path = str(tmp_path / "two.db")
    assert not told("replay", "--site-name", f"north={ACT}", "--site-name", f"south={QUIET}", "--record", path, "--quiet").stderr
    return path


def test_two_sites_with_the_same_addresses(two: str) -> None:
    rows = json.loads(told("assets", "--record", two, "--json").stdout)["assets"]
    keys = {row["key"]: row for row in rows}
    assert {f"{CONTROLLER}@north", f"{CONTROLLER}@south"} <= keys.keys()
    assert {row["address"] for key, row in keys.items() if bare(key) == CONTROLLER} == {CONTROLLER}
    with Record.open(Path(two)) as kept:
        results = kept.results()
    for client, server in [(row.client, row.server) for row in results.links]:
        assert place_of(client) == place_of(server)
    assert {place_of(row.asset) for row in results.points} == {"north", "south"}
    alone = {}
    for place, capture in (("north", ACT), ("south", QUIET)):
        told("replay", capture, "--site-name", place, "--record", two, "--quiet")
        with Record.open(Path(two)) as kept:
            alone[place] = kept.results()
    for table in ("assets", "links", "points", "attributes"):
        expected = [row._replace(**_ZONELESS.get(table, {})) for place in alone for row in getattr(alone[place], table)]
        assert [row._replace(**_ZONELESS.get(table, {})) for row in getattr(results, table)] == expected


_ZONELESS = {"assets": {"zone": "", "zone_rule": ""}, "links": {"client_zone": "", "server_zone": ""}}


def test_a_name_is_part_of_every_key_and_nothing_else_changes(tmp_path: Path) -> None:
    kept: dict[str, list[AssetRow]] = {}
    for name in ("", "Hôpital Nord"):
        path = tmp_path / "r.db"
        told("replay", HOSPITAL_PCAP, "--site", SITE, *(("--site-name", name) if name else ()), "--record", str(path), "--quiet")
        with Record.open(path) as record:
            kept[name] = list(record.rows(AssetRow))
    assert [f"{row.key}@Hôpital Nord" for row in kept[""]] == [row.key for row in kept["Hôpital Nord"]]
    assert [row.zone for row in kept[""]] == [row.zone for row in kept["Hôpital Nord"]]


def test_the_site_file_judges_a_record_of_a_named_place(tmp_path: Path) -> None:
    said = []
    for names in ((), ("--site-name", "north")):
        path = str(tmp_path / "r.db")
        told("replay", HOSPITAL_PCAP, "--site", SITE, *names, "--record", path, "--quiet")
        commands = (("policy", "test", SITE), ("zones", "export", "--site", SITE))
        said.append([told(*command, "--record", path).stdout for command in commands])
    assert said[0] == said[1]


def test_what_was_accepted_holds_in_its_place_only(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    told("replay", HOSPITAL_PCAP, "--site", SITE, "--site-name", "north", "--record", str(path), "--quiet")
    told("baseline", "accept", "--record", str(path), "--state", "learnt", "--author", "A")
    for place, is_accepted in (("north", True), ("south", False)):
        told("replay", HOSPITAL_PCAP, "--site", SITE, "--site-name", place, "--record", str(path), "--quiet")
        with Record.open(path) as kept:
            assert ("accepted" in {row.state for row in kept.rows(BaselineRow)}) is is_accepted


def test_the_same_with_two_jobs(two: str, tmp_path: Path) -> None:
    other = str(tmp_path / "jobs.db")
    told("replay", "--site-name", f"north={ACT}", "--site-name", f"south={QUIET}", "--record", other, "--quiet", "--jobs", "2")
    with Record.open(Path(two)) as one, Record.open(Path(other)) as also:
        assert one.results() == also.results()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--quiet"], "nothing to read"),
        (["a.pcap", "--site-name", "a@b"], "cannot name a place"),
        (["--site-name", "=a.pcap"], "cannot name a place"),
        (["a.pcap", "--site-name", "a", "--site-name", "b"], "given once"),
        (["--site-name", "a"], "given once"),
        (["--site", SITE, "--site-name", f"a={ACT}", "--site-name", f"b={ACT}"], "describes one place"),
    ],
)
def test_wrong_use(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replay", *arguments]) == 2
    assert reason in capsys.readouterr().err


def test_several_places_and_a_site_file(two: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "test", SITE, "--record", two]) == 2
    assert "north, south" in capsys.readouterr().err
    assert run(["assets", "show", CONTROLLER, "--record", two]) == 2
    assert f"{CONTROLLER}@north, {CONTROLLER}@south" in capsys.readouterr().err
