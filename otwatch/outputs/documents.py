"""Everything as JSON, for programs: the fields of `otwatch.results` under their names, in every language.

Times (`first_ns`) are given as `first`, UTC with all nine decimals: as numbers they would lose digits in most JSON readers.
`schema` counts the forms of these documents: it grows when a field goes or changes its meaning, not when one is added.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from otwatch import __version__
from otwatch.outputs.alert_record import alert_record
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import SEVERITIES
from otwatch.results import AlertRow, Results
from otwatch.results.findings import finding

SCHEMA = 1
_NS = "_ns"
_OF_PEOPLE = frozenset({"number", "status", "decision"})
_RENAMED = {"links": "conversations"}
"""Named in documents as the command that lists them."""


def replay_document(results: Results, mirror: Mapping[str, Any], record: str) -> str:
    """All results of a replay, whether its mirror was any good (doctor.doctor_fields), and where its record is."""
    return document({"record": record, "mirror": mirror} | _fields(results))


def rows_document(name: str, rows: Iterable[Any]) -> str:
    """The rows of one table, under its name."""
    return "".join(rows_pieces(name, rows))


def rows_pieces(name: str, rows: Iterable[Any]) -> Iterator[str]:
    """The same, row by row."""
    import msgspec

    head = document({name: []}).rstrip()
    yield head.removesuffix("]\n}")
    between = "\n"
    for row in rows:
        text = msgspec.json.format(msgspec.json.encode(plain(row)), indent=2).decode()
        yield between + _indented(text)
        between = ",\n"
    yield "]\n}\n" if between == "\n" else "\n  ]\n}\n"


def _indented(text: str) -> str:
    """As an element of a list in the document; a line break inside a text is written as \\n in JSON."""
    return "\n".join(f"    {line}" for line in text.split("\n"))


def document(body: Mapping[str, Any]) -> str:
    """A JSON object: what it is, and the fields of `body`."""
    import msgspec

    written = msgspec.json.encode({"schema": SCHEMA, "otwatch": __version__} | dict(body))
    return msgspec.json.format(written, indent=2).decode() + "\n"


def plain(value: Any) -> Any:
    """A value as JSON has it: rows as objects, texts without anything that acts, times as moments."""
    if isinstance(value, str):
        return visible(value)
    if hasattr(value, "_asdict"):
        return _fields(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {visible(key): plain(item) for key, item in value.items()}
    return value


def _fields(row: Any) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in row._asdict().items():
        if name.endswith(_NS):
            said[name.removesuffix(_NS)] = None if value is None else _moment(value)
        else:
            said[_RENAMED.get(name, name)] = plain(value)
    if hasattr(row, "severity") and isinstance(row.severity, int):
        said["severity_word"] = SEVERITIES[row.severity]
    if isinstance(row, AlertRow):
        said |= {"finding": finding(row), "evidence": _evidence(row)}
        said["evidence"]["sha256"] = _digest(said)
        said |= alert_record(row, said)
    return said


def _digest(said: Mapping[str, Any]) -> str:
    """A sum over all that a finding states and rests on (detections.md A.6): the same in every record that found the same. Its place in
    the list, what people say of it, and its fields once more under the names of A.7, are no part."""
    stated = {name: value for name, value in said.items() if name not in _OF_PEOPLE}
    return sha256(json.dumps(stated, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _evidence(alert: AlertRow) -> dict[str, Any]:
    """Where to see a finding: its frames by number, in the capture of the first; and of each capture where it stands in several."""
    captures: dict[str, list[int]] = {}
    for frame in sorted({*alert.frames, *alert.answers}):
        captures.setdefault(visible(frame.capture), []).append(frame.number)
    first = visible(alert.frames[0].capture) if alert.frames else ""
    return {"capture": first, "frames": captures.get(first, []), "filter": visible(alert.filter), "captures": captures}


def _moment(time_ns: int) -> str:
    seconds, rest = divmod(time_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09}Z"
