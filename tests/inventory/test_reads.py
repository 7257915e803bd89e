"""Who reads which point, how often."""

from otwatch.events import Answer, Event, Point, Request, Verb
from otwatch.inventory.reads import READERS, WEIGHT, Read, Reads, Where, is_read
from otwatch.sightings import Conversation, Frame, Routine
from tests.inventory.said import said, tcp

A, B, PLC = "10.20.1.10", "10.20.1.11", "10.20.1.60"
REGISTERS = Point("holding-register", 100, 2)
WHERE = (f"{PLC}/unit 5", "modbus", "holding-register 100..101")


def ask(*points: Point, protocol: str = "modbus", verb: Verb = Verb.READ, operation: str = "Read") -> Request:
    return Request(protocol, verb, operation, 3, ("unit 5",) if protocol == "modbus" else (), points=points or (REGISTERS,))


def routine(*told: tuple[Event, int, int, int], by: Conversation | None = None, by_client: bool = True) -> Routine:
    """Of (event, times, first_ns, last_ns)."""
    return Routine(by or tcp(A, PLC), by_client, tuple((*one, Frame("a.pcap", at)) for at, one in enumerate(told, 1)))


def readers(reads: Reads) -> dict[Where, dict[str, int]]:
    reads.fold()
    return {where: {client: one.times for client, one in reads.at(where).items()} for where in reads.places()}


def test_readers_of_a_point() -> None:
    reads, event = Reads(8), ask()
    reads.see(*routine((event, 3, 10, 90)))
    reads.see(*routine((event, 2, 110, 190)))
    reads.see(*routine((event, 1, 120, 120), by=tcp(B, PLC)))
    assert readers(reads) == {WHERE: {A: 5, B: 1}}
    found = reads.at(WHERE)
    assert (found[A].first_ns, found[A].last_ns, found[A].frame) == (10, 190, Frame("a.pcap", 1))


def test_what_is_alike_is_one_whoever_remembers_it() -> None:
    """A dissector that forgot what it said says it anew, in another object; and what was taken apart goes on."""
    reads = Reads(8)
    reads.see(*routine((ask(), 1, 10, 10)))
    reads.fold()
    reads.see(*routine((ask(), 1, 5, 20)))
    assert readers(reads) == {WHERE: {A: 2}}
    found = reads.at(WHERE)
    assert (found[A].first_ns, found[A].last_ns) == (5, 20)


def test_told_at_once_counts_as_told_later() -> None:
    reads = Reads(8)
    reads.see_one(said(tcp(A, PLC), ask(), times=4))
    assert readers(reads) == {WHERE: {A: 4}}


def test_what_reads_no_point() -> None:
    reads = Reads(8)
    told: tuple[Event, ...] = (
        Answer("modbus", "Read", 3), ask(verb=Verb.WRITE), ask(protocol="http"), ask(verb=Verb.SUBSCRIBE, operation="covNotification"),
        ask(Point("analog-value", 1, part="object-name"), protocol="bacnet"),
        ask(Point("device", 1, part="system-status"), protocol="bacnet"),
    )  # fmt: skip
    reads.see(*routine(*((event, 1, 1, 1) for event in told if is_read(event))))
    assert readers(reads) == {}
    assert list(map(is_read, told)) == [False, False, False, False, True, True]


def test_who_asks_to_be_told_reads() -> None:
    reads = Reads(8)
    event = ask(Point("analog-value", 1), protocol="bacnet", verb=Verb.SUBSCRIBE, operation="subscribeCOV")
    reads.see(*routine((event, 1, 1, 1), by=tcp(PLC, A), by_client=False))
    assert readers(reads) == {(PLC, "bacnet", "analog-value 1"): {A: 1}}


def test_full_it_counts_what_it_does_not_keep() -> None:
    reads = Reads(1)
    for client in range(READERS + 3):
        reads.see(*routine((ask(), 1, 1, 1), by=tcp(f"10.20.2.{client}", PLC)))
    reads.see(*routine((ask(Point("coil", 1)), 1, 1, 1)))
    assert [len(found) for found in readers(reads).values()] == [READERS]
    assert reads.crowded == 1


def test_events_are_taken_apart_before_they_are_too_many() -> None:
    for size in (1, 3):  # an event weighs by its points
        reads = Reads(8)
        wide = [ask(*(Point("coil", at) for at in range(size))) for _ in range(WEIGHT // (size + 1) + 1)]
        reads.see(*routine(*((one, 1, 1, 1) for one in wide)))
        assert [reads.at(where)[A].times for where in reads.places()] == [len(wide)] * size


def test_the_earliest_frame_stays() -> None:
    one, other = Read(20, Frame("a.pcap", 2)), Read(10, Frame("a.pcap", 1))
    other.times, other.last_ns = 1, 15
    one.add(other)
    assert (one.times, one.first_ns, one.last_ns, one.frame) == (1, 10, 20, Frame("a.pcap", 1))
