"""Passwords that are tried one after the other (detections.md, group 1: cred.bruteforce)."""

from collections.abc import Hashable, Iterator, Mapping
from functools import partial

from otwatch.alerts.detections.operations import few, seen
from otwatch.alerts.detections.sweeps import addresses
from otwatch.alerts.model import Detection, Evidence, Severity, Site, no_event
from otwatch.alerts.tracks import Seen
from otwatch.events import Credential
from otwatch.sightings import Outcome, Sighting, Tally

_UNSURE = 0.6
_SHOWN = 3
"""User names that a sentence gives; further ones are counted."""


def _guesses(item: Sighting | Tally, site: Site) -> Iterator[Evidence]:
    if isinstance(item, Tally):
        yield from _hurried(item, site)
        return
    yield from _at_one(item, site)
    yield from _at_many(item, site)


def _at_many(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A few passwords at each of many. A recorder that lost the password of its cameras does the same."""
    crossing = site.windows.crossed("sprays")
    if crossing is None or not isinstance(sighting.event, Credential):
        return
    facts = {"scheme": sighting.event.scheme, "deed": "refused", "end": "refused", "users": sighting.event.user or "–"}
    found = seen(sighting, site, "spray", sighting.event.scheme, facts)
    yield found._replace(
        server="", frames=crossing.frames, answers=(), times=crossing.times, first_ns=crossing.first_ns, last_ns=crossing.last_ns,
        confidence=_UNSURE if "recorder" in site.roles(found.client) else 1.0, late=partial(_many_facts, crossing.things),
    )  # fmt: skip


def _many_facts(things: Mapping[Hashable, Seen]) -> dict[str, str]:
    """Things are servers."""
    return {"count": str(sum(seen.times for seen in things.values())), "targets": addresses(things)}


def _at_one(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """All logins of one client at one server, from the first refusal of the series; a login that was accepted ends in a break-in."""
    crossing = site.windows.crossed("logins")
    if crossing is None or not isinstance(sighting.event, Credential):
        return
    is_in = sighting.outcome is Outcome.OK
    facts = {"scheme": sighting.event.scheme, "deed": "refused", "end": "accepted" if is_in else "refused"}
    found = seen(sighting, site, "success_after" if is_in else "failing", sighting.event.scheme, facts)
    yield found._replace(
        frames=crossing.frames, times=crossing.times, first_ns=crossing.first_ns, last_ns=crossing.last_ns,
        late=partial(_facts, crossing.things),
    )  # fmt: skip


def _hurried(tally: Tally, site: Site) -> Iterator[Evidence]:
    """Sessions whose logins cannot be read, one after the other."""
    crossing = site.windows.crossed("sessions")
    if crossing is None:
        return
    talk = tally.conversation
    facts = {"scheme": talk.service, "deed": "hurried", "end": "sealed", "users": "–"}
    yield Evidence(
        "hurried", talk.client, talk.server, talk.service, crossing.first_ns, crossing.last_ns, crossing.frames, subkey=talk.service,
        facts=facts, late=partial(_counted, crossing.things), times=crossing.times, transport=talk.transport, port=talk.server_port,
    )  # fmt: skip


def _counted(things: Mapping[Hashable, Seen]) -> dict[str, str]:
    return {"count": str(len(things)), "targets": ""}


def _facts(things: Mapping[Hashable, Seen]) -> dict[str, str]:
    """Things are (frame, user)."""
    users = sorted({thing[1] or "–" for thing in things if isinstance(thing, tuple)})
    return {"count": str(sum(seen.failed for seen in things.values())), "users": few(users, _SHOWN), "targets": ""}


GUESSING = (
    Detection(
        id="cred.bruteforce",
        watches=(Credential, Tally),
        severity={"failing": Severity.MEDIUM, "spray": Severity.MEDIUM, "hurried": Severity.MEDIUM, "success_after": Severity.HIGH},
        techniques=("T0859", "T1694.001"),
        requirements=("SR 1.11",),
        title={"en": "Many refused logins in a row", "fr": "Nombreuses connexions refusées à la suite"},
        sentence={
            "en": "{server}{targets} {deed} {count} logins of {client} ({scheme}, user {users}). {end}",
            "fr": "{server}{targets} {deed} {count} connexions de {client} ({scheme}, utilisateur {users}). {end}",
        },
        expected={
            "en": "Somebody who knows the password is refused a few times at most.",
            "fr": "Qui connaît le mot de passe n'essuie que quelques refus.",
        },
        harmless_when={
            "en": "One user with one password at a fixed period: a client was forgotten when the password changed; or a program that "
            "administers machines opens a session for each step.",
            "fr": "Un seul utilisateur à période fixe : un client a été oublié lors du changement de mot de passe ; ou un programme "
            "d'administration ouvre une session par étape.",
        },
        next_step={
            "en": "Find the machine that tries; if a login was accepted in the end, change the password and review what was done with it.",
            "fr": "Trouver la machine qui essaie ; si une connexion a fini par être acceptée, changer le mot de passe et vérifier ce qui "
            "en a été fait.",
        },
        judge=_guesses,
        concerns=no_event,
        counters=frozenset({"logins", "sessions", "sprays"}),
        excusable=False,
    ),
)
