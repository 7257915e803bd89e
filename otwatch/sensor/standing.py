"""What the wire half knows of addresses in several VLANs, as rows of text: the one thing of it that carries over a restart.

Connections are met anew and mean the same. Who has an address, and whose it is in another VLAN, was proven by packets that may not come
again for days (wire/overlaps.py), and without that the machine that speaks first after a restart would be taken for the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from otwatch.results import StateRow
from otwatch.site.memory import Strange
from otwatch.wire.overlaps import Overlaps, Standing

PART = "wire.overlaps."
_SIZE = 1024
"""Entries of a row: new ones stand behind the others, so only the last row changes."""


def rows(standing: Standing) -> Iterator[StateRow]:
    """Rows of a record's state."""
    for name, entries in standing._asdict().items():
        for number, some in enumerate(_chunks(entries), 1):
            yield StateRow(PART + name, number, msgspec.json.encode(some).decode())


def standing(kept: Iterable[StateRow]) -> Standing:
    """What such rows say. Strange where they say something else."""
    found: dict[str, list[Any]] = {name: [] for name in Standing._fields}
    try:
        for row in kept:
            found[row.part.removeprefix(PART)] += msgspec.json.decode(row.body, type=list[Any])
        said = msgspec.convert(list(found.values()), Standing)
        Overlaps().carry_on(said)
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        raise Strange("strange.other", error=type(error).__name__, reason=error) from error
    return said


def _chunks(entries: Sequence[object]) -> Iterator[Sequence[object]]:
    return (entries[at : at + _SIZE] for at in range(0, len(entries), _SIZE))
