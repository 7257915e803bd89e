"""Judging questions that draw a map: what many devices are, what they hold, which of their doors open (detections.md, group 4).

One device asked what it is says nothing: every tool and every supervision begins so. Many devices, many protocols on one device, or
places and objects tried one after the other are what a scanner does. Who turns out to be supervision or engineering may ask all that.
"""

from collections.abc import Iterator
from functools import partial

from otwatch.alerts.detections.operations import floor_if, operation
from otwatch.alerts.detections.sweeps import STRANGERS, Things, addresses, evidence_of, is_expected_asker
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term, no_event
from otwatch.alerts.questions import asks_catalogue
from otwatch.alerts.severity import nature
from otwatch.events import Answer, Request
from otwatch.sightings import Outcome, Sighting, Tally

_GATEWAYS = frozenset({"gateway", "router"})
_LISTS, _DESCRIPTIONS = "bacnet_lists", "bacnet_described"
_ON_ONE = {"s7_places": "places", "cip_missing": "objects", "snmp_objects": "walk", "pages": "pages"}
"""Counters of what is tried on one device, and what that is called."""
_PAGES = "pages"


# -- BACnet -----------------------------------------------------------------------------------------------------------------------------


def _contents(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request):
        return
    _, server = site.ends(sighting)
    for counter, told in ((_LISTS, _list_facts), (_DESCRIPTIONS, _description_facts)):
        crossing = site.windows.crossed(counter)
        if crossing is not None:
            found = evidence_of(sighting, site, crossing, "enumeration", told)
            vital = site.criticality(server) == "C4"
            yield found._replace(server="", floor=floor_if(vital, Severity.HIGH))
            return


def _list_facts(things: Things) -> dict[str, str]:
    """Things are devices."""
    return {"held": "lists", "count": str(len(things)), "targets": addresses(things)}


def _description_facts(things: Things) -> dict[str, str]:
    """Things are (device, type, instance, property)."""
    devices = {thing[0] for thing in things if isinstance(thing, tuple)}
    return {"held": "descriptions", "count": str(len(things)), "targets": addresses(devices)}


def _is_strange(evidence: Evidence, site: Site) -> bool:
    return not is_expected_asker(evidence.client, site) and not nature(evidence.client, site) & _GATEWAYS


# -- controllers and agents -------------------------------------------------------------------------------------------------------------


def has_reason(event: Request | Answer) -> bool:
    """Whether the question alone is a scanner's: the names of all variables, or its own name in it."""
    return isinstance(event, Request) and (asks_catalogue(event) or _signed(event))


def _signed(request: Request) -> bool:
    """EtherNet/IP has a detection of its own for that."""
    return request.protocol == "fox" and any(name == "signature" for name, _ in request.details)


def _fingerprint(item: Sighting | Tally, site: Site) -> Iterator[Evidence]:
    if isinstance(item, Tally):
        yield from _protocols(item, site)
        yield from _odd(item, site)
        return
    yield from _odd(item, site)
    crossing = site.windows.crossed("identities")
    if crossing is not None:
        yield evidence_of(item, site, crossing, "multi", _identity_facts)._replace(server="", subkey="identities")
    for counter, probe in _ON_ONE.items():
        crossing = site.windows.crossed(counter)
        if crossing is not None:
            told = partial(_counted, site.ends(item)[1])
            variant = "multi" if counter == _PAGES else "single"
            yield evidence_of(item, site, crossing, variant, told)._replace(subkey=probe, facts={"probe": probe})
    request = item.event
    if isinstance(request, Request) and item.outcome is not Outcome.ERROR and has_reason(request):
        variant, probe = ("tool_signature", "signature") if _signed(request) else ("single", "catalogue")
        yield operation(item, site, variant, probe, probe=probe, targets=site.ends(item)[1])


def _protocols(tally: Tally, site: Site) -> Iterator[Evidence]:
    crossing = site.windows.crossed("protocols")
    if crossing is None:
        return
    talk = tally.conversation
    facts = {"probe": "protocols", "targets": f"{talk.server} ({', '.join(sorted(map(str, crossing.things)))})"}
    yield Evidence(
        "multi", talk.client, talk.server, "tcp", crossing.first_ns, crossing.last_ns, crossing.frames, subkey="protocols", facts=facts,
        times=crossing.times, transport=talk.transport,
    )  # fmt: skip


def _odd(item: Sighting | Tally, site: Site) -> Iterator[Evidence]:
    crossing = site.windows.crossed("odd")
    if crossing is None:
        return
    talk = item.conversation
    facts = {"probe": "system", "targets": f"{talk.server} ({', '.join(sorted(map(str, crossing.things)))})"}
    yield Evidence(
        "tool_signature", talk.client, talk.server, talk.transport, crossing.first_ns, crossing.last_ns, crossing.frames, subkey="system",
        facts=facts, times=crossing.times, transport=talk.transport,
    )  # fmt: skip


def _identity_facts(things: Things) -> dict[str, str]:
    return {"probe": "identities", "targets": addresses(things)}


def _counted(server: str, things: Things) -> dict[str, str]:
    return {"targets": f"{server} ({len(things)})"}


_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

PROBING = (
    Detection(
        id="recon.bacnet.enumeration",
        watches=(Request,),
        severity={"enumeration": _LOW},
        techniques=("T0861", "T0888", "T0802"),
        requirements=("SR 6.2", "SR 4.1"),
        title={"en": "Contents of BACnet devices read out", "fr": "Contenu d'équipements BACnet relevé"},
        sentence={
            "en": "{client} read what BACnet devices hold: {count} {held} ({targets}).",
            "fr": "{client} a relevé le contenu d'équipements BACnet : {count} {held} ({targets}).",
        },
        expected={
            "en": "Only supervision, gateways and engineering read what a device holds, when they are set up or restarted.",
            "fr": "Seuls la supervision, les passerelles et l'ingénierie relèvent le contenu des équipements, à leur mise en service ou "
            "au redémarrage.",
        },
        harmless_when={
            "en": "A supervision discovers its devices anew after a change, or the yearly audit of the system is going on.",
            "fr": "Une supervision redécouvre ses équipements après une modification, ou l'audit annuel de l'installation est en cours.",
        },
        next_step={
            "en": "Treat it as preparation of a write unless the supervisor or integrator explains it; watch the same origin for 48 hours.",
            "fr": "Considérer comme la préparation d'une écriture sauf explication du superviseur ou de l'intégrateur ; surveiller "
            "l'origine 48 heures.",
        },
        judge=_contents,
        concerns=no_event,
        counters=frozenset({_LISTS, _DESCRIPTIONS}),
        protocols=frozenset({"bacnet"}),
        stands=_is_strange,
        terms=(Term(at_least=_HIGH, client_of=STRANGERS),),
    ),
    Detection(
        id="recon.plc.fingerprint",
        watches=(Request, Answer, Tally),
        severity={"single": _LOW, "multi": _MEDIUM, "tool_signature": _MEDIUM},
        techniques=("T0888", "T0846", "T0868"),
        requirements=("SR 6.2",),
        title={"en": "Controllers explored", "fr": "Automates explorés"},
        sentence={
            "en": "{client} {probe}: {targets}.",
            "fr": "{client} {probe} : {targets}.",
        },
        expected={
            "en": "Supervision and engineering know their controllers; nobody else asks around.",
            "fr": "La supervision et l'ingénierie connaissent leurs automates ; personne d'autre ne les explore.",
        },
        harmless_when={
            "en": "It is the declared inventory tool, a new supervision connects for the first time, or network management walks switches.",
            "fr": "C'est l'outil d'inventaire déclaré, une nouvelle supervision se connecte pour la première fois, ou la gestion de réseau "
            "parcourt les commutateurs.",
        },
        next_step={
            "en": "List what the source learned, isolate it if unexplained, and check exposed passwords of the probed devices first.",
            "fr": "Lister ce que la source a appris, l'isoler si rien ne l'explique, et vérifier d'abord les mots de passe des équipements "
            "sondés.",
        },
        judge=_fingerprint,
        concerns=has_reason,
        counters=frozenset({"identities", "protocols", "odd", *_ON_ONE}),
        stands=_is_strange,
        terms=(
            Term(at_least=_HIGH, client_of=STRANGERS),
            Term(at_least=_HIGH, variants=frozenset({"multi", "tool_signature"}), criticality=frozenset({"C4"})),
        ),
    ),
)
