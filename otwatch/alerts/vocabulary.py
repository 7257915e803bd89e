"""Facts that are words of ours, in French and English, by the name of the fact: what sentences are filled with (texts.py)."""

from otwatch.alerts.blind import BLIND
from otwatch.alerts.spoken import SPOKEN
from otwatch.alerts.words import (
    ASKED,
    CHAINS,
    CLOCK,
    CONTROL,
    DID,
    ENTERED,
    FLASHED,
    FLOODS,
    HALTS,
    HELD,
    LAST,
    LOADED,
    MARKS,
    ORDERED,
    PROBES,
    PROVEN,
    REACH,
    RUSHES,
    SCREEN,
    SINCE,
    UNLOADED,
    WEAKNESS,
)  # fmt: skip
from otwatch.results import Texts

WORDS: dict[str, dict[str, Texts]] = {
    "outcome": {
        "ok": {"en": "The device accepted it.", "fr": "L'équipement l'a accepté."},
        "error": {"en": "The device refused it.", "fr": "L'équipement l'a refusé."},
        "partly": {
            "en": "The device accepted some of it and refused the rest.",
            "fr": "L'équipement en a accepté une partie et refusé le reste.",
        },
        "some": {
            "en": "The device refused some of it; what became of the rest could not be seen.",
            "fr": "L'équipement en a refusé une partie ; on n'a pas pu voir le sort du reste.",
        },
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
        "work": {
            "en": "No writers are declared; this station was already at work when the record began, which is taken as the habit.",
            "fr": "Aucun écrivain n'est déclaré ; ce poste écrivait déjà au début de l'enregistrement, ce qui est pris pour l'habitude.",
        },
        "new": {
            "en": "No writers are declared; another station has read this equipment for longer, and this one only just began.",
            "fr": "Aucun écrivain n'est déclaré ; un autre poste lit cet équipement depuis plus longtemps, et celui-ci vient de commencer.",
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
    "chain": CHAINS,
    "state": {
        "attempt": {"en": "It was only tried; nothing came of it.", "fr": "C'est resté un essai, sans suite."},
        "refused": {"en": "The connection was refused.", "fr": "La connexion a été refusée."},
        "established": {"en": "The connection was established.", "fr": "La connexion a été établie."},
        "shared": {
            "en": "What they tell each other passes no firewall: their zones have to be given networks of their own first.",
            "fr": "Ce qu'ils se disent ne traverse aucun pare-feu : il faut d'abord donner à leurs zones des réseaux distincts.",
        },
    },
    "peer": {
        "neighbour": {"en": "which is field equipment too", "fr": "un autre équipement de terrain"},
        "stranger": {"en": "which never asked it anything", "fr": "qui ne l'a jamais interrogé"},
    },
    "begun": {
        "seen": {"en": "connected to", "fr": "s'est connecté à"},
        "unseen": {
            "en": "has a connection (which of the two opened it was not captured) with",
            "fr": "a une connexion (on n'a pas vu lequel des deux l'a ouverte) avec",
        },
    },
    "deed": {
        "contacted": {"en": "contacted", "fr": "a contacté"},
        "shared": {"en": "stands in one broadcast domain with", "fr": "est dans le même domaine de diffusion que"},
        "refused": {"en": "refused", "fr": "a refusé"},
        "hurried": {"en": "saw the end, within seconds, of", "fr": "a vu s'achever en quelques secondes"},
    },
    "secret": {
        "default": {
            "en": "with a password published by the manufacturer, readable on the network",
            "fr": "avec un mot de passe publié par le constructeur, lisible sur le réseau",
        },
        "listed": {
            "en": "with a password that stands in lists of factory passwords, readable on the network",
            "fr": "avec un mot de passe qui figure dans les listes de mots de passe d'usine, lisible sur le réseau",
        },
        "empty": {"en": "with an empty password", "fr": "avec un mot de passe vide"},
        "equals_user": {
            "en": "with a password equal to the user name, readable on the network",
            "fr": "avec un mot de passe identique au nom d'utilisateur, lisible sur le réseau",
        },
        "none": {"en": "without any password: this access is open to everybody", "fr": "sans mot de passe : cet accès est ouvert à tous"},
    },
    "entered": ENTERED,
    "loaded": LOADED,
    "unloaded": UNLOADED,
    "flashed": FLASHED,
    "did": DID,
    "ordered": ORDERED,
    "mark": MARKS,
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
    "login": {
        "success": {"en": "The login was accepted.", "fr": "La connexion a été acceptée."},
        "failure": {"en": "The login was refused.", "fr": "La connexion a été refusée."},
        "given": {
            "en": "The device itself proved it, before it asked who was there.",
            "fr": "L'équipement l'a prouvé lui-même, avant de savoir à qui il parlait.",
        },
        "unused": {"en": "Nobody was seen to use it here.", "fr": "Personne n'a été vu s'en servir ici."},
        "unknown": {"en": "Whether the login was accepted could not be seen.", "fr": "On n'a pas pu voir si la connexion a été acceptée."},
    },
    "end": {
        "refused": {"en": "No login was accepted so far.", "fr": "Aucune n'a été acceptée jusqu'ici."},
        "accepted": {
            "en": "Then one was accepted: the password may have been guessed.",
            "fr": "Puis une connexion a été acceptée : le mot de passe a peut-être été deviné.",
        },
        "sealed": {
            "en": "They are encrypted: what was tried, and whether it was accepted, cannot be seen.",
            "fr": "Elles sont chiffrées : ni ce qui a été essayé, ni si cela a été accepté ne se voit.",
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
