"""What comes by a mirror port arrives as it was on the wire: tags that the card took out, two of them, and frames that are too long."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.capture.builders import pcap, read
from tests.live.cables import read as record_of
from tests.live.stage import HOSPITAL, MIRROR, Stage, stop

ENDS = bytes.fromhex("020000000002 020000000001")
BODY = bytes.fromhex("88b5") + bytes(range(60))
"""An EtherType for experiments (IEEE 802) and something behind it."""
TAGS = {
    "none": "",
    "802.1Q": "81000064",
    "priority only": "8100e000",
    "VLAN 0": "81000000",
    "service tag": "88a80064",
    "QinQ": "88a80064 810000c8",
    "two 802.1Q": "81000064 810000c8",
    "three": "88a80001 81000002 81000003",
}


def test_tags_are_put_back(set_up: Stage, tmp_path: Path) -> None:
    """The kernel takes the first tag out of what it receives (VLAN acceleration), whatever the card does."""
    sent = [ENDS + bytes.fromhex(tags) + BODY for tags in TAGS.values()]
    file, heard = tmp_path / "tags.pcap", tmp_path / "heard.pcap"
    file.write_bytes(pcap((0, 0, raw) for raw in sent))
    recording = set_up.start(sys.executable, "-m", "tests.live.recording", MIRROR, str(heard), str(len(sent)), stdout=subprocess.PIPE)
    assert recording.stdout is not None
    assert recording.stdout.readline() == "recording\n"
    set_up.send(file)
    assert recording.wait(40) == 0
    rows, _ = read(heard)
    assert dict(zip(TAGS, [row.frame for row in rows], strict=True)) == dict(zip(TAGS, sent, strict=True))


def test_what_is_too_long_is_cut_and_counted(set_up: Stage, tmp_path: Path) -> None:
    file, record = tmp_path / "long.pcap", tmp_path / "long.db"
    file.write_bytes(pcap((0, 0, ENDS + bytes.fromhex("88b5") + bytes(size)) for size in (1500, 1900, 5000, 8000)))
    sensor = set_up.sense(record)
    set_up.send(file)
    stop(sensor)
    notes = record_of(record).notes
    assert (notes[f"{MIRROR}: cut"], notes["capture: frames cut"], notes["capture: long frames"]) == (2, 2, 3)


@pytest.mark.parametrize(("seconds", "frames", "verdict", "status"), [(3, HOSPITAL, "good", 0), (1, None, "bad", 1)])
def test_the_doctor_listens(set_up: Stage, seconds: int, frames: Path | None, verdict: str, status: int) -> None:
    doctor = set_up.start(
        sys.executable, "-m", "otwatch", "doctor", MIRROR, "--seconds", str(seconds), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert doctor.stderr is not None
    assert "listening to" in doctor.stderr.readline()
    if frames is not None:
        time.sleep(1.0)
        set_up.send(frames)
    said, _ = doctor.communicate(timeout=60)
    assert said.startswith(f"The mirror is {verdict}")
    assert doctor.returncode == status
