"""A record of a large hospital, made up: 500 assets in 24 zones, 2,000 conversations, 120 findings. Always the same."""

from random import Random

from otwatch.results import AlertRow, AssetRow, LinkRow, Results, ZoneRow
from otwatch.zones.policy.kinds import KINDS
from tests.outputs.samples import BEGIN_NS, HOSPITAL, SECOND, alert, asset, link

ASSETS, LINKS, ALERTS = 500, 2_000, 120
_KINDS = (
    "office_it", "hospital_is", "biomedical", "third_party", "remote_maintenance", "dmz_itot", "supervision", "historian",
    "operator_clients", "engineering", "time_ntp", "ot_services", "ot_backbone", "electrical_hv", "electrical_lv", "generators", "ups",
    "hvac_critical", "hvac_general", "water", "medical_gases", "access_control", "cctv", "serial_field",
)  # fmt: skip
_HIGH = _KINDS[:13]
_PROTOCOLS = (("modbus", 502), ("bacnet", 47808), ("enip", 44818), ("http", 80), ("snmp", 161))
_MADE = (("Schneider Electric", "M340"), ("Siemens", "PXC36-E.D"), ("Sauter", "EY-AS525"), ("Axis", "P3245"), ("APC", "SURT10000"))


def large() -> Results:
    chance = Random(500)  # a made-up hospital, no secret
    zones = tuple(_zone(kind) for kind in _KINDS)
    assets = tuple(_asset(number, chance) for number in range(ASSETS))
    links = tuple(_link(number, assets, chance) for number in range(LINKS))
    alerts = tuple(sorted((_alert(links[at * 7], chance) for at in range(ALERTS)), key=lambda row: -row.severity))
    numbered = tuple(row._replace(number=at) for at, row in enumerate(alerts, 1))
    return HOSPITAL._replace(zones=zones, assets=assets, links=links, alerts=numbered, attributes=())


def _zone(kind: str) -> ZoneRow:
    given = KINDS[kind]
    return ZoneRow(kind, {"en": given.en, "fr": given.fr}, kind, given.level, given.criticality, ASSETS // len(_KINDS), False, 1.0, ())


def _asset(number: int, chance: Random) -> AssetRow:
    zone = _KINDS[number % len(_KINDS)]
    made = chance.choice(_MADE)
    key = f"10.{20 + number % len(_KINDS)}.{number // 100}.{10 + number // len(_KINDS)}"
    said: dict[str, object] = {"vendor": made[0], "product": made[1], "services": ("tcp/502 modbus",)}
    return asset(key, f"{zone}-{number:03}", zone, criticality=KINDS[zone].criticality, **said)


def _link(number: int, assets: tuple[AssetRow, ...], chance: Random) -> LinkRow:
    """From few zones to many, as in a plant; most of it allowed."""
    client, server = chance.choice(assets), chance.choice(assets)
    while client.zone not in _HIGH or server.zone == client.zone or (_KINDS.index(client.zone) * 7 + _KINDS.index(server.zone)) % 6:
        client, server = chance.choice(assets), chance.choice(assets)
    protocol, port = _PROTOCOLS[number % len(_PROTOCOLS)]
    pair = _KINDS.index(client.zone) * 31 + _KINDS.index(server.zone)
    verdict = {0: "forbidden", 1: "violation", 2: "undeclared"}.get(pair % 17, "allowed")
    writes = chance.choice((0, 0, 3))
    return link(
        client.key, server.key, client.zone, server.zone, protocol=protocol, port=port, verdict=verdict, packets=10 + number, writes=writes,
        bytes_sent=chance.randrange(10 ** (3 + pair % 4)), verbs={"READ": 100} | ({"WRITE": writes} if writes else {}),
    )  # fmt: skip


def _alert(way: LinkRow, chance: Random) -> AlertRow:
    at_ns = BEGIN_NS + chance.randrange(250) * SECOND
    ends = {"client": way.client, "server": way.server, "client_zone": way.client_zone, "server_zone": way.server_zone}
    return alert(1, chance.choice((4, 3, 3, 2, 2, 2, 1, 0)), first_ns=at_ns, last_ns=at_ns, **ends)
