"""Forward Open and Forward Close."""

from otwatch.dissectors import cip
from otwatch.dissectors.base import events
from otwatch.events import Event, Point, Request, Verb
from tests.dissectors.enveloped import opened


def said(message: str | bytes) -> tuple[Event, ...]:
    payload = message if isinstance(message, bytes) else bytes.fromhex(message)
    return opened(events(lambda read, _: cip.decode(read), payload, None, "cip"))


def asked(message: str | bytes) -> Request:
    (request,) = said(message)
    assert isinstance(request, Request)
    return request


def test_forward_open_tells_who_opens_what_and_no_number_that_changes() -> None:
    explicit = "54022006240107f9000000000100008034124d00fecaad0b0000000080841e00f44380841e00f443a303010020022401"
    request = asked(explicit)
    assert (request.verb, request.points) == (Verb.SESSION, (Point("cip", name="0x02/1"),))
    assert request.details == (
        ("originator_vendor", "77"),
        ("originator_serial", "0x0BADCAFE"),
        ("class", "3"),
        ("o_t_type", "point to point"),
        ("o_t_bytes", "500"),
        ("o_t_interval_us", "2000000"),
        ("t_o_type", "point to point"),
        ("t_o_bytes", "500"),
        ("t_o_interval_us", "2000000"),
        ("route", "port 1/0"),
    )
    assert asked(explicit.replace("a30301", "010301")).verb is Verb.SUBSCRIBE
    assert asked(explicit.replace("00008034", "77778077")) == request


def test_large_forward_open_and_close() -> None:
    wide = "5b022006240107f9000000000100008034124d00fecaad0b00000000" + "80841e00" + "a00f0042" + "80841e00" + "00000000" + "a301" + "2002"
    details = dict(asked(wide).details)
    assert (details["o_t_bytes"], details["o_t_type"], details["t_o_type"]) == ("4000", "point to point", "null")
    closed = asked("4e022006240107f934124d00fecaad0b0300010020022401")
    assert closed.operation == "Forward Close"
    assert closed.details == (("originator_vendor", "77"), ("originator_serial", "0x0BADCAFE"), ("route", "port 1/0"))
