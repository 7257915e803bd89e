"""Judging what comes all at once: orders in quick succession, errors, floods (detections.md, groups 2 and 5).

Habit excuses none of it by itself, but who polls a device and was the first to write there may set its outputs while the record is
young, and a point that was always set this often is set this often.
"""

from collections.abc import Iterator
from functools import partial

from otwatch.alerts.detections.flows import is_technical
from otwatch.alerts.detections.operations import LOSSY_CONFIDENCE, few, floor_if, operation
from otwatch.alerts.detections.sweeps import Things, evidence_of
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term, no_event
from otwatch.alerts.strain import ORDERS
from otwatch.alerts.tracks import SECOND, Crossing
from otwatch.events import Answer, Request
from otwatch.sightings import Sighting, Tally

_SHOWN = 5
_OPEN = "open"
_FLOODS = {"storm": "storm", "flood": "flood", "knocks": "knocks", _OPEN: "exhaustion", "kept": "exhaustion", "invented": "invented"}
"""Counters, and the variants they cross to."""
_OF_NOBODY = frozenset({"storm", "invented"})
"""Variants that hit no single host."""
RUSHED, FAILING, FLOODED = frozenset({"orders", "values"}), frozenset({"errors"}), frozenset(_FLOODS)


# -- orders -----------------------------------------------------------------------------------------------------------------------------


def rushed(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request) or request.verb not in ORDERS:
        return
    values, points = site.windows.crossed("values"), site.windows.crossed("orders")
    if values is not None and not _is_usual(sighting, request, values, site):
        yield _rush(sighting, site, values, "alternating" if len(values.things) == 2 else "repeated", str(request.points[0]))
    elif points is not None and not _may_set_many(sighting, request, site):
        yield _rush(sighting, site, points, "points", "")


def _rush(sighting: Sighting, site: Site, crossing: Crossing, variant: str, point: str) -> Evidence:
    found = operation(sighting, site, variant, point, rush=variant, point=point or f"≥ {site.windows.thresholds.order_points}")
    return found._replace(
        frames=crossing.frames, times=crossing.times, first_ns=crossing.first_ns, last_ns=crossing.last_ns,
        late=partial(_things, crossing.things),
    )  # fmt: skip


def _things(things: Things) -> dict[str, str]:
    """Values as they were written, or points."""
    words = sorted(", ".join(thing) if isinstance(thing, tuple) else str(thing) for thing in things)
    return {"count": str(len(words)), "targets": few(words, _SHOWN, " / ")}


def _is_usual(sighting: Sighting, request: Request, burst: Crossing, site: Site) -> bool:
    """Whether the point has been set half as often as that for an hour, or more; or who sets it is the one who looks after it."""
    client, server = site.ends(sighting)
    limits = site.windows.thresholds
    point = site.written(server, request.protocol, str(request.points[0]))
    before_s = (burst.first_ns - point.first_ns) / SECOND
    if before_s >= limits.settle_s and (point.writes - len(burst.frames)) / before_s >= limits.order_values / 2 / limits.order_s:
        return True
    if len(burst.things) > 2 and site.expected_writer(request, client, server, sighting.first_ns) is not None:
        return True  # a set point that follows a ramp
    return site.learning(sighting.first_ns) and (_looks_after(sighting, request, site) or _may_have_polled(sighting, request, site))


def _may_set_many(sighting: Sighting, request: Request, site: Site) -> bool:
    client, server = site.ends(sighting)
    return site.expected_writer(request, client, server, sighting.first_ns) is not None or _looks_after(sighting, request, site)


def _looks_after(sighting: Sighting, request: Request, site: Site) -> bool:
    habit = site.habit(*site.ends(sighting), request.protocol, sighting.first_ns)
    return bool(habit.polls) and habit.first_writer


def _may_have_polled(sighting: Sighting, request: Request, site: Site) -> bool:
    """Whether the only one who ever set anything there may have been polling, too, in what the mirror lost or cut."""
    is_lossy = site.windows.has_lost(sighting.conversation)
    return is_lossy and site.habit(*site.ends(sighting), request.protocol, sighting.first_ns).first_writer


# -- errors -----------------------------------------------------------------------------------------------------------------------------


def failing(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A device that hardly ever refuses anything, and now does; one that was always asked for what it lacks is no news."""
    event, crossing = sighting.event, site.windows.crossed("errors")
    if crossing is None or not isinstance(event, Request | Answer):
        return
    limits = site.windows.thresholds
    client, server = site.ends(sighting)
    usual = site.exchange(client, server, event.protocol)
    errors = sum(seen.times for seen in crossing.things.values())
    before = usual.requests - errors
    since_s = (crossing.first_ns - usual.since_ns) / SECOND
    if before < limits.errors_before or since_s < limits.errors_s or usual.errors - errors > limits.errors_usual * before:
        return
    if errors < limits.errors_share * before * limits.errors_s / since_s:
        return
    yield evidence_of(sighting, site, crossing, "storm", _errors)._replace(protocol=event.protocol)


def _errors(things: Things) -> dict[str, str]:
    words = sorted((-seen.times, str(thing[0])) for thing, seen in things.items() if isinstance(thing, tuple))
    return {"count": str(sum(seen.times for seen in things.values())), "targets": ", ".join(word for _, word in words[:_SHOWN])}


# -- floods -----------------------------------------------------------------------------------------------------------------------------


def flooded(tally: Tally, site: Site) -> Iterator[Evidence]:
    """A storm concerns everybody; anything else one piece of equipment (`is_hit` says in the end whether it is one)."""
    talk = tally.conversation
    for counter, variant in _FLOODS.items():
        crossing = site.windows.crossed(counter)
        if crossing is None:
            continue
        alone = len(_senders(crossing.things)) == 1
        unsure = counter == _OPEN and site.windows.has_lost(talk)  # where the mirror loses packets, it loses the ends of connections, too
        vital = site.criticality(talk.server) == "C4"
        yield Evidence(
            variant, talk.client if alone else "", "" if variant in _OF_NOBODY else talk.server, talk.service or talk.transport,
            crossing.first_ns, crossing.last_ns, crossing.frames, subkey=str(crossing.key) if variant in _OF_NOBODY else "",
            facts={"flood": variant, "where": _vlan(crossing) if variant in _OF_NOBODY else ""},
            late=partial(_sources, crossing.things), times=crossing.times, transport=talk.transport, port=talk.server_port,
            floor=floor_if(vital and not unsure, Severity.HIGH), confidence=LOSSY_CONFIDENCE if unsure else 1.0,
        )  # fmt: skip


def _senders(things: Things) -> set[str]:
    """Things are who sends, or his connections (from, port)."""
    return {str(thing[0]) if isinstance(thing, tuple) else str(thing) for thing in things}


def _vlan(crossing: Crossing) -> str:
    return "" if crossing.key == -1 else f"VLAN {crossing.key}"


def _sources(things: Things) -> dict[str, str]:
    return {"count": str(sum(seen.times for seen in things.values())), "targets": few(sorted(_senders(things)), _SHOWN)}


def is_hit(evidence: Evidence, site: Site) -> bool:
    return evidence.variant in _OF_NOBODY or is_technical(evidence.server, site)


_C4 = frozenset({"C4"})
_MEDIUM, _HIGH = Severity.MEDIUM, Severity.HIGH

BURSTS = (
    Detection(
        id="io.bruteforce",
        watches=(Request,),
        verbs=ORDERS,
        severity={"repeated": _HIGH, "alternating": _HIGH, "points": _HIGH},
        techniques=("T0806", "T0831", "T0879"),
        requirements=("SR 2.1", "SR 3.6", "SR 7.1"),
        title={"en": "Outputs set again and again in quick succession", "fr": "Sorties commandées en rafale"},
        sentence={
            "en": "{client} {rush} on {server} within a minute ({point}): {targets}.",
            "fr": "{client} {rush} sur {server} en une minute ({point}) : {targets}.",
        },
        expected={
            "en": "Outputs and set points change as slowly as the plant they move.",
            "fr": "Les sorties et consignes changent au rythme de l'installation qu'elles pilotent.",
        },
        harmless_when={
            "en": "It is a sign of life between controllers, a set point that follows a ramp, or schedules sent to all devices at once.",
            "fr": "C'est un signe de vie entre automates, une consigne qui suit une rampe, ou des programmes horaires envoyés à tous.",
        },
        next_step={
            "en": "Put the equipment in local or manual mode to protect it mechanically, then cut the source of the commands.",
            "fr": "Passer l'équipement en local ou en manuel pour le protéger mécaniquement, puis couper la source des commandes.",
        },
        judge=rushed,
        concerns=no_event,
        counters=RUSHED,
        terms=(
            Term(at_least=Severity.CRITICAL, criticality=_C4),
            Term(at_most=Severity.LOW, server_of=frozenset({"lighting"})),
        ),
    ),
    Detection(
        id="avail.exception.storm",
        watches=(Request, Answer),
        severity={"storm": _MEDIUM},
        techniques=("T0814", "T0815"),
        requirements=("SR 7.1", "SR 7.2"),
        title={"en": "Equipment suddenly answers with errors", "fr": "Équipement qui répond soudain par des erreurs"},
        sentence={
            "en": "{server} answered {client} with {count} errors within five minutes ({targets}); until then it hardly had any.",
            "fr": "{server} a répondu à {client} par {count} erreurs en cinq minutes ({targets}) ; jusque-là il n'en renvoyait guère.",
        },
        expected={
            "en": "Hardly any request fails.",
            "fr": "Presque aucune requête n'échoue.",
        },
        harmless_when={
            "en": "A device behind a gateway is switched off for works, or a second supervision just put into service is too much.",
            "fr": "Un équipement derrière une passerelle est arrêté pour travaux, ou une seconde supervision tout juste mise en service la "
            "sature.",
        },
        next_step={
            "en": "Look for a new client or a flood just before, then check the device's load and wiring.",
            "fr": "Chercher un nouveau client ou un flot juste avant, puis vérifier la charge et le câblage de l'équipement.",
        },
        judge=failing,
        concerns=no_event,
        counters=FAILING,
        terms=(Term(at_least=_HIGH, criticality=_C4),),
    ),
    Detection(
        id="avail.flood",
        watches=(Tally,),
        severity={"storm": _MEDIUM, "flood": _MEDIUM, "knocks": _MEDIUM, "exhaustion": _MEDIUM, "invented": _MEDIUM},
        techniques=("T0814",),
        requirements=("SR 7.1", "SR 7.2"),
        title={"en": "Flood of packets or connections", "fr": "Flot de paquets ou de connexions"},
        sentence={
            "en": "{flood} {where}{server}: {count}, from {targets}.",
            "fr": "{flood} {where}{server} : {count}, depuis {targets}.",
        },
        expected={
            "en": "Controllers get some hundred packets a second at most, and each client keeps a few connections.",
            "fr": "Les automates reçoivent au plus quelques centaines de paquets par seconde, et chaque client garde quelques connexions.",
        },
        harmless_when={
            "en": "A ring was reconfigured for some seconds, or pictures are sent to a group through switches that send them everywhere.",
            "fr": "Un anneau s'est reconfiguré quelques secondes, ou de la vidéo multicast est diffusée partout par les commutateurs.",
        },
        next_step={
            "en": "Disconnect the top talker or the looped link, then enable storm control on that switch.",
            "fr": "Débrancher le plus gros émetteur ou le lien bouclé, puis activer le storm control sur ce commutateur.",
        },
        judge=flooded,
        concerns=no_event,
        counters=FLOODED,
        stands=is_hit,
        terms=(Term(at_least=_HIGH, criticality=_C4),),
    ),
)
