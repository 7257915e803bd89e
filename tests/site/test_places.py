"""Since when an asset is in its zone (domain/zones.md 7, rule 4)."""

from pathlib import Path

from otwatch.config import load_site
from otwatch.events import Identity
from otwatch.sightings import Outcome
from otwatch.site import SiteHalf
from tests.inventory.said import SECOND, START, said, tcp, udp, write

SITE = """
version: 1
site: {name: Essai, timezone: UTC, language: fr}
zones:
  - {id: gaz, kind: medical_gases, match: [{name: "(?i)^o2"}]}
  - {id: reste, kind: unknown, match: [{fallback: private}]}
"""
STATION, PLANT = "10.0.0.9", "10.0.0.7"


def test_a_name_that_comes_later_moves_it(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(SITE, "utf-8")
    half = SiteHalf(load_site(file))
    wrote = [said(tcp(STATION, PLANT), write(("unit 255",)), at=at, outcome=Outcome.OK) for at in (0, 200)]
    named = said(udp(PLANT, STATION, 5353, "mdns"), Identity("mdns", (), (("host", "O2-CENTRALE"),)), at=100)
    for item in (wrote[0], named, wrote[1]):
        half.see(item)
    half.finish()
    rows = {row.key: row for row in half.results((), {}).assets}
    assert (rows[PLANT].zone, rows[PLANT].zone_rank, rows[PLANT].zone_since_ns) == ("gaz", 30, START + 200 * SECOND)
    assert (rows[STATION].zone, rows[STATION].zone_rank, rows[STATION].zone_since_ns) == ("reste", 10, START)


AMBIGUOUS = """
version: 1
site: {name: Essai, timezone: UTC, language: fr}
zones:
  - {id: temps, kind: time_ntp, criticality: C1, match: [{ip: 10.0.0.9}, {name: "o2"}]}
  - {id: gaz, kind: medical_gases, depends_on: [temps], match: [{name: "(?i)^o2"}]}
assets:
  - {id: cuve, ip: 10.0.0.8, zone: gaz, criticality: C1}
"""


def test_criticality_is_the_highest_of_asset_zone_and_dependence_and_rivals_are_told(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(AMBIGUOUS, "utf-8")
    half = SiteHalf(load_site(file))
    half.see(said(udp(PLANT, STATION, 5353, "mdns"), Identity("mdns", (), (("host", "o2-centrale"),))))
    half.see(said(tcp(STATION, "10.0.0.8"), write(("unit 255",)), at=5, outcome=Outcome.OK))
    half.finish()
    found = half.results((), {})
    rows = {row.key: row for row in found.assets}
    assert (rows[STATION].zone, rows[STATION].criticality) == ("temps", "C3")
    assert (rows["10.0.0.8"].zone, rows["10.0.0.8"].criticality) == ("gaz", "C4")
    assert (rows[PLANT].zone, rows[PLANT].zone_rule.endswith("(gaz?)")) == ("temps", True)
    assert found.notes["config.ambiguous"] == 1
