"""What equipment takes for true, and who makes it up: the time, numbers of devices, streams (detections.md, group 5)."""

from collections.abc import Iterator

from otwatch.alerts.detections.absent import CLOCK, is_seen_missing
from otwatch.alerts.detections.operations import seen
from otwatch.alerts.model import Detection, Evidence, Severity, Site, no_event
from otwatch.alerts.usual import LEARNING, USUAL
from otwatch.changes import PollingStopped
from otwatch.events import REWRITTEN, Anomaly, Binding, Identity, State
from otwatch.sightings import Sighting

_OUTSIDE = "internet"
_TIME_SERVER = ("capability", "time-server")
_SHOWN = 4
_OFTEN = 3
_OFFICE = frozenset({"http", "ftp"})
"""Protocols of everybody, which lead to no equipment."""


def said_by(sighting: Sighting, site: Site, variant: str, subkey: str = "", **facts: str) -> Evidence:
    """Evidence of what the speaker is, to whomever he says it."""
    found = seen(sighting, site, variant, subkey, facts)
    return found._replace(server=found.client)


def is_outside(asset: str, site: Site) -> bool:
    zone = site.zone(asset)
    return zone is not None and zone.kind == _OUTSIDE


def _gives_time(identity: Identity) -> bool:
    return identity.protocol == CLOCK


def _has_no_time(event: Identity | State) -> bool:
    return event.name == "clock" if isinstance(event, State) else _gives_time(event)


def _time(item: Sighting | PollingStopped, site: Site) -> Iterator[Evidence]:
    yield from _no_time(item) if isinstance(item, PollingStopped) else _clock(item, site)


def _no_time(change: PollingStopped) -> Iterator[Evidence]:
    """All who lack the time of one server are one finding."""
    if change.protocol == CLOCK:
        clock = "unanswering" if change.side == "server" else "unasked"
        yield Evidence(
            "absent", change.server, change.server, CLOCK, change.since_ns, change.time_ns, (change.frame,), subkey=clock,
            facts={"clock": clock, "reason": change.client}, transport=change.transport, port=change.port,
        )  # fmt: skip


def _clock(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Where sources of time are declared they decide, else the baseline; what is outside the site is told as a way out."""
    said = sighting.event
    speaker, _ = site.ends(sighting)
    if is_outside(speaker, site) or site.gives_time(speaker):
        variant = ""
    elif site.declares_time():
        variant = "new_server"
    else:
        variant = "" if site.usual.capability(speaker, _TIME_SERVER[1], sighting.first_ns) in (LEARNING, USUAL) else "new_server"
    if isinstance(said, State):
        if not is_outside(speaker, site):
            yield said_by(sighting, site, "unsound", said.value, clock="unsound", reason=said.value)
    elif variant and isinstance(said, Identity) and _TIME_SERVER in said.fields:
        yield said_by(sighting, site, variant, clock=variant, reason=f"stratum {dict(said.fields).get('stratum', '–')}")


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
    if evidence.variant == "absent":
        return is_seen_missing(evidence, site)
    return not is_outside(evidence.server, site) and (evidence.variant != "unsound" or evidence.times >= _OFTEN)


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
        watches=(Identity, State, PollingStopped),
        severity={"new_server": _MEDIUM, "unsound": _MEDIUM, "absent": _LOW},
        techniques=("T0836", "T0830"),
        requirements=("SR 2.11", "SR 6.2"),
        title={"en": "Time server that is unknown, unsound or gone", "fr": "Serveur de temps inconnu, peu fiable ou disparu"},
        sentence={
            "en": "{server} as a time server: {clock} ({reason}).",
            "fr": "{server} comme serveur de temps : {clock} ({reason}).",
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
        judge=_time,
        concerns=_has_no_time,
        stands=_is_clock,
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
