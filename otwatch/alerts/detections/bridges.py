"""Hosts that stand where none should: between two zones, in the place of a controller, past the end of support (groups 3 and 7)."""

import re
from collections.abc import Iterator

from otwatch.alerts.detections.flows import link_evidence
from otwatch.alerts.detections.neighbours import is_field
from otwatch.alerts.detections.novelty import SERVICES
from otwatch.alerts.detections.operations import floor_if
from otwatch.alerts.model import LOCAL, Detection, Evidence, Severity, Site, Term, ZoneView
from otwatch.alerts.severity import SURE
from otwatch.alerts.usual import LEARNING, USUAL
from otwatch.changes import AssetAged, CardShared, LinkSeen
from otwatch.events import CHANGES

_EQUIPMENT = SERVICES["ot"]
_COMPUTERS = re.compile(
    r"(?i)vmware|parallels|pcs systemtechnik|virtualbox|xensource|microsoft|raspberry pi|asix electronics|nutanix|proxmox"
)
"""Makers of virtual machines, single-board computers and USB adapters: nobody builds a controller from them."""
_OUTSIDE = frozenset({"internet", "office_it", "remote_maintenance", "third_party", "wifi_guest"})
_FIELD_LEVEL = 2.0
_VITAL = "C4"


def _impostor(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    """What serves as a controller for the first time, with the card of a computer."""
    if link.protocol not in _EQUIPMENT or link.verb is None or link.state != "established" or not is_field(link.server, site):
        return
    made_by = site.maker(site.host(link.server))
    if (made_by == LOCAL or _COMPUTERS.search(made_by)) and site.usual.service(link) not in (LEARNING, USUAL):
        yield link_evidence(link, "impostor", "", maker=made_by)


def _aged(change: AssetAged, site: Site) -> Iterator[Evidence]:
    """Where life depends on it. Old systems are everywhere in a hospital: `otwatch ageing` lists all of them."""
    if site.criticality(change.asset) != _VITAL:
        return
    facts = {"value": change.value, "since": change.since}
    yield Evidence(
        "eol_os", change.asset, change.asset, "", change.time_ns, change.time_ns, (change.frame,), (), change.since, facts
    )  # fmt: skip


def _two_legs(change: CardShared, site: Site) -> Iterator[Evidence]:
    one, other = _sure(change.one, site), _sure(change.other, site)
    if one is None or other is None or one.id == other.id:
        return
    far, near = sorted((one, other), key=lambda zone: zone.level, reverse=True)
    floor = floor_if(far.kind in _OUTSIDE and near.level <= _FIELD_LEVEL, Severity.HIGH)
    yield Evidence(
        "two_addresses", change.one, change.other, "arp", change.time_ns, change.time_ns, change.frames, (), change.mac,
        {"mac": change.mac}, floor=floor,
    )  # fmt: skip


def _sure(asset: str, site: Site) -> ZoneView | None:
    zone = site.zone(asset)
    return zone if zone is not None and zone.id and zone.confidence >= SURE else None


def _jump(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    """Somebody works on a host, and the host begins something in a third zone. What is declared in both halves is a jump host."""
    if link.state != "established" or not (link.verb is not None or link.protocol in SERVICES["remote"]):
        return
    zone, onward = _sure(link.server, site), _sure(link.client, site)
    if zone is None or onward is None or zone.id == onward.id or site.usual.talk(link) == USUAL:
        return
    for session in site.relayed(link):
        before = _sure(session.client, site)
        is_declared = site.verdict(session).kind == site.verdict(link).kind == "allowed"
        if before is not None and before.id not in (zone.id, onward.id) and not is_declared:
            yield _chain(session, link, site, before)


def _chain(session: LinkSeen, link: LinkSeen, site: Site, before: ZoneView) -> Evidence:
    writes = link.verb in CHANGES
    found = link_evidence(link, "write" if writes else "read", session.client, session=session.protocol)
    frames = tuple(dict.fromkeys((session.frame, link.frame)))
    floor = floor_if(writes and before.kind in _OUTSIDE, Severity.CRITICAL)
    return found._replace(frames=frames, late=lambda: {"origin": site.label(session.client)}, floor=floor)


_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_C4 = frozenset({_VITAL})

BRIDGES = (
    Detection(
        id="zone.chain.jump",
        watches=(LinkSeen,),
        severity={"read": _MEDIUM, "write": _HIGH},
        techniques=("T0884", "T0886", "T0867"),
        requirements=("SR 5.2", "SR 1.13"),
        title={"en": "A host is used to reach a third zone", "fr": "Un poste sert de relais vers une troisième zone"},
        sentence={
            "en": "While {origin} worked on {client} by {session}, that host began to exchange with {server} by {protocols} ({verb}).",
            "fr": "Pendant que {origin} travaillait sur {client} en {session}, ce poste a commencé à échanger avec {server} en {protocols} "
            "({verb}).",
        },
        expected={
            "en": "Who must reach another zone goes through the declared jump host, and both halves of the way are declared.",
            "fr": "Pour atteindre une autre zone on passe par le rebond déclaré, et les deux moitiés du chemin sont déclarées.",
        },
        harmless_when={
            "en": "The host is a terminal server, or somebody works on the supervision by remote screen; declare both conduits.",
            "fr": "Le poste est un serveur de terminaux, ou quelqu'un utilise la supervision à distance ; déclarer les deux conduits.",
        },
        next_step={
            "en": "Check with the user of the relay host what was done, and require the declared jump host for this need.",
            "fr": "Vérifier avec l'utilisateur du poste relais ce qui a été fait, et imposer le rebond déclaré pour ce besoin.",
        },
        judge=_jump,
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"write"}), criticality=_C4),),
    ),
    Detection(
        id="zone.multihomed",
        watches=(CardShared,),
        severity={"two_addresses": _MEDIUM},
        techniques=("T0884", "T0886"),
        requirements=("SR 5.1", "SR 5.2"),
        title={"en": "One machine stands in two zones", "fr": "Une même machine est dans deux zones"},
        sentence={
            "en": "{client} and {server} are one network card ({mac}), which announces both addresses and is not declared as a gateway.",
            "fr": "{client} et {server} sont une même carte réseau ({mac}), qui annonce les deux adresses sans être déclarée comme "
            "passerelle.",
        },
        expected={
            "en": "Zones meet in a firewall only; what links them beside it is declared (gateways).",
            "fr": "Les zones ne se rejoignent qu'au pare-feu ; ce qui les relie à côté est déclaré (gateways).",
        },
        harmless_when={
            "en": "It is a router or a supervision server with a field card that nobody declared, or a host of virtual machines.",
            "fr": "C'est un routeur ou un serveur de supervision avec une carte terrain non déclarés, ou un hôte de machines virtuelles.",
        },
        next_step={
            "en": "Unplug one of the two interfaces, or replace the bridge by a filtered conduit.",
            "fr": "Débrancher l'une des deux interfaces, ou remplacer ce pont par un conduit filtré.",
        },
        judge=_two_legs,
    ),
    Detection(
        id="inv.vendor.mismatch",
        watches=(LinkSeen,),
        severity={"impostor": _HIGH},
        techniques=("T0848", "T0864"),
        requirements=("SR 1.2", "SR 3.1"),
        title={"en": "A computer answers as a controller", "fr": "Un ordinateur répond comme un automate"},
        sentence={
            "en": "{server} answers {protocols} as a controller does, but its network card is that of a computer ({maker}).",
            "fr": "{server} répond en {protocols} comme un automate, mais sa carte réseau est celle d'un ordinateur ({maker}).",
        },
        expected={
            "en": "A controller has the network card of its manufacturer, or of a maker of modules.",
            "fr": "Un automate a la carte réseau de son constructeur, ou d'un fabricant de modules.",
        },
        harmless_when={
            "en": "It is a soft PLC or a BACnet server on a virtual machine, or a simulator; accept it as usual.",
            "fr": "C'est un automate logiciel ou un serveur BACnet sur machine virtuelle, ou un simulateur ; l'accepter comme habituel.",
        },
        next_step={
            "en": "Locate the host; a small computer that pretends to be a controller must be unplugged and kept.",
            "fr": "Localiser l'hôte ; un petit ordinateur qui se fait passer pour un automate doit être débranché et conservé.",
        },
        judge=_impostor,
        learns=True,
        terms=(Term(at_least=Severity.CRITICAL, criticality=_C4),),
    ),
    Detection(
        id="inv.obsolete",
        watches=(AssetAged,),
        severity={"eol_os": _LOW},
        techniques=("T0866",),
        requirements=("SR 3.4", "SR 7.7"),
        title={"en": "Vital equipment on a system without support", "fr": "Équipement vital sur un système qui n'est plus maintenu"},
        sentence={
            "en": "{server} says that it runs {value}, whose support ended on {since}.",
            "fr": "{server} annonce {value}, dont la maintenance a pris fin le {since}.",
        },
        expected={
            "en": "Systems that still get security updates, or that nothing but declared flows can reach.",
            "fr": "Des systèmes qui reçoivent encore des correctifs, ou que seuls des flux déclarés peuvent atteindre.",
        },
        harmless_when={
            "en": "The manufacturer certified this version and it cannot be changed: then its zone has to protect it.",
            "fr": "Le constructeur a certifié cette version et elle ne peut changer : sa zone doit alors la protéger.",
        },
        next_step={
            "en": "Plan the upgrade with the vendor, and until then allow only the flows that the site file declares toward it.",
            "fr": "Planifier la mise à niveau avec le constructeur et, d'ici là, n'autoriser vers lui que les flux déclarés.",
        },
        judge=_aged,
        terms=(Term(at_least=_MEDIUM, criticality=_C4),),
    ),
)
