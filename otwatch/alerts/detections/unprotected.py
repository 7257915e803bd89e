"""Doors without a lock: OPC UA that lets anybody in or sends passwords in clear, controllers without a password (detections.md 1)."""

from collections.abc import Iterator

from otwatch.alerts.detections.logins import KNOWN
from otwatch.alerts.detections.operations import operation, result, seen
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import Answer, Credential, Request
from otwatch.sightings import Outcome, Sighting

_RESERVE, _NO_POLICY = "0x10", "None/"
_PROTECTION = "0x0132"
"""The status list of S7 that tells the protection level."""
_FREE = frozenset({"0", ""})


def _opcua(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Readable messages prove that nothing is encrypted. What is offered is told by the answer about endpoints."""
    event = sighting.event
    if isinstance(event, Answer):
        yield from _offered(sighting, site, event.details)
    elif isinstance(event, Request) and event.protocol == "opcua":
        said = dict(event.details)
        yield from _offered(sighting, site, sighting.told)
        if said.get("password") == "clear" and sighting.outcome is not Outcome.ERROR:
            yield operation(sighting, site, "clear", said["user"], door="clear", login=result(sighting))
        elif said.get("token") == "anonymous" and sighting.outcome is Outcome.OK:
            yield operation(sighting, site, "anonymous", "anonymous", door="anonymous", login="success")


def _is_opcua(event: Request | Answer) -> bool:
    """Logins, questions about endpoints, and answers that tell of them."""
    if isinstance(event, Answer):
        return any(name == "offers" for name, _ in event.details)
    return event.operation in {"ActivateSession", "GetEndpoints"}


def _offered(sighting: Sighting, site: Site, told: tuple[tuple[str, str], ...]) -> Iterator[Evidence]:
    offers = [value for name, value in told if name == "offers"]
    if any(offer.startswith(_NO_POLICY) and "anonymous" in offer for offer in offers):
        yield seen(sighting, site, "offered", "offered", {"door": "offered", "login": "unused"})


def _controller(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """What a controller says of itself, or lets somebody do without asking."""
    event = sighting.event
    if isinstance(event, Credential):
        if event.scheme == "s7" and sighting.outcome is not Outcome.ERROR and _is_known(event, sighting, site):
            yield seen(sighting, site, "default", "password", {"proof": "password"})
    elif isinstance(event, Answer):
        if event.protocol == "fox" and ("method", "basic") in event.details:
            yield seen(sighting, site, "open", "basic", {"proof": "basic"})
    elif isinstance(event, Request) and sighting.outcome is Outcome.OK and (proof := _proof(event, sighting)):
        yield operation(sighting, site, "open", proof, proof=proof)


def _proof(request: Request, sighting: Sighting) -> str:
    """A reservation of a Schneider controller without a proof; the protection level of a Siemens one."""
    said, told = dict(request.details), dict(sighting.told)
    if request.protocol == "modbus" and said.get("umas") == _RESERVE and "proof" not in said:
        return "reservation"
    return "level" if request.protocol == "s7" and told.get("password_level", "-") in _FREE else ""


def _may_prove(event: Request | Answer | Credential) -> bool:
    """Whether the event alone lets one think of an open controller."""
    if isinstance(event, Credential):
        return event.scheme == "s7"
    if isinstance(event, Answer):
        return event.protocol == "fox"
    said = dict(event.details)
    return said.get("umas") == _RESERVE or said.get("szl") == _PROTECTION


def _is_known(login: Credential, sighting: Sighting, site: Site) -> bool:
    _, server = site.ends(sighting)
    return site.credential(login, server).finding in KNOWN


_C4 = frozenset({"C4"})

UNPROTECTED = (
    Detection(
        id="cred.opcua",
        watches=(Request, Answer),
        protocols=frozenset({"opcua"}),
        severity={"anonymous": Severity.MEDIUM, "clear": Severity.HIGH, "offered": Severity.LOW},
        techniques=("T1694.001", "T0859"),
        requirements=("SR 1.1", "SR 1.2", "SR 3.1"),
        title={
            "en": "OPC UA server open to everybody, or password sent in clear",
            "fr": "Serveur OPC UA ouvert à tous, ou mot de passe transmis en clair",
        },
        sentence={"en": "{server}, asked by {client}: {door} {login}", "fr": "{server}, interrogé par {client} : {door} {login}"},
        expected={
            "en": "OPC UA channels are signed and encrypted, and users have accounts.",
            "fr": "Les canaux OPC UA sont signés et chiffrés, et les utilisateurs ont des comptes.",
        },
        harmless_when={
            "en": "An engineering tool looked for servers, or server and client are the same machine.",
            "fr": "Un outil d'ingénierie a cherché des serveurs, ou serveur et client sont la même machine.",
        },
        next_step={
            "en": "Disable the None policy and anonymous tokens on the server, and use Basic256Sha256 or better with named accounts.",
            "fr": "Désactiver la politique None et l'accès anonyme sur le serveur, et utiliser Basic256Sha256 ou mieux avec des comptes "
            "nominatifs.",
        },
        judge=_opcua,
        concerns=_is_opcua,
        terms=(Term(at_least=Severity.HIGH, variants=frozenset({"anonymous"}), criticality=_C4),),
        excusable=False,
    ),
    Detection(
        id="cred.controller",
        watches=(Request, Answer, Credential),
        protocols=frozenset({"modbus", "s7", "fox"}),
        severity={"open": Severity.MEDIUM, "default": Severity.HIGH},
        techniques=("T1694.001", "T0859"),
        requirements=("SR 1.1", "SR 2.1"),
        title={"en": "Controller without a password of its own", "fr": "Automate sans mot de passe propre"},
        sentence={"en": "{server}, asked by {client}: {proof}", "fr": "{server}, interrogé par {client} : {proof}"},
        expected={
            "en": "A controller asks for its password before it is programmed, or its key switch is in Run.",
            "fr": "Un automate demande son mot de passe avant d'être programmé, ou sa clé est en Run.",
        },
        harmless_when={
            "en": "The range knows no password (S7-300 without protection, Premium); make up for it by its zone.",
            "fr": "La gamme ne connaît pas de mot de passe (S7-300 sans protection, Premium) ; compenser par sa zone.",
        },
        next_step={
            "en": "Enable the application password or protection level and turn the key switch to Run, after saving the program.",
            "fr": "Activer le mot de passe applicatif ou le niveau de protection et passer la clé en Run, après sauvegarde du programme.",
        },
        judge=_controller,
        concerns=_may_prove,
        terms=(Term(at_least=Severity.HIGH, criticality=_C4),),
        excusable=False,
    ),
)
