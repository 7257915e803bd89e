"""From raw keys to assets: what is one thing under several names (zones.md 7, protocols.md 1.7 and 2.3).

    a MAC                        is the host whose address it sends for
    a Modbus unit                is the host itself, unless at least two units answer there, or the site file names it
    a BACnet station             is the device whose instance it announced, whichever router it was heard through

Once everything was seen, assets are united that stronger keys show to be one thing (joining.py).
"""

from collections.abc import Iterable, Mapping
from typing import TypeGuard

from otwatch.inventory.assets import UNIT_ANSWERS, Asset, Assets
from otwatch.inventory.endpoints import BACNET, HOST, L2, UNIT, IsInternal, kind
from otwatch.inventory.macs import Macs

Numbers = tuple[tuple[int, int], ...]
"""Unit numbers from .. to, both included."""
LIMIT = 65_536
UNITS = 254
"""Unit numbers of one address that can be assets: 1 to 254."""


class Names:
    """Which raw keys are one asset."""

    def __init__(self, assets: Assets, macs: Macs, is_internal: IsInternal) -> None:
        self._assets = assets
        self._macs = macs
        self._is_internal = is_internal
        self._stations: dict[str, str] = {}
        self._instances: dict[str, dict[str, None]] = {}
        self._units: dict[str, dict[str, None]] = {}
        self._declared: dict[str, Numbers] = {}
        self._final: dict[str, str] | None = None
        self._whole: dict[str, str] = {}
        self._parts: dict[str, list[str]] = {}

    def declare_units(self, declared: Iterable[tuple[str, Numbers]]) -> None:
        """Units that a person names behind an address: assets of their own, even one alone."""
        for host, numbers in declared:
            self._declared[host] = (*self._declared.get(host, ()), *numbers)

    def _is_declared(self, key: str, host: str) -> bool:
        if host not in self._declared:
            return False
        number = int(key.rpartition(" ")[2])
        return any(first <= number <= last for first, last in self._declared[host])

    def bind(self, station: str, instance: str) -> None:
        """The station (a raw key "bacnet 2001/05") said that it is that device; what it said last counts."""
        final = f"bacnet {instance}"
        before = self._stations.get(station)
        if before == final:
            return
        if before is not None:
            self._unbind(station, before)
        elif len(self._stations) >= LIMIT:
            first = next(iter(self._stations))
            self._unbind(first, self._stations[first])
        self._stations[station] = final
        self._instances.setdefault(final, {})[station] = None

    def _unbind(self, station: str, final: str) -> None:
        del self._stations[station]
        self._instances[final].pop(station)
        if not self._instances[final]:
            del self._instances[final]

    def met_unit(self, key: str) -> None:
        """A unit was addressed."""
        units = self._units.setdefault(host_of(key), {})
        if len(units) < UNITS:
            units[key] = None

    def forget(self, keys: set[str]) -> None:
        """Assets that the table forgot."""
        for key in keys & self._stations.keys():
            self._unbind(key, self._stations[key])
        for key in keys:
            units = self._units.get(host_of(key))
            if units is not None:
                units.pop(key, None)
                if not units:
                    del self._units[host_of(key)]

    def units(self, host: str) -> list[Asset]:
        """The units that are assets of their own behind a host, by number: those the site file names, and two or more that are there."""
        known = [unit for key in self._units.get(host, ()) if (unit := self._assets.get(key)) is not None]
        unheard = self._is_unheard(host)
        there = [unit for unit in known if _is_there(unit, unheard)]
        named = [unit for unit in known if self._is_declared(unit.key, host)]
        apart = {unit.key: unit for unit in (*(there if len(there) > 1 else ()), *named)}
        return sorted(apart.values(), key=lambda unit: int(unit.key.rpartition(" ")[2]))

    def _is_apart(self, key: str, host: str) -> bool:
        """Whether a unit is one of `units(host)`: it is there, and so is another."""
        known, unheard = self._units.get(host, {}), self._is_unheard(host)
        if key not in known or not _is_there(self._assets.get(key), unheard):
            return False
        return any(other != key and _is_there(self._assets.get(other), unheard) for other in known)

    def _is_unheard(self, host: str) -> bool:
        gate = self._assets.get(host)
        return gate is not None and not gate.packets

    def settle(self) -> None:
        """Nothing is learnt from here on: answers are remembered."""
        self._final = {}

    @property
    def united(self) -> bool:
        return bool(self._whole)

    def unite(self, whole: Mapping[str, str]) -> None:
        """From here on these assets, and raw keys that mean another asset than they did, lead to the asset beside them."""
        self._whole = dict(whole)
        self._parts = {}
        for part, asset in whole.items():
            self._parts.setdefault(asset, [asset]).append(part)

    def resolve(self, key: str) -> str:
        """The asset that a raw key means, as far as is known now; final once everything was seen."""
        if not self._whole:
            return self._resolve(key) if self._final is None else self.alone(key)
        return self._whole.get(key) or self._whole.get(self.alone(key), self.alone(key))

    def alone(self, key: str) -> str:
        """The same, before assets were united."""
        if self._final is None:
            return self._resolve(key)
        if key not in self._final:
            self._final[key] = self._resolve(key)
        return self._final[key]

    def _resolve(self, key: str) -> str:
        sort = kind(key, self._is_internal)
        if sort == UNIT:
            host = host_of(key)
            return key if self._is_declared(key, host) or self._is_apart(key, host) else self.alone(host)
        if sort == BACNET:
            return self._stations.get(key, key)
        if sort == L2:
            own = (ip for ip in self._macs.addresses(key) if kind(ip, self._is_internal) == HOST)
            return next(own, key)
        return key

    def parts(self, key: str) -> list[str]:
        """The assets that an asset was united from, itself first."""
        return list(dict.fromkeys(self._parts.get(key, (key,))))

    def members(self, key: str) -> list[str]:
        """The raw keys of an asset."""
        if not self._whole:
            return self._members(key)
        raw = (member for part in self.parts(key) for member in self._members(part))
        return [member for member in dict.fromkeys(raw) if self.resolve(member) == key]

    def is_of(self, mac: str, key: str) -> bool:
        """Whether a MAC that sends for an address of the asset was not found to be another's."""
        return self._whole.get(mac, key) == key

    def _members(self, key: str) -> list[str]:
        if key.startswith("bacnet "):
            return sorted(self._instances.get(key, ())) or [key]
        own = [mac for mac in sorted(self._macs.of(key)) if self.alone(mac) == key]
        folded = [unit for unit in sorted(self._units.get(key, ())) if self.alone(unit) == key]
        return [key, *folded, *own]


def _is_there(unit: Asset | None, unheard: bool) -> TypeGuard[Asset]:
    """Where the answers of a whole host were never captured, units that are asked again and again count."""
    return unit is not None and (unit.is_there or (unheard and unit.asked >= UNIT_ANSWERS))


def host_of(key: str) -> str:
    """The endpoint that a unit or CIP node stands behind."""
    return key.partition("/")[0]
