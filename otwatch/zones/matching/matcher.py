"""In which zone an asset is: the rule of highest rank wins (domain/zones.md 7).

    100 pinned           80 IP           60.024 prefix (/24)    40 BACnet network    20 role, vendor    10 fallback
     90 MAC              70 sub-address      50 VLAN            30 name              15 inherited

A rule with several conditions has the rank of its highest, and all must hold. Rules are filed under that highest condition, so an asset
only meets the rules that can hold for it: 10 000 prefixes cost one dictionary look-up a prefix length, and no object an address.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from otwatch.config.check import conditions
from otwatch.config.site import Address, Match, PinnedAsset, Site
from otwatch.zones.matching.conditions import TESTS, Identified, Seen, Test, is_pin, public
from otwatch.zones.policy import OUTSIDE_ID, UNKNOWN_ID
from otwatch.zones.policy.hosts import address_of

PINNED, INHERITED, FALLBACK = 100.0, 15.0, 10.0
RANKS = {
    "mac": 90.0, "ip": 80.0, "modbus": 70.0, "bacnet_instance": 70.0, "bacnet": 70.0, "knx": 70.0, "cip": 70.0, "cidr": 60.0, "vlan": 50.0,
    "bacnet_network": 40.0, "name": 30.0, "role": 20.0, "mac_oui": 20.0, "vendor": 20.0, "fallback": FALLBACK,
}  # fmt: skip
_SUBADDRESSES = frozenset({"modbus", "bacnet_instance", "bacnet", "knx", "cip"})
_ALL = frozenset(RANKS)
_BEHIND = _SUBADDRESSES | {"bacnet_network"}
_ROUTED = _BEHIND | {"name", "role", "vendor"}
"""Conditions that may separate a routed BACnet device from its router: the router's own address and MAC say nothing about it."""


class Decision(NamedTuple):
    """The zone, the rank and the rule that decided ("zones[3].match[0] cidr 10.22.1.0/24").

    zone    UNKNOWN_ID ("") with rank 0 where no rule holds; OUTSIDE_ID for public addresses where the site has no public fallback
    rival   another zone with a rule of the same rank and priority: the order of the file decided (config.ambiguous), "" without
    """

    zone: str
    rank: float
    rule: str
    rival: str = ""


class _Rule(NamedTuple):
    zone: str
    match: Match
    rank: float
    under: str
    tests: tuple[Test, ...]
    text: str


class Matcher:
    """Places assets by the rules of a site."""

    def __init__(self, site: Site) -> None:
        self._gateways = frozenset(str(address) for address in site.gateways)
        self._pins = [asset for asset in site.assets if asset.zone is not None]
        self._is_public = public(site)
        self._filed: dict[tuple[str, object], list[_Rule]] = {}
        self._prefixes: dict[int, set[int]] = {4: set(), 6: set()}
        for rule in _rules(site):
            for key in _keys(rule):
                self._filed.setdefault((rule.under, key), []).append(rule)
            if rule.match.cidr is not None and rule.under == "cidr":
                self._prefixes[rule.match.cidr.version].add(rule.match.cidr.prefixlen)
        self._lengths = {version: sorted(lengths, reverse=True) for version, lengths in self._prefixes.items()}

    def place(self, known: Identified) -> Decision:
        """The zone of an asset."""
        address = address_of(known.ip)
        asset = Seen(known, address, address is not None and self._is_public(address))
        pin = self._pinned(asset)
        if pin is not None:
            return Decision(pin.zone or UNKNOWN_ID, PINNED, f"{pin.at.where or 'assets'} {pin.id}")
        return self._by_rules(asset) or _unplaced(asset)

    def _pinned(self, asset: Seen) -> PinnedAsset | None:
        return next((pin for pin in self._pins if is_pin(pin, asset)), None)

    def _by_rules(self, asset: Seen) -> Decision | None:
        best: list[_Rule] = []
        for group in self._groups(asset):
            best = [rule for rule in group if all(test(asset) for test in rule.tests)]
            if best:
                break
        inherited = asset.known.parent_zone
        if inherited and (not best or best[0].rank < INHERITED):
            return Decision(inherited, INHERITED, "inherited")
        return _decided(best) if best else None

    def _groups(self, asset: Seen) -> Iterator[list[_Rule]]:
        """Rules that can hold, best rank first, those of one rank together."""
        known, allowed = asset.known, _conditions_for(asset.known)
        if "mac" in allowed and known.mac and known.ip not in self._gateways:
            yield self._under("mac", known.mac)
        if "ip" in allowed and asset.address is not None:
            yield self._under("ip", asset.address)
        yield [rule for name in _SUBADDRESSES for rule in self._under(name, None)]
        if "cidr" in allowed and asset.address is not None:
            yield from self._networks(asset.address)
        if "vlan" in allowed and not asset.is_public:  # it is beyond a router, whose VLAN it is
            yield self._under("vlan", known.vlan)
        yield self._under("bacnet_network", known.bacnet_network)
        yield [rule for rule in self._under("name", None) if "name" in allowed]
        yield [rule for name in ("role", "mac_oui", "vendor") if name in allowed for rule in self._under(name, None)]
        if "fallback" in allowed:
            yield self._under("fallback", "public" if asset.is_public else "private")

    def _under(self, name: str, key: object) -> list[_Rule]:
        return self._filed.get((name, key), [])

    def _networks(self, address: Address) -> Iterator[list[_Rule]]:
        bits, number = address.max_prefixlen, int(address)
        for length in self._lengths[address.version]:
            yield self._under("cidr", (address.version, length, number >> (bits - length)))


def _conditions_for(known: Identified) -> frozenset[str]:
    """Conditions that may place the asset: what stands behind another address is not placed by that address (zones.md 7, rule 3)."""
    if known.bacnet_network is not None:
        return _ROUTED if known.parent_zone else _ROUTED | {"fallback"}
    if known.modbus_unit is not None or known.cip_path:
        return _BEHIND if known.parent_zone else _ALL
    return _ALL


# -- rules ------------------------------------------------------------------------------------------------------------------------------


def _rules(site: Site) -> Iterator[_Rule]:
    for zone in site.zones or ():
        for match in zone.match:
            named = conditions(match)
            under = max(named, key=lambda name: RANKS[name])
            rank = RANKS[under] + (match.cidr.prefixlen / 1000 if under == "cidr" and match.cidr else 0.0)
            tests = tuple(TESTS[name](getattr(match, name)) for name in named)
            yield _Rule(zone.id, match, rank, under, tests, f"{match.at.where or zone.id} {rule_text(match)}")


def rule_text(match: Match) -> str:
    """ "cidr 10.22.1.0/24 role camera": the conditions of a rule."""
    return " ".join(f"{name} {_shown(getattr(match, name))}" for name in conditions(match))


def _shown(value: object) -> str:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return " ".join(f"{name} {_shown(part)}" for name, part in value._asdict().items() if name != "at")
    if isinstance(value, tuple):
        return ",".join("-".join(map(str, dict.fromkeys(part))) if isinstance(part, tuple) else str(part) for part in value)
    return str(value)


def _keys(rule: _Rule) -> Iterable[object]:
    """Under which keys a rule is filed: None for those that are tried one after the other."""
    value = getattr(rule.match, rule.under)
    if rule.under == "cidr":
        return ((value.version, value.prefixlen, int(value.network_address) >> (value.max_prefixlen - value.prefixlen)),)
    if rule.under in {"vlan", "bacnet_network"}:
        return tuple(value)
    return (value,) if rule.under in {"mac", "ip", "fallback"} else (None,)


def _decided(rules: list[_Rule]) -> Decision:
    """The best of rules of one rank: the highest priority, then the order of the file."""
    first = max(rules, key=lambda rule: rule.match.priority)
    rivals = (rule.zone for rule in rules if rule.match.priority == first.match.priority and rule.zone != first.zone)
    return Decision(first.zone, first.rank, first.text, next(rivals, ""))


def _unplaced(asset: Seen) -> Decision:
    return Decision(OUTSIDE_ID, FALLBACK, "public address") if asset.is_public else Decision(UNKNOWN_ID, 0.0, "")
