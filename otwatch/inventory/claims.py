"""What speaks against who says by ARP that an address is its own: signs of ARP poisoning (detections.md, integ.arp.spoof)."""

from otwatch.changes import Claim
from otwatch.events.virtual import virtual
from otwatch.inventory.endpoints import network_of
from otwatch.inventory.macs import Macs
from otwatch.sightings import Frame

LATELY_NS = 300_000_000_000
"""An address that a card used so lately is still its own."""
OWN = 2
"""A host has so many addresses; a router that answers for its hosts (proxy ARP) has more."""


def claim(macs: Macs, mac: str, ip: str, time_ns: int) -> Claim:
    """What is known at the time when a card claims an address."""
    sent_for = macs.sent_for(mac)
    if virtual(mac):
        return Claim({})
    others = [seen for address, seen in sent_for.items() if address != ip]
    if 0 < len(others) <= OWN and sum(not seen.by_arp for seen in others) < OWN:
        taken = {address: _rivals(macs, mac, address, time_ns) for address, seen in sent_for.items() if seen.by_arp}
        found = Claim(taken.get(ip, {}), sum(map(bool, taken.values())))
    else:
        found = Claim({})
    claimed = tuple(address for address, seen in sent_for.items() if seen.by_arp)
    return _diverted(macs, mac, claimed, found) if len(claimed) >= OWN else found


def _rivals(macs: Macs, mac: str, ip: str, time_ns: int) -> dict[str, Frame]:
    """Other cards that had an address lately, with a frame of each. Who claims no other takes it only from a card that had it before: a
    mirror of both sides of a router shows the router's card behind the host's."""
    sent_for = macs.sent_for(mac)
    claims_more = any(seen.by_arp for address, seen in sent_for.items() if address != ip)
    return {
        rival: seen.frame
        for rival, seen in macs.of(ip).items()
        if rival != mac and (claims_more or seen.first_ns < sent_for[ip].first_ns) and seen.last_ns >= time_ns - LATELY_NS
    }


def _diverted(macs: Macs, mac: str, claimed: tuple[str, ...], found: Claim) -> Claim:
    """The first address beyond the claimer's networks whose packets came through another card, and soon after through this one."""
    near = set(map(network_of, claimed))
    for beyond, now in macs.sent_for(mac).items():
        for former, before in macs.senders(beyond).items() if network_of(beyond) not in near else ():
            is_soon = before.last_ns < now.first_ns <= before.last_ns + LATELY_NS
            if former != mac and is_soon and not (before.by_arp or now.by_arp):
                return found._replace(claimed=claimed, beyond=beyond, former=former, frames=(before.frame, now.frame))
    return found
