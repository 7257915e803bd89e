"""Zones, verdicts and makers as detections see them."""

from typing import NamedTuple, Protocol

from otwatch.results import Texts

LOCAL = "local"
"""In the place of a maker: the address of the card was made up (IEEE 802-2014 8.4)."""


class ZoneView(NamedTuple):
    """A zone as detections see it. `confidence` 0..1 that the asset is in it: 1 where a person said so."""

    id: str
    name: Texts
    kind: str
    trust: str
    level: float
    criticality: str
    confidence: float = 1.0


class Verdict(Protocol):
    """Of the policy on a link (zones.compare.Verdict): "intra", "allowed", "forbidden", "undeclared", "violation", "not judged"."""

    @property
    def kind(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def reasons(self) -> tuple[str, ...]: ...
    @property
    def conduit(self) -> str: ...
