"""What pages and papers say beside results, put together from parts that outputs do not know."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otwatch.conclusions import Mark
    from otwatch.outputs.page.rendering import Knowledge
    from otwatch.results import Results, Texts


def knowledge() -> "Knowledge":
    from otwatch.alerts.words import TRACE
    from otwatch.outputs.page.rendering import Knowledge

    return Knowledge(TRACE, marks=marks)


def marks(results: "Results") -> "tuple[Mark, ...]":
    """Security levels of all zones."""
    from otwatch.zones.analyses.levels import levels
    from otwatch.zones.analyses.scene import Scene

    return levels(Scene(results))


def zone_names() -> "dict[str, Texts]":
    """What kinds of zones are called."""
    from otwatch.zones.policy.kinds import KINDS

    return {name: {"en": kind.en, "fr": kind.fr} for name, kind in KINDS.items()}
