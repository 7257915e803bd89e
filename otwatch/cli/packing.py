"""The audit pack: everything a report says in every form, the frames of findings, and a manifest by which anybody can check it."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from otwatch.cli.carriers import CARRIERS, Told, write
from otwatch.cli.options import tell
from otwatch.errors import CaptureError, OtwatchError
from otwatch.outputs.report.audit import MANIFEST, RECORD, Input, check, labelled, manifest, may_be_sliced, total, total_of
from otwatch.outputs.visible import visible

if TYPE_CHECKING:
    from otwatch.capture.slices import Kept
    from otwatch.results import AlertRow
    from otwatch.sightings import Frame


def pack(folder: Path, told: Told) -> None:
    from otwatch.outputs.report.paper import is_possible

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OtwatchError("report.full_folder", path=folder)
    words = told.voice.words
    forms = [form for form in CARRIERS if form != "pdf" or is_possible()]
    outputs = {f"report.{form}": CARRIERS[form](told) for form in forms}
    outputs |= {labelled(f"{name}.csv", told.label): data for name, data in _tables(told)}
    outputs |= _record(labelled(RECORD, told.label), told)
    slices, left_out, captures = _evidence(told)
    outputs |= slices
    name = RECORD if told.is_redacted else told.record.name
    inputs = (Input(name, "record", told.record.stat().st_size, total_of(told.record)), *captures)
    without = [words("report.no_pdf")] if "pdf" not in forms else []
    sums = manifest(told.label, words.language, inputs, outputs, left_out, {"redacted": told.is_redacted, "without": without})
    for name, data in (*outputs.items(), (MANIFEST, sums)):
        write(folder / name, data)
    click.echo(words("report.packed", folder=visible(str(folder)), files=words.count("file", len(outputs)), sum=total(sums)))


def _tables(told: Told) -> Iterator[tuple[str, bytes]]:
    from otwatch.cli.knowledge import marks
    from otwatch.outputs.report.tables import report_tables
    from otwatch.outputs.tables import as_csv

    for name, (view, rows) in report_tables(told.told, marks(told.told), told.changes).items():
        yield name, as_csv(view, rows, told.voice).encode()


def _record(name: str, told: Told) -> dict[str, bytes]:
    """A record of what is told, without what a sensor needs to carry on: every command of otwatch reads it, and the next audit compares.

    Beside it what people decided about findings, as it is written: their words may name anybody, so a redacted pack has none.
    """
    from otwatch.decisions.log import beside
    from otwatch.record import Record

    with TemporaryDirectory() as folder:
        path = Path(folder) / RECORD
        with Record.create(path) as kept:
            kept.write(told.told)
        data = path.read_bytes()
    log = beside(told.record)
    return {name: data} | ({beside(Path(name)).name: log.read_bytes()} if log.exists() and not told.is_redacted else {})


def record_of(given: Path) -> Path:
    """The record of a pack, which must be as it was made and name things as they are; a record itself."""
    if not given.is_dir():
        return given
    _, faults = check(given)
    if faults:
        raise OtwatchError("report.not_as_made", path=given / faults[0].file)
    written = json.loads((given / MANIFEST).read_bytes())
    stem, _, kind = RECORD.rpartition(".")
    found = sorted(given.glob(f"{stem}.TLP-*.{kind}"))
    if written.get("redacted") or not found:
        raise OtwatchError("report.no_names", path=given)
    return found[0]


def _evidence(told: Told) -> "tuple[dict[str, bytes], dict[int, str], tuple[Input, ...]]":
    """Slices by file name; findings without one, and why; and the captures. Frames hold addresses and names: a redacted pack has none."""
    from otwatch.capture.slices import as_capture

    words = told.voice.words
    wanted = {} if told.is_redacted else {one.number: {*one.frames, *one.answers} for one in told.heard.alerts if may_be_sliced(one)}
    found: dict[Frame, Kept] = {}
    inputs = []
    for row, shown in zip(told.heard.captures, told.told.captures, strict=True):
        numbers = frozenset(frame.number for frames in wanted.values() for frame in frames if frame.capture == row.name)
        frames, size, sum_ = _read(row.name, numbers, words.language)
        found |= frames
        inputs.append(Input(shown.name, "capture", size, sum_))
    slices, left_out = {}, {}
    for alert in told.heard.alerts:
        reason = "redacted" if told.is_redacted else _lacking(alert, wanted.get(alert.number), found)
        if reason:
            left_out[alert.number] = words(f"report.{reason}")
        else:
            taken = [found[frame] for frame in sorted(wanted[alert.number])]
            slices[f"evidence/finding-{alert.number}.pcapng"] = as_capture(taken, f"TLP:{told.label} otwatch: {words.of(alert.title)}")
    return slices, left_out, tuple(inputs)


def _lacking(alert: "AlertRow", wanted: "set[Frame] | None", found: "dict[Frame, Kept]") -> str:
    """Why there is no slice of a finding; "" where there is one."""
    if wanted is None:
        return "secret"
    return "" if wanted and wanted <= found.keys() else "absent"


def _read(name: str, numbers: frozenset[int], spoken: str) -> "tuple[dict[Frame, Kept], int, str]":
    """Frames of a capture, its size and its sum; nothing of one that is not where it was."""
    from otwatch.capture import open_captures
    from otwatch.capture.slices import kept
    from otwatch.sightings import Frame

    path = Path(name)
    if not path.is_file():
        return {}, 0, ""
    try:
        source = open_captures([path])[0]
        frames = {Frame(name, one.number): one for one in kept(source, numbers)} if numbers else {}
    except CaptureError as error:
        tell(error, spoken)
        return {}, 0, ""
    return frames, path.stat().st_size, total_of(path)
