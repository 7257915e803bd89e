"""What is not there any more, or was not done (detections.md, avail.*): changes that `site/absences.py` and `site/expected.py` tell."""

from collections.abc import Iterator
from datetime import UTC, datetime

from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.changes import AssetSilent, OperationMissed, PollingStopped
from otwatch.sightings import Frame

_MINUTE_NS, _SECOND_NS, _MILLISECOND_NS = 60_000_000_000, 1_000_000_000, 1_000_000
_SHOWN = 5
CLOCK = "ntp"


def _stopped(change: PollingStopped, _site: Site) -> Iterator[Evidence]:
    """Of the time integ.ntp.server tells."""
    if change.protocol == CLOCK:
        return
    facts = {
        "halt": change.side, "to": _arrow(change), "spoken": change.protocol,
        "every": str(change.period_ns // _MILLISECOND_NS), "minutes": _minutes(change.since_ns, change.time_ns),
        "concerned": str(change.others),
    }  # fmt: skip
    yield Evidence(
        f"{change.side}_stopped", change.client, change.server, change.protocol, change.since_ns, change.time_ns, _known(change.frame),
        subkey=change.protocol, facts=facts, transport=change.transport, port=change.port,
    )  # fmt: skip


def _arrow(change: PollingStopped) -> str:
    """Between two ends that are known; cyclic data may stop in both directions."""
    if not (change.client and change.server):
        return ""
    return " ↔ " if change.others > 1 else " → "


def _silent(change: AssetSilent, site: Site) -> Iterator[Evidence]:
    """Of single things only equipment and what looks after it is told: computers and telephones come and go."""
    if not change.others and not site.roles(change.asset):
        return
    names = ", ".join(map(site.label, change.others[:_SHOWN])) or "–"
    facts = {"minutes": _minutes(change.since_ns, change.time_ns), "asked": "yes" if change.asked else "no", "targets": names}
    variant = "segment" if change.others else "asked" if change.asked else "silent"
    yield Evidence(variant, change.asset, change.asset, "", change.since_ns, change.time_ns, _known(change.frame), facts=facts)


def _missed(change: OperationMissed, _site: Site) -> Iterator[Evidence]:
    last = datetime.fromtimestamp(change.last_ns // _SECOND_NS, UTC).strftime("%Y-%m-%d") if change.last_ns else "never"
    facts = {"operation": change.operation, "note": change.note or "–", "days": str(change.days), "last": last}
    yield Evidence(
        "missed", "", "", "", change.time_ns, change.time_ns, _known(change.frame), subkey=change.operation, facts=facts,
    )  # fmt: skip


def _minutes(since_ns: int, time_ns: int) -> str:
    return str((time_ns - since_ns) // _MINUTE_NS)


def _known(frame: Frame) -> tuple[Frame, ...]:
    return (frame,) if frame.number else ()


def is_seen_missing(evidence: Evidence, site: Site) -> bool:
    """Whether the sensor could have seen it: that it had become blind is often noticed later."""
    return not site.went_blind(evidence.first_ns)


_C4 = frozenset({"C4"})
_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

ABSENT = (
    Detection(
        id="avail.polling.stopped",
        watches=(PollingStopped,),
        severity={"client_stopped": _MEDIUM, "server_stopped": _MEDIUM, "io_stopped": _MEDIUM},
        techniques=("T0815", "T1691.002", "T0813"),
        requirements=("SR 7.1", "SR 6.2"),
        title={"en": "A regular exchange has stopped", "fr": "Un échange périodique s'est arrêté"},
        sentence={
            "en": "{halt}: {client}{to}{server} ({spoken}, until then every {every}; silent for {minutes} min; exchanges concerned: "
            "{concerned}).",
            "fr": "{halt} : {client}{to}{server} ({spoken}, jusque-là toutes les {every} ; silence de {minutes} min ; échanges "
            "concernés : {concerned}).",
        },
        expected={
            "en": "What is asked day and night goes on day and night.",
            "fr": "Ce qui est interrogé jour et nuit continue jour et nuit.",
        },
        harmless_when={
            "en": "The supervision is being updated, a generator is tested, or equipment is stopped for the season.",
            "fr": "La supervision est en cours de mise à jour, un groupe est à l'essai, ou l'équipement est arrêté pour la saison.",
        },
        next_step={
            "en": "Go and read the equipment locally, then restart the side that is silent; where lives depend on it, start the degraded "
            "procedure first.",
            "fr": "Aller lire l'équipement en local, puis relancer le côté muet ; en zone vitale, lancer d'abord la procédure dégradée.",
        },
        judge=_stopped,
        stands=is_seen_missing,
        terms=(Term(at_least=_HIGH, criticality=_C4),),
    ),
    Detection(
        id="avail.asset.silent",
        watches=(AssetSilent,),
        severity={"silent": _LOW, "asked": _MEDIUM, "segment": _MEDIUM},
        techniques=("T0814", "T0881"),
        requirements=("SR 7.8", "SR 6.2"),
        title={"en": "Known equipment has disappeared", "fr": "Un équipement connu a disparu"},
        sentence={
            "en": "{server} has not been heard for {minutes} min, longer than ever before. {asked} Silent at the same time: {targets}.",
            "fr": "{server} n'a plus été entendu depuis {minutes} min, plus longtemps que jamais. {asked} Muets en même temps : {targets}.",
        },
        expected={
            "en": "Equipment that was heard day by day goes on being heard.",
            "fr": "Un équipement entendu jour après jour continue de l'être.",
        },
        harmless_when={
            "en": "It is under maintenance or runs on batteries, or the mirror port was set up anew.",
            "fr": "Il est en maintenance ou fonctionne sur pile, ou le port miroir a été reconfiguré.",
        },
        next_step={
            "en": "Check power and switch port of the device, and whether someone unplugged or stole it.",
            "fr": "Vérifier l'alimentation et le port de commutateur de l'équipement, et s'il a été débranché ou volé.",
        },
        judge=_silent,
        stands=is_seen_missing,
        terms=(Term(at_least=_HIGH, criticality=_C4),),
    ),
    Detection(
        id="avail.operation.missed",
        watches=(OperationMissed,),
        severity={"missed": _MEDIUM},
        techniques=("T0881",),
        requirements=("SR 6.2",),
        title={"en": "An operation that is expected was not seen", "fr": "Une opération attendue n'a pas été vue"},
        sentence={
            "en": "The operation {operation} ({note}) is expected every {days} days and was not seen in time; seen last: {last}.",
            "fr": "L'opération {operation} ({note}) est attendue tous les {days} jours et n'a pas été vue à temps ; dernière fois : "
            "{last}.",
        },
        expected={
            "en": "What the site file lists under expected_operations is done in time, on the network that is monitored.",
            "fr": "Ce que le fichier de site liste dans expected_operations est fait à temps, sur le réseau surveillé.",
        },
        harmless_when={
            "en": "It was put off, or done by hand at the equipment without the network.",
            "fr": "Elle a été reportée, ou faite à la main sur l'équipement, sans passer par le réseau.",
        },
        next_step={
            "en": "Ask for the test report; without one, plan the test now.",
            "fr": "Demander le compte rendu d'essai ; sans compte rendu, programmer l'essai maintenant.",
        },
        judge=_missed,
    ),
)
