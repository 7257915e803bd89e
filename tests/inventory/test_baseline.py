from otwatch.changes import LinkSeen
from otwatch.events import Point, Request, Verb
from otwatch.inventory import Ends
from otwatch.inventory.baseline import AGE_NS, Baseline, Line, Usage, group_of
from otwatch.sightings import Frame
from tests.inventory.said import SECOND, START, said, tcp

CLIENT, SERVER = "10.1.1.1", "10.1.1.2"
ENDS = Ends(CLIENT, SERVER)
REGISTER = Point("holding-register", 4001)
HOUR, DAY = 3600, 86_400


def link(verb: str | None = "READ", at: float = 0, *, server: str = SERVER, protocol: str = "modbus", port: int = 502,
         state: str = "established", number: int = 1) -> LinkSeen:  # fmt: skip
    frame = Frame("a.pcap", number)
    return LinkSeen(CLIENT, server, "tcp", port, protocol, Verb(verb) if verb else None, state, 0, START + int(at * SECOND), frame)


def write(baseline: Baseline, *values: str, at: float = 0, verb: str = "WRITE", points: tuple[Point, ...] = (REGISTER,)) -> None:
    request = Request("modbus", Verb(verb), "Write", 6, points=points, values=values)
    baseline.write(said(tcp(CLIENT, SERVER), request, at=at), request, ENDS)


def line(baseline: Baseline, act: str, group: str = "", protocol: str = "modbus") -> Line | None:
    return baseline.get(Usage("" if act == "serve" else CLIENT, SERVER, protocol, act, group))


def after(*links: LinkSeen) -> Baseline:
    baseline = Baseline()
    for one in links:
        baseline.link(one)
    return baseline


def test_a_link_is_a_conversation_and_a_service() -> None:
    baseline = after(link(), link("WRITE"), link(None, protocol="", port=40_000))
    assert [usage[2:] for usage, _ in baseline.all()] == [
        ("modbus", "read", ""), ("tcp/502", "serve", ""), ("modbus", "write", ""), ("tcp/40000", "read", "")
    ]  # fmt: skip


def test_what_nobody_answered_and_what_is_said_to_all_is_not_usual() -> None:
    assert len(after(link(state="attempt"), link(state="refused"), link(server="255.255.255.255"), link(server="239.1.1.1"))) == 0


def test_programs_and_settings_are_never_learnt() -> None:
    for verb in ("PROGRAM", "ADMIN", "TIME"):
        found = line(after(link(verb)), "admin")
        assert found is not None
        assert not found.learnt
    baseline = Baseline()
    write(baseline, "1", verb="ADMIN")
    assert len(baseline) == 0


def test_what_begins_when_the_learning_is_over_is_not_learnt() -> None:
    baseline = after(link())
    baseline.learning = False
    baseline.link(link("WRITE"))
    known, new = line(baseline, "read"), line(baseline, "write")
    assert known is not None
    assert known.learnt
    assert new is not None
    assert not new.learnt


def test_hours_and_days_are_counted_once() -> None:
    found = line(after(link(), link(at=60), link(at=HOUR), link(at=DAY), link(at=HOUR)), "read")
    assert found is not None
    assert found.days == 2
    assert found.week.bit_count() == 3


def test_the_earliest_comes_first_whatever_the_order() -> None:
    found = line(after(link(at=5, number=9), link(at=2, number=4)), "read")
    assert found is not None
    assert (found.first_ns, found.frame.number) == (START + 2 * SECOND, 4)


def test_a_line_comes_back_after_ninety_days() -> None:
    days = AGE_NS // SECOND
    baseline = after(link(), link(at=days))
    assert not baseline.all()[0][1].returned
    baseline.learning = False
    baseline.link(link(at=2 * days + 1))
    found = line(baseline, "read")
    assert found is not None
    assert found.returned
    assert not found.learnt
    assert found.first_ns == START + (2 * days + 1) * SECOND


def test_the_range_that_is_usual_is_not_widened_by_what_comes_later() -> None:
    baseline = Baseline()
    for value in ("20", "18.5", "21"):
        write(baseline, value)
    baseline.learning = False
    write(baseline, "90")
    found = line(baseline, "write", "holding-register 4001")
    assert found is not None
    assert (found.low, found.high, found.values) == (18.5, 21, 3)
    assert (found.least, found.most) == (18.5, 90)


def test_values_that_are_no_numbers_have_no_range() -> None:
    baseline = Baseline()
    for value in ("on", "nan", "inf"):
        write(baseline, value)
    write(baseline, "1", "2", points=(Point("holding-register", 4000, 2),))
    assert all(found.least is None for _, found in baseline.all())


def test_registers_that_are_written_by_the_block_belong_together() -> None:
    assert group_of(Point("holding-register", 4001, 10)) == group_of(Point("holding-register", 4050, 5)) == "holding-register 4000..4099"
    assert group_of(REGISTER) == "holding-register 4001"
    assert group_of(Point("analog-value", 12, part="present-value")) == "analog-value:12 present-value"


def test_bounded() -> None:
    baseline = Baseline(limit=10)
    for number in range(50):
        baseline.link(link(server=f"10.2.0.{number}"))
    assert len(baseline) == 10
    assert baseline.evicted == 90
