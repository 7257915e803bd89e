"""What all equipment relies on: the clock, the ways of BACnet (detections.md, group 5)."""

from collections.abc import Iterator

from otwatch.alerts.detections.operations import is_declared, operation
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.severity import nature
from otwatch.events import Request, Verb
from otwatch.sightings import Outcome, Sighting

_CLOCKS = frozenset({"supervision", "engineering", "time", "time_ntp", "ot_services"})
_SETTERS = frozenset({"supervision", "engineering"})
_UNSURE = 0.6
_SET_BY_CLIENTS = frozenset({"iec104"})
"""Protocols in which the controlling station sets the clock of what it controls, at every start (IEC 60870-5-5 6.7)."""
_BBMD = {
    "Write-Broadcast-Distribution-Table": "write_bdt", "Register-Foreign-Device": "register",
    "Delete-Foreign-Device-Table-Entry": "delete",
}  # fmt: skip
_ROUTING = {
    "Initialize-Routing-Table": "order", "Establish-Connection-To-Network": "order", "Disconnect-Connection-To-Network": "order",
    "I-Could-Be-Router-To-Network": "new_network",
}  # fmt: skip


def _clock(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request) or request.verb is not Verb.TIME:
        return
    client, server = site.ends(sighting)
    if request.protocol in _SET_BY_CLIENTS and not site.declares_time():
        return
    if site.gives_time(client) or is_declared(sighting, request, site):
        return
    if site.expected_writer(request, client, server, sighting.first_ns) is not None:
        return
    found = operation(sighting, site, "failure" if sighting.outcome is Outcome.ERROR else "source", request.operation)
    yield found if nature(client, site) else found._replace(confidence=_UNSURE)


def _is_strange_clock(evidence: Evidence, site: Site) -> bool:
    """Without declared sources of time, stations that look after equipment set its clock."""
    return not nature(evidence.client, site) & _CLOCKS or site.declares_time()


def _broadcasts(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Registering is what supervision does every few minutes: only others are told, once the habits are known."""
    request = sighting.event
    variant = _BBMD.get(request.operation, "") if isinstance(request, Request) else ""
    if not variant or not isinstance(request, Request):
        return
    client, server = site.ends(sighting)
    if variant == "register" and (site.learning(sighting.first_ns) or nature(client, site) & _SETTERS):
        return
    if site.expected_writer(request, client, server, sighting.first_ns) is None:
        yield operation(sighting, site, "refused" if sighting.outcome is Outcome.ERROR else variant, request.operation)


def _routes(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """What a router refuses names a network and no question (Reject-Message-To-Network, 135-2020 6.4.4): an order is told as one."""
    request = sighting.event
    variant = _ROUTING.get(request.operation, "") if isinstance(request, Request) else ""
    if not variant or not isinstance(request, Request):
        return
    client, server = site.ends(sighting)
    if site.expected_writer(request, client, server, sighting.first_ns) is None:
        yield operation(sighting, site, variant, request.operation)


_CRITICAL, _HIGH, _MEDIUM, _LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW

INFRASTRUCTURE = (
    Detection(
        id="integ.time.command",
        watches=(Request,),
        verbs=frozenset({Verb.TIME}),
        severity={"source": _MEDIUM, "failure": _LOW},
        techniques=("T0836", "T1692.001"),
        requirements=("SR 2.11", "SR 2.1"),
        title={"en": "Clock of equipment set by an unexpected station", "fr": "Horloge d'un équipement réglée par un poste inattendu"},
        sentence={
            "en": "{client} set the clock of {server} ({operation}). {outcome}",
            "fr": "{client} a réglé l'horloge de {server} ({operation}). {outcome}",
        },
        expected={
            "en": "Clocks follow the declared sources of time, or a station to which a conduit allows it (TIME).",
            "fr": "Les horloges suivent les sources de temps déclarées, ou un poste auquel un conduit le permet (TIME).",
        },
        harmless_when={
            "en": "Somebody set the clock while putting the device into service, or when summer time began.",
            "fr": "Quelqu'un a mis l'équipement à l'heure lors de sa mise en service ou du changement d'heure.",
        },
        next_step={
            "en": "Compare the clock of the device with the right time; schedules, alarms and logs depend on it.",
            "fr": "Comparer l'horloge de l'équipement à l'heure exacte ; plannings, alarmes et journaux en dépendent.",
        },
        judge=_clock,
        stands=_is_strange_clock,
        terms=(Term(at_least=_HIGH, variants=frozenset({"source"}), criticality=frozenset({"C4"})),),
    ),
    Detection(
        id="integ.bacnet.bbmd",
        watches=(Request,),
        verbs=frozenset({Verb.ADMIN}),
        protocols=frozenset({"bacnet"}),
        severity={"write_bdt": _HIGH, "register": _MEDIUM, "delete": _MEDIUM, "refused": _LOW},
        techniques=("T0836", "T0830"),
        requirements=("SR 5.2", "SR 7.6"),
        title={"en": "BACnet broadcasts led elsewhere", "fr": "Diffusions BACnet redirigées"},
        sentence={
            "en": "{client} sent {operation} to {server}. {outcome}",
            "fr": "{client} a envoyé {operation} à {server}. {outcome}",
        },
        expected={
            "en": "Which networks get BACnet broadcasts is set once, when the network is built.",
            "fr": "Les réseaux qui reçoivent les diffusions BACnet sont fixés une fois, à la construction du réseau.",
        },
        harmless_when={
            "en": "The integrator is extending the network, or a remote station of the supervision registers.",
            "fr": "L'intégrateur étend le réseau, ou un poste distant de la supervision s'enregistre.",
        },
        next_step={
            "en": "Read the table of the device and compare it with the plan; remove what nobody knows.",
            "fr": "Lire la table de l'équipement et la comparer au plan ; retirer ce que personne ne connaît.",
        },
        judge=_broadcasts,
    ),
    Detection(
        id="integ.bacnet.routing",
        watches=(Request,),
        protocols=frozenset({"bacnet"}),
        severity={"order": _HIGH, "new_network": _LOW},
        techniques=("T0836", "T0830"),
        requirements=("SR 5.2", "SR 7.6"),
        title={"en": "Order to change BACnet routes", "fr": "Ordre de modifier les routes BACnet"},
        sentence={
            "en": "{client} sent {operation} to {server}. {outcome}",
            "fr": "{client} a envoyé {operation} à {server}. {outcome}",
        },
        expected={
            "en": "Routers know their networks; nobody changes their tables in operation.",
            "fr": "Les routeurs connaissent leurs réseaux ; personne ne modifie leurs tables en exploitation.",
        },
        harmless_when={
            "en": "A router is being put into service or replaced.",
            "fr": "Un routeur est en cours de mise en service ou de remplacement.",
        },
        next_step={
            "en": "Check that all controllers behind the router still answer, and compare its table with the plan.",
            "fr": "Vérifier que tous les contrôleurs derrière le routeur répondent encore, et comparer sa table au plan.",
        },
        judge=_routes,
        verbs=frozenset({Verb.ADMIN}),
    ),
)
