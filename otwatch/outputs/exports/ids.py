"""What is exported, and the id of each asset."""

from typing import NamedTuple
from uuid import UUID, uuid5

from otwatch.results import AssetRow, AttributeRow, FaceRow, LinkRow
from otwatch.results.places import bare, place_of

NAMESPACE = UUID("6f747763-0000-5000-8000-617373657473")
"""Ours; the ids of all assets are made under it (RFC 9562 5.5)."""
NO_THINGS = frozenset({"group", "external"})


class Inventory(NamedTuple):
    """The part of a record that exports are made from; `heard_ns` when the last packet was seen."""

    site: str
    heard_ns: int
    assets: tuple[AssetRow, ...]
    attributes: tuple[AttributeRow, ...]
    faces: tuple[FaceRow, ...]
    links: tuple[LinkRow, ...]

    @property
    def things(self) -> list[AssetRow]:
        """What stands on the site: no groups, and nothing outside."""
        return [row for row in self.assets if row.kind not in NO_THINGS]

    def id(self, key: str) -> str:
        """The same for the same key at the same site, in every record and every export."""
        return str(uuid5(NAMESPACE, f"{place_of(key) or self.site}\n{bare(key)}"))

    def addresses(self, asset: AssetRow) -> list[str]:
        """Its own first, then those of its faces."""
        own = [asset.address] if asset.kind == "host" else []
        faces = [row.key for row in self.faces if row.asset == asset.key and row.state == "now" and row.reason in ("mac", "declared")]
        return list(dict.fromkeys(key.partition("%")[0] for key in (*own, *faces)))
