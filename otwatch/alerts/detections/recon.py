"""Looking around, declared (detections.md, group 4); judged in `sweeps`."""

from otwatch.alerts.detections.sweeps import (
    BACNET,
    MODBUS_MAP,
    MODBUS_UNITS,
    NET,
    asks_identity,
    bacnet,
    enip,
    exploration,
    is_question,
    judged_by_who_asks,
    net,
    still_strange,
    units,
)  # fmt: skip
from otwatch.alerts.model import Detection, Severity, Term, no_event
from otwatch.events import Answer, Request, Verb
from otwatch.sightings import Tally

_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_STRANGERS = frozenset({"office_it", "cctv", "unknown", "remote_maintenance"})
_FROM_OUTSIDE = Term(at_least=_HIGH, client_of=_STRANGERS - {"unknown"})
_MONITORING = ("SR 6.2",)

RECON = (
    Detection(
        id="recon.modbus.unit_scan",
        watches=(Request, Answer),
        severity={"units": _MEDIUM},
        techniques=("T0846", "T0888"),
        requirements=("SR 6.2", "SR 5.2"),
        title={"en": "Sweep of Modbus unit numbers", "fr": "Balayage des numéros d'unité Modbus"},
        sentence={
            "en": "{client} asked for {count} units it never used before behind {server}: {targets}.",
            "fr": "{client} a interrogé {count} unités nouvelles pour lui derrière {server} : {targets}.",
        },
        expected={
            "en": "A client reads the few units it was set up for.",
            "fr": "Un client lit les quelques unités pour lesquelles il est configuré.",
        },
        harmless_when={
            "en": "A gateway is being commissioned, or a supervision starts again on its usual units.",
            "fr": "Une passerelle est en cours de mise en service, ou une supervision redémarre sur ses unités habituelles.",
        },
        next_step={
            "en": "Identify the tool; if it is not a planned inventory, isolate the source and check what it wrote afterwards.",
            "fr": "Identifier l'outil ; si ce n'est pas un inventaire prévu, isoler la source et vérifier ce qu'elle a écrit ensuite.",
        },
        judge=units,
        concerns=no_event,
        counters=MODBUS_UNITS,
        protocols=frozenset({"modbus"}),
        terms=(Term(at_most=_LOW, in_window=True), Term(at_least=_HIGH, client_of=_STRANGERS)),
    ),
    Detection(
        id="recon.modbus.map_scan",
        watches=(Request, Answer),
        severity={"function": _MEDIUM, "address": _MEDIUM, "map": _LOW, "identity": _LOW},
        techniques=("T0861", "T0888"),
        requirements=_MONITORING,
        title={"en": "Sweep of Modbus functions or registers", "fr": "Balayage des fonctions ou registres Modbus"},
        sentence={
            "en": "{client} asked {server} {sought} {targets}.",
            "fr": "{client} a demandé à {server} {sought} {targets}.",
        },
        expected={
            "en": "A client asks for functions and registers that the device has.",
            "fr": "Un client demande des fonctions et registres que l'équipement possède.",
        },
        harmless_when={
            "en": "The supervision reads a block that overlaps a forbidden address, or a meter was replaced by another model.",
            "fr": "La supervision lit un bloc qui déborde sur une adresse interdite, ou un compteur a été remplacé par un autre modèle.",
        },
        next_step={
            "en": "Correct the polling table if it is the supervisor, otherwise treat the source as an intruder preparing a write.",
            "fr": "Corriger la table de scrutation si c'est le superviseur, sinon traiter la source comme un intrus préparant une "
            "écriture.",
        },
        judge=exploration,
        concerns=asks_identity,
        counters=MODBUS_MAP,
        protocols=frozenset({"modbus"}),
        stands=still_strange,
        terms=(Term(at_least=_HIGH, criticality=frozenset({"C4"}), variants=frozenset({"function", "address", "map"})),),
    ),
    Detection(
        id="recon.bacnet.whois_sweep",
        watches=(Request,),
        severity={"sweep": _LOW, "ranges": _MEDIUM},
        techniques=("T0846.002", "T0888"),
        requirements=_MONITORING,
        title={"en": "Sweep for BACnet devices", "fr": "Balayage d'équipements BACnet"},
        sentence={
            "en": "{client} looked for BACnet devices ({operation}, {targets}).",
            "fr": "{client} a cherché des équipements BACnet ({operation}, {targets}).",
        },
        expected={
            "en": "Only supervision and engineering look for devices, and seldom.",
            "fr": "Seules la supervision et l'ingénierie cherchent des équipements, et rarement.",
        },
        harmless_when={
            "en": "A supervision restarted, or the integrator uses a commissioning tool.",
            "fr": "Une supervision a redémarré, ou l'intégrateur utilise un outil de mise en service.",
        },
        next_step={
            "en": "Check whether the integrator is on site; if not, locate the origin's switch port.",
            "fr": "Vérifier si l'intégrateur est sur site ; sinon, localiser le port de commutateur de l'origine.",
        },
        judge=bacnet,
        concerns=is_question,
        counters=BACNET,
        protocols=frozenset({"bacnet"}),
        verbs=frozenset({Verb.DISCOVER, Verb.READ}),
        settled=judged_by_who_asks,
        terms=(_FROM_OUTSIDE,),
    ),
    Detection(
        id="recon.enip.identity_sweep",
        watches=(Request,),
        severity={"sweep": _LOW, "tool_signature": _MEDIUM},
        techniques=("T0846.002", "T0888"),
        requirements=_MONITORING,
        title={"en": "Sweep for EtherNet/IP devices", "fr": "Balayage d'équipements EtherNet/IP"},
        sentence={
            "en": "{client} asked EtherNet/IP devices who they are ({operation}, {targets}){mark}.",
            "fr": "{client} a demandé aux équipements EtherNet/IP qui ils sont ({operation}, {targets}){mark}.",
        },
        expected={
            "en": "Only supervision and engineering ask who is there.",
            "fr": "Seules la supervision et l'ingénierie demandent qui est là.",
        },
        harmless_when={
            "en": "A browser of the vendor's software was left running on a technician's computer.",
            "fr": "L'explorateur d'un logiciel constructeur est resté ouvert sur l'ordinateur d'un technicien.",
        },
        next_step={
            "en": "Find the browsing tool and close it, or declare the host as a scanner with a window.",
            "fr": "Trouver l'outil de parcours et le fermer, ou déclarer l'hôte comme scanner avec une plage horaire.",
        },
        judge=enip,
        protocols=frozenset({"enip"}),
        verbs=frozenset({Verb.DISCOVER}),
    ),
    Detection(
        id="recon.net.sweep",
        watches=(Tally, Request),
        severity={"fast": _MEDIUM, "slow": _MEDIUM},
        techniques=("T0846.001", "T0846.002", "T0840"),
        requirements=("SR 6.2", "SR 5.2"),
        title={"en": "Sweep of the network", "fr": "Balayage du réseau"},
        sentence={
            "en": "{client} tried to reach {targets} (ports {ports}; in vain: {vain}).",
            "fr": "{client} a cherché à joindre {targets} (ports {ports} ; sans succès : {vain}).",
        },
        expected={
            "en": "Each host talks to the few others it was set up for.",
            "fr": "Chaque hôte parle aux quelques autres pour lesquels il est configuré.",
        },
        harmless_when={
            "en": "A router asks for all its neighbours after a restart, or the inventory tool is at work; declare it as a scanner.",
            "fr": "Un routeur recherche tous ses voisins après un redémarrage, ou l'outil d'inventaire travaille ; le déclarer comme "
            "scanner.",
        },
        next_step={
            "en": "Locate the source port on the switch and disconnect it if no intervention explains it.",
            "fr": "Localiser le port de la source sur le commutateur et le débrancher si aucune intervention ne l'explique.",
        },
        judge=net,
        concerns=no_event,
        counters=NET,
        verbs=frozenset({Verb.DISCOVER}),
        terms=(_FROM_OUTSIDE,),
    ),
)
