"""The arithmetic of detections.md A.3, term by term."""

import pytest

from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.judge import Judge
from otwatch.alerts.known import Cap
from otwatch.alerts.model import Habit, Setting, Severity
from otwatch.changes import AssetSeen
from otwatch.sightings import Frame, Outcome, Role
from otwatch.zones.compare import Judged, Verdict
from tests.alerts import examples
from tests.alerts.examples import command, one, write
from tests.alerts.site import BEGIN, CAPTURE, COMFORT, LATER, FakeSite, asked, link, login, sighting, zone

ENGINEER, SUPERVISOR, OFFICE = "10.20.3.5", "10.20.1.10", "10.10.5.20"
THEATRE, COMFORTS, CAMERA, PANEL = "10.22.1.15", "10.22.8.20", "10.24.5.9", "10.24.1.5"
HIGH, MEDIUM, LOW, INFO, CRITICAL = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO, Severity.CRITICAL


def severity(items: examples.Items, site: FakeSite | None = None) -> tuple[int, tuple[str, ...]]:
    site = site or FakeSite()
    judge = Judge(DETECTIONS, site)
    for item in items():
        judge.see(item)
    row = judge.rows()[0]
    return row.severity, row.trace


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (write(client=SUPERVISOR), HIGH),
        (write(client=SUPERVISOR, server=THEATRE), CRITICAL),
        (write(client=SUPERVISOR, server=CAMERA), MEDIUM),
        (write(client=OFFICE), CRITICAL),
        (write(client=SUPERVISOR, outcome=Outcome.UNKNOWN), MEDIUM),
        (write(client=SUPERVISOR, outcome=Outcome.ERROR, error_code="2"), MEDIUM),
        (write(client=SUPERVISOR, role=Role.GUESS), MEDIUM),
        (command(1, client=SUPERVISOR, server=THEATRE), CRITICAL),
        (command(1, client=SUPERVISOR, server=COMFORTS), HIGH),
        (examples.restart("coldstart"), CRITICAL),
        (one(sighting(asked("bacnet", "CONTROL", "lifeSafetyOperation", 27, operation="reset"), SUPERVISOR, PANEL)), CRITICAL),
    ],
)  # fmt: skip
def test_operations(items: examples.Items, expected: Severity) -> None:
    assert severity(items)[0] == expected


def test_trace_is_the_sum() -> None:
    assert severity(write(client=OFFICE)) == (CRITICAL, ("base:success +3", "source:office_it +1"))
    assert severity(write(client=SUPERVISOR, server=CAMERA)) == (MEDIUM, ("base:success +3", "target:C1 -1"))


def test_a_cap_of_the_site_file_stands_in_the_trace() -> None:
    """detections.md A.3: no more than a person said, and for no other detection."""
    caps = {"modbus.write.unexpected": Cap(LOW, "banc d'essai"), "clear.login": Cap(INFO, "")}
    assert severity(write(client=OFFICE), FakeSite(caps=caps)) == (LOW, ("base:success +3", "source:office_it +1", "cap:banc d'essai =1"))
    assert severity(write(client=OFFICE), FakeSite(caps={"clear.login": Cap(INFO, "")}))[0] == CRITICAL


def test_a_cap_lifts_nothing() -> None:
    assert severity(write(client=SUPERVISOR, server=CAMERA), FakeSite(caps={"modbus.write.unexpected": Cap(HIGH, "")}))[0] == MEDIUM


def test_engineering_in_its_window_counts_less() -> None:
    open_now = FakeSite(judged=Verdict(Judged.ALLOWED, conduit="c13"))
    assert severity(write(client=ENGINEER), open_now)[0] == MEDIUM
    assert severity(write(client=ENGINEER))[0] == HIGH


def test_a_camera_login_is_not_lowered_by_comfort() -> None:
    known = FakeSite(secret=examples.DEFAULT["secret"])
    assert severity(one(sighting(login(), SUPERVISOR, CAMERA)), known)[0] == HIGH
    assert severity(one(sighting(login(), SUPERVISOR, THEATRE)), known)[0] == CRITICAL
    assert severity(one(sighting(login(), SUPERVISOR, "10.21.4.40")), known)[0] == CRITICAL


def test_an_unsure_entry_counts_less() -> None:
    verdict = examples.DEFAULT["secret"]._replace(confidence=0.5)
    assert severity(one(sighting(login(), SUPERVISOR, CAMERA)), FakeSite(secret=verdict))[0] == MEDIUM


def test_habit_in_place_of_a_site_file() -> None:
    def by_habit(usual: Habit) -> list[tuple[str, int, float]]:
        judge = Judge(DETECTIONS, FakeSite(declares=False, habits=usual, zones={}))
        for item in write()():
            judge.see(item)
        return [(row.variant, row.severity, row.confidence) for row in judge.rows()]

    assert by_habit(Habit(polls=12, others=True, first_writer=False)) == []
    assert by_habit(Habit(polls=0, others=False, first_writer=True)) == [("first", INFO, 0.6)]
    assert by_habit(Habit(polls=0, others=True, first_writer=True)) == [("success", MEDIUM, 0.6)]


def test_habit_says_less_where_the_mirror_loses_bytes() -> None:
    """Reads may have been among what was lost or cut: at a snap length of 64 no request of Modbus is whole."""
    judge = Judge(DETECTIONS, FakeSite(declares=False, habits=Habit(polls=0, others=True, first_writer=True), zones={}))
    (written,) = write()()
    for item in examples.losing(written):
        judge.see(item)
    assert [(row.variant, row.severity, row.confidence) for row in judge.rows()] == [("success", LOW, 0.3)]


def test_a_weak_password_counts_less_where_nobody_knows_whether_it_was_right() -> None:
    def weak(outcome: Outcome) -> list[int]:
        judge = Judge(DETECTIONS, FakeSite(secret=examples.WEAK["secret"]))
        judge.see(sighting(login(), SUPERVISOR, COMFORTS, service="http", outcome=outcome))
        return [row.severity for row in judge.rows() if row.detection == "cred.weak.reused"]

    assert (weak(Outcome.OK), weak(Outcome.UNKNOWN)) == ([MEDIUM], [LOW])


def test_a_first_writer_that_turns_out_to_poll_is_no_finding() -> None:
    site = FakeSite(declares=False, habits=Habit(0, 0, True), zones={})
    judge = Judge(DETECTIONS, site)
    judge.see(write()()[0])
    assert len(judge.rows()) == 1
    site.habits = Habit(50, 0, True)
    assert judge.rows() == ()


@pytest.mark.parametrize(
    ("then", "variant"),
    [
        (Habit(0, 1, True), "success"),  # somebody else had asked the server, which was told later
        (Habit(50, 1, True), ""),  # it had read before
        (Habit(50, 1, True, is_early=False), "success"),  # it only read afterwards, and others had asked before
        (Habit(50, 0, True, is_early=False), ""),
        (Habit(50, 1, False, is_new=True), "success"),  # another one has read for longer
    ],
)
@pytest.mark.parametrize("at_once", [Habit(0, 0, True), Habit(0, 1, True)])
def test_what_habit_says_is_asked_again_in_the_end(at_once: Habit, then: Habit, variant: str) -> None:
    site = FakeSite(declares=False, habits=at_once, zones={})
    judge = Judge(DETECTIONS, site)
    judge.see(write()()[0])
    site.habits = then
    assert [row.variant for row in judge.rows() if row.detection == "modbus.write.unexpected"] == [variant] * bool(variant)


def test_a_zone_that_is_only_suggested_raises_nothing() -> None:
    draft = {OFFICE: COMFORT, THEATRE: zone("z", "hvac_critical", "C4", confidence=0.6)}
    assert severity(examples.one(sighting(asked("modbus", "WRITE", "FC 6", 6))), FakeSite(zones=draft))[0] == HIGH
    raised = severity(one(sighting(asked("modbus", "CONTROL", "x", 8, sub="10"), server=THEATRE)), FakeSite(zones=draft))
    assert raised == (LOW, ("base:clear +1", "target:C4 +1", "unsure -1"))


@pytest.mark.parametrize(
    ("flow", "kind", "expected"),
    [
        (link(), Judged.FORBIDDEN, HIGH),
        (link(verb="WRITE"), Judged.FORBIDDEN, CRITICAL),
        (link(server=THEATRE), Judged.FORBIDDEN, CRITICAL),
        (link(state="refused"), Judged.FORBIDDEN, MEDIUM),
        (link(client=SUPERVISOR), Judged.UNDECLARED, MEDIUM),
        (link(client=SUPERVISOR, server=THEATRE), Judged.UNDECLARED, HIGH),
        (link(client=SUPERVISOR, server=CAMERA), Judged.UNDECLARED, LOW),
        (link(client=SUPERVISOR, verb="DISCOVER"), Judged.UNDECLARED, LOW),
        (link(client=SUPERVISOR, verb="WRITE"), Judged.UNDECLARED, HIGH),
        (link(client="8.8.8.8"), Judged.UNDECLARED, CRITICAL),
        (link(client="8.8.8.8", state="attempt"), Judged.FORBIDDEN, HIGH),
    ],
)
def test_flows(flow: object, kind: Judged, expected: Severity) -> None:
    reasons = ("pair",) if kind is Judged.UNDECLARED else ()
    assert severity(lambda: [flow], FakeSite(judged=Verdict(kind, "n03", reasons)))[0] == expected


def test_learning_holds_news_down() -> None:
    new = one(AssetSeen(PANEL, LATER, Frame(CAPTURE, 1)))
    assert severity(new)[0] == HIGH
    assert severity(new, FakeSite(young=True))[0] == MEDIUM


@pytest.mark.parametrize(
    ("role", "since_ns", "expected"),
    [(Role.PORT, BEGIN, INFO), (Role.SYN, BEGIN, HIGH), (Role.PORT, LATER, HIGH), (Role.PORT, 0, HIGH)],
    ids=["at work from the start", "connected since", "began later", "never before"],
)
def test_a_writer_who_was_at_work_when_the_record_began(role: Role, since_ns: int, expected: Severity) -> None:
    site = FakeSite(declares=False, habits=Habit(0, 3, first_writer=True), setting=Setting(int(since_ns > 0), since_ns))
    assert severity(write(role=role), site)[0] == expected


def test_connections_kept_open_where_the_mirror_loses_their_ends() -> None:
    kept = examples.connected(16, answered=True)
    site = FakeSite(**examples.FIELD)
    assert severity(kept, site) == (MEDIUM, ("base:exhaustion +2",))
    assert severity(lambda: examples.losing(*kept()), site) == (INFO, ("base:exhaustion +2", "unsure -2"))


def test_a_machine_that_speaks_with_itself() -> None:
    """Nobody stands on the way; a default password is one all the same."""
    token = examples.activated(token="user name", user="admin", password="clear")
    alone = one(*(item._replace(conversation=item.conversation._replace(client="::1", server="::1")) for item in token()))
    assert severity(token)[0] > HIGH
    assert severity(alone) == (INFO, ("base:clear +3", "own machine =0"))
    known = FakeSite(**examples.DEFAULT)
    assert severity(one(sighting(login(), "127.0.0.1", "127.0.0.1")), known)[0] == LOW
    assert severity(one(sighting(login())), known)[0] >= HIGH
