"""The exchange format: what passes the waist, as bytes, between two processes (docs/exchange.md).

    framing.py   the stream: a greeting, then frames with a kind and a bounded length
    forms.py     the closed set of types that may stand in them
    logins.py    secrets and proofs, which cross private pipes only
    items.py     sightings, routines and tallies, with events and conversations said once and then by number
    columns.py   batches of packets between two processes of the wire half

Nothing here is a pickle: what arrives can only become one of the named types, each value of which is checked.
"""

from otwatch.exchange.columns import arrived, send_packets
from otwatch.exchange.framing import Inlet, Kind, Outlet
from otwatch.exchange.items import Receiver, Sender

__all__ = ["Inlet", "Kind", "Outlet", "Receiver", "Sender", "arrived", "send_packets"]
