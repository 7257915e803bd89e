"""One asset in full: what it is, everything that was said about it with its proof, its faces, its history, what stands behind it."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from otwatch.outputs.history import Step, steps
from otwatch.outputs.layout import Paragraph, bullets, facts, heading, indented, said
from otwatch.outputs.tables import Column, View
from otwatch.outputs.voice import Voice
from otwatch.results import AssetRow, AttributeRow, FaceRow
from otwatch.sightings import Frame

if TYPE_CHECKING:
    from rich.console import RenderableType


class Dossier(NamedTuple):
    """All that the record holds of one asset; `children` stand behind it."""

    asset: AssetRow
    attributes: tuple[AttributeRow, ...]
    faces: tuple[FaceRow, ...]
    children: tuple[AssetRow, ...]

    @property
    def steps(self) -> list[Step]:
        return steps(self.attributes)


def display_filter(place: Frame) -> str:
    """Shows exactly this frame in Wireshark; "" for what no frame says (a person, the site file)."""
    return f"frame.number == {place.number}" if place.capture else ""


def _place(row: Any, _voice: Voice) -> str:
    """The frame, without the folders of its capture: those stand in JSON."""
    place: Frame = row.frame
    return f"{PurePath(place.capture).name} {place.number}" if place.capture else ""


def _when(row: Any, name: str, voice: Voice) -> str:
    time_ns: int = getattr(row, name)
    return voice.at(time_ns) if time_ns else ""


def because(row: FaceRow, voice: Voice) -> str:
    """Why a face is the same thing: `same network card (00:80:f4:12:34:56)`."""
    reason = voice.words.term("face", row.reason)
    return f"{reason} ({row.value})" if row.value else reason


ATTRIBUTES = View("attributes", (
    Column("attribute", lambda row, voice: voice.words.term("attribute", row.name), brief=True),
    Column("value", lambda row, _: row.value, brief=True),
    Column("shown", lambda row, voice: voice.words("asset.chosen") if row.chosen else "", brief=True),
    Column("source", lambda row, voice: voice.source(row.source), brief=True),
    Column("confidence", lambda row, voice: voice.words.term("confidence", row.confidence), brief=True),
    Column("first", lambda row, voice: _when(row, "first_ns", voice), brief=True),
    Column("last", lambda row, voice: _when(row, "last_ns", voice), brief=True),
    Column("frame", _place, brief=True),
    Column("filter", lambda row, _: display_filter(row.frame), brief=True),
), "asset.nothing_said")  # fmt: skip

FACES = View("faces", (
    Column("face", lambda row, _: row.key, brief=True),
    Column("face_state", lambda row, voice: voice.words.term("face_state", row.state), brief=True),
    Column("because", because, brief=True),
    Column("first", lambda row, voice: _when(row, "first_ns", voice), brief=True),
    Column("last", lambda row, voice: _when(row, "last_ns", voice), brief=True),
    Column("frame", _place, brief=True),
    Column("filter", lambda row, _: display_filter(row.frame), brief=True),
), "asset.one_face")  # fmt: skip


def show(dossier: Dossier, voice: Voice) -> Iterator["RenderableType"]:
    """Blocks for `layout.show`."""
    words, asset = voice.words, dossier.asset
    yield said(asset.label, "bold")
    yield said("")
    yield indented(facts(_summary(asset, voice)))
    yield heading(words("asset.attributes"))
    yield indented(_entries((_attribute(row, voice) for row in dossier.attributes), words("asset.nothing_said")))
    if dossier.steps:
        yield heading(words("asset.history"))
        yield indented(bullets(_step(step, voice) for step in dossier.steps))
    yield heading(words("asset.faces"))
    yield indented(_entries((_face(row, voice) for row in dossier.faces), words("asset.one_face")))
    if dossier.faces:
        yield indented(Paragraph(words("asset.take_apart"), "dim"))
    if dossier.children:
        yield heading(words("asset.children", number=len(dossier.children)))
        yield indented(bullets((_child(child, voice),) for child in dossier.children))


def _entries(entries: Iterator[tuple[str, str]], nothing: str) -> "RenderableType":
    """What, and where it can be seen: readable on a screen of any width."""
    told = list(entries)
    return bullets(told) if told else Paragraph(nothing)


def _attribute(row: AttributeRow, voice: Voice) -> tuple[str, str]:
    words = voice.words
    what = words("asset.value" if row.chosen else "asset.other_value", attribute=words.term("attribute", row.name), value=voice.value(row))
    return what, ", ".join((voice.source(row.source), words.term("confidence", row.confidence), *_seen(row, voice)))


def _face(row: FaceRow, voice: Voice) -> tuple[str, str]:
    state = voice.words.term("face_state", row.state)
    return f"{row.key} ({state})", ", ".join((because(row, voice), *_seen(row, voice)))


def _seen(row: Any, voice: Voice) -> Iterator[str]:
    """When, in which frame, and by which display filter; nothing for what a person said."""
    if row.frame.capture:
        yield voice.between(row.first_ns, row.last_ns)
        yield voice.words("asset.in_frame", frame=_place(row, voice), filter=display_filter(row.frame))


def _summary(asset: AssetRow, voice: Voice) -> Iterator[tuple[str, str]]:
    words = voice.words
    yield words("column.key"), asset.key
    yield words("column.kind"), words.term("kind", asset.kind)
    yield words("asset.presence"), words.term("presence", asset.presence)
    for key, text in (
        ("column.address", asset.address), ("column.macs", ", ".join(asset.macs)), ("column.made", voice.made(asset)),
        ("column.firmware", asset.firmware), ("column.serial", asset.serial),
        ("column.parent", voice.label(asset.parent) if asset.parent else ""), ("column.services", ", ".join(asset.services)),
    ):  # fmt: skip
        if text:
            yield words(key), text
    yield words("column.zone"), f"{voice.zone(asset.zone)} ({asset.zone_rule})" if asset.zone_rule else voice.zone(asset.zone)
    for role, reason in asset.roles:
        name = words.term("role", role)
        yield words("column.role"), words("asset.role", role=name, reason=voice.why(reason)) if reason else name
    yield words("asset.seen"), f"{voice.between(asset.first_ns, asset.last_ns)} ({voice.clock})"


def _step(step: Step, voice: Voice) -> tuple[str, ...]:
    words, before, after = voice.words, step.before, step.after
    proof = words("asset.proof", before=_proof(before, voice), after=_proof(after, voice))
    return words(
        f"asset.{step.sort}", attribute=words.term("attribute", after.name), before=before.value, after=after.value,
        when=voice.at(step.time_ns) if step.time_ns else "",
    ), proof  # fmt: skip


def _proof(row: AttributeRow, voice: Voice) -> str:
    source = voice.source(row.source)
    return f"{source}, {place}" if (place := _place(row, voice)) else source


def _child(child: AssetRow, voice: Voice) -> str:
    made, presence = voice.made(child), voice.words.term("presence", child.presence)
    return ", ".join(filter(None, (child.label, made, presence if child.presence != "heard" else "")))
