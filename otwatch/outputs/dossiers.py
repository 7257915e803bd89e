"""Finding one asset in a record, by any of its names."""

from otwatch.errors import OtwatchError
from otwatch.outputs.asset import Dossier
from otwatch.outputs.voice import Voice
from otwatch.record import Record
from otwatch.results import AssetRow, AttributeRow, FaceRow
from otwatch.results.places import bare


def dossier(record: Record, key: str, voice: Voice) -> Dossier:
    """All about the asset of that key, face, MAC or name. OtwatchError where there is none, or several."""
    asset = record.asset(key) or _found(record, key, voice)
    said, faces = record.of_asset(AttributeRow, asset.key), record.of_asset(FaceRow, asset.key)
    return Dossier(asset, said, faces, record.behind(asset.key))


def _found(record: Record, key: str, voice: Voice) -> AssetRow:
    low = key.casefold()
    faces = {row.asset for row in record.rows(FaceRow) if row.key.casefold() == low and row.state == "now"}
    rows = record.rows(AssetRow)
    found = [row for row in rows if row.key in faces or low in {row.key.casefold(), bare(row.key), row.name.casefold(), *row.macs}]
    if not found:
        raise OtwatchError("asset.unknown", path=record.path, name=key)
    if len(found) > 1:
        raise OtwatchError("asset.several", path=record.path, name=key, keys=", ".join(row.key for row in found))
    return found[0]
