"""What the words in a host's names say about its zone (domain/zones.md 8.2). Case, accents and digits do not matter."""

import re
from collections.abc import Iterable
from itertools import pairwise
from unicodedata import combining, normalize

AIR = frozenset(["cta", "ahu", "cvc", "vmc", "ventil", "air"])
CRITICAL_ROOMS = frozenset(["bloc", "salle_op", "rea", "reanimation", "usi", "iso", "isolement", "ste", "sterili", "grossesse", "neonat"])
FIRE = frozenset(["ssi", "incendie", "desenfum", "cmsi", "ecs_ssi"])
WORDS = {
    "electrical_hv": frozenset({"hta"}),
    "electrical_lv": frozenset(["tgbt", "bt", "gte", "inverseur"]),
    "generators": frozenset(["ge", "groupe"]),
    "ups": frozenset(["ondul", "ups", "asi"]),
    "medical_gases": frozenset(["o2", "oxy", "vide", "protoxyde", "airmed", "fluide"]),
    "water": frozenset(["ecs", "efs", "chlor", "surpress", "osmos", "dialyse", "legio"]),
    "fire_safety": FIRE,
    "access_control": frozenset(["porte", "badge", "utl", "acces"]),
    "lifts": frozenset(["asc", "ascenseur", "monte"]),
    "cold_chain": frozenset(["frigo", "froid_pharma", "sang"]),
    "nurse_call": frozenset(["appel", "malade"]),
}
"""Words of names (zones.md 8.2), without accents; the power list is divided by the kind each word means."""
STEMS = frozenset(
    "ventil reanim sterili neonat desenfum ondul oxy fluide chlor surpress osmos legio ascenseur groupe".split()  # noqa: SIM905  # a list of words reads best as words
)
"""Words of the lists that longer words begin with ("ventilation", "surpresseur"); all others stand alone ("vide" is no "video")."""
WORD_VOTE, WORD_CAP = 2.0, 4.0


def tokens(names: Iterable[str]) -> frozenset[str]:
    """Words of names: lower case, no accents, cut at _ - . / blanks and digits; neighbours joined too ("salle_op", "airmed"), "o2" kept."""
    found: set[str] = set()
    for name in names:
        bare = "".join(letter for letter in normalize("NFKD", name.lower()) if not combining(letter))
        found.update(re.findall(r"(?<![a-z])o2(?![a-z0-9])", bare))
        parts = [part for part in re.split(r"[\W_\d]+", bare) if part]
        found.update(parts)
        found.update(first + joint + second for first, second in pairwise(parts) for joint in ("_", ""))
    return frozenset(found)


def _has(spoken: frozenset[str], words: frozenset[str]) -> int:
    """How many of the words are there."""
    return sum(1 for word in words if word in spoken or (word in STEMS and any(said.startswith(word) for said in spoken)))


def name_votes(names: Iterable[str]) -> dict[str, float]:
    """Kind -> weight by the words in a host's names."""
    spoken = tokens(names)
    votes = {kind: min(WORD_CAP, WORD_VOTE * _has(spoken, words)) for kind, words in WORDS.items()}
    if _has(spoken, FIRE) and not _has(spoken, WORDS["water"] - {"ecs"}):
        votes["water"] = 0.0  # "ecs" is hot water, or the control unit of a fire panel
    air = _has(spoken, AIR)
    if air and not votes["medical_gases"]:
        kind = "hvac_critical" if _has(spoken, CRITICAL_ROOMS) else "hvac_general"
        votes[kind] = WORD_CAP if kind == "hvac_critical" else WORD_VOTE * min(air, 2)
    return {kind: weight for kind, weight in votes.items() if weight}


def is_critical(names: Iterable[str]) -> bool:
    """Whether a room where patients cannot wait stands in the names."""
    return bool(_has(tokens(names), CRITICAL_ROOMS))
