"""What all equipment relies on: who owns an address, the clock, the ways of BACnet (detections.md, group 5)."""

from collections.abc import Hashable, Iterator, Mapping

from otwatch.alerts.detections.operations import operation, result, seen
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.severity import nature
from otwatch.alerts.windows import Seen
from otwatch.events import Binding, Request, Verb
from otwatch.sightings import Outcome, Sighting

_CLOCKS = frozenset({"supervision", "engineering", "time", "time_ntp", "ot_services"})
_SETTERS = frozenset({"supervision", "engineering"})
_UNSURE = 0.6
_BBMD = {
    "Write-Broadcast-Distribution-Table": "write_bdt", "Register-Foreign-Device": "register",
    "Delete-Foreign-Device-Table-Entry": "delete",
}  # fmt: skip
_ROUTING = {
    "Initialize-Routing-Table": "order", "Establish-Connection-To-Network": "order", "Disconnect-Connection-To-Network": "order",
    "I-Could-Be-Router-To-Network": "new_network",
}  # fmt: skip
_SHOWN = 3


def _contested(sighting: Sighting, site: Site) -> Mapping[Hashable, Seen] | None:
    crossing = site.windows.crossed("arp_owners")
    return crossing.things if crossing is not None and isinstance(sighting.event, Binding) else None


def _is_intruder(owner: Seen) -> bool:
    """Whether a MAC that claims an address owned another one already, and claimed this one again and again."""
    return not owner.failed


def _owners(sighting: Sighting, site: Site, things: Mapping[Hashable, Seen], variant: str) -> Evidence:
    assert isinstance(sighting.event, Binding)
    macs = sorted(str(mac) for mac in things)
    facts = {"macs": ", ".join(macs[:_SHOWN]) + (f" (+{len(macs) - _SHOWN})" if len(macs) > _SHOWN else "")}
    found = seen(sighting, site, variant, sighting.event.key, facts)
    frames = tuple(dict.fromkeys((*(owner.frame for owner in things.values()), sighting.frame)))
    return found._replace(client=sighting.event.key, server=sighting.event.key, protocol="arp", frames=frames)


def _duplicate(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    things = _contested(sighting, site)
    if things is not None and not any(map(_is_intruder, things.values())):
        yield _owners(sighting, site, things, "ip")


def _spoofed(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    things = _contested(sighting, site)
    least = site.windows.thresholds.arp_claims
    if things is not None and any(_is_intruder(owner) and owner.times >= least for owner in things.values()):
        yield _owners(sighting, site, things, "suspected")


def _clock(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request) or request.verb is not Verb.TIME:
        return
    client, server = site.ends(sighting)
    if site.gives_time(client) or site.expected_writer(request, client, server, sighting.first_ns) is not None:
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
    request = sighting.event
    variant = _ROUTING.get(request.operation, "") if isinstance(request, Request) else ""
    if not variant or not isinstance(request, Request):
        return
    client, server = site.ends(sighting)
    if site.expected_writer(request, client, server, sighting.first_ns) is None:
        yield operation(sighting, site, "refused" if result(sighting) == "failure" else variant, request.operation)


_CRITICAL, _HIGH, _MEDIUM, _LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW

INFRASTRUCTURE = (
    Detection(
        id="integ.arp.spoof",
        watches=(Binding,),
        severity={"suspected": _HIGH},
        techniques=("T0830",),
        requirements=("SR 3.1", "SR 1.2"),
        title={"en": "Somebody answers for the address of another", "fr": "Quelqu'un répond à la place d'un autre"},
        sentence={
            "en": "Several network cards claim the address of {server} within a minute ({macs}); one of them owns another address too.",
            "fr": "Plusieurs cartes réseau revendiquent l'adresse de {server} en une minute ({macs}) ; l'une en possède aussi une autre.",
        },
        expected={
            "en": "An address belongs to one network card; only so does traffic reach whom it is meant for.",
            "fr": "Une adresse appartient à une seule carte réseau ; le trafic n'arrive qu'ainsi à son destinataire.",
        },
        harmless_when={
            "en": "A redundant pair hands its shared address over, or a router answers for its hosts (proxy ARP).",
            "fr": "Un couple redondant bascule son adresse partagée, ou un routeur répond pour ses hôtes (proxy ARP).",
        },
        next_step={
            "en": "Find the card on the switches by its MAC, unplug it, and treat what passed through it as read and changed.",
            "fr": "Trouver la carte sur les commutateurs par son adresse MAC, la débrancher, et considérer ce qui y est passé comme lu et "
            "modifiable.",
        },
        judge=_spoofed,
        terms=(Term(at_least=_HIGH),),
        excusable=False,
    ),
    Detection(
        id="integ.dup.ip",
        watches=(Binding,),
        severity={"ip": _MEDIUM},
        techniques=("T0830", "T0814"),
        requirements=("SR 7.8", "SR 1.2"),
        title={"en": "Two devices with the same IP address", "fr": "Deux équipements avec la même adresse IP"},
        sentence={
            "en": "Several network cards claim the address of {server} within a minute: {macs}.",
            "fr": "Plusieurs cartes réseau revendiquent l'adresse de {server} en une minute : {macs}.",
        },
        expected={
            "en": "An address belongs to one network card.",
            "fr": "Une adresse appartient à une seule carte réseau.",
        },
        harmless_when={
            "en": "A device was just replaced by another one that has its address.",
            "fr": "Un équipement vient d'être remplacé par un autre qui a repris son adresse.",
        },
        next_step={
            "en": "Find both devices on the switches by their MAC, and give one of them another address.",
            "fr": "Trouver les deux équipements sur les commutateurs par leur adresse MAC, et changer l'adresse de l'un d'eux.",
        },
        judge=_duplicate,
        terms=(Term(at_least=_HIGH, criticality=frozenset({"C3", "C4"})),),
    ),
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
            "en": "Clocks follow the declared sources of time, or the supervision of the equipment.",
            "fr": "Les horloges suivent les sources de temps déclarées, ou la supervision de l'équipement.",
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
        severity={"order": _HIGH, "new_network": _LOW, "refused": _LOW},
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
