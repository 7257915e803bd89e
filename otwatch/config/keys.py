"""Every key of the site file: its reader and the field that holds it (domain/zones.md 5.1 to 5.8)."""

import re

from otwatch.config import words
from otwatch.config.forms import (
    address,
    clock,
    day,
    fitting,
    flag,
    fraction,
    hexadecimal,
    host,
    identifier,
    integer,
    mac,
    moment,
    network,
    number,
    one_of,
    oui,
    pattern,
    real,
    scalar,
    slug,
    spans,
    text,
    timezone,
)  # fmt: skip
from otwatch.config.limits import Limit
from otwatch.config.lines import Entry
from otwatch.config.reading import Faults, Key, Read, Wrong, among, attempt, joined, many, reads, struct
from otwatch.config.site import (
    DEFAULTS,
    Allowance,
    Cap,
    Conduit,
    Credentials,
    DeclaredZone,
    ExpectedOperation,
    Intervention,
    Learning,
    Match,
    Never,
    PathAt,
    PinnedAsset,
    Place,
    Scanner,
    Side,
    Site,
    StationAt,
    UnitsAt,
    Window,
    Writer,
)  # fmt: skip
from otwatch.events.registers import FORMS


@reads({"enum": list(words.LEVELS)})
def level(entry: Entry, faults: Faults) -> float:
    value = real(entry)
    if value not in words.LEVELS:
        raise Wrong("problem.word", said=entry.value, known=" ".join(f"{known:g}" for known in words.LEVELS))
    return value


_ONE_LEVEL = integer(0, 4)
_EACH = tuple(Key(name, _ONE_LEVEL, required=True) for name in words.REQUIREMENTS)
_LEVELS: Read[tuple[int, ...]] = struct(lambda at, **levels: tuple(levels[name] for name in words.REQUIREMENTS), *_EACH)


@reads({"anyOf": [_ONE_LEVEL.schema, _LEVELS.schema]})
def security_level(entry: Entry, faults: Faults) -> tuple[int, ...] | None:
    """`sl_t`: one number for all seven requirements, or a map with all of them (zones.md 3.4)."""
    if not isinstance(entry.value, dict):
        return (_ONE_LEVEL(entry, faults) or 0,) * len(words.REQUIREMENTS)
    return _LEVELS(entry, faults)


_ENDS = {"type": "array", "items": number.schema, "minItems": 2, "maxItems": 2}


@reads({"type": "object", "additionalProperties": _ENDS})
def value_limits(entry: Entry, faults: Faults) -> tuple[tuple[int, float, float], ...]:
    """`values`: {address: [smallest, largest]}."""
    if not isinstance(entry.value, dict):
        raise Wrong("problem.mapping")
    found = (attempt(_limits(name), child, faults) for name, child in entry.value.items())
    return tuple(row for row in found if row is not None)


def _limits(name: str) -> Read[tuple[int, float, float]]:
    @reads(_ENDS)
    def read_limits(entry: Entry, faults: Faults) -> tuple[int, float, float]:
        at = integer(0, 65_535)(Entry(name, entry.line, entry.where), faults)
        ends = many(number)(entry, faults) or ()
        if at is None or len(ends) != 2 or ends[0] > ends[1]:
            raise Wrong("problem.limits")
        return (at, ends[0], ends[1])

    return read_limits


@reads({"type": ["integer", "string"], "pattern": "^(0[xX][0-9a-fA-F]{1,4}|[0-9]{1,5})$"})
def code(entry: Entry, faults: Faults) -> int:
    """A service code, as 77 or 0x4D."""
    said = scalar(entry)
    if not re.fullmatch(r"0[xX][0-9a-fA-F]{1,4}|[0-9]{1,5}", said):
        raise Wrong("problem.number", said=said)
    return int(said, 0) if said[:2].lower() == "0x" else int(said)


OPS = among(one_of((*words.VERBS, words.ANY), "problem.what.op"))
CRITICALITY = one_of(words.CRITICALITIES)
ID = Key("id", slug, required=True)
HOSTS = many(host)
PROTO = Key("proto", one_of(words.PROTOCOLS, "problem.what.proto"), required=True)
PRIORITY = integer(1, 16)
PORT_SPANS = joined(spans(0, 65_535))
UNIT_SPANS = joined(spans(0, 255))
INSTANCES = joined(spans(0, 4_194_303))

PLACE = struct(
    Place, Key("name", text, required=True), Key("timezone", timezone, required=True), Key("language", one_of(words.LANGUAGES)),
    Key("establishment_level", integer(1, 4)), Key("anssi_method", one_of(words.METHODS)), Key("internal_ranges", many(network)),
    Key("public_internal", many(network)),
)  # fmt: skip
LEARNING = struct(Learning, Key("start", day), Key("days", integer(0, 3650)), Key("writes_become_baseline", flag))
UNITS_AT = struct(UnitsAt, Key("ip", address, required=True), Key("unit", UNIT_SPANS, required=True))
STATION_AT = struct(StationAt, Key("network", integer(1, 65_534), required=True), Key("mac", hexadecimal))
PATH_AT = struct(PathAt, Key("ip", address, required=True), Key("path", text, required=True))
MATCH = struct(
    Match, Key("priority", integer(-1000, 1000)), Key("mac", mac), Key("ip", address), Key("modbus", UNITS_AT),
    Key("bacnet_instance", INSTANCES), Key("bacnet", STATION_AT), Key("knx", text), Key("cip", PATH_AT), Key("cidr", network),
    Key("vlan", many(integer(1, 4094))), Key("bacnet_network", many(integer(1, 65_534))), Key("name", pattern),
    Key("role", one_of(words.ROLES)), Key("mac_oui", oui), Key("vendor", pattern), Key("fallback", one_of(words.FALLBACKS)),
)  # fmt: skip
ZONE = struct(
    DeclaredZone, ID, Key("kind", one_of(words.KINDS, "problem.what.kind"), required=True), Key("name", text), Key("level", level),
    Key("criticality", CRITICALITY), Key("sl_t", security_level), Key("trust", one_of(words.TRUSTS)), Key("anssi_class", integer(1, 4)),
    Key("parent", slug), Key("match", many(MATCH)), Key("intra", one_of(words.INTRA)), Key("depends_on", many(slug)),
    Key("confidence", fraction),
)  # fmt: skip
ALLOWANCE = struct(
    Allowance, PROTO, Key("transport", fitting(words.TRANSPORT, "problem.transport")), Key("ports", PORT_SPANS), Key("ops", OPS),
    Key("tls", one_of(words.TLS)), Key("version", one_of(("1", "2", "3"))),
)  # fmt: skip
CONDUIT = struct(
    Conduit, ID, Key("from", many(slug), "sources", required=True), Key("to", many(slug), "targets", required=True),
    Key("protocols", many(ALLOWANCE), required=True), Key("hosts_from", HOSTS), Key("hosts_to", HOSTS), Key("write_hosts", HOSTS),
    Key("strongest_bacnet_priority", PRIORITY), Key("unidirectional", flag), Key("window", slug), Key("purpose", text),
    Key("owner", text), Key("ticket", text), Key("expires", day), Key("protected_by", text),
)  # fmt: skip
SIDE = struct(
    Side, Key("kind", many(one_of(words.KINDS, "problem.what.kind")), "kinds"), Key("trust", many(one_of(words.TRUSTS)), "trusts"),
    Key("level_min", level), Key("level_max", level), Key("criticality_min", CRITICALITY),
)  # fmt: skip


@reads({"anyOf": [{"const": "any"}, SIDE.schema, many(slug).schema]})
def side(entry: Entry, faults: Faults) -> Side | None:
    if isinstance(entry.value, dict):
        return SIDE(entry, faults)
    if entry.value == "any":
        return Side()
    return Side(zones=many(slug)(entry, faults) or ())


NEVER = struct(
    Never, ID, Key("from", side, "source", required=True), Key("to", side, "target", required=True), Key("ops", OPS),
    Key("protocols", many(ALLOWANCE)), Key("except_conduits", many(slug)), Key("except_windows", many(slug)), Key("reason", text),
)  # fmt: skip


@reads({"anyOf": [{"const": DEFAULTS}, NEVER.schema]})
def never_line(entry: Entry, faults: Faults) -> Never | str | None:
    return DEFAULTS if entry.value == DEFAULTS else NEVER(entry, faults)


_HOURS = (
    Key("days", many(one_of(words.DAYS))), Key("dates", many(day)), Key("from", clock, "opens"), Key("to", clock, "closes"),
    Key("note", text),
)  # fmt: skip
WINDOW = struct(Window, ID, *_HOURS)
OWN_WINDOW = struct(Window, *_HOURS)


@reads({"anyOf": [slug.schema, OWN_WINDOW.schema]})
def scan_window(entry: Entry, faults: Faults) -> str | Window | None:
    return OWN_WINDOW(entry, faults) if isinstance(entry.value, dict) else slug(entry, faults)


INTERVENTION = struct(
    Intervention, Key("id", identifier, required=True), Key("start", moment, required=True), Key("end", moment, required=True),
    Key("sources", HOSTS), Key("targets", many(identifier)), Key("ops", OPS), Key("who", text), Key("ticket", text),
)  # fmt: skip
EXPECTED_OPERATION = struct(
    ExpectedOperation, ID, Key("every_days", integer(1, 3650), required=True), Key("sources", HOSTS), Key("targets", many(identifier)),
    Key("ops", OPS), Key("note", text),
)  # fmt: skip
WRITER = struct(
    Writer, PROTO, Key("client", HOSTS), Key("server", HOSTS), Key("window", slug), Key("unit", UNIT_SPANS),
    Key("fc", many(integer(1, 127))), Key("addresses", PORT_SPANS), Key("values", value_limits),
    Key("objects", many(fitting(r"[a-z0-9-]+:(\*|[0-9]{1,7})|\*", "problem.object"))), Key("properties", many(text)),
    Key("strongest_priority", PRIORITY), Key("paths", many(text)), Key("services", many(code)), Key("areas", many(text)),
    Key("nodes", many(text)), Key("groups", many(text)), Key("oids", many(fitting(r"\.?[0-9]+(\.[0-9]+)*", "problem.oid"))),
)  # fmt: skip
LIMIT = struct(
    Limit, ID, Key("point", fitting(r"[a-z0-9-]+[: ]\S.{0,100}", "problem.point"), required=True), Key("server", HOSTS),
    Key("unit", UNIT_SPANS), Key("name", text), Key("measured_in", text), Key("min", number, "least"), Key("max", number, "most"),
    Key("form", one_of(FORMS)), Key("low_word_first", flag), Key("factor", number), Key("after_s", integer(0, 86_400)),
)  # fmt: skip
SCANNER = struct(Scanner, Key("ip", many(network), required=True), Key("window", scan_window), Key("note", text))
ASSET = struct(
    PinnedAsset, Key("id", identifier, required=True), Key("ip", address), Key("mac", mac),
    Key("bacnet_instance", integer(0, 4_194_303)), Key("modbus", UNITS_AT), Key("name", text), Key("zone", slug),
    Key("criticality", CRITICALITY), Key("role", one_of(words.ROLES)), Key("room", text), Key("owner", text), Key("vendor", text),
    Key("model", text), Key("firmware", text), Key("tags", many(text)),
)  # fmt: skip
CAP = struct(
    Cap, Key("detection", one_of(words.DETECTIONS, "problem.what.detection"), required=True),
    Key("cap", one_of(words.SEVERITIES[:-1]), required=True), Key("reason", text, required=True),
)  # fmt: skip
CREDENTIALS = struct(Credentials, Key("check", flag), Key("store", one_of(words.STORES)), Key("dictionary", text))
SITE = struct(
    Site, Key("version", integer(0, 999), required=True), Key("site", PLACE, required=True), Key("learning", LEARNING),
    Key("zones", many(ZONE)), Key("conduits", many(CONDUIT)), Key("never", many(never_line)), Key("windows", many(WINDOW)),
    Key("interventions", many(INTERVENTION)), Key("expected_operations", many(EXPECTED_OPERATION)),
    Key("expected_writers", many(WRITER)), Key("limits", many(LIMIT)), Key("time_sources", many(address)),
    Key("dns_servers", many(address)), Key("gateways", many(address)), Key("scanners", many(SCANNER)), Key("assets", many(ASSET)),
    Key("caps", many(CAP)), Key("credentials", CREDENTIALS), Key("retention_days", integer(1, 36_500)), Key("suggested_on", day),
    Key("accepted_by", text), Key("accepted_on", day),
)  # fmt: skip
