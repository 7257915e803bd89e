"""exchange/columns.py: a batch of packets is the same at the other end."""

import threading
from tempfile import TemporaryFile

import numpy as np
import pytest

from otwatch.capture import open_captures
from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.errors import ExchangeError
from otwatch.exchange import Inlet, Kind, Outlet, arrived, send_packets
from otwatch.exchange.columns import COLUMNS, OUTER
from otwatch.packets import Outer, Packets
from tests.conftest import ROOT
from tests.exchange.test_items import pipe


def batch() -> Packets:
    frames = next(iter(open_captures([ROOT / "pcaps" / "hospital.pcapng"])[0].read()))
    return decode(frames, Fragments())


def crossed(packets: Packets) -> tuple[Packets, int]:
    with pipe() as way:
        writing = threading.Thread(target=lambda: send_packets(Outlet(way), packets, 77))
        writing.start()
        inlet = Inlet(way)
        assert next(iter(inlet)) == Kind.PACKETS
        come = arrived(inlet)
        writing.join()
    return come


@pytest.mark.parametrize("rows", [0, 1, 2078])
@pytest.mark.parametrize("through", [False, True])
def test_a_batch_comes_out_as_it_went_in(rows: int, through: bool) -> None:
    whole = batch()
    outer = Outer(**{name: np.arange(3).astype(dtype) for name, dtype in OUTER.items()}) if through else None
    sent = whole._replace(**{name: getattr(whole, name)[:rows] for name in COLUMNS}, outer=outer)
    come, consumed = crossed(sent)
    assert consumed == 77
    assert come.captures == sent.captures
    for name in ("data", *COLUMNS):
        assert getattr(come, name).dtype == getattr(sent, name).dtype, name
        assert np.array_equal(getattr(come, name), getattr(sent, name)), name
    assert not come.data.flags.writeable
    assert (come.outer is None) == (not through)
    if come.outer is not None and outer is not None:
        assert all(np.array_equal(one, other) for one, other in zip(come.outer, outer, strict=True))


def test_every_field_of_a_batch_crosses() -> None:
    assert {*COLUMNS, "data", "captures", "outer"} == set(Packets._fields)
    assert list(OUTER) == list(Outer._fields)


def test_payloads_never_go_into_a_file() -> None:
    with TemporaryFile() as file:
        with pytest.raises(TypeError, match="payloads do not leave the run"):
            send_packets(Outlet(file.fileno()), batch(), 0)
        Outlet(file.fileno()).put(Kind.PACKETS, b"\0\1x")
        file.seek(17)
        inlet = Inlet(file.fileno())
        assert next(iter(inlet)) == Kind.PACKETS
        with pytest.raises(ExchangeError, match="packets; they are read from the other process"):
            arrived(inlet)


def test_a_frame_that_is_too_short_is_an_error() -> None:
    with pipe() as way:
        Outlet(way).put(Kind.PACKETS, b"\xff\xff")
        inlet = Inlet(way)
        next(iter(inlet))
        with pytest.raises(ExchangeError, match="ends 65535 bytes too early"):
            arrived(inlet)
