"""Every detection has a capture that raises it and one that must not; the acts of pcaps/acts do both ways by themselves."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from otwatch.alerts.detections import DETECTIONS
from otwatch.config import load_site
from otwatch.pipeline import replay
from otwatch.results import AlertRow
from pcaps.acts import ACTS
from pcaps.acts.act import Act
from pcaps.acts.frames import pcap
from pcaps.make_acts import FOLDER, QUIET, RAISES, captures
from tests.conftest import ROOT
from tests.docs import findings

NO_CAPTURE = {"sensor.blind"}
"""What a sensor says of itself; tests/sensor and tests/live make it blind."""
NOT_SHOWN: dict[str, set[str]] = {
    "avail.flood": {"flood", "storm"},
}
"""Variants that no capture raises, as 5,000 packets and more in ten seconds make no small one: tests/alerts/examples.py does. This list
may only become shorter."""

HEAD = pcap([])
each = pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)


@cache
def found(name: str, site: str) -> tuple[AlertRow, ...]:
    return replay([str(FOLDER / name)], load_site(ROOT / site) if site else None).alerts


def told(act: Act, ending: str) -> list[AlertRow]:
    """What is found in one of its captures; of the last step of a chain, where it is told as that."""
    return [row for row in found(act.name + ending, act.site) if not act.chain or row.facts.get("chain") == act.chain]


@each
def test_the_act_raises_it(act: Act) -> None:
    rows = told(act, RAISES)
    named = {one for row in rows for one in row.also} if act.beside else set()
    assert (act.detection, act.variant) in {(row.detection, row.variant) for row in rows} or act.detection in named


@each
def test_what_is_like_it_does_not(act: Act) -> None:
    assert not [row for row in told(act, QUIET) if act.detection in (row.detection, *row.also)]


@each
def test_the_captures_are_those_that_the_acts_make(act: Act) -> None:
    """`python -m pcaps.make_acts` writes them."""
    for path, data in captures(act):
        assert path.read_bytes() == data
        assert len(data) < 40_000


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_frames_are_sound(tmp_path: Path) -> None:
    """All acts one after the other, in one capture."""
    every = tmp_path / "every.pcap"
    every.write_bytes(HEAD + b"".join(path.read_bytes()[len(HEAD) :] for act in ACTS for path, _ in captures(act)))
    checks = ("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE")
    wrong = "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0"
    command = ("tshark", "-n", "-r", str(every), *checks, "-Y", wrong)
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""


def test_every_detection_has_its_capture() -> None:
    """Of the recordings at hand or of ours: docs/detections.md names it."""
    raised = {name.split()[0] for name in findings.known()}
    assert {one.id for one in DETECTIONS} - raised == NO_CAPTURE


def test_names_of_acts_are_their_own() -> None:
    assert len({act.name for act in ACTS}) == len(ACTS)
    assert {path.name for path in Path(FOLDER).glob("*.pcap")} == {path.name for act in ACTS for path, _ in captures(act)}


def test_every_variant_has_its_capture_but_those_that_are_named() -> None:
    """And one that must not: its twin, for the acts; all recordings that are not named beside it, for those of others."""
    shown = findings.known().keys()
    missing = {one.id: {variant for variant in one.severity if f"{one.id} {variant}" not in shown} for one in DETECTIONS}
    assert {name: variants for name, variants in missing.items() if variants and name not in NO_CAPTURE} == NOT_SHOWN
