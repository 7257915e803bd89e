"""Results as the chain would give them for a small hospital, made by hand."""

from otwatch.results import AlertRow, AssetRow, AttributeRow, CaptureRow, LinkRow, ProtocolRow, Results, ZoneRow
from otwatch.sightings import Frame

BEGIN_NS = 1_791_878_400_000_000_000
"""2026-10-13 10:00:00 in Paris, 08:00:00 UTC."""
SECOND = 1_000_000_000
FRAME = Frame("pcaps/hospital.pcapng", 412)


def asset(key: str, label: str = "", zone: str = "", **fields: object) -> AssetRow:
    plain = AssetRow(
        key=key, label=label, kind="host", parent="", address=key, macs=("00:80:f4:21:02:10",), vlan=-1, vendor="", product="", firmware="",
        serial="", name="", roles=(), services=(), zone=zone, zone_rule="10.22.1.0/24", criticality="C2", first_ns=BEGIN_NS,
        last_ns=BEGIN_NS + 240 * SECOND, packets=12, frame=FRAME,
    )  # fmt: skip
    return plain._replace(**fields)  # type: ignore[arg-type]  # the fields are the caller's


def link(client: str, server: str, client_zone: str, server_zone: str, **fields: object) -> LinkRow:
    plain = LinkRow(
        client=client, server=server, transport="tcp", port=502, protocol="modbus", role="syn", state="established",
        client_zone=client_zone, server_zone=server_zone, verdict="allowed", rule="c03", reasons=(), packets=240, bytes_sent=9_000,
        bytes_received=11_000,
        verbs={"READ": 120, "WRITE": 2}, writes=2, errors=0, first_ns=BEGIN_NS, last_ns=BEGIN_NS + SECOND, frame=FRAME,
    )  # fmt: skip
    return plain._replace(**fields)  # type: ignore[arg-type]  # the fields are the caller's


def alert(number: int, severity: int, **fields: object) -> AlertRow:
    plain = AlertRow(
        number=number, detection="modbus.write.unexpected", variant="success", severity=severity, confidence=0.9,
        trace=("base:success +3", "source:office_it +1", "another_term =4"),
        client="10.10.5.20", server="10.22.8.20", client_zone="bureautique", server_zone="cvc",
        protocol="modbus", times=1, first_ns=BEGIN_NS + 100 * SECOND, last_ns=BEGIN_NS + 100 * SECOND, frames=(FRAME,),
        answers=(Frame("pcaps/hospital.pcapng", 413),), filter="modbus && frame.number in {412}", facts={"point": "holding-register 4001"},
        also=("zone.flow.forbidden",), status="new", title={"en": "Unexpected write", "fr": "Écriture inattendue"},
        sentence={"en": "An office PC wrote 30 to a setpoint.", "fr": "Un poste bureautique a écrit 30 dans une consigne."},
        expected={"en": "Only supervision writes here.", "fr": "Seule la supervision écrit ici."},
        harmless_when={"en": "A new supervision server was put into service.", "fr": "Un nouveau serveur a été mis en service."},
        next_step={"en": "Ask who uses this PC.", "fr": "Demandez qui utilise ce poste."}, techniques=("T1692.001",), was=("T0855",),
        requirements=("SR 2.1",),
    )  # fmt: skip
    return plain._replace(**fields)  # type: ignore[arg-type]  # the fields are the caller's


def zone(zone_id: str, en: str, fr: str, kind: str, criticality: str) -> ZoneRow:
    return ZoneRow(zone_id, {"en": en, "fr": fr}, kind, 1.0, criticality, 1, False, 1.0, ())


HOSPITAL = Results(
    site="CH de Valmont",
    captures=(CaptureRow("pcaps/hospital.pcapng", "pcapng", (1,), 238_892, 2_078, BEGIN_NS, BEGIN_NS + 250 * SECOND, ""),),
    protocols=(
        ProtocolRow("modbus", "Modbus/TCP", 900, 70_000, 640, 322, 318, 2, 4, 1, 12, 60, True),
        ProtocolRow("rdp", "", 30, 3_000, 0, 0, 0, 0, 0, 0, 0, 0, False),
    ),
    assets=(
        asset("10.20.1.12", "gte", "supervision", roles=(("supervision", "polls-many 6"),)),
        asset("10.22.8.20", "API-CVC", "cvc", vendor="Schneider Electric", product="schneider electric M340", roles=(("controller", ""),)),
        asset("10.21.2.10/unit 2", "unit 2", "bt", kind="modbus-unit", parent="10.21.2.10", address="10.21.2.10"),
        asset("10.10.5.20", "10.10.5.20", "bureautique"),
        asset("224.0.0.1", "224.0.0.1", "", kind="group"),
    ),
    attributes=(AttributeRow("10.22.8.20", "vendor", "Schneider Electric", "modbus 43/14", "self", True, FRAME, BEGIN_NS, BEGIN_NS),),
    links=(
        link("10.20.1.12", "10.22.8.20", "supervision", "cvc"),
        link("10.10.5.20", "10.22.8.20", "bureautique", "cvc", verdict="forbidden", rule="d03", verbs={"WRITE": 1}, reasons=("never",)),
    ),
    zones=(
        zone("bureautique", "Office", "Bureautique", "office_it", "C1"),
        zone("supervision", "Supervision", "Supervision", "supervision", "C3"),
        zone("cvc", "General HVAC", "CVC général", "hvac_general", "C2"),
        zone("bt", "Low voltage", "TGBT, BT", "electrical_lv", "C4"),
    ),
    alerts=(alert(1, 4), alert(2, 3, title={"en": "Scan", "fr": "Balayage"}, times=40)),
    notes={"statements forgotten": 3, "frames: unknown link type": 0},
    timezone="Europe/Paris",
    language="fr",
)
EMPTY = Results("", (), (), (), (), (), (), (), {})
