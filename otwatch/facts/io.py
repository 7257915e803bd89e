"""EtherNet/IP I/O data, counted: by connection and direction, with what its Forward Open said of it; and controllers that changed between
run and idle."""

from otwatch.events import Request, State
from otwatch.facts.ledger import Ledger, ends
from otwatch.sightings import Sighting

SECTION = "io"


def see(sighting: Sighting, ledger: Ledger) -> None:
    event, between = sighting.event, ends(sighting)
    who = (("source", between.source), ("destination", between.target))
    if isinstance(event, Request):
        assembly = (("assembly", event.points[0].name),) if event.points else ()
        route = event.target or event.origin
        through = (("route", " ".join(route)),) if route else ()
        ledger.add(SECTION, "connections", (*who, *through, *assembly, *event.details), sighting)
    elif isinstance(event, State):
        before = (("before", event.before),) if event.before else ()
        ledger.add(SECTION, "states", (*who, *before, ("state", event.value)), sighting)
