"""Ways in that pass by the firewall: remote control, tunnels, cameras, consoles in the wrong place (detections.md, groups 3 and 9)."""

from collections.abc import Iterator

from otwatch.alerts.detections.flows import is_technical, link_evidence
from otwatch.alerts.detections.operations import operation, result
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.severity import SURE
from otwatch.changes import LinkSeen
from otwatch.events import Request, Verb
from otwatch.sightings import Sighting

_TOOLS = frozenset({"teamviewer", "anydesk"})
_TOOL_PORTS = frozenset(range(21115, 21120))
"""RustDesk (detections.md, zone.remote.unexpected)."""
_REVERSE_PORTS = range(5500, 5510)
"""A VNC viewer that listens: the machine that is to be controlled calls it, out of its network (zones.md 9.2)."""
_TOOL_NAMES = ("teamviewer.com", "anydesk.com", "net.anydesk.com", "rustdesk.com", "ngrok.io", "ngrok.com", "ngrok-free.app", "logmein.com",
               "splashtop.com")  # fmt: skip
"""Domains of remote control and tunnels, as they stand in the name that TLS asks for."""
_TUNNELS = frozenset({"ike", "ipsec-nat", "openvpn", "wireguard", "l2tp", "pptp"})
_ENDS = frozenset({"remote_maintenance", "internet", "dmz_itot", "unknown", "office_it", "wifi_guest", "third_party", ""})
"""Kinds of zones where a tunnel may end without surprise, or of which nothing is known."""
_WATCHERS = frozenset({"camera", "access_control"})
_FOREIGN_TO_CAMERAS = frozenset({
    "modbus", "bacnet", "enip", "s7", "opcua", "fox", "knx", "iec104", "dnp3", "fins", "ads", "smb", "netbios-ssn", "dce-rpc", "winrm",
    "winrm-tls", "rdp", "ssh", "telnet", "vnc",
})  # fmt: skip
_CONSOLE = frozenset({Verb.PROGRAM})
_STOPS = frozenset({"UMAS 0x40 Start PLC", "UMAS 0x41 Stop PLC", "reinitializeDevice", "deviceCommunicationControl"})
_PORT_OWNERS = frozenset({502, 102, 44818, 47808, 4840, 20000, 2404})
_SHELLS = frozenset({"ssh", "telnet", "rdp"})
"""Of these, those that are known by their first words; what is only known to be encrypted may be the protocol of the port."""
_STRANGERS = frozenset({"http", "https", "tls", "ssh", "ftp", "telnet", "rdp", "smtp"})


def _reaches(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    if link.state != "established" or site.verdict(link).kind in {"allowed", "intra"}:
        return
    named = site.hints(link.server).get("host", "")
    is_tool = link.protocol in _TOOLS or (link.transport == "tcp" and link.port in _TOOL_PORTS) or named.endswith(_TOOL_NAMES)
    if is_tool and (is_technical(link.client, site) or is_technical(link.server, site)):
        yield link_evidence(link, "tool", str(link.port))
    if link.protocol == "vnc" and link.port in _REVERSE_PORTS:
        yield link_evidence(link, "reverse", str(link.port))
    if link.protocol in _TUNNELS and any(_is_inside(asset, site) for asset in (link.client, link.server)):
        yield link_evidence(link, "tunnel", link.protocol)


def _is_inside(asset: str, site: Site) -> bool:
    """Whether a person put it in a technical zone in which no tunnel ends."""
    zone = site.zone(asset)
    return zone is not None and zone.confidence >= SURE and zone.kind not in _ENDS and zone.level <= 3


def _camera(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    roles = site.roles(link.client)
    if not roles & _WATCHERS or "recorder" in roles or link.protocol not in _FOREIGN_TO_CAMERAS or site.verdict(link).kind == "allowed":
        return
    yield link_evidence(link, "ot_or_admin" if link.state == "established" else "attempt", link.protocol)


def _console(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Programs and stops from a declared zone that is not engineering's."""
    request = sighting.event
    if not isinstance(request, Request) or not (request.verb in _CONSOLE or request.operation in _STOPS):
        return
    client, _ = site.ends(sighting)
    zone = site.zone(client)
    if zone is not None and zone.id and zone.confidence >= SURE and zone.kind != "engineering":
        yield operation(sighting, site, result(sighting), request.operation)


def _in_disguise(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    """Something else on the port of a protocol of equipment; firewalls let it pass for what it is not."""
    is_foreign = link.transport == "tcp" and link.port in _PORT_OWNERS and link.protocol in _STRANGERS
    is_read = link.verb is not None or link.protocol in _SHELLS
    if is_foreign and is_read and link.state == "established" and site.verdict(link).kind != "allowed":
        yield link_evidence(link, "tunnel", str(link.port), port=str(link.port))


_CRITICAL, _HIGH, _MEDIUM, _LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
_VITAL = frozenset({"C3", "C4"})

REMOTE = (
    Detection(
        id="zone.remote.unexpected",
        watches=(LinkSeen,),
        severity={"tool": _HIGH, "tunnel": _HIGH, "reverse": _HIGH},
        techniques=("T0822", "T0886"),
        requirements=("SR 1.13", "SR 5.2"),
        title={"en": "Remote access that passes by the remote maintenance", "fr": "Accès distant hors de la télémaintenance"},
        sentence={
            "en": "{client} opened remote access with {server} ({protocols}). {state}",
            "fr": "{client} a ouvert un accès distant avec {server} ({protocols}). {state}",
        },
        expected={
            "en": "Who works from outside comes through the gateway of the remote maintenance, within its hours.",
            "fr": "Qui travaille de l'extérieur passe par la passerelle de télémaintenance, pendant ses horaires.",
        },
        harmless_when={
            "en": "A technician is being helped by the manufacturer at this moment; end the session afterwards.",
            "fr": "Un technicien se fait aider par le constructeur en ce moment ; terminer la session ensuite.",
        },
        next_step={
            "en": "Ask who uses it; end it, uninstall the program, and offer the contractor the official way in.",
            "fr": "Demander qui s'en sert ; y mettre fin, désinstaller le programme et proposer au prestataire la voie officielle.",
        },
        judge=_reaches,
    ),
    Detection(
        id="zone.engineering.office",
        watches=(Request,),
        verbs=frozenset({Verb.PROGRAM, Verb.CONTROL}),
        severity={"success": _HIGH, "unknown": _HIGH, "failure": _MEDIUM},
        techniques=("T0843", "T0858", "T0886"),
        requirements=("SR 2.1", "SR 5.2"),
        title={"en": "Engineering from a station that is not one", "fr": "Ingénierie depuis un poste qui n'en est pas un"},
        sentence={
            "en": "{client} does what only engineering stations do to {server} ({operation}). {outcome}",
            "fr": "{client} fait sur {server} ce que seules font les stations d'ingénierie ({operation}). {outcome}",
        },
        expected={
            "en": "Programs, stops and restarts come from the engineering stations.",
            "fr": "Programmes, arrêts et redémarrages viennent des stations d'ingénierie.",
        },
        harmless_when={
            "en": "The station does engineering too; give it the zone engineering in the site file.",
            "fr": "Ce poste fait aussi de l'ingénierie ; le placer dans la zone ingénierie du fichier de site.",
        },
        next_step={
            "en": "Find who sits there; take the engineering software off the station or move it to the engineering network.",
            "fr": "Trouver qui est à ce poste ; en retirer le logiciel d'ingénierie ou le déplacer sur le réseau d'ingénierie.",
        },
        judge=_console,
        terms=(
            Term(
                at_least=_CRITICAL, variants=frozenset({"success"}),
                client_of=frozenset({"office_it", "hospital_is", "cctv", "biomedical", "wifi_guest"}),
            ),
        ),
    ),
    Detection(
        id="zone.camera.initiator",
        watches=(LinkSeen,),
        severity={"ot_or_admin": _HIGH, "attempt": _MEDIUM},
        techniques=("T0886", "T0846"),
        requirements=("SR 5.2", "SR 7.7"),
        title={"en": "Camera or door controller that acts as a client", "fr": "Caméra ou contrôleur de porte agissant en client"},
        sentence={
            "en": "{client}, a camera or door controller, contacted {server} ({protocols}). {state}",
            "fr": "{client}, une caméra ou un contrôleur de porte, a contacté {server} ({protocols}). {state}",
        },
        expected={
            "en": "Cameras send pictures to their recorder and ask for nothing but the time.",
            "fr": "Une caméra envoie ses images à son enregistreur et ne demande rien d'autre que l'heure.",
        },
        harmless_when={
            "en": "A door controller reports to the supervision by a protocol of equipment; declare a conduit.",
            "fr": "Un contrôleur de porte rend compte à la supervision par un protocole technique ; déclarer un conduit.",
        },
        next_step={
            "en": "Unplug the camera, set it up anew with the current firmware, and look for what it reached.",
            "fr": "Débrancher la caméra, la réinstaller avec le micrologiciel à jour et chercher ce qu'elle a atteint.",
        },
        judge=_camera,
        terms=(Term(at_least=_CRITICAL, variants=frozenset({"ot_or_admin"}), criticality=_VITAL),),
        learns=False,
    ),
    Detection(
        id="malf.port_mismatch",
        watches=(LinkSeen,),
        severity={"tunnel": _HIGH},
        techniques=("T0885", "T0869"),
        requirements=("SR 5.2", "SR 7.7"),
        title={"en": "Something else on the port of an equipment protocol", "fr": "Autre chose sur le port d'un protocole technique"},
        sentence={
            "en": "{client} speaks {protocols} with {server} on port {port}, which belongs to another protocol. {state}",
            "fr": "{client} parle {protocols} avec {server} sur le port {port}, qui est celui d'un autre protocole. {state}",
        },
        expected={
            "en": "On the ports of equipment only its protocols are spoken: firewalls are opened for them.",
            "fr": "Sur les ports techniques, seuls leurs protocoles sont parlés : les pare-feux sont ouverts pour eux.",
        },
        harmless_when={
            "en": "Somebody set up a service on an unlucky port; move it.",
            "fr": "Quelqu'un a installé un service sur un port mal choisi ; le déplacer.",
        },
        next_step={
            "en": "Find out which program listens on this port, and close it if nobody put it there.",
            "fr": "Trouver le programme qui écoute sur ce port, et le fermer si personne ne l'a installé.",
        },
        judge=_in_disguise,
    ),
)
