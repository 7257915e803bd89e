"""Values beyond the bounds that the site file declares for a point (`limits`): somebody writes one, or the equipment tells one."""

from collections.abc import Iterator

from otwatch.alerts.detections.operations import operation, result
from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.changes import Outside, ValueOutside
from otwatch.events import CHANGES, Request
from otwatch.sightings import Sighting

_MINUTE_NS = 60_000_000_000


def _facts(found: Outside) -> dict[str, str]:
    return {"limit": found.name, "point": found.point, "value": found.value, "bounds": found.bounds}


def _written(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Whoever writes it, and whether he may write there or not."""
    request = sighting.event
    assert isinstance(request, Request)
    for found in site.beyond(request, site.ends(sighting)[1]):
        yield operation(sighting, site, result(sighting), found.limit, **_facts(found))


def _told(change: ValueOutside, _site: Site) -> Iterator[Evidence]:
    minutes = str((change.time_ns - change.since_ns) // _MINUTE_NS)
    answers = (change.answer,) if change.answer is not None else ()
    yield Evidence(
        "outside", change.asset, change.asset, change.protocol, change.time_ns, change.time_ns, (change.frame,), answers,
        change.found.limit, _facts(change.found) | {"minutes": minutes}, transport=change.transport, port=change.port,
    )  # fmt: skip


_MEDIUM, _HIGH = Severity.MEDIUM, Severity.HIGH
_EXPECTED = {
    "en": "Values that the site file allows: {bounds}.",
    "fr": "Les valeurs que le fichier de site admet : {bounds}.",
}

LIMITS = (
    Detection(
        id="write.out_of_limits",
        watches=(Request,),
        verbs=CHANGES,
        severity={"success": _HIGH, "unknown": _MEDIUM, "failure": Severity.LOW},
        techniques=("T0836", "T0831"),
        requirements=("SR 3.5", "SR 2.1"),
        title={"en": "Setting beyond its declared limits", "fr": "Réglage hors des limites déclarées"},
        sentence={
            "en": "{client} set {limit} ({point}) of {server} to {value}; allowed: {bounds}. {outcome}",
            "fr": "{client} a réglé {limit} ({point}) à {value} sur {server} ; admis : {bounds}. {outcome}",
        },
        expected=_EXPECTED,
        harmless_when={
            "en": "The limits changed with the installation and the site file did not follow, or a test needs such a value for a while.",
            "fr": "Les limites ont changé avec l'installation sans que le fichier de site suive, ou un essai demande cette valeur.",
        },
        next_step={
            "en": "Put the value back within its limits, then ask who set it and why; correct `limits` where they are out of date.",
            "fr": "Ramener la valeur dans ses limites, puis demander qui l'a réglée et pourquoi ; corriger `limits` s'il est périmé.",
        },
        judge=_written,
        terms=(Term(at_least=Severity.CRITICAL, variants=frozenset({"success"}), criticality=frozenset({"C4"})),),
    ),
    Detection(
        id="process.out_of_limits",
        watches=(ValueOutside,),
        severity={"outside": _MEDIUM},
        techniques=("T0831", "T0879"),
        requirements=("SR 3.6", "SR 6.2"),
        title={"en": "Process value beyond its declared limits", "fr": "Grandeur mesurée hors des limites déclarées"},
        sentence={
            "en": "{limit}: {server} tells {value} ({point}), for {minutes} min already; allowed: {bounds}.",
            "fr": "{limit} : {server} indique {value} ({point}), depuis {minutes} min déjà ; admis : {bounds}.",
        },
        expected=_EXPECTED,
        harmless_when={
            "en": "The installation is stopped or under maintenance, a door stands open, or a sensor is faulty.",
            "fr": "L'installation est à l'arrêt ou en maintenance, une porte est ouverte, ou un capteur est défaillant.",
        },
        next_step={
            "en": "Read the value at the equipment; if it is true, start the degraded procedure of the service, then look for who changed "
            "a setting there (`otwatch points`, `otwatch sessions`).",
            "fr": "Relever la valeur sur place ; si elle est vraie, lancer la procédure dégradée du service, puis chercher qui y a changé "
            "un réglage (`otwatch points`, `otwatch sessions`).",
        },
        judge=_told,
        terms=(Term(at_least=_HIGH, criticality=frozenset({"C4"})),),
    ),
)
