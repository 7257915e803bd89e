"""Small things stay small: functions, files, nesting, and what classes inherit from."""

import ast
from collections.abc import Iterator
from statistics import median
from textwrap import indent

import pytest

from tests.sources import ROOT, Source, classes, functions, sources

FILE_LINES = 300
MEDIAN_LINES, MOST_LINES, LONGEST_LINES = 8, 30, 60
"""Of functions: the median, 95 of 100, and every one."""
NESTING = 3

BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
PARENTS = {
    "Protocol", "Exception", "Keyed", "OtwatchError", "NamedTuple", "Generic", "Enum", "IntEnum", "StrEnum", "IntFlag", "H11Protocol",
}  # fmt: skip


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    whole = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is None:
        return whole
    return whole - ((first.end_lineno or 0) - first.lineno + 1)


def depth(node: ast.AST) -> int:
    """How many blocks stand inside each other below a node; an elif stands beside its if, a function inside begins anew."""
    return max((_depth_of(child, node) for child in ast.iter_child_nodes(node) if not isinstance(child, SCOPES)), default=0)


def _depth_of(child: ast.AST, parent: ast.AST) -> int:
    is_elif = isinstance(child, ast.If) and isinstance(parent, ast.If) and parent.orelse == [child]
    return depth(child) + (isinstance(child, BLOCKS) and not is_elif)


def _sizes() -> list[tuple[int, str]]:
    return sorted((lines(one), source.at(one, one.name)) for source in sources() for one in functions(source))


def _strange_parents(source: Source) -> Iterator[str]:
    for one in classes(source):
        for parent in one.bases:
            name = ast.unparse(parent).split("[")[0].rpartition(".")[2]
            if name not in PARENTS:
                yield source.at(one, f"{one.name} inherits from {name}")


def test_functions_are_short_as_a_rule() -> None:
    sizes = [size for size, _ in _sizes()]
    assert median(sizes) <= MEDIAN_LINES


def test_nearly_all_functions_fit_on_a_screen() -> None:
    sizes = _sizes()
    long = [f"{where} ({size})" for size, where in sizes if size > MOST_LINES]
    assert len(long) <= len(sizes) * 0.05, long


def test_no_function_is_long() -> None:
    assert not [f"{where} ({size})" for size, where in _sizes() if size > LONGEST_LINES]


def test_files_are_short() -> None:
    sizes = {source.path: len(source.text.splitlines()) for source in sources()}
    assert not {str(path): size for path, size in sizes.items() if size > FILE_LINES}


def test_nothing_is_nested_deeply() -> None:
    found = [(depth(one), source.at(one, one.name)) for source in sources() for one in functions(source)]
    assert not [f"{where} ({deep})" for deep, where in found if deep > NESTING]


def test_classes_inherit_from_few_things() -> None:
    assert not [finding for source in sources() for finding in _strange_parents(source)]


def test_every_file_says_what_is_in_it() -> None:
    assert not [str(source.path) for source in sources() if not ast.get_docstring(source.tree)]


def test_the_program_is_found() -> None:
    assert len(sources()) > 100, f"no sources below {ROOT}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("return 1", 0),
        ("if a:\n  pass\nelif b:\n  pass\nelif c:\n  pass", 1),
        ("if a:\n  pass\nelse:\n  if b:\n    pass\n  c()", 2),
        ("for a in b:\n  while c:\n    with d:\n      try:\n        e()\n      except F:\n        pass", 4),
        ("if a:\n  def inner():\n    if b:\n      pass", 1),
    ],
)
def test_depth_counts_blocks_inside_blocks(text: str, expected: int) -> None:
    assert depth(ast.parse(f"def f():\n{indent(text, ' ')}").body[0]) == expected


def test_lines_leave_out_the_docstring() -> None:
    function = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1').body[0]
    assert isinstance(function, ast.FunctionDef)
    assert lines(function) == 2
