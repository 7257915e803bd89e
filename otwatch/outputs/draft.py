"""A draft as a site file: what a person must look at first, then every line with its evidence (domain/zones.md 8.6)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from textwrap import wrap

from otwatch.conclusions import Draft, DraftConduit
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import Words
from otwatch.results import ZoneRow

WIDTH = 100
PLAIN, TO_CONFIRM = 0.7, 0.4
"""Confidence from which a zone is proposed plainly, or to be confirmed (zones.md 8.4)."""


def draft_text(draft: Draft, name: str, timezone: str, words: Words) -> str:
    """The whole file. It loads as it is; nothing in it is judged but sure never rules until somebody signs it."""
    day = datetime.fromtimestamp(draft.last_ns // 1_000_000_000, UTC).date().isoformat()
    lines = [
        *_comment(words("draft.head")),
        "#",
        *_reviews(draft, words),
        "version: 1",
        f"suggested_on: {day}",
        *_comment(words("draft.accept")),
        "# accepted_by: ",
        "# accepted_on: ",
        "",
        f"site: {{name: {quoted(name or words('draft.name'))}, timezone: {timezone}, language: {words.language}}}",
        "",
        "zones:",
        *(line for zone in draft.zones for line in _zone(zone, words)),
        "",
        *_conduits(draft, words),
        *_hosts("time_sources", draft.time_sources),
        *_hosts("gateways", draft.gateways),
    ]
    return "\n".join(lines) + "\n"


def _reviews(draft: Draft, words: Words) -> Iterator[str]:
    """The flags, worst first: the first page of the file."""
    flagged = [one for one in draft.conduits if one.flags]
    yield from _comment(words("draft.reviews", number=len(flagged)) if flagged else words("draft.no_reviews"))
    for flag in ("never", "write", "ports", "initiator", "single", "days"):
        ids = [one.id for one in flagged if flag in one.flags]
        if ids:
            named = words("draft.all") if len(ids) == len(draft.conduits) else ", ".join(ids)
            yield from _comment(f"review: {flag} - {words(f'draft.flag.{flag}')} {named}", "#   ")
    yield ""


def _zone(zone: ZoneRow, words: Words) -> Iterator[str]:
    said = bool(zone.reasons)
    if said:
        yield from _comment(f"{words(f'draft.{_sureness(zone)}')} {supported(zone, words)}", "  # ")
    elif zone.kind == "unknown":
        yield from _comment(words("draft.left", assets=words.count("asset", zone.assets)), "  # ")
    match = ", ".join(f"{{{_rule(rule)}}}" for rule in zone.rules)
    confidence = f", confidence: {zone.confidence:.2f}" if said else ""
    criticality = f", criticality: {zone.criticality}" if said else ""
    yield f"  - {{id: {zone.id}, kind: {zone.kind}{criticality}{confidence}, match: [{match}]}}"


def supported(zone: ZoneRow, words: Words) -> str:
    """What speaks for a suggested zone, "" where nothing was judged; reasons of another version as they are."""
    said = {name: value for name, _, value in (reason.partition(" ") for reason in zone.reasons)}
    if not said.keys() >= {"agree", "days", "share"}:
        return words("between").join(zone.reasons)
    agree, _, hosts = said["agree"].partition("/")
    parts = [words("draft.hosts", assets=words.count("asset", zone.assets), days=words.count("day", int(said["days"])))]
    if zone.proposed not in {"", "unknown"}:
        parts.append(words("draft.votes", kind=zone.proposed, percent=round(100 * float(said["share"])), agree=agree, hosts=hosts))
    if "names" in said:
        parts.append(words("draft.names"))
    if "roles" in said:
        counted = said["roles"].split(" ")
        parts.append(", ".join(f"{words.term('role', role)} {number}" for role, number in zip(counted[::2], counted[1::2], strict=True)))
    return words("between").join(parts)


def _sureness(zone: ZoneRow) -> str:
    if zone.kind == "unknown":
        return "unknown"
    return "plain" if zone.confidence >= PLAIN else "confirm"


def _rule(rule: str) -> str:
    key, _, value = rule.partition(" ")
    return f"{key}: {value}" if key in {"cidr", "ip", "fallback"} and ":" not in value else f"{key}: {quoted(value)}"


def _conduits(draft: Draft, words: Words) -> Iterator[str]:
    if not draft.conduits:
        return
    yield from _comment(words("draft.conduits"))
    between = words("between")
    if all(one.rule for one in draft.conduits):
        yield f"conduits: []  # {words('draft.empty')}"
    else:
        yield "conduits:"
    for one in draft.conduits:
        seen = ", ".join(words.count(noun, one.counted[f"{noun}s"]) for noun in ("day", "client", "server", "write"))
        place = f"{visible(one.frame.capture)} {one.frame.number}"
        flags = "".join(f"{between}review: {flag}" for flag in one.flags)
        yield from _comment(f"{words('draft.observed')} {seen} ({place}){flags}", "  # ")
        if one.rule:
            yield from _comment(words("draft.forbidden", rule=one.rule), "  # ")
        yield f"  {'# ' if one.rule else ''}- {conduit_line(one)}"
    yield ""


def conduit_line(one: DraftConduit) -> str:
    line = f"proto: {one.proto}"
    line += f", transport: {one.transport}" if one.transport and one.proto == "any" else ""
    line += f", ports: [{', '.join(map(str, one.ports))}]" if one.ports else ""
    line += f", ops: [{', '.join(one.ops)}]" if one.ops else ""
    hosts = (("hosts_from", one.clients), ("hosts_to", one.servers), ("write_hosts", one.writers))
    listed = "".join(f", {key}: [{', '.join(map(host, found))}]" for key, found in hosts if found)
    return f"{{id: {one.id}, from: {one.client_zone}, to: {one.server_zone}, protocols: [{{{line}}}]{listed}}}"


def _hosts(key: str, found: tuple[str, ...]) -> Iterator[str]:
    if found:
        yield f"{key}: [{', '.join(map(host, found))}]"


def host(address: str) -> str:
    return quoted(address) if ":" in address else address


def quoted(text: str) -> str:
    """A YAML 1.2 double-quoted scalar."""
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _comment(text: str, before: str = "# ") -> Iterable[str]:
    return (before + line for line in wrap(visible(text), WIDTH - len(before), break_long_words=False, break_on_hyphens=False))
