"""The evidence bundle: what stands around a finding."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from otwatch.config import load_site
from otwatch.outputs.bundle import Bundle, bundle, bundle_document, shows, told
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.pipeline import replay
from otwatch.record import Record
from otwatch.results import ZoneRow
from tests.conftest import ROOT

HOSPITAL = ROOT / "pcaps" / "hospital.pcapng"
SITE = ROOT / "configs" / "site.yaml"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    path = tmp_path_factory.mktemp("bundle") / "r.db"
    with Record.create(path) as record:
        record.write(replay([str(HOSPITAL)], load_site(SITE)))
    with Record.open(path) as record:
        yield record


def of(kept: Record, detection: str) -> Bundle:
    results = kept.results()
    return bundle(next(alert for alert in results.alerts if alert.detection == detection), kept)


def body(made: Bundle) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bundle_document(made))["bundle"]
    return found


def test_both_sides_with_who_says_so(kept: Record) -> None:
    made = of(kept, "bacnet.write.high_priority")
    assert made.initiator is not None
    assert made.target is not None
    assert (made.initiator.asset.key, made.target.asset.key) == ("10.20.1.10", "10.22.1.15")
    assert made.target.zone is not None
    assert made.target.zone.criticality == "C4"
    said = {(row.name, row.confidence) for row in made.target.attributes if row.chosen}
    assert ("device_instance", "self") in said
    assert (made.site_file, len(made.site_digest)) == (str(SITE), 64)


def test_what_is_usual_between_them_and_nobody_else(kept: Record) -> None:
    made = of(kept, "bacnet.write.high_priority")
    ends = {"10.20.1.10", "10.22.1.15"}
    assert made.conversations
    assert all({link.client, link.server} == ends for link in made.conversations)
    assert made.baseline
    assert all({line.client, line.server} == ends for line in made.baseline)
    assert made.coverage is not None
    assert made.coverage.name == "bacnet"


def test_a_finding_about_many_has_one_side(kept: Record) -> None:
    made = of(kept, "recon.net.sweep")
    assert made.initiator is not None
    assert made.target is None
    assert made.around.startswith("ip.addr == 10.10.5.20 && frame.time_epoch >= ")


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_the_filter_shows_what_came_before_and_after(kept: Record) -> None:
    made = of(kept, "bacnet.write.high_priority")
    command = ("tshark", "-n", "-r", str(HOSPITAL), "-Y", made.around, "-T", "fields", "-e", "frame.number")
    shown = list(map(int, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()))
    (frame,) = made.alert.frames
    assert min(shown) < frame.number < max(shown)


def test_the_sum_is_over_all_but_what_people_say(kept: Record) -> None:
    made = of(kept, "bacnet.write.high_priority")
    same = made._replace(alert=made.alert._replace(number=77, status="muted"))
    other = made._replace(coverage=None)
    assert body(made)["sha256"] == body(same)["sha256"] != body(other)["sha256"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_for_people(kept: Record, language: str) -> None:
    made = of(kept, "bacnet.write.high_priority")
    voice = Voice.named(Words(language), "Europe/Paris", kept.rows(ZoneRow), kept.labels())
    lines = dict(told(made, voice))
    assert len(lines) >= 3
    assert {"en": "BACnet Device object", "fr": "objet Device BACnet"}[language] in " ".join(lines.values())
    lost = made.coverage is not None and made._replace(coverage=made.coverage._replace(lost=4096))
    assert lost
    assert len(dict(told(lost, voice))) == len(lines) + 1


def test_a_card_of_a_place_is_found_by_its_address(kept: Record) -> None:
    made = of(kept, "bacnet.write.high_priority")
    assert made.target is not None
    card = made.target.asset._replace(key="00:80:f4:01:02:03@north", kind="l2", address="")
    assert shows(card) == "eth.addr == 00:80:f4:01:02:03"
