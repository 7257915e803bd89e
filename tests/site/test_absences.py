"""What is not there any more: told by packet time, never because a capture ends, nobody hears anything, or the sensor sees badly."""

from collections.abc import Callable, Iterable
from ipaddress import ip_network

from otwatch.changes import Blindness, SightLost
from otwatch.config import Site
from otwatch.config.site import DeclaredZone, ExpectedOperation, Match, Place
from otwatch.events import Answer, Request, Verb
from otwatch.results import AlertRow
from otwatch.sightings import Conversation, Frame, Outcome, Role, Sighting, Tally
from otwatch.site import SiteHalf, memory

SECOND, MINUTE, HOUR = 1_000_000_000, 60_000_000_000, 3_600_000_000_000
DAY = 24 * HOUR
BEGIN = 1_791_763_200 * SECOND
"""Monday 2026-10-12, midnight UTC."""
ASK = Request("modbus", Verb.READ, "Read Coils", 1, ("unit 255",))
ANSWER = Answer("modbus", "Read Coils", 1, ("unit 255",))
GTB, OTHER = "10.20.1.10", "10.20.1.11"
PLANT = tuple(f"10.22.8.{number}" for number in range(20, 25))

Working = Callable[[str, str, int], str]
"""What a client and a server do at a time (since BEGIN): "both", "asks" without an answer, or "" for nothing."""


def polled(client: str, server: str, time_ns: int, event: Request | Answer, number: int) -> Sighting:
    talk = Conversation(client, server, "tcp", 50_000, 502, "modbus", Role.SYN)
    return Sighting(talk, event is ASK, event, 1, time_ns, time_ns, Frame("long.pcap", number), Outcome.NONE)


def polling(working: Working, until: int, ways: Iterable[tuple[str, str]], since: int = 0, every: int = 5 * MINUTE) -> list[Sighting]:
    said: list[Sighting] = []
    for at in range(since, until, every):
        for client, server in ways:
            doing = working(client, server, at)
            events = (ASK, ANSWER) if doing == "both" else (ASK,) if doing else ()
            said += [polled(client, server, BEGIN + at, event, len(said) + 1) for event in events]
    return said


def found(said: Iterable[Sighting], half: SiteHalf | None = None) -> list[AlertRow]:
    half = half if half is not None else SiteHalf(None)
    for one in said:
        half.see(one)
    half.finish()
    return [row for row in half.results((), {}).alerts if row.detection.startswith("avail.")]


WAYS = [(GTB, PLANT[0]), (OTHER, PLANT[1]), (OTHER, PLANT[2])]


def in_order(*said: list[Sighting]) -> list[Sighting]:
    return sorted((one for each in said for one in each), key=lambda one: one.first_ns)


def until(end: int, way: tuple[str, str], rest: str = "") -> Working:
    return lambda client, server, at: "both" if (client, server) != way or at < end else rest


def test_a_client_that_asks_no_more() -> None:
    (row,) = found(polling(until(26 * HOUR, WAYS[0]), 28 * HOUR, WAYS))
    assert (row.variant, row.client, row.server) == ("client_stopped", *WAYS[0])
    assert BEGIN + 25 * HOUR < row.first_ns < BEGIN + 26 * HOUR
    assert row.facts["every"] == "300000"


def test_the_end_of_a_capture_is_no_absence() -> None:
    assert found(polling(until(26 * HOUR, WAYS[0]), 26 * HOUR + 10 * MINUTE, WAYS)) == []
    assert found(polling(lambda *_: "both", 26 * HOUR, WAYS)) == []


def test_a_young_habit_is_none() -> None:
    assert found(polling(until(20 * HOUR, WAYS[0]), 23 * HOUR, WAYS)) == []


def test_a_server_that_answers_no_more() -> None:
    (row,) = found(polling(until(26 * HOUR, WAYS[0], "asks"), 29 * HOUR, WAYS))
    assert (row.variant, row.client, row.server) == ("server_stopped", *WAYS[0])


def test_a_mirror_that_never_showed_answers_proves_nothing() -> None:
    assert found(polling(lambda *_: "asks", 29 * HOUR, WAYS)) == []


def test_a_client_that_lost_everybody_is_one_finding() -> None:
    ways = [*((GTB, server) for server in PLANT), (OTHER, "10.22.9.1"), (OTHER, "10.22.9.2"), (OTHER, "10.22.9.3"),
            (OTHER, "10.22.9.4"), (OTHER, "10.22.9.5"), (OTHER, "10.22.9.6")]  # fmt: skip
    working: Working = lambda client, _server, at: "both" if client == OTHER or at < 26 * HOUR else ""  # noqa: E731  # short
    (row,) = found(polling(working, 28 * HOUR, ways))
    assert (row.client, row.server, row.facts["concerned"]) == (GTB, "", str(len(PLANT)))


def test_when_most_of_it_is_gone_the_mirror_is() -> None:
    ways = [(GTB, PLANT[0]), (OTHER, PLANT[1]), (OTHER, PLANT[2])]
    working: Working = lambda _client, server, at: "both" if server == PLANT[2] or at < 26 * HOUR else ""  # noqa: E731  # short
    assert found(polling(working, 28 * HOUR, ways)) == []


def test_a_time_without_a_single_packet_is_no_absence() -> None:
    working: Working = lambda _client, _server, at: "" if 26 * HOUR < at < 40 * HOUR else "both"  # noqa: E731  # short
    assert found(polling(working, 50 * HOUR, WAYS)) == []


def test_what_a_blind_sensor_misses_is_no_absence() -> None:
    half = SiteHalf(None)
    for one in polling(until(26 * HOUR, WAYS[0]), 28 * HOUR, WAYS):
        if one.first_ns >= BEGIN + 26 * HOUR:
            half.blind(one.first_ns, 10 * SECOND)
        half.see(one)
    assert found((), half) == []


def test_what_was_told_before_the_sensor_knew_is_withdrawn() -> None:
    half = SiteHalf(None)
    for one in polling(until(26 * HOUR, WAYS[0]), 27 * HOUR, WAYS):
        half.see(one)
    late_ns = BEGIN + 26 * HOUR + 10 * MINUTE
    half.tell(SightLost(Blindness.VLAN, "VLAN 8", "600 s", late_ns, late_ns, Frame("eth1", 9), False))
    assert [row.detection for row in found((), half)] == []


def at_work(hours: range) -> Working:
    return lambda client, _server, at: "both" if client == OTHER or (at // HOUR) % 24 in hours else ""


def test_nights_are_no_absence() -> None:
    assert found(polling(at_work(range(7, 19)), 9 * DAY, WAYS)) == []


def test_a_day_on_which_nobody_came() -> None:
    weekdays = at_work(range(7, 19))
    working: Working = lambda client, server, at: weekdays(client, server, at) if client == OTHER or at < 8 * DAY else ""  # noqa: E731  # short
    rows = found(polling(working, 9 * DAY, WAYS))
    assert [(row.detection, row.client) for row in rows] == [("avail.polling.stopped", GTB)]


def test_the_same_over_a_restart() -> None:
    said = polling(until(26 * HOUR, WAYS[0]), 28 * HOUR, WAYS)
    first, second = SiteHalf(None), SiteHalf(None)
    cut = next(at for at, one in enumerate(said) if one.first_ns > BEGIN + 25 * HOUR)
    for one in said[:cut]:
        first.see(one)
    memory.restore(second, memory.kept(first))
    assert found(said[cut:], second) == found(said)


def test_equipment_that_disappears() -> None:
    """What announces itself and is asked by nobody regularly."""
    here = polling(lambda *_: "both", 9 * DAY, [(OTHER, PLANT[1]), (OTHER, PLANT[2]), (OTHER, PLANT[3])])
    rare = polling(lambda *_: "both", 8 * DAY, [(PLANT[1], PLANT[0])], every=3 * HOUR)
    (row,) = found(in_order(here, rare))
    assert (row.detection, row.variant, row.server) == ("avail.asset.silent", "silent", PLANT[0])


def declared(every_days: int) -> Site:
    test = ExpectedOperation("essai_ge", every_days, sources=(ip_network(GTB),), targets=("ge",), ops=frozenset({"READ"}))
    zone = DeclaredZone("ge", "generators", match=(Match(cidr=ip_network("10.22.0.0/16")),))
    return Site(1, Place("CH", "Europe/Paris"), zones=(zone,), expected_operations=(test,))


def test_a_test_that_was_not_done() -> None:
    others = polling(lambda *_: "both", 9 * DAY, [(OTHER, "10.21.1.1")])
    tests = polling(lambda *_: "both", 9 * DAY, [(GTB, PLANT[0])], every=2 * DAY)
    assert found(in_order(others, tests), SiteHalf(declared(3))) == []
    rows = found(in_order(others, tests[:6]), SiteHalf(declared(3)))
    missed = [row.facts["last"] for row in rows if row.detection == "avail.operation.missed"]
    assert missed == ["2026-10-16"]


def test_what_could_not_be_seen_was_perhaps_done() -> None:
    others = polling(lambda _client, _server, at: "both" if at < 5 * DAY else "", 9 * DAY, [(OTHER, "10.21.1.1")])
    again = polling(lambda *_: "both", 9 * DAY, [(OTHER, "10.21.1.1")], since=9 * DAY - HOUR)
    tests = polling(lambda *_: "both", 5 * DAY, [(GTB, PLANT[0])], every=2 * DAY)
    assert found(in_order(others, tests, again), SiteHalf(declared(3))) == []


def test_the_time_that_nobody_gets_any_more() -> None:
    """ntp.absent of detections.md E.1: a day, after two days of habit; asked in vain or not asked at all."""
    def told(stops: int, until: int, asks: bool) -> list[AlertRow]:
        half, frame = SiteHalf(None), Frame("long.pcap", 1)
        for at in range(0, until, 5 * MINUTE):
            for client in PLANT[:2]:
                goes_on = client != PLANT[0] or at < stops
                if at % HOUR or not (goes_on or asks):
                    continue
                talk = Conversation(client, GTB, "udp", 0, 123, "ntp", Role.PORT)
                amounts = (1, int(goes_on)), (90, 90 * goes_on), (48, 48 * goes_on)
                half.see(Tally(talk, *amounts, (0, 0), 0, 0, ("", ""), -1, (64, 64), BEGIN + at, BEGIN + at, frame))
            half.see(polled(OTHER, PLANT[3], BEGIN + at, ASK, 1))
        half.finish()
        return [row for row in half.results((), {}).alerts if row.variant == "absent"]

    for asks, clock in ((True, "unanswering"), (False, "unasked")):
        (row,) = told(50 * HOUR, 110 * HOUR, asks)
        assert (row.detection, row.server, row.facts["reason"], row.facts["clock"]) == ("integ.ntp.server", GTB, PLANT[0], clock)
    assert told(50 * HOUR, 70 * HOUR, False) == []
    assert told(10 * HOUR, 60 * HOUR, False) == []


def cyclic(client: str, server: str, time_ns: int, number: int) -> Sighting:
    talk = Conversation(client, server, "udp", 2222, 2222, "cip-io", Role.MESSAGE)
    data = Request("cip-io", Verb.SUBSCRIBE, "I/O data", 1, (), one_way=True)
    return Sighting(talk, True, data, 1, time_ns, time_ns, Frame("long.pcap", number), Outcome.NONE)


def test_both_directions_of_cyclic_data_are_one_exchange() -> None:
    """A connection of class 1 has a producer at each end (CIP volume 1, 3-4.4); one that stops is told once."""
    scanner, drive = PLANT[:2]
    both = ((scanner, drive), (drive, scanner))
    times = range(0, 26 * HOUR, 5 * MINUTE)
    sent = [cyclic(*way, BEGIN + at + turn, 2 * at // MINUTE + turn) for at in times for turn, way in enumerate(both)]
    rest = polling(lambda *_: "both", 28 * HOUR, ((GTB, PLANT[2]), (OTHER, PLANT[3])))
    (row,) = found(in_order(sent, rest))
    assert (row.variant, {row.client, row.server}, row.facts["to"]) == ("io_stopped", {scanner, drive}, " ↔ ")
    assert row.facts["every"] == str(5 * 60 * 1000)
