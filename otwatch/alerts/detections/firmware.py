"""Firmware that is sent to equipment: by the protocol's own service, or as a file whose name says so (detections.md, group 6)."""

import re
from collections.abc import Iterator

from otwatch.alerts.detections.operations import NAME_ONLY, operation
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import Request, Verb
from otwatch.sightings import Outcome, Sighting

_REPLACEMENT = 125
"""Modbus function of Schneider devices."""
_UPDATE = "0xa1/"
"""CIP class of firmware updates (Rockwell)."""
_IMAGE = re.compile(r"(?i)\.(bin|fw|fwl|ldx|img|upd|rom|hex|dcf|out|sig|pak)$")
_PATH = re.compile(r"(?i)(firmware|fwupdate|fwupload|upgrade)")
_STORES, _POSTS = frozenset({"STOR", "STOU", "APPE"}), frozenset({"POST", "PUT"})
_ONVIF = ("UpgradeSystemFirmware", "StartFirmwareUpgrade")
_FIELD = frozenset({"controller", "plc", "gateway", "ups", "camera", "recorder", "printer"})
"""Roles of what has firmware of its own; on servers files of such names are ordinary."""


def is_firmware(request: Request) -> bool:
    """Whether the request alone says that firmware is sent."""
    name = request.points[0].name if request.points else ""
    match request.protocol:
        case "modbus":
            return request.code == _REPLACEMENT
        case "cip":
            return name.startswith(_UPDATE) and request.verb is not Verb.READ
        case "ftp":
            return request.operation in _STORES and bool(_IMAGE.search(name))
        case "http":
            action = dict(request.details).get("action", "")
            return request.operation in _POSTS and (action.endswith(_ONVIF) or bool(_PATH.search(name) or _IMAGE.search(name)))
    return False


def _sent(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request) or not is_firmware(request):
        return
    variant = {Outcome.OK: "success", Outcome.ERROR: "failure"}.get(sighting.outcome, "unknown")
    found = operation(sighting, site, variant, request.protocol)
    if request.protocol == "modbus":
        yield found._replace(facts={**found.facts, "flashed": "function"}, confidence=NAME_ONLY)
    else:
        yield found._replace(facts={**found.facts, "flashed": "sent"})


def _is_equipment(evidence: Evidence, site: Site) -> bool:
    """Files go to servers every day; protocols of equipment speak for themselves."""
    return evidence.protocol in {"modbus", "cip"} or bool(site.roles(evidence.server) & _FIELD)


FIRMWARE = (
    Detection(
        id="eng.firmware.update",
        watches=(Request,),
        protocols=frozenset({"modbus", "cip", "ftp", "http"}),
        severity={"success": Severity.HIGH, "unknown": Severity.MEDIUM, "failure": Severity.MEDIUM},
        techniques=("T1693.001", "T1693.002", "T0800"),
        requirements=("SR 3.4", "SR 2.1"),
        title={"en": "Firmware sent to equipment", "fr": "Micrologiciel envoyé à un équipement"},
        sentence={
            "en": "{client} {flashed} {server} ({operation}{about}). {outcome}",
            "fr": "{client} {flashed} {server} ({operation}{about}). {outcome}",
        },
        expected={
            "en": "Firmware changes only during works that are declared, in a version that the manufacturer has published.",
            "fr": "Le micrologiciel ne change que lors de travaux déclarés, dans une version publiée par le constructeur.",
        },
        harmless_when={
            "en": "The recorder updates its cameras, or an update that was planned is carried out.",
            "fr": "L'enregistreur met à jour ses caméras, ou une mise à jour prévue est en cours.",
        },
        next_step={
            "en": "Compare the version with the vendor's release note, and keep the device in local mode until verified.",
            "fr": "Comparer la version à la note du constructeur, et garder l'équipement en local jusqu'à vérification.",
        },
        judge=_sent,
        concerns=is_firmware,
        stands=_is_equipment,
        terms=(
            Term(at_least=Severity.CRITICAL, variants=frozenset({"success", "unknown"}), criticality=frozenset({"C4"})),
            Term(at_most=Severity.LOW, client_of=frozenset({"recorder"}), server_of=frozenset({"camera"})),
        ),
    ),
)
