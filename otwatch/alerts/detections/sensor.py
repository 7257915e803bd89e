"""The monitor itself: when it no longer sees correctly, what it does not tell proves nothing (detections.md, sensor.blind)."""

from collections.abc import Iterator

from otwatch.alerts.detections.operations import floor_if
from otwatch.alerts.model import Detection, Evidence, Severity, Site
from otwatch.changes import Blindness, SightLost


def _blind(change: SightLost, _site: Site) -> Iterator[Evidence]:
    """That it lasts is no new loss, but what was covered decides then."""
    facts = {"blind": str(change.kind), "where": change.where or "–", "amount": change.amount}
    frames = (change.frame,) if change.frame.number else ()
    yield Evidence(
        str(change.kind), "", "", "", change.since_ns, change.time_ns, frames, subkey=change.where, facts=facts,
        times=int(not change.lasts), floor=floor_if(change.lasts and change.covers == "C4", Severity.HIGH),
    )  # fmt: skip


SENSOR = (
    Detection(
        id="sensor.blind",
        watches=(SightLost,),
        severity={str(kind): Severity.MEDIUM for kind in Blindness},
        techniques=("T1691.002", "T0832"),
        requirements=("SR 2.10", "SR 6.2"),
        title={"en": "The sensor no longer sees correctly", "fr": "La sonde ne voit plus correctement"},
        sentence={
            "en": "{blind} ({where}: {amount}). Until it sees again, what it does not tell proves nothing.",
            "fr": "{blind} ({where} : {amount}). Tant qu'elle ne voit pas de nouveau, ce qu'elle ne signale pas ne prouve rien.",
        },
        expected={
            "en": "The mirror shows the same networks all the time, and the sensor reads and keeps all of it.",
            "fr": "Le miroir montre toujours les mêmes réseaux, et la sonde lit et conserve tout.",
        },
        harmless_when={
            "en": "A switch was restarted, the mirror was being changed, or a small network is silent at night.",
            "fr": "Un commutateur a redémarré, le miroir était en cours de modification, ou un petit réseau se tait la nuit.",
        },
        next_step={
            "en": "Check the mirror session on the switch and the load, disk and clock of the sensor; note the blind period in the log.",
            "fr": "Vérifier la session miroir du commutateur, puis la charge, le disque et l'horloge de la sonde ; noter au journal la "
            "période aveugle.",
        },
        judge=_blind,
        excusable=False,
    ),
)
