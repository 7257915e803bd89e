"""Sentences for people, in French and English: who did what to which equipment, with which result, and what is at stake there.

Templates hold names of facts. Facts that are words of ours ("refused") are translated by WORDS; all others come from the network and
were cleaned where they entered. Added to every template: {client} and {server}, as "name (address, zone)".
"""

from collections.abc import Mapping
from functools import partial
from re import compile as pattern

from otwatch.alerts.blind import BLIND
from otwatch.alerts.model import Site, ZoneView
from otwatch.alerts.words import (
    ASKED,
    CLOCK,
    CONTROL,
    FLOODS,
    HALTS,
    HELD,
    KINDS,
    LAST,
    PROBES,
    PROVEN,
    REACH,
    RUSHES,
    SCREEN,
    SINCE,
    SPOKEN,
    WEAKNESS,
)  # fmt: skip
from otwatch.results import Texts

LANGUAGES = ("en", "fr")

WORDS: dict[str, dict[str, Texts]] = {
    "outcome": {
        "ok": {"en": "The device accepted it.", "fr": "L'équipement l'a accepté."},
        "error": {"en": "The device refused it.", "fr": "L'équipement l'a refusé."},
        "unanswered": {"en": "The device did not answer.", "fr": "L'équipement n'a pas répondu."},
        "unknown": {
            "en": "Whether the device accepted it could not be seen.",
            "fr": "On n'a pas pu voir si l'équipement l'a accepté.",
        },
        "observed": {
            "en": "Until then it had marked them run: the controller itself does not run its program any more.",
            "fr": "Jusque-là il les marquait « run » : l'automate lui-même n'exécute plus son programme.",
        },
        "finished": {"en": "It was carried to its end.", "fr": "L'opération est allée à son terme."},
        "aborted": {"en": "It was aborted before its end.", "fr": "L'opération a été abandonnée avant son terme."},
        "refused": {"en": "The device refused it.", "fr": "L'équipement l'a refusée."},
        "broken": {"en": "It broke off before its end.", "fr": "L'opération s'est interrompue avant son terme."},
        "running": {"en": "The capture ended before it did.", "fr": "La capture s'arrête avant la fin de l'opération."},
        "unheard": {"en": "No answer is foreseen for this order.", "fr": "Aucune réponse n'est prévue pour cet ordre."},
    },
    "basis": {
        "site": {
            "en": "Only the writers declared in the site file change this point, and none of its lines allows this.",
            "fr": "Seuls les écrivains déclarés dans le fichier de site modifient ce point, et aucune ligne ne le permet ici.",
        },
        "habit": {
            "en": "No writers are declared; this equipment serves other stations, and this one did not read it before it wrote.",
            "fr": "Aucun écrivain n'est déclaré ; cet équipement sert d'autres postes, et celui-ci ne l'a pas lu avant d'y écrire.",
        },
        "first": {
            "en": "No writers are declared; the first station seen to write is taken as the habit until the site file says who may.",
            "fr": "Aucun écrivain n'est déclaré ; le premier poste vu en écriture fait référence tant que le fichier de site ne dit rien.",
        },
    },
    "blind": BLIND,
    "held": HELD,
    "probe": PROBES,
    "rush": RUSHES,
    "flood": FLOODS,
    "halt": HALTS,
    "asked": ASKED,
    "last": LAST,
    "state": {
        "attempt": {"en": "Nobody answered.", "fr": "Personne n'a répondu."},
        "refused": {"en": "The connection was refused.", "fr": "La connexion a été refusée."},
        "established": {"en": "The connection was established.", "fr": "La connexion a été établie."},
    },
    "secret": {
        "default": {
            "en": "with a password published by the manufacturer, readable on the network",
            "fr": "avec un mot de passe publié par le constructeur, lisible sur le réseau",
        },
        "empty": {"en": "with an empty password", "fr": "avec un mot de passe vide"},
        "equals_user": {
            "en": "with a password equal to the user name, readable on the network",
            "fr": "avec un mot de passe identique au nom d'utilisateur, lisible sur le réseau",
        },
        "none": {"en": "without any password: this access is open to everybody", "fr": "sans mot de passe : cet accès est ouvert à tous"},
    },
    "proven": PROVEN,
    "reach": REACH,
    "weakness": WEAKNESS,
    "screen": SCREEN,
    "password": {
        "absent": {"en": "without a password", "fr": "sans mot de passe"},
        "known": {
            "en": "with a password that everybody knows, readable on the network",
            "fr": "avec un mot de passe connu de tous, lisible sur le réseau",
        },
        "wrong": {"en": "with a wrong password", "fr": "avec un mauvais mot de passe"},
    },
    "access": {
        "reads": {
            "en": "reads with a community (SNMP password) that everybody knows from",
            "fr": "lit, avec une communauté (mot de passe SNMP) connue de tous, l'équipement",
        },
        "changes": {
            "en": "changes settings with a community (SNMP password) that everybody knows on",
            "fr": "modifie, avec une communauté (mot de passe SNMP) connue de tous, les réglages de",
        },
        "guesses": {
            "en": "tries one community (SNMP password) after the other on",
            "fr": "essaie une communauté (mot de passe SNMP) après l'autre sur",
        },
    },
    "operation": {
        "io idle": {"en": "I/O data marked idle", "fr": "des données d'E/S marquées à l'arrêt (idle)"},
    },
    "login": {
        "success": {"en": "The login was accepted.", "fr": "La connexion a été acceptée."},
        "failure": {"en": "The login was refused.", "fr": "La connexion a été refusée."},
        "unused": {"en": "Nobody was seen to use it here.", "fr": "Personne n'a été vu en user ici."},
        "unknown": {"en": "Whether the login was accepted could not be seen.", "fr": "On n'a pas pu voir si la connexion a été acceptée."},
    },
    "end": {
        "refused": {"en": "No login was accepted so far.", "fr": "Aucune n'a été acceptée jusqu'ici."},
        "accepted": {
            "en": "Then one was accepted: the password may have been guessed.",
            "fr": "Puis une connexion a été acceptée : le mot de passe a peut-être été deviné.",
        },
    },
    "clause": {
        "op": {"en": "the kind of operation", "fr": "le type d'opération"},
        "write_hosts": {"en": "the hosts that may write", "fr": "les hôtes autorisés à écrire"},
        "strongest_bacnet_priority": {"en": "the strongest BACnet priority", "fr": "la priorité BACnet la plus forte"},
        "hosts_from": {"en": "the hosts that may begin", "fr": "les hôtes qui peuvent émettre"},
        "hosts_to": {"en": "the hosts that may be asked", "fr": "les hôtes qui peuvent être appelés"},
        "window": {"en": "the hours", "fr": "les horaires"},
        "tls": {"en": "encryption", "fr": "le chiffrement"},
        "version": {"en": "the version of the protocol", "fr": "la version du protocole"},
    },
    "action": {
        "enable": {"en": "enable", "fr": "réactiver"},
        "disable": {"en": "stop communicating", "fr": "cesser de communiquer"},
        "disable-initiation": {"en": "stop sending alarms and values by itself", "fr": "cesser d'envoyer alarmes et valeurs de lui-même"},
    },
    "effect": {
        "overrides": {
            "en": "weaker commands, those of the supervision included, have no effect until it is released.",
            "fr": "les commandes plus faibles, y compris celles de la supervision, restent sans effet tant qu'elle n'est pas relâchée.",
        },
        "releases": {
            "en": "the command that stood there is released, and the next weaker one takes over.",
            "fr": "la commande qui s'y trouvait est relâchée, et la suivante, plus faible, reprend la main.",
        },
    },
    "sought": {
        "functions": {"en": "for functions that it does not have, codes", "fr": "des fonctions qu'il n'a pas, codes"},
        "addresses": {"en": "for addresses that it does not have, function codes", "fr": "des adresses qu'il n'a pas, codes fonction"},
        "points": {
            "en": "for registers or coils that it never asked for before, in number",
            "fr": "des registres ou bobines jamais demandés auparavant, au nombre de",
        },
        "identity": {"en": "who it is", "fr": "qui il est"},
    },
    "targets": {
        "everybody": {"en": "every device", "fr": "tous les équipements"},
    },
    "spoken": SPOKEN,
    "since": SINCE,
    "clock": CLOCK,
    "control": CONTROL,
    "door": {
        "anonymous": {
            "en": "an anonymous session was opened on a channel that is not encrypted.",
            "fr": "une session anonyme a été ouverte sur un canal non chiffré.",
        },
        "clear": {
            "en": "the user's password went over the network in clear.",
            "fr": "le mot de passe de l'utilisateur est passé en clair sur le réseau.",
        },
        "offered": {
            "en": "anonymous sessions without encryption are offered.",
            "fr": "des sessions anonymes et non chiffrées sont proposées.",
        },
    },
    "proof": {
        "reservation": {
            "en": "it let itself be reserved for engineering without asking for a password.",
            "fr": "il s'est laissé réserver pour l'ingénierie sans demander de mot de passe.",
        },
        "level": {
            "en": "it says itself that no password level is set.",
            "fr": "il indique lui-même qu'aucun niveau de mot de passe n'est défini.",
        },
        "basic": {
            "en": "it asks for logins whose password can be read on the network (basic).",
            "fr": "il demande des connexions dont le mot de passe est lisible sur le réseau (basic).",
        },
        "password": {
            "en": "it accepted an empty password, or one that everybody knows.",
            "fr": "il a accepté un mot de passe vide, ou connu de tous.",
        },
    },
    "until": {
        "unlimited": {"en": "without time limit", "fr": "sans limite de durée"},
    },
}
"""Fact -> value -> what it is called. Values that are not here are shown as they are."""

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
TIMES: Texts = {"en": "Seen {times} times.", "fr": "Vu {times} fois."}
STORM: Texts = {
    "en": "{others} more findings of this kind in the same zone within an hour: {pairs}.",
    "fr": "{others} autres constats de ce type dans la même zone en une heure : {pairs}.",
}
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
            **translated(facts, language), client=asset_name(client, site, language), server=asset_name(server, site, language)
        )
        for language in LANGUAGES
    }


def joined(*parts: Texts) -> dict[str, str]:
    """Sentences one behind the other."""
    return {language: " ".join(part[language] for part in parts if part.get(language)) for language in LANGUAGES}


_SEPARATORS = {"fr": {ord(","): "\u202f", ord("."): ","}}
_SHOWN = {"point": _points, "size": _number, "blocks": _number, "seconds": _number}
"""Facts that are shown in a form of their own."""
