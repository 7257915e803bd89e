"""Orders that mute, blind or readdress equipment: Modbus diagnostics, BACnet protective properties, life safety, network settings."""

from collections.abc import Iterator

from otwatch.alerts.detections.operations import operation, result
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.alerts.severity import nature
from otwatch.events import CHANGES, Point, Request, Verb
from otwatch.sightings import Outcome, Sighting

_DIAGNOSTICS, _RESET_LINK = 8, 19
_SUBS = {"1": "restart", "3": "clear", "4": "listen_only", "10": "clear", "20": "clear"}
"""Sub-functions of Modbus function 8 that change something (Modbus v1.1b3 6.8.1)."""

_BLINDING = frozenset({
    "out-of-service", "high-limit", "low-limit", "event-enable", "event-detection-enable", "event-algorithm-inhibit",
    "reliability-evaluation-inhibit", "recipient-list", "notification-class", "time-delay", "deadband", "polarity", "max-pres-value",
    "min-pres-value", "maximum-output", "minimum-output", "minimum-off-time", "minimum-on-time", "silenced",
})  # fmt: skip
_SCHEDULE = frozenset({"weekly-schedule", "exception-schedule", "schedule-default", "date-list", "effective-period"})
_LOGIC = frozenset({"list-of-object-property-references", "action"})
_NETWORK = frozenset({
    "utc-offset", "daylight-savings-status", "time-synchronization-recipients", "restart-notification-recipients", "ip-address",
    "ip-default-gateway", "ip-subnet-mask", "bacnet-ip-udp-port", "bbmd-accept-fd-registrations", "bbmd-broadcast-distribution-table",
    "bbmd-foreign-device-table", "changes-pending", "command", "fd-bbmd-address", "network-number",
})  # fmt: skip
_DOOR = frozenset({"door-status", "lock-status", "lockout", "authorization-mode"})
_PROPERTIES = {
    **dict.fromkeys(_BLINDING, "blinding"),
    **dict.fromkeys(_SCHEDULE, "schedule"),
    **dict.fromkeys(_LOGIC, "lifecycle"),
    **dict.fromkeys(_NETWORK, "network"),
    **dict.fromkeys(_DOOR, "door"),
}
_SERVICES = {"createObject": "lifecycle", "deleteObject": "lifecycle", "you-Are": "network"}
_WRITES = frozenset({"writeProperty", "writePropertyMultiple", "addListElement", "removeListElement"})
_GRAVEST = ("blinding", "door", "network", "lifecycle", "schedule")

_LIFE_SAFETY = frozenset({"life-safety-point", "life-safety-zone"})
_OPERATORS = frozenset({"supervision", "operator_clients"})

_ADDRESSES = frozenset({("0xf5", "3"), ("0xf5", "5"), ("0xf5", "6"), ("0xf6", "6")})
"""CIP attributes that hold how a device is reached: TCP/IP Interface and Ethernet Link objects (volume 2, 5-4.3, 5-5.3)."""
_SECURITY = frozenset({"0x5d", "0x5e", "0x5f"})
_SETS = frozenset({0x02, 0x04, 0x08, 0x09, 0x10})
_DCP = frozenset({"IP parameter", "full IP suite", "name of station"})
_IP_GROUP = "1.3.6.1.2.1.4."


def _diagnostic(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Judged on the request: who is told to listen only does not answer."""
    request = sighting.event
    if not isinstance(request, Request) or request.protocol != "modbus":
        return
    if request.code == _RESET_LINK:
        yield operation(sighting, site, "restart", ordered="link")
    elif request.code == _DIAGNOSTICS and (variant := _SUBS.get(dict(request.details).get("sub", ""))):
        mute = {"outcome": "unheard"} if variant == "listen_only" and sighting.outcome is not Outcome.ERROR else {}
        yield operation(sighting, site, variant, ordered="link" if variant == "restart" else variant, **mute)


def _protective(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request) or request.protocol != "bacnet":
        return
    touched = [variant for point in request.points if request.operation in _WRITES and (variant := protects(point))]
    touched += [_SERVICES[request.operation]] if request.operation in _SERVICES else []
    if not touched or site.expected_writer(request, *site.ends(sighting), sighting.first_ns) is not None:
        return
    unnamed = {} if request.points else {"point": "settings", "value": _assigned(request)}
    yield operation(sighting, site, min(touched, key=_GRAVEST.index), str(request.points[:1]), **unnamed)


def _assigned(request: Request) -> str:
    """Which device You-Are gives which number (135-2020 clause 16.11): it goes to all, and one knows itself by its serial number."""
    said = dict(request.details)
    return f"{said.get('model', '')} {said.get('serial', '')} → {said['device']}".strip() if "device" in said else "–"


def protects(point: Point) -> str:
    """What a BACnet property protects, by variant; "" for process values and the rest."""
    return _PROPERTIES.get(point.part.partition("[")[0], "")


def _life_safety(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request) or request.protocol != "bacnet":
        return
    said = dict(request.details)
    source = said.get("source") or "–"
    if request.operation == "lifeSafetyOperation":
        order = said.get("operation", "")
        yield operation(sighting, site, "operation", order, source=source, operation=f"{request.operation} ({order})")
    elif request.operation in _WRITES and any(point.kind in _LIFE_SAFETY for point in request.points):
        yield operation(sighting, site, "operation", str(request.points[:1]), source=source)
    elif request.operation == "acknowledgeAlarm":
        client, _ = site.ends(sighting)
        known = nature(client, site)
        if known and not known & _OPERATORS:
            yield operation(sighting, site, "ack", str(request.points[:1]), source=source)


def _settings(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request) or request.verb not in CHANGES or not any(_is_setting(request, one) for one in request.points):
        return
    if site.expected_writer(request, *site.ends(sighting), sighting.first_ns) is None:
        yield operation(sighting, site, result(sighting), str(request.points[:1]))


def _is_setting(request: Request, point: Point) -> bool:
    if request.protocol == "snmp":
        return request.operation == "Set" and f"{point.name}.".startswith(_IP_GROUP)
    if request.protocol == "profinet":
        return point.name in _DCP
    if request.protocol != "cip" or request.code not in _SETS:
        return False
    path = point.name.lower().split("/")
    if path[0] in _SECURITY:
        return True
    return (path[0], path[-1]) in _ADDRESSES and len(path) == 3


_CRITICAL = Severity.CRITICAL
_C4 = frozenset({"C4"})

CONTROL = (
    Detection(
        id="modbus.control.diagnostic",
        watches=(Request,),
        protocols=frozenset({"modbus"}),
        severity={"listen_only": Severity.HIGH, "restart": Severity.HIGH, "clear": Severity.LOW},
        techniques=("T0814", "T0816", "T0872"),
        requirements=("SR 2.1", "SR 7.1"),
        title={
            "en": "Modbus device told to fall silent, restart or clear its counters",
            "fr": "Équipement Modbus sommé de se taire, de redémarrer ou d'effacer ses compteurs",
        },
        sentence={
            "en": "{client} ordered {server} {ordered} ({operation}). {outcome}",
            "fr": "{client} a ordonné à {server} {ordered} ({operation}). {outcome}",
        },
        expected={
            "en": "Such orders are for tests on the bench; in operation nobody sends them.",
            "fr": "De tels ordres servent aux essais sur banc ; en exploitation, personne n'en envoie.",
        },
        harmless_when={
            "en": "The integrator is testing the serial line with a tool of his.",
            "fr": "L'intégrateur essaie la ligne série avec un outil à lui.",
        },
        next_step={
            "en": "Check that the device answers again, restart its communication module if not, and find the station that sent "
            "the command.",
            "fr": "Vérifier que l'équipement répond de nouveau, relancer son module de communication sinon, et retrouver le poste "
            "émetteur.",
        },
        judge=_diagnostic,
        verbs=CHANGES,
        terms=(Term(at_least=_CRITICAL, variants=frozenset({"listen_only", "restart"}), criticality=_C4),),
    ),
    Detection(
        id="bacnet.write.protective_property",
        watches=(Request,),
        protocols=frozenset({"bacnet"}),
        severity={
            "blinding": Severity.HIGH, "lifecycle": Severity.MEDIUM, "schedule": Severity.MEDIUM, "network": Severity.HIGH,
            "door": Severity.HIGH,
        },
        techniques=("T0838", "T0878", "T0836", "T0821"),
        requirements=("SR 2.1", "SR 3.4", "SR 7.6"),
        title={
            "en": "BACnet alarm, limit, schedule, logic or object list changed",
            "fr": "Alarme, seuil, planning, logique ou liste d'objets BACnet modifiés",
        },
        sentence={
            "en": "{client} changed {point} of {server} ({operation}{written}). {outcome}",
            "fr": "{client} a modifié {point} de {server} ({operation}{written}). {outcome}",
        },
        expected={
            "en": "Alarms, limits, schedules and logic change only during works that are declared.",
            "fr": "Alarmes, seuils, plannings et logique ne changent que lors de travaux déclarés.",
        },
        harmless_when={
            "en": "The plant is being commissioned, or the limits are revised as every year.",
            "fr": "L'installation est en cours de mise en service, ou les seuils font l'objet de leur révision annuelle.",
        },
        next_step={
            "en": "Restore the alarm limit, service flag or schedule from the last backup and log the change as a modification request "
            "if it was wanted.",
            "fr": "Restaurer le seuil, le mode hors service ou le planning depuis la dernière sauvegarde et tracer la modification si "
            "elle était voulue.",
        },
        judge=_protective,
        verbs=CHANGES,
        terms=(
            Term(at_least=_CRITICAL, variants=frozenset({"blinding"}), criticality=_C4),
            Term(at_most=Severity.LOW, variants=frozenset({"schedule"}), criticality=frozenset({"C1"})),
        ),
    ),
    Detection(
        id="bacnet.lifesafety.operation",
        watches=(Request,),
        protocols=frozenset({"bacnet"}),
        severity={"operation": Severity.HIGH, "ack": Severity.MEDIUM},
        techniques=("T0878", "T0837", "T1692.001"),
        requirements=("SR 2.1", "SR 2.12"),
        title={
            "en": "Life-safety order, or alarm acknowledged from an unexpected place",
            "fr": "Ordre de sécurité des personnes, ou alarme acquittée depuis un poste inattendu",
        },
        sentence={
            "en": "{client} sent {operation} about {point} to {server}, in the name of {source}. {outcome}",
            "fr": "{client} a envoyé {operation} sur {point} à {server}, au nom de {source}. {outcome}",
        },
        expected={
            "en": "Life safety is operated at its own panel, and alarms are acknowledged from the supervision.",
            "fr": "La sécurité des personnes se conduit sur sa propre centrale, et les alarmes s'acquittent depuis la supervision.",
        },
        harmless_when={
            "en": "A fire drill was announced, or the maintenance firm silences sounders during its tests.",
            "fr": "Un exercice incendie a été annoncé, ou la société de maintenance coupe les sirènes pendant ses essais.",
        },
        next_step={
            "en": "Call the fire safety desk at once and check the panel itself, whose display is the only truth.",
            "fr": "Appeler immédiatement le PC sécurité incendie et vérifier sur la centrale elle-même, seule source fiable.",
        },
        judge=_life_safety,
        verbs=CHANGES | {Verb.ALARM},
        terms=(Term(at_least=_CRITICAL, server_of=frozenset({"fire_safety"})),),
    ),
    Detection(
        id="net.config.changed",
        watches=(Request,),
        protocols=frozenset({"snmp", "profinet", "cip"}),
        severity={"success": Severity.HIGH, "unknown": Severity.MEDIUM, "failure": Severity.MEDIUM},
        techniques=("T0836", "T0814"),
        requirements=("SR 7.6", "SR 2.1"),
        title={
            "en": "Network or security settings of a device changed",
            "fr": "Réglages réseau ou de sécurité d'un équipement modifiés",
        },
        sentence={
            "en": "{client} changed the network settings of {server} ({operation}, {point}). {outcome}",
            "fr": "{client} a modifié les réglages réseau de {server} ({operation}, {point}). {outcome}",
        },
        expected={
            "en": "Addresses and security settings change only during works that are declared.",
            "fr": "Les adresses et réglages de sécurité ne changent que lors de travaux déclarés.",
        },
        harmless_when={
            "en": "A module was replaced and got the address of the one before it.",
            "fr": "Un module a été remplacé et a reçu l'adresse du précédent.",
        },
        next_step={
            "en": "Verify that the device still answers at its recorded address and restore the setting if no intervention covers it.",
            "fr": "Vérifier que l'équipement répond à son adresse enregistrée et rétablir le réglage si aucune intervention ne le "
            "justifie.",
        },
        judge=_settings,
        verbs=CHANGES,
    ),
)  # fmt: skip
