"""What a site file lets one expect to hear."""

from otwatch.config import Site
from otwatch.config.words import PROTOCOLS


def protocols(site: Site) -> dict[str, frozenset[str]]:
    """The building protocols that conduits name, each with the names of services under which it is seen."""
    named = {allowance.proto for conduit in site.conduits or () for allowance in conduit.protocols}
    return {name: PROTOCOLS[name].also | {name} for name in sorted(named) if PROTOCOLS[name].ot}
