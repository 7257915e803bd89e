"""The program's own text as syntax trees, for the tests that watch its shape."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Source(NamedTuple):
    """A file; `module` is its dotted name, `path` is relative to the repository."""

    path: Path
    module: str
    text: str
    tree: ast.Module

    def at(self, node: ast.stmt | ast.expr, what: str) -> str:
        """A finding, written as editors like to jump to it."""
        return f"{self.path}:{node.lineno}: {what}"


@cache
def sources(folder: str = "otwatch") -> tuple[Source, ...]:
    """All Python files of a folder at the top of the repository."""
    return tuple(_source(path.relative_to(ROOT)) for path in sorted((ROOT / folder).rglob("*.py")))


def _source(path: Path) -> Source:
    text = (ROOT / path).read_text(encoding="utf-8")
    return Source(path, ".".join(path.with_suffix("").parts).removesuffix(".__init__"), text, ast.parse(text))


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def classes(source: Source) -> Iterator[ast.ClassDef]:
    """Every class of a file."""
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef))


def imported(source: Source) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    """Every import of a file with the dotted name of the module it means."""
    modules = {one.module for one in sources()}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, source.at(node, "imports are absolute")
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield node, inner if inner in modules else str(node.module)
