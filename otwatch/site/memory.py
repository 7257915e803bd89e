"""What the site half knows, as rows of text, so that a sensor carries on where it was stopped.

What is kept is a table of attributes (KEPT), what is not is named with its reason (FORGOTTEN); a test holds both against the objects
themselves. Only values of the classes named here are ever made from text: a record that somebody has tampered with can lie, but
it can run nothing.

    part    the attribute's path from the site half        number   place in its order       body   JSON

Entries keep their order, because bounded tables forget what came first.
"""

import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from operator import attrgetter
from typing import Any

from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.model import Detection, Evidence, Finding, Severity
from otwatch.alerts.repeats import Fold
from otwatch.changes import LinkSeen
from otwatch.errors import Keyed
from otwatch.events import Point, Request, Verb
from otwatch.facts.coverage import _Service as Service
from otwatch.facts.ledger import _Count as Counted
from otwatch.inventory.assets import Asset
from otwatch.inventory.baseline import Line, Usage
from otwatch.inventory.facts import Fact, Facts
from otwatch.inventory.habits import _Polls as Polls
from otwatch.inventory.labels import Label
from otwatch.inventory.links import Link, State, Way
from otwatch.inventory.macs import Seen
from otwatch.inventory.macs import _Mac as Mac
from otwatch.inventory.points import Slot, Written
from otwatch.inventory.protocols import _Count as Spoken
from otwatch.inventory.reads import Read
from otwatch.results import StateRow
from otwatch.sightings import Conversation, Frame, Outcome, Role, Sighting
from otwatch.site.domains import Heard
from otwatch.site.sessions import Session
from otwatch.site.silences import Watch
from otwatch.site.transfers import _Transfer as Transfer
from otwatch.zones.compare import Judged, Verdict

KEPT = (
    "inventory.assets._by_key", "inventory.assets.evicted", "inventory.assets.external", "inventory.attempts",
    "inventory.names._stations", "inventory.names._instances", "inventory.names._units",
    "inventory.macs._by_mac", "inventory.macs._by_ip", "inventory.macs._shared", "inventory.macs.evicted",
    "inventory.links._by_way", "inventory.links._from", "inventory.links._to", "inventory.links.evicted",
    "inventory.habits._clients", "inventory.habits._writers", "inventory.habits._size", "inventory.habits.evicted",
    "inventory.habits.points._written", "inventory.habits.points.evicted",
    "inventory.habits.points.reads._readers", "inventory.habits.points.reads._once", "inventory.habits.points.reads.crowded",
    "inventory.habits.points.labels._said", "inventory.habits.points.labels.crowded",
    "inventory.habits.baseline._lines", "inventory.habits.baseline.evicted",
    "inventory.protocols._counts",
    "_judge.repeats._open", "_judge.repeats._closed", "_judge.repeats.crowded",
    "_facts._ledger._fields", "_facts._ledger.nameless",
    "_facts._coverage._services", "_facts._coverage._asked", "_facts._coverage._told", "_facts._coverage._flawed",
    "_facts._coverage._beside", "_facts._coverage._pieces", "_facts._coverage._truncated", "_facts._coverage._tunnels",
    "_absences._links._watched", "_absences._links._due", "_absences._links.crowded",
    "_absences._clocks._watched", "_absences._clocks._due", "_absences._clocks.crowded", "_absences._assets._watched",
    "_absences._assets._due", "_absences._assets.crowded", "_absences._stopped", "_absences._silent", "_absences._sighted_ns",
    "_absences._latest_ns", "_expected._due_ns", "_expected._last", "_answers._blind_ns", "_limits._since_ns",
    "_sessions._open", "_sessions._closed", "_sessions.evicted", "_transfers._open",
    "_places._stays", "_answers.began_ns", "_answers.latest_ns", "_answers._silent_ns", "_waiting", "_verdicts.kept", "_mirrors._ends",
    "_domains._hosts", "_domains._published", "_domains._joined", "_domains.crowded",
    "_crowds._heard", "_crowds._mixed", "_crowds.crowded",
)  # fmt: skip

FORGOTTEN = {
    "inventory.names._whole": "assets are united anew whenever rows are made",
    "inventory.names._parts": "the same",
    "inventory.names._united": "the same",
    "inventory.names._members": "the same",
    "inventory.names._declared": "read again",
    "inventory.protocols._flaws": "which of the last messages had a flaw beside them",
    "inventory.protocols._joined": "the same",
    "inventory.protocols._last": "the same",
    "inventory.habits.points.reads._asked": "taken apart before",
    "inventory.habits.points.reads._size": "the same",
    "inventory.habits.baseline.learning": "asked anew in every slot",
    "_answers.windows": "counters of seconds to minutes: a scan that goes on is found anew; and sums of secrets, whose key dies with the "
    "process",
    "_answers._caps": "read again",
    "_answers._secrets._dictionary": "read again",
    "_answers._secrets._proofs": "verdicts of a day: they are found anew, and what they were made from is never written",
    "_answers.crowd": "found anew whenever rows are made",
    "_answers._judged": "the last answer",
    "_answers._told": "the last answer",
    "inventory._paths": "a memory only",
    "inventory.assets._checked": "when it has to look for room: it looks at once",
    "inventory.links._checked": "the same",
    "_outlines": "a memory only",
    "_facts._around": "a memory only",
    "_transfers._slot": "when they were looked for",
    "_facts._told": "a memory only",
    "_facts._size": "the same",
    "_facts._ledger._noted": "of the sighting in hand only",
    "_slot": "when places were asked anew",
    "_items": "the same",
}

_SLOTTED: tuple[type, ...] = (Asset, Facts, Link, Polls, Mac, Counted, Spoken, Service, Seen, Written, Watch, Session, Line, Read,
                               Transfer)  # fmt: skip
_TUPLES: tuple[type, ...] = (Frame, Fact, Way, Fold, Finding, Evidence, LinkSeen, Verdict, Slot, Usage, Heard, Label,
                              Sighting, Conversation, Request, Point)  # fmt: skip
_ENUMS: tuple[type[Enum], ...] = (Verb, State, Role, Severity, Judged, Outcome)
_CLASSES: tuple[type, ...] = (*_SLOTTED, *_TUPLES, *_ENUMS)
_NAMES: dict[type, str] = {kind: f"{kind.__module__.removeprefix('otwatch.')}.{kind.__qualname__}" for kind in _CLASSES}
_KINDS = {name: kind for kind, name in _NAMES.items()}
_PLAIN = frozenset({str, int, float, bool, type(None)})


class Strange(Keyed):
    """What is kept does not fit this otwatch; the text says what."""


def kept(half: object) -> Iterator[StateRow]:
    """All that is kept of a site half."""
    for path in KEPT:
        for number, body in enumerate(map(_text, _entries(attrgetter(path)(half))), 1):
            yield StateRow(path, number, body)


def restore(half: object, rows: Iterable[StateRow]) -> None:
    """Put what was kept into a new site half. Strange where it does not fit, and then the half is not to be used."""
    found: dict[str, list[Any]] = {}
    try:
        for row in rows:
            found.setdefault(row.part, []).append(_made(json.loads(row.body)))
        if found.keys() - set(KEPT):
            raise Strange("strange.parts", names=", ".join(sorted(found.keys() - set(KEPT))))
        for path, entries in found.items():
            _put(half, path, entries)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Strange("strange.other", error=type(error).__name__, reason=error) from error


def _entries(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.items()
    if isinstance(value, set):
        return sorted(value)
    return value if isinstance(value, list | deque) else (value,)


def _put(half: object, path: str, entries: list[Any]) -> None:
    owner, _, name = path.rpartition(".")
    holder = attrgetter(owner)(half) if owner else half
    value = getattr(holder, name)
    if isinstance(value, dict):
        value.clear()
        value.update(dict(entries))  # a Counter would count the entries themselves
    elif isinstance(value, set):
        value.clear()
        value.update(entries)
    elif isinstance(value, list | deque):
        value.clear()
        value.extend(entries)
    else:
        setattr(holder, name, entries[0])


def _text(value: Any) -> str:
    return _ENCODER.encode(_shown(value))


# -- values as JSON: plain ones as they are, everything else as a list that begins with what it is -------------------------------------


def _shown(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is Detection:
        return ["detection", value.id]
    if kind is Evidence:  # what is told late is told now: it looks at counters that are not kept
        value = value._replace(facts={**value.facts, **value.late()}, late=None)
    if kind in _NAMES:
        return _of_a_class(kind, value)
    if kind is Counter or isinstance(value, dict):
        return ["counter" if kind is Counter else "dict", *(_shown(part) for pair in value.items() for part in pair)]
    word = _WORDS.get(kind)
    if word is None:
        raise TypeError(f"{kind.__name__} cannot be kept")
    parts = sorted(value) if word in ("set", "frozenset") else value
    return [word, *map(_shown, parts)]


def _of_a_class(kind: type, value: Any) -> list[Any]:
    if issubclass(kind, Enum):
        return [_NAMES[kind], value.value]
    if issubclass(kind, tuple):
        return [_NAMES[kind], *map(_shown, value)]
    return [_NAMES[kind], *(_shown(part) for name in _attributes(kind, value) for part in (name, getattr(value, name)))]


def _attributes(kind: type, value: object) -> Iterable[str]:
    return getattr(kind, "__slots__", None) or vars(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_WORDS: dict[type, str] = {tuple: "tuple", list: "list", set: "set", frozenset: "frozenset"}
_DETECTIONS: dict[str, Detection] = {one.id: one for one in DETECTIONS}
_MAKERS: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple,
    "list": list,
    "set": set,
    "frozenset": frozenset,
    "dict": lambda parts: dict(zip(parts[::2], parts[1::2], strict=True)),
    "counter": lambda parts: Counter(dict(zip(parts[::2], parts[1::2], strict=True))),
    "detection": lambda parts: _DETECTIONS[parts[0]],
}


def _made(shown: Any) -> Any:
    if not isinstance(shown, list):
        return shown
    name, parts = shown[0], [_made(part) for part in shown[1:]]
    if name in _MAKERS:
        return _MAKERS[name](parts)
    kind = _KINDS[name]
    if issubclass(kind, Enum):
        return kind(parts[0])
    if kind is Evidence:
        made = Evidence(*parts)
        return made._replace(late=dict)
    return kind(*parts) if issubclass(kind, tuple) else _object(kind, parts)


def _object(kind: type, parts: list[Any]) -> Any:
    """An object of a class, without its constructor: exactly the attributes the class has now."""
    given = dict(zip(parts[::2], parts[1::2], strict=True))
    made: Any = object.__new__(kind)
    expected = getattr(kind, "__slots__", None)
    if expected is not None and set(expected) != given.keys():
        raise Strange("strange.attributes", kind=kind.__name__, names=", ".join(sorted(set(expected) ^ given.keys())))
    for name, value in given.items():
        setattr(made, name, value)
    return made
