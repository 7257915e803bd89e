"""Accounts, keys and access rights that are changed on a device (detections.md, group 6)."""

from collections.abc import Iterator

from otwatch.alerts.detections.operations import operation, result
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.events import CHANGES, Point, Request
from otwatch.sightings import Sighting

_PASSWORD = "0x61/"
"""CIP Password Authenticator object (volume 8)."""
_USERS = ("1.3.6.1.6.3.15.", "1.3.6.1.6.3.16.")
"""SNMP: users and their keys (RFC 3414), who may see and set what (RFC 3415)."""
_CONTROLLER = frozenset({"Set User Access", "Set User Name", "Set User Password"})
"""IPMI 2.0, 22.26 to 22.30."""
_RIGHTS = frozenset({"access-credential", "access-rights", "access-user", "access-zone", "credential-data-input"})
"""BACnet objects of access control (135-2020 clauses 12.31 to 12.37)."""


def kind(request: Request) -> str:
    """ "account" or "badge" for a change of who may do what, "" for others."""
    if request.protocol == "ipmi":
        return "account" if request.operation in _CONTROLLER else ""
    return next((found for point in request.points if (found := _kind(request.protocol, point))), "")


def _kind(protocol: str, point: Point) -> str:
    if protocol == "bacnet" and point.kind in _RIGHTS:
        return "badge"
    is_cip = protocol == "cip" and point.name.startswith(_PASSWORD)
    return "account" if is_cip or (protocol == "snmp" and point.name.startswith(_USERS)) else ""


def _changed(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    found = kind(request) if isinstance(request, Request) else ""
    if found and isinstance(request, Request):
        variant = "failure" if result(sighting) == "failure" else found
        unnamed = {} if request.points else {"point": "account"}
        yield operation(sighting, site, variant, str(request.points[:1]), **unnamed)


ACCOUNTS = (
    Detection(
        id="eng.credential.changed",
        watches=(Request,),
        verbs=CHANGES,
        protocols=frozenset({"bacnet", "cip", "ipmi", "snmp"}),
        severity={"account": Severity.MEDIUM, "badge": Severity.HIGH, "failure": Severity.LOW},
        techniques=("T0892", "T0859"),
        requirements=("SR 1.5", "SR 2.1"),
        title={"en": "Account, key or access right changed on a device", "fr": "Compte, clé ou droit d'accès modifié sur un équipement"},
        sentence={
            "en": "{client} changed {point} on {server} ({operation}), which decides who may do what. {outcome}",
            "fr": "{client} a modifié {point} sur {server} ({operation}), qui décide qui peut faire quoi. {outcome}",
        },
        expected={
            "en": "Accounts and badges are managed by their server, and by nobody else.",
            "fr": "Comptes et badges sont gérés par leur serveur, et par personne d'autre.",
        },
        harmless_when={
            "en": "The access control server hands new badges over, or somebody changes a password as planned.",
            "fr": "Le serveur de contrôle d'accès transmet de nouveaux badges, ou un mot de passe est changé comme prévu.",
        },
        next_step={
            "en": "Ask who manages these rights whether the change is theirs; if not, take it back and look for what was opened with it.",
            "fr": "Demander au gestionnaire de ces droits si cela vient de lui ; sinon l'annuler et chercher ce qui a été ouvert.",
        },
        judge=_changed,
        terms=(Term(at_least=Severity.HIGH, variants=frozenset({"account", "badge"}), criticality=frozenset({"C4"})),),
    ),
)
