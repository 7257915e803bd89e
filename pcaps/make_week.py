"""Records the scenes of pcaps/week, each a short exchange between real stacks; about ten minutes, as root.

    .venv/bin/python -m pcaps.make_week [SCENE...]

`pcaps.healthy_week` lays them out over days. Which stacks spoke stands in pcaps/SOURCES.md.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pcaps.hospital.devices import CPPPO, CPPPO_NEEDS
from pcaps.hospital.means import check_means, install
from pcaps.hospital.network import capture, hospital_network, inside, namespace
from pcaps.make_hospital import PROGRAMS
from pcaps.week.hosts import SERVICES
from pcaps.week.scenes import SCENES, Scene
from pcaps.week.servers import PEERS, PEERS_NEED
from pcaps.week.telling import FOLDER, kept

MORE = {
    "/usr/sbin/chronyd": "chrony", "/usr/sbin/dnsmasq": "dnsmasq-base", "/usr/sbin/udhcpc": "udhcpc", "curl": "curl", "openssl": "openssl",
}  # fmt: skip
RESOLVER = Path("/etc/netns/otw-gtb-1/resolv.conf")
_AFTER = 1.0
"""Seconds in which the last frames come."""


def _part(name: str, host: str) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "pcaps.week.scenes", name, host)
    return subprocess.Popen(inside(namespace(host), *command), cwd=Path(__file__).parents[1], stdout=subprocess.DEVNULL)


def _record(name: str, scene: Scene, raw: Path) -> None:
    """One scene, on a network on which nobody has spoken before."""
    there = (*(host for host, _ in scene.servers), scene.client, *scene.beside)
    with hospital_network(there):
        for host in there:
            subprocess.run(inside(namespace(host.name), "sysctl", "-q", "net.ipv4.tcp_timestamps=0"), check=True)
        serving = [_part(name, host.name) for host, _ in scene.servers]
        try:
            time.sleep(scene.settle)
            with capture(raw):
                done = _part(name, scene.client.name).wait()
                time.sleep(_AFTER)
        finally:
            for process in serving:
                process.terminate()
            for process in serving:
                process.wait()
    if done:
        sys.exit(f"make_week: {name} failed; its traceback is above")


@contextmanager
def _resolver() -> Iterator[None]:
    """Who gives names to the supervision, where `ip netns exec` looks for it."""
    RESOLVER.parent.mkdir(parents=True, exist_ok=True)
    RESOLVER.write_text(f"nameserver {SERVICES.address}\n")
    try:
        yield
    finally:
        RESOLVER.unlink()
        RESOLVER.parent.rmdir()


def main() -> None:
    check_means("make_week", PROGRAMS | MORE)
    install(CPPPO, CPPPO_NEEDS)
    install(PEERS, PEERS_NEED)
    with _resolver():
        for name in sys.argv[1:] or SCENES:
            with tempfile.TemporaryDirectory() as folder:
                raw = Path(folder, "raw.pcap")
                _record(name, SCENES[name], raw)
                size = kept(raw, FOLDER / f"{name}.pcap")
            print(f"{name}: {size} bytes")


if __name__ == "__main__":
    main()
