"""Who owns an address, and who only says so (detections.md, group 5)."""

from collections.abc import Hashable, Iterator, Mapping
from itertools import pairwise

from otwatch.alerts.detections.operations import few, seen
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.tracks import SECOND, Seen
from otwatch.events import Binding
from otwatch.sightings import Frame, Sighting

_SHOWN = 3


def _contested(sighting: Sighting, site: Site) -> Mapping[Hashable, Seen] | None:
    crossing = site.windows.crossed("arp_owners")
    return crossing.things if crossing is not None and isinstance(sighting.event, Binding) else None


def _is_intruder(owner: Seen) -> bool:
    """Whether a MAC that claims an address owned another one already, and claimed this one again and again."""
    return not owner.failed


def _take_turns(things: Mapping[Hashable, Seen]) -> bool:
    """Whether two claim in turn. A replaced card is heard no more, and a claim that a mirror shows twice is one."""
    heard = sorted((owner.first_ns, owner.last_ns) for owner in things.values() if owner.last_ns - owner.first_ns >= SECOND)
    return any(after_ns < until_ns for (_, until_ns), (after_ns, _) in pairwise(heard))


def _owners(sighting: Sighting, site: Site, things: Mapping[Hashable, Seen], variant: str) -> Evidence:
    facts = {"macs": few(sorted(str(mac) for mac in things), _SHOWN)}
    return _about(sighting, site, variant, facts, tuple(owner.frame for owner in things.values()))


def _duplicate(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    things = _contested(sighting, site)
    if things is not None and _take_turns(things) and not any(map(_is_intruder, things.values())):
        yield _owners(sighting, site, things, "ip")


def _spoofed(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    things = _contested(sighting, site)
    least = site.windows.thresholds.arp_claims
    if things is not None and any(_is_intruder(owner) and owner.times >= least for owner in things.values()):
        yield _owners(sighting, site, things, "suspected")


def _taken_over(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A host claims what other cards had until lately: one address beside its own, or those of two, to stand between them."""
    binding = sighting.event
    if not isinstance(binding, Binding) or binding.kind != "arp" or site.windows.crossed("arp_owners") is not None:
        return
    claim = site.claim(binding.value, binding.key, sighting.first_ns)
    if claim.rivals:
        facts = {"macs": ", ".join([*sorted(claim.rivals)[:_SHOWN], binding.value])}
        found = _about(sighting, site, "takeover", facts, tuple(claim.rivals.values()))
        yield found._replace(floor=_HIGH if claim.taken > 1 else Severity.INFO)


def _suspected(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    yield from _spoofed(sighting, site)
    yield from _taken_over(sighting, site)


def _diverted(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    binding = sighting.event
    if not isinstance(binding, Binding) or binding.kind != "arp":
        return
    claim = site.claim(binding.value, binding.key, sighting.first_ns)
    if claim.claimed:
        addresses = ", ".join(claim.claimed[:_SHOWN])
        facts = {"mac": binding.value, "addresses": addresses, "former": claim.former, "beyond": claim.beyond}
        found = _about(sighting, site, "diverted", facts, claim.frames)
        yield found._replace(client=claim.claimed[0], server=claim.claimed[0], subkey=f"{binding.value} {claim.former}")


def _about(sighting: Sighting, site: Site, variant: str, facts: dict[str, str], frames: tuple[Frame, ...]) -> Evidence:
    """Evidence about the owner of an address."""
    assert isinstance(sighting.event, Binding)
    found, owner = seen(sighting, site, variant, sighting.event.key, facts), sighting.event.key
    return found._replace(client=owner, server=owner, protocol="arp", frames=tuple(dict.fromkeys((*frames, sighting.frame))))


_HIGH, _MEDIUM = Severity.HIGH, Severity.MEDIUM

ADDRESSES = (
    Detection(
        id="integ.arp.spoof",
        watches=(Binding,),
        severity={"suspected": _HIGH, "takeover": _MEDIUM},
        techniques=("T0830",),
        requirements=("SR 3.1", "SR 1.2"),
        title={"en": "Somebody answers for the address of another", "fr": "Quelqu'un répond à la place d'un autre"},
        sentence={
            "en": "Several network cards claim the address of {server} within minutes ({macs}); one of them owns another address too.",
            "fr": "Plusieurs cartes réseau revendiquent l'adresse de {server} à quelques minutes ({macs}) ; l'une en a aussi une autre.",
        },
        expected={
            "en": "An address belongs to one network card; only so does traffic reach whom it is meant for.",
            "fr": "Une adresse appartient à une seule carte réseau ; le trafic n'arrive qu'ainsi à son destinataire.",
        },
        harmless_when={
            "en": "A redundant pair hands its shared address over, or a router answers for its hosts (proxy ARP).",
            "fr": "Un couple redondant bascule son adresse partagée, ou un routeur répond pour ses hôtes (proxy ARP).",
        },
        next_step={
            "en": "Find the card on the switches by its MAC, unplug it, and treat what passed through it as read and changed.",
            "fr": "Trouver la carte sur les commutateurs par son adresse MAC, la débrancher, et considérer ce qui y est passé comme lu et "
            "modifiable.",
        },
        judge=_suspected,
        terms=(Term(at_least=_HIGH, variants=frozenset({"suspected"})),),
        excusable=False,
    ),
    Detection(
        id="integ.arp.diverted",
        watches=(Binding,),
        severity={"diverted": _HIGH},
        techniques=("T0830",),
        requirements=("SR 3.1", "SR 5.2"),
        title={"en": "Traffic led through another device by ARP", "fr": "Trafic détourné par ARP à travers un autre équipement"},
        sentence={
            "en": "Network card {mac} claims several addresses ({addresses}); packets from {beyond}, which came through {former} before, "
            "come through it since.",
            "fr": "La carte réseau {mac} revendique plusieurs adresses ({addresses}) ; les paquets de {beyond}, qui passaient par "
            "{former}, passent depuis par elle.",
        },
        expected={
            "en": "Traffic leaves and enters a network through its router, and not through a device that claims the router's address.",
            "fr": "Le trafic sort d'un réseau et y entre par son routeur, et non par un équipement qui revendique l'adresse du routeur.",
        },
        harmless_when={
            "en": "A router was just replaced, or a standby router without a virtual MAC took over.",
            "fr": "Un routeur vient d'être remplacé, ou un routeur de secours sans MAC virtuelle a pris le relais.",
        },
        next_step={
            "en": "Find the card on the switches by its MAC, unplug it, and treat what passed through it as read and changed.",
            "fr": "Trouver la carte sur les commutateurs par son adresse MAC, la débrancher, et considérer ce qui y est passé comme lu et "
            "modifiable.",
        },
        judge=_diverted,
        terms=(Term(at_least=_HIGH),),
        excusable=False,
    ),
    Detection(
        id="integ.dup.ip",
        watches=(Binding,),
        severity={"ip": _MEDIUM},
        techniques=("T0830", "T0814"),
        requirements=("SR 7.8", "SR 1.2"),
        title={"en": "Two devices with the same IP address", "fr": "Deux équipements avec la même adresse IP"},
        sentence={
            "en": "Several network cards claim the address of {server} within a minute: {macs}.",
            "fr": "Plusieurs cartes réseau revendiquent l'adresse de {server} en une minute : {macs}.",
        },
        expected={
            "en": "An address belongs to one network card.",
            "fr": "Une adresse appartient à une seule carte réseau.",
        },
        harmless_when={
            "en": "A device was just replaced by another one that has its address.",
            "fr": "Un équipement vient d'être remplacé par un autre qui a repris son adresse.",
        },
        next_step={
            "en": "Find both devices on the switches by their MAC, and give one of them another address.",
            "fr": "Trouver les deux équipements sur les commutateurs par leur adresse MAC, et changer l'adresse de l'un d'eux.",
        },
        judge=_duplicate,
        terms=(Term(at_least=_HIGH, criticality=frozenset({"C3", "C4"})),),
    ),
)
