"""What an interface gave so far, as a row of a record."""

import numpy as np

from otwatch.packets import Frames
from otwatch.results import CaptureRow

FORM = "live"


def counted(row: CaptureRow | None, frames: Frames) -> CaptureRow:
    """The row of an interface after a batch, None before the first."""
    first, last = int(frames.time_ns.min()), int(frames.time_ns.max())
    (interface,) = frames.captures
    row = row or CaptureRow(interface, FORM, (), 0, 0, first, last, "")
    kinds = row.link_types
    if set(kinds) != set(found := np.unique(frames.link_type).tolist()):
        kinds = tuple(sorted({*kinds, *found}))
    size = row.bytes + int(frames.length.sum())
    return row._replace(
        link_types=kinds, bytes=size, frames=row.frames + len(frames.start), first_ns=min(row.first_ns, first), last_ns=last
    )
