"""What otwatch and tshark say of captures, side by side: for people, and as JSON."""

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from otwatch.checks import CaptureCheck, Difference, FieldCheck
from otwatch.outputs.documents import document
from otwatch.outputs.layout import Head, Paragraph, copied, grid, heading, indented, said
from otwatch.outputs.visible import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from otwatch.outputs.wording import Words

AGREE, DIFFER, REFUSED = "agree", "differ", "not compared"

_SHOWN = 8
"""Items of one field that people are shown."""
_LISTED = 20
"""Frames of one filter."""


def outcome(check: CaptureCheck) -> str:
    if check.refused:
        return REFUSED
    return AGREE if check.agrees else DIFFER


# -- for programs -----------------------------------------------------------------------------------------------------------------------


def verify_document(checks: Sequence[CaptureCheck], version: str) -> str:
    """One JSON object; `agree` says it all."""
    agree = all(outcome(check) == AGREE for check in checks)
    return document({"tshark": version, "agree": agree, "captures": [_capture(check) for check in checks]})


def _capture(check: CaptureCheck) -> dict[str, Any]:
    ours, theirs = check.packets
    return {
        "capture": visible(check.name), "outcome": outcome(check), "refused": visible(check.refused),
        "packets": {"otwatch": ours, "tshark": theirs},
        "tshark_says": visible(check.message), "tshark_stopped": check.late, "packets_unread": check.unread,
        "fields": [_field(check.name, field) for field in check.fields],
    }  # fmt: skip


def _field(capture: str, field: FieldCheck) -> dict[str, Any]:
    return {
        "section": field.section, "field": field.field, "agree": field.agrees, "otwatch": field.otwatch, "tshark": field.tshark,
        "differences": [_difference(capture, one) for one in field.differences],
    }  # fmt: skip


def _difference(capture: str, one: Difference) -> dict[str, Any]:
    shown = _filter([one])
    return {
        "item": {name: visible(value) if isinstance(value, str) else value for name, value in one.item.items()},
        "otwatch": one.otwatch, "tshark": one.tshark, "otwatch_frames": list(one.otwatch_frames), "tshark_frames": list(one.tshark_frames),
        "filter": shown, "command": visible(_command(capture, shown)) if shown else "",
    }  # fmt: skip


def _filter(differences: Sequence[Difference]) -> str:
    """A display filter for the frames that only one of the two has (valid since Wireshark 4.0); "" without any."""
    numbers = sorted({number for one in differences for number in (*one.otwatch_frames, *one.tshark_frames)})[:_LISTED]
    if len(numbers) == 1:
        return f"frame.number == {numbers[0]}"
    return f"frame.number in {{{', '.join(map(str, numbers))}}}" if numbers else ""


def _command(capture: str, shown: str) -> str:
    return f"tshark -r {shlex.quote(capture)} -Y {shlex.quote(shown)} -V"


# -- for people -------------------------------------------------------------------------------------------------------------------------


def verify_text(checks: Sequence[CaptureCheck], version: str, words: "Words") -> Iterator["RenderableType"]:
    """Blocks for `layout.show`: every field of one capture, or every capture of several; then what is different."""
    yield heading(words("verify.title", version=version))
    if len(checks) == 1 and not checks[0].refused:
        yield indented(said(checks[0].name))
        yield indented(grid(_heads(words, "protocol", "field", "otwatch", "tshark", "outcome"), _fields(checks[0], words)))
    else:
        yield indented(grid(_heads(words, "capture", "packets", "fields", "outcome"), (_line(check, words) for check in checks)))
    for check in checks:
        yield from _told(check, words)
    yield said("")
    for line in _sums(checks, words):
        yield Paragraph(line)


_NUMBERS = frozenset({"otwatch", "tshark", "packets", "fields"})


def _heads(words: "Words", *names: str) -> list[Head]:
    return [Head(words(f"verify.column_{name}"), name in _NUMBERS) for name in names]


def _fields(check: CaptureCheck, words: "Words") -> Iterator[tuple[str, ...]]:
    ours, theirs = check.packets
    yield "", "packets", words.number(ours), words.number(theirs), words.term("verify.outcome", AGREE if ours == theirs else DIFFER)
    before = ""
    for field in check.fields:
        result = words.term("verify.outcome", AGREE if field.agrees else DIFFER)
        shown = field.section if field.section != before else ""
        yield shown, field.field, words.number(field.otwatch), words.number(field.tshark), result
        before = field.section


def _line(check: CaptureCheck, words: "Words") -> tuple[str, ...]:
    result = outcome(check)
    shown = words.term("verify.outcome", "nothing" if result == AGREE and not check.fields else result)
    return check.name, words.number(check.packets[0]), words.number(len(check.fields)), shown


def _told(check: CaptureCheck, words: "Words") -> Iterator["RenderableType"]:
    """What there is to say of a capture beside its numbers."""
    notes = [words("verify.refused", reason=check.refused)] if check.refused else []
    notes += [words("verify.says", message=check.message)] if check.message and check.message != check.refused else []
    notes += [words("verify.unread", packets=words.count("packet", check.unread))] if check.unread else []
    different = [field for field in check.fields if not field.agrees]
    if not notes and outcome(check) != DIFFER:
        return
    yield said("")
    yield said(check.name, "bold")
    yield from (indented(Paragraph(note)) for note in notes)
    ours, theirs = check.packets
    if not check.refused and ours != theirs:
        yield indented(Paragraph(words("verify.packets", otwatch=words.number(ours), tshark=words.number(theirs))))
    for at, field in enumerate(different):
        if at or notes:
            yield said("")
        yield from _different(check.name, field, words)


def _different(capture: str, field: FieldCheck, words: "Words") -> Iterator["RenderableType"]:
    yield indented(said(f"{field.section}.{field.field}", "bold"))
    yield indented(grid(_heads(words, "item", "otwatch", "tshark", "frames"), _items(field, words)), 4)
    shown = _filter(field.differences)
    if not shown:
        yield indented(Paragraph(words("verify.no_frames")), 4)
        return
    yield indented(Paragraph(words("verify.filter"), "dim"), 4)
    yield copied(shown, 6)
    yield indented(Paragraph(words("verify.command"), "dim"), 4)
    yield copied(_command(capture, shown), 6)


def _items(field: FieldCheck, words: "Words") -> Iterator[tuple[str, ...]]:
    for one in field.differences[:_SHOWN]:
        sides = (("only_otwatch", one.otwatch_frames), ("only_tshark", one.tshark_frames))
        frames = words("between").join(words(f"verify.{side}", numbers=_numbers(numbers)) for side, numbers in sides if numbers)
        yield _described(one) or words("verify.all"), words.number(one.otwatch), words.number(one.tshark), frames
    left = len(field.differences) - _SHOWN
    if left > 0:
        yield words("facts.more", number=words.number(left)), "", "", ""


def _numbers(numbers: Sequence[int]) -> str:
    """The first few: the filter has more."""
    return ", ".join(map(str, numbers[:5])) + (", …" if len(numbers) > 5 else "")


def _described(one: Difference) -> str:
    if len(one.item) <= 2:
        return " ".join(map(str, one.item.values()))
    return ", ".join(f"{name} {value}" for name, value in one.item.items())


def _sums(checks: Sequence[CaptureCheck], words: "Words") -> Iterator[str]:
    counted = {kind: sum(outcome(check) == kind for check in checks) for kind in (AGREE, DIFFER, REFUSED)}
    if len(checks) > 1:
        yield words(
            "verify.sums", agree=words.number(counted[AGREE]), differ=words.number(counted[DIFFER]), refused=words.number(counted[REFUSED])
        )
    elif counted[AGREE]:
        yield words("verify.agreed" if checks[0].fields else "verify.nothing")
    if counted[DIFFER]:
        yield words("verify.no_judge")
