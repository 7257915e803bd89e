"""Blocks of text and grids, for terminals of any width and for pipes. The only door to rich, whose markup and ESC stay outside:
all text comes in as `rich.text.Text` through `said`, which interprets nothing.
"""

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, TYPE_CHECKING, NamedTuple

from otwatch.outputs.visible import visible

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, Group, RenderableType
    from rich.measure import Measurement
    from rich.segment import Segment
    from rich.table import Table
    from rich.text import Text

PIPE_WIDTH = 80
WAITING = 16 * 1024 * 1024
"""Characters of a table that wait in memory."""
_BETWEEN = "\t"
"""Between cells that wait; no visible text holds it."""
_NO_BREAK = "\0"
"""Stands for a blank while text is folded; no visible text holds it."""
KEPT_TOGETHER = re.compile(r" (?=[:;?!»%])|(?<=«) ")
"""Blanks at which French never begins a new line."""
SEVERITY_STYLES = ("dim", "cyan", "yellow", "bold red", "bold white on red")


class Head(NamedTuple):
    """The head of a column. `number`: set to the right, never folded."""

    title: str
    number: bool = False


def said(text: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(visible(text), style)


class Paragraph(NamedTuple):
    """Running text. Folded here because rich would begin a line with the colon of "Enjeu : ..."."""

    text: str
    style: str = ""

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "Iterator[Text]":
        joined = KEPT_TOGETHER.sub(_NO_BREAK, visible(self.text))
        for line in textwrap.wrap(joined, options.max_width, break_on_hyphens=False) or [""]:
            yield said(line.replace(_NO_BREAK, " "), self.style)

    def __rich_measure__(self, console: "Console", options: "ConsoleOptions") -> "Measurement":
        return said(self.text).__rich_measure__(console, options)


class Beside(NamedTuple):
    """Blocks behind a mark, which stands in their first line. Tables of rich measure all they hold, at every depth, before they show it."""

    mark: str
    blocks: tuple["RenderableType", ...]

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "Iterator[Segment]":
        from rich.segment import Segment

        room = options.update_width(options.max_width - len(self.mark))
        before = self.mark
        for block in self.blocks:
            for line in console.render_lines(block, room, pad=False):
                yield from (Segment(before), *line, Segment.line())
                before = " " * len(self.mark)


def heading(text: str) -> "Text":
    from rich.text import Text

    return Text.assemble("\n", said(text.upper(), "bold"))


def indented(block: "RenderableType", columns: int = 2) -> Beside:
    return Beside(" " * columns, (block,))


def grid(heads: Sequence[Head], rows: Iterable[Sequence[str]]) -> "Table":
    """Columns without lines between them; long texts are folded, nothing is left out."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=any(head.title for head in heads), header_style="dim")
    for head in heads:
        table.add_column(said(head.title), justify="right" if head.number else "left", no_wrap=head.number, overflow="fold")
    for row in rows:
        table.add_row(*map(said, row))
    return table


def facts(rows: Iterable[tuple[str, str]]) -> "Table":
    """Two columns: what, and its value."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for what, value in rows:
        table.add_row(said(what), Paragraph(value))
    return table


def bullets(entries: Iterable[tuple[str, ...]]) -> "Group":
    """Entries of one line or more."""
    from rich.console import Group

    return Group(*(Beside("- ", tuple(map(Paragraph, lines))) for lines in entries))


def numbered(number: int, *blocks: "RenderableType") -> Beside:
    """Blocks beside their number."""
    return Beside(f"{number}. ", blocks)


def copied(command: str, columns: int = 4) -> "Group":
    """A line to be copied: never folded by us. A text of its own would be joined with others, and folded again, by `print`."""
    from rich.console import Group

    line = said(f"{' ' * columns}{command}")
    line.no_wrap, line.overflow = True, "ignore"
    return Group(line)


def plain_lines(heads: Sequence[Head], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """One line a row, columns aligned, as wide as it must be: for grep, sort and cut.

    How wide the columns are is known at the end only: until then the cells wait in memory, many of them in a temporary file.
    """
    from tempfile import SpooledTemporaryFile

    titles = [visible(head.title) for head in heads]
    widest = [_width(title) for title in titles]
    with SpooledTemporaryFile(WAITING, "w+", encoding="utf-8", newline="\n") as kept:
        for row in rows:
            cells = row if (plain := _is_plain(row)) else list(map(visible, row))
            widest = list(map(max, widest, map(len if plain else _width, cells)))
            kept.write(f"{_BETWEEN.join(cells)}\n")
        kept.seek(0)
        form = "  ".join(f"%{'' if head.number else '-'}{width}s" for width, head in zip(widest, heads, strict=True))
        for line in chain((f"{_BETWEEN.join(titles)}\n",), kept):
            cells = line[:-1].split(_BETWEEN)
            if line.isascii():
                yield f"{(form % tuple(cells)).rstrip()}\n"
            else:
                yield f"{'  '.join(map(_padded, cells, widest, (head.number for head in heads))).rstrip()}\n"


def _is_plain(row: Sequence[str]) -> bool:
    """Whether each character of its cells prints as itself and is one cell of a terminal wide, as in nearly every row."""
    text = "".join(row)
    return text.isascii() and text.isprintable()


def _padded(cell: str, width: int, number: bool) -> str:
    blank = " " * (width - _width(cell))
    return blank + cell if number else cell + blank


def _width(text: str) -> int:
    """Cells of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def show(blocks: Iterable["RenderableType"], stream: IO[str] | None = None) -> None:
    """Print to a terminal with its width and colours; to anything else as plain text, COLUMNS or 80 wide, without trailing blanks."""
    out = stream or sys.stdout
    console = _console(out)
    with console.capture() as captured:
        for block in blocks:
            console.print(block, crop=False)
    text = captured.get().removeprefix("\n")
    out.write(text if console.is_terminal else "".join(f"{line.rstrip()}\n" for line in text.split("\n")[:-1]))


def is_terminal(stream: IO[str] | None = None) -> bool:
    return (stream or sys.stdout).isatty()


def _console(out: IO[str]) -> "Console":
    from shutil import get_terminal_size

    from rich.console import Console

    terminal = is_terminal(out)
    width = get_terminal_size().columns if terminal else _asked_width()
    plain = "NO_COLOR" in os.environ
    return Console(file=out, width=width, force_terminal=terminal, no_color=plain, markup=False, highlight=False, emoji=False)


def _asked_width() -> int:
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdecimal() and int(asked) >= PIPE_WIDTH // 2 else PIPE_WIDTH
