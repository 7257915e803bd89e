"""Programs and files that go into controllers or come out of them (detections.md, group 6).

A protocol that marks its transfers (events.TRANSFER_STEPS) gives one finding for each, when it is over (changes.ProgramTransferred);
its single requests are not judged here. Orders of other protocols, and single blocks written to memory, are judged one by one.
"""

from collections.abc import Iterator, Mapping

from otwatch.alerts.detections.modes import program_change
from otwatch.alerts.detections.operations import NAME_ONLY, is_declared, operation
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.changes import LinkSeen, ProgramTransferred
from otwatch.events import CHANGES, Request, Verb
from otwatch.sightings import Outcome, Sighting

_LOAD = frozenset({"1", "load"})
_BY_NAME = frozenset({9, 10, 13, 14, 18, 40, 125, 126})
"""Functions of old Modicon controllers, of which only the names are published (modbus/functions.py)."""
_DEEDS = {
    "Delete Block": "deleted", "Copy RAM to ROM": "kept", "atomicWriteFile": "file", "Write File Record": "file",
    "reinitializeDevice": "restored",
}  # fmt: skip
"""Operations that write no program, as words of words.LOADED; of S7 by the service that is invoked."""
_CHANGES_NONE = frozenset({"PI-Service: Compress Memory"})
"""Engineering that moves the blocks of a program together and leaves them as they are; detections.md has it among the downloads (_GARB)."""
_APART = frozenset({"deleted", "kept"})
"""Deeds that are no part of a transfer."""
_READS = {"atomicReadFile": "file", "Read File Record": "file", "reinitializeDevice": "saved"}

_UMAS_UPLOADS = frozenset({"0x28", "0x33", "0x34", "0x35"})
_CIP_UPLOADS = frozenset({
    "Initiate Upload", "Upload Transfer", "Partial Read", "PCCC: upload", "PCCC: enter upload mode", "PCCC: upload all request",
    "PCCC: upload completed",
})  # fmt: skip
_RESTORES = frozenset({"startrestore", "endrestore", "abortrestore"})
_STORES = frozenset({"STOR", "STOU", "APPE"})
_RETRIEVES = frozenset({"RETR"})
_CONTROLLERS = frozenset({"controller", "plc", "ups", "gateway"})
_FILE_READ, _FILE_WRITE = 20, 21


def _download(item: Sighting | ProgramTransferred, site: Site) -> Iterator[Evidence]:
    if isinstance(item, ProgramTransferred):
        yield from _transferred(item, "download", "unknown")
    elif isinstance(item.event, Request) and not _is_step(item.event):
        yield from _written(item, item.event, site)


def _written(sighting: Sighting, request: Request, site: Site) -> Iterator[Evidence]:
    is_program = request.verb is Verb.PROGRAM and not is_upload(request) and request.operation not in _CHANGES_NONE
    if is_program or _is_restore(request) or _is_file(request, _STORES, sighting, site):
        by_name = request.protocol == "modbus" and request.code in _BY_NAME
        found = _judged(sighting, request, site, loaded="function" if by_name else _deed(request, _DEEDS, _STORES))
        yield found._replace(confidence=NAME_ONLY) if by_name else found


def _deed(request: Request, deeds: Mapping[str, str], files: frozenset[str]) -> str:
    is_file = request.protocol == "ftp" and request.operation in files
    return "file" if is_file else deeds.get(request.operation.removeprefix("PI-Service: "), "program")


def _is_restore(request: Request) -> bool:
    if request.protocol == "bacnet":
        return dict(request.details).get("state") in _RESTORES or program_change(request) in _LOAD
    return request.protocol == "modbus" and request.code == _FILE_WRITE


def _is_file(request: Request, commands: frozenset[str], sighting: Sighting, site: Site) -> bool:
    """Whether a file goes to or comes from a controller."""
    return request.protocol == "ftp" and request.operation in commands and bool(site.roles(site.ends(sighting)[1]) & _CONTROLLERS)


def _upload(item: Sighting | ProgramTransferred, site: Site) -> Iterator[Evidence]:
    """In the two variants that the catalogue knows; "declared" is the backup that a conduit allows."""
    if isinstance(item, ProgramTransferred):
        found, is_allowed = _transferred(item, "upload", "success"), site.verdict(_link(item)).kind == "allowed"
    elif isinstance(item.event, Request) and not _is_step(item.event):
        found, is_allowed = _read(item, item.event, site), is_declared(item, item.event, site)
    else:
        return
    taken = "declared" if is_allowed else "success"
    for evidence in found:
        yield evidence if evidence.variant == "failure" else evidence._replace(variant=taken)


def _link(transfer: ProgramTransferred) -> LinkSeen:
    """What was transferred, as the policy judges it."""
    return LinkSeen(
        transfer.client, transfer.server, transfer.transport, transfer.port, transfer.protocol, transfer.verb, "established", 0,
        transfer.first_ns, transfer.frames[0],
    )  # fmt: skip


def _read(sighting: Sighting, request: Request, site: Site) -> Iterator[Evidence]:
    many = request.protocol == "modbus" and request.code == _FILE_READ
    records = sum(point.quantity for point in request.points) if many else 0
    big = records >= site.windows.thresholds.modbus_records
    if is_upload(request) or big or _is_file(request, _RETRIEVES, sighting, site):
        yield _judged(sighting, request, site, unloaded=_deed(request, _READS, _RETRIEVES))


def _may_read(request: Request) -> bool:
    """Whether the request alone lets one think of a program; the rest is up to who asks whom."""
    many = request.protocol == "modbus" and request.code == _FILE_READ
    return many or is_upload(request) or (request.protocol == "ftp" and request.operation in _RETRIEVES)


def is_upload(request: Request) -> bool:
    """Whether the request takes a program out of a controller."""
    said = dict(request.details)
    if request.protocol == "modbus":
        return said.get("umas") in _UMAS_UPLOADS
    if request.protocol == "cip":
        return request.operation in _CIP_UPLOADS
    return request.protocol == "bacnet" and (request.operation == "atomicReadFile" or said.get("state") == "startbackup")


def _judged(sighting: Sighting, request: Request, site: Site, **deed: str) -> Evidence:
    """One act is many requests: all of them between the same two are one finding."""
    variant = "failure" if sighting.outcome is Outcome.ERROR else "success" if sighting.outcome is Outcome.OK else "unknown"
    apart = [word for word in deed.values() if word in _APART]
    return operation(sighting, site, variant, " ".join((request.protocol, *apart)), **deed)


def _is_step(request: Request) -> bool:
    """Whether it belongs to a transfer that is told as a whole."""
    return any(name == "transfer" for name, _ in request.details)


def _transferred(transfer: ProgramTransferred, way: str, unknown: str) -> Iterator[Evidence]:
    """A transfer that broke off has changed the controller all the same; one in which it refused everything has not."""
    if transfer.way != way:
        return
    variant = {True: "success", False: "failure", None: unknown}[transfer.accepted]
    facts = {
        "operation": transfer.operation, "outcome": transfer.result, "blocks": str(transfer.blocks), "size": str(transfer.size),
        "seconds": f"{(transfer.last_ns - transfer.first_ns) / 1e9:.1f}", "loaded": "program", "unloaded": "program",
    }  # fmt: skip
    yield Evidence(
        variant, transfer.client, transfer.server, transfer.protocol, transfer.first_ns, transfer.last_ns, transfer.frames,
        transfer.answers, transfer.protocol, facts, failed=transfer.accepted is False, guess=transfer.guess, verb=transfer.verb,
        transport=transfer.transport, port=transfer.port,
    )  # fmt: skip


_C4 = frozenset({"C4"})

PROGRAMS = (
    Detection(
        id="eng.program.download",
        watches=(Request, ProgramTransferred),
        severity={"success": Severity.HIGH, "unknown": Severity.HIGH, "failure": Severity.MEDIUM},
        techniques=("T0843", "T0889", "T0821"),
        requirements=("SR 3.4", "SR 2.1"),
        title={"en": "Program or configuration written into a controller", "fr": "Programme ou configuration écrits dans un automate"},
        sentence={
            "en": "{client} {loaded} {server} ({operation}). {outcome}",
            "fr": "{client} {loaded} {server} ({operation}). {outcome}",
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
        watches=(Request, ProgramTransferred),
        severity={"success": Severity.MEDIUM, "declared": Severity.LOW, "failure": Severity.LOW},
        techniques=("T0845",),
        requirements=("SR 4.1", "SR 2.1"),
        title={"en": "Program or configuration read out of a controller", "fr": "Programme ou configuration lus dans un automate"},
        sentence={
            "en": "{client} {unloaded} {server} ({operation}). {outcome}",
            "fr": "{client} {unloaded} {server} ({operation}). {outcome}",
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
        judge=_upload,
        concerns=_may_read,
        verbs=CHANGES | {Verb.FILE, Verb.READ},
        terms=(
            Term(at_most=Severity.LOW, client_of=frozenset({"engineering"})),
            Term(at_most=Severity.LOW, variants=frozenset({"declared"})),
            Term(at_least=Severity.HIGH, variants=frozenset({"success"}), client_of=frozenset({"office_it", "remote_maintenance"})),
        ),
    ),
)
