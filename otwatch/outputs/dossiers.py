"""Finding one asset in a record, by any of its names."""

from otwatch.errors import OtwatchError
from otwatch.outputs.asset import Dossier
from otwatch.outputs.voice import Voice
from otwatch.record import Record
from otwatch.results import AssetRow, AttributeRow, FaceRow


def dossier(record: Record, key: str, voice: Voice) -> Dossier:
    """All about the asset of that key, face, MAC or name. OtwatchError where there is none, or several."""
    rows = record.rows(AssetRow)
    asset = _found(record, key, rows, voice)
    behind = tuple(row for row in rows if row.parent == asset.key)
    return Dossier(asset, record.of_asset(AttributeRow, asset.key), record.of_asset(FaceRow, asset.key), behind)


def _found(record: Record, key: str, rows: tuple[AssetRow, ...], voice: Voice) -> AssetRow:
    exact = record.asset(key)
    if exact is not None:
        return exact
    low = key.casefold()
    faces = {row.asset for row in record.rows(FaceRow) if row.key.casefold() == low and row.state == "now"}
    found = [row for row in rows if row.key in faces or low in {row.key.casefold(), row.name.casefold(), *row.macs}]
    if not found:
        raise OtwatchError(f"{record.path}: {voice.words('asset.unknown', name=key)}")
    if len(found) > 1:
        raise OtwatchError(f"{record.path}: {voice.words('asset.several', name=key, keys=', '.join(row.key for row in found))}")
    return found[0]
