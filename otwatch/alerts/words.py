"""Words for people that stand in sentences of findings, and the terms of a severity."""

from otwatch.results import Texts

SINCE: dict[str, Texts] = {
    "new": {
        "en": "it was never seen while the site was learnt.",
        "fr": "cela n'avait jamais été vu pendant l'apprentissage.",
    },
    "returned": {"en": "it had not been seen for 90 days.", "fr": "cela n'avait pas été vu depuis 90 jours."},
    "beside": {
        "en": "it came through a second connection, while the one that carries its other writes went on: another program on that machine.",
        "fr": "elle est venue par une seconde connexion, alors que celle qui porte ses autres écritures continuait : un autre programme "
        "sur cette machine.",
    },
    "usual": {"en": "the value is far from the usual ones.", "fr": "la valeur est loin des valeurs habituelles."},
}
"""What the baseline says of something that is told (alerts/usual.py)."""

CLOCK: dict[str, Texts] = {
    "new_server": {
        "en": "it is none of the known sources of time",
        "fr": "ce n'est pas une source de temps connue",
    },
    "unsound": {"en": "it gives no time that holds", "fr": "l'heure qu'il donne ne vaut rien"},
    "unanswering": {"en": "for a day it has not answered those who ask", "fr": "depuis un jour il ne répond plus à ceux qui l'interrogent"},
    "unasked": {
        "en": "for a day those who asked have not asked any more",
        "fr": "depuis un jour ceux qui l'interrogeaient ne le font plus",
    },
}
CONTROL: dict[str, Texts] = {
    "stp_root": {"en": "the spanning tree has another root than before", "fr": "le spanning tree a changé de racine"},
    "dhcp": {"en": "it gives out addresses, which it never did before", "fr": "il distribue des adresses, ce qu'il n'avait jamais fait"},
    "gateways": {
        "en": "several servers give out addresses here and name different gateways",
        "fr": "plusieurs serveurs distribuent des adresses et annoncent des passerelles différentes",
    },
    "dns": {"en": "it answers for names, and the site file does not name it", "fr": "il résout des noms sans être déclaré pour cela"},
    "redirect": {
        "en": "it leads packets another way (ICMP redirect), and not to a known router",
        "fr": "il détourne des paquets (redirection ICMP), et pas vers un routeur connu",
    },
    "router": {
        "en": "it announces itself as a way out, and is no known router",
        "fr": "il s'annonce comme routeur sans en être un de connu",
    },
    "way_out": {
        "en": "it hands out a way out that the site file does not name",
        "fr": "il distribue une passerelle que le fichier de site ne cite pas",
    },
    "resolver": {
        "en": "it hands out a DNS server that the site file does not name",
        "fr": "il distribue un serveur DNS que le fichier de site ne cite pas",
    },
    "ring": {
        "en": "its ring of switches is open: the next broken cable divides the network",
        "fr": "son anneau de commutateurs est ouvert : la prochaine coupure divisera le réseau",
    },
    "trunk": {
        "en": "its port speaks of trunks: whoever plugs in there may reach every VLAN",
        "fr": "son port négocie un trunk : qui s'y branche peut atteindre tous les VLAN",
    },
}
"""Who took over what the network rests on."""

TRACE: dict[str, Texts] = {
    "base": {"en": "this kind of finding", "fr": "ce type de constat"},
    "refused": {"en": "it was refused", "fr": "refusé par l'équipement"},
    "target": {"en": "criticality of the equipment for care", "fr": "criticité de l'équipement pour les soins"},
    "source": {"en": "it comes from a network that is not technical", "fr": "vient d'un réseau non technique"},
    "unsure": {"en": "roles, zone or habit are not certain", "fr": "rôles, zone ou habitude incertains"},
    "window": {"en": "engineering within its hours", "fr": "ingénierie pendant ses horaires"},
    "floor": {"en": "never less for such an act", "fr": "jamais moins pour un tel acte"},
    "statement": {"en": "rule of this kind of finding", "fr": "règle de ce type de constat"},
    "learning": {"en": "the inventory is still being learnt", "fr": "inventaire en apprentissage"},
    "own machine": {
        "en": "a machine speaks with itself, nobody is on the way",
        "fr": "une machine se parle à elle-même, personne n'est sur le trajet",
    },
    "experimental": {"en": "how this protocol is read is not certain", "fr": "la lecture de ce protocole n'est pas certaine"},
    "cap": {"en": "the site file allows no more", "fr": "plafond fixé par le fichier de site"},
    "tests": {"en": "declared window of tests", "fr": "créneau d'essais déclaré"},
    "expected": {"en": "declared works or scanner", "fr": "travaux ou scanner déclarés"},
    "chain": {"en": "last step of a chain of findings", "fr": "dernière étape d'un enchaînement de constats"},
    "also": {"en": "another finding of the same act is more serious", "fr": "un autre constat du même acte est plus grave"},
}
"""Words for the terms of a severity trace, by what stands before ":" or the blank."""

PROVEN: dict[str, Texts] = {
    "default": {"en": "with a password published by the manufacturer", "fr": "avec un mot de passe publié par le constructeur"},
    "listed": {
        "en": "with a password that stands in lists of factory passwords",
        "fr": "avec un mot de passe qui figure dans les listes de mots de passe d'usine",
    },
    "empty": {"en": "with an empty password", "fr": "avec un mot de passe vide"},
    "equals_user": {"en": "with a password equal to the user name", "fr": "avec un mot de passe identique au nom d'utilisateur"},
    "weak": {"en": "with a password that anybody guesses", "fr": "avec un mot de passe que n'importe qui devine"},
}
"""What the password of a login is that did not send it."""

SCREEN: dict[str, Texts] = {
    "open": {"en": "no password is asked for.", "fr": "aucun mot de passe n'est demandé."},
    "default": {
        "en": "a password published by the manufacturer was used.",
        "fr": "un mot de passe publié par le constructeur a servi.",
    },
    "listed": {
        "en": "a password that stands in lists of factory passwords was used.",
        "fr": "un mot de passe qui figure dans les listes de mots de passe d'usine a servi.",
    },
    "empty": {"en": "an empty password was used.", "fr": "un mot de passe vide a servi."},
    "weak": {"en": "a password that anybody guesses was used.", "fr": "un mot de passe que n'importe qui devine a servi."},
}
"""How a remote screen is guarded."""

ENTERED: dict[str, Texts] = {
    "in": {"en": "logged in to", "fr": "s'est connecté à"},
    "asked": {"en": "began a login to", "fr": "a commencé une connexion à"},
}
"""How far a login went: where the server proves the password before it knows who is there, somebody may only have asked."""

LOADED: dict[str, Texts] = {
    "program": {"en": "wrote a program or configuration into", "fr": "a écrit un programme ou une configuration dans"},
    "file": {"en": "wrote a file into", "fr": "a écrit un fichier dans"},
    "function": {"en": "called a programming function of", "fr": "a appelé une fonction de programmation de"},
    "deleted": {"en": "deleted a program block in", "fr": "a effacé un bloc de programme dans"},
    "kept": {"en": "made the program in memory permanent in", "fr": "a rendu permanent le programme en mémoire de"},
    "restored": {"en": "restores the configuration of", "fr": "restaure la configuration de"},
}
"""What was done to the program of a controller."""

UNLOADED: dict[str, Texts] = {
    "program": {"en": "read the program or configuration of", "fr": "a lu le programme ou la configuration de"},
    "file": {"en": "read a file of", "fr": "a lu un fichier de"},
    "saved": {"en": "made a backup of", "fr": "a fait une sauvegarde de"},
}
"""What was read out of a controller."""

DID: dict[str, Texts] = {"ordered": {"en": "ordered", "fr": "a ordonné à"}, "sent": {"en": "sent", "fr": "a envoyé à"}}
ORDERED: dict[str, Texts] = {
    "stop": {"en": "to stop its program", "fr": "d'arrêter son programme"},
    "start": {"en": "to run its program", "fr": "d'exécuter son programme"},
    "init": {"en": "to begin anew", "fr": "de se réinitialiser"},
    "mode": {"en": "to change its mode", "fr": "de changer de mode"},
    "idle": {"en": "I/O data marked idle", "fr": "des données d'E/S marquées à l'arrêt (idle)"},
    "restart": {"en": "to restart", "fr": "de redémarrer"},
    "off": {"en": "to switch itself off", "fr": "de s'éteindre"},
    "factory": {"en": "to go back to its factory settings", "fr": "de revenir à ses réglages d'usine"},
    "listen_only": {"en": "to fall silent", "fr": "de ne plus répondre"},
    "link": {"en": "to restart its communication", "fr": "de relancer sa communication"},
    "clear": {"en": "to clear its counters", "fr": "d'effacer ses compteurs"},
}
"""What a controller was told to do, in words of people: protocols have names of their own for it."""

FLASHED: dict[str, Texts] = {
    "sent": {"en": "sent firmware to", "fr": "a envoyé un micrologiciel à"},
    "function": {"en": "called the firmware function of", "fr": "a appelé la fonction de micrologiciel de"},
}
"""What was done to the firmware of a device; of a function that is known by name only, no more than that it was called."""

MARKS: dict[str, Texts] = {
    "tool": {"en": ", with the mark of a public scan program", "fr": ", avec la marque d'un programme de balayage public"},
    "none": {"en": "", "fr": ""},
}
"""What else is known of who asks around."""

REACH: dict[str, Texts] = {
    "management": {
        "en": "what is set or read there can be read and changed on the way.",
        "fr": "ce qui y est réglé ou lu peut être lu et modifié en chemin.",
    },
    "open_video": {"en": "pictures are given without any login.", "fr": "les images sont données sans aucune connexion."},
}
"""What a connection without protection means."""

WEAKNESS: dict[str, Texts] = {
    "reused": {"en": "one and the same password is used for", "fr": "un seul et même mot de passe sert pour"},
    "simple": {
        "en": "a password that anybody tries first is used for",
        "fr": "un mot de passe que chacun essaie en premier sert pour",
    },
    "short": {"en": "a very short password is used for", "fr": "un mot de passe très court sert pour"},
}
"""What is wrong with a password that stands in no list."""

HELD: dict[str, Texts] = {
    "lists": {"en": "lists of objects or of all their properties", "fr": "listes d'objets ou de toutes leurs propriétés"},
    "descriptions": {"en": "names and descriptions of objects", "fr": "noms et descriptions d'objets"},
}
"""What BACnet devices are asked for when somebody draws a map of them."""

PROBES: dict[str, Texts] = {
    "identities": {
        "en": "asked several devices one after the other what they are",
        "fr": "a demandé à plusieurs équipements, l'un après l'autre, ce qu'ils sont",
    },
    "protocols": {
        "en": "tried several protocols of equipment on one device",
        "fr": "a essayé plusieurs protocoles industriels sur un même équipement",
    },
    "places": {"en": "tried several places of a rack", "fr": "a essayé plusieurs emplacements d'un rack"},
    "objects": {"en": "asked for objects that the controller does not have", "fr": "a demandé des objets que l'automate n'a pas"},
    "walk": {"en": "read all that an SNMP agent tells", "fr": "a parcouru tout ce que dit un agent SNMP"},
    "pages": {
        "en": "asked a web server for page after page that it does not have, or does not show",
        "fr": "a demandé à un serveur web page après page qu'il n'a pas, ou ne montre pas",
    },
    "catalogue": {
        "en": "read the names of all variables of a controller",
        "fr": "a relevé les noms de toutes les variables d'un automate",
    },
    "system": {
        "en": "asked a system what it is by packets that no program sends (TCP flags, rare ICMP)",
        "fr": "a cherché à savoir quel système répond, par des paquets qu'aucun programme n'envoie (drapeaux TCP, ICMP rare)",
    },
    "signature": {"en": "connected under the name of a known scanner", "fr": "s'est connecté sous le nom d'un scanner connu"},
}
RUSHES: dict[str, Texts] = {
    "repeated": {"en": "set one point again and again", "fr": "a commandé le même point encore et encore"},
    "alternating": {"en": "switched one point to and fro between two values", "fr": "a fait basculer un même point entre deux valeurs"},
    "points": {"en": "set very many points one after the other", "fr": "a commandé un très grand nombre de points à la suite"},
}
FLOODS: dict[str, Texts] = {
    "storm": {"en": "Packets to everybody within 10 s,", "fr": "Paquets adressés à tous en 10 s,"},
    "flood": {"en": "Packets within 10 s that were not asked for, to", "fr": "Paquets non sollicités en 10 s, vers"},
    "knocks": {"en": "Connections tried in vain within a minute, to", "fr": "Connexions tentées en vain en une minute, vers"},
    "invented": {
        "en": "Packets within 10 s whose senders cannot exist: somebody invents addresses,",
        "fr": "Paquets en 10 s dont les émetteurs ne peuvent pas exister : quelqu'un invente des adresses,",
    },
    "exhaustion": {"en": "Connections kept open at the same time, to", "fr": "Connexions gardées ouvertes en même temps, vers"},
}
HALTS: dict[str, Texts] = {
    "client": {"en": "The client asks no more", "fr": "Le client n'interroge plus"},
    "server": {"en": "The server answers no more", "fr": "Le serveur ne répond plus"},
    "io": {"en": "Cyclic data are missing", "fr": "Les données cycliques manquent"},
}
ASKED: dict[str, Texts] = {
    "yes": {"en": "Others still ask it, in vain.", "fr": "D'autres l'interrogent encore, en vain."},
    "no": {"en": "Nobody asks it now.", "fr": "Personne ne l'interroge en ce moment."},
}
PRIORITY_OF: dict[str, Texts] = {
    "1": {"en": "priority 1 (manual life safety)", "fr": "priorité 1 (sécurité des personnes, manuelle)"},
    "2": {"en": "priority 2 (automatic life safety)", "fr": "priorité 2 (sécurité des personnes, automatique)"},
    "5": {"en": "priority 5 (critical equipment)", "fr": "priorité 5 (protection des équipements)"},
    "6": {"en": "priority 6 (minimum on/off)", "fr": "priorité 6 (anti-court-cycle)"},
    "8": {"en": "priority 8 (manual override)", "fr": "priorité 8 (forçage manuel)"},
    "": {"en": "priority {priority}", "fr": "priorité {priority}"},
}
"""What BACnet priorities are for (135-2020 table 19-1)."""
HELD_BY: Texts = {"en": "{said}: {value}, held by {client} for {since}", "fr": "{said} : {value}, tenue par {client} depuis {since}"}
SPANS: tuple[tuple[int, int, Texts], ...] = (
    (172_800, 86_400, {"en": "days", "fr": "jours"}), (7200, 3600, {"en": "h", "fr": "h"}), (60, 60, {"en": "min", "fr": "min"}),
    (0, 1, {"en": "s", "fr": "s"}),
)  # fmt: skip
"""Seconds from which on a time is said in a unit, the unit in seconds, its word."""
CHAINS: dict[str, Texts] = {
    "remote_to_process": {"en": "remote access that reaches the process", "fr": "accès à distance qui atteint le procédé"},
    "office_to_hvac": {"en": "from the office network to vital air", "fr": "de la bureautique à l'air des zones vitales"},
    "camera_pivot": {"en": "a camera used as a bridge", "fr": "caméra utilisée comme passerelle"},
    "plc_sabotage": {"en": "program read, then changed or stopped", "fr": "programme lu, puis modifié ou arrêté"},
    "power_blackout": {"en": "emergency power switched off", "fr": "alimentation secourue coupée"},
    "time_games": {"en": "clock moved, then accounts used", "fr": "heure déplacée, puis comptes utilisés"},
    "infected_console": {"en": "a console that spreads something", "fr": "console de programmation infectée"},
    "blind_then_act": {"en": "alarms muted before acting", "fr": "alarmes rendues muettes avant d'agir"},
    "recon_only": {"en": "several protocols explored by one host", "fr": "plusieurs protocoles explorés par un même poste"},
}
"""What findings that follow each other mean (detections.md E.2)."""
LAST: dict[str, Texts] = {"never": {"en": "never", "fr": "jamais"}}
