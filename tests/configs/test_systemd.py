"""systemd/: units that systemd takes, and that may do little."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.debian import needs

FOLDER = ROOT / "systemd"
UNITS = sorted(path.name for path in FOLDER.glob("*.service"))
EXPOSURE = {"otwatch-eve.service": 1.0, "otwatch-sensor@.service": 1.2, "otwatch-silence@.service": 1.8, "otwatch-web.service": 1.0}
"""At most, as systemd-analyze counts: 0 is a unit that can do nothing, 10 one that can do everything."""


def settings(unit: str) -> dict[str, list[str]]:
    """All values of every key."""
    found: dict[str, list[str]] = {}
    for line in (FOLDER / unit).read_text("utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def test_every_unit_has_its_bound() -> None:
    assert set(UNITS) == EXPOSURE.keys()


@pytest.mark.parametrize("unit", UNITS)
def test_exposure(unit: str) -> None:
    analyze = needs("systemd-analyze", "systemd")
    bound = f"--threshold={round(EXPOSURE[unit] * 10)}"
    command = [analyze, "security", "--offline=true", "--no-pager", bound, str(FOLDER / unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "Overall exposure level" in done.stdout, done.stderr
    assert done.returncode == 0, done.stdout


def test_systemd_takes_them(tmp_path: Path) -> None:
    """In a root that has nothing but them and the programs that they start."""
    analyze = needs("systemd-analyze", "systemd")
    units, program = tmp_path / "usr/lib/systemd/system", tmp_path / "usr/bin/otwatch"
    units.mkdir(parents=True)
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    for name in ("network", "multi-user", "sysinit", "basic", "shutdown"):
        (units / f"{name}.target").write_text("[Unit]\nDescription=there\n", "utf-8")
    for name in UNITS:
        (units / name.replace("@", "@mirror0")).write_text((FOLDER / name).read_text("utf-8"), "utf-8")
    found = sorted(path.name for path in units.glob("*.service"))
    command = [analyze, "verify", "--man=no", f"--root={tmp_path}", *found]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_sensor_hears_and_nothing_else() -> None:
    sensor = settings("otwatch-sensor@.service")
    assert sensor["CapabilityBoundingSet"] == sensor["AmbientCapabilities"] == ["CAP_NET_RAW"]
    assert sensor["RestrictAddressFamilies"] == ["AF_PACKET AF_UNIX"]
    assert sensor["IPAddressDeny"] == sensor["SocketBindDeny"] == ["any"]


def test_the_page_has_no_capability_and_listens_where_it_says() -> None:
    web = settings("otwatch-web.service")
    assert web["CapabilityBoundingSet"] == [""]
    assert "AmbientCapabilities" not in web
    _, _, port = web["ExecStart"][0].rpartition(":")
    assert web["SocketBindAllow"] == [f"ipv4:tcp:{port}"]
    assert web["IPAddressAllow"] == ["localhost"]
