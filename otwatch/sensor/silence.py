"""An interface that only listens: how it is told apart, how it is made so, and how it is proven.

    addresses     what an interface must not have                    ruleset    nftables: every frame that would leave is dropped
    transmitted   what the kernel has sent there                     network    systemd-networkd: nothing is started that would speak
"""

import fcntl
import re
import socket
import subprocess
import sys
from ipaddress import IPv6Address
from pathlib import Path
from struct import Struct

from otwatch.errors import OtwatchError

_SIOCGIFADDR = 0x8915  # linux/sockios.h
_REQUEST = Struct("16sHxx4s16x")
NAME = re.compile(r"[A-Za-z0-9_.@-]{1,15}")
"""Names of interfaces that are written into a ruleset: up to 15 bytes (IFNAMSIZ), and nothing that means anything there."""


class SilenceError(OtwatchError):
    """An interface cannot be made silent."""


def addresses(interface: str) -> tuple[str, ...]:
    """The IP addresses of an interface. An IPv6 one appears by itself on an interface that is up, and speaks (RFC 4862, RFC 3810)."""
    return (*_ipv4(interface), *_ipv6(interface))


def _ipv4(interface: str) -> tuple[str, ...]:
    """The first IPv4 address (netdevice(7), SIOCGIFADDR). Where sockets of IP are forbidden, a route of its own gives it away."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            told = fcntl.ioctl(asker, _SIOCGIFADDR, _REQUEST.pack(interface.encode(), socket.AF_INET, bytes(4)))
    except OSError:
        return _routes(interface)
    return (socket.inet_ntoa(_REQUEST.unpack(told)[2]),)


def _routes(interface: str) -> tuple[str, ...]:
    """proc(5), /proc/net/route: interface, destination and gateway in the byte order of the machine, ..."""
    try:
        rows = [line.split() for line in Path("/proc/net/route").read_text("ascii").splitlines()[1:]]
    except OSError:
        return ()
    return tuple(socket.inet_ntoa(int(row[1], 16).to_bytes(4, sys.byteorder)) for row in rows if row and row[0] == interface)[:1]


def _ipv6(interface: str) -> tuple[str, ...]:
    """proc(5), /proc/net/if_inet6: address, index, prefix, scope, flags, name."""
    try:
        lines = Path("/proc/net/if_inet6").read_text("ascii").splitlines()
    except OSError:
        return ()
    rows = (line.split() for line in lines)
    return tuple(str(IPv6Address(int(row[0], 16))) for row in rows if len(row) == 6 and row[5] == interface)


def transmitted(interface: str) -> int:
    """Frames the kernel has sent on an interface since it exists; -1 where it does not say."""
    try:
        return int(Path("/sys/class/net", interface, "statistics/tx_packets").read_text("ascii"))
    except (OSError, ValueError):
        return -1


def checked(interface: str) -> str:
    """The name, fit to be written into a ruleset; SilenceError where it is not."""
    if not NAME.fullmatch(interface):
        raise SilenceError(f"{interface}: no name of an interface; up to 15 letters, digits and . _ @ - are expected")
    return interface


def ruleset(interface: str) -> str:
    """Drops and counts whatever would leave by the interface, packet sockets included (nft(8), netdev family, egress hook: Linux 5.16)."""
    name = checked(interface)
    table = "otwatch_" + re.sub(r"[^A-Za-z0-9]", "_", name)
    return (
        f"table netdev {table}\n"
        f"delete table netdev {table}\n"
        f"table netdev {table} {{\n"
        "\tchain egress {\n"
        f'\t\ttype filter hook egress device "{name}" priority 0; policy drop;\n'
        "\t\tcounter drop\n"
        "\t}\n"
        "}\n"
    )


def network(interface: str) -> str:
    """/etc/systemd/network/10-otwatch-IF.network and .link: no address, no ARP, no discovery; frames as they are (systemd.network(5))."""
    name = checked(interface)
    return (
        f"# /etc/systemd/network/10-otwatch-{name}.network\n"
        f"[Match]\nName={name}\n\n"
        "[Link]\nARP=no\nMulticast=no\nPromiscuous=yes\nRequiredForOnline=no\n\n"
        "[Network]\nDHCP=no\nLinkLocalAddressing=no\nIPv6AcceptRA=no\nIPv6SendRA=no\nLLDP=no\nEmitLLDP=no\nLLMNR=no\nMulticastDNS=no\n\n"
        f"# /etc/systemd/network/10-otwatch-{name}.link\n"
        f"[Match]\nOriginalName={name}\n\n"
        "[Link]\nGenericReceiveOffload=no\nGenericReceiveOffloadHardware=no\nLargeReceiveOffload=no\nWakeOnLan=off\n"
    )


def apply(interface: str) -> None:
    """Load the ruleset; SilenceError where nft is missing or refuses."""
    rules = ruleset(interface)
    try:
        done = subprocess.run(["nft", "-f", "-"], input=rules, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SilenceError(f"{interface}: nft cannot be run ({error}); Debian's package nftables has it") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["nft says nothing"]
        raise SilenceError(f"{interface}: nft refuses the ruleset: {said[0]}; root and Linux 5.16 or later are needed")
