"""What is new, and what breaks its protocol (detections.md, groups 7 and 9)."""

from collections.abc import Iterator

from otwatch.alerts.detections.operations import seen
from otwatch.alerts.groups import is_group
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.tracks import SECOND
from otwatch.changes import AssetSeen
from otwatch.events import REWRITTEN, Anomaly
from otwatch.sightings import Sighting

_OUTSIDE = "internet"
_DIALECTS = frozenset({"http", "ftp"})
"""Protocols of everybody, spoken badly by many: a single flaw there is counted with what was not understood, and no finding."""
_MACS = 17
"""Length of a MAC as text."""


def _new(change: AssetSeen, site: Site) -> Iterator[Evidence]:
    """While learning, what is new is in the inventory and no finding, but in vital zones; in the first hour of a record everything is."""
    settled_ns = site.began_ns + site.windows.thresholds.settle_s * SECOND
    if change.time_ns < settled_ns or is_group(change.asset):
        return
    zone = site.zone(change.asset)
    if (zone is not None and zone.kind == _OUTSIDE) or site.usual.is_accepted(change.asset):
        return
    if site.learning(change.time_ns) and site.criticality(change.asset) != "C4":
        return
    variant = "random_mac" if _is_random(change.asset) else "new"
    yield Evidence(variant, change.asset, change.asset, "", change.time_ns, change.time_ns, (change.frame,))


def _stands(evidence: Evidence, site: Site) -> bool:
    """Where the site declares no zones, it is known only in the end what is outside."""
    zone = site.zone(evidence.server)
    return zone is None or zone.kind != _OUTSIDE


def _is_random(asset: str) -> bool:
    """Whether the asset is known by a locally administered MAC: phones make up such addresses."""
    return len(asset) == _MACS and asset[2] == ":" and asset[1].lower() in "26ae"


def _malformed(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Where bytes are missing from the capture, nothing is said about what is left."""
    flaw = sighting.event
    if not isinstance(flaw, Anomaly) or flaw.reason == REWRITTEN or site.windows.is_lossy(sighting.conversation, sighting.first_ns):
        return
    facts = {"spoken": flaw.protocol, "reason": flaw.reason}
    crossing = site.windows.crossed("malformed")
    if crossing is None:
        if flaw.protocol not in _DIALECTS:
            yield seen(sighting, site, "single", flaw.protocol, facts)
        return
    found = seen(sighting, site, "fuzzing", flaw.protocol, facts)
    yield found._replace(times=crossing.times, frames=crossing.frames, first_ns=crossing.first_ns)


_HIGH = Severity.HIGH

DRIFT = (
    Detection(
        id="inv.asset.new",
        watches=(AssetSeen,),
        severity={"new": Severity.LOW, "random_mac": Severity.MEDIUM},
        techniques=("T0864", "T0848"),
        requirements=("SR 7.8", "SR 1.2", "SR 2.3"),
        title={"en": "New equipment on the network", "fr": "Nouvel équipement sur le réseau"},
        sentence={
            "en": "{server} was never seen before.",
            "fr": "{server} n'avait jamais été vu.",
        },
        expected={
            "en": "Equipment that is known from the learning period or declared.",
            "fr": "Des équipements connus depuis l'apprentissage, ou déclarés.",
        },
        harmless_when={
            "en": "Planned works brought it, or it replaces one of the same model.",
            "fr": "Des travaux prévus l'ont amené, ou il remplace un équipement du même modèle.",
        },
        next_step={
            "en": "Name it, give it a zone and an owner in the site file, or unplug it.",
            "fr": "Le nommer, lui donner une zone et un responsable dans le fichier de site, ou le débrancher.",
        },
        judge=_new,
        terms=(
            Term(at_least=Severity.MEDIUM, criticality=frozenset({"C4"})),
            Term(at_least=Severity.MEDIUM, server_of=frozenset({"engineering"})),
            Term(at_least=_HIGH, server_of=frozenset({"fire_safety", "medical_gases"})),
        ),
        learns=True,
        stands=_stands,
    ),
    Detection(
        id="malf.frame",
        watches=(Anomaly,),
        severity={"single": Severity.LOW, "fuzzing": _HIGH},
        techniques=("T0814", "T0819", "T0866"),
        requirements=("SR 3.5", "SR 7.1"),
        title={"en": "Message that breaks its protocol", "fr": "Message qui enfreint son protocole"},
        sentence={
            "en": "{client} sent {server} {spoken} messages that break the protocol ({reason}).",
            "fr": "{client} a envoyé à {server} des messages {spoken} qui enfreignent le protocole (détail en anglais : {reason}).",
        },
        expected={
            "en": "Messages as the protocol's specification describes them.",
            "fr": "Des messages conformes à la spécification du protocole.",
        },
        harmless_when={
            "en": "It is a habit of this manufacturer, seen on every message of this device.",
            "fr": "C'est une habitude de ce constructeur, visible sur tous les messages de l'équipement.",
        },
        next_step={
            "en": "Keep the capture, check the target answers normally, and ask the vendor if the same frame comes from its own tool.",
            "fr": "Conserver la capture, vérifier que la cible répond normalement et interroger le constructeur si la trame vient de son "
            "outil.",
        },
        judge=_malformed,
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"fuzzing"}), criticality=frozenset({"C4"})),),
    ),
)
