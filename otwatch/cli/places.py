"""`--site-name`: where captures were taken, and what a record of named places is to commands that take a site file."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import said
from otwatch.results.places import NAME, alone, places

if TYPE_CHECKING:
    from otwatch.results import Results

site_names = click.option("--site-name", "names", multiple=True, metavar=said("metavar.NAME"), help=said("help.option_site_names"))


def checked(name: str) -> str:
    """The name of a place; a wrong use where it is none."""
    if not re.fullmatch(NAME, name):
        raise click.BadParameter(said("replay.no_place", name=name), param_hint="--site-name")
    return name


def _checked(_context: click.Context, _option: click.Parameter, name: str | None) -> str | None:
    return None if name is None else checked(name)


site_name = click.option("--site-name", metavar=said("metavar.NAME"), callback=_checked, help=said("help.option_site_name"))


def grouped(captures: Sequence[str], names: Sequence[str], site_file: Path | None) -> dict[str, tuple[str, ...]]:
    """Place -> its captures: `NAME` is that of all captures, `NAME=CAPTURE` of one file or folder. "" of those without a place.

    One site file describes one place.
    """
    found: dict[str, tuple[str, ...]] = {}
    alike = [checked(name) for name in names if "=" not in name]
    if len(alike) > 1 or (alike and not captures):
        raise click.UsageError(said("replay.which_place"))
    if captures:
        found[alike[0] if alike else ""] = tuple(captures)
    for name, _, capture in (one.partition("=") for one in names if "=" in one):
        found[checked(name)] = (*found.get(name, ()), capture)
    if not found:
        raise click.UsageError(said("replay.no_capture"))
    if site_file is not None and len(found) > 1:
        raise click.UsageError(said("replay.one_site"))
    return found


def of_one_place(results: "Results") -> "Results":
    """The results as a site file names things; a wrong use where they are of several places."""
    there = places(results)
    if len(there) > 1:
        raise click.UsageError(said("replay.several_places", places=", ".join(there)))
    return alone(results) if there else results
