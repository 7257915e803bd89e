"""What the network rests on, and who takes it over: clocks, bridges, addresses and names, numbers of devices, streams (group 5)."""

from collections.abc import Iterator

from otwatch.alerts.detections.flows import link_evidence
from otwatch.alerts.detections.operations import seen
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term, no_event
from otwatch.alerts.usual import LEARNING, USUAL
from otwatch.changes import LinkSeen
from otwatch.events import REWRITTEN, Anomaly, Binding, Identity, State
from otwatch.sightings import Sighting

_OUTSIDE = "internet"
_NTP, _DHCP, _DNS, _DNS_PORT = "ntp", "dhcp", "dns", 53
_TIME_SERVER, _DHCP_SERVER = ("capability", "time-server"), ("capability", "dhcp-server")
_SHOWN = 4
_OFTEN = 3
_OFFICE = frozenset({"http", "ftp"})
"""Protocols of everybody, which lead to no equipment."""


def _by(sighting: Sighting, site: Site, variant: str, subkey: str = "", **facts: str) -> Evidence:
    """Evidence of what the speaker is, to whomever he says it."""
    found = seen(sighting, site, variant, subkey, facts)
    return found._replace(server=found.client)


def _is_outside(asset: str, site: Site) -> bool:
    zone = site.zone(asset)
    return zone is not None and zone.kind == _OUTSIDE


def _gives_time(identity: Identity) -> bool:
    return identity.protocol == _NTP


def _serves(event: Identity | Binding | LinkSeen | State) -> bool:
    return isinstance(event, Identity) and event.protocol == _DHCP and _DHCP_SERVER in event.fields


def _has_no_time(event: Identity | State) -> bool:
    return event.name == "clock" if isinstance(event, State) else _gives_time(event)


def _clock(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Where sources of time are declared they decide, else the baseline; what is outside the site is told as a way out."""
    said = sighting.event
    speaker, _ = site.ends(sighting)
    if _is_outside(speaker, site) or site.gives_time(speaker):
        variant = ""
    elif site.declares_time():
        variant = "new_server"
    else:
        variant = "" if site.usual.capability(speaker, _TIME_SERVER[1], sighting.first_ns) in (LEARNING, USUAL) else "new_server"
    if isinstance(said, State):
        if not _is_outside(speaker, site):
            yield _by(sighting, site, "unsound", said.value, clock="unsound", reason=said.value)
    elif variant and isinstance(said, Identity) and _TIME_SERVER in said.fields:
        yield _by(sighting, site, variant, clock=variant, reason=f"stratum {dict(said.fields).get('stratum', '–')}")


def _control(item: Sighting | LinkSeen, site: Site) -> Iterator[Evidence]:
    if isinstance(item, LinkSeen):
        yield from _names(item, site)
    elif isinstance(item.event, State):
        yield from _root(item, site)
    elif isinstance(item.event, Binding):
        yield from _gateways(item, site)
    elif isinstance(item.event, Identity) and _serves(item.event):
        speaker, _ = site.ends(item)
        if site.usual.capability(speaker, _DHCP_SERVER[1], item.first_ns) not in (LEARNING, USUAL):
            yield _by(item, site, "dhcp", control="dhcp", reason=_DHCP)


def _gateways(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Servers that offer one client different ways out at once: redundant ones agree."""
    crossing = site.windows.crossed("gateways")
    if crossing is not None:
        offers = sorted(f"{who} → {way}" for way, who in (thing for thing in crossing.things if isinstance(thing, tuple)))
        frames = tuple(one.frame for one in crossing.things.values())
        yield _by(sighting, site, "gateways", ", ".join(offers[:_SHOWN]), control="gateways", reason=", ".join(offers[:_SHOWN]))._replace(
            frames=frames
        )


def _root(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """A bridge that followed one root and follows another."""
    crossing = site.windows.crossed("bridge_roots")
    if crossing is not None:
        roots = sorted(map(str, crossing.things))
        frames = tuple(one.frame for one in crossing.things.values())
        shown = ", ".join(roots[:_SHOWN])
        yield _by(sighting, site, "stp_root", shown, control="stp_root", reason=shown)._replace(frames=frames)


def _names(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    is_dns = link.protocol == _DNS and link.port == _DNS_PORT and link.state == "established"
    if is_dns and site.gives_names(link.server) is False and not _is_outside(link.server, site):
        yield link_evidence(link, "dns", link.server, control="dns", reason=_DNS)


def _instances(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    crossing = site.windows.crossed("bacnet_instances")
    if crossing is None or not isinstance(sighting.event, Binding):
        return
    stations = sorted(map(str, crossing.things))
    facts = {"instance": sighting.event.key, "stations": ", ".join(stations[:_SHOWN])}
    found = seen(sighting, site, "duplicate", sighting.event.key, facts)
    frames = tuple(one.frame for one in crossing.things.values())
    yield found._replace(client=stations[0], server=stations[0], frames=frames, protocol="bacnet", times=crossing.times)


def _is_clock(evidence: Evidence, site: Site) -> bool:
    """A server that was just started gives no time for a while. Without declared zones only the end tells what is outside."""
    return not _is_outside(evidence.server, site) and (evidence.variant != "unsound" or evidence.times >= _OFTEN)


def _is_rewritten(flaw: Anomaly) -> bool:
    return flaw.reason == REWRITTEN


def _overlap(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    if isinstance(sighting.event, Anomaly) and _is_rewritten(sighting.event):
        variant = "office" if sighting.event.protocol in _OFFICE else "overlap"
        yield seen(sighting, site, variant, sighting.event.protocol, {"spoken": sighting.event.protocol})


_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

BACKBONE = (
    Detection(
        id="integ.ntp.server",
        watches=(Identity, State),
        severity={"new_server": _MEDIUM, "unsound": _MEDIUM},
        techniques=("T0836", "T0830"),
        requirements=("SR 2.11", "SR 6.2"),
        title={"en": "Time server that is unknown or gives no sound time", "fr": "Serveur de temps inconnu, ou sans heure fiable"},
        sentence={
            "en": "{server} answers as a time server: {clock} ({reason}).",
            "fr": "{server} répond comme serveur de temps : {clock} ({reason}).",
        },
        expected={
            "en": "Time comes from the declared sources (time_sources), or from those that were learnt, and their clocks are set.",
            "fr": "L'heure vient des sources déclarées (time_sources), ou de celles apprises, et leurs horloges sont à l'heure.",
        },
        harmless_when={
            "en": "The server has just been started, its antenna failed, or a new source was put into service.",
            "fr": "Le serveur vient de démarrer, son antenne est en panne, ou une nouvelle source a été mise en service.",
        },
        next_step={
            "en": "Check the antenna and upstream of the server, then compare two declared servers before trusting any log.",
            "fr": "Vérifier l'antenne et l'amont du serveur, puis comparer deux serveurs déclarés avant de se fier aux journaux.",
        },
        judge=_clock,
        concerns=_has_no_time,
        stands=_is_clock,
    ),
    Detection(
        id="integ.l2.control",
        watches=(Identity, Binding, State, LinkSeen),
        severity={"stp_root": _HIGH, "dhcp": _HIGH, "gateways": _HIGH, "dns": _MEDIUM},
        techniques=("T0830", "T0814"),
        requirements=("SR 3.1", "SR 7.6", "SR 5.2"),
        title={"en": "Somebody else controls the network", "fr": "Le réseau obéit à quelqu'un d'autre"},
        sentence={
            "en": "{server}: {control} ({reason}).",
            "fr": "{server} : {control} ({reason}).",
        },
        expected={
            "en": "The root of the spanning tree, the DHCP servers and the DNS servers stay the same.",
            "fr": "La racine du spanning tree, les serveurs DHCP et les serveurs DNS restent les mêmes.",
        },
        harmless_when={
            "en": "A switch is being maintained, or a contractor plugged in a router or a laptop that shares its connection.",
            "fr": "Un commutateur est en maintenance, ou un prestataire a branché un routeur ou un portable qui partage sa connexion.",
        },
        next_step={
            "en": "Trace the new root, DHCP or DNS server by its MAC and remove it; enable BPDU and DHCP guards.",
            "fr": "Retrouver par sa MAC la nouvelle racine, le serveur DHCP ou DNS et le retirer ; activer les gardes BPDU et DHCP.",
        },
        judge=_control,
        concerns=_serves,
        counters=frozenset({"bridge_roots", "gateways"}),
        terms=(Term(step=1, server_of=frozenset({"ot_backbone"})),),
    ),
    Detection(
        id="integ.bacnet.dup_instance",
        watches=(Binding,),
        severity={"duplicate": _LOW},
        techniques=("T0848", "T0830"),
        requirements=("SR 1.2", "SR 3.1"),
        title={"en": "Two BACnet devices with the same number", "fr": "Deux équipements BACnet portent le même numéro"},
        sentence={
            "en": "BACnet device {instance} announces itself from several places within a minute ({stations}): {server} and another.",
            "fr": "L'équipement BACnet {instance} s'annonce de plusieurs endroits en une minute ({stations}) : {server} et un autre.",
        },
        expected={
            "en": "An instance number belongs to one device in the whole network (135-2020 clause 12.11.1).",
            "fr": "Un numéro d'instance n'appartient qu'à un seul équipement de tout le réseau (135-2020, article 12.11.1).",
        },
        harmless_when={
            "en": "A spare controller was powered with the old program, or devices were left at their factory number.",
            "fr": "Un contrôleur de rechange a démarré avec l'ancien programme, ou des équipements ont gardé leur numéro d'usine.",
        },
        next_step={
            "en": "Change the number of the newer device, and check that alarms of the older one still reach the supervision.",
            "fr": "Changer le numéro du dernier arrivé, et vérifier que les alarmes de l'autre arrivent toujours à la supervision.",
        },
        judge=_instances,
        concerns=no_event,
        counters=frozenset({"bacnet_instances"}),
    ),
    Detection(
        id="integ.response.anomaly",
        watches=(Anomaly,),
        severity={"overlap": _HIGH, "office": _LOW},
        techniques=("T0830", "T0832"),
        requirements=("SR 3.1", "SR 3.8"),
        title={"en": "Bytes sent twice with different contents", "fr": "Octets émis deux fois avec des contenus différents"},
        sentence={
            "en": "{client} sent {server} the same bytes of a {spoken} connection twice, with different contents: one copy is not his.",
            "fr": "{client} a émis vers {server} deux fois les mêmes octets d'une connexion {spoken}, avec des contenus différents : l'une "
            "des copies n'est pas de lui.",
        },
        expected={
            "en": "What is sent again is the same (RFC 9293 3.8); otwatch reads the first copy.",
            "fr": "Ce qui est réémis est identique (RFC 9293 3.8) ; otwatch lit la première copie.",
        },
        harmless_when={
            "en": "The capture was merged from several points, or a device with a faulty TCP stack reuses its numbers.",
            "fr": "La capture fusionne plusieurs points, ou un équipement à la pile TCP défectueuse réutilise ses numéros.",
        },
        next_step={
            "en": "Compare the value on the equipment's display with the supervision, and search for a host between them.",
            "fr": "Comparer la valeur affichée par l'équipement à celle de la supervision, et chercher un hôte intercalé.",
        },
        judge=_overlap,
        concerns=_is_rewritten,
    ),
)
