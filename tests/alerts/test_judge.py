"""Items meet only the detections that are about them."""

from collections.abc import Iterator

from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.judge import Judge
from otwatch.alerts.model import Detection, Evidence, Site, any_event
from otwatch.events import Answer, Event, Request, Verb
from otwatch.sightings import Sighting
from tests.alerts.site import FakeSite, asked, link, sighting

READ = asked("modbus", "READ", "Read Coils", 1)
WRITE = asked("modbus", "WRITE", "Write Single Coil", 5)
ELSEWHERE = asked("bacnet", "READ", "readProperty", 12)
ANSWER = Answer("modbus", "Read Coils", 1)


def met(detection: Detection, *events: Event) -> list[Event]:
    """The events that its judge is asked about."""
    seen: list[Event] = []

    def look(item: Sighting, _site: Site) -> Iterator[Evidence]:
        seen.append(item.event)
        yield from ()

    judge = Judge((detection._replace(judge=look),), FakeSite())
    for event in events:
        judge.see(sighting(event))
    judge.see(link())
    return seen


def about(*watches: type, verbs: frozenset[Verb] = frozenset(), protocols: frozenset[str] = frozenset()) -> Detection:
    return DETECTIONS[0]._replace(concerns=any_event, watches=watches, verbs=verbs, protocols=protocols)


def test_a_judge_sees_the_types_it_watches() -> None:
    assert met(about(Request), READ, ANSWER, WRITE) == [READ, WRITE]
    assert met(about(Request, Answer), READ, ANSWER) == [READ, ANSWER]


def test_verbs_are_those_of_requests() -> None:
    assert met(about(Request, Answer, verbs=frozenset({Verb.READ})), READ, WRITE, ANSWER) == [READ, ANSWER]


def test_protocols_are_those_of_requests_and_answers() -> None:
    assert met(about(Request, Answer, protocols=frozenset({"modbus"})), READ, ELSEWHERE, ANSWER) == [READ, ANSWER]
