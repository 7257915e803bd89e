"""The table of assets: what is forgotten when there are too many."""

from otwatch.inventory.assets import ONCE, Assets
from otwatch.inventory.endpoints import internal
from otwatch.sightings import Frame


def table() -> tuple[Assets, set[str]]:
    gone: set[str] = set()
    return Assets(internal, gone.update), gone


def test_what_was_met_once_is_forgotten_before_what_is_there() -> None:
    assets, gone = table()
    for number in range(4 * ONCE):
        asset = assets.at(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", number, Frame("a.pcap", number))
        if number < ONCE:
            asset.last_ns += 1
    kept = assets.all()
    assert {asset.first_ns for asset in kept if not asset.is_fleeting} == set(range(ONCE))
    assert len(kept) <= 2 * ONCE
    assert len(kept) + assets.evicted == 4 * ONCE
    assert len(gone) == assets.evicted
    assert max(kept, key=lambda asset: asset.first_ns).first_ns == 4 * ONCE - 1


def test_those_that_are_there_are_bounded_too() -> None:
    assets = Assets(internal, lambda _keys: None, limit=32)
    for number in range(100):
        assets.at(f"10.0.0.{number}", number, Frame("a.pcap", number)).last_ns += 1
    assert len(assets) <= 32
    assert assets.evicted == 100 - len(assets)
