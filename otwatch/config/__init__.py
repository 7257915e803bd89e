"""The site file: what the operator says about zones, conduits, windows, writers and assets (domain/zones.md 5).

    site.yaml --lines--> tree with line numbers --keys--> frozen structs (site) --check--> problems of meaning
                                                 (each fault of form told as well)

`load_site` is for everything that runs; `read_site` for `zones.check`, which adds the warnings.
"""

from datetime import date
from hashlib import sha256
from pathlib import Path

from otwatch.config.problems import Problem
from otwatch.config.site import Site
from otwatch.errors import ConfigError

__all__ = ["Problem", "Site", "load_site", "read_site"]


def read_site(path: Path, today: date | None = None) -> tuple[Site | None, list[Problem]]:
    """The site and every error of the file, in the order of its lines; no site where its frame (version, site) is missing.

    `today` is the day on which conduits expire; the real one by default.
    """
    from otwatch.config.check import errors  # YAML and all readers cost 10 ms, which only who has a site file needs to wait
    from otwatch.config.keys import SITE
    from otwatch.config.lines import read_tree
    from otwatch.config.reading import Faults, attempt

    tree, problems = read_tree(path)
    if tree is None:
        return None, problems
    faults = Faults(path.name)
    site = attempt(SITE, tree, faults)
    meant = [] if site is None else [fault.of(path.name) for fault in errors(site, today or date.today())]
    return site, sorted([*problems, *faults.found, *meant], key=lambda problem: problem.line)


def load_site(path: Path, today: date | None = None) -> Site:
    """The site; ConfigError with one line for every error of the file, where there are any."""
    site, problems = read_site(path, today)
    if site is None or problems:
        raise ConfigError.saying(*(problem.phrase for problem in problems))
    return site._replace(origin=(str(path), sha256(path.read_bytes()).hexdigest()))
