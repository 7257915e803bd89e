"""What keeps the security level of a zone down: one rule for each cap of domain/zones.md 12, and what shows it.

A cap is met by findings, by conversations, by what was said about assets, or by what is missing. Not judged, because nothing here shows it:
clocks that drift, and controllers that were left in a remote mode before anybody listened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from otwatch.config.words import PROTOCOLS
from otwatch.results import AlertRow, ZoneRow
from otwatch.sightings import Frame
from otwatch.zones.analyses.scene import EXPOSED_TRUSTS, VITAL, Flow, Scene, criticality

DAY_NS = 86_400_000_000_000
COVERED = 95
"""Percent of the time in which something was captured, from which absence means something."""
SESSIONS = frozenset({"rdp", "vnc", "ssh", "telnet", "winrm", "teamviewer", "anydesk"})
WRONG = frozenset({"undeclared", "forbidden"})
LOGS = frozenset({("syslog", 514), ("syslog", 6514), ("syslog-tls", 6514), ("snmp", 162)})
OT_LEVEL, FIELD_LEVEL = 3.0, 2.0
OFFICE = frozenset({"office_it", "hospital_is", "wifi_guest", "telephony"})
OLD_TLS = frozenset({"SSL 3.0", "TLS 1.0", "TLS 1.1"})
SHARED_BY = 3
"""Hosts from which one account is nobody's own."""
UNKNOWN_PERCENT = 10
"""Share of assets of which nothing is known, above which there is no inventory (SR 7.8)."""
RESTART_NS = 3_600_000_000_000
"""How long after malformed traffic a device may have fallen over it."""
SHELL_BYTES = 400
"""Bytes that a telnet server answers with where a shell is at work."""


class Seen(NamedTuple):
    """All that concerns one zone. `into`, `out`, `inner`: conversations that connected, by where they began."""

    scene: Scene
    zone: ZoneRow
    alerts: tuple[AlertRow, ...]
    into: tuple[Flow, ...]
    out: tuple[Flow, ...]
    inner: tuple[Flow, ...]
    days: int
    covered: int

    def other(self, flow: Flow) -> ZoneRow | None:
        """The zone at the other end."""
        mine = flow.link.client_zone == self.zone.id
        return self.scene.zones.get(flow.link.server_zone if mine else flow.link.client_zone)


class Shown(NamedTuple):
    """What shows a cap: findings, and frames. Both are empty where it is met by what is missing (ABSENT)."""

    alerts: tuple[AlertRow, ...] = ()
    frames: tuple[Frame, ...] = ()


ABSENT = Shown()


class Rule(NamedTuple):
    requirement: str
    most: int
    key: str
    sr: str
    shown: Callable[[Seen], Shown | None]


def _found(*names: str, variants: Iterable[str] = ()) -> Callable[[Seen], Shown | None]:
    wanted = frozenset(variants)

    def shown(seen: Seen) -> Shown | None:
        met = tuple(one for one in _mine(seen) if one.detection in names and (not wanted or one.variant in wanted))
        return Shown(met) if met else None

    return shown


def _flows(which: Callable[[Seen], Iterable[Flow]]) -> Callable[[Seen], Shown | None]:
    def shown(seen: Seen) -> Shown | None:
        met = tuple(which(seen))
        return Shown(frames=tuple(flow.link.frame for flow in met)) if met else None

    return shown


def _border(seen: Seen) -> tuple[Flow, ...]:
    """Conversations that cross the zone's border, either way."""
    return (*seen.into, *seen.out)


def _clear(flow: Flow) -> bool:
    spoken = PROTOCOLS.get(flow.link.protocol)
    return spoken is not None and spoken.ot and spoken.clear


def _of_kinds(seen: Seen, flows: Iterable[Flow], kinds: frozenset[str] = frozenset(), trusts: frozenset[str] = frozenset()) -> list[Flow]:
    return [flow for flow in flows if (zone := seen.other(flow)) is not None and (zone.kind in kinds or zone.trust in trusts)]


def _remote(seen: Seen) -> list[Flow]:
    into = [flow for flow in seen.into if flow.link.protocol in SESSIONS and seen.zone.kind != "engineering"]
    return _of_kinds(seen, into, frozenset({"remote_maintenance"}), EXPOSED_TRUSTS)


def _internet(seen: Seen) -> list[Flow]:
    return _of_kinds(seen, _border(seen), frozenset({"internet"})) if seen.zone.level <= OT_LEVEL else []


def _office(seen: Seen) -> list[Flow]:
    return _of_kinds(seen, seen.into, OFFICE) if seen.zone.level <= FIELD_LEVEL else []


def _transient(seen: Seen) -> list[Flow]:
    """Changes from a host that had only just come when it made them, and not because listening had only just begun."""
    begin_ns = min((row.first_ns for row in seen.scene.results.captures if row.frames), default=0)
    came = {key: row.first_ns for key, row in seen.scene.assets.items() if row.first_ns - begin_ns > DAY_NS}
    changing = (flow for flow in (*seen.into, *seen.inner) if flow.link.writes and flow.client in came)
    return [flow for flow in changing if flow.link.first_ns - came[flow.client] < DAY_NS]


def _clear_backups(seen: Seen) -> list[Flow]:
    """Files only ever move by protocols that anybody can read and change on the way."""
    moved = [flow for flow in (*seen.into, *seen.out) if flow.link.protocol in {"ftp", "tftp"}]
    return [] if any(flow.link.protocol == "ssh" for flow in (*seen.into, *seen.out)) else moved


def _outsiders(seen: Seen) -> Shown | None:
    """Programs and stops that were taken from elsewhere than engineering, and that no intervention explains."""
    names = {"eng.program.download", "eng.mode.changed", "zone.engineering.office"}
    met = [one for one in seen.alerts if one.detection in names and one.variant not in {"failure", "unknown", "observed"}]
    strange = tuple(one for one in met if one.server_zone == seen.zone.id and _kind(seen.scene, one.client_zone) != "engineering")
    return Shown(strange) if strange else None


def _kind(scene: Scene, zone_id: str) -> str:
    zone = scene.zones.get(zone_id)
    return zone.kind if zone is not None else ""


def _logins(crossing: bool) -> Callable[[Seen], Shown | None]:
    def shown(seen: Seen) -> Shown | None:
        met = tuple(one for one in seen.alerts if one.detection == "clear.login" and (one.client_zone != one.server_zone) == crossing)
        return Shown(met) if met else None

    return shown


def _missing(days: int, flows: Callable[[Seen], Iterable[Flow]]) -> Callable[[Seen], Shown | None]:
    """What is not there counts only where long enough was listened, without gaps."""
    return lambda seen: ABSENT if seen.days >= days and seen.covered >= COVERED and seen.zone.assets and not list(flows(seen)) else None


def _vlans(seen: Seen) -> Shown | None:
    told = tuple(one for one in seen.alerts if one.detection == "zone.flow.undeclared" and one.variant == "shared")
    if told:
        return Shown(told)
    own = {row.vlan for row in seen.scene.of_zone(seen.zone.id) if row.vlan >= 0}
    others = {row.vlan for row in seen.scene.assets.values() if row.zone != seen.zone.id and row.kind == "host"}
    return ABSENT if own & others else None


def _writes(seen: Seen) -> Shown | None:
    """Changes from hosts that nobody expects to make any, and that were not refused."""
    taken = {"success", "variables", "memory", "control", "other", "group_write", "management"}
    met = tuple(one for one in _mine(seen) if one.detection.endswith(_UNEXPECTED) and one.variant in taken)
    return Shown(met) if met else None


def _mine(seen: Seen) -> Iterator[AlertRow]:
    """Findings about what is done to the zone."""
    return (one for one in seen.alerts if one.server_zone == seen.zone.id)


def _shared_accounts(seen: Seen) -> Shown | None:
    """One account with which people log in from three hosts or more."""
    used: defaultdict[tuple[str, str], dict[str, AlertRow]] = defaultdict(dict)
    for one in _mine(seen):
        user = one.facts.get("user", "–")
        if one.detection.startswith(("clear.login", "cred.")) and user != "–":
            used[one.server, user].setdefault(one.client, one)
    met = tuple(one for by_host in used.values() if len(by_host) >= SHARED_BY for one in by_host.values())
    return Shown(met) if met else None


def _shells(seen: Seen) -> list[Flow]:
    """Telnet from its beginning on, with a shell that answers and nobody asked for a name."""
    telnet = (flow for flow in (*seen.into, *seen.inner) if flow.link.protocol == "telnet" and flow.link.role == "syn")
    return [flow for flow in telnet if "AUTH" not in flow.link.verbs and flow.link.bytes_received > SHELL_BYTES and flow.link.verbs]


def _fell_over(seen: Seen) -> Shown | None:
    """Malformed traffic, and silence of the same device within an hour."""
    silent = [one for one in _mine(seen) if one.detection in {"avail.polling.stopped", "avail.asset.silent", "eng.device.restart"}]
    met = tuple(
        flaw for flaw in _mine(seen) if flaw.detection == "malf.frame"
        and any(one.server == flaw.server and 0 <= one.first_ns - flaw.last_ns <= RESTART_NS for one in silent)
    )  # fmt: skip
    return Shown(met) if met else None


def _old_tls(seen: Seen) -> Shown | None:
    """Versions that are no longer safe (RFC 8996), and certificates that nobody vouches for and that have run out."""
    own = {row.key for row in seen.scene.of_zone(seen.zone.id)}
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    frames: list[Frame] = []
    now = datetime.fromtimestamp(max((row.last_ns for row in seen.scene.results.captures), default=0) / 1e9, UTC).date().isoformat()
    for row in seen.scene.results.attributes:
        if row.asset in own and row.source.startswith("tls"):
            said[row.asset][row.name] = row.value
            if row.value in OLD_TLS or (said[row.asset].get("issuer") == "self-signed" and said[row.asset].get("valid_until", now) < now):
                frames.append(row.frame)
    return Shown(frames=tuple(dict.fromkeys(frames))) if frames else None


def _two_legs(seen: Seen) -> Shown | None:
    """On either side: it links both zones."""
    met = tuple(one for one in seen.alerts if one.detection == "zone.multihomed")
    return Shown(met) if met else None


def _pressed(seen: Seen) -> Shown | None:
    """Polling that stopped, storms and floods on what care needs, that nobody has settled."""
    names = {"avail.polling.stopped", "avail.exception.storm", "avail.flood"}
    vital = criticality(seen.zone.criticality) >= VITAL
    met = tuple(one for one in _mine(seen) if vital and one.detection in names and one.status not in {"closed", "muted"})
    return Shown(met) if met else None


def _nobody_knows(seen: Seen) -> Shown | None:
    """Assets of which neither maker, product, name nor role is known."""
    hosts = [row for row in seen.scene.of_zone(seen.zone.id) if row.kind == "host"]
    unknown = [row for row in hosts if not (row.vendor or row.product or row.name or row.roles)]
    return Shown(frames=tuple(row.frame for row in unknown)) if 100 * len(unknown) > UNKNOWN_PERCENT * len(hosts) else None


_UNEXPECTED = (".write.unexpected", ".set.unexpected")
_SECRETS = ("cred.default.cleartext", "cred.default.challenge", "cred.bruteforce")
RULES = (
    Rule("FR1", 0, "default_secret", "SR 1.1, SR 1.5", _found(*_SECRETS, variants=("success", "anonymous", "success_after"))),
    Rule("FR1", 0, "screen_open", "SR 1.1, SR 1.5", _found("cred.vnc", variants=("success", "offered"))),
    Rule("FR1", 0, "video_open", "SR 1.1, SR 1.5", _found("clear.management", variants=("open_video",))),
    Rule("FR1", 0, "shell_open", "SR 1.1, SR 1.5", _flows(_shells)),
    Rule("FR1", 0, "no_password", "SR 1.1, SR 1.5", _found("cred.bacnet", variants=("none", "default"))),
    Rule("FR1", 0, "controller_open", "SR 1.1, SR 1.5", _found("cred.controller", variants=("default",))),
    Rule("FR1", 0, "snmp_set", "SR 1.2, SR 1.5", _found("cred.snmp", variants=("set",))),
    Rule("FR1", 1, "unauthenticated_writes", "SR 1.2", _flows(lambda s: (f for f in (*s.into, *s.inner) if _clear(f) and f.link.writes))),
    Rule("FR1", 1, "shared_account", "SR 1.3", _shared_accounts),
    Rule("FR1", 1, "no_lockout", "SR 1.11", _found("cred.bruteforce")),
    Rule("FR1", 1, "remote", "SR 1.13", _flows(_remote)),
    Rule("FR2", 0, "outsiders_program", "SR 2.1", _outsiders),
    Rule("FR2", 1, "unexpected_writes", "SR 2.1", _writes),
    Rule("FR2", 1, "no_reservation_password", "SR 2.1", _found("cred.controller", variants=("open",))),
    Rule("FR2", 1, "transient", "SR 2.3", _flows(_transient)),
    Rule("FR3", 0, "arp_spoof", "SR 3.1", _found("integ.arp.diverted", "integ.arp.spoof", variants=("diverted", "takeover"))),
    Rule("FR3", 0, "fell_over", "SR 3.5", _fell_over),
    Rule("FR3", 1, "clear_crossing", "SR 3.1", _flows(lambda s: (f for f in _border(s) if _clear(f) and s.zone.level <= OT_LEVEL))),
    Rule("FR3", 1, "firmware", "SR 3.4", _found("inv.firmware.changed")),
    Rule("FR3", 1, "duplicate", "SR 3.4", _found("integ.dup.ip", "integ.bacnet.dup_instance")),
    Rule("FR4", 0, "login_crossing", "SR 4.1", _logins(crossing=True)),
    Rule("FR4", 1, "login_inside", "SR 4.1", _logins(crossing=False)),
    Rule("FR4", 1, "old_tls", "SR 4.1, SR 4.3", _old_tls),
    Rule("FR5", 0, "internet", "SR 5.1, SR 5.2", _flows(_internet)),
    Rule("FR5", 0, "office", "SR 5.1, SR 5.2", _flows(_office)),
    Rule("FR5", 1, "undeclared", "SR 5.2 RE 1", _flows(lambda s: (f for f in _border(s) if f.link.verdict in WRONG))),
    Rule("FR5", 1, "shared_vlan", "SR 5.1", _vlans),
    Rule("FR5", 1, "two_legs", "SR 5.1", _two_legs),
    Rule("FR6", 0, "not_covered", "SR 6.2", lambda s: ABSENT if s.days >= 7 and s.covered < COVERED else None),
    Rule("FR6", 1, "no_log", "SR 6.1, SR 6.2", _missing(7, lambda s: (f for f in s.out if (f.link.protocol, f.link.port) in LOGS))),
    Rule("FR7", 0, "pressed", "SR 7.1, SR 7.2", _pressed),
    Rule("FR7", 1, "clear_backups", "SR 7.3", _flows(_clear_backups)),
    Rule("FR7", 1, "no_clock", "SR 2.11", _missing(14, lambda s: (f for f in (*s.out, *s.inner) if f.link.protocol in {"ntp", "ptp"}))),
    Rule("FR7", 1, "nobody_knows", "SR 7.8", _nobody_knows),
)  # fmt: skip
