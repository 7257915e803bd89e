"""Logins: with a secret that everybody can know, or in clear (detections.md, groups 1 and 8; parts B and C).

They judge the account; what was done with it is judged by the others. A finding names the user and the entry of the dictionary, never
the secret.
"""

from collections.abc import Iterator

from otwatch.alerts.credentials import Finding, Verdict
from otwatch.alerts.detections.logins import KNOWN, PIVOTS, PROVEN_BY_SERVER, is_anonymous, is_sent, login_result, named_secret
from otwatch.alerts.detections.operations import link_of, operation, seen
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import CHANGES, Credential, Request
from otwatch.sightings import Outcome, Sighting

_OWN = frozenset({"snmp", "bacnet", "s7"})
"""Schemes with a detection of their own."""
_TOLD_IN_CLEAR = frozenset({"snmp", "opcua"})
"""Schemes whose own detection says that the secret can be read."""
_OPEN_WHEN_EMPTY = frozenset({"ipmi", "telnet"})
"""Schemes in which a login without a secret means that none was asked for (IPMI's "cipher zero", a shell without a login)."""
_OUTSIDE = "internet"
_PASSWORD_FAILURE = "4/26"  # class security, code password-failure: a number, no secret
_MANAGEMENT = frozenset({"deviceCommunicationControl", "reinitializeDevice"})


def _default(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    login = sighting.event
    if not isinstance(login, Credential) or login.scheme in _OWN:
        return
    verdict, outcome = _verdict(login, sighting, site), login_result(sighting, login.scheme)
    if is_anonymous(login):
        if outcome == "success":
            found = _login(sighting, login, site, "anonymous", Verdict(Finding.EMPTY))
            yield found._replace(facts={**found.facts, "secret": "none"})
    elif verdict.finding in KNOWN:
        found = _login(sighting, login, site, outcome, verdict)
        opens_to_all = login.scheme in _OPEN_WHEN_EMPTY and verdict.finding is Finding.EMPTY
        yield found._replace(facts={**found.facts, "secret": "none"}) if opens_to_all else found


def _stands(evidence: Evidence, site: Site) -> bool:
    """Servers on the Internet that are open to everybody are no concern of the site."""
    zone = site.zone(evidence.server)
    return evidence.variant != "anonymous" or zone is None or zone.kind != _OUTSIDE


def _verdict(login: Credential, sighting: Sighting, site: Site) -> Verdict:
    _, server = site.ends(sighting)
    return site.credential(login, server)


def _login(sighting: Sighting, login: Credential, site: Site, variant: str, verdict: Verdict) -> Evidence:
    outcome, asked = login_result(sighting, login.scheme), login.scheme in PROVEN_BY_SERVER
    facts = {
        "user": login.user or "–", "scheme": login.scheme, "secret": named_secret(verdict), "entry": verdict.entry or "–",
        "entered": "asked" if asked else "in", "login": "given" if asked and outcome == "success" else outcome,
    }  # fmt: skip
    found = seen(sighting, site, variant, f"{login.scheme} {login.user}", facts)
    return found._replace(confidence=verdict.confidence)


def _community(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A community is a login that every request carries: told once for each right that it gives."""
    login = sighting.event
    if not isinstance(login, Credential) or login.scheme != "snmp":
        return
    crossing = site.windows.crossed("communities")
    if crossing is not None:
        facts = {"entry": "–", "access": "guesses", "login": "unknown"}
        is_many = len(crossing.things) >= site.windows.thresholds.communities_guessed
        found = seen(sighting, site, "guessing" if is_many else "attempt", "attempt", facts)
        yield found._replace(times=crossing.times, frames=crossing.frames)
    if sighting.outcome is Outcome.OK and (verdict := _verdict(login, sighting, site)).finding in {Finding.DEFAULT, Finding.EMPTY}:
        request = site.windows.carrier(sighting.frame)
        changes = request is not None and request.verb in CHANGES
        facts = {"entry": verdict.entry or "–", "access": "changes" if changes else "reads", "login": "success"}
        found = seen(sighting, site, "set" if changes else "read", verdict.entry, facts)
        yield found._replace(confidence=verdict.confidence)


def _management(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """BACnet restart and silence: without a password (the request says so), or with one that is known."""
    event = sighting.event
    if isinstance(event, Request) and event.operation in _MANAGEMENT:
        if sighting.outcome is Outcome.OK and ("password", "absent") in event.details:
            yield operation(sighting, site, "none", entry="–", password="absent", login="success")
    elif isinstance(event, Credential) and event.scheme == "bacnet":
        client, server = _behind(sighting, site)
        if sighting.outcome is not Outcome.ERROR and (verdict := _verdict(event, sighting, site)).finding in KNOWN:
            variant = "default" if sighting.outcome is Outcome.OK else "unknown"
            facts = {"entry": verdict.entry or "–", "password": "known", "login": login_result(sighting, "bacnet")}
            found = seen(sighting, site, variant, verdict.entry, facts)
            yield found._replace(client=client, server=server, confidence=verdict.confidence)
        elif sighting.error_code == _PASSWORD_FAILURE:
            found = seen(sighting, site, "failure", "", {"entry": "–", "password": "wrong", "login": "failure"})
            yield found._replace(client=client, server=server)


def _behind(sighting: Sighting, site: Site) -> tuple[str, str]:
    """Who logs in to whom: a login names no route, the request that carries it does."""
    request = site.windows.carrier(sighting.frame)
    return site.ends(sighting if request is None else sighting._replace(event=request))


def _clear(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A password that anybody on the way can read. Where a conduit declares the protocol, somebody knows and answers for it.

    Communities are told by cred.snmp, passwords of OPC UA by cred.opcua; known secrets by the other detections of this file.
    """
    login = sighting.event
    if not isinstance(login, Credential) or login.scheme in _TOLD_IN_CLEAR or sighting.outcome is Outcome.ERROR or is_anonymous(login):
        return
    if _verdict(login, sighting, site).finding in KNOWN:
        return
    if site.verdict(link_of(sighting, site)).kind != "allowed":
        facts = {"user": login.user or "–", "scheme": login.scheme, "login": login_result(sighting, login.scheme)}
        yield seen(sighting, site, "clear", f"{login.scheme} {login.user}", facts)


_POWER = frozenset({"ups", "electrical_hv", "electrical_lv", "generators", "ot_backbone"})

CREDENTIALS = (
    Detection(
        id="cred.default.cleartext",
        watches=(Credential,),
        severity={"success": Severity.HIGH, "unknown": Severity.MEDIUM, "failure": Severity.LOW, "anonymous": Severity.MEDIUM},
        techniques=("T1694.001", "T0859"),
        requirements=("SR 1.1", "SR 1.5"),
        title={
            "en": "Login with a default, empty or trivial password",
            "fr": "Connexion avec un mot de passe d'usine, vide ou évident",
        },
        sentence={
            "en": "{client} {entered} {server} as {user} ({scheme}) {secret}. {login}",
            "fr": "{client} {entered} {server} sous le nom {user} ({scheme}) {secret}. {login}",
        },
        expected={
            "en": "A password of its own for each device, known to no list (entry matched: {entry}).",
            "fr": "Un mot de passe propre à chaque équipement, absent de toute liste (entrée reconnue : {entry}).",
        },
        harmless_when={
            "en": "A recorder tries several factory passwords on a new camera, and the camera refuses them.",
            "fr": "Un enregistreur essaie plusieurs mots de passe d'usine sur une caméra neuve, et celle-ci les refuse.",
        },
        next_step={
            "en": "Change the account's password on the device during the next intervention, then check that this alert does not come "
            "back.",
            "fr": "Changer le mot de passe du compte sur l'équipement à la prochaine intervention, puis vérifier que ce constat ne revient "
            "pas.",
        },
        judge=_default,
        stands=_stands,
        concerns=is_sent,
        terms=PIVOTS,
        keeps=frozenset({"C1"}),
        excusable=False,
    ),
    Detection(
        id="cred.snmp",
        watches=(Credential,),
        severity={"read": Severity.MEDIUM, "set": Severity.HIGH, "guessing": Severity.MEDIUM, "attempt": Severity.LOW},
        techniques=("T1694.001", "T0859"),
        requirements=("SR 1.2", "SR 1.5"),
        title={"en": "SNMP device that accepts a known community", "fr": "Équipement SNMP qui accepte une communauté connue"},
        sentence={
            "en": "{client} {access} {server}. {login}",
            "fr": "{client} {access} {server}. {login}",
        },
        expected={
            "en": "SNMPv3 with encryption, or communities of the site's own, known to no list (entry matched: {entry}).",
            "fr": "SNMPv3 chiffré, ou des communautés propres au site, absentes de toute liste (entrée reconnue : {entry}).",
        },
        harmless_when={
            "en": "A printer or another office device has wandered into this network.",
            "fr": "Une imprimante ou un autre équipement bureautique s'est égaré dans ce réseau.",
        },
        next_step={
            "en": "Move the agent to SNMPv3 authPriv, or at least change the communities, remove the write one and restrict the manager "
            "address.",
            "fr": "Passer l'agent en SNMPv3 authPriv, sinon changer les communautés, supprimer celle en écriture et limiter l'adresse du "
            "superviseur.",
        },
        judge=_community,
        terms=(
            Term(at_least=Severity.HIGH, variants=frozenset({"read"}), server_of=_POWER),
            Term(at_least=Severity.CRITICAL, variants=frozenset({"set"}), server_of=_POWER),
        ),
        excusable=False,
    ),
    Detection(
        id="cred.bacnet",
        watches=(Request, Credential),
        protocols=frozenset({"bacnet"}),
        severity={"none": Severity.MEDIUM, "default": Severity.HIGH, "unknown": Severity.MEDIUM, "failure": Severity.LOW},
        techniques=("T1694.001",),
        requirements=("SR 1.2", "SR 1.5", "SR 2.1"),
        title={
            "en": "BACnet device that can be restarted or silenced without a password of its own",
            "fr": "Équipement BACnet que l'on peut redémarrer ou faire taire sans mot de passe propre",
        },
        sentence={
            "en": "{client} asked the management of {server} {password}. {login}",
            "fr": "{client} s'est adressé à l'administration de {server} {password}. {login}",
        },
        expected={
            "en": "Every controller asks for a password of its own before it restarts or falls silent (entry matched: {entry}).",
            "fr": "Chaque contrôleur demande un mot de passe qui lui est propre avant de redémarrer ou de se taire (entrée reconnue : "
            "{entry}).",
        },
        harmless_when={
            "en": "The supervision makes its backups this way, from a host that is declared.",
            "fr": "La supervision fait ainsi ses sauvegardes, depuis un hôte déclaré.",
        },
        next_step={
            "en": "Set a reinitialise/communication password on every controller of that brand and record it in the vault.",
            "fr": "Définir un mot de passe de réinitialisation/communication sur tous les contrôleurs de cette marque et le consigner au "
            "coffre.",
        },
        judge=_management,
        verbs=CHANGES,
        excusable=False,
    ),
    Detection(
        id="clear.login",
        watches=(Credential,),
        severity={"clear": Severity.INFO},
        techniques=("T0842", "T0859"),
        requirements=("SR 1.5", "SR 4.1"),
        title={"en": "Password sent in clear", "fr": "Mot de passe transmis en clair"},
        sentence={
            "en": "{client} logged in to {server} as {user} ({scheme}); the password can be read on the network. {login}",
            "fr": "{client} s'est connecté à {server} sous le nom {user} ({scheme}) ; le mot de passe est lisible sur le réseau. {login}",
        },
        expected={
            "en": "Logins are encrypted, or a conduit of the site file says that this one cannot be.",
            "fr": "Les connexions sont chiffrées, ou un conduit du fichier de site dit que celle-ci ne peut pas l'être.",
        },
        harmless_when={
            "en": "The device knows nothing better; declare the conduit and what makes up for it.",
            "fr": "L'équipement ne sait rien faire de mieux ; déclarer le conduit et ce qui compense.",
        },
        next_step={
            "en": "Switch this login to its encrypted version, or keep it inside the zone and change the password yearly.",
            "fr": "Passer cette connexion en version chiffrée, ou la garder dans la zone et changer le mot de passe chaque année.",
        },
        judge=_clear,
        concerns=is_sent,
    ),
)
