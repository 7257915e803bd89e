"""The package on a bare Debian 12 without internet: installed, started by systemd under all its restrictions, upgraded, removed.

`make deb-test` builds the package and runs this; elsewhere it is skipped. What is told in README's "On the span-port box" is done here.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.debian import absent
from tests.live.box import OUTSIDE, Box, box
from tests.live.stage import MIRROR, ROOT, SOURCE, until

SENSOR, WEB, EVE = f"otwatch-sensor@{MIRROR}", "otwatch-web", "otwatch-eve"
RECORD = "/var/lib/otwatch/record.db"
FRAMES = 2078
"""Of pcaps/hospital.pcapng."""
CAP_NET_RAW = 1 << 13
_FETCH = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"


@pytest.fixture(scope="module")
def package() -> Path:
    named = os.environ.get("OTWATCH_DEB", "")
    if not named:
        pytest.skip("OTWATCH_DEB names no package: make deb-test")
    if os.geteuid():
        absent("a Debian that boots needs root")
    return Path(named).absolute()


@pytest.fixture(scope="module")
def installed(package: Path) -> Iterator[Box]:
    """A box with the package, a mirror port that was never up, and both services running."""
    with box(package.parent) as made:
        made.run("apt-get", "install", "--yes", f"{OUTSIDE}/{package.name}")
        plug_in(made)
        made.run("systemctl", "enable", "--now", SENSOR, WEB, EVE)
        yield made


def plug_in(into: Box) -> None:
    """A mirror port that was never up, at the end of a cable whose other end says nothing by itself."""
    into.run("ip", "link", "add", MIRROR, "type", "veth", "peer", "name", SOURCE)
    into.run("sh", "-c", f"echo 1 > /proc/sys/net/ipv6/conf/{SOURCE}/disable_ipv6")
    into.run("ip", "link", "set", SOURCE, "arp", "off", "multicast", "off", "up")


def metrics(of: Box) -> dict[str, float]:
    """What Prometheus would read."""
    lines = of.run("python3", "-c", _FETCH, "http://127.0.0.1:9468/metrics").splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line and not line.startswith("#"))}


def status(of: Box, unit: str) -> dict[str, str]:
    """What the kernel knows of the main process of a unit (proc(5), status)."""
    lines = of.run("cat", f"/proc/{of.property(unit, 'MainPID')}/status").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_both_services_are_ready(installed: Box) -> None:
    assert installed.property(SENSOR, "ActiveState") == installed.property(WEB, "ActiveState") == "active"
    assert until(lambda: "0 dropped" in installed.property(SENSOR, "StatusText"), 30)
    assert until(lambda: metrics(installed)["otwatch_record_up"] == 1, 30)


def test_they_may_do_what_they_need_and_no_more(installed: Box) -> None:
    sensor, web = status(installed, SENSOR), status(installed, WEB)
    for given, capabilities in ((sensor, CAP_NET_RAW), (web, 0)):
        assert {int(given[name], 16) for name in ("CapEff", "CapPrm", "CapBnd")} == {capabilities}
        assert given["NoNewPrivs"] == "1"
        assert given["Seccomp"] == "2"
    assert int(sensor["Seccomp_filters"]) == int(web["Seccomp_filters"]) + 1, "it forbids itself to send as well"
    assert sensor["Uid"] != web["Uid"]
    assert "0" not in (*sensor["Uid"].split(), *web["Uid"].split())


def test_what_comes_by_the_mirror_port_is_in_the_metrics(installed: Box) -> None:
    installed.send(sys.executable, SOURCE, ROOT / "pcaps" / "hospital.pcapng")
    assert until(lambda: metrics(installed).get("otwatch_packets_total") == FRAMES, 60), metrics(installed)
    assert "modbus.write" in installed.run("otwatch", "alerts", "--record", RECORD, "--csv")
    assert until(lambda: "modbus.write" in installed.run("sh", "-c", "cat /var/log/otwatch/eve.json || true"), 60)


def test_the_record_can_be_read_while_it_is_written(installed: Box) -> None:
    """By the other user, who cannot write beside it: again and again, while the sensor writes at least three times."""
    written = int(installed.run("stat", "--format=%Y", RECORD))
    end_s, seen = time.monotonic() + 60, {written}
    while len(seen) < 4 and time.monotonic() < end_s:
        installed.send(sys.executable, SOURCE, ROOT / "pcaps" / "hospital.pcapng")
        assert metrics(installed)["otwatch_record_up"] == 1
        seen.add(int(installed.run("stat", "--format=%Y", RECORD)))
    assert len(seen) == 4
    assert installed.run("stat", "--format=%a %U %G", RECORD).split() == ["640", "otwatch", "otwatch"]


def test_a_killed_sensor_comes_back_and_carries_on(installed: Box) -> None:
    before, process = metrics(installed)["otwatch_packets_total"], installed.property(SENSOR, "MainPID")
    installed.run("systemctl", "kill", "--signal=KILL", "--kill-whom=main", SENSOR)
    assert until(lambda: installed.property(SENSOR, "MainPID") not in ("0", process), 30)
    assert until(lambda: installed.property(SENSOR, "ActiveState") == "active", 30)
    assert metrics(installed)["otwatch_packets_total"] >= before >= FRAMES


def test_a_site_file_is_put_in_as_the_readme_says(installed: Box) -> None:
    installed.run("cp", "/usr/share/doc/otwatch/examples/site.yaml", "/etc/otwatch/site.yaml")
    installed.run("otwatch", "config", "check", "/etc/otwatch/site.yaml")
    installed.run("sed", "-i", "s/^# site:/site:/", "/etc/otwatch/otwatch.yaml")
    installed.run("systemctl", "restart", SENSOR)
    assert until(lambda: '"bureautique"' in installed.run("otwatch", "zones", "--record", RECORD, "--json"), 30)


def test_an_upgrade_carries_on(installed: Box, package: Path) -> None:
    process = installed.property(SENSOR, "MainPID")
    installed.run("sh", "-c", "echo '# mine' >> /etc/otwatch/otwatch.yaml")
    installed.run("dpkg", "--install", f"{OUTSIDE}/{package.name}")
    assert installed.property(SENSOR, "ActiveState") == "active"
    assert installed.property(SENSOR, "MainPID") != process
    assert installed.run("tail", "-1", "/etc/otwatch/otwatch.yaml") == "# mine\n"
    assert metrics(installed)["otwatch_packets_total"] >= FRAMES


def test_an_interface_with_an_address_is_refused(installed: Box) -> None:
    """Also one without a route, by a service that may not make a socket of IP."""
    installed.run("ip", "address", "add", "192.0.2.9/32", "dev", MIRROR)
    try:
        assert "failed" in installed.run("systemctl", "restart", SENSOR, fails=True)
        assert f"{MIRROR}: has an IP address (192.0.2.9)" in installed.run("journalctl", "--unit", SENSOR, "--lines=20", "--output=cat")
    finally:
        installed.run("ip", "address", "flush", "dev", MIRROR)
    assert until(lambda: installed.property(SENSOR, "ActiveState") == "active", 30)


def test_nothing_was_sent(installed: Box) -> None:
    """Since the interface came up, after all that went before."""
    assert installed.sent_by(MIRROR) == 0


def test_an_interface_that_goes_and_comes_is_silenced_again(installed: Box) -> None:
    heard = metrics(installed)["otwatch_packets_total"]
    installed.run("ip", "link", "delete", MIRROR)
    assert until(lambda: installed.property(SENSOR, "ActiveState") != "active", 30)
    plug_in(installed)
    assert until(lambda: installed.property(SENSOR, "ActiveState") == "active", 30)
    assert until(lambda: "NOARP,PROMISC,UP" in installed.run("ip", "-oneline", "link", "show", MIRROR), 60)
    installed.send(sys.executable, SOURCE, ROOT / "pcaps" / "hospital.pcapng")
    assert until(lambda: metrics(installed)["otwatch_packets_total"] == heard + FRAMES, 60)
    assert installed.sent_by(MIRROR) == 0


def test_what_is_removed_leaves_the_record_and_what_is_purged_nothing(installed: Box) -> None:
    installed.run("dpkg", "--remove", "otwatch")
    assert installed.property(SENSOR, "ActiveState") == installed.property(WEB, "ActiveState") == "inactive"
    assert installed.run("ls", "/var/lib/otwatch") == "record.db\n"
    assert installed.run("find", "/usr/lib/otwatch", fails=True)
    installed.run("dpkg", "--purge", "otwatch")
    assert installed.run("ls", "/etc/otwatch") == "site.yaml\n"
    elsewhere = " ".join(f"-not -path '/{folder}/*'" for folder in ("proc", "sys", "run", "mnt"))
    left = installed.run("sh", "-c", f"find / -xdev -name '*otwatch*' {elsewhere}")
    assert left == "/etc/otwatch\n"
