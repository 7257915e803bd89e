"""Commands in the priority array of BACnet objects: at priorities that are protected, and left in place (135-2020 clause 19.2)."""

from collections.abc import Iterator

from otwatch.alerts.detections.operations import operation
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.changes import OverrideHeld
from otwatch.events import CHANGES, Request, Verb
from otwatch.sightings import Sighting

_COMMANDS = frozenset({Verb.WRITE, Verb.ADMIN, Verb.CONTROL})
_MANUAL = 8
"""Manual operator: where supervision commands at it as a habit, nothing weaker stands below (clause 19.2, table 19-2)."""
_DAY_NS = 86_400_000_000_000
STALE_NS = _DAY_NS
"""A command that stands for so long was forgotten, or is meant to stay (override.stale of detections.md E.1)."""


def _high_priority(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A command at a protected priority, unless a line of the site file holds it."""
    request = sighting.event
    if not isinstance(request, Request) or request.protocol != "bacnet" or request.verb not in _COMMANDS:
        return
    client, server = site.ends(sighting)
    if not request.priority or request.priority >= site.strongest_priority(client, server):
        return
    if site.expected_writer(request, client, server, sighting.first_ns) is not None:
        return
    relinquishes = bool(request.values) and all(value == "null" for value in request.values)
    variant = "relinquish" if relinquishes else "p1_2" if request.priority <= 2 else "p3_7"
    strongest = str(site.strongest_priority(client, server))
    effect = "releases" if relinquishes else "overrides"
    yield operation(sighting, site, variant, f"{request.points[:1]} {request.priority}", strongest=strongest, effect=effect)


def _left(change: OverrideHeld, site: Site) -> Iterator[Evidence]:
    """At a protected priority; or at 8, where a weaker command waits below it."""
    is_protected = change.priority < site.strongest_priority(change.client, change.server)
    if not (is_protected or (change.priority <= _MANUAL and change.covers)):
        return
    facts = {
        "point": change.point, "value": change.value, "priority": str(change.priority),
        "days": str((change.now_ns - change.since_ns) // _DAY_NS),
    }  # fmt: skip
    yield Evidence(
        "held", change.client, change.server, "bacnet", change.since_ns, change.now_ns, (change.frame,),
        subkey=f"{change.point} {change.priority}", facts=facts,
    )  # fmt: skip


PRIORITIES = (
    Detection(
        id="bacnet.write.high_priority",
        watches=(Request,),
        protocols=frozenset({"bacnet"}),
        severity={"p1_2": Severity.HIGH, "p3_7": Severity.MEDIUM, "relinquish": Severity.MEDIUM},
        techniques=("T1692.001", "T0831", "T0837"),
        requirements=("SR 2.1",),
        title={"en": "BACnet command at a protected priority", "fr": "Commande BACnet à une priorité protégée"},
        sentence={
            "en": "{client} commanded {point} of {server} to {value} at priority {priority}: {effect} {outcome}",
            "fr": "{client} a commandé {value} à {server}, {point}, à la priorité {priority} : {effect} "
            "{outcome}",
        },
        expected={
            "en": "Commands from the network at priority {strongest} or weaker; stronger ones are for safety and for hands on site.",
            "fr": "Des commandes du réseau à la priorité {strongest} ou plus faible ; les plus fortes sont réservées à la sécurité et "
            "aux commandes sur place.",
        },
        harmless_when={
            "en": "A fire and smoke sequence runs at priority 1, a drill uses 2 or 5, or frost protection uses 5.",
            "fr": "Une séquence incendie ou désenfumage agit en priorité 1, un exercice en 2 ou 5, ou la protection antigel en 5.",
        },
        next_step={
            "en": "Confirm with the control room whether a manual or safety command was intended, otherwise release that priority.",
            "fr": "Confirmer avec le PC technique qu'une commande manuelle ou de sécurité était voulue, sinon libérer cette priorité.",
        },
        judge=_high_priority,
        verbs=CHANGES,
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"p1_2"}), criticality=frozenset({"C4"})),),
    ),
    Detection(
        id="bacnet.override.left",
        watches=(OverrideHeld,),
        severity={"held": Severity.LOW},
        techniques=("T0831",),
        requirements=("SR 2.1", "SR 6.2"),
        title={"en": "BACnet command left in place", "fr": "Commande BACnet laissée en place"},
        sentence={
            "en": "{client} commanded {point} of {server} to {value} at priority {priority} {days} days ago, and it was not "
            "released since: weaker commands have no effect.",
            "fr": "{client} a commandé {value} à {server}, {point}, à la priorité {priority} il y a {days} jours, et ne l'a pas "
            "relâchée depuis : les commandes plus faibles restent sans effet.",
        },
        expected={
            "en": "A command by hand is released within a day (written null at its priority).",
            "fr": "Une commande manuelle est relâchée dans la journée (écriture de null à sa priorité).",
        },
        harmless_when={
            "en": "The equipment is kept off on purpose for the season or for works, or the release was not seen by the sensor.",
            "fr": "L'équipement est tenu à l'arrêt pour la saison ou des travaux, ou la libération a échappé à la sonde.",
        },
        next_step={
            "en": "Look at the priority array of the object; release the command if nobody wants it any more, else note why it stays.",
            "fr": "Lire le tableau de priorités de l'objet ; relâcher la commande si elle ne sert plus, sinon noter pourquoi elle "
            "reste.",
        },
        judge=_left,
        terms=(Term(at_least=Severity.MEDIUM, criticality=frozenset({"C3", "C4"})),),
    ),
)
