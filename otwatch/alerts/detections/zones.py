"""Flows between zones, declared (detections.md, group 3); judged in `flows`."""

from otwatch.alerts.detections.flows import OUTBOUND, VIOLATIONS, forbidden, inbound, outbound, skip, undeclared, violation
from otwatch.alerts.model import Detection, Severity, Term
from otwatch.changes import DomainShared, LinkSeen

_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_SEGMENTATION = ("SR 5.1", "SR 5.2")

ZONES = (
    Detection(
        id="zone.internet.inbound",
        watches=(LinkSeen,),
        severity={"established": Severity.CRITICAL, "attempt": _HIGH},
        techniques=("T0883", "T0819", "T0822"),
        requirements=("SR 1.13", "SR 5.2"),
        title={"en": "Connection from the Internet to technical equipment", "fr": "Connexion depuis Internet vers un équipement technique"},
        sentence={
            "en": "{client} contacted {server} from the Internet ({protocols}). {state}",
            "fr": "{client} a contacté {server} depuis Internet ({protocols}). {state}",
        },
        expected={
            "en": "Nothing outside reaches the technical networks; remote maintenance comes through its gateway.",
            "fr": "Rien d'extérieur n'atteint les réseaux techniques ; la télémaintenance passe par sa passerelle.",
        },
        harmless_when={
            "en": "The public address belongs to the hospital; declare it under public_internal.",
            "fr": "L'adresse publique appartient à l'hôpital ; la déclarer dans public_internal.",
        },
        next_step={
            "en": "Close the port redirection or modem immediately, then review every operation made from outside since it opened.",
            "fr": "Fermer immédiatement la redirection de port ou le modem, puis passer en revue toutes les opérations venues de "
            "l'extérieur depuis son ouverture.",
        },
        judge=inbound,
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"established"})), Term(at_least=_HIGH)),
        excusable=False,
    ),
    Detection(
        id="zone.internet.outbound",
        watches=(LinkSeen,),
        severity=OUTBOUND,
        techniques=("T0869", "T0885", "T0884"),
        requirements=("SR 5.2", "SR 1.13"),
        title={"en": "Technical equipment reaching the Internet", "fr": "Équipement technique qui sort sur Internet"},
        sentence={
            "en": "{client} contacted {server} on the Internet ({protocols}). {state}",
            "fr": "{client} a contacté {server} sur Internet ({protocols}). {state}",
        },
        expected={
            "en": "Technical equipment talks to no address outside the hospital unless a conduit declares it.",
            "fr": "Un équipement technique ne parle à aucune adresse hors de l'hôpital, sauf conduit déclaré.",
        },
        harmless_when={
            "en": "The maintenance contract includes telemetry to the manufacturer; declare it.",
            "fr": "Le contrat de maintenance prévoit une télésurveillance par le constructeur ; la déclarer.",
        },
        next_step={
            "en": "Remove the default gateway or the DNS of the device if it needs no Internet, or declare a proxied exception.",
            "fr": "Retirer la passerelle ou le DNS de l'équipement s'il n'a pas besoin d'Internet, sinon déclarer une exception via proxy.",
        },
        judge=outbound,
    ),
    Detection(
        id="zone.flow.forbidden",
        watches=(LinkSeen,),
        severity={"established": _HIGH, "refused": _MEDIUM, "attempt": _MEDIUM},
        techniques=("T0886", "T0866"),
        requirements=_SEGMENTATION,
        title={"en": "Flow that a rule forbids", "fr": "Flux interdit par une règle"},
        sentence={
            "en": "{client} contacted {server} ({protocols}), which rule {rule} forbids. {state}",
            "fr": "{client} a contacté {server} ({protocols}), ce que la règle {rule} interdit. {state}",
        },
        expected={
            "en": "Nothing passes between these zones in this direction; no conduit is an exception to rule {rule}.",
            "fr": "Rien ne passe entre ces zones dans ce sens ; aucun conduit ne fait exception à la règle {rule}.",
        },
        harmless_when={
            "en": "A host got a new address and stands in the wrong zone of the site file.",
            "fr": "Un hôte a changé d'adresse et se trouve dans la mauvaise zone du fichier de site.",
        },
        next_step={
            "en": "Block the flow at the nearest firewall after confirming the zone of both hosts, then look for why the rule set let it "
            "through.",
            "fr": "Bloquer le flux au pare-feu le plus proche après avoir confirmé la zone des deux hôtes, puis chercher pourquoi le "
            "filtrage l'a laissé passer.",
        },
        judge=forbidden,
        excusable=False,
    ),
    Detection(
        id="zone.conduit.violation",
        watches=(LinkSeen,),
        severity=VIOLATIONS,
        techniques=("T1692.001", "T0886"),
        requirements=("SR 5.2", "SR 2.1"),
        title={"en": "Conduit used beyond what it allows", "fr": "Conduit utilisé au-delà de ce qu'il permet"},
        sentence={
            "en": "{client} used conduit {rule} to {server} ({protocols}) beyond what it allows: {clause}.",
            "fr": "{client} a utilisé le conduit {rule} vers {server} ({protocols}) au-delà de ce qu'il permet : {clause}.",
        },
        expected={
            "en": "Conduit {rule} lets through what its line in the site file says, and no more.",
            "fr": "Le conduit {rule} laisse passer ce que dit sa ligne du fichier de site, et rien d'autre.",
        },
        harmless_when={
            "en": "Somebody on call works at night, or a server was replaced and has a new address.",
            "fr": "Une astreinte intervient la nuit, ou un serveur a été remplacé et a une nouvelle adresse.",
        },
        next_step={
            "en": "Check with the conduit's owner; correct the site file if it is wrong, otherwise stop the misuse.",
            "fr": "Vérifier auprès du responsable du conduit ; corriger le fichier de site s'il est faux, sinon faire cesser l'usage.",
        },
        judge=violation,
    ),
    Detection(
        id="zone.level.skip",
        watches=(LinkSeen,),
        severity={"depth2": _MEDIUM, "depth3": _HIGH},
        techniques=("T0886",),
        requirements=_SEGMENTATION,
        title={"en": "Flow that jumps over a level of the network", "fr": "Flux qui saute un niveau du réseau"},
        sentence={
            "en": "{client} reached {server} directly ({protocols}), from level to level {rule}.",
            "fr": "{client} a atteint {server} directement ({protocols}), d'un niveau à l'autre {rule}.",
        },
        expected={
            "en": "Each level talks to the next one only: office, DMZ, supervision, equipment.",
            "fr": "Chaque niveau ne parle qu'au suivant : bureautique, DMZ, supervision, équipements.",
        },
        harmless_when={
            "en": "The site is old and its network flat by design.",
            "fr": "Le site est ancien et son réseau est à plat par conception.",
        },
        next_step={
            "en": "Route the need through the DMZ (mirror historian, proxy or jump host) instead of a direct access.",
            "fr": "Faire passer le besoin par la DMZ (historisation dupliquée, proxy ou rebond) plutôt que par un accès direct.",
        },
        judge=skip,
    ),
    Detection(
        id="zone.flow.undeclared",
        watches=(LinkSeen, DomainShared),
        severity={
            "established": _MEDIUM, "shared": _MEDIUM, "order": _HIGH, "discovery": _LOW, "refused": _LOW, "attempt": _LOW,
            "echo": Severity.INFO,
        },
        techniques=("T0886", "T0869"),
        requirements=_SEGMENTATION,
        title={"en": "Flow that no conduit declares", "fr": "Flux qu'aucun conduit ne déclare"},
        sentence={
            "en": "{client} {deed} {server} ({protocols}), and no conduit declares it. {state}",
            "fr": "{client} {deed} {server} ({protocols}), sans conduit qui le déclare. {state}",
        },
        expected={
            "en": "Between two zones, only what a conduit of the site file declares.",
            "fr": "Entre deux zones, uniquement ce qu'un conduit du fichier de site déclare.",
        },
        harmless_when={
            "en": "The site file is young and this flow has not been written down yet.",
            "fr": "Le fichier de site est récent et ce flux n'y est pas encore inscrit.",
        },
        next_step={
            "en": "Decide with the owner of the target zone whether the flow is needed, then either declare the conduit or close it.",
            "fr": "Décider avec le responsable de la zone cible si le flux est nécessaire, puis déclarer le conduit ou le fermer.",
        },
        judge=undeclared,
    ),
)
