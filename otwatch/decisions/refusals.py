"""Why a decision is refused, or its log of no use, in both languages: one row a reason."""

from otwatch.errors import DecisionError

REFUSALS: dict[str, tuple[str, str]] = {
    # what is given
    "no_finding": (
        "{given}: no such finding in {record}; a number or an id as in `otwatch alerts --json` is expected",
        "{given} : pas de tel constat dans {record} ; un numéro ou un identifiant de `otwatch alerts --json` est attendu",
    ),
    "not_decided": (
        "{given}: nothing is decided about this finding; `otwatch alerts decisions` lists what is",
        "{given} : rien n'est décidé de ce constat ; `otwatch alerts decisions` liste ce qui l'est",
    ),
    "action": ("action: {actions} is expected", "décision : {actions} est attendu"),
    "no_author": (
        "author: nothing; a decision has an author and a reason",
        "auteur : rien ; une décision a un auteur et un motif",
    ),
    "no_reason": (
        "reason: nothing; a decision has an author and a reason",
        "motif : rien ; une décision a un auteur et un motif",
    ),
    "long_author": (
        "author: one line of at most {longest} characters that can all be seen is expected",
        "auteur : une ligne d'au plus {longest} caractères, tous visibles, est attendue",
    ),
    "long_reason": (
        "reason: one line of at most {longest} characters that can all be seen is expected",
        "motif : une ligne d'au plus {longest} caractères, tous visibles, est attendue",
    ),
    "no_day": (
        "until: '{text}' is no day; 2026-12-31, or 2026-12-31T18:00, is expected",
        "échéance : « {text} » n'est pas un jour ; 2026-12-31, ou 2026-12-31T18:00, est attendu",
    ),
    "not_then": (
        "until: {day} cannot be; a day from {first} to {last} is expected, there is no mute for ever",
        "échéance : {day} ne se peut pas ; un jour du {first} au {last} est attendu, rien n'est masqué pour toujours",
    ),
    # the log
    "unreadable": (
        "{path}: cannot be read: {reason}; the decisions beside the record are expected there",
        "{path} : illisible ({reason}) ; les décisions sont attendues là, à côté de l'enregistrement",
    ),
    "too_large": (
        "{path}: larger than {size} MiB; put it aside and keep it, a new one begins by itself",
        "{path} : plus de {size} Mio ; mettez-le de côté et gardez-le, un nouveau commence de lui-même",
    ),
    "flawed": (
        "{path}:{line}: not as it was written; put the file aside, a new one begins by itself",
        "{path}:{line} : pas comme elle a été écrite ; mettez le fichier de côté, un nouveau commence de lui-même",
    ),
    "unwritable": (
        "{path}: cannot be appended to: {reason}; whoever decides writes beside the record",
        "{path} : rien ne peut y être ajouté ({reason}) ; qui décide écrit à côté de l'enregistrement",
    ),
}


def refused(key: str, **given: object) -> DecisionError:
    """The error of a row, its places filled."""
    en, fr = (text.format(**given) for text in REFUSALS[key])
    return DecisionError({"en": en, "fr": fr})
