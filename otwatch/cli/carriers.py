"""What a report is told by: a page, paper, a workbook."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from otwatch.errors import OtwatchError

if TYPE_CHECKING:
    from otwatch.outputs.voice import Voice
    from otwatch.record.differences import Difference
    from otwatch.results import Results


class Told(NamedTuple):
    """What a report says, whatever carries it.

    heard     the results with the names of their captures as they are, to find the captures by
    told      the same, or without names
    changes   since another record, None where no other was given
    """

    record: Path
    heard: "Results"
    told: "Results"
    voice: "Voice"
    label: str
    is_redacted: bool
    changes: "tuple[Difference, ...] | None"


def _page(told: Told) -> bytes:
    from otwatch.cli.knowledge import knowledge
    from otwatch.outputs.page.carriers import one_file

    return one_file(told.told, told.voice.words, knowledge(), told.label).encode()


def _paper(told: Told) -> bytes:
    from otwatch.cli.knowledge import knowledge
    from otwatch.outputs.report.paper import paper

    return paper(told.told, told.voice, knowledge(), told.label)


def _workbook(told: Told) -> bytes:
    from otwatch.cli.knowledge import marks
    from otwatch.outputs.exports.sheets import workbook
    from otwatch.outputs.report.tables import report_tables

    tables = report_tables(told.told, marks(told.told), told.changes)
    return workbook(tables.values(), told.voice, f"TLP:{told.label}" if told.label else "")


CARRIERS = {"html": _page, "pdf": _paper, "xlsx": _workbook}
"""What each form is made by, under the name of its option and of its file."""


def write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise OtwatchError("output.unwritable", path=file, reason=error) from error
