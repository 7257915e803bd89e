"""An interface that only listens: how it is told apart, how it is made so, and how it is proven.

    addresses     what an interface must not have                    ruleset    nftables: every frame that would leave is dropped
    transmitted   what the kernel has sent there                     commands   the interface itself: up, and nothing that would speak
    apply         the ruleset and the commands                       network    the same for systemd-networkd, at every start
"""

import fcntl
import re
import socket
import subprocess
from array import array
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from struct import Struct

from otwatch.errors import OtwatchError

_SIOCGIFADDR = 0x8915  # linux/sockios.h
_REQUEST = Struct("16sHxx4s16x")
_SIOCETHTOOL, _GET_FLAGS, _SET_FLAGS, _SET_GRO, _LRO = 0x8946, 0x25, 0x26, 0x2C, 1 << 15  # linux/ethtool.h
_POINTER = Struct("16sP16x")
NAME = re.compile(r"[A-Za-z0-9_.@-]{1,15}")
"""Names of interfaces that are written into a ruleset: up to 15 bytes (IFNAMSIZ), and nothing that means anything there."""


class SilenceError(OtwatchError):
    """An interface cannot be made silent."""


def addresses(interface: str) -> tuple[str, ...]:
    """The IP addresses of an interface. An IPv6 one appears by itself on an interface that is up, and speaks (RFC 4862, RFC 3810)."""
    return (*_ipv4(interface), *_ipv6(interface))


def _ipv4(interface: str) -> tuple[str, ...]:
    """The first IPv4 address (netdevice(7), SIOCGIFADDR)."""
    try:
        with _asker() as asker:
            told = fcntl.ioctl(asker, _SIOCGIFADDR, _REQUEST.pack(interface.encode(), socket.AF_INET, bytes(4)))
    except OSError:
        return ()
    return (socket.inet_ntoa(_REQUEST.unpack(told)[2]),)


def _asker() -> socket.socket:
    """A socket that can be asked. A service may be forbidden those of IP; one that hears no protocol knows as much (packet(7))."""
    try:
        return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    except OSError:
        return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)


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
        raise SilenceError("silence.no_name", interface=interface)
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
    """/etc/systemd/network/10-otwatch-IF.network: up, no address, no ARP, no discovery (systemd.network(5))."""
    name = checked(interface)
    return (
        f"# /etc/systemd/network/10-otwatch-{name}.network\n"
        f"[Match]\nName={name}\n\n"
        "[Link]\nARP=no\nMulticast=no\nPromiscuous=yes\nRequiredForOnline=no\n\n"
        "[Network]\nDHCP=no\nLinkLocalAddressing=no\nIPv6AcceptRA=no\nIPv6SendRA=no\nLLDP=no\nEmitLLDP=no\nLLMNR=no\nMulticastDNS=no\n"
    )


def commands(interface: str) -> str:
    """The interface itself, for a shell: no IPv6, ARP or multicast that would speak, frames as they are, and up."""
    return (
        f"echo 1 > {_ipv6_switch(checked(interface))}\n"
        f"ethtool -K {interface} gro off lro off\n"
        f"{' '.join(_up(interface))}\n"
    )


def _ipv6_switch(interface: str) -> Path:
    return Path("/proc/sys/net/ipv6/conf", interface, "disable_ipv6")


def _up(interface: str) -> tuple[str, ...]:
    return ("ip", "link", "set", "dev", interface, "arp", "off", "multicast", "off", "promisc", "on", "up")


def apply(interface: str) -> None:
    """Load the ruleset, then do what the commands do; SilenceError where that is refused, or where the interface is somebody's way in."""
    rules = ruleset(interface)
    used = [one for one in addresses(interface) if not ip_address(one).is_link_local]
    if used:
        raise SilenceError("silence.used", interface=interface, addresses=", ".join(used))
    _run(interface, ("nft", "-f", "-"), rules, "nftables")
    with suppress(FileNotFoundError):  # no such file: no IPv6 there
        _ipv6_switch(interface).write_text("1", "ascii")
    _keep_apart(interface)
    _run(interface, _up(interface), "", "iproute2")


def _run(interface: str, command: tuple[str, ...], given: str, package: str) -> None:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SilenceError("silence.no_program", interface=interface, program=command[0], reason=error, package=package) from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["?"]
        raise SilenceError("silence.refused", interface=interface, program=command[0], reason=said[0])


def _keep_apart(interface: str) -> None:
    """Segments of a connection must not be joined to frames longer than any on the wire: by the kernel (GRO) or by the card (LRO)."""
    with suppress(OSError):
        _ethtool(interface, _SET_GRO, 0)
    with suppress(OSError):  # most cards cannot, and need not be told
        _ethtool(interface, _SET_FLAGS, _ethtool(interface, _GET_FLAGS, 0) & ~_LRO)


def _ethtool(interface: str, command: int, value: int) -> int:
    """struct ethtool_value of linux/ethtool.h, there and back."""
    exchanged = array("I", (command, value))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asker:
        fcntl.ioctl(asker, _SIOCETHTOOL, _POINTER.pack(interface.encode(), exchanged.buffer_info()[0]))
    return exchanged[1]
