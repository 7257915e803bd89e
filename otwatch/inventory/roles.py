"""What an asset is for, told by what it does (domain/zones.md 8.2). One row of `RULES` a piece of evidence.

Every rule gives a number when it holds, which its reason quotes, and 0 when it does not. Weights of one role add up;
a role counts from `FLOOR` on. Reasons are keys of rules: the catalogue says them in every language (role_reason).
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from otwatch.inventory.links import State

FLOOR = 3.0

OT = frozenset({
    "modbus", "modbus-rtu", "xway", "bacnet", "bacnet-ethernet", "enip", "cip-io", "s7", "s7-plus", "mms", "opcua", "fox", "knx", "iec104",
    "dnp3", "fins", "ads", "profinet",
})  # fmt: skip
SQL = frozenset({"mssql", "oracle", "mysql", "postgresql", "opcua"})
WEB = frozenset({"http", "https"})
DIRECTORY = frozenset({"smb", "kerberos", "ldap", "ldaps", "netbios-ssn"})
VPN = frozenset({"ike", "ipsec-nat", "openvpn", "wireguard", "l2tp", "pptp"})
CAMERA_MAKERS = re.compile(r"(?i)\b(axis communications|hikvision|dahua|hanwha|vivotek|mobotix|avigilon|uniview|bosch security)")
UPS_MAKERS = re.compile(r"(?i)\b(american power conversion|apc|riello|mge)\b")
UPS_MARK = "ups"
"""On a link: objects of the UPS MIB were asked (RFC 1628, or APC's)."""
BRIDGES = frozenset({"01:80:c2:00:00:00", "01:80:c2:00:00:08"})
"""Where bridges send spanning tree (IEEE 802.1D 7.12.3, 802.1Q 8.13.4)."""


class Edge(NamedTuple):
    """A link as roles see it: the other end, resolved, and whether that is outside the site."""

    other: str
    protocol: str
    state: State
    verbs: frozenset[str]
    slots: int
    outside: bool
    marks: frozenset[str] = frozenset()


class Evidence(NamedTuple):
    """What one asset does.

    out, into           where it asks, where it is asked
    capable             what it says it can do (events.CAPABILITIES)
    units, routed       Modbus units, and BACnet devices or networks behind it
    networks, sources   for how many its MAC sends, if that is a router's
    crowd               whether several machines seem to stand behind its address (site/crowds.py)
    """

    out: tuple[Edge, ...]
    into: tuple[Edge, ...]
    units: int = 0
    routed: int = 0
    networks: int = 0
    sources: int = 0
    vendor: str = ""
    capable: frozenset[str] = frozenset()
    crowd: bool = False


class Role(NamedTuple):
    """A role with its weight; `reason` is the key of its best reason, `number` what it quotes."""

    name: str
    score: float
    reason: str
    number: int

    def why(self) -> str:
        """As it is recorded: "units 4"."""
        return f"{self.reason} {self.number}"


class Rule(NamedTuple):
    key: str
    role: str
    weight: float
    number: Callable[[Evidence], int]


def _others(edges: tuple[Edge, ...], protocols: frozenset[str], state: State = State.ESTABLISHED) -> set[str]:
    return {edge.other for edge in edges if edge.protocol in protocols and edge.state >= state}


def _asked(*protocols: str) -> Callable[[Evidence], int]:
    """How many clients it serves with one of these protocols."""
    wanted = frozenset(protocols)
    return lambda seen: len(_others(seen.into, wanted))


def _asks(*protocols: str) -> Callable[[Evidence], int]:
    wanted = frozenset(protocols)
    return lambda seen: len(_others(seen.out, wanted))


def _at_least(least: int, number: Callable[[Evidence], int]) -> Callable[[Evidence], int]:
    def found(seen: Evidence) -> int:
        count = number(seen)
        return count if count >= least else 0

    return found


def _controls(seen: Evidence) -> int:
    """Answers building-system requests that were read, or asked of it on a port of such a protocol."""
    return len({edge.other for edge in seen.into if edge.protocol in OT and edge.state is State.ESTABLISHED and edge.verbs & _ANSWERED})


_ANSWERED = frozenset({"READ", "WRITE", "CONTROL", "PROGRAM", "ADMIN", "FILE", "SESSION"})


_TOLD = frozenset({"ALARM"})


def _polls(least_slots: int) -> Callable[[Evidence], int]:
    def found(seen: Evidence) -> int:
        return len({edge.other for edge in seen.out if edge.protocol in OT and edge.slots >= least_slots})

    return found


def _programs(seen: Evidence) -> int:
    return len({edge.other for edge in seen.out if edge.protocol in OT and "PROGRAM" in edge.verbs})


def _serves_outside(seen: Evidence) -> int:
    return len({edge.other for edge in seen.into if edge.outside and edge.protocol in VPN and edge.state is State.ESTABLISHED})


def _browses(seen: Evidence) -> int:
    return len({edge.other for edge in seen.out if edge.outside and edge.protocol in WEB and edge.state is State.ESTABLISHED})


def _bridges(seen: Evidence) -> int:
    return sum(edge.other in BRIDGES for edge in seen.out)


def _lights(seen: Evidence) -> int:
    """Clients that ask it for something: an interface tells its own clients, unasked, what it hears."""
    return len({edge.other for edge in seen.into if edge.protocol == "knx" and edge.state is State.ESTABLISHED and edge.verbs != _TOLD})


def _ups(seen: Evidence) -> int:
    return int(any(UPS_MARK in edge.marks and edge.state is State.ESTABLISHED for edge in seen.into))


def _made_by(makers: re.Pattern[str]) -> Callable[[Evidence], int]:
    return lambda seen: int(makers.search(seen.vendor) is not None)


def _says(*capabilities: str) -> Callable[[Evidence], int]:
    """It says so itself."""
    return lambda seen: int(not seen.capable.isdisjoint(capabilities))


def _switches(seen: Evidence) -> int:
    """It says that it bridges, as telephones and controllers with two sockets do too."""
    return int("bridge" in seen.capable and "telephone" not in seen.capable and not _controls(seen))


def _historian(seen: Evidence) -> int:
    clients = len(_others(seen.into, SQL))
    return clients if clients >= 2 and not _polls(1)(seen) else 0


RULES = (
    Rule("answers", "controller", 3, _controls),
    Rule("units", "gateway", 4, _at_least(2, lambda seen: seen.units)),
    Rule("routes", "gateway", 4, lambda seen: seen.routed),
    Rule("mac-networks", "router", 4, _at_least(2, lambda seen: seen.networks)),
    Rule("mac-sources", "router", 4, lambda seen: seen.sources if seen.networks < 2 and seen.sources >= 3 else 0),
    Rule("polls-many", "supervision", 4, _at_least(5, _polls(1))),
    Rule("polls-steadily", "supervision", 3, _at_least(3, _polls(3))),
    Rule("programs", "engineering", 5, _programs),
    Rule("databases", "historian", 3, _historian),
    Rule("time", "time", 5, _at_least(3, _asked("ntp"))),
    Rule("video", "camera", 4, _asked("rtsp")),
    Rule("camera-maker", "camera", 4, _made_by(CAMERA_MAKERS)),
    Rule("watches", "recorder", 4, _at_least(4, _asks("rtsp"))),
    Rule("ups-objects", "ups", 5, _ups),
    Rule("ups-maker", "ups", 3, _made_by(UPS_MAKERS)),
    Rule("bridges", "switch", 4, _bridges),
    Rule("says-bridge", "switch", 5, _switches),
    Rule("says-router", "router", 4, _says("router", "wan-gateway")),
    Rule("says-telephone", "telephony", 4, _says("telephone")),
    Rule("says-camera", "camera", 5, _says("camera")),
    Rule("says-recorder", "recorder", 5, _says("recorder")),
    Rule("says-time", "time", 3, _says("time-server")),
    Rule("directory", "office", 3, lambda seen: _asks(*DIRECTORY)(seen) if _browses(seen) >= 3 else 0),
    Rule("browses", "office", 3, _at_least(10, _browses)),
    Rule("vpn", "remote", 4, _serves_outside),
    Rule("images", "biomedical", 5, _asked("dicom", "hl7")),
    Rule("sends-images", "biomedical", 5, _asks("dicom", "hl7")),
    Rule("calls", "telephony", 3, _asked("sip", "sips")),
    Rule("lights", "lighting", 3, _lights),
    Rule("crowd", "nat", 4, lambda seen: int(seen.crowd)),
)

ALSO = {"controller": "plc"}
"""The site file's word for a role (zones.md 5.8), where it is another."""


def roles(seen: Evidence) -> tuple[Role, ...]:
    """Every role that weighs enough, best first."""
    found: dict[str, list[tuple[Rule, int]]] = {}
    for rule in RULES:
        number = rule.number(seen)
        if number:
            found.setdefault(rule.role, []).append((rule, number))
    judged = [_role(name, held) for name, held in found.items()]
    return tuple(sorted((role for role in judged if role.score >= FLOOR), key=lambda role: (-role.score, role.name)))


def _role(name: str, held: list[tuple[Rule, int]]) -> Role:
    best, number = max(held, key=lambda pair: pair[0].weight)
    return Role(name, sum(rule.weight for rule, _ in held), best.key, number)
