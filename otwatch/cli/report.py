"""`otwatch report`: what a record says as a file for people, or as a folder for auditors; and whether such a folder is as it was made."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, lang, opened, record_to_read, said
from otwatch.errors import CaptureError, OtwatchError
from otwatch.outputs.audit import LABELS
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.capture.slices import Kept
    from otwatch.outputs.audit import Input
    from otwatch.outputs.voice import Voice
    from otwatch.results import AlertRow, Results
    from otwatch.sightings import Frame

AS_MADE, NOT_AS_MADE = 0, 1
"""Exit statuses of --check."""


@click.command(help=said("help.report"))
@click.option("--html", "file", type=FILE, help=said("help.option_html"))
@click.option("--audit", "folder", type=FILE, help=said("help.option_audit"))
@click.option("--check", "checked", type=FILE, help=said("help.option_check"))
@click.option("--tlp", type=click.Choice(LABELS, case_sensitive=False), default=None, help=said("help.option_tlp"))
@record_to_read
@lang
def report(file: Path | None, folder: Path | None, checked: Path | None, tlp: str | None, record: Path | None, lang: str | None) -> int:
    from otwatch.outputs.voice import Voice

    if sum(path is not None for path in (file, folder, checked)) != 1:
        raise click.UsageError(said("report.one"))
    if checked is not None:
        return _check(checked, Words(language(lang)))
    with opened(record) as kept:
        results, path = kept.results(), kept.path
    words = Words(language(lang, results.language))
    voice = Voice.of(words, results.timezone, results.zones, results.assets)
    if file is not None:
        _write(file, _page(results, voice, tlp or "").encode())
        click.echo(words("report.written", file=file))
    elif folder is not None:
        _audit(folder, path, results, voice, tlp or "AMBER")
    return AS_MADE


def _page(results: "Results", voice: "Voice", label: str) -> str:
    from otwatch.alerts.words import TRACE
    from otwatch.outputs.page.carriers import one_file
    from otwatch.outputs.page.rendering import Knowledge

    return one_file(results, voice.words, Knowledge(TRACE), label)


def _write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise OtwatchError(f"{file}: cannot be written: {error.strerror}; another place can be given") from error


# -- the audit pack ---------------------------------------------------------------------------------------------------------------------


def _audit(folder: Path, record: Path, results: "Results", voice: "Voice", label: str) -> None:
    from otwatch.outputs.audit import MANIFEST, Input, labelled, manifest, total, total_of
    from otwatch.outputs.page.carriers import TABLES, table

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OtwatchError(f"{folder}: there is something already; an empty folder, or a name that is free, is expected")
    outputs = {"report.html": _page(results, voice, label).encode()}
    outputs |= {labelled(f"{name}.csv", label): table(name, results, voice).encode() for name in TABLES}
    slices, left_out, inputs = _evidence(results, f"TLP:{label}", voice.words)
    outputs |= slices
    inputs = (Input(record.name, "record", record.stat().st_size, total_of(record)), *inputs)
    sums = manifest(label, voice.words.language, inputs, outputs, left_out)
    for name, data in (*outputs.items(), (MANIFEST, sums)):
        _write(folder / name, data)
    click.echo(voice.words("report.packed", folder=folder, files=voice.words.count("file", len(outputs)), sum=total(sums)))


def _evidence(results: "Results", label: str, words: Words) -> tuple[dict[str, bytes], dict[int, str], "tuple[Input, ...]"]:
    """Slices by file name; findings without one, and why; and the captures."""
    from otwatch.capture.slices import as_capture
    from otwatch.outputs.audit import Input, may_be_sliced

    wanted = {alert.number: {*alert.frames, *alert.answers} for alert in results.alerts if may_be_sliced(alert)}
    found: dict[Frame, Kept] = {}
    inputs = []
    for row in results.captures:
        numbers = frozenset(frame.number for frames in wanted.values() for frame in frames if frame.capture == row.name)
        frames, size, sum_ = _read(row.name, numbers)
        found |= frames
        inputs.append(Input(row.name, "capture", size, sum_))
    slices, left_out = {}, {}
    for alert in results.alerts:
        reason = _lacking(alert, wanted.get(alert.number), found)
        if reason:
            left_out[alert.number] = words(f"report.{reason}")
        else:
            taken = [found[frame] for frame in sorted(wanted[alert.number])]
            slices[f"evidence/finding-{alert.number}.pcapng"] = as_capture(taken, f"{label} otwatch: {words.of(alert.title)}")
    return slices, left_out, tuple(inputs)


def _lacking(alert: "AlertRow", wanted: "set[Frame] | None", found: "dict[Frame, Kept]") -> str:
    """Why there is no slice of a finding; "" where there is one."""
    if wanted is None:
        return "secret"
    return "" if wanted and wanted <= found.keys() else "absent"


def _read(name: str, numbers: frozenset[int]) -> "tuple[dict[Frame, Kept], int, str]":
    """Frames of a capture, its size and its sum; nothing of one that is not where it was."""
    from otwatch.capture import open_captures
    from otwatch.capture.slices import kept
    from otwatch.outputs.audit import total_of
    from otwatch.sightings import Frame

    path = Path(name)
    if not path.is_file():
        return {}, 0, ""
    try:
        source = open_captures([path])[0]
        frames = {Frame(name, one.number): one for one in kept(source, numbers)} if numbers else {}
    except CaptureError as error:
        click.echo(f"otwatch: {visible(str(error))}", err=True)
        return {}, 0, ""
    return frames, path.stat().st_size, total_of(path)


def _check(folder: Path, words: Words) -> int:
    from otwatch.outputs.audit import check

    sum_, faults = check(folder)
    for fault in faults:
        click.echo(words(f"report.{fault.what}", file=visible(fault.file)))
    click.echo(words("report.faulty" if faults else "report.sound", folder=visible(str(folder)), sum=sum_))
    return NOT_AS_MADE if faults else AS_MADE
