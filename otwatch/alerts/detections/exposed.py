"""Orders that nothing protects on their way from one zone to another (detections.md, group 8).

A line for each pair of zones, not for each packet or host. Through a conduit that a person declared only orders are told, and only where
one end is out of the technical services' hands: inside, no building automation signs what it sends, and a line for every conduit would
be noise in every hospital. What no conduit declares is told by the flow itself, which names this beside it.
"""

from collections.abc import Iterator

from otwatch.alerts.detections.flows import link_evidence
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term, ZoneView
from otwatch.alerts.severity import SURE
from otwatch.changes import LinkSeen
from otwatch.events import CHANGES

_EXPOSED = frozenset({"remote_maintenance", "third_party", "office_it", "hospital_is", "telephony", "wifi_guest", "internet"})
_TRUSTS = frozenset({"external", "untrusted"})
_OPEN = frozenset({"modbus", "modbus-rtu", "umas", "bacnet", "enip", "cip", "s7", "fox", "knx", "iec104", "mms", "xway", "dnp3"})
"""Protocols of equipment that sign and encrypt nothing; their protected forms have other names (protocols.md 14)."""


def _exposed(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    if link.protocol not in _OPEN or link.state != "established" or link.verb is None:
        return
    client, server = site.zone(link.client), site.zone(link.server)
    if client is None or server is None or client == server or not (_is_sure(client) and _is_sure(server)):
        return
    verdict = site.verdict(link)
    writes = link.verb in CHANGES
    if verdict.kind in {"undeclared", "forbidden"}:
        yield link_evidence(link, "write" if writes else "read", "", path=_path(client, server))
    elif verdict.kind == "allowed" and writes and (_is_exposed(client) or _is_exposed(server)) and not site.is_protected(verdict.conduit):
        path = _path(client, server)
        yield link_evidence(link, "declared", path, path=path)._replace(client="", server="", transport="", port=0)


def _is_sure(zone: ZoneView) -> bool:
    return bool(zone.id) and zone.confidence >= SURE


def _is_exposed(zone: ZoneView) -> bool:
    return zone.kind in _EXPOSED or zone.trust in _TRUSTS


def _path(client: ZoneView, server: ZoneView) -> str:
    return f"{client.id} → {server.id}"


EXPOSED = (
    Detection(
        id="clear.ics.unprotected",
        watches=(LinkSeen,),
        severity={"write": Severity.MEDIUM, "read": Severity.LOW, "declared": Severity.LOW},
        techniques=("T0842", "T0830", "T1692.001"),
        requirements=("SR 3.1", "SR 4.1", "SR 1.2"),
        title={"en": "Orders between zones that nothing protects", "fr": "Ordres entre zones sans aucune protection"},
        sentence={
            "en": "Between the zones {path}, {protocols} carries orders that are neither signed nor encrypted.",
            "fr": "Entre les zones {path}, {protocols} transporte des ordres ni signés ni chiffrés.",
        },
        expected={
            "en": "What crosses zones and changes equipment is protected, by the protocol or by a tunnel below it.",
            "fr": "Ce qui traverse les zones et modifie des équipements est protégé, par le protocole ou par un tunnel.",
        },
        harmless_when={
            "en": "A tunnel between two routers protects the path: write it into the conduit as protected_by.",
            "fr": "Un tunnel entre deux routeurs protège le trajet : l'indiquer dans le conduit avec protected_by.",
        },
        next_step={
            "en": "Tunnel the flow or move the client into the zone; ask the vendor for BACnet/SC, CIP Security or Modbus/TLS at the next "
            "renewal.",
            "fr": "Encapsuler le flux ou rapprocher le client ; demander BACnet/SC, CIP Security ou Modbus/TLS au prochain renouvellement.",
        },
        judge=_exposed,
        terms=(Term(at_least=Severity.HIGH, variants=frozenset({"write"}), criticality=frozenset({"C4"})),),
    ),
)
