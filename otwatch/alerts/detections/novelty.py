"""What is not usual on this site: conversations, services, written points that the baseline does not know (detections.md, groups 2, 7).

Nothing is said while the site is learnt, nor of what is not there for a week: that is new as a whole (inv.asset.new).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator

from otwatch.alerts.detections.flows import link_evidence
from otwatch.alerts.detections.operations import listed, operation
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.tracks import Seen
from otwatch.alerts.usual import LEARNING, USUAL, Range
from otwatch.changes import LinkSeen
from otwatch.events import CHANGES, Request, Verb
from otwatch.sightings import Outcome, Sighting

_ORDERS = frozenset({Verb.WRITE, Verb.CONTROL})
_SAID_ELSEWHERE = frozenset({"undeclared", "forbidden", "violation"})
"""Verdicts that have findings of their own."""
_LINES = "expected_writers"
"""How lines of the site file begin that name who writes which points: what they allow is declared point by point."""
_MARGIN = 0.25
_OF_THE_OTHER = frozenset({"before", "array"})
"""Facts about the point of the write by which a second way was noticed."""
_UNSURE = 0.6
"""Some supervisions are two programs on one machine."""
_VALUES = 50
"""Values from which on a range is one."""

SERVICES = {
    "remote": frozenset({"ssh", "telnet", "rdp", "vnc", "vnc-http", "winrm", "winrm-tls", "teamviewer", "anydesk"}),
    "file": frozenset({"ftp", "ftp-data", "tftp", "smb", "netbios-ssn", "nfs"}),
    "web": frozenset({"http", "https", "tls"}),
    "ot": frozenset({
        "modbus", "modbus-rtu", "xway", "bacnet", "bacnet-ethernet", "enip", "cip-io", "s7", "s7-plus", "mms", "opcua", "fox", "knx",
        "iec104", "dnp3", "fins", "ads", "profinet",
    }),
}  # fmt: skip
"""Kinds of services by what is spoken; everything else is "other"."""


def _conversation(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    """Who sets clocks, programs or settings has detections of his own."""
    if link.state != "established" or link.client == link.server or (link.verb in CHANGES and link.verb not in _ORDERS):
        return
    word = site.usual.talk(link)
    if word in (LEARNING, USUAL) or site.verdict(link).kind in _SAID_ELSEWHERE:
        return
    if all(site.usual.is_known(asset, link.time_ns) for asset in (link.client, link.server)):
        yield link_evidence(link, "write" if link.verb in _ORDERS else "read", link.protocol or str(link.port), since=word)


def _service(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    """What a conduit allows was decided about, even if it is done but once a year."""
    if link.state != "established" or site.usual.service(link) in (LEARNING, USUAL) or not site.usual.is_known(link.server, link.time_ns):
        return
    if site.verdict(link).kind == "allowed":
        return
    kind = next((kind for kind, spoken in SERVICES.items() if link.protocol in spoken), "other")
    yield link_evidence(link, kind, f"{link.transport}/{link.port}", service=f"{link.transport}/{link.port} {link.protocol}".strip())


def _point(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A point or a value that is new, of somebody who may write there: who may not is told by *.write.unexpected."""
    request = sighting.event
    if not isinstance(request, Request) or sighting.outcome is Outcome.ERROR:
        return
    client, server = site.ends(sighting)
    if not _may_write(request, client, server, sighting.first_ns, site):
        return
    yield from _beside(sighting, site)
    for at, point in enumerate(request.points):
        word, usual = site.usual.points(client, server, request.protocol, point, sighting.first_ns)
        value = request.values[at] if len(request.values) == len(request.points) else ""
        if word not in (LEARNING, USUAL):
            yield operation(sighting, site, "point", request.protocol, point=str(point), since=word, usual="–")
        elif word == USUAL and _is_strange(value, usual):
            yield operation(sighting, site, "value", request.protocol, point=str(point), value=value, since=word, usual=_shown(usual))


def _beside(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A write through a second connection while the first one goes on: another program on the same machine. Told when both are known."""
    crossing = site.windows.crossed("ways")
    if crossing is None:
        return
    ways: defaultdict[Hashable, list[tuple[str, Seen]]] = defaultdict(list)
    for thing, seen in crossing.things.items():
        if isinstance(thing, tuple):
            ways[thing[0]].append((str(thing[1]), seen))
    used = min(ways.values(), key=lambda uses: sum(seen.times for _, seen in uses))
    times, frames = [seen.first_ns for _, seen in used], tuple(seen.frame for _, seen in used)
    if len(ways) != 2 or not set(frames) & set(crossing.frames):
        return
    points = tuple(sorted({point for point, _ in used}))
    found = operation(sighting, site, "beside", " ".join(points), point=listed(points), value="–", since="beside", usual="–")
    facts = {name: fact for name, fact in found.facts.items() if name not in _OF_THE_OTHER}
    yield found._replace(
        facts=facts, first_ns=min(times), last_ns=max(times), frames=frames, answers=(), times=len(times), confidence=_UNSURE
    )


def _may_write(request: Request, client: str, server: str, time_ns: int, site: Site) -> bool:
    """Whether he may write there, and no line of the site file names the points."""
    allowed = site.expected_writer(request, client, server, time_ns)
    if allowed is not None:
        return not allowed.startswith(_LINES)
    habit = site.habit(client, server, request.protocol, time_ns)
    return not site.declares_writers() and habit.polls >= site.windows.thresholds.habit_reads


def _is_strange(value: str, usual: Range) -> bool:
    """Whether a number lies a quarter beyond what is usual."""
    if usual.low is None or usual.high is None or not (usual.sure or usual.values >= _VALUES):
        return False
    try:
        number = float(value)
    except ValueError:
        return False
    margin = _MARGIN * max(abs(usual.low), abs(usual.high))
    return not usual.low - margin <= number <= usual.high + margin


def _shown(usual: Range) -> str:
    return f"{usual.low:g} .. {usual.high:g}"


_HIGH, _MEDIUM, _LOW, _INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
_C4 = frozenset({"C4"})

NOVELTY = (
    Detection(
        id="write.novel_target",
        watches=(Request,),
        verbs=_ORDERS,
        severity={"point": _MEDIUM, "value": _MEDIUM, "beside": _HIGH},
        techniques=("T0836", "T0831"),
        requirements=("SR 3.5", "SR 2.1"),
        title={"en": "Unusual write from a usual writer", "fr": "Écriture inhabituelle d'un écrivain habituel"},
        sentence={
            "en": "{client}, which may write there, wrote {value} to {point} of {server}: {since} {outcome}",
            "fr": "{client}, qui peut y écrire, a écrit {value} dans {server}, {point} : {since} {outcome}",
        },
        expected={
            "en": "The points that were written while the site was learnt, with values like those seen then ({usual}).",
            "fr": "Les points écrits pendant l'apprentissage, avec des valeurs proches de celles vues alors ({usual}).",
        },
        harmless_when={
            "en": "The season changes, a heating curve is set anew, a rare mode (fire drill, generator trial) is used once, or the "
            "supervision consists of two programs.",
            "fr": "La saison change, une loi d'eau est réglée à nouveau, un mode rare (exercice incendie, essai du groupe électrogène) "
            "sert pour la première fois, ou la supervision est faite de deux programmes.",
        },
        next_step={
            "en": "Check the value against the set point sheet of the installation and confirm with the operator on duty; "
            "`otwatch baseline accept` makes it usual.",
            "fr": "Comparer la valeur à la fiche de consigne de l'installation et confirmer avec l'opérateur de service ; "
            "`otwatch baseline accept` la rend habituelle.",
        },
        judge=_point,
        terms=(Term(at_least=Severity.HIGH, criticality=_C4),),
    ),
    Detection(
        id="inv.service.new",
        watches=(LinkSeen,),
        severity={"remote": _MEDIUM, "file": _MEDIUM, "ot": _MEDIUM, "web": _LOW, "other": _LOW},
        techniques=("T0885", "T0886"),
        requirements=("SR 7.7", "SR 7.8"),
        title={"en": "Known equipment answers on a new service", "fr": "Un équipement connu répond sur un nouveau service"},
        sentence={
            "en": "{server} answers on {service}, which it was never seen to do; {client} used it first.",
            "fr": "{server} répond sur {service}, ce qu'on ne lui avait jamais vu faire ; {client} l'a utilisé en premier.",
        },
        expected={
            "en": "The services that were seen while the site was learnt, that a conduit allows, or that somebody accepted.",
            "fr": "Les services vus pendant l'apprentissage, permis par un conduit, ou acceptés par une personne.",
        },
        harmless_when={
            "en": "The service is used once a year, or the manufacturer has just opened it for maintenance.",
            "fr": "Le service ne sert qu'une fois par an, ou le constructeur vient de l'ouvrir pour une maintenance.",
        },
        next_step={
            "en": "Disable the service if the installation does not need it, else accept it (`otwatch baseline accept`).",
            "fr": "Désactiver le service si l'installation n'en a pas besoin, sinon l'accepter (`otwatch baseline accept`).",
        },
        judge=_service,
        learns=True,
        terms=(Term(step=1, variants=frozenset(SERVICES), criticality=_C4),),
    ),
    Detection(
        id="inv.conversation.new",
        watches=(LinkSeen,),
        severity={"read": _INFO, "write": _LOW},
        techniques=("T0869",),
        requirements=("SR 5.2", "SR 6.2"),
        title={"en": "New conversation between known equipment", "fr": "Nouvel échange entre équipements connus"},
        sentence={
            "en": "{client} exchanges with {server} by {protocols} ({verb}): {since}",
            "fr": "{client} échange avec {server} en {protocols} ({verb}) : {since}",
        },
        expected={
            "en": "The conversations that were seen while the site was learnt, or that somebody accepted.",
            "fr": "Les échanges vus pendant l'apprentissage, ou acceptés par une personne.",
        },
        harmless_when={
            "en": "It is a seasonal or monthly task, or a page of the supervision that was opened for the first time.",
            "fr": "C'est une tâche saisonnière ou mensuelle, ou une page de la supervision ouverte pour la première fois.",
        },
        next_step={
            "en": "Read it in the weekly review (`otwatch baseline review`); ask the owner only if it writes or lasts.",
            "fr": "Le lire à la revue hebdomadaire (`otwatch baseline review`) ; n'interroger le responsable que s'il écrit ou dure.",
        },
        judge=_conversation,
        learns=True,
    ),
)
