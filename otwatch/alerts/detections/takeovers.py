"""Who decides where packets go: the spanning tree, addresses and names, ways out, rings, trunks (detections.md, group 5)."""

from collections.abc import Iterator

from otwatch.alerts.detections.backbone import is_outside, said_by
from otwatch.alerts.detections.flows import link_evidence
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.usual import LEARNING, USUAL
from otwatch.changes import LinkSeen
from otwatch.events import Binding, Identity, State
from otwatch.sightings import Sighting

_DHCP, _DNS, _DNS_PORT = "dhcp", "dns", 53
_DHCP_SERVER, _ROUTER = ("capability", "dhcp-server"), ("capability", "router")
_ROUTERS_SAY_SO = frozenset({"icmp", "icmpv6"})
_ROUTES, _RESOLVER, _ANYWHERE = "route", "resolver", "0.0.0.0"
_WORSE = {"ring": frozenset({"open"}), "trunk": None}
"""States that are told, by their name; None: all of them."""
_SHOWN = 4
_OFTEN = 3
_UNSURE = 0.6


def _decides(event: Identity | State | Binding) -> bool:
    """Whether it alone may be a finding; another root is found by counting."""
    if isinstance(event, Identity):
        return bool(_server(event) or _router(event))
    if isinstance(event, Binding):
        return event.kind in (_ROUTES, _RESOLVER)
    return event.name in _WORSE and event.value in (_WORSE[event.name] or (event.value,))


def _server(said: Identity) -> bool:
    return said.protocol == _DHCP and _DHCP_SERVER in said.fields


def _router(said: Identity) -> bool:
    return said.protocol in _ROUTERS_SAY_SO and _ROUTER in said.fields


def _control(item: Sighting | LinkSeen, site: Site) -> Iterator[Evidence]:
    if isinstance(item, LinkSeen):
        yield from _names(item, site)
        return
    said = item.event
    if isinstance(said, State):
        yield from _state(item, said, site) if _decides(said) else _root(item, site)
    elif isinstance(said, Binding):
        yield from _handed(item, said, site)
    elif isinstance(said, Identity) and _decides(said):
        yield from _announced(item, said, site)


def _state(sighting: Sighting, said: State, site: Site) -> Iterator[Evidence]:
    yield said_by(sighting, site, said.name, said.value, control=said.name, reason=f"{said.protocol.upper()} {said.value}")


def _handed(sighting: Sighting, said: Binding, site: Site) -> Iterator[Evidence]:
    if not _decides(said):
        yield from _gateways(sighting, site)
    elif said.kind == _ROUTES:
        yield from _way(sighting, said, site)
    else:
        yield from _resolver(sighting, said, site)


def _gateways(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Servers that offer one client different ways out at once: redundant ones agree."""
    crossing = site.windows.crossed("gateways")
    if crossing is not None:
        offers = sorted(f"{who} → {way}" for way, who in (thing for thing in crossing.things if isinstance(thing, tuple)))
        frames = tuple(one.frame for one in crossing.things.values())
        shown = ", ".join(offers[:_SHOWN])
        yield said_by(sighting, site, "gateways", control="gateways", reason=shown)._replace(frames=frames)


def _root(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A bridge that followed one root and follows another."""
    crossing = site.windows.crossed("bridge_roots")
    if crossing is not None:
        roots = sorted(map(str, crossing.things))
        frames = tuple(one.frame for one in crossing.things.values())
        shown = ", ".join(roots[:_SHOWN])
        yield said_by(sighting, site, "stp_root", shown, control="stp_root", reason=shown)._replace(frames=frames)


def _announced(sighting: Sighting, said: Identity, site: Site) -> Iterator[Evidence]:
    """Who hands out addresses, or says that he leads out: gateways of the site file decide, else the baseline."""
    speaker, _ = site.ends(sighting)
    variant, (_, what) = ("router", _ROUTER) if _router(said) else ("dhcp", _DHCP_SERVER)
    declared = site.is_gateway(speaker) if variant == "router" else None
    expected = site.usual.capability(speaker, what, sighting.first_ns) in (LEARNING, USUAL) if declared is None else declared
    if not expected:
        yield said_by(sighting, site, variant, control=variant, reason=dict(said.fields).get("description", said.protocol))


def _way(sighting: Sighting, said: Binding, site: Site) -> Iterator[Evidence]:
    """A redirect, or the way out that a DHCP server hands to everybody: of the latter only the site file can say that it is wrong."""
    if said.key == _ANYWHERE:
        if site.is_gateway(said.value) is False:
            yield said_by(sighting, site, "dhcp", said.value, control="way_out", reason=said.value)
        return
    found = said_by(
        sighting, site, "redirect", said.value, control="redirect", reason=f"{said.key} → {said.value}", destination=said.key,
        gateway=said.value,
    )  # fmt: skip
    yield found if site.is_gateway(said.value) is not None else found._replace(confidence=_UNSURE)


def _resolver(sighting: Sighting, said: Binding, site: Site) -> Iterator[Evidence]:
    if site.gives_names(said.key) is False:
        yield said_by(sighting, site, "dns", said.key, control="resolver", reason=said.key)


def _names(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    is_dns = link.protocol == _DNS and link.port == _DNS_PORT and link.state == "established"
    if is_dns and site.gives_names(link.server) is False and not is_outside(link.server, site):
        yield link_evidence(link, "dns", link.server, control="dns", reason=_DNS)


def _still_leads_astray(evidence: Evidence, site: Site) -> bool:
    """A router may show another router, or the neighbour itself (RFC 4861 8), and in the end it is known who is one. A ring that was open
    for a moment was tested."""
    if evidence.variant == "redirect":
        ends = (evidence.client, evidence.facts["gateway"])
        is_neighbour = evidence.facts["gateway"] == evidence.facts["destination"]
        return not all(_leads(one, site) for one in ends[: 1 if is_neighbour else 2])
    return evidence.variant != "ring" or evidence.times >= _OFTEN


def _leads(asset: str, site: Site) -> bool:
    declared = site.is_gateway(asset)
    return site.crosses(asset) if declared is None else declared


_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

TAKEOVERS = (
    Detection(
        id="integ.l2.control",
        watches=(Identity, State, Binding, LinkSeen),
        severity={
            "stp_root": _HIGH, "dhcp": _HIGH, "gateways": _HIGH, "redirect": _HIGH, "router": _HIGH, "dns": _MEDIUM, "ring": _MEDIUM,
            "trunk": _LOW,
        },
        techniques=("T0830", "T0814"),
        requirements=("SR 3.1", "SR 7.6", "SR 5.2"),
        title={"en": "Somebody else controls the network", "fr": "Le réseau obéit à quelqu'un d'autre"},
        sentence={
            "en": "{server}: {control} ({reason}).",
            "fr": "{server} : {control} ({reason}).",
        },
        expected={
            "en": "The root of the spanning tree, routers, DHCP and DNS servers stay the same, rings are closed, and ports are no trunks.",
            "fr": "La racine du spanning tree, les routeurs, les serveurs DHCP et DNS restent les mêmes, les anneaux sont fermés et les "
            "ports ne deviennent pas des trunks.",
        },
        harmless_when={
            "en": "A switch is being maintained, or a contractor plugged in a router or a laptop that shares its connection.",
            "fr": "Un commutateur est en maintenance, ou un prestataire a branché un routeur ou un portable qui partage sa connexion.",
        },
        next_step={
            "en": "Trace the new root, router, DHCP or DNS server by its MAC and remove it; enable BPDU, DHCP and RA guards; mend the "
            "ring, or make the port an access port.",
            "fr": "Retrouver par sa MAC la nouvelle racine, le routeur, le serveur DHCP ou DNS et le retirer ; activer les gardes BPDU, "
            "DHCP et RA ; réparer l'anneau, ou mettre le port en mode accès.",
        },
        judge=_control,
        concerns=_decides,
        counters=frozenset({"bridge_roots", "gateways"}),
        terms=(Term(step=1, server_of=frozenset({"ot_backbone"})),),
        stands=_still_leads_astray,
    ),
)
