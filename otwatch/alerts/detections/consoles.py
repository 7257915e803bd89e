"""Engineering stations at work: their sessions on controllers, and what they force or halt there (detections.md, group 6)."""

from collections.abc import Iterator

from otwatch.alerts.detections.operations import operation
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import CHANGES, Request, Verb
from otwatch.sightings import Outcome, Sighting

_UMAS_RESERVATION = "0x10"
_KNX_TOOLS = frozenset({"management", "remote configuration"})
_FORCES = {
    ("s7", "Force"): "force", ("s7", "Breakpoint"): "debug", ("s7", "Exit Hold"): "debug",
    ("modbus", "0x71"): "force", ("modbus", "0x60"): "debug", ("modbus", "0x61"): "debug", ("modbus", "0x62"): "debug",
    ("modbus", "0x63"): "debug", ("modbus", "0x64"): "debug",
}  # fmt: skip
"""By protocol, and operation (of UMAS its number): S7 userdata group 1; UMAS writes to inputs and outputs, breakpoints and steps."""


def _opens(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if isinstance(request, Request) and sighting.outcome is not Outcome.ERROR and is_console(request):
        said = dict(request.details)
        named = (said[name] for name in ("owner", "application", "station", "connection") if name in said)
        yield operation(sighting, site, "session", request.protocol, station=next(named, "–"))


def is_console(request: Request) -> bool:
    """Whether the request opens what only engineering tools open."""
    said = dict(request.details)
    if request.protocol == "s7":
        return request.operation == "Connect" and said.get("station") == "PG"
    if request.protocol == "fox":
        return request.operation == "hello" and said.get("application") == "Workbench"
    if request.protocol == "knx":
        return request.operation == "ConnectRequest" and said.get("connection") in _KNX_TOOLS
    return request.protocol == "modbus" and said.get("umas") == _UMAS_RESERVATION


def _forces(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request):
        return
    name = dict(request.details).get("umas", "") if request.protocol == "modbus" else request.operation
    if variant := _FORCES.get((request.protocol, name)):
        yield operation(sighting, site, "failure" if sighting.outcome is Outcome.ERROR else variant, request.operation)


_C4 = frozenset({"C4"})

CONSOLES = (
    Detection(
        id="eng.session.new",
        watches=(Request,),
        verbs=frozenset({Verb.SESSION}),
        protocols=frozenset({"s7", "fox", "knx", "modbus"}),
        severity={"session": Severity.LOW},
        techniques=("T0886", "T0859"),
        requirements=("SR 1.1", "SR 2.3"),
        title={"en": "Engineering tool connected to a controller", "fr": "Outil d'ingénierie connecté à un automate"},
        sentence={
            "en": "{client} opened an engineering session on {server} ({operation}, station {station}).",
            "fr": "{client} a ouvert une session d'ingénierie sur {server} ({operation}, poste {station}).",
        },
        expected={
            "en": "Engineering stations are known, and they connect during works.",
            "fr": "Les stations d'ingénierie sont connues, et se connectent lors de travaux.",
        },
        harmless_when={
            "en": "A known technician has a new computer, or the manufacturer supports a declared intervention.",
            "fr": "Un technicien connu a un nouveau PC, ou le constructeur assiste une intervention déclarée.",
        },
        next_step={
            "en": "Put a name on the workstation and check that it is a managed and scanned maintenance computer.",
            "fr": "Mettre un nom sur le poste et vérifier qu'il s'agit d'un ordinateur de maintenance géré et analysé.",
        },
        judge=_opens,
        concerns=is_console,
        learns=True,
        terms=(Term(at_least=Severity.MEDIUM, criticality=_C4), Term(at_most=Severity.INFO, client_of=frozenset({"engineering"}))),
    ),
    Detection(
        id="eng.io.force",
        watches=(Request,),
        verbs=CHANGES,
        protocols=frozenset({"s7", "modbus"}),
        severity={"force": Severity.HIGH, "debug": Severity.HIGH, "failure": Severity.MEDIUM},
        techniques=("T0831", "T0836"),
        requirements=("SR 3.4", "SR 2.1"),
        title={
            "en": "Inputs or outputs forced, or program halted step by step",
            "fr": "Entrées ou sorties forcées, ou programme exécuté pas à pas",
        },
        sentence={
            "en": "{client} sent {operation} to {server}. {outcome}",
            "fr": "{client} a envoyé {operation} à {server}. {outcome}",
        },
        expected={
            "en": "Nothing is forced or debugged in operation; forces of a repair are written down and taken back.",
            "fr": "Rien n'est forcé ni débogué en exploitation ; les forçages d'un dépannage sont consignés et levés.",
        },
        harmless_when={
            "en": "A technician bypasses a failed sensor (track it until it is removed), or loops are checked during commissioning.",
            "fr": "Un technicien contourne un capteur en panne (à suivre jusqu'à sa levée), ou des boucles sont vérifiées lors de la "
            "mise en service.",
        },
        next_step={
            "en": "Record the force in the shift log with an owner and an end date, or remove it now.",
            "fr": "Inscrire le forçage au cahier de quart avec un responsable et une date de fin, ou le retirer maintenant.",
        },
        judge=_forces,
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"force"}), criticality=_C4),),
    ),
)  # fmt: skip
