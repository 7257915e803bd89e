"""What engineering stations do to controllers: run and stop, restarts, silence (detections.md, group 6; programs: programs.py).

Protocols name these orders in their own ways; the tables below give the variant for each, by protocol and operation.
"""

from collections.abc import Iterator

from otwatch.alerts.detections.modes import changed
from otwatch.alerts.detections.operations import operation
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import CHANGES, Request, State, Verb
from otwatch.sightings import Outcome, Sighting

_RESTARTS = {"coldstart": "order", "warmstart": "order", "activate-changes": "order"}
_RESETS = {"0": "order", "1": "factory", "2": "factory"}
"""CIP Identity reset types (volume 1, 5-2.3.1)."""
_IDENTITY = "0x01/"
"""Other objects have a Reset of their own, which restarts no device: a download resets some of them."""

_BY_OPERATION = {
    "knx": {"Restart": "order", "MasterReset": "factory"},
    "profinet": {"factory reset": "factory", "reset to factory": "factory"},
    "iec104": {"C_RP_NA_1 reset process": "order"},
    "ipmi": {"Cold Reset": "order", "Warm Reset": "order", "Chassis Reset": "order", "power down": "order", "power cycle": "order",
             "hard reset": "order", "soft shutdown": "order"},
}  # fmt: skip
"""Of KNX and IEC 104 by the operation, of PROFINET by the order that a Set gives, of IPMI by what becomes of the machine's power."""
_OFF = frozenset({"power down", "soft shutdown"})


def _restart(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if isinstance(request, Request) and (variant := restart(request)):
        yield operation(sighting, site, variant, request.operation, ordered=_ordered(request, variant))


def _ordered(request: Request, variant: str) -> str:
    """What it is told to do, as a word of words.ORDERED."""
    if variant != "order":
        return variant
    if request.protocol == "modbus":
        return "link"
    return "off" if dict(request.details).get("action") in _OFF else "restart"


def restart(request: Request) -> str:
    """ "order" or "factory" for a request that restarts a device, "" for others."""
    said = dict(request.details)
    if request.protocol == "bacnet" and request.operation == "reinitializeDevice":
        return _RESTARTS.get(said.get("state", ""), "")
    if request.protocol == "cip" and request.operation == "Reset" and any(point.name.startswith(_IDENTITY) for point in request.points):
        return _RESETS.get(said.get("type", "0"), "order")
    if request.protocol in _BY_OPERATION:
        return _BY_OPERATION[request.protocol].get(said.get("order") or said.get("action") or request.operation, "")
    is_diagnostic = request.protocol == "modbus" and request.code == 8
    return "order" if is_diagnostic and said.get("sub") == "1" else ""


def _silence(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request) or request.operation != "deviceCommunicationControl":
        return
    said = dict(request.details)
    state, minutes = said.get("state", ""), said.get("minutes", "")
    if state not in {"disable", "disable-initiation"}:
        return
    variant = "failure" if sighting.outcome is Outcome.ERROR else "limited" if minutes else "unlimited"
    yield operation(sighting, site, variant, state, action=state, until=f"{minutes} min" if minutes else "unlimited")


_C4 = frozenset({"C4"})

ENGINEERING = (
    Detection(
        id="eng.mode.changed",
        watches=(Request, State),
        severity={
            "stop": Severity.HIGH, "init": Severity.HIGH, "start": Severity.MEDIUM, "observed": Severity.MEDIUM, "failure": Severity.MEDIUM,
        },
        techniques=("T0858", "T0881", "T0816"),
        requirements=("SR 2.1", "SR 3.6"),
        title={"en": "Controller stopped, started or set to another mode", "fr": "Automate arrêté, démarré ou changé de mode"},
        sentence={
            "en": "{client} {did} {server} {ordered} ({operation}). {outcome}",
            "fr": "{client} {did} {server} {ordered} ({operation}). {outcome}",
        },
        expected={
            "en": "Controllers change mode only during works that are declared.",
            "fr": "Les automates ne changent de mode que lors de travaux déclarés.",
        },
        harmless_when={
            "en": "Maintenance is under way, or the switch to a redundant controller is being tested.",
            "fr": "Une maintenance est en cours, ou l'on teste la bascule vers un automate redondant.",
        },
        next_step={
            "en": "Send someone to the equipment to take it over by hand, then restart the controller only after comparing its program "
            "with the reference.",
            "fr": "Envoyer quelqu'un reprendre l'équipement en manuel, puis ne redémarrer l'automate qu'après comparaison du programme "
            "à la référence.",
        },
        judge=changed,
        verbs=frozenset({Verb.CONTROL}),
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"stop", "init"}), criticality=_C4),),
    ),
    Detection(
        id="eng.device.restart",
        watches=(Request,),
        severity={"factory": Severity.HIGH, "order": Severity.HIGH},
        techniques=("T0816", "T0814"),
        requirements=("SR 7.1", "SR 7.4", "SR 2.1"),
        title={"en": "Device restarted or reset to factory settings", "fr": "Équipement redémarré ou remis aux réglages d'usine"},
        sentence={
            "en": "{client} ordered {server} {ordered} ({operation}). {outcome}",
            "fr": "{client} a ordonné à {server} {ordered} ({operation}). {outcome}",
        },
        expected={
            "en": "Devices are restarted only during works that are declared.",
            "fr": "Les équipements ne sont redémarrés que lors de travaux déclarés.",
        },
        harmless_when={
            "en": "Maintenance restarts the device after a change of its settings.",
            "fr": "La maintenance redémarre l'équipement après un changement de réglages.",
        },
        next_step={
            "en": "Verify that the device came back with its program, address and time, and find who ordered the restart.",
            "fr": "Vérifier que l'équipement est revenu avec son programme, son adresse et son heure, et trouver qui a ordonné le "
            "redémarrage.",
        },
        judge=_restart,
        verbs=CHANGES,
        terms=(Term(at_least=Severity.CRITICAL, criticality=_C4),),
    ),
    Detection(
        id="eng.bacnet.dcc",
        watches=(Request,),
        protocols=frozenset({"bacnet"}),
        severity={"unlimited": Severity.HIGH, "limited": Severity.MEDIUM, "failure": Severity.MEDIUM},
        techniques=("T0814", "T1691.002", "T0878"),
        requirements=("SR 7.1", "SR 2.1"),
        title={"en": "BACnet device told to fall silent", "fr": "Équipement BACnet sommé de se taire"},
        sentence={
            "en": "{client} told {server} to {action} ({until}). {outcome}",
            "fr": "{client} a ordonné à {server} de {action} ({until}). {outcome}",
        },
        expected={
            "en": "Controllers are silenced only during tests that are declared, and with a time limit.",
            "fr": "Les contrôleurs ne sont réduits au silence que lors d'essais déclarés, et avec une limite de durée.",
        },
        harmless_when={
            "en": "The integrator silences a controller during announced tests.",
            "fr": "L'intégrateur fait taire un contrôleur pendant des essais annoncés.",
        },
        next_step={
            "en": "Send the enable command from the supervisor (or power-cycle the controller) and set a password on that service.",
            "fr": "Envoyer la commande de réactivation depuis le superviseur (ou redémarrer le contrôleur) et mettre un mot de passe sur "
            "ce service.",
        },
        judge=_silence,
        verbs=CHANGES,
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"limited", "unlimited"}), criticality=_C4),),
    ),
)
