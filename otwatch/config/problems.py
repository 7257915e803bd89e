"""What can be wrong in a site file, in both languages: one row a problem."""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Problem(NamedTuple):
    """One thing that is wrong, and where.

    line   counts from 1; 0 where the file as a whole is meant
    where  path of keys: "zones[3].level"; empty for the whole file
    key    row of PROBLEMS; `given` fills the places in its text
    """

    file: str
    line: int
    where: str
    severity: Severity
    key: str
    given: tuple[str, ...] = ()

    def text(self, language: str = "en") -> str:
        """`site.yaml:12: zones[3].level: a number is expected, not 'two'`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        said = PROBLEMS[self.key][language == "fr"].format(*self.given)
        return f"{place}: {self.where}: {said}" if self.where else f"{place}: {said}"


BY_TIME = frozenset({"expired"})
"""Errors that time alone brings to a file that was right."""
PROBLEMS: dict[str, tuple[str, str]] = {
    # the file and its form
    "unreadable": ("cannot be read: {0}", "illisible : {0}"),
    "no_file": ("there is no file {0}", "il n'y a pas de fichier {0}"),
    "not_yaml": ("this is not YAML: {0}", "ce n'est pas du YAML : {0}"),
    "alias": (
        "anchors and aliases are not used in this file; repeat the text",
        "pas d'ancre ni d'alias dans ce fichier ; répétez le texte",
    ),
    "duplicate_key": ("the key '{0}' stands here a second time", "la clé '{0}' figure ici une seconde fois"),
    "unknown_key": ("unknown key '{0}'{1}", "clé inconnue '{0}'{1}"),
    "missing_key": ("the key '{0}' is missing", "la clé '{0}' manque"),
    "sexagesimal": (
        "put '{0}' in quotes: YAML 1.1 programs read it as a number",
        "mettez '{0}' entre guillemets : les programmes YAML 1.1 y lisent un nombre",
    ),
    # types
    "mapping": ("keys with values are expected", "des clés avec des valeurs sont attendues"),
    "single": ("a single value is expected", "une seule valeur est attendue"),
    "number": ("a number is expected, not '{0}'", "un nombre est attendu, pas '{0}'"),
    "integer": ("a whole number from {1} to {2} is expected, not '{0}'", "un nombre entier de {1} à {2} est attendu, pas '{0}'"),
    "fraction": ("a number from 0 to 1 is expected, not '{0}'", "un nombre de 0 à 1 est attendu, pas '{0}'"),
    "boolean": ("true or false is expected, not '{0}'", "true ou false est attendu, pas '{0}'"),
    "transport": (
        "tcp, udp, icmp, ethernet, or 'ip' and the number of an IP protocol are expected, not '{0}'",
        "tcp, udp, icmp, ethernet, ou « ip » et le numéro d'un protocole IP sont attendus, pas '{0}'",
    ),
    "slug": ("1 to 32 of a-z 0-9 _ are expected, not '{0}'", "1 à 32 caractères a-z 0-9 _ sont attendus, pas '{0}'"),
    "identifier": (
        "1 to 64 of letters, digits and . _ - are expected, not '{0}'",
        "1 à 64 lettres, chiffres ou . _ - sont attendus, pas '{0}'",
    ),
    "word": ("'{0}' is none of: {1}", "'{0}' ne fait pas partie de : {1}"),
    "unknown_word": ("unknown {1} '{0}'{2}", "{1} inconnu : '{0}'{2}"),
    "timezone": ("unknown time zone '{0}'{1}", "fuseau horaire inconnu '{0}'{1}"),
    "date": ("a date like 2026-09-01 is expected, not '{0}'", "une date comme 2026-09-01 est attendue, pas '{0}'"),
    "moment": ("a time like \"2026-10-12T08:00\" is expected, not '{0}'", "un instant comme \"2026-10-12T08:00\" est attendu, pas '{0}'"),
    "clock": ("a time of day like \"08:00\" is expected, not '{0}'", "une heure comme \"08:00\" est attendue, pas '{0}'"),
    "address": ("an IP address is expected, not '{0}'", "une adresse IP est attendue, pas '{0}'"),
    "cidr": ("a network like 10.22.1.0/24 is expected, not '{0}'", "un réseau comme 10.22.1.0/24 est attendu, pas '{0}'"),
    "host_bits": ("'{0}' has host bits set; the network is {1}", "'{0}' a des bits d'hôte à 1 ; le réseau est {1}"),
    "host": (
        "an IP address, a network or the id of an asset is expected, not '{0}'",
        "une adresse IP, un réseau ou l'id d'un équipement est attendu, pas '{0}'",
    ),
    "mac": (
        "a MAC address like \"00:80:f4:01:02:03\" is expected, not '{0}'",
        "une adresse MAC comme \"00:80:f4:01:02:03\" est attendue, pas '{0}'",
    ),
    "oui": (
        "the first half of a MAC, like \"00:40:8c\", is expected, not '{0}'",
        "la première moitié d'une MAC, comme \"00:40:8c\", est attendue, pas '{0}'",
    ),
    "hex": ("hexadecimal digits in pairs are expected, not '{0}'", "des chiffres hexadécimaux par paires sont attendus, pas '{0}'"),
    "spans": (
        "numbers like \"1-40,60\" from {1} to {2} are expected, not '{0}'",
        "des nombres comme \"1-40,60\" de {1} à {2} sont attendus, pas '{0}'",
    ),
    "limits": ("[smallest, largest] is expected", "[minimum, maximum] est attendu"),
    "point": (
        "a point as `otwatch points` names it is expected (\"holding-register 100\", \"analog-input:3\"), not '{0}'",
        "un point tel que `otwatch points` le nomme est attendu (\"holding-register 100\", \"analog-input:3\"), pas '{0}'",
    ),
    "regex": ("not a usable regular expression: {0}", "expression régulière inutilisable : {0}"),
    "regex_length": ("a pattern has 200 characters at most", "une expression a 200 caractères au plus"),
    "regex_repeat": (
        "a repeated group, or more than 3 repetitions, could take for ever on a hostile name; write it more simply",
        "un groupe répété, ou plus de 3 répétitions, pourrait durer sans fin sur un nom hostile ; simplifiez",
    ),
    "interface": (
        "the name of an interface is expected (up to 15 letters, digits and . _ @ -), not '{0}'",
        "un nom d'interface est attendu (15 lettres, chiffres ou . _ @ - au plus), pas '{0}'",
    ),
    "place": (
        "the name of a place is expected (up to 64 letters, digits, spaces and . _ ' -), not '{0}'",
        "un nom de lieu est attendu (64 lettres, chiffres, espaces ou . _ ' - au plus), pas '{0}'",
    ),
    "version": ("this otwatch reads version 1, not {0}", "cet otwatch lit la version 1, pas {0}"),
    # who may ask (web-config)
    "unsupported": (
        "otwatch does not know this key of the format, and does not pass over it; leave it out",
        "otwatch ne connaît pas cette clé du format, et ne passe pas outre ; retirez-la",
    ),
    "unverified": (
        "{0} asks for a certificate that nobody verifies; VerifyClientCertIfGiven or RequireAndVerifyClientCert do",
        "{0} demande un certificat que personne ne vérifie ; VerifyClientCertIfGiven et RequireAndVerifyClientCert le font",
    ),
    "bcrypt": (
        "a bcrypt hash with a cost of at most 14 is expected, as `htpasswd -nBC 10 NAME` makes it; never the password itself",
        "un condensé bcrypt de coût 14 au plus est attendu, comme en fait `htpasswd -nBC 10 NOM` ; jamais le mot de passe même",
    ),
    "header": ("visible ASCII characters are expected, not '{0}'", "des caractères ASCII visibles sont attendus, pas '{0}'"),
    "client_ca_missing": ("{0} needs a client_ca_file to verify by", "{0} demande un client_ca_file pour vérifier"),
    "client_ca_idle": (
        "no certificate is asked for; client_auth_type {0} or {1} uses this file",
        "aucun certificat n'est demandé ; client_auth_type {0} ou {1} se sert de ce fichier",
    ),
    "tls_versions": ("min_version {0} is above max_version {1}", "min_version {0} dépasse max_version {1}"),
    # meaning (zones.md 5.9)
    "duplicate_id": ("the id '{0}' is taken since line {1}", "l'id '{0}' est déjà pris à la ligne {1}"),
    "unknown_reference": ("nothing is called '{0}'{1}", "rien ne s'appelle '{0}'{1}"),
    "same_network": ("{0} belongs to zone '{1}' already (line {2})", "{0} appartient déjà à la zone '{1}' (ligne {2})"),
    "fallback_twice": (
        "only one zone can be the fallback '{0}'; line {1} has it",
        "une seule zone peut être le repli '{0}' ; la ligne {1} l'a",
    ),
    "empty_rule": ("a match rule needs at least one condition", "une règle demande au moins une condition"),
    "expired": ("expired on {0}; the conduit is closed", "expiré le {0} ; le conduit est fermé"),
    "window_days": ("a window needs `days` or `dates`", "une fenêtre demande `days` ou `dates`"),
    "window_empty": ("begins and ends at the same time", "commence et finit à la même heure"),
    "intervention_order": ("ends before it begins", "finit avant de commencer"),
    "asset_key": (
        "an asset needs one of ip, mac, bacnet_instance or modbus to be known by",
        "un équipement demande ip, mac, bacnet_instance ou modbus pour être reconnu",
    ),
    "limit_open": ("a limit needs min, max or both", "une limite demande min, max ou les deux"),
    "limit_order": ("min {0} is above max {1}", "min {0} dépasse max {1}"),
    "parent_loop": ("zone '{0}' is its own parent", "la zone '{0}' est son propre parent"),
    # warnings (zones.md 5.9)
    "contradicted": (
        "never rule {0} forbids what this conduit allows ({1} -> {2})",
        "la règle {0} interdit ce que ce conduit permet ({1} -> {2})",
    ),
    "no_match": (
        "no rule and no asset puts anything into zone '{0}'",
        "aucune règle ni équipement ne place quoi que ce soit dans la zone '{0}'",
    ),
    "any_protocol": (
        "any protocol is let into zone '{0}' of criticality {1}",
        "tout protocole est admis dans la zone '{0}' de criticité {1}",
    ),
    "any_without_window": (
        "ANY operation is allowed at any time; give a window",
        "toute opération (ANY) est permise à toute heure ; donnez une fenêtre",
    ),
    "pin_outside": (
        "{0} is outside every prefix of the zones; '{1}' holds it only by this line",
        "{0} est hors de tout préfixe ; '{1}' ne le tient que par cette ligne",
    ),
    "shared_vlan": (
        "VLAN {0} is shared with zone '{1}' of another criticality",
        "le VLAN {0} est partagé avec la zone '{1}' d'une autre criticité",
    ),
    "not_accepted": (
        "a draft that nobody has accepted: only never rules between sure zones are judged; write accepted_by and accepted_on",
        "brouillon non accepté : seules les règles never entre zones sûres sont jugées ; écrivez accepted_by et accepted_on",
    ),
    "retention": (
        "{0} days are kept as 90: three months are required (PA-108 R207)",
        "{0} jours comptent pour 90 : trois mois sont exigés (PA-108 R207)",
    ),
}
