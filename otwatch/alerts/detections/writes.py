"""Writes and orders by somebody who is not expected to give them (detections.md, group 2).

The site file decides who may write. Where it says nothing at all, habit does: a client that reads a server regularly is its own
supervision, unless it began long after another one and only just before it wrote; the first writer ever seen is taken as the habit,
and said, where nobody else had asked the server anything; anybody else is a finding, of less confidence. Reads are told in the end of
their slot, behind the writes among them: what habit says is asked again when rows are made, with all that was read by then.
"""

from collections.abc import Callable, Iterator

from otwatch.alerts.detections.operations import LOSSY_CONFIDENCE, about, floor_if, operation, result
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import CHANGES, Request, Verb
from otwatch.sightings import SLOT_NS, Outcome, Role, Sighting

HABIT_CONFIDENCE = 0.6
_WRITE, _CONTROL, _ADMIN, _PROGRAM = Verb.WRITE, Verb.CONTROL, Verb.ADMIN, Verb.PROGRAM
_UMAS = 0x5A
_MEMORY = frozenset({"0x21", "0x29"})
_ANSWERED = frozenset({"success", "unknown"})
_VITAL = Term(at_least=Severity.CRITICAL, variants=_ANSWERED, criticality=frozenset({"C4"}))
_COMFORT = Term(at_most=Severity.MEDIUM, variants=_ANSWERED, criticality=frozenset({"C1"}))
_ENGINEERING = Term(step=-1, in_window=True)
_TAKEN = frozenset({"first", "work"})
"""What is taken as the habit, and said."""
_TECHNIQUES = ("T1692.001", "T0831", "T0836")

Of = Callable[[Sighting, Request], str | None]
"""The variant of a request that the detection is about, None for others."""


def unexpected(of: Of) -> Callable[[Sighting, Site], Iterator[Evidence]]:
    """Judges the requests that `of` is about by who may make them."""

    def judge(sighting: Sighting, site: Site) -> Iterator[Evidence]:
        request = sighting.event
        variant = of(sighting, request) if isinstance(request, Request) else None
        if variant is None or not isinstance(request, Request):
            return
        client, server = site.ends(sighting)
        if site.expected_writer(request, client, server, sighting.first_ns) is not None:
            return
        basis = "site" if site.declares_writers() else _by_habit(sighting, request, site)
        if basis:
            told = "first" if basis in _TAKEN else variant
            found = operation(sighting, site, told, about(request), basis=basis, result=variant)
            floor = floor_if(request.protocol == "modbus" and request.one_way, Severity.HIGH)  # to all units at once
            sure = LOSSY_CONFIDENCE if site.windows.has_lost(sighting.conversation) else HABIT_CONFIDENCE
            yield found._replace(floor=floor, confidence=found.confidence if basis == "site" else sure)

    return judge


def _by_habit(sighting: Sighting, request: Request, site: Site) -> str:
    """What habit says against a write: "" nothing, "first", "work", "new", or "habit"."""
    client, server = site.ends(sighting)
    said = _by_reads(client, server, request.protocol, sighting.first_ns, site)
    return "work" if said == "habit" and _was_at_work(sighting, request, site) else said


def _by_reads(client: str, server: str, protocol: str, time_ns: int, site: Site) -> str:
    """The first writer that turns out to read the server regularly is its supervision, even if it wrote before it read."""
    habit = site.habit(client, server, protocol, time_ns)
    is_alone = habit.first_writer and not habit.others
    if habit.polls >= site.windows.thresholds.habit_reads and (habit.is_early or is_alone):
        return "new" if habit.is_new else ""
    return "first" if is_alone else "habit"


def _was_at_work(sighting: Sighting, request: Request, site: Site) -> bool:
    """Whether the record began in the middle of it: over a connection that was open already, the first to set anything there set the point
    in the first slot."""
    talk, (client, server) = sighting.conversation, site.ends(sighting)
    if talk.transport != "tcp" or talk.role is Role.SYN or not request.points:
        return False
    point = site.written(server, request.protocol, str(request.points[0]))
    is_first = site.habit(client, server, request.protocol, sighting.first_ns).first_writer
    return is_first and bool(point.writes) and point.first_ns - site.began_ns <= SLOT_NS


def _basis(evidence: Evidence, site: Site) -> str:
    before = evidence.facts.get("basis", "site")
    if before == "site":
        return "site"
    said = _by_reads(evidence.client, evidence.server, evidence.protocol, evidence.first_ns, site)
    return before if before == "work" and said == "habit" else said


def stands(evidence: Evidence, site: Site) -> bool:
    """Whether habit still has something against it."""
    return bool(_basis(evidence, site))


def settled(evidence: Evidence, site: Site) -> Evidence:
    """With what habit says against it by now: others may have asked the server before it."""
    basis = _basis(evidence, site)
    if basis == "site":
        return evidence
    facts = {**evidence.facts, "basis": basis}
    return evidence._replace(variant="first" if basis in _TAKEN else facts["result"], facts=facts)


def _modbus(sighting: Sighting, request: Request) -> str | None:
    return result(sighting) if request.verb is _WRITE and request.code != _UMAS else None


def _bacnet(sighting: Sighting, request: Request) -> str | None:
    """Writes to process values, and to all other properties that are not protective ones: those are told by their own detection."""
    is_write = request.operation.startswith("write") and request.verb in {_WRITE, _ADMIN, _CONTROL}
    return result(sighting) if is_write else None


def _cip(sighting: Sighting, request: Request) -> str | None:
    """Writes, forces and orders to the controller; and connections by which somebody sends outputs all the time."""
    if request.verb in {_WRITE, _CONTROL}:
        return result(sighting)
    said = dict(request.details)
    owns = said.get("class") in {"0", "1"} and said.get("o_t_type", "null") != "null"
    return result(sighting) if owns and request.verb is Verb.SUBSCRIBE else None


def _umas(sighting: Sighting, request: Request) -> str | None:
    is_ours = request.protocol == "xway" or (request.protocol == "modbus" and request.code == _UMAS)
    is_memory = dict(request.details).get("umas") in _MEMORY
    if not is_ours or not (is_memory or request.verb in {_WRITE, _CONTROL}):
        return None
    if sighting.outcome is Outcome.ERROR:
        return "failure"
    return "memory" if is_memory else "variables"


def _snmp(sighting: Sighting, request: Request) -> str | None:
    if request.operation != "Set":
        return None
    if sighting.outcome is Outcome.ERROR:
        return "failure"
    return "control" if request.verb is _CONTROL else "other"


_EXPECTED = {"en": "{basis}", "fr": "{basis}"}
_SENTENCE = {
    "en": "{client} wrote {value} to {point} of {server}. {outcome}",
    "fr": "{client} a écrit {value} dans {server}, {point}. {outcome}",
}
_RESULTS = {"success": Severity.HIGH, "unknown": Severity.MEDIUM, "failure": Severity.MEDIUM, "first": Severity.INFO}

WRITES = (
    Detection(
        id="modbus.write.unexpected",
        watches=(Request,),
        severity=_RESULTS,
        techniques=_TECHNIQUES,
        requirements=("SR 2.1", "SR 3.5"),
        title={"en": "Unexpected Modbus write", "fr": "Écriture Modbus inattendue"},
        sentence=_SENTENCE,
        expected=_EXPECTED,
        harmless_when={
            "en": "A standby supervision server took over, or a meter wants a command register written before it is read.",
            "fr": "Un serveur de supervision de secours a pris le relais, ou un compteur demande l'écriture d'un registre avant lecture.",
        },
        next_step={
            "en": "Ask who wrote and why, put the register back to its previous value if nobody answers, and add a declared writer if "
            "the write is legitimate.",
            "fr": "Demander qui a écrit et pourquoi, remettre la valeur précédente si personne ne répond, et déclarer l'écrivain si "
            "l'écriture est légitime.",
        },
        judge=unexpected(_modbus),
        protocols=frozenset({"modbus"}),
        verbs=CHANGES,
        stands=stands,
        settled=settled,
        terms=(_VITAL, _COMFORT, _ENGINEERING),
    ),
    Detection(
        id="bacnet.write.unexpected",
        watches=(Request,),
        severity=_RESULTS,
        techniques=_TECHNIQUES,
        requirements=("SR 2.1", "SR 1.2"),
        title={"en": "Unexpected BACnet write", "fr": "Écriture BACnet inattendue"},
        sentence={
            "en": "{client} wrote {value} to {point} of {server} at priority {priority}. {outcome}",
            "fr": "{client} a écrit {value} dans {server}, {point}, à la priorité {priority}. {outcome}",
        },
        expected=_EXPECTED,
        harmless_when={
            "en": "Controllers share values such as the outdoor temperature, or the supervision pushes its schedules at midnight.",
            "fr": "Des contrôleurs partagent des valeurs comme la température extérieure, ou la supervision pousse ses horaires à minuit.",
        },
        next_step={
            "en": "Look at the priority array of the object, release the unknown command (write Null at that priority) and identify "
            "the origin.",
            "fr": "Lire le tableau de priorités de l'objet, relâcher la commande inconnue (écrire Null à cette priorité) et identifier "
            "l'origine.",
        },
        judge=unexpected(_bacnet),
        protocols=frozenset({"bacnet"}),
        verbs=CHANGES,
        stands=stands,
        settled=settled,
        terms=(_VITAL, _COMFORT),
    ),
    Detection(
        id="cip.write.unexpected",
        watches=(Request,),
        severity=_RESULTS,
        techniques=(*_TECHNIQUES, "T0848"),
        requirements=("SR 2.1", "SR 1.2"),
        title={"en": "Unexpected write to an EtherNet/IP device", "fr": "Écriture inattendue vers un équipement EtherNet/IP"},
        sentence={
            "en": "{client} sent {operation} to {server}{about}. {outcome}",
            "fr": "{client} a envoyé {operation} à {server}{about}. {outcome}",
        },
        expected=_EXPECTED,
        harmless_when={
            "en": "An operator panel loads a recipe, controllers exchange tags, or a controller was replaced during works.",
            "fr": "Un pupitre charge une recette, des automates échangent des variables, ou un automate a été remplacé lors de travaux.",
        },
        next_step={
            "en": "Check the originator against the list of HMIs and controllers, and put the key switch in Run to refuse writes to "
            "the program.",
            "fr": "Comparer l'émetteur à la liste des IHM et automates, et mettre la clé en Run pour refuser les écritures de programme.",
        },
        judge=unexpected(_cip),
        protocols=frozenset({"cip"}),
        verbs=CHANGES | {Verb.SUBSCRIBE},
        stands=stands,
        settled=settled,
    ),
    Detection(
        id="umas.write.unexpected",
        watches=(Request,),
        severity={"variables": Severity.HIGH, "memory": Severity.HIGH, "failure": Severity.MEDIUM, "first": Severity.INFO},
        techniques=_TECHNIQUES,
        requirements=("SR 2.1", "SR 3.4"),
        title={
            "en": "Unexpected write of variables or memory of a Schneider controller",
            "fr": "Écriture inattendue de variables ou de mémoire d'un automate Schneider",
        },
        sentence={
            "en": "{client} sent {operation} to {server}. {outcome}",
            "fr": "{client} a envoyé {operation} à {server}. {outcome}",
        },
        expected=_EXPECTED,
        harmless_when={
            "en": 'A supervision configured in "Unity" mode writes variables this way all day; declare it.',
            "fr": "Une supervision configurée en mode « Unity » écrit ainsi des variables toute la journée ; la déclarer.",
        },
        next_step={
            "en": "Check in Control Expert who holds the reservation and restrict the module's access control list to the declared "
            "stations.",
            "fr": "Vérifier dans Control Expert qui détient la réservation et restreindre la liste d'accès du module aux postes déclarés.",
        },
        judge=unexpected(_umas),
        protocols=frozenset({"modbus", "xway"}),
        verbs=CHANGES,
        stands=stands,
        settled=settled,
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"memory"}), criticality=frozenset({"C3", "C4"})),),
    ),
    Detection(
        id="snmp.set.unexpected",
        watches=(Request,),
        severity={"control": Severity.HIGH, "other": Severity.MEDIUM, "failure": Severity.MEDIUM, "first": Severity.INFO},
        techniques=("T1692.001", "T0816", "T0836"),
        requirements=("SR 2.1", "SR 1.2"),
        title={
            "en": "Unexpected setting by SNMP on a UPS, power strip, switch or other device",
            "fr": "Réglage SNMP inattendu sur un onduleur, une PDU, un commutateur ou un autre équipement",
        },
        sentence={
            "en": "{client} set {point} to {value} on {server}. {outcome}",
            "fr": "{client} a réglé {server} : {point} = {value}. {outcome}",
        },
        expected=_EXPECTED,
        harmless_when={
            "en": "The shutdown software of the server room, the monthly battery test or the management of the switches did it.",
            "fr": "Le logiciel d'arrêt de la salle serveurs, le test mensuel des batteries ou la gestion des commutateurs en est l'auteur.",
        },
        next_step={
            "en": "Cancel the pending shutdown on the UPS front panel if any, then remove the write community.",
            "fr": "Annuler au besoin l'arrêt programmé en face avant de l'onduleur, puis supprimer la communauté en écriture.",
        },
        judge=unexpected(_snmp),
        protocols=frozenset({"snmp"}),
        verbs=CHANGES,
        stands=stands,
        settled=settled,
        terms=(
            Term(
                at_least=Severity.CRITICAL,
                variants=frozenset({"control"}),
                server_of=frozenset({"ups", "generators", "datacenter_infra", "ot_backbone"}),
            ),
        ),
    ),
)
