"""Passwords that are too simple, and one that opens many things (detections.md, group 1: cred.weak.reused).

Two passwords are compared by a sum that is keyed for this process alone and never leaves it (alerts/counting.py). Communities of SNMP and
passwords of BACnet are left out: one for a whole fleet is how they are meant to be used. Secrets that stand in a list are told as that.
"""

from collections.abc import Hashable, Iterator, Mapping
from functools import partial

from otwatch.alerts.credentials import Finding
from otwatch.alerts.detections.logins import KNOWN, is_anonymous, is_sent
from otwatch.alerts.detections.operations import few, floor_if, result, seen
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.tracks import Seen
from otwatch.events import Credential
from otwatch.sightings import Outcome, Sighting

_FLEETS = frozenset({"snmp", "bacnet"})
_SIMPLE = {Finding.WEAK: "simple", Finding.SHORT: "short"}
"""What is guessed at once, and what only a program that tries everything finds: the catalogue has both in one."""
_VITAL = frozenset({"C3", "C4"})
_SHOWN = 8
_GUESSED = 0.6
"""Confidence where nobody knows whether the password was the right one: a guess of many, or an answer that the mirror lost."""


def _weak(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    login = sighting.event
    assert isinstance(login, Credential)
    if result(sighting) == "failure" or not _concerns(login):
        return
    _, server = site.ends(sighting)
    crossing = site.windows.crossed("secrets")
    verdict = site.credential(login, server)
    if variant := _SIMPLE.get(verdict.finding):
        facts = {"weakness": variant, "devices": site.label(server), "users": login.user or "–"}
        found = seen(sighting, site, variant, f"{login.scheme} {login.user}", facts)
        yield found if sighting.outcome is Outcome.OK else found._replace(confidence=_GUESSED)
    if crossing is None or verdict.finding in KNOWN:
        return
    first = str(next(iter(crossing.things)))
    found = seen(sighting, site, "reused", first, {"weakness": "reused", "users": login.user or "–"})
    is_vital = any(site.criticality(str(one)) in _VITAL for one in crossing.things)
    yield found._replace(
        server="", frames=crossing.frames, times=crossing.times, first_ns=crossing.first_ns, last_ns=crossing.last_ns,
        floor=floor_if(is_vital, Severity.HIGH), late=partial(_devices, crossing.things, site),
    )  # fmt: skip


def _concerns(login: Credential) -> bool:
    return is_sent(login) and login.scheme not in _FLEETS and not is_anonymous(login)


def _devices(things: Mapping[Hashable, Seen], site: Site) -> dict[str, str]:
    names = sorted({site.label(site.final(str(thing))) for thing in things})
    return {"devices": few(names, _SHOWN)}


SECRETS = (
    Detection(
        id="cred.weak.reused",
        watches=(Credential,),
        severity={"reused": Severity.MEDIUM, "simple": Severity.MEDIUM, "short": Severity.LOW},
        techniques=("T0859",),
        requirements=("SR 1.5", "SR 1.7"),
        title={
            "en": "Password that is too simple, or the same for several devices",
            "fr": "Mot de passe trop simple, ou commun à plusieurs équipements",
        },
        sentence={
            "en": "{client} logs in (user {users}): {weakness} {devices}.",
            "fr": "{client} se connecte (utilisateur {users}) : {weakness} {devices}.",
        },
        expected={
            "en": "Each system has a password of its own, of eight characters or more, kept in the technical vault.",
            "fr": "Chaque système a son propre mot de passe, d'au moins huit caractères, conservé au coffre technique.",
        },
        harmless_when={
            "en": "One account for everything is the principle of a single sign-on, or one recorder drives a fleet of identical cameras.",
            "fr": "Un compte unique est le principe d'une authentification centralisée, ou un enregistreur pilote un parc de caméras "
            "identiques.",
        },
        next_step={
            "en": "Give each system its own password, starting with those of the critical zones, and keep them in the technical vault.",
            "fr": "Attribuer un mot de passe propre à chaque système, en commençant par les zones critiques, et les conserver au coffre "
            "technique.",
        },
        judge=_weak,
        concerns=_concerns,
        counters=frozenset({"secrets"}),
        terms=(Term(at_least=Severity.HIGH, variants=frozenset(_SIMPLE.values()), criticality=_VITAL),),
        excusable=False,
    ),
)
