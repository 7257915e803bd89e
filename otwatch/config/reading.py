"""From entries of the tree to structs: what a reader is, and how readers are put together (`forms` has those of single values).

A reader gets an `Entry` and the list of faults. It returns the value, raises `Wrong` for a value it cannot read, or returns None when
what is wrong was told already; `attempt` turns the first into the last, so that one run finds every fault of the file.

Every reader also says what it reads as JSON Schema (draft-07), so that the schema for editors is made of the readers themselves. It is no
narrower than they are: what only the whole file shows (references, order of times) is left to `otwatch config check`.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Generic, NamedTuple, TypeVar

from otwatch.config.lines import Entry
from otwatch.config.problems import Problem
from otwatch.config.site import At, Spans
from otwatch.errors import Keyed
from otwatch.words import Phrase, phrase

T = TypeVar("T")


class Wrong(Keyed):
    """The value does not have its form."""


class Faults:
    """The faults of one file, in the order they are found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def tell(self, line: int, where: str, *said: Phrase) -> None:
        self.found.extend(Problem(self.file, line, where, "error", one) for one in said)


Schema = Mapping[str, Any]


class Read(NamedTuple, Generic[T]):
    """A reader: the function that reads, and what it reads as JSON Schema."""

    read: Callable[[Entry, Faults], T | None]
    schema: Schema

    def __call__(self, entry: Entry, faults: Faults) -> T | None:
        return self.read(entry, faults)


def reads(schema: Schema) -> "Callable[[Callable[[Entry, Faults], T | None]], Read[T]]":
    """Makes a reader of a function."""
    return lambda read: Read(read, schema)


def attempt(read: Read[T], entry: Entry, faults: Faults) -> T | None:
    try:
        return read(entry, faults)
    except Wrong as wrong:
        faults.tell(entry.line, entry.where, *wrong.phrases)
        return None


def near(word: str, known: Iterable[str]) -> Phrase | str:
    """A hint for a mistyped word, or nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return phrase("problem.near", word=close[0]) if close else ""


class Key(NamedTuple):
    """A key of a mapping: how its value is read, and under which name the struct holds it."""

    key: str
    read: Read[Any]
    field: str = ""
    required: bool = False


def struct(make: Callable[..., T], *keys: Key) -> Read[T]:
    """A mapping with exactly these keys."""
    known = {key.key: key for key in keys}

    @reads(
        {
            "type": "object", "additionalProperties": False, "required": [key.key for key in keys if key.required],
            "properties": {key.key: key.read.schema for key in keys},
        }
    )  # fmt: skip
    def read_struct(entry: Entry, faults: Faults) -> T | None:
        if not isinstance(entry.value, dict):
            raise Wrong("problem.mapping")
        for name, child in entry.value.items():
            if name not in known:
                faults.tell(child.line, entry.where, phrase("problem.unknown_key", name=name, near=near(name, known)))
        values = {key.field or key.key: _field(key, entry.value, entry, faults) for key in keys}
        given = {name: value for name, value in values.items() if value is not None}
        if any(key.required and (key.field or key.key) not in given for key in keys):
            return None
        lines = tuple((name, child.line) for name, child in entry.value.items())
        return make(at=At(entry.line, entry.where, lines), **given)

    return read_struct


def _field(key: Key, children: dict[str, Entry], entry: Entry, faults: Faults) -> Any:
    child = children.get(key.key)
    if child is not None and child.value is not None:
        return attempt(key.read, child, faults)
    if key.required:
        faults.tell(entry.line, entry.where, phrase("problem.missing_key", name=key.key))
    return None


def many(read: Read[T]) -> Read[tuple[T, ...]]:
    """A list, or a single value in its place; what cannot be read is left out (and told)."""

    @reads({"anyOf": [read.schema, {"type": "array", "items": read.schema}]})
    def read_many(entry: Entry, faults: Faults) -> tuple[T, ...]:
        items = entry.value if isinstance(entry.value, list) else [entry]
        found = (attempt(read, item, faults) for item in items)
        return tuple(item for item in found if item is not None)

    return read_many


def named(read: Read[T], known: Iterable[str] = ()) -> Read[tuple[tuple[str, T], ...]]:
    """A mapping whose keys are names of the operator's choice; only `known` ones where there are any."""
    allowed = tuple(known)
    names = {"propertyNames": {"enum": list(allowed)}} if allowed else {}

    @reads({"type": "object", "additionalProperties": read.schema, **names})
    def read_named(entry: Entry, faults: Faults) -> tuple[tuple[str, T], ...]:
        if not isinstance(entry.value, dict):
            raise Wrong("problem.mapping")
        for name, child in entry.value.items():
            if allowed and name not in allowed:
                faults.tell(child.line, entry.where, phrase("problem.unknown_key", name=name, near=near(name, allowed)))
        found = ((name, attempt(read, child, faults)) for name, child in entry.value.items())
        return tuple((name, value) for name, value in found if value is not None)

    return read_named


def among(read: Read[T]) -> Read[frozenset[T]]:
    """As `many`, where the order means nothing."""
    read_many = many(read)
    return Read(lambda entry, faults: frozenset(read_many(entry, faults) or ()), read_many.schema)


def joined(read: Read[Spans]) -> Read[Spans]:
    """A list of spans as one tuple of spans."""
    read_many = many(read)
    return Read(lambda entry, faults: tuple(span for spans_ in read_many(entry, faults) or () for span in spans_), read_many.schema)
