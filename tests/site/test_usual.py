"""What is usual, over several captures of one site: learnt, accepted, frozen, forgotten, and what speaks against learning."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from otwatch.declared.baseline import Accepted, accept, freeze
from otwatch.events import Point, Request, Verb
from otwatch.results import AlertRow, BaselineRow, Results
from otwatch.sightings import Conversation, Frame, Outcome, Role, Sighting
from otwatch.site import NOTHING, SiteHalf

SECOND, DAY = 1_000_000_000, 86_400
START = 1_760_000_400 * SECOND
NOW = "2026-11-27T08:00:00Z"
SUPERVISION, STATION, CONTROLLER, OTHER = "10.1.0.1", "10.1.0.2", "10.2.0.1", "10.2.0.2"


class Said(NamedTuple):
    """A request that is granted, at so many days."""

    client: str
    server: str
    day: float
    verb: str = "READ"
    value: str = ""
    register: int = 40
    program: bool = False

    @property
    def sighting(self) -> Sighting:
        points = (Point("holding-register", self.register),)
        umas = (("umas", "0x31"),) if self.program else ()
        values = (self.value,) if self.value else ()
        request = Request("modbus", Verb(self.verb), "said", 6, ("unit 1",), points=points, values=values, details=umas)
        time_ns = START + int(self.day * DAY * SECOND)
        talk = Conversation(self.client, self.server, "tcp", 50_000, 502, "modbus", Role.SYN)
        number = int(self.day * 1000) + 1
        return Sighting(talk, True, request, 1, time_ns, time_ns, Frame("a.pcap", number), Outcome.OK, answer=Frame("a.pcap", number + 1))


def polls(client: str, server: str, first: int = 0, last: int = 20) -> Iterator[Said]:
    """Reads every quarter of an hour, so that no silence stops the learning."""
    yield from (Said(client, server, first + at / 96) for at in range((last - first) * 96))


USUAL = [*polls(SUPERVISION, CONTROLLER), *polls(STATION, OTHER)]


def heard(*more: Said, accepted: Accepted = NOTHING, usual: list[Said] = USUAL) -> Results:
    half = SiteHalf(None, accepted)
    for one in sorted([*usual, *more], key=lambda said: said.day):
        half.see(one.sighting)
    half.finish()
    return half.results((), {})


def told(results: Results) -> list[tuple[str, str, str]]:
    """Findings about what is new; some are told with a more specific one."""
    named = ((name, row) for row in results.alerts for name in (row.detection, *row.also))
    return [(name, row.client, row.server) for name, row in named if name.startswith(("inv.", "write."))]


def lines(results: Results) -> dict[tuple[str, str, str, str], str]:
    return {(row.client, row.server, row.act, row.group): row.state for row in results.baseline}


def test_what_is_usual_is_silent() -> None:
    assert told(heard()) == []
    assert lines(heard()) == {
        (SUPERVISION, CONTROLLER, "read", ""): "learnt", (STATION, OTHER, "read", ""): "learnt",
        ("", CONTROLLER, "serve", ""): "learnt", ("", OTHER, "serve", ""): "learnt",
    }  # fmt: skip


def test_nothing_is_new_while_the_site_is_learnt() -> None:
    assert told(heard(Said(STATION, CONTROLLER, 10))) == []


def test_a_conversation_between_two_that_are_known_is_new() -> None:
    found = heard(Said(STATION, CONTROLLER, 16))
    assert told(found) == [("inv.conversation.new", STATION, CONTROLLER)]
    assert lines(found)[STATION, CONTROLLER, "read", ""] == "new"


def test_somebody_who_is_new_himself_has_no_new_conversations() -> None:
    assert [one[0] for one in told(heard(Said("10.1.0.77", CONTROLLER, 16)))] == ["inv.asset.new"]


def test_it_comes_back_after_ninety_days() -> None:
    usual = [*polls(SUPERVISION, CONTROLLER, 0, 120), *polls(STATION, OTHER, 0, 120)]
    found = heard(Said(STATION, CONTROLLER, 1), Said(STATION, CONTROLLER, 100), usual=usual)
    assert told(found) == [("inv.conversation.new", STATION, CONTROLLER)]
    assert lines(found)[STATION, CONTROLLER, "read", ""] == "returned"
    assert told(heard(Said(STATION, CONTROLLER, 1), Said(STATION, CONTROLLER, 90), usual=usual)) == []


def writes(*values: float) -> list[Said]:
    return [Said(SUPERVISION, CONTROLLER, 2 + at / 96, "WRITE", f"{value:g}") for at, value in enumerate(values)]


FIFTY = writes(*(18 + at % 5 for at in range(50)))


def test_writes_are_listed_for_a_person_and_raise_nothing() -> None:
    found = heard(*FIFTY, Said(SUPERVISION, CONTROLLER, 16, "WRITE", "23"))
    assert told(found) == []
    assert lines(found)[SUPERVISION, CONTROLLER, "write", "holding-register 40"] == "waiting"
    (row,) = [row for row in found.baseline if row.group]
    assert (row.least, row.most) == ("18", "23")


@pytest.mark.parametrize("more", [{"value": "90"}, {"value": "20", "register": 41}], ids=["value", "point"])
def test_a_usual_writer_writes_what_is_not_usual(more: dict[str, str]) -> None:
    strange = Said(SUPERVISION, CONTROLLER, 16, "WRITE")._replace(**more)
    (found,) = heard(*FIFTY, strange).alerts
    assert (found.detection, found.variant) == ("write.novel_target", "point" if "register" in more else "value")
    assert ("18 .. 22" in found.expected["en"]) == (found.variant == "value")


def test_a_range_needs_enough_values() -> None:
    assert told(heard(*FIFTY[:49], Said(SUPERVISION, CONTROLLER, 16, "WRITE", "90"))) == []


def frozen(*names: str, results: Results) -> Accepted:
    """The baseline of a capture, frozen, with the lines of these clients that waited."""
    after = freeze(NOTHING, results.baseline, "M. Durand", NOW)
    return accept(after, tuple(row for row in results.baseline if row.client in names), "M. Durand", "", NOW)


SHORT = [Said(SUPERVISION, CONTROLLER, 30 + at / 1440) for at in range(10)]
"""Another capture of the same site, of ten minutes, a month later."""


def test_what_was_frozen_holds_for_another_capture() -> None:
    accepted = frozen(results=heard())
    assert told(heard(usual=SHORT, accepted=accepted)) == []
    new = Said(STATION, CONTROLLER, 30.003)
    assert told(heard(new, usual=SHORT, accepted=accepted)) == [("inv.conversation.new", STATION, CONTROLLER)]
    assert told(heard(new, usual=SHORT)) == []


def test_writes_are_not_frozen_unless_a_person_accepted_them() -> None:
    learnt, order = heard(*FIFTY), Said(SUPERVISION, CONTROLLER, 30.003, "WRITE", "19")
    assert ("inv.conversation.new", SUPERVISION, CONTROLLER) in told(
        heard(order, usual=SHORT, accepted=frozen(results=learnt))
    )
    assert told(heard(order, usual=SHORT, accepted=frozen(SUPERVISION, results=learnt))) == []


def test_an_accepted_line_is_usual_though_it_came_late() -> None:
    new = Said(STATION, CONTROLLER, 16)
    (row,) = [row for row in heard(new).baseline if row.state == "new"]
    accepted = accept(NOTHING, (row,), "M. Durand", "new meter", NOW)
    found = heard(new, accepted=accepted)
    assert told(found) == []
    assert [(row.state, row.why) for row in found.baseline if row.client == STATION and row.server == CONTROLLER] == [
        ("accepted", "M. Durand")
    ]


def test_what_stands_beside_a_serious_finding_is_doubtful() -> None:
    found = heard(Said(STATION, OTHER, 3, "PROGRAM", program=True))
    assert {row.detection for row in found.alerts} >= {"eng.program.download"}
    doubtful = [row for row in found.baseline if row.state == "doubtful"]
    assert {(row.client, row.server) for row in doubtful} == {(STATION, OTHER)}
    assert all("eng.program.download" in row.why for row in doubtful)
    assert doubtful_after_freezing(found) == set()


def doubtful_after_freezing(found: Results) -> set[str]:
    kept = {line.name for line in freeze(NOTHING, found.baseline, "a", NOW).lines}
    return {row.id for row in found.baseline if row.state == "doubtful" and row[3:8] in kept}


def test_lines_have_the_same_names_in_every_record() -> None:
    def ids(rows: tuple[BaselineRow, ...]) -> set[str]:
        return {row.id for row in rows}

    assert ids(heard().baseline) == ids(heard(usual=[*polls(SUPERVISION, CONTROLLER, 40, 41), *polls(STATION, OTHER, 40, 41)]).baseline)
    assert len(ids(heard().baseline)) == 4


def test_a_finding_that_was_expected_makes_nothing_doubtful() -> None:
    found = heard(Said(STATION, OTHER, 3, "PROGRAM", program=True))
    calm: list[AlertRow] = [row._replace(status="expected") for row in found.alerts]
    from otwatch.inventory.baseline import Baseline, Usage
    from otwatch.inventory.baseline import Line as Met
    from otwatch.site.usual import baseline_rows

    baseline = Baseline()
    baseline._lines[Usage(STATION, OTHER, "modbus", "read")] = Met(1, Frame("a", 1), learnt=True)
    (row,) = baseline_rows(baseline, NOTHING, str, calm, writes_are_learnt=False)
    assert row.state == "learnt"
    (row,) = baseline_rows(baseline, NOTHING, str, found.alerts, writes_are_learnt=False)
    assert row.state == "doubtful"


def test_freezing_twice_changes_nothing_but_the_date() -> None:
    rows = heard().baseline
    once = freeze(NOTHING, rows, "a", NOW)
    assert replace(freeze(once, rows, "a", "later"), frozen_at=NOW) == once
