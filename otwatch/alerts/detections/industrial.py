"""Writes and orders in the protocols of Siemens controllers, OPC UA, KNX and telecontrol, by somebody who is not expected to give them.

Who is expected is decided as in `writes`. What restarts, stops or programs a device has a detection of its own.
"""

from collections.abc import Iterator
from functools import partial

from otwatch.alerts.detections.operations import result
from otwatch.alerts.detections.writes import settled, stands, unexpected
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import CHANGES, Request, Verb
from otwatch.results import Texts
from otwatch.sightings import Sighting

_CHANGES_SPACE = frozenset({488, 494, 500, 506, 700})
"""OPC UA AddNodes, AddReferences, DeleteNodes, DeleteReferences, HistoryUpdate."""
_RESTARTS = frozenset({"Restart", "MasterReset"})
_GROUP_WRITE = "GroupValueWrite"
_MANAGES = frozenset({Verb.ADMIN, Verb.PROGRAM, Verb.CONTROL})


def _writes(protocol: str, sighting: Sighting, request: Request) -> str | None:
    return result(sighting) if request.protocol == protocol and request.verb is Verb.WRITE else None


def _orders(protocol: str, sighting: Sighting, request: Request) -> str | None:
    """Values, and what switches: in these protocols both are written."""
    is_order = request.protocol == protocol and (request.verb is Verb.WRITE or (request.verb is Verb.CONTROL and bool(request.points)))
    return result(sighting) if is_order else None


def _opcua(sighting: Sighting, request: Request) -> str | None:
    is_change = request.verb in {Verb.WRITE, Verb.CONTROL} or request.code in _CHANGES_SPACE
    return result(sighting) if request.protocol == "opcua" and is_change else None


def _knx(_: Sighting, request: Request) -> str | None:
    """Telegrams that a client hands to an interface, or that are routed; what an interface tells its clients is no order."""
    if request.protocol != "knx" or request.operation in _RESTARTS:
        return None
    if request.operation == _GROUP_WRITE:
        return "group_write" if request.verb is Verb.WRITE else None
    return "management" if request.verb in _MANAGES else None


def _knx_unexpected(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Routed telegrams come from many and go to everybody: no habit says who may, only the site file does."""
    request = sighting.event
    routed = isinstance(request, Request) and bool(request.origin) and request.operation == _GROUP_WRITE
    if not routed or site.declares_writers():
        yield from unexpected(_knx)(sighting, site)


_TECHNIQUES = ("T1692.001", "T0831", "T0836")
_RESULTS = {"success": Severity.HIGH, "unknown": Severity.MEDIUM, "failure": Severity.MEDIUM, "first": Severity.INFO}
_EXPECTED = {"en": "{basis}", "fr": "{basis}"}
_SENTENCE = {
    "en": "{client} sent {operation} to {server}{about}. {outcome}",
    "fr": "{client} a envoyé {operation} à {server}{about}. {outcome}",
}
_VITAL = Term(at_least=Severity.CRITICAL, variants=frozenset({"success", "unknown"}), criticality=frozenset({"C4"}))
_COMFORT = Term(at_most=Severity.MEDIUM, variants=frozenset({"success", "unknown"}), criticality=frozenset({"C1"}))


def _detection(name: str, title: Texts, harmless: Texts, step: Texts) -> Detection:
    """What all of them have in common; the judge is given below."""
    return Detection(
        id=name, watches=(Request,), severity=_RESULTS, techniques=_TECHNIQUES, requirements=("SR 2.1", "SR 1.2"), title=title,
        sentence=_SENTENCE, expected=_EXPECTED, harmless_when=harmless, next_step=step, judge=_knx_unexpected, verbs=CHANGES,
        stands=stands, settled=settled, terms=(_VITAL, _COMFORT),
    )  # fmt: skip


INDUSTRIAL = (
    _detection(
        "s7.write.unexpected",
        {"en": "Unexpected write to a Siemens controller", "fr": "Écriture inattendue dans un automate Siemens"},
        {
            "en": "An operator panel or an OPC server was put into service, or a meter wants a counter written before it is read.",
            "fr": "Un pupitre ou un serveur OPC vient d'être mis en service, ou un compteur demande une écriture avant lecture.",
        },
        {
            "en": "Compare the address with the symbol table, restore the value, and enable the access protection of the CPU.",
            "fr": "Comparer l'adresse à la table des mnémoniques, rétablir la valeur et activer la protection d'accès de l'UC.",
        },
    )._replace(judge=unexpected(partial(_writes, "s7")), protocols=frozenset({"s7"})),
    _detection(
        "opcua.write.unexpected",
        {
            "en": "Unexpected OPC UA write, method call or change of the address space",
            "fr": "Écriture, appel de méthode ou modification de l'espace d'adresses OPC UA inattendus",
        },
        {
            "en": "The supervision acknowledges alarms by a method, or a client writes its watchdog.",
            "fr": "La supervision acquitte des alarmes par une méthode, ou un client écrit son chien de garde.",
        },
        {
            "en": "Restrict the write permission of these nodes to the supervision account and require signed and encrypted channels.",
            "fr": "Réserver le droit d'écriture de ces nœuds au compte de supervision et imposer des canaux signés et chiffrés.",
        },
    )._replace(
        judge=unexpected(_opcua), protocols=frozenset({"opcua"}), requirements=("SR 2.1", "SR 3.1")
    ),
    _detection(
        "knx.write.unexpected",
        {
            "en": "Unexpected KNX telegram or management of KNX devices",
            "fr": "Télégramme KNX ou gestion d'équipements KNX inattendus",
        },
        {
            "en": "The integrator programs a push button, or a new visualisation was put into service.",
            "fr": "L'intégrateur programme un bouton-poussoir, ou une nouvelle visualisation vient d'être mise en service.",
        },
        {
            "en": "Find the client of the tunnel; if it is not the integrator's computer, close the KNX/IP interface to all but the "
            "supervision.",
            "fr": "Identifier le client du tunnel ; si ce n'est pas le PC de l'intégrateur, fermer l'interface KNX/IP à tout sauf à la "
            "supervision.",
        },
    )._replace(
        severity={"group_write": Severity.MEDIUM, "management": Severity.HIGH, "first": Severity.INFO},
        protocols=frozenset({"knx"}),
        terms=(Term(at_most=Severity.LOW, variants=frozenset({"group_write"}), criticality=frozenset({"C1"})),),
    ),
    _detection(
        "iec104.write.unexpected",
        {"en": "Unexpected telecontrol command (IEC 104)", "fr": "Télécommande inattendue (CEI 104)"},
        {
            "en": "The control room of the grid operator, or a spare one, took over; declare it.",
            "fr": "Le centre de conduite du distributeur, ou son secours, a pris la main ; le déclarer.",
        },
        {
            "en": "Check the position of the switching device on site, and let only the declared control room reach port 2404.",
            "fr": "Vérifier sur place la position de l'appareil de coupure, et n'ouvrir le port 2404 qu'au centre de conduite déclaré.",
        },
    )._replace(judge=unexpected(partial(_writes, "iec104")), protocols=frozenset({"iec104"})),
    _detection(
        "mms.write.unexpected",
        {
            "en": "Unexpected order or setting of a protection relay (IEC 61850)",
            "fr": "Ordre ou réglage inattendu d'un relais de protection (CEI 61850)",
        },
        {
            "en": "A protection engineer tests the relay, or the gateway of the substation was replaced.",
            "fr": "Un protectionniste essaie le relais, ou la passerelle du poste a été remplacée.",
        },
        {
            "en": "Check breakers and settings on the relay itself, and who may open associations with it.",
            "fr": "Vérifier disjoncteurs et réglages sur le relais lui-même, et qui peut ouvrir une association avec lui.",
        },
    )._replace(judge=unexpected(partial(_orders, "mms")), protocols=frozenset({"mms"})),
)  # fmt: skip
