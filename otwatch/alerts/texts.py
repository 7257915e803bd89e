"""Sentences for people, in French and English: who did what to which equipment, with which result, and what is at stake there.

Templates hold names of facts. Facts that are words of ours ("refused") are translated (vocabulary.py); all others come from the network and
were cleaned where they entered. Added to every template: {client} and {server}, as "name (address, zone)"; {about} and {written}, what an
order names and the value it sets, with their punctuation and only where there are any.
"""

from collections.abc import Mapping
from functools import partial
from re import compile as pattern

from otwatch.alerts.model import Site, ZoneView
from otwatch.alerts.spoken import KINDS
from otwatch.alerts.vocabulary import WORDS
from otwatch.alerts.words import HELD_BY, PRIORITY_OF, SPANS
from otwatch.results import Texts

LANGUAGES = ("en", "fr")

CARE: dict[str, Texts] = {
    "C4": {"en": "At stake there: patients in danger within minutes.", "fr": "Enjeu : des patients en danger en quelques minutes."},
    "C3": {
        "en": "At stake there: care degraded or stopped within hours.",
        "fr": "Enjeu : des soins dégradés ou arrêtés en quelques heures.",
    },
    "C2": {
        "en": "At stake there: services degraded within the day, with a workaround.",
        "fr": "Enjeu : un service dégradé dans la journée, avec solution de repli.",
    },
    "C1": {"en": "At stake there: comfort, metering or deterrence.", "fr": "Enjeu : confort, comptage ou dissuasion."},
}
"""What care loses (domain/zones.md 3.2)."""

EXTENT: Texts = {
    "en": "Transferred: {blocks} blocks, {size} bytes, in {seconds} s.",
    "fr": "Transféré : {blocks} blocs, {size} octets, en {seconds} s.",
}
"""Of a transfer as a whole (changes.ProgramTransferred)."""
CROWD: Texts = {
    "en": "Several hosts seem to share the address it came from (translation, proxy): it was one of them.",
    "fr": "Plusieurs machines semblent partager l'adresse d'où cela vient (traduction d'adresses, proxy) : c'est l'une d'elles.",
}
HANDS: Texts = {
    "en": "Meanwhile or just before, {hands} was connected to the screen or shell of the station that did it.",
    "fr": "Pendant ce temps ou juste avant, {hands} était connecté à l'écran ou au terminal du poste qui l'a fait.",
}
"""Who may have been at the keyboard, from another zone."""
BEFORE: Texts = {"en": "The value written before was {before}.", "fr": "La valeur écrite auparavant était {before}."}
ARRAY: Texts = {
    "en": "Other commands stand in its priority array, as far as they were seen: {array}.",
    "fr": "D'autres commandes occupent son tableau de priorités, pour autant qu'on les ait vues : {array}.",
}
"""Who holds which priority of a BACnet object (135-2020 clause 19.2)."""
TIMES: Texts = {"en": "Seen {times} times.", "fr": "Vu {times} fois."}
STORM: Texts = {
    "en": "{others} more findings of this kind in the same zone within an hour: {pairs}.",
    "fr": "{others} autres constats de ce type dans la même zone en une heure : {pairs}.",
}
STORY: Texts = {
    "en": "Last of {steps} findings that follow each other within {within} ({chain}): {led} → this one.",
    "fr": "Dernier de {steps} constats qui s'enchaînent en {within} ({chain}) : {led} → celui-ci.",
}
"""Of a chain (chains.py)."""
ALSO_FLOWS: Texts = {
    "en": "Between these two, the rules of the zones are broken as well ({flows}).",
    "fr": "Entre ces deux équipements, les règles de zones sont aussi enfreintes ({flows}).",
}
SWEPT_FLOWS: Texts = {
    "en": "Rules of the zones forbid or do not declare these tries ({flows}).",
    "fr": "Les règles de zones interdisent ou ne déclarent pas ces essais ({flows}).",
}

_BROADCAST = pattern(r"bacnet (\d+)/\*")
_ALL_NETWORKS = "65535"
"""BACnet network number of a global broadcast (135-2020 clause 6.3.2)."""
_EVERY_DEVICE: Texts = {"en": "every BACnet device", "fr": "tous les équipements BACnet"}
_EVERY_DEVICE_OF: Texts = {"en": "every device of BACnet network {}", "fr": "tous les équipements du réseau BACnet {}"}

_VALUE: Texts = {"en": "value {}", "fr": "valeur {}"}
_ABSENT = "–"
"""What a fact says that has nothing to say."""
_COLON: Texts = {"en": ": ", "fr": " : "}

_ZONE: Texts = {"en": "zone {name}", "fr": "zone {name}"}
_NO_ZONE: Texts = {"en": "no known zone", "fr": "zone inconnue"}


def zone_name(zone: ZoneView | None, language: str) -> str:
    """The name of a zone in a language, else in any, else its id."""
    if zone is None or not (zone.id or zone.name):
        return _NO_ZONE[language]
    name = zone.name.get(language) or next((text for text in zone.name.values() if text), zone.id)
    return _ZONE[language].format(name=name)


def asset_name(asset: str, site: Site, language: str) -> str:
    """ "CTA-BLOC-3 (10.22.1.15, zone CVC bloc)"; "" for none."""
    if not asset:
        return ""
    if group := _BROADCAST.fullmatch(asset):
        return (_EVERY_DEVICE if group[1] == _ALL_NETWORKS else _EVERY_DEVICE_OF)[language].format(group[1])
    label, zone = site.label(asset), zone_name(site.zone(asset), language)
    if label.endswith(")"):
        return f"{label[:-1]}, {zone})"
    return f"{label} ({zone})" if asset in label else f"{label} ({asset}, {zone})"


def translated(facts: Mapping[str, str], language: str) -> dict[str, str]:
    """Facts with our own words in a language."""
    return {name: _SHOWN.get(name, partial(_word, name))(value, language) for name, value in facts.items()}


def _word(name: str, value: str, language: str) -> str:
    word = WORDS.get(name, {}).get(value)
    return value if word is None else word[language]


def _number(value: str, language: str) -> str:
    """Digits in groups of three, as people of that language write them."""
    return f"{float(value) if '.' in value else int(value):,}".translate(_SEPARATORS.get(language, {}))


def _points(value: str, language: str) -> str:
    return ", ".join(_point(one, language) for one in value.split(", "))


def _point(value: str, language: str) -> str:
    kind, blank, rest = value.partition(" ")
    return f"{KINDS[kind][language]}{blank}{rest}" if kind in KINDS else value


def fill(templates: Texts, facts: Mapping[str, str], client: str, server: str, site: Site) -> dict[str, str]:
    """The templates of all languages with the facts in their places."""
    return {
        language: templates[language].format(
            **translated(facts, language), client=asset_name(client, site, language), server=asset_name(server, site, language),
            about=_about(facts, language), written=_written(facts, language),
        )
        for language in LANGUAGES
    }  # fmt: skip


def _about(facts: Mapping[str, str], language: str) -> str:
    """ ": coil 4, value 1": what an order names beside itself; "" where it names nothing."""
    point = facts.get("point", "")
    is_named = point and point != facts.get("operation", "").partition(" (")[0]
    named = _points(point, language) if is_named else ""
    words = ", ".join(word for word in (named, _value(facts, language)) if word)
    return f"{_COLON[language]}{words}" if words else ""


def _written(facts: Mapping[str, str], language: str) -> str:
    """ ", value 1", or "" where no value was written."""
    value = _value(facts, language)
    return f", {value}" if value else ""


def _value(facts: Mapping[str, str], language: str) -> str:
    value = facts.get("value", _ABSENT)
    return "" if value == _ABSENT else _VALUE[language].format(value)


def joined(*parts: Texts) -> dict[str, str]:
    """Sentences one behind the other."""
    return {language: " ".join(part[language] for part in parts if part.get(language)) for language in LANGUAGES}


def _array(value: str, language: str) -> str:
    """Entries of operations.operation, "8 259200 GTB serveur 1 = 21.5", as people say them."""
    return _ENTRY.sub(lambda entry: _held(entry[1], entry[2], entry[3], entry[4], language), value)


def _held(priority: str, seconds: str, client: str, value: str, language: str) -> str:
    said = PRIORITY_OF.get(priority, PRIORITY_OF[""])[language].format(priority=priority)
    return HELD_BY[language].format(said=said, value=value, client=client, since=_span(int(seconds), language))


def _span(seconds: int, language: str) -> str:
    unit, word = next((unit, word) for least, unit, word in SPANS if seconds >= least)
    return f"{seconds // unit} {word[language]}"


def _every(milliseconds: str, language: str) -> str:
    return f"{milliseconds} ms" if int(milliseconds) < 1000 else _span(int(milliseconds) // 1000, language)


def _within(seconds: str, language: str) -> str:
    return _span(int(seconds), language)


_ENTRY = pattern(r"(\d+) (\d+) (.*?) = (.*?)(?=; \d+ \d+ |$)")
_SEPARATORS = {"fr": {ord(","): "\u202f", ord("."): ","}}
_SHOWN = {
    "point": _points, "array": _array, "within": _within, "every": _every,
    **dict.fromkeys(("size", "blocks", "seconds", "times", "count", "others"), _number),
}  # fmt: skip
"""Facts that are shown in a form of their own."""
