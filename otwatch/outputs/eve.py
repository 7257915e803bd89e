"""Alerts as lines for a SOC: Suricata's EVE, or the Elastic Common Schema. One JSON object a line, whatever devices say.

EVE has exactly the fields of Suricata's published schema (etc/schema.json), which allows no others: what it has no place for (techniques
of ATT&CK, requirements of IEC 62443-3-3, our ids and zones) stands in `alert.metadata.tag` as "name:value". `gid` marks otwatch, and
`signature_id` is made from the detection's id, so that it never changes.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, NamedTuple

from otwatch import __version__
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import SEVERITIES
from otwatch.results import AlertRow, AssetRow, LinkRow, Results
from otwatch.results.findings import finding, identity
from otwatch.results.places import bare

GID = 6274
"""Generator of these alerts. Suricata's own have 1 (signatures), 2 to 10 (decoders and the like)."""
SIDS = 1_000_000_000
"""The first of the signature ids, of which there are as many."""
PRIORITIES = (4, 3, 3, 2, 1)
"""Suricata's priorities (1 is the most serious) of our severities, "info" first."""
ECS_VERSION = "8.11.0"
ECS_SEVERITIES = (21, 21, 47, 73, 99)
"""`event.severity` as Elastic's own rules give it: low, medium, high, critical."""
OBSERVER = {"vendor": "otwatch", "product": "otwatch", "type": "ids", "version": __version__}
FRAMEWORK = "MITRE ATT&CK"
TRANSPORTS = frozenset({"tcp", "udp", "icmp"})
"""What stands in the place of a protocol where only tries were seen."""


class Scene(NamedTuple):
    """Where alerts happened: assets by key, links by their two ends; and names of techniques by id."""

    assets: Mapping[str, AssetRow]
    links: Mapping[tuple[str, str], tuple[LinkRow, ...]]
    techniques: Mapping[str, str]

    @classmethod
    def of(cls, results: Results, techniques: Mapping[str, str]) -> "Scene":
        links: dict[tuple[str, str], tuple[LinkRow, ...]] = {}
        for row in results.links:
            links[row.client, row.server] = (*links.get((row.client, row.server), ()), row)
        return cls({row.key: row for row in results.assets}, links, techniques)

    def address(self, key: str) -> str:
        """The IP address of an asset, or of the gateway it stands behind; "" where it has none."""
        asset = self.assets.get(key)
        hosts = [bare(one).partition("/")[0] for one in (key, asset.parent if asset else "")]
        candidates = (hosts[0], asset.address if asset else "", hosts[1])
        return next(filter(_is_ip, candidates), "")

    def link(self, alert: AlertRow) -> LinkRow | None:
        """The link that an alert is about; None where it is about several, or none."""
        ways = [row for row in self.links.get((alert.client, alert.server), ()) if row.protocol == alert.protocol]
        return ways[0] if len({(row.transport, row.port) for row in ways}) == 1 else None


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class Line(NamedTuple):
    """A line without its end, the id of what it tells, since when that is so, and how serious it is: what rises is told once more."""

    id: str
    text: str
    time_ns: int = 0
    level: int = 0

    @classmethod
    def of(cls, known: str, body: Mapping[str, Any], time_ns: int, level: int = 0) -> "Line":
        import msgspec

        return cls(known, msgspec.json.encode(guarded(body)).decode(), time_ns, level)


STORY = ("chain", "chain_id", "via")
"""Facts by which findings belong together: the chain they are steps of, and the zones that somebody acted from."""

Form = Callable[[AlertRow, str, Scene], dict[str, Any]]


def lines(alerts: Iterable[AlertRow], scene: Scene, form: Form) -> list[Line]:
    """A line for each alert, in the order of time."""
    found: list[Line] = []
    times: dict[str, int] = {}
    for alert in sorted(alerts, key=lambda alert: (alert.first_ns, alert.number)):
        base = identity(finding(alert), alert.first_ns)
        times[base] = times.get(base, 0) + 1
        known = base if times[base] == 1 else f"{base}-{times[base]}"
        found.append(Line.of(known, form(alert, known, scene), alert.first_ns, alert.severity))
    return found


def guarded(value: Any) -> Any:
    """The last guard: no character of any text acts, or ends a line (outputs/visible.py)."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {key: guarded(one) for key, one in value.items()}
    return [guarded(one) for one in value] if isinstance(value, list) else value


def signature_id(detection: str) -> int:
    return SIDS + int.from_bytes(sha256(detection.encode()).digest()[:4]) % SIDS


# -- EVE ----------------------------------------------------------------------------------------------------------------------------------


def eve(alert: AlertRow, known: str, scene: Scene) -> dict[str, Any]:
    """Suricata's alert event. `flow_id` is the same for all alerts between two ends over one protocol."""
    link = scene.link(alert)
    source, target = scene.address(alert.client), scene.address(alert.server)
    proto = link.transport if link is not None else alert.protocol if alert.protocol in TRANSPORTS else ""
    event: dict[str, Any] = {
        "timestamp": moment(alert.first_ns, "+0000"), "flow_id": flow_id(alert.client, alert.server, alert.protocol), "event_type": "alert",
        "src_ip": source, "dest_ip": target, "proto": proto.upper(), "dest_port": link.port if link is not None else 0,
        "pcap_cnt": alert.frames[0].number if alert.frames else 0, "app_proto": "" if alert.protocol in TRANSPORTS else alert.protocol,
    }  # fmt: skip
    event = {name: value for name, value in event.items() if value}
    return event | {"alert": _signature(alert, known)}


def flow_id(client: str, server: str, protocol: str) -> int:
    return int(identity(client, server, protocol)[:12], 16)


def _signature(alert: AlertRow, known: str) -> dict[str, Any]:
    return {
        "action": "allowed", "gid": GID, "signature_id": signature_id(alert.detection), "rev": 1,
        "signature": f"otwatch {alert.detection}: {alert.title.get('en', '')}", "category": alert.detection.partition(".")[0],
        "severity": PRIORITIES[alert.severity],
        "metadata": {
            "signature_severity": [SEVERITIES[alert.severity]], **({"attack_target": [alert.server]} if alert.server else {}),
            "created_at": [_day(alert.first_ns)], "updated_at": [_day(alert.last_ns)], "tag": _tags(alert, known),
        },
    }  # fmt: skip


def _tags(alert: AlertRow, known: str) -> list[str]:
    said = (
        ("otwatch_id", (known,)), ("otwatch_finding", (finding(alert),)), ("otwatch_detection", (alert.detection,)),
        ("otwatch_variant", (alert.variant,)),
        ("otwatch_status", (alert.status,)), *_decided(alert),
        ("otwatch_times", (str(alert.times),)), ("otwatch_also", alert.also),
        *((f"otwatch_{name}", (alert.facts.get(name, ""),)) for name in STORY),
        ("mitre_ics_technique", alert.techniques), ("mitre_ics_technique_before_v19", alert.was), ("iec_62443_3_3", alert.requirements),
        ("capture", (alert.frames[0].capture if alert.frames else "",)),
        ("client_zone", (alert.client_zone,)), ("server_zone", (alert.server_zone,)), ("client", (alert.client,)),
        ("sentence", (alert.sentence.get("en", ""),)),
    )  # fmt: skip
    return [f"{name}:{value}" for name, values in said for value in values if value]


def _decided(alert: AlertRow) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who decided about it, until when and why."""
    made = alert.decision
    if made is None:
        return ()
    until = "" if made.until_ns is None else moment(made.until_ns, "Z")
    return ("otwatch_decided_by", (made.author,)), ("otwatch_decided_until", (until,)), ("otwatch_decided_because", (made.reason,))


def moment(time_ns: int, zone: str) -> str:
    return f"{datetime.fromtimestamp(time_ns // 1_000_000_000, UTC):%Y-%m-%dT%H:%M:%S}.{time_ns % 1_000_000_000 // 1000:06}{zone}"


def _day(time_ns: int) -> str:
    return moment(time_ns, "")[:10].replace("-", "_")


# -- ECS ----------------------------------------------------------------------------------------------------------------------------------


def ecs(alert: AlertRow, known: str, scene: Scene) -> dict[str, Any]:
    """The same in the Elastic Common Schema (8.11), as nested objects."""
    link = scene.link(alert)
    network = {"protocol": alert.protocol.lower()} if alert.protocol else {}
    if link is not None:
        network |= {"transport": link.transport}
    event: dict[str, Any] = {
        "@timestamp": moment(alert.first_ns, "Z"), "ecs": {"version": ECS_VERSION}, "message": alert.sentence.get("en", ""),
        "event": {
            "kind": "alert", "category": ["network", "intrusion_detection"], "type": ["info"], "module": "otwatch",
            "dataset": "otwatch.alert", "id": known, "code": alert.detection, "severity": ECS_SEVERITIES[alert.severity],
            "start": moment(alert.first_ns, "Z"), "end": moment(alert.last_ns, "Z"),
        },
        "rule": {"id": alert.detection, "name": alert.title.get("en", ""), "ruleset": "otwatch", "version": __version__},
        "observer": OBSERVER,
        "source": end(alert.client, scene), "network": network, "threat": _threat(alert, scene),
        "labels": {
            "client_zone": alert.client_zone, "server_zone": alert.server_zone, "status": alert.status, "finding": finding(alert),
        } | {name: alert.facts[name] for name in STORY if name in alert.facts},
        "tags": [f"iec_62443_3_3:{one}" for one in alert.requirements],
    }  # fmt: skip
    if alert.server:
        event["destination"] = end(alert.server, scene) | ({"port": link.port} if link is not None and link.port else {})
    return event


def end(key: str, scene: Scene) -> dict[str, str]:
    address = scene.address(key)
    return {"address": key} | ({"ip": address} if address else {})


def _threat(alert: AlertRow, scene: Scene) -> dict[str, Any]:
    """A sub-technique stands below its technique, as ECS has it."""
    plain, below = ([one for one in alert.techniques if ("." in one) is sub] for sub in (False, True))
    above = [*plain, *(one.partition(".")[0] for one in below)]
    return {
        "framework": FRAMEWORK,
        "technique": {
            "id": above, "name": [scene.techniques.get(one, one) for one in above],
            "subtechnique": {"id": below, "name": [scene.techniques.get(one, one) for one in below]},
        },
    }  # fmt: skip
