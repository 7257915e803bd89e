"""Logins in which the secret itself is not sent, and remote screens (detections.md, group 1, and B.3, B.7, B.8).

What the client answered to a challenge is held against published and trivial secrets only: a site's own passwords are not attacked.
"""

from collections.abc import Iterator

from otwatch.alerts.credentials import Finding
from otwatch.alerts.detections.logins import PIVOTS, PROVEN_BY_SERVER, SUCCESS, is_proof, login_result, named_secret
from otwatch.alerts.detections.operations import crosses_zones, floor_if, operation, result, seen
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import Credential, Identity, Request
from otwatch.sightings import Sighting

_SCREENS = "vnc"
_OPEN = ("security", "none")
"""What a server says that lets in without a password, and what a client's login says that made use of it."""


def _challenged(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    login = sighting.event
    assert isinstance(login, Credential)
    verdict = site.proven(sighting)
    if verdict is None or verdict.finding is Finding.NOT_IN_LIST:
        return
    outcome, asked = login_result(sighting, login.scheme), login.scheme in PROVEN_BY_SERVER
    facts = {
        "user": login.user or "–", "scheme": login.scheme, "proven": named_secret(verdict), "entry": verdict.entry or "–",
        "entered": "asked" if asked else "in", "login": "given" if asked and outcome == "success" else outcome,
    }  # fmt: skip
    found = seen(sighting, site, outcome, f"{login.scheme} {login.user}", facts)
    yield found._replace(confidence=verdict.confidence)


def _is_challenged(login: Credential) -> bool:
    return is_proof(login) and login.scheme != _SCREENS


def _screen(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    event = sighting.event
    if isinstance(event, Request):
        yield _between_zones(operation(sighting, site, result(sighting), screen="open", entry="–", login=result(sighting)), site)
    elif isinstance(event, Identity):  # the server says it of itself: it is who is asked
        said = seen(sighting, site, "offered", "", {"screen": "open", "entry": "–", "login": "unused"})
        yield said._replace(client=said.server, server=said.client)
    elif (verdict := site.proven(sighting)) is not None and verdict.finding is not Finding.NOT_IN_LIST:
        facts = {"screen": named_secret(verdict), "entry": verdict.entry or "–", "login": result(sighting)}
        found = seen(sighting, site, result(sighting), "", facts)
        yield _between_zones(found._replace(confidence=verdict.confidence), site)


def _concerns_a_screen(event: Request | Credential | Identity) -> bool:
    if isinstance(event, Credential):
        return event.scheme == _SCREENS
    return event.protocol == _SCREENS and _OPEN in (event.details if isinstance(event, Request) else event.fields)


def _between_zones(found: Evidence, site: Site) -> Evidence:
    """From another zone it is as bad as can be: the network is all that guards the screen."""
    return found._replace(floor=floor_if(found.variant in SUCCESS and crosses_zones(found, site), Severity.CRITICAL))


_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

CHALLENGES = (
    Detection(
        id="cred.default.challenge",
        watches=(Credential,),
        severity={"success": _HIGH, "unknown": _MEDIUM, "failure": _LOW},
        techniques=("T1694.001", "T0859"),
        requirements=("SR 1.1", "SR 1.5", "SR 1.7"),
        title={
            "en": "Protected login whose password is a default or trivial one",
            "fr": "Connexion protégée dont le mot de passe est d'usine ou évident",
        },
        sentence={
            "en": "{client} {entered} {server} as {user} ({scheme}) {proven}. {login}",
            "fr": "{client} {entered} {server} sous le nom {user} ({scheme}) {proven}. {login}",
        },
        expected={
            "en": "A password of its own for each device, known to no list (entry matched: {entry}). The password was not sent: "
            "what was answered to the challenge is what this one gives.",
            "fr": "Un mot de passe propre à chaque équipement, absent de toute liste (entrée reconnue : {entry}). Le mot de passe n'a pas "
            "été transmis : la réponse au défi est celle que donne ce mot de passe.",
        },
        harmless_when={
            "en": "A client tries an old password and the device refuses it: often a recorder that was forgotten.",
            "fr": "Un client essaie un ancien mot de passe et l'équipement le refuse : souvent un enregistreur oublié.",
        },
        next_step={
            "en": "Replace the password; disable MD5 digest if the device offers SHA-256 or HTTPS, and keep management controllers (IPMI) "
            "in a network of their own.",
            "fr": "Remplacer le mot de passe ; si l'équipement le permet, abandonner le digest MD5 au profit de SHA-256 ou de HTTPS, et "
            "isoler les cartes d'administration (IPMI) dans leur propre réseau.",
        },
        judge=_challenged,
        concerns=_is_challenged,
        terms=PIVOTS,
        keeps=frozenset({"C1"}),
        excusable=False,
    ),
    Detection(
        id="cred.vnc",
        watches=(Request, Credential, Identity),
        protocols=frozenset({"vnc"}),
        severity={"success": _HIGH, "unknown": _MEDIUM, "failure": _LOW, "offered": _LOW},
        techniques=("T1694.001", "T0823", "T0886"),
        requirements=("SR 1.1", "SR 1.5"),
        title={
            "en": "Remote screen (VNC) without a password, or with one that everybody knows",
            "fr": "Écran à distance (VNC) sans mot de passe, ou avec un mot de passe connu de tous",
        },
        sentence={
            "en": "{client}, at the remote screen of {server}: {screen} {login}",
            "fr": "{client}, sur l'écran à distance de {server} : {screen} {login}",
        },
        expected={
            "en": "Remote screens ask for a password that is in no list (entry matched: {entry}), and only the operators' stations open "
            "them.",
            "fr": "Les écrans à distance demandent un mot de passe absent de toute liste (entrée reconnue : {entry}), et seuls les postes "
            "de conduite les ouvrent.",
        },
        harmless_when={
            "en": "A panel is repeated by another one in the same cabinet, over a cable of their own.",
            "fr": "Un pupitre est répété par un autre dans la même armoire, par un câble qui leur est propre.",
        },
        next_step={
            "en": "Set a password or disable the VNC server of the panel, and allow it only from the operator clients.",
            "fr": "Mettre un mot de passe ou désactiver le serveur VNC du pupitre, et ne l'autoriser que depuis les postes de conduite.",
        },
        judge=_screen,
        concerns=_concerns_a_screen,
        terms=(Term(at_least=Severity.CRITICAL, variants=SUCCESS, criticality=frozenset({"C3", "C4"})),),
        keeps=frozenset({"C1"}),
        excusable=False,
    ),
)
