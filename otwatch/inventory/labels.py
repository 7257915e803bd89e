"""What devices call their own points, as they say it when somebody asks (BACnet object-name, description, units)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from otwatch.events import Binding
from otwatch.sightings import Frame, Sighting

LIMIT = 131_072
"""Points whose names are kept."""
SAID = {"point-name": "name", "point-description": "description", "point-unit": "unit"}
"""Kinds of bindings that say something of a point, and what."""


class Label(NamedTuple):
    """What a device said of one of its points; when first and last, and in which frame first."""

    protocol: str
    first_ns: int
    last_ns: int
    frame: Frame
    name: str = ""
    description: str = ""
    unit: str = ""


class Labels:
    """A bounded memory of names; when it is full, points that were not met before stay without."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._said: dict[tuple[str, str], Label] = {}
        self._limit = limit
        self.crowded = 0

    def take(self, server: str, binding: Binding, sighting: Sighting) -> None:
        """`binding` of a kind in SAID; its key is a point without its property: "analog-value:12"."""
        key = (server, binding.key)
        known = self._said.get(key)
        if known is None:
            if len(self._said) >= self._limit:
                self.crowded += 1
                return
            known = Label(sighting.conversation.service, sighting.first_ns, sighting.last_ns, sighting.frame)
        said: dict[str, Any] = {SAID[binding.kind]: binding.value}
        self._said[key] = known._replace(last_ns=sighting.last_ns, **said)

    def all(self) -> Iterable[tuple[tuple[str, str], Label]]:
        """(raw key of the device, point) with what is said of it."""
        return self._said.items()
