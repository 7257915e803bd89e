"""All that a finding rests on, beside its own frames (detections.md A.6): both sides and who says so, their zones, what is usual between
them, how well it was seen, and where to look at what came before and after.

Of frames there are only references: copies are made by the audit pack, of those that can hold no password.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, NamedTuple

from otwatch.outputs.baseline import every
from otwatch.outputs.documents import document, plain
from otwatch.outputs.voice import Voice
from otwatch.record import Record
from otwatch.results import AlertRow, AssetRow, AttributeRow, BaselineRow, LinkRow, ProtocolRow, ZoneRow
from otwatch.results.places import bare

AROUND_NS = 60_000_000_000
"""How long before and after a finding what its two sides say is shown."""
_SECOND = 1_000_000_000
_IDENTITY = ("vendor", "product", "model", "firmware", "os", "mac")
_OF_PEOPLE = ("number", "status", "decision", "notes")
_FEW = 2
"""Packets without which a link is nothing but the finding itself."""


class Side(NamedTuple):
    """One of the two, as the record knows it; `attributes` are all that was said about it, by whom and how surely."""

    asset: AssetRow
    attributes: tuple[AttributeRow, ...]
    zone: ZoneRow | None


class Bundle(NamedTuple):
    """`around` is a display filter of Wireshark, "" where nothing shows the two."""

    alert: AlertRow
    initiator: Side | None
    target: Side | None
    conversations: tuple[LinkRow, ...]
    baseline: tuple[BaselineRow, ...]
    coverage: ProtocolRow | None
    around: str
    site_file: str
    site_digest: str


def bundle(alert: AlertRow, record: Record) -> Bundle:
    initiator, target = (_side(key, record) for key in (alert.client, alert.server))
    ends = {alert.client, alert.server}
    site_file, digest = record.site_file()
    return Bundle(
        alert=alert,
        initiator=initiator,
        target=target,
        conversations=tuple(link for link in record.rows(LinkRow) if {link.client, link.server} == ends),
        baseline=tuple(line for line in record.rows(BaselineRow) if {line.client, line.server} == ends),
        coverage=next((row for row in record.rows(ProtocolRow) if row.name == alert.protocol), None),
        around=_around(alert, [side for side in (initiator, target) if side is not None]),
        site_file=site_file,
        site_digest=digest,
    )


def _side(key: str, record: Record) -> Side | None:
    asset = record.asset(key) if key else None
    if asset is None:
        return None
    zones = {zone.id: zone for zone in record.rows(ZoneRow)}
    return Side(asset, record.of_asset(AttributeRow, key), zones.get(asset.zone))


def _around(alert: AlertRow, sides: list[Side]) -> str:
    """The first of many: what else happened is found from there."""
    shown = [shows(side.asset) for side in sides]
    if not all(shown) or not shown:
        return ""
    begin, end = alert.first_ns - AROUND_NS, min(alert.last_ns, alert.first_ns + AROUND_NS) + AROUND_NS
    times = f"frame.time_epoch >= {begin / _SECOND:.6f} && frame.time_epoch <= {end / _SECOND:.6f}"
    return " && ".join([*dict.fromkeys(shown), times])


def shows(asset: AssetRow) -> str:
    """The display filter of Wireshark for one side, "" where nothing shows it. Captures know no places."""
    key = bare(asset.key)
    where = asset.address or key
    try:
        return f"{'ip' if ip_address(where).version == 4 else 'ipv6'}.addr == {where}"
    except ValueError:
        return f"eth.addr == {key}" if asset.kind == "l2" else ""


def bundle_document(made: Bundle) -> str:
    """As JSON, with a sum over all but what people say of it: the same whenever the same was found."""
    body: dict[str, Any] = plain(made)
    summed = {**body, "alert": {name: value for name, value in body["alert"].items() if name not in _OF_PEOPLE}}
    body["sha256"] = sha256(json.dumps(summed, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()
    return document({"bundle": body})


def told(made: Bundle, voice: Voice) -> Iterator[tuple[str, str]]:
    """The same for people, as pairs of texts: who they are and who says so, what is usual, what was not seen."""
    words = voice.words
    for name, side in (("client", made.initiator), ("server", made.target)):
        if side is not None and (said := words("between").join(_said(side, voice))):
            yield words(f"explain.{name}"), said
    for link in made.conversations:
        if sum(link.verbs.values()) > _FEW or link.packets > _FEW:
            yield words("explain.usual"), _usual(link, voice)
    if made.baseline:
        yield words("explain.baseline"), words("between").join(_line(line, voice) for line in made.baseline)
    if made.coverage is not None and made.coverage.lost:
        yield words("explain.lost"), words("explain.lost_bytes", size=voice.size(made.coverage.lost), protocol=made.alert.protocol)


def _said(side: Side, voice: Voice) -> Iterator[str]:
    """What it is, as far as it matters to find it, with the source."""
    words = voice.words
    for row in side.attributes:
        if row.chosen and row.name in _IDENTITY:
            name, sure = words.term("attribute", row.name), words.term("confidence", row.confidence)
            yield words("explain.said", name=name, value=voice.value(row), source=voice.source(row.source), confidence=sure)


def _line(line: BaselineRow, voice: Voice) -> str:
    words = voice.words
    point = f" {line.group}" if line.group else ""
    return words("explain.line", act=words.term("act", line.act), point=point, state=words.term("line", line.state), line=line.id)


def _usual(link: LinkRow, voice: Voice) -> str:
    words, asked = voice.words, sum(link.verbs.values())
    since = voice.at(link.first_ns)
    parts = [words("explain.since", client=voice.label(link.client), protocol=link.protocol, what=voice.done(link), since=since)]
    if rhythm := every(link, voice):
        parts.append(rhythm)
    if asked:
        parts.append(words("explain.errors", percent=f"{100 * link.errors / asked:.0f}"))
    return ", ".join(parts)
