"""Findings that follow each other: each chain of the catalogue comes to its end, and none where a step is missing or too late."""

from collections.abc import Sequence

import pytest

from otwatch.alerts.chains import CHAINS, DAY_NS, EXPLORING, Chain, Story, Told, stories
from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.judge import Judge
from otwatch.alerts.texts import LANGUAGES
from otwatch.alerts.words import CHAINS as WORDS
from otwatch.results import AlertRow
from tests.alerts.examples import communities, restart, silence, who_is, write
from tests.alerts.site import BEGIN, LATER, SECOND, FakeSite, sighting

MINUTE = 60 * SECOND
each = pytest.mark.parametrize("chain", CHAINS, ids=[chain.name for chain in CHAINS])


def step_of(chain: Chain, at: int, time_ns: int = BEGIN, hosts: tuple[str, ...] = ("a", "b")) -> Told:
    """An incident that is a step, and no more than that."""
    step = chain.steps[at]
    name = step.names[0].replace("*", "x")
    return Told(frozenset({name}), hosts, time_ns, *(min(kinds, default="") for kinds in (step.client_of, step.server_of)),
                min(step.criticality, default=""))  # fmt: skip


def steps_of(chain: Chain, left_out: Sequence[int] = (), apart_ns: int = MINUTE) -> list[Told]:
    return [step_of(chain, at, BEGIN + at * apart_ns) for at in range(len(chain.steps)) if at not in left_out]


@each
def test_a_whole_chain(chain: Chain) -> None:
    told = steps_of(chain)
    assert stories(told)[len(told) - 1] == Story(chain.name, tuple(range(len(told))))


@each
def test_what_may_be_missing(chain: Chain) -> None:
    for at in range(len(chain.steps) - 1):
        told = steps_of(chain, [at])
        ended = {story.chain for story in stories(told).values()}
        assert (chain.name in ended) == (chain.missing > 0), at


@each
def test_the_last_step_may_never_be_missing(chain: Chain) -> None:
    assert chain.name not in {story.chain for story in stories(steps_of(chain, [len(chain.steps) - 1])).values()}


@each
def test_steps_in_another_order_are_no_chain(chain: Chain) -> None:
    told = [one._replace(first_ns=BEGIN + at) for at, one in enumerate(reversed(steps_of(chain)))]
    assert chain.name not in {story.chain for story in stories(told).values()}


@each
def test_steps_too_far_apart_are_no_chain(chain: Chain) -> None:
    assert stories(steps_of(chain, apart_ns=DAY_NS + 1)) == {}


@each
def test_steps_that_share_no_host_are_no_chain(chain: Chain) -> None:
    told = [one._replace(hosts=(f"h{at}",)) for at, one in enumerate(steps_of(chain))]
    assert stories(told) == {}


def test_the_way_leads_from_host_to_host() -> None:
    """From the camera to who is asked by it, and not to somebody else."""
    camera = next(chain for chain in CHAINS if chain.name == "camera_pivot")
    hosts = [("guard", "cam"), ("cam", "x"), ("cam",), ("cam", "plc")]
    told = [one._replace(hosts=way) for one, way in zip(steps_of(camera), hosts, strict=True)]
    assert stories(told)[3].steps == (0, 1, 2, 3)
    assert 3 not in stories([*told[:3], told[3]._replace(hosts=("other", "plc"))])


def test_three_protocols_explored_by_one_host() -> None:
    told = [Told(frozenset({f"recon.{kind}.x"}), ("a",), BEGIN + at, "", "", "") for at, kind in enumerate(("bacnet", "modbus", "enip"))]
    assert stories(told) == {2: Story(EXPLORING, (0, 1, 2))}
    assert stories([*told[:2], told[2]._replace(hosts=("b",))]) == {}


def test_every_chain_has_its_words() -> None:
    assert WORDS.keys() == {EXPLORING, *(chain.name for chain in CHAINS)}


def rows(*items: object, site: FakeSite | None = None) -> tuple[AlertRow, ...]:
    judge = Judge(DETECTIONS, site or FakeSite())
    for item in items:
        judge.see(item)  # type: ignore[arg-type]  # items of any kind
    return judge.rows()


def test_alarms_muted_before_a_write_are_one_story() -> None:
    muted = [one._replace(first_ns=LATER - MINUTE, last_ns=LATER - MINUTE) for one in silence("disable")()]
    first, last = rows(*muted, *write()())
    assert (last.detection, last.severity, last.trace[-1]) == ("modbus.write.unexpected", 4, "chain:blind_then_act =4")
    assert (first.detection, first.facts["chain"]) == ("eng.bacnet.dcc", "blind_then_act")
    assert last.facts["chain_id"] == first.facts["chain_id"]
    assert "alarms muted before acting" in last.sentence["en"]
    assert all(first.title[language] in last.sentence[language] for language in LANGUAGES)


def test_what_works_explain_is_no_step() -> None:
    found = rows(*silence("disable")(), *write()(), site=FakeSite(works="int-1"))
    assert not any("chain" in row.facts for row in found)


def test_findings_that_only_share_a_day_are_no_story() -> None:
    found = rows(*restart("coldstart")(), *communities(3)(), *who_is(3)(), sighting(write()()[0].event))
    assert not any("chain" in row.facts for row in found)
