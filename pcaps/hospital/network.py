"""Namespaces joined by one bridge, and the capture on it. Needs root, iproute2, ethtool and tcpdump.

Everything lives in namespaces called `otw-...`: the networks of this computer are not touched, and nothing of them can be captured.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pcaps.hospital.hosts import HOSTS, PREFIX, Host

CORE = "otw-core"


def namespace(host: str) -> str:
    """The namespace of the host of that name."""
    return f"otw-{host}"


def inside(name: str, *command: str) -> tuple[str, ...]:
    """The command line that runs `command` in a namespace."""
    return ("ip", "netns", "exec", name, *command)


def _ip(*words: str) -> None:
    subprocess.run(("ip", *words), check=True)


def _silence(name: str) -> None:
    """No IPv6: router solicitations and the like would carry what is not part of the story."""
    settings = [f"net.ipv6.conf.{where}.disable_ipv6=1" for where in ("all", "default")]
    settings += [f"net.ipv4.conf.{where}.rp_filter=0" for where in ("all", "default")]
    subprocess.run(inside(name, "sysctl", "-q", *settings), check=True)


def _add_core() -> None:
    _ip("netns", "add", CORE)
    _silence(CORE)
    _ip("-n", CORE, "link", "add", "br0", "type", "bridge", "stp_state", "0", "mcast_snooping", "0")
    _ip("-n", CORE, "link", "set", "br0", "up")


def _add_host(host: Host) -> None:
    name = namespace(host.name)
    _ip("netns", "add", name)
    _silence(name)
    _ip("-n", CORE, "link", "add", host.name, "type", "veth", "peer", "name", "eth0", "netns", name, "address", host.mac)
    # Checksums are left to network cards otherwise, and a veth has none: every frame would look broken.
    subprocess.run(inside(name, "ethtool", "-K", "eth0", "tx", "off"), check=True, stdout=subprocess.DEVNULL)
    prefix = PREFIX if host.routable else 24
    _ip("-n", name, "address", "add", f"{host.address}/{prefix}", "broadcast", "+", "dev", "eth0")
    _ip("-n", CORE, "link", "set", host.name, "master", "br0", "up")
    for link in ("lo", "eth0"):
        _ip("-n", name, "link", "set", link, "up")
    _ip("-n", name, "route", "add", "255.255.255.255/32", "dev", "eth0")


def _remove(hosts: tuple[Host, ...]) -> None:
    for name in (*(namespace(host.name) for host in hosts), CORE):
        with suppress(subprocess.CalledProcessError):
            subprocess.run(("ip", "netns", "delete", name), check=True, stderr=subprocess.DEVNULL)


@contextmanager
def hospital_network(hosts: tuple[Host, ...] = HOSTS) -> Iterator[None]:
    """These hosts on one bridge for as long as the block runs; what an aborted run left is removed first."""
    _remove(hosts)
    try:
        _add_core()
        for host in hosts:
            _add_host(host)
        yield
    finally:
        _remove(hosts)


@contextmanager
def capture(raw: Path) -> Iterator[None]:
    """Everything that crosses the bridge, as a pcap with microseconds."""
    dump = ("tcpdump", "-i", "br0", "-n", "-U", "--immediate-mode", "-s", "65535", "-Z", "root", "-w", str(raw))
    with subprocess.Popen(inside(CORE, *dump), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "listening on" in line:
                break
        else:
            raise RuntimeError("tcpdump did not start to listen on the bridge")
        try:
            yield
        finally:
            process.terminate()
