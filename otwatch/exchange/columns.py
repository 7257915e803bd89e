"""Batches of packets in a stream: a head, then the bytes of each column as they lie in memory, in the order of `Packets`.

That is the machine's own order of bytes, and it holds payloads: so they cross the private pipe between two processes of a run only.
"""

from typing import Any, get_type_hints

import numpy as np

from otwatch.errors import ExchangeError
from otwatch.exchange.forms import Batch, packed, reader, unpacked
from otwatch.exchange.framing import Inlet, Kind, Outlet
from otwatch.packets import I64, U8, U64, Bools, Outer, Packets

_BATCH = reader(Batch)
_HEAD_SIZE = 2
_DTYPES: dict[Any, type[np.generic]] = {I64: np.int64, U64: np.uint64, U8: np.uint8, Bools: np.bool_}


def _columns(of: type) -> dict[str, type[np.generic]]:
    return {name: _DTYPES[hint] for name, hint in get_type_hints(of).items() if hint in _DTYPES}


COLUMNS = {name: dtype for name, dtype in _columns(Packets).items() if name != "data"}
"""The columns of a batch with one entry a packet."""
OUTER = _columns(Outer)


def send_packets(outlet: Outlet, packets: Packets, consumed: int) -> None:
    """One batch, and the bytes of captures consumed for it. TypeError where the stream is not private."""
    if outlet.private is None:
        raise TypeError("payloads do not leave the run")
    outer = packets.outer
    head = packed(Batch(len(packets.start), len(packets.data), -1 if outer is None else len(outer.row), packets.captures, consumed))
    columns = [packets.data, *(getattr(packets, name) for name in COLUMNS)]
    columns += [] if outer is None else [getattr(outer, name) for name in OUTER]
    outlet.put(Kind.PACKETS, len(head).to_bytes(_HEAD_SIZE), head, *(np.ascontiguousarray(one).data for one in columns))


def arrived(inlet: Inlet) -> tuple[Packets, int]:
    """The batch in a frame, and the bytes consumed for it; ExchangeError where it is none."""
    if inlet.private is None:
        raise ExchangeError("exchange.packets")
    batch = _head(inlet)
    data = np.empty(batch.size, np.uint8)
    columns = {name: np.empty(batch.rows, dtype) for name, dtype in COLUMNS.items()}
    outer = {name: np.empty(max(batch.outer, 0), dtype) for name, dtype in OUTER.items()}
    inlet.fill([one.data.cast("B") for one in (data, *columns.values(), *outer.values()) if len(one)])
    data.flags.writeable = False
    return Packets(data=data, captures=batch.captures, **columns, outer=Outer(**outer) if batch.outer >= 0 else None), batch.consumed


def _head(inlet: Inlet) -> Batch:
    size = bytearray(_HEAD_SIZE)
    inlet.fill([memoryview(size)])
    head = bytearray(int.from_bytes(size))
    inlet.fill([memoryview(head)])
    batch: Batch = unpacked(_BATCH, head)
    return batch
