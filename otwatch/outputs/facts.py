"""The facts of a record: as JSON in the shapes of Wireshark-based ground truth, and as text for people.

A field has one of a few shapes; `SHAPES` gives it for each. Lists name at most LISTED items, and beside them how many there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from otwatch.outputs.documents import document
from otwatch.outputs.layout import Head, bullets, grid, heading, indented
from otwatch.results import CaptureRow, FactRow

if TYPE_CHECKING:
    from rich.console import RenderableType

    from otwatch.outputs.wording import Words

LISTED = 200
COVERAGE = "coverage"
EXPERIMENTAL = frozenset({"xway"})
"""Services that are read as far as anybody knows them."""

Rows = Sequence[FactRow]


def _total(rows: Rows) -> int:
    return sum(row.times for row in rows)


def _label(row: FactRow) -> str:
    return str(next(iter(row.item.values())))


def _counter(rows: Rows) -> dict[str, int]:
    """Most often first."""
    return {_label(row): row.times for row in sorted(rows, key=lambda row: (-row.times, _label(row)))}


def _nested(rows: Rows) -> dict[str, dict[str, int]]:
    """By the first value of the item, then by the second."""
    found: dict[str, dict[str, int]] = {}
    for row in sorted(rows, key=lambda row: -row.times):
        first, second = (*row.item.values(), "…")[:2]
        found.setdefault(str(first), {})[str(second)] = row.times
    return dict(sorted(found.items()))


def _exceptions(rows: Rows) -> dict[str, Any]:
    return {"count": _total(rows), "by_function_and_code": _counter(rows)}


def _each(rows: Rows) -> dict[str, Any]:
    """Every single one, also where several are alike."""
    items = [{"frame": row.frame.number, **row.item} for row in rows for _ in range(min(row.times, LISTED))]
    return {"count": _total(rows), "items": items[:LISTED]}


def _different(times: str) -> Callable[[Rows], dict[str, Any]]:
    """Each different one, with how often it was seen under the name `times`."""

    def shape(rows: Rows) -> dict[str, Any]:
        items = [{**row.item, times: row.times} for row in rows]
        return {"count": len(items), "items": items[:LISTED]}

    return shape


def _distinct(rows: Rows) -> dict[str, Any]:
    """Each different one."""
    return {"count": len(rows), "items": [dict(row.item) for row in rows[:LISTED]]}


def _merged(rows: Rows) -> list[dict[str, Any]]:
    """One entry for each server and unit; what was said last holds."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        (*who, what) = row.item.items()
        found.setdefault(tuple(who), dict(who)).update([what])
    return list(found.values())


_SHAPES: dict[str, dict[Callable[[Rows], Any], tuple[str, ...]]] = {
    "modbus": {
        _total: ("pdus",),
        _counter: ("diagnostic_subfunctions",),
        _nested: ("functions",),
        _exceptions: ("exceptions",),
        _different("requests"): ("client_server_unit",),
        _each: ("writes",),
        _merged: ("device_identification",),
    },
    "umas": {_counter: ("request_codes", "response_codes", "operations")},
    "bacnet": {
        _total: ("segmented_apdus", "reinitialize_device_requests", "device_communication_control_requests"),
        _counter: (
            "apdu_types", "unconfirmed_services", "bvlc_functions", "bvlc_results", "network_messages", "networks", "npdu_priorities",
            "forwarded_for", "errors", "rejects", "aborts", "who_is_ranges", "i_have_objects",
        ),
        _nested: ("confirmed_services",),
        _different("frames"): ("i_am",),
        _distinct: ("foreign_device_registrations",),
        _each: ("write_property", "device_control"),
    },
    "enip": {
        _total: ("forward_open_requests",),
        _counter: ("encapsulation_errors", "cip_requests", "cip_responses", "cip_statuses"),
        _nested: ("commands",),
        _different("frames"): ("list_identity",),
        _distinct: ("identity_objects",),
    },
    "opcua": {
        _counter: ("messages", "services", "endpoint_urls", "security_policies", "security_modes", "identity_tokens"),
    },
    "fox": {_counter: ("messages",), _nested: ("values",)},
    "io": {_different("messages"): ("connections",), _each: ("states",)},
}  # fmt: skip
SHAPES = {section: {field: of for of, fields in shapes.items() for field in fields} for section, shapes in _SHAPES.items()}
"""By section and field: what makes the JSON value out of the rows of a field, of none too."""


def sections(captures: Iterable[CaptureRow], facts: Rows) -> dict[str, Any]:
    """Everything, by section; a protocol that was not heard has none."""
    said: dict[str, Any] = {"packets": sum(capture.frames for capture in captures)}
    for section, fields in SHAPES.items():
        rows = [row for row in facts if row.section == section]
        if rows:
            said[section] = {field: of([row for row in rows if row.field == field]) for field, of in fields.items()}
    if "umas" in said and "modbus" in said:  # UMAS travels in Modbus: some look for it there
        said["modbus"]["umas"] = {field: said["umas"][field] for field in ("request_codes", "response_codes")}
    return {**said, COVERAGE: coverage([row for row in facts if row.section == COVERAGE])}


def coverage(rows: Rows) -> dict[str, Any]:
    """Frames and bytes of what is spoken, what is encrypted and what is neither; and by service how far its messages were read."""
    sums = {kind: {"frames": 0, "bytes": 0} for kind in ("spoken", "encrypted", "not spoken")}
    services: dict[str, dict[str, Any]] = {}
    tunnels = [{**row.item, "packets": row.times} for row in rows if row.field == "tunnels"]
    twice = sum(row.times for row in rows if row.item.get("count") == "frames twice")
    for row in rows:
        if row.field == "tunnels":
            continue
        service = services.setdefault(str(row.item["service"]), {"messages": {}})
        if row.field == "opaque":
            service.setdefault("opaque", {})[str(row.item["operation"])] = row.times
            continue
        kind, count = str(row.item["kind"]), str(row.item["count"])
        service["kind"] = kind
        if count in sums[kind]:
            sums[kind][count] += row.times
        first, _, how = count.partition(" ")
        if first == "messages":
            service["messages"][how] = row.times
        else:
            service[count.replace(" ", "_")] = row.times
    return {"frames": sum(kind["frames"] for kind in sums.values()), **sums, "twice": twice, "services": services, "tunnels": tunnels}


def facts_document(captures: Iterable[CaptureRow], facts: Rows) -> str:
    """One JSON object; numbers and texts as in the record, texts made visible."""
    return document(sections(captures, facts))


# -- for people -------------------------------------------------------------------------------------------------------------------------

_SHOWN = 12
"""Items of one field that people are shown."""
_UNDERSTOOD = ("full", "header", "opaque", "malformed", "truncated", "pieces")


def facts_text(captures: Iterable[CaptureRow], facts: Rows, words: "Words") -> Iterator["RenderableType"]:
    """Blocks for `layout.show`: what each protocol says, and how much of everything was understood."""
    said = sections(captures, facts)
    yield heading(words("facts.title", packets=words.count("packet", said["packets"])))
    for section in SHAPES:
        if section in said:
            yield heading(words(f"facts.{section}"))
            rows = [row for row in facts if row.section == section]
            yield indented(grid(_heads(words, "field", "item", "times", "frame"), _lines(rows, words)))
    yield heading(words("facts.coverage"))
    yield indented(grid(_heads(words, "service", "frames", "bytes", *_UNDERSTOOD), _services(said[COVERAGE], words)))
    opaque = [
        (name, operation, words.number(times))
        for name, service in said[COVERAGE]["services"].items() for operation, times in service.get("opaque", {}).items()
    ]  # fmt: skip
    if opaque:
        yield indented(grid(_heads(words, "service", "opaque", "times"), opaque))
    yield from _twice_and_tunnels(said[COVERAGE], words)


def _twice_and_tunnels(said: Mapping[str, Any], words: "Words") -> Iterator["RenderableType"]:
    """What a mirror adds to the traffic: packets shown a second time, and what they were wrapped in."""
    if said["twice"]:
        share = words.number(round(100 * said["twice"] / said["frames"]))
        yield indented(bullets([(words("facts.twice", number=words.count("packet", said["twice"]), share=share),)]))
    if said["tunnels"]:
        yield heading(words("facts.tunnels"))
        lines = [
            (one["tunnel"], words.term("facts.use", one["use"]), one["from"], one["to"], words.number(one["packets"]))
            for one in said["tunnels"]
        ]
        yield indented(grid(_heads(words, "tunnel", "use", "from", "to", "frames"), lines))


_TEXTS = frozenset({"field", "item", "service", "tunnel", "use", "from", "to"})


def _heads(words: "Words", *names: str) -> list[Head]:
    heads = [Head(words(f"facts.column_{name}"), name not in _TEXTS) for name in names]
    return [head._replace(number=False) if names[:2] == ("service", "opaque") and at == 1 else head for at, head in enumerate(heads)]


def _lines(rows: Rows, words: "Words") -> Iterator[tuple[str, ...]]:
    """Fields in their order, of each the items seen most often."""
    for field, members in groupby(sorted(rows, key=lambda row: (row.field, -row.times)), key=lambda row: row.field):
        items = list(members)
        for at, row in enumerate(items[:_SHOWN]):
            yield field if at == 0 else "", _described(row), words.number(row.times), words.number(row.frame.number)
        if len(items) > _SHOWN:
            yield "", words("facts.more", number=words.number(len(items) - _SHOWN)), "", ""


def _described(row: FactRow) -> str:
    """`request 3` for two values, `source 10.0.0.1, unit 5, ...` for more."""
    if len(row.item) <= 2:
        return " ".join(map(str, row.item.values()))
    return ", ".join(f"{name} {value}" for name, value in row.item.items())


def _services(said: Mapping[str, Any], words: "Words") -> Iterator[tuple[str, ...]]:
    for name, service in said["services"].items():
        messages = (words.number(service["messages"][how]) if how in service["messages"] else "" for how in _UNDERSTOOD)
        kind = words.term("facts.kind", service["kind"])
        kind = words("facts.experimental", kind=kind) if name in EXPERIMENTAL else kind
        called = f"{name or words('facts.nameless')} ({kind})"
        yield called, words.number(service.get("frames", 0)), words.number(service.get("bytes", 0)), *messages
    for kind in ("spoken", "encrypted", "not spoken"):
        yield words.term("facts.all", kind), words.number(said[kind]["frames"]), words.number(said[kind]["bytes"]), *[""] * len(_UNDERSTOOD)
    yield words("facts.frames"), words.number(said["frames"]), "", *[""] * len(_UNDERSTOOD)
