"""The inventory as one JSON document, with ids."""

from typing import Any

from otwatch.outputs.documents import document, plain
from otwatch.outputs.exports.ids import Inventory
from otwatch.outputs.voice import Voice


def as_json(found: Inventory, _voice: Voice) -> dict[str, bytes]:
    """Assets with everything said about them, and who talks to whom, by id."""
    attributes: dict[str, list[Any]] = {}
    faces: dict[str, list[Any]] = {}
    for kept, rows in ((attributes, found.attributes), (faces, found.faces)):
        for row in rows:
            kept.setdefault(row.asset, []).append(plain(row))
    assets = [
        {"id": found.id(row.key), "parent_id": found.id(row.parent) if row.parent else ""}
        | plain(row)
        | {"attributes": attributes.get(row.key, []), "faces": faces.get(row.key, [])}
        for row in found.assets
    ]
    links = [{"client_id": found.id(row.client), "server_id": found.id(row.server)} | plain(row) for row in found.links]
    return {"inventory.json": document({"site": plain(found.site), "assets": assets, "conversations": links}).encode()}
