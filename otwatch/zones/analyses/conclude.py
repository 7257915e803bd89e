"""All analyses of a record (domain/zones.md 11), what asks for action first."""

from collections.abc import Callable, Iterator

from otwatch.conclusions import Conclusion
from otwatch.results import Results
from otwatch.zones.analyses.hygiene import hygiene
from otwatch.zones.analyses.paths import paths
from otwatch.zones.analyses.relays import chains, skips, transit
from otwatch.zones.analyses.scene import Scene
from otwatch.zones.analyses.structure import reach, structure

ANALYSES: dict[str, Callable[[Scene], Iterator[Conclusion]]] = {
    "paths": paths, "skips": skips, "chains": chains, "reach": reach, "transit": transit, "structure": structure, "hygiene": hygiene,
}  # fmt: skip
"""Topic -> what concludes."""


def conclude(results: Results) -> tuple[Conclusion, ...]:
    scene = Scene(results)
    return tuple(one for analysis in ANALYSES.values() for one in analysis(scene))
