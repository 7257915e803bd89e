"""The tables of codes, found in the modules of the dissectors: whoever adds a table or a protocol adds it to the page.

A table of operations is a dictionary on module level whose values hold a verb: a named tuple (`Row`, `Service`, `Function`), a pair of
name and verb, or the verb alone. A table of words is a dictionary from numbers to texts, or a public tuple of texts.
What an operation tells is what the function that reads it says of itself.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any, NamedTuple

import otwatch.dissectors
from otwatch.events import Verb

ROOT = otwatch.dissectors.__name__
_NUMBERED = (int, tuple)


class Operation(NamedTuple):
    """One code: `key` as in its table, `tells` in the words of the functions that read it."""

    key: Any
    name: str
    verb: Verb
    tells: tuple[str, ...] = ()


class Table(NamedTuple):
    """`protocol` is that of the module (the first part below `dissectors`); `words` holds code and text where there are no operations."""

    protocol: str
    module: str
    name: str
    caption: str
    operations: tuple[Operation, ...] = ()
    words: tuple[tuple[Any, str], ...] = ()


def modules() -> list[ModuleType]:
    """All modules of the dissectors, by name."""
    found = sorted(one.name for one in walk_packages(otwatch.dissectors.__path__, f"{ROOT}."))
    return [import_module(name) for name in found]


def protocol_of(module: str) -> str:
    return module.removeprefix(f"{ROOT}.").partition(".")[0]


def tables() -> list[Table]:
    """Every table, in the order of modules and of lines."""
    return [table for module in modules() for table in _tables(module)]


def _tables(module: ModuleType) -> Iterator[Table]:
    for name, caption in _assigned(inspect.getsource(module)).items():
        value = getattr(module, name, None)
        here = (protocol_of(module.__name__), module.__name__.removeprefix(f"{ROOT}."), name, caption)
        if operations := tuple(_operations(value)):
            yield Table(*here, operations)
        elif words := tuple(_words(name, value)):
            yield Table(*here, (), words)


def _assigned(text: str) -> dict[str, str]:
    """Names on module level, each with the text that stands behind it as its docstring."""
    found: dict[str, str] = {}
    body = ast.parse(text).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) else []
        says = after.value if isinstance(after, ast.Expr) else None
        caption = says.value if isinstance(says, ast.Constant) and isinstance(says.value, str) else ""
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = caption or found.get(target.id, "")
    return {name: " ".join(caption.split()) for name, caption in found.items()}


def _operations(value: object) -> Iterator[Operation]:
    if not isinstance(value, dict):
        return
    for key, row in value.items():
        if isinstance(key, Verb):
            return
        if isinstance(row, dict):
            yield from (one._replace(key=(key, one.key)) for one in _operations(row))
        elif isinstance(row, Verb) and isinstance(key, str):
            yield Operation(key, key, row)
        elif isinstance(row, tuple) and isinstance(key, (*_NUMBERED, str)):
            verbs = [part for part in row if isinstance(part, Verb)]
            names = [part for part in row if isinstance(part, str) and not isinstance(part, Verb)]
            if verbs and names:
                readers = [part for part in row if callable(part) and not isinstance(part, type)]
                yield Operation(key, names[0], verbs[0], tuple(map(_told_by, readers)))


def _told_by(read: Callable[..., object]) -> str:
    """The first sentence of a function's docstring, of the function that made it where it has none, else its name in words."""
    outer = read.__qualname__.partition(".<locals>")[0]
    made_by = getattr(import_module(read.__module__), outer, read)
    text = inspect.getdoc(read) or inspect.getdoc(made_by) or outer.strip("_").replace("_", " ")
    return re.split(r"(?<=[.!?]) |\n\n", " ".join(text.split()))[0].rstrip(".")


def _words(name: str, value: object) -> Iterator[tuple[Any, str]]:
    pairs: Any = ()
    if isinstance(value, tuple) and not name.startswith("_") and all(isinstance(text, str) for text in value):
        pairs = enumerate(value)
    elif isinstance(value, Mapping):
        pairs = value.items()
    for key, text in pairs:
        if isinstance(text, str) and isinstance(key, _NUMBERED):
            yield key, text
