"""YAML as a tree that remembers where everything stands. The only module that knows `yaml`.

The tree is read by the rules of YAML 1.2: every scalar stays text, and the reader of a field decides what it means. So `on`, `no` or
`010` never become something else. What YAML 1.1 programs would read as base 60 (`10:30` unquoted) is refused, not guessed.
"""

import re
from pathlib import Path
from typing import NamedTuple

import yaml

from otwatch.config.problems import Problem
from otwatch.words import Phrase, phrase

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SEXAGESIMAL = re.compile(r"[-+]?[0-9]+(:[0-9]+)+")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})


class Entry(NamedTuple):
    """A value of the file. `line` is that of its key, or of its own beginning inside a list; `value` None is an empty value."""

    value: "str | list[Entry] | dict[str, Entry] | None"
    line: int
    where: str


class _Tree:
    """Turns YAML's nodes into entries and collects what is wrong with their form."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def wrong(self, line: int, where: str, said: Phrase) -> None:
        self.problems.append(Problem(self.file, line, where, "error", said))

    def entry(self, node: yaml.Node, line: int, where: str) -> Entry:
        if id(node) in self._seen:
            self.wrong(line, where, phrase("problem.alias"))
            return Entry(None, line, where)
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return Entry(self._mapping(node, where), line, where)
        if isinstance(node, yaml.SequenceNode):
            items = [self.entry(item, _line(item), f"{where}[{at}]") for at, item in enumerate(node.value)]
            return Entry(items, line, where)
        return Entry(self._scalar(node, line, where), line, where)

    def _mapping(self, node: yaml.MappingNode, where: str) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for key_node, value in node.value:
            key, line = str(key_node.value), _line(key_node)
            if key in found:
                self.wrong(line, where, phrase("problem.duplicate_key", name=key))
            found[key] = self.entry(value, line, f"{where}.{key}" if where else key)
        return found

    def _scalar(self, node: yaml.Node, line: int, where: str) -> str | None:
        text = str(node.value)
        if getattr(node, "style", ""):  # quoted or a block; plain is "" or None, by loader
            return text
        if _SEXAGESIMAL.fullmatch(text):
            self.wrong(line, where, phrase("problem.sexagesimal", said=text))
            return None
        return None if text in _NULL else text


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def read_tree(path: Path) -> tuple[Entry | None, list[Problem]]:
    """The file as a tree, and what is wrong with its form; no tree where it cannot be read or is no YAML."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError) as error:
        said = phrase("problem.unreadable", reason=error) if isinstance(error, OSError) else phrase("problem.not_utf_8")
        return None, [Problem(path.name, 0, "", "error", said)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = int(mark.line) + 1 if mark else 0
        return None, [Problem(path.name, line, "", "error", phrase("problem.not_yaml", reason=getattr(error, "problem", error)))]
    if node is None:
        return Entry({}, 1, ""), []
    tree = _Tree(path.name)
    return tree.entry(node, _line(node), ""), tree.problems
