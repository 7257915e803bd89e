"""Facts of otwatch beside those of tshark: which fields agree, and what is different in those that do not."""

from collections.abc import Iterable, Iterator, Mapping

from otwatch.checks import Difference, FieldCheck
from otwatch.facts.ledger import NAMELESS, Item
from otwatch.referee.sheet import Count, Key, Sheet, key
from otwatch.results import FactRow

FIELDS: Mapping[str, tuple[str, ...]] = {
    "modbus": ("pdus", "functions", "exceptions", "client_server_unit", "writes", "device_identification", "diagnostic_subfunctions"),
    "umas": ("request_codes", "response_codes"),
    "bacnet": (
        "apdu_types", "confirmed_services", "unconfirmed_services", "bvlc_functions", "bvlc_results", "network_messages", "networks",
        "npdu_priorities", "forwarded_for", "errors", "rejects", "aborts", "segmented_apdus", "who_is_ranges", "i_have_objects", "i_am",
        "foreign_device_registrations", "write_property", "device_control", "reinitialize_device_requests",
        "device_communication_control_requests",
    ),
    "enip": (
        "commands", "encapsulation_errors", "cip_requests", "cip_responses", "cip_statuses", "list_identity", "identity_objects",
        "forward_open_requests",
    ),
}  # fmt: skip
"""What both count. otwatch counts the operations of UMAS too, which tshark does not know."""

SAID_ONCE = frozenset({"device_identification", "foreign_device_registrations", "identity_objects"})
"""Fields that list different things: how often each was said is not compared."""

Counts = Mapping[Key, Count]
Place = tuple[str, str, Key]
"""Section, field, item."""


def ours(rows: Iterable[FactRow]) -> dict[tuple[str, str], dict[Key, Count]]:
    """Facts of a record in the shape of tshark's; of each, the first frame is known."""
    fields: dict[tuple[str, str], dict[Key, Count]] = {}
    for row in rows:
        item: Item = tuple(row.item.items())
        count = fields.setdefault((row.section, row.field), {}).setdefault(key(item), Count(item))
        count.times += row.times
        count.frames.append(row.frame.number)
    return fields


def checks(rows: Iterable[FactRow], sheet: Sheet, sections: frozenset[str]) -> Iterator[FieldCheck]:
    """Every field that one of the two says something in."""
    said, fields = ours(rows), ((section, field) for section, names in FIELDS.items() if section in sections for field in names)
    for at in fields:
        mine, theirs = said.get(at, {}), sheet.fields.get(at, {})
        if mine or theirs:
            yield _check(*at, mine, theirs)


def _check(section: str, field: str, mine: Counts, theirs: Counts) -> FieldCheck:
    once = field in SAID_ONCE
    if key(NAMELESS) in mine or key(NAMELESS) in theirs:  # too many to be named: which ones were is chance
        mine, theirs, once = _sum(mine), _sum(theirs), False
    times = (lambda count: 1) if once else (lambda count: count.times)
    pairs = {at: (times(mine[at]) if at in mine else None, times(theirs[at]) if at in theirs else None) for at in (*theirs, *mine)}
    different = tuple(
        Difference(dict((mine.get(at) or theirs[at]).item), one or 0, other or 0, _first(mine, at), _first(theirs, at))
        for at, (one, other) in pairs.items() if one != other
    )  # fmt: skip
    totals = (sum(one or 0 for one, _ in pairs.values()), sum(other or 0 for _, other in pairs.values()))
    return FieldCheck(section, field, *totals, different)


def _sum(counts: Counts) -> dict[Key, Count]:
    total = Count(())
    total.times = sum(count.times for count in counts.values())
    return {(): total}


def _first(counts: Counts, at: Key) -> tuple[int, ...]:
    return tuple(counts[at].frames[:1]) if at in counts else ()
