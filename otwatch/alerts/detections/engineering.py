"""What engineering stations do to controllers: run and stop, programs in and out, restarts, silence (detections.md, group 6).

Protocols name these orders in their own ways; the tables below give the variant for each, by protocol and operation.
"""

from collections.abc import Iterator

from otwatch.alerts.detections.modes import changed, program_change
from otwatch.alerts.detections.operations import operation
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import CHANGES, Request, State, Verb
from otwatch.sightings import Outcome, Sighting

_LOAD = frozenset({"1", "load"})

_UMAS_UPLOADS = frozenset({"0x28", "0x33", "0x34", "0x35"})
_CIP_UPLOADS = frozenset({
    "Initiate Upload", "Upload Transfer", "Partial Read", "PCCC: upload", "PCCC: enter upload mode", "PCCC: upload all request",
    "PCCC: upload completed",
})  # fmt: skip
_RESTORES = frozenset({"startrestore", "endrestore", "abortrestore"})
_STORES = frozenset({"STOR", "STOU", "APPE"})
_CONTROLLERS = frozenset({"controller", "plc", "ups", "gateway"})
_FILE_READ, _FILE_WRITE = 20, 21

_RESTARTS = {"coldstart": "order", "warmstart": "order", "activate-changes": "order"}
_RESETS = {"0": "order", "1": "factory", "2": "factory"}
"""CIP Identity reset types (volume 1, 5-2.3.1)."""
_IDENTITY = "0x01/"
"""Other objects have a Reset of their own, which restarts no device: a download resets some of them."""


def _download(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request):
        return
    is_program = request.verb is Verb.PROGRAM and not is_upload(request)
    if is_program or _is_restore(request) or _is_file(request, _STORES, sighting, site):
        yield _transfer(sighting, request, site)


def _is_restore(request: Request) -> bool:
    if request.protocol == "bacnet":
        return dict(request.details).get("state") in _RESTORES or program_change(request) in _LOAD
    return request.protocol == "modbus" and request.code == _FILE_WRITE


def _is_file(request: Request, commands: frozenset[str], sighting: Sighting, site: Site) -> bool:
    """Whether a file goes to or comes from a controller."""
    return request.protocol == "ftp" and request.operation in commands and bool(site.roles(site.ends(sighting)[1]) & _CONTROLLERS)


def _upload(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request):
        return
    many = request.protocol == "modbus" and request.code == _FILE_READ
    records = sum(point.quantity for point in request.points) if many else 0
    big = records >= site.windows.thresholds.modbus_records
    if is_upload(request) or big or _is_file(request, frozenset({"RETR"}), sighting, site):
        yield _transfer(sighting, request, site)


def is_upload(request: Request) -> bool:
    """Whether the request takes a program out of a controller."""
    said = dict(request.details)
    if request.protocol == "modbus":
        return said.get("umas") in _UMAS_UPLOADS
    if request.protocol == "cip":
        return request.operation in _CIP_UPLOADS
    return request.protocol == "bacnet" and (request.operation == "atomicReadFile" or said.get("state") == "startbackup")


def _transfer(sighting: Sighting, request: Request, site: Site) -> Evidence:
    """One transfer is many requests: all of them between the same two are one finding."""
    variant = "failure" if sighting.outcome is Outcome.ERROR else "success" if sighting.outcome is Outcome.OK else "unknown"
    return operation(sighting, site, variant, request.protocol)


def _upload_known(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """As _upload, in the two variants that its catalogue entry knows."""
    for evidence in _upload(sighting, site):
        yield evidence if evidence.variant == "failure" else evidence._replace(variant="success")


def _restart(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if isinstance(request, Request) and (variant := restart(request)):
        yield operation(sighting, site, variant, request.operation)


def restart(request: Request) -> str:
    """ "order" or "factory" for a request that restarts a device, "" for others."""
    said = dict(request.details)
    if request.protocol == "bacnet" and request.operation == "reinitializeDevice":
        return _RESTARTS.get(said.get("state", ""), "")
    if request.protocol == "cip" and request.operation == "Reset" and any(point.name.startswith(_IDENTITY) for point in request.points):
        return _RESETS.get(said.get("type", "0"), "order")
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
            "en": "{client} sent {operation} to {server}. {outcome}",
            "fr": "{client} a envoyé {operation} à {server}. {outcome}",
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
        verbs=CHANGES,
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"stop", "init"}), criticality=_C4),),
    ),
    Detection(
        id="eng.program.download",
        watches=(Request,),
        severity={"success": Severity.HIGH, "unknown": Severity.HIGH, "failure": Severity.MEDIUM},
        techniques=("T0843", "T0889", "T0821"),
        requirements=("SR 3.4", "SR 2.1"),
        title={"en": "Program or configuration written into a controller", "fr": "Programme ou configuration écrits dans un automate"},
        sentence={
            "en": "{client} wrote a program or configuration into {server} ({operation}). {outcome}",
            "fr": "{client} a écrit un programme ou une configuration dans {server} ({operation}). {outcome}",
        },
        expected={
            "en": "Programs change only during works that are declared, from an engineering station.",
            "fr": "Les programmes ne changent que lors de travaux déclarés, depuis une station d'ingénierie.",
        },
        harmless_when={
            "en": "The integrator is on site with a modification request, or recipe files are pushed as usual.",
            "fr": "L'intégrateur est sur site avec une fiche de modification, ou des fichiers de recettes sont poussés comme d'habitude.",
        },
        next_step={
            "en": "Ask for the modification request; without one, reload the reference program from the backup after saving the current "
            "one for analysis.",
            "fr": "Demander la fiche de modification ; sans elle, recharger le programme de référence depuis la sauvegarde après avoir "
            "conservé l'actuel pour analyse.",
        },
        judge=_download,
        verbs=CHANGES | {Verb.FILE},
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"success", "unknown"}), criticality=_C4),),
    ),
    Detection(
        id="eng.program.upload",
        watches=(Request,),
        severity={"success": Severity.MEDIUM, "failure": Severity.LOW},
        techniques=("T0845",),
        requirements=("SR 4.1", "SR 2.1"),
        title={"en": "Program or configuration read out of a controller", "fr": "Programme ou configuration lus dans un automate"},
        sentence={
            "en": "{client} read the program or configuration of {server} ({operation}). {outcome}",
            "fr": "{client} a lu le programme ou la configuration de {server} ({operation}). {outcome}",
        },
        expected={
            "en": "Programs are read by engineering stations and by the declared backup.",
            "fr": "Les programmes sont lus par les stations d'ingénierie et par la sauvegarde déclarée.",
        },
        harmless_when={
            "en": "The nightly backup ran, or an engineer opened the project online.",
            "fr": "La sauvegarde nocturne est passée, ou un ingénieur a ouvert le projet en ligne.",
        },
        next_step={
            "en": "Check that the copy was made by the backup plan; otherwise consider the program and its passwords as known to a third "
            "party.",
            "fr": "Vérifier que la copie relève du plan de sauvegarde ; sinon considérer le programme et ses mots de passe comme connus "
            "d'un tiers.",
        },
        judge=_upload_known,
        verbs=CHANGES | {Verb.FILE, Verb.READ},
        terms=(
            Term(at_most=Severity.LOW, client_of=frozenset({"engineering"})),
            Term(at_least=Severity.HIGH, client_of=frozenset({"office_it", "remote_maintenance"})),
        ),
    ),
    Detection(
        id="eng.device.restart",
        watches=(Request,),
        severity={"factory": Severity.HIGH, "order": Severity.HIGH},
        techniques=("T0816", "T0814"),
        requirements=("SR 7.1", "SR 7.4", "SR 2.1"),
        title={"en": "Device restarted or reset to factory settings", "fr": "Équipement redémarré ou remis aux réglages d'usine"},
        sentence={
            "en": "{client} sent {operation} to {server}. {outcome}",
            "fr": "{client} a envoyé {operation} à {server}. {outcome}",
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
