"""What is said about one asset: every value with its source, contradictions side by side, the best one chosen.

The best value has the highest confidence, then the best source (protocols.md 1.7, 2.8), then was said last.
"""

from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from otwatch.events import Details, Identity
from otwatch.inventory.products import looked_at, read
from otwatch.inventory.vendors import cip_device_type, cip_vendor
from otwatch.sightings import Frame

DECLARED, SELF, OTHER, MAC, PORT = "declared", "self", "other", "mac", "port"
CONFIDENCE = {DECLARED: 4, SELF: 3, OTHER: 2, MAC: 1, PORT: 0}

VALUES = 16
"""Values kept of one name: the chosen one and those said last."""

WATCHED = frozenset({"vendor", "product", "model", "firmware", "serial", "name", "device_instance"})
"""Names whose change says that another thing, or another firmware, answers there."""

ANY_INSTANCE = "4194303"
"""The BACnet instance that means "any" or "not yet set": it names no device (135-2020 clause 12.11.1)."""

SOURCES = (
    "modbus 43/14", "bacnet Device object", "cip Identity object", "enip ListIdentity", "umas", "bacnet I-Am", "modbus 17",
    "s7 SZL", "profinet DCP", "knx device information", "mms Identify", "fox hello", "opcua application",
    "lldp", "cdp", "http description", "ws-discovery", "snmp", "mdns", "smb", "netbios", "dhcp option 12", "llmnr",
    "http Server", "rtsp", "ssdp", "sip", "ssh banner", "telnet banner", "http WWW-Authenticate", "http title", "ftp banner",
    "http User-Agent", "tls certificate", "tls hello", "dns", "tls SNI",
)  # fmt: skip
"""Best first; any other source stands behind them."""
TEXT_OF = "text of "
"""Begins the source of what a table reads in a text of a source (products.py): behind all that is said in fields."""
_PLACED = (*SOURCES, *(f"{TEXT_OF}{source}" for source in SOURCES))
_RANK = {source: -place for place, source in enumerate(_PLACED)}
_LAST = -len(_PLACED)

_BY_FIELD = {
    ("modbus", "run_state"): "modbus 17",
    ("modbus", "description"): "modbus 17",
    ("http", "software"): "http Server",
    ("http", "realm"): "http WWW-Authenticate",
    ("http", "title"): "http title",
    ("http", "agent"): "http User-Agent",
    **dict.fromkeys((("http", name) for name in ("vendor", "model", "firmware", "serial", "hardware", "name")), "http description"),
    ("dhcp", "host"): "dhcp option 12",
    ("dhcp", "vendor_class"): "dhcp option 60",
    ("dhcp", "os"): "dhcp option 60",
    ("dhcp", "fingerprint"): "dhcp option 55",
    ("tls", "host"): "tls SNI",
    ("tls", "dialect"): "tls hello",
}
_BY_PROTOCOL = {
    "modbus": "modbus 43/14",
    "bacnet": "bacnet Device object",
    "cip": "cip Identity object",
    "enip": "enip ListIdentity",
    "ftp": "ftp banner",
    "netbios-ns": "netbios",
    "netbios-dgm": "netbios",
    "ssh": "ssh banner",
    "telnet": "telnet banner",
    "tls": "tls certificate",
    "s7": "s7 SZL",
    "profinet": "profinet DCP",
    "knx": "knx device information",
    "mms": "mms Identify",
    "fox": "fox hello",
    "opcua": "opcua application",
    "hl7": "hl7 MSH",
}
I_AM = frozenset({"device_instance", "vendor_id", "vendor"})


def source_of(identity: Identity, field: str) -> str:
    """Where a field of an identity comes from, in words."""
    if identity.protocol == "bacnet" and _is_i_am(identity.fields):
        return "bacnet I-Am"
    return _BY_FIELD.get((identity.protocol, field)) or _BY_PROTOCOL.get(identity.protocol, identity.protocol)


def _is_i_am(fields: Details) -> bool:
    """I-Am names instance and vendor number, and nothing else but that vendor's name (135-2020 clause 16.10)."""
    names = {name for name, _ in fields}
    return "vendor_id" in names and names <= I_AM


class Fact(NamedTuple):
    """One value of one name, from one source."""

    name: str
    value: str
    source: str
    confidence: str
    frame: Frame
    first_ns: int
    last_ns: int

    @property
    def weight(self) -> tuple[int, int, int, str]:
        return CONFIDENCE[self.confidence], _RANK.get(self.source, _LAST), self.last_ns, self.value


class Told(NamedTuple):
    """A value of a name, and the source that says it."""

    name: str
    value: str
    source: str


class Facts:
    """All that was said about one asset."""

    __slots__ = ("_by_name",)

    def __init__(self) -> None:
        self._by_name: dict[str, dict[tuple[str, str], Fact]] = {}

    def __iter__(self) -> Iterator[Fact]:
        for name in sorted(self._by_name):
            yield from sorted(self._by_name[name].values(), key=lambda fact: fact.weight, reverse=True)

    def learn(self, fact: Fact) -> str:
        """Take a fact in. Gives the value shown before, if the same source now says one that nobody said so far; else ""."""
        said = self._by_name.setdefault(fact.name, {})
        known = said.get((fact.value, fact.source))
        if known is not None:
            first = min(known, fact, key=attrgetter("first_ns"))
            said[fact.value, fact.source] = first._replace(last_ns=max(known.last_ns, fact.last_ns))
            return ""
        before = self.best(fact.name)
        is_new = all(other.value != fact.value for other in said.values())
        said[fact.value, fact.source] = fact
        if len(said) > VALUES:
            self._forget(said)
        return before.value if before is not None and is_new and before.source == fact.source else ""

    def _forget(self, said: dict[tuple[str, str], Fact]) -> None:
        best = max(said.values(), key=lambda fact: fact.weight)
        oldest = min((fact for fact in said.values() if fact is not best), key=lambda fact: (fact.last_ns, fact.value, fact.source))
        del said[oldest.value, oldest.source]

    def best(self, name: str) -> Fact | None:
        """The fact to show for a name."""
        said = self._by_name.get(name)
        return max(said.values(), key=lambda fact: fact.weight) if said else None

    def of(self, name: str) -> list[Fact]:
        """Every fact said for a name, the best first."""
        return sorted(self._by_name.get(name, {}).values(), key=lambda fact: fact.weight, reverse=True)

    def value(self, name: str) -> str:
        best = self.best(name)
        return best.value if best else ""

    def values(self, name: str) -> tuple[str, ...]:
        """Every value said for a name, the best first."""
        return tuple(dict.fromkeys(fact.value for fact in self.of(name)))


def merged(parts: list[Facts]) -> Facts:
    """What was said about one asset under several raw keys."""
    if len(parts) == 1:
        return parts[0]
    whole = Facts()
    for part in parts:
        for fact in part:
            whole.learn(fact)
    return whole


def useful(fields: Details) -> Details:
    """Fields that name something: no empty values, and not the instance that means any."""
    return tuple((name, value) for name, value in fields if value and not (name == "device_instance" and value == ANY_INSTANCE))


def told(identity: Identity) -> Iterator[Told]:
    """The fields that name something; numbers that a CIP table knows get their names, and texts say what they say of a product."""
    named = useful(identity.fields)
    if identity.protocol in {"cip", "enip"}:
        named = _numbered(dict(named))
    for name, value in named:
        source = source_of(identity, name)
        yield Told(name, value, source)
        if name in looked_at():
            yield from (Told(field, text, f"{TEXT_OF}{source}") for field, text in read(name, value))


def _numbered(fields: dict[str, str]) -> Details:
    vendor = "" if "vendor" in fields else cip_vendor(fields.get("vendor_id", ""))
    sort = cip_device_type(fields.get("device_type", ""))
    return tuple((fields | {name: text for name, text in (("vendor", vendor), ("device_type", sort)) if text}).items())


def agree(declared: str, said: str) -> bool:
    """Whether a person and a device mean the same: "Schneider" and "Schneider Electric" do."""
    one, other = declared.casefold(), said.casefold()
    return one in other or other in one
