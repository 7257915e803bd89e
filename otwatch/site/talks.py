"""What conversations say when a detection asks: who asked whom, since when, how much was refused, and through whom it went."""

from collections.abc import Mapping

from otwatch.alerts.model import Asker, Exchange
from otwatch.changes import LinkSeen
from otwatch.events import Verb
from otwatch.inventory import Inventory
from otwatch.inventory.links import State, Way
from otwatch.zones.analyses.relays import INTERACTIVE, LATER_NS


def exchange(inventory: Inventory, client: str, server: str, protocol: str) -> Exchange:
    """How much one asked the other in a protocol, how much of it was refused, and since when."""
    between = [one for one in inventory.links.asked_of((server,)) if (one.way.client, one.way.protocol) == (client, protocol)]
    if not between:
        return Exchange()
    requests, errors = sum(sum(one.verbs.values()) for one in between), sum(one.errors for one in between)
    return Exchange(requests, errors, min(one.first_ns for one in between))


def askers(inventory: Inventory, asset: str) -> Mapping[str, Asker]:
    """Who asked an asset anything, under whatever keys of both."""
    found: dict[str, Asker] = {}
    for link in inventory.knowledge.asked_of(inventory.resolve(asset)):
        asker = inventory.resolve(link.way.client)
        before = found.get(asker, Asker(link.first_ns, 0))
        found[asker] = Asker(min(before.since_ns, link.first_ns), max(before.slots, link.slots))
    return found


def relayed(inventory: Inventory, link: LinkSeen) -> tuple[LinkSeen, ...]:
    """Sessions of people into the client of a link while it began. They are few, and links are told once an hour."""
    began = inventory.links.get(Way(*link[:5]))
    if began is None:
        return ()
    into = inventory.links.asked_of(inventory.names.members(inventory.resolve(link.client)))
    sessions = (one for one in into if one.way.protocol in INTERACTIVE and one.state is State.ESTABLISHED)
    return tuple(
        LinkSeen(*one.way, None, "established", 0, one.first_ns, one.frame)
        for one in sessions
        if one.first_ns <= began.first_ns <= one.last_ns + LATER_NS
    )


def looks_for(inventory: Inventory, asset: str) -> bool:
    """Whether it asked who is there: then those who say so answer."""
    keys = inventory.names.members(inventory.resolve(asset))
    return any(Verb.DISCOVER in link.verbs for link in inventory.links.asked_by(keys) if link.way.protocol == "bacnet")
