"""From a sighting of an operation to evidence: what all judges of operations share."""

from collections.abc import Sequence

from otwatch.alerts.model import Evidence, Held, Severity, Site
from otwatch.alerts.severity import SURE
from otwatch.alerts.tracks import SECOND
from otwatch.changes import LinkSeen
from otwatch.events import CHANGES, Request
from otwatch.sightings import Outcome, Role, Sighting

_SHOWN, _IN_BLOCK = 3, 8
"""Points and values that a sentence names, and words of one value; further ones are counted."""

LOSSY_CONFIDENCE = 0.3
"""Where the mirror loses or cuts what is said: reads and ends of connections, maybe."""
NAME_ONLY = 0.6
"""Confidence in functions of which no document says more than the name: that one was called proves no more than that."""

VARIANTS = {Outcome.OK: "success", Outcome.ERROR: "failure"}
"""Result variants of the catalogue; any other outcome is "unknown"."""


def result(sighting: Sighting) -> str:
    return VARIANTS.get(sighting.outcome, "unknown")


def operation(sighting: Sighting, site: Site, variant: str, subkey: str = "", **facts: str) -> Evidence:
    """Evidence that a request was made, with what it says of itself as facts."""
    request = sighting.event
    assert isinstance(request, Request)
    said = {
        "operation": named(request),
        "point": listed(request.points) or request.operation,
        "value": listed(request.values) or "–",
        "priority": "–" if request.priority is None else str(request.priority),
        "outcome": outcome(sighting, request),
        "error": sighting.error or "–",
    }
    return seen(sighting, site, variant, subkey, said | _so_far(sighting, site) | facts, request)


def _so_far(sighting: Sighting, site: Site) -> dict[str, str]:
    """What was written to the one point of a request before, and who holds its priorities now (the request is among them by then)."""
    request = sighting.event
    if not isinstance(request, Request) or len(request.points) != 1 or request.verb not in CHANGES or sighting.outcome is Outcome.ERROR:
        return {}
    point = site.written(site.ends(sighting)[1], request.protocol, str(request.points[0]))
    before = listed((point.before,))
    found = {"before": before} if before not in ("", listed(request.values)) else {}
    others = [held for held in point.held if held.priority != request.priority]
    if others:
        found["array"] = "; ".join(f"{one.priority} {_seconds(one, sighting)} {site.label(one.client)} = {one.value}" for one in others)
    return found


def _seconds(held: Held, sighting: Sighting) -> int:
    return max(sighting.last_ns - held.since_ns, 0) // SECOND


def seen(
    sighting: Sighting, site: Site, variant: str, subkey: str, facts: dict[str, str], request: Request | None = None
) -> Evidence:  # fmt: skip
    """Evidence that something was said; of a `request`, what became of it too."""
    client, server = site.ends(sighting)
    talk = sighting.conversation
    return Evidence(
        variant,
        client,
        server,
        talk.service if request is None else request.protocol,
        sighting.first_ns,
        sighting.last_ns,
        (sighting.frame,),
        (sighting.answer,) if sighting.answer else (),
        subkey,
        facts,
        times=sighting.times,
        failed=request is not None and sighting.outcome is Outcome.ERROR,
        guess=talk.role is Role.GUESS,
        verb=None if request is None else request.verb,
        transport=talk.transport,
        port=talk.server_port,
    )


def link_of(sighting: Sighting, site: Site) -> LinkSeen:
    """What was said, as the policy judges it."""
    client, server = site.ends(sighting)
    talk = sighting.conversation
    return LinkSeen(
        client, server, talk.transport, talk.server_port, talk.service, None, "established", 0, sighting.first_ns, sighting.frame
    )


def is_declared(sighting: Sighting, request: Request, site: Site) -> bool:
    """Whether a conduit of the site file allows what is asked, verb and all."""
    link = link_of(sighting, site)._replace(protocol=request.protocol, verb=request.verb)
    return site.verdict(link).kind == "allowed"


def crosses_zones(found: Evidence, site: Site) -> bool:
    """Whether its two sides are in different zones that a person declared."""
    zones = [site.zone(asset) for asset in (found.client, found.server)]
    return len({zone.id for zone in zones if zone is not None and zone.confidence >= SURE}) == len(zones)


def named(request: Request) -> str:
    """The operation with the word that says what exactly: "reinitializeDevice (coldstart)"."""
    said = dict(request.details)
    word = said.get("state") or said.get("mode") or ""
    return f"{request.operation} ({word})" if word else request.operation


def about(request: Request) -> str:
    """What tells writes apart: the point; objects of a controller (not its tags) are set by the dozen in one session."""
    return "objects" if request.points and all(point.kind == "cip" for point in request.points) else str(request.points[:1])


def outcome(sighting: Sighting, request: Request) -> str:
    """What became of it, as a word of vocabulary.WORDS."""
    if request.one_way:
        return "unheard"
    return str(sighting.outcome) or "unknown"


def listed(things: Sequence[object]) -> str:
    """The first few, and how many more; so, too, of a value that is a block of many."""
    more = len(things) - _SHOWN
    return ", ".join([_block(str(thing)) for thing in things[:_SHOWN]]) + (f" (+{more})" if more > 0 else "")


def _block(text: str) -> str:
    if text.count(" ") <= _IN_BLOCK:
        return text
    words = text.split(" ")
    more = len(words) - _IN_BLOCK
    return " ".join(words[:_IN_BLOCK]) + f" … (+{more})" if more > 1 else text


def floor_if(condition: bool, severity: Severity) -> Severity:
    return severity if condition else Severity.INFO
