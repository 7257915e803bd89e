"""What is told in outline is judged as if every sighting had been told by itself."""

from pathlib import Path

import pytest

from otwatch.dissectors import DISSECTORS
from otwatch.events import Point, Request, Verb
from otwatch.results import Results
from otwatch.sightings import Conversation, Frame, Item, Role, Routine, Said, singly
from otwatch.site import SiteHalf
from otwatch.site.outlines import Outlined, Outlines
from otwatch.wire import Wire, items
from tests.wire.test_wire import existing, frames

TALK = Conversation("10.20.1.5", "10.20.1.60", "tcp", 40_000, 502, "modbus", Role.SYN)
CAPTURES = (
    "modbus/iti-modbus_test_data_part1.pcap", "bacnet/icsnpp-bacnet_services.pcap", "enip/icsnpp-enip_cip_example.pcap",
    "umas/iti-modicon_test.pcap", "modbus/zeek-modbus-and-non-modbus-p502.pcap", "malformed/zeek-fuzz-72.pcap",
)  # fmt: skip


def read(first: int) -> Request:
    return Request("modbus", Verb.READ, "read holding registers", 3, ("unit 2",), points=(Point("holding-register", first, 10),))


def outlined(*said: Said) -> Outlined:
    """What is judged: the first register alone; what is read: all that reads."""
    return Outlines(lambda event: event == read(0), lambda event: isinstance(event, Request)).of(Routine(TALK, True, said))


def test_reads_of_different_points_are_one_in_outline() -> None:
    said = ((read(0), 3, 10, 90, Frame("c", 4)), (read(10), 2, 5, 95, Frame("c", 6)))
    (one,), judged, asked = outlined(*said)
    assert (judged, asked) == ([said[0]], list(said))
    assert one.event == read(0)._replace(points=())
    assert (one.times, one.first_ns, one.last_ns, one.frame) == (5, 5, 95, Frame("c", 4))


def test_objects_of_snmp_say_what_a_device_is() -> None:
    ups, other = (
        Request("snmp", Verb.READ, "Get", 0, points=(Point("oid", name=name),)) for name in ("1.3.6.1.2.1.33.1.1", "1.3.6.1.2.1.1.1.0")
    )
    said = ((ups, 1, 1, 1, Frame("c", 1)), (other, 1, 2, 2, Frame("c", 2)))
    assert [one.event for one in outlined(*said).outlines] == [ups, other]


def results(told: list[Item]) -> Results:
    half = SiteHalf(None)
    for item in told:
        half.see(item)
    half.finish()
    return half.results((), {})


@pytest.mark.parametrize("name", CAPTURES)
def test_the_site_half_learns_the_same_from_sightings_told_singly(captures: Path, name: str) -> None:
    told = list(items(Wire(DISSECTORS), frames(existing(captures, name), 4096)))
    assert any(isinstance(item, Routine) for item in told)
    together, singled = results(told), results(list(singly(told)))
    assert together._replace(facts=()) == singled._replace(facts=())
    assert sorted(map(repr, together.facts)) == sorted(map(repr, singled.facts))
