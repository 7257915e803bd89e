"""Equipment that is managed or watched over connections that anybody can read or use (detections.md, groups 2 and 8).

Told about equipment only: a web server of the office is nobody's concern here. SNMP v1 and v2c are left to cred.snmp, though the catalogue
has them here too: every inverter and switch of every hospital is polled that way, and a line for each helps nobody.
"""

from collections.abc import Iterator
from re import IGNORECASE
from re import compile as pattern

from otwatch.alerts.detections.flows import link_evidence
from otwatch.alerts.detections.logins import is_proof
from otwatch.alerts.detections.operations import crosses_zones, floor_if, link_of, operation, result, seen
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.severity import SURE
from otwatch.changes import LinkSeen
from otwatch.events import CHANGES, Credential, Request, Verb
from otwatch.sightings import Outcome, Sighting

_EQUIPMENT = frozenset({"controller", "gateway", "ups", "lighting", "camera", "recorder", "switch"})
_ADMINISTRATORS = frozenset({"supervision", "engineering", "ot_services", "recorder"})
"""Kinds of zone and roles that change settings by trade: a recorder sets the clocks of its cameras every day."""
_SESSIONS = frozenset({"telnet", "ftp", "tftp"})
_WEB = frozenset({"http-digest", "http-form", "ws-security"})
_VIDEO = frozenset({"DESCRIBE", "SETUP"})
"""Methods of RTSP by which pictures are asked for (RFC 2326 10.2, 10.4)."""
_CHANGES = frozenset({
    "SystemReboot", "SetSystemFactoryDefault", "CreateUsers", "SetUser", "DeleteUsers", "SetNetworkInterfaces", "SetDNS", "SetNTP",
    "SetSystemDateAndTime", "SetHostname", "SetNetworkProtocols", "SetNetworkDefaultGateway", "UpgradeSystemFirmware", "RestoreSystem",
})  # fmt: skip
"""Operations of ONVIF (Core Specification 8) that configure a camera; moving it (PTZ) is none."""
_CAMERA = pattern(
    r"/(?:ISAPI/System/|cgi-bin/(?:configManager|magicBox|userManager)|axis-cgi/(?:param|pwdgrp|restart|factorydefault))", IGNORECASE
)
_SETTINGS = pattern(
    r"(?:^|[/_.-])(?:config\w*|admin|setup|settings?|users?|accounts?|network|reboot|restart|reset|restore|upload|firmware|factory\w*|password)"
    r"(?=$|[/_.-])", IGNORECASE,
)  # fmt: skip
_NO_SETTINGS = pattern(r"login|logon|signin|auth|session|token|ptz", IGNORECASE)


def is_equipment(asset: str, site: Site) -> bool:
    """Whether it shows itself as equipment, or a person put it where only equipment stands."""
    zone = site.zone(asset)
    declared = zone is not None and zone.confidence >= SURE and zone.level <= 2 and zone.trust == "internal"
    return declared or bool(site.roles(asset) & _EQUIPMENT)


def _management(item: Sighting | LinkSeen, site: Site) -> Iterator[Evidence]:
    """Where a conduit declares the protocol, somebody knows and answers for it."""
    if isinstance(item, LinkSeen):
        is_session = item.protocol in _SESSIONS and item.state == "established" and is_equipment(item.server, site)
        if is_session and site.verdict(item).kind != "allowed":
            yield _raised(link_evidence(item, "management", item.protocol, reach="management"), site)
        return
    event = item.event
    video = isinstance(event, Request) and event.operation in _VIDEO
    _, server = site.ends(item)
    if item.outcome is not Outcome.OK or not (video or is_equipment(server, site)) or site.verdict(link_of(item, site)).kind == "allowed":
        return
    what = "open_video" if video else "management"
    yield _raised(seen(item, site, what, item.conversation.service, {"protocols": item.conversation.service, "reach": what}), site)


def _is_open(item: Request | Credential | LinkSeen) -> bool:
    """Screens and pages whose login alone is protected; pictures that are given without any."""
    if isinstance(item, Request):
        return item.protocol == "vnc" or (item.operation in _VIDEO and not any(name == "auth" for name, _ in item.details))
    return isinstance(item, LinkSeen) or (item.scheme in _WEB and is_proof(item))


def _raised(found: Evidence, site: Site) -> Evidence:
    return found._replace(floor=floor_if(crosses_zones(found, site), Severity.MEDIUM))


def _settings(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    assert isinstance(request, Request)
    client, server = site.ends(sighting)
    zone = site.zone(client)
    if site.roles(client) & _ADMINISTRATORS or (zone is not None and zone.kind in _ADMINISTRATORS):
        return
    action = _camera_change(request)
    if action or is_equipment(server, site):
        path = request.points[0].name
        yield operation(sighting, site, result(sighting), action or path, change=action or f"{request.operation} {path}")


def _changes_settings(request: Request) -> bool:
    return request.protocol == "http" and bool(_camera_change(request) or _device_change(request))


def _camera_change(request: Request) -> str:
    """The words of a protocol of cameras for a change; "" for anything else."""
    said = dict(request.details)
    action = said.get("action", "").rpartition("/")[2]
    if action in _CHANGES:
        return action
    path = request.points[0].name if request.points else ""
    changes = request.verb in CHANGES or "change" in said or "restart" in path or "factorydefault" in path
    return f"{path} {said.get('change', request.operation)}" if changes and _CAMERA.match(path) else ""


def _device_change(request: Request) -> bool:
    path = request.points[0].name if request.points else ""
    return request.verb is Verb.WRITE and bool(_SETTINGS.search(path)) and not _NO_SETTINGS.search(path)


_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_VITAL = frozenset({"C3", "C4"})

MANAGEMENT = (
    Detection(
        id="clear.management",
        watches=(Request, Credential, LinkSeen),
        protocols=frozenset({"vnc", "rtsp"}),
        severity={"management": _LOW, "open_video": _MEDIUM},
        techniques=("T0842", "T0886"),
        requirements=("SR 3.1", "SR 4.1", "SR 7.7"),
        title={"en": "Equipment managed or watched without protection", "fr": "Équipement administré ou regardé sans protection"},
        sentence={
            "en": "{client} reaches {server} by {protocols}: {reach}",
            "fr": "{client} accède à {server} en {protocols} : {reach}",
        },
        expected={
            "en": "Equipment is managed over HTTPS or SSH, and pictures are given only after a login; or a conduit of the site file says "
            "that this one cannot.",
            "fr": "Les équipements s'administrent en HTTPS ou en SSH, et les images ne sont données qu'après une connexion ; ou bien un "
            "conduit du fichier de site dit que celui-ci ne le peut pas.",
        },
        harmless_when={
            "en": "It is a public display, or the preview of a camera on the recorder's own switch.",
            "fr": "C'est un affichage public, ou l'aperçu d'une caméra sur le commutateur propre à l'enregistreur.",
        },
        next_step={
            "en": "Enable HTTPS, SSH or RTSPS on the device if it offers them and close the clear port, cameras of care areas first.",
            "fr": "Activer HTTPS, SSH ou RTSPS si l'équipement le propose et fermer le port en clair, caméras des zones de soins d'abord.",
        },
        judge=_management,
        concerns=_is_open,
        terms=(Term(at_least=_HIGH, variants=frozenset({"open_video"}), criticality=_VITAL),),
    ),
    Detection(
        id="web.admin.change",
        watches=(Request,),
        protocols=frozenset({"http"}),
        severity={"success": _MEDIUM, "unknown": _LOW, "failure": _LOW},
        techniques=("T0836", "T0823"),
        requirements=("SR 2.1", "SR 7.6"),
        title={"en": "Settings changed through a device's web page", "fr": "Réglages modifiés par la page web d'un équipement"},
        sentence={
            "en": "{client} changed settings of {server} through its web page ({change}). {outcome}",
            "fr": "{client} a modifié des réglages de {server} par sa page web ({change}). {outcome}",
        },
        expected={
            "en": "Settings are changed from the supervision or the engineering stations, over HTTPS.",
            "fr": "Les réglages se modifient depuis la supervision ou les stations d'ingénierie, en HTTPS.",
        },
        harmless_when={
            "en": "The page of the device asks for its values this way (POST), and nothing is changed.",
            "fr": "La page de l'équipement demande ainsi ses valeurs (POST), et rien n'est modifié.",
        },
        next_step={
            "en": "Compare the device's configuration with the last export and keep administration to the engineering stations over HTTPS.",
            "fr": "Comparer la configuration de l'équipement au dernier export et réserver l'administration aux stations d'ingénierie en "
            "HTTPS.",
        },
        judge=_settings,
        concerns=_changes_settings,
        terms=(Term(at_least=_HIGH, variants=frozenset({"success"}), criticality=_VITAL),),
    ),
)
