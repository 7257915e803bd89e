"""Equipment that says something else about itself than before (detections.md, group 7)."""

import re
from collections.abc import Iterator

from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term
from otwatch.changes import AssetChanged

_VERSIONS = frozenset({"firmware"})
_THINGS = frozenset({"vendor", "product", "model", "serial", "device_instance"})
_NUMBERS = re.compile(r"\d+")


def _is_lower(after: str, before: str) -> bool:
    """Whether a version went down: number by number, as far as both have some."""
    numbers = [tuple(map(int, _NUMBERS.findall(text)[:4])) for text in (after, before)]
    return all(numbers) and numbers[0] < numbers[1]


def _change(change: AssetChanged, variant: str) -> Evidence:
    facts = {"field": change.field, "before": change.before, "after": change.after}
    return Evidence(variant, change.asset, change.asset, "", change.time_ns, change.time_ns, (change.frame,), (), change.field, facts)


def _version(change: AssetChanged, _site: Site) -> Iterator[Evidence]:
    if change.field in _VERSIONS:
        yield _change(change, "downgrade" if _is_lower(change.after, change.before) else "upgrade")


def _thing(change: AssetChanged, _site: Site) -> Iterator[Evidence]:
    if change.field in _THINGS:
        yield _change(change, "replaced")


_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

REPLACED = (
    Detection(
        id="inv.firmware.changed",
        watches=(AssetChanged,),
        severity={"upgrade": _LOW, "downgrade": _HIGH},
        techniques=("T1693.001", "T0889"),
        requirements=("SR 3.4", "SR 7.8"),
        title={"en": "Firmware version changed", "fr": "Version de micrologiciel modifiée"},
        sentence={
            "en": "{server} now says firmware {after}; before it said {before}.",
            "fr": "{server} annonce maintenant le micrologiciel {after} ; auparavant {before}.",
        },
        expected={
            "en": "Firmware changes only during works that are declared, and does not go back.",
            "fr": "Un micrologiciel ne change que lors de travaux déclarés, et ne revient pas en arrière.",
        },
        harmless_when={
            "en": "The manufacturer updated the device, or it was replaced by a spare part.",
            "fr": "Le constructeur a mis l'équipement à jour, ou une pièce de rechange l'a remplacé.",
        },
        next_step={
            "en": "Ask the maintenance company what it installed, and write the version down in the inventory.",
            "fr": "Demander à la société de maintenance ce qu'elle a installé, et noter la version à l'inventaire.",
        },
        judge=_version,
        terms=(Term(at_least=_MEDIUM, variants=frozenset({"upgrade"}), criticality=frozenset({"C3", "C4"})),),
    ),
    Detection(
        id="inv.identity.changed",
        watches=(AssetChanged,),
        severity={"replaced": _MEDIUM},
        techniques=("T0848", "T0864"),
        requirements=("SR 1.2", "SR 7.8"),
        title={"en": "Another device at the same place", "fr": "Un autre équipement à la même place"},
        sentence={
            "en": "{server} now says it is {after} ({field}); before it said {before}.",
            "fr": "{server} se déclare maintenant {after} ({field}) ; auparavant {before}.",
        },
        expected={
            "en": "Maker, model and serial number of a device stay the same until it is replaced.",
            "fr": "Marque, modèle et numéro de série d'un équipement restent les mêmes jusqu'à son remplacement.",
        },
        harmless_when={
            "en": "It was replaced during works, or its address was given to another one.",
            "fr": "Il a été remplacé lors de travaux, ou son adresse a été donnée à un autre.",
        },
        next_step={
            "en": "Go and see which device is there, and correct the inventory or unplug it.",
            "fr": "Aller voir quel équipement s'y trouve, et corriger l'inventaire ou le débrancher.",
        },
        judge=_thing,
        terms=(Term(at_least=_HIGH, criticality=frozenset({"C4"})),),
    ),
)
