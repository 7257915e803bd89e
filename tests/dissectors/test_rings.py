"""Rings of switches: literals."""

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.rings import DLR, MRP
from otwatch.events import State
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import said


def _states(dissector: Dissector, payload: bytes) -> list[str]:
    return [event.value for event in said(dissector, payload) if isinstance(event, State) and event.name == "ring"]


def test_mrp() -> None:
    """Bytes 14 and 15: the state of the ring."""
    closed = names.MRP_OPEN[:14] + b"\0\1" + names.MRP_OPEN[16:]
    assert (_states(MRP, names.MRP_OPEN), _states(MRP, closed)) == (["open"], ["closed"])


def test_dlr() -> None:
    closed = names.DLR_FAULT[:12] + b"\1" + names.DLR_FAULT[13:]
    assert (_states(DLR, names.DLR_FAULT), _states(DLR, closed)) == (["open"], ["closed"])


def test_other_messages_tell_no_state() -> None:
    assert said(MRP, names.MRP_DOWN) == said(DLR, names.DLR_LOCATES) == []


def test_looks_like() -> None:
    assert knows(MRP, names.MRP_OPEN, True)
    assert knows(DLR, names.DLR_FAULT, True)
    assert not knows(MRP, b"\0\2" + names.MRP_OPEN[2:], True)
    assert not knows(DLR, names.DLR_FAULT[:8], True)
