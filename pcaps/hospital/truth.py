"""hospital.json: what the capture must give, with the frames that show it as tshark numbers them."""

import hashlib
import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

from pcaps.hospital.hosts import HOSTS
from pcaps.hospital.timetable import INCIDENTS, STORY_BEGINS, Incident


def frames_shown(capture: Path, incident: Incident) -> list[int]:
    """Numbers of the frames that the incident's filter selects between its begin and its end."""
    begin = STORY_BEGINS.timestamp() + incident.begins
    within = f"frame.time_epoch >= {begin} && frame.time_epoch < {begin + incident.lasts}"
    command = ("tshark", "-n", "-r", str(capture), "-Y", f"({incident.shown_by}) && {within}", "-T", "fields", "-e", "frame.number")
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [int(number) for number in shown.split()]


def _incident(capture: Path, incident: Incident) -> dict[str, Any]:
    frames = frames_shown(capture, incident)
    if not frames:
        raise RuntimeError(f"{incident.id}: no frame of {capture} shows it")
    return {
        "id": incident.id,
        "title": incident.title,
        "client": incident.client,
        "server": incident.server,
        "time": (STORY_BEGINS + timedelta(seconds=incident.begins)).isoformat(),
        "filter": incident.shown_by,
        "frames": frames,
    }


def truth(capture: Path, frames: int) -> dict[str, Any]:
    return {
        "capture": capture.name,
        "sha256": hashlib.sha256(capture.read_bytes()).hexdigest(),
        "frames": frames,
        "begins": STORY_BEGINS.isoformat(),
        "hosts": [
            {"name": host.name, "address": host.address, "mac": host.mac, "what": host.what, "says": dict(host.says)} for host in HOSTS
        ],
        "incidents": [_incident(capture, incident) for incident in INCIDENTS],
    }


def write_truth(path: Path, capture: Path, frames: int) -> None:
    path.write_text(json.dumps(truth(capture, frames), indent=2, ensure_ascii=False) + "\n")
