"""The site file: what the operator says about zones, conduits, windows, writers and assets (domain/zones.md 5).

    site.yaml --lines--> tree with line numbers --keys--> frozen structs (site) --check--> problems of meaning
                                                 (each fault of form told as well)

`read_site` is for `zones.check`, which adds the warnings; `load_site` for what makes something of the file; `heard_site` for what listens.
"""

from datetime import date
from hashlib import sha256
from pathlib import Path

from otwatch.config.problems import BY_TIME, Problem
from otwatch.config.site import Site
from otwatch.errors import ConfigError

__all__ = ["Problem", "Site", "heard_site", "load_site", "read_site"]


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
    site, past = heard_site(path, today)
    if past:
        raise ConfigError.saying(*(problem.phrase for problem in past))
    return site


def heard_site(path: Path, today: date | None = None) -> tuple[Site, tuple[Problem, ...]]:
    """The site to listen with, and what only time has made wrong in its file: a conduit that has expired is closed by itself, and a sensor
    that is started again behind that day must start. ConfigError for every other error."""
    site, problems = read_site(path, today)
    if site is None or any(problem.key not in BY_TIME for problem in problems):
        raise ConfigError.saying(*(problem.phrase for problem in problems))
    return site._replace(origin=(str(path), sha256(path.read_bytes()).hexdigest())), tuple(problems)
