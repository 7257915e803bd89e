"""A network of two cables in a namespace of its own: what is sent into `src` comes out of `mir`, and nothing leaves the namespace.

The namespace lives as long as the process that holds it, which ends by itself after `LIVES_S` even if nobody ends it. Root is not needed
where users may make namespaces (Debian's default).
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

MIRROR, SOURCE = "mir", "src"
SECOND = ("mir2", "src2")
"""Another cable, for sensors with several interfaces."""
LIVES_S = 900
ROOT = Path(__file__).parent.parent.parent
HOSPITAL = ROOT / "pcaps" / "hospital.pcapng"
_SET_UP = f"""
set -e
for all in all default; do echo 1 > /proc/sys/net/ipv6/conf/$all/disable_ipv6 || true; done
ip link set lo up
ip link add {MIRROR} type veth peer name {SOURCE}
ip link add {SECOND[0]} type veth peer name {SECOND[1]}
for end in {MIRROR} {SOURCE} {SECOND[0]} {SECOND[1]}; do ip link set $end arp off multicast off mtu 9000; ip link set $end up; done
echo ready
exec sleep {{lives}}
"""


class Stage(NamedTuple):
    """`enter` stands before a command that is to run on the stage; `started` ends with it, whatever happens."""

    enter: tuple[str, ...]
    started: "list[subprocess.Popen[str]]"

    def start(self, *command: str, **more: object) -> "subprocess.Popen[str]":
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        environment = {**os.environ, "PYTHONPATH": path, "OTWATCH_LANG": "en"}
        made: subprocess.Popen[str] = subprocess.Popen([*self.enter, *command], cwd=ROOT, text=True, env=environment, **more)  # type: ignore[call-overload]  # passed on
        self.started.append(made)
        return made

    def run(self, *command: str) -> str:
        running = self.start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = running.communicate(timeout=120)
        self.started.remove(running)
        assert not running.returncode, err
        return out

    def sense(self, record: Path, *more: str, **passed: object) -> "subprocess.Popen[str]":
        """A sensor that listens, once this returns."""
        command = (sys.executable, "-m", "otwatch", "sense", "--interface", MIRROR, "--record", str(record), *more)
        sensor = self.start(*command, stderr=subprocess.PIPE, **passed)
        assert sensor.stderr is not None
        line = sensor.stderr.readline()
        assert "listening" in line, line + sensor.stderr.read()
        return sensor

    def end_others(self, left: "subprocess.Popen[str]") -> None:
        """End everything on the stage but one."""
        for process in self.started:
            if process is not left:
                end(process)

    def send(self, frames: Path, *more: str, into: str = SOURCE) -> str:
        """Send frames (a pcap) into the cable; says how many, and how fast."""
        return self.run(sys.executable, "-m", "tests.live.sending", into, str(frames), *more).strip()

    def counter(self, interface: str, name: str) -> int:
        """A counter of the kernel, such as tx_packets."""
        return int(self.run("cat", f"/sys/class/net/{interface}/statistics/{name}"))


def missing() -> str:
    """Why there can be no stage here; "" where there can."""
    for tool in ("unshare", "nsenter", "ip"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed (Debian packages util-linux, iproute2)"
    cable = "ip link add trial0 type veth peer name trial1"
    trial = subprocess.run([*_unshare(), "sh", "-c", cable], capture_output=True, text=True, check=False)
    return f"no network namespaces here: {trial.stderr.strip()}" if trial.returncode else ""


def _unshare() -> Sequence[str]:
    return ("unshare", "--net", "--mount") if os.geteuid() == 0 else ("unshare", "--user", "--map-root-user", "--net", "--mount")


@contextmanager
def stage(lives_s: float = LIVES_S) -> Iterator[Stage]:
    started: list[subprocess.Popen[str]] = []
    script = "mount -t sysfs sysfs /sys\n" + _SET_UP.format(lives=int(lives_s))
    holder = subprocess.Popen([*_unshare(), "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stderr is not None
        assert holder.stdout.readline().strip() == "ready", holder.stderr.read()
        user = () if os.geteuid() == 0 else ("--user", "--preserve-credentials")
        yield Stage(("nsenter", "--target", str(holder.pid), *user, "--net", "--mount", "--", "env", "-C", str(ROOT)), started)
    finally:
        for process in (*started, holder):
            end(process)


def end(process: "subprocess.Popen[str]") -> None:
    """Whatever it is doing."""
    process.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def until(condition: object, timeout_s: float = 20.0) -> bool:
    """Wait until something holds."""
    assert callable(condition)
    end_s = time.monotonic() + timeout_s
    while time.monotonic() < end_s:
        if condition():
            return True
        time.sleep(0.05)
    return False


def stop(sensor: "subprocess.Popen[str]") -> str:
    sensor.send_signal(signal.SIGTERM)
    _, said = sensor.communicate(timeout=60)
    assert sensor.returncode == 0, said
    return said
