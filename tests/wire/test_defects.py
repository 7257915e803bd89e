"""A dissector of ours that fails: loud where it stands alone, counted and logged once where the sensor must go on."""

import gc
import logging
from collections.abc import Iterator

import pytest

from otwatch.dissectors import DISSECTORS
from otwatch.dissectors.base import Dissector, read
from otwatch.dissectors.modbus import MODBUS
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Anomaly, Event, Request
from otwatch.sightings import Sighting
from otwatch.wire.defects import DEFECT, Defects, _shown, guarded
from tests.wire.dialogues import connection, hear, modbus, opened, requests, write


def _decode(reader: Reader, is_request: bool | None) -> Iterator[Event]:
    """Says what Modbus says, and then fails on register 2."""
    payload = reader.peek(reader.left)
    yield from MODBUS.decode(reader, is_request)
    if payload[8:10] == b"\0\2":
        raise KeyError(payload)


BROKEN = MODBUS._replace(decode=_decode)


def dialogue() -> list[Sighting]:
    client, server = connection()
    frames = opened(client, server) + [client.says(modbus(at, write(register))) for at, register in enumerate((1, 2, 2, 3))]
    return [item for item in hear(frames, 2, (guarded(BROKEN, DEFECTS),)) if isinstance(item, Sighting)]


DEFECTS = Defects()


def test_alone_it_is_loud() -> None:
    with pytest.raises(KeyError):
        read(BROKEN, modbus(1, write(2)), True)
    client, server = connection()
    with pytest.raises(KeyError):
        hear([*opened(client, server), client.says(modbus(1, write(2)))], 10, (BROKEN,))


def test_guarded_it_is_counted_logged_once_and_told(caplog: pytest.LogCaptureFixture) -> None:
    DEFECTS.times.clear()
    with caplog.at_level(logging.ERROR):
        said = dialogue()
    assert len(requests(said)) == 4
    flaws = [item.event.reason for item in said if isinstance(item.event, Anomaly)]
    assert all(reason.startswith(DEFECT) and "KeyError at test_defects.py" in reason for reason in flaws)
    assert sum(item.times for item in said if isinstance(item.event, Anomaly)) == 2
    (record,) = caplog.records
    assert "000100000006010600020001" in record.getMessage()
    ((name, times),) = DEFECTS.notes().items()
    assert name.startswith(f"{DEFECT}: modbus KeyError at test_defects.py:")
    assert times >= 1


@pytest.mark.parametrize("function", ["looks_like", "cut", "decode", "joined", "pieces", "decode_in", "cut_in"])
def test_every_function_is_guarded(function: str) -> None:
    def fails(*_: object) -> Iterator[Event]:
        raise ZeroDivisionError

    whole: Dissector = MODBUS._replace(**{function: fails})  # type: ignore[arg-type]  # one field, chosen by name
    call = getattr(guarded(whole, Defects()), function)
    given = (MODBUS, Reader(b"x")) if function == "joined" else (Reader(b"x"), True, None)[: 3 if function.endswith("_in") else 2]
    with pytest.raises(Malformed, match=DEFECT):
        list(call(*given))


def test_malformed_stays_what_it_is() -> None:
    for dissector in DISSECTORS:
        guard = Defects()
        for payload in (b"", b"\x81\x0a\0\4", b"\0\1\0\0\0\6\1\3\0\1\0\1", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 50):
            assert read(guarded(dissector, guard), payload, None) == read(dissector, payload, None)
        assert not guard.notes()


def test_a_flaw_holds_nothing_that_it_came_through() -> None:
    """A sensor looks for cycles once an hour: until then each flaw would hold all packets of its batch."""
    broken = ("810a0008ffffffff", "810a000601ff", "000100000006010300", "6f00ffff", "12349180000100010000000003777777")
    payloads = list(map(bytes.fromhex, broken))
    guarded_ones = [guarded(dissector, Defects()) for dissector in DISSECTORS]
    gc.collect()
    gc.disable()
    try:
        flaws = [say for one in guarded_ones for payload in payloads for is_request in (True, False)
                 for message in read(one, payload, is_request).messages for say in message.events if isinstance(say, Anomaly)]  # fmt: skip
        assert len(flaws) > 20
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_the_log_shows_no_text() -> None:
    assert _shown(b"\0\1") == "0001"
    assert b"secret".hex() not in _shown(b"\x10\x11" + b"secret" + b"\x12")
    assert _shown(b"\x10" + "secret".encode("utf-16-le") + b"\x01") == "10[12 bytes of text]01"
    assert _shown("Schlüssel".encode()) == "[10 bytes of text]"
    assert _shown(b"") == "nothing"


def test_requests_are_still_requests() -> None:
    assert all(isinstance(item.event, Request) for item in requests(dialogue()))
