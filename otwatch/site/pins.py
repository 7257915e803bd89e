"""What the site file says that the inventory has to know from the beginning: what is ours, and what is known of single assets."""

from collections.abc import Iterable

from otwatch.config import Site
from otwatch.config.site import Spans
from otwatch.inventory import Declared, internal
from otwatch.inventory.endpoints import IsInternal
from otwatch.zones.matching.conditions import public
from otwatch.zones.policy.hosts import address_of


def is_internal(site: Site | None) -> IsInternal:
    """What counts as the site's own: its ranges, else the private ones."""
    if site is None:
        return internal
    is_public = public(site)

    def own(ip: str) -> bool:
        address = address_of(ip)
        return address is not None and not is_public(address)

    return own


def declared(site: Site) -> Iterable[Declared]:
    """What the site file says about single assets."""
    for pin in site.assets:
        keys = [str(key) for key in (pin.ip, pin.mac) if key]
        if pin.bacnet_instance is not None:
            keys.append(f"bacnet {pin.bacnet_instance}")
        if pin.modbus is not None:
            keys.extend(f"{pin.modbus.ip}/unit {unit}" for first, last in pin.modbus.unit for unit in range(first, last + 1))
        facts = (("name", pin.name), ("vendor", pin.vendor), ("model", pin.model), ("firmware", pin.firmware), ("role", pin.role or ""))
        yield Declared(tuple(keys), tuple((name, value) for name, value in facts if value))


def declared_units(site: Site) -> Iterable[tuple[str, Spans]]:
    """Modbus units that rules of zones and single assets name."""
    rules = (match.modbus for zone in site.zones or () for match in zone.match)
    for units in (*rules, *(pin.modbus for pin in site.assets)):
        if units is not None:
            yield str(units.ip), units.unit
