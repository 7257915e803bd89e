"""What the site answers to detections."""

import pytest

from otwatch.config import Site
from otwatch.config.site import Credentials, Place
from otwatch.declared.baseline import Accepted
from otwatch.events import Credential, Proof
from otwatch.inventory import Inventory
from otwatch.site.answers import LEARN_DAYS, SILENCE_NS, Answers
from otwatch.site.limits import Limits
from otwatch.site.places import Places
from tests.alerts.site import sighting

DAY_NS = 86_400 * 1_000_000_000
HOUR_NS = DAY_NS // 24
BEGAN_NS = 1_791_878_400 * 1_000_000_000


@pytest.fixture
def answers() -> Answers:
    return _at(None)


def test_learning_ends_after_its_days(answers: Answers) -> None:
    for hour in range(24 * LEARN_DAYS + 1):
        answers.watch(BEGAN_NS + hour * HOUR_NS, BEGAN_NS + hour * HOUR_NS + 1)
    assert answers.began_ns == BEGAN_NS
    assert answers.learning(BEGAN_NS + LEARN_DAYS * DAY_NS - 1)
    assert not answers.learning(BEGAN_NS + LEARN_DAYS * DAY_NS)


def test_a_time_without_packets_is_no_learning(answers: Answers) -> None:
    answers.watch(BEGAN_NS, BEGAN_NS + HOUR_NS)
    years_later_ns = BEGAN_NS + 3000 * DAY_NS
    answers.watch(years_later_ns, years_later_ns)
    assert answers.learning(years_later_ns + (LEARN_DAYS - 1) * DAY_NS)
    assert not answers.learning(years_later_ns + LEARN_DAYS * DAY_NS)


def test_what_is_told_late_does_not_undo_a_silence(answers: Answers) -> None:
    """A request that nobody answered is told behind the silence that followed it."""
    answers.watch(BEGAN_NS, BEGAN_NS + HOUR_NS)
    years_later_ns = BEGAN_NS + 3000 * DAY_NS
    answers.watch(years_later_ns, years_later_ns)
    answers.watch(BEGAN_NS + HOUR_NS // 2, BEGAN_NS + HOUR_NS // 2)
    assert answers.learning(years_later_ns + DAY_NS)


def test_a_short_silence_counts(answers: Answers) -> None:
    answers.watch(BEGAN_NS, BEGAN_NS)
    answers.watch(BEGAN_NS + SILENCE_NS, BEGAN_NS + SILENCE_NS)
    assert answers.began_ns == BEGAN_NS


def test_items_of_a_slot_come_in_any_order(answers: Answers) -> None:
    answers.watch(BEGAN_NS + 5, BEGAN_NS + 9)
    answers.watch(BEGAN_NS, BEGAN_NS + 2)
    assert answers.began_ns == BEGAN_NS


def _at(site: Site | None) -> Answers:
    inventory = Inventory()
    places = Places(inventory, site)
    return Answers(inventory, places, site, Accepted(), Limits(site or Site(1, Place("", "UTC")), places))


def _made(_said: None, password: bytes) -> tuple[bytes, ...]:
    return (password,)


@pytest.mark.parametrize(("credentials", "compared", "judged"), [
    (Credentials(), True, True), (Credentials(store="hmac"), True, True), (Credentials(store="none"), False, True),
    (Credentials(check=False), False, False),
])  # fmt: skip
def test_checks_can_be_switched_off(credentials: Credentials, compared: bool, judged: bool) -> None:
    answers = _at(Site(1, Place("", "UTC", "en"), credentials=credentials))
    login = sighting(Credential("sip-digest", "1001", Proof(b"1001", _made, None)), service="sip")
    assert answers.compares_secrets() is compared
    assert (answers.proven(login) is not None) is judged


def test_logins_that_waited_for_nothing_are_told() -> None:
    answers = _at(None)
    assert answers.notes()["logins not held against lists"] == 0
    dear = Credential("sip-digest", "1001", Proof(b"1001", _made, None, 1_000_000))
    assert answers.proven(sighting(dear, service="sip")) is None
    assert answers.notes()["logins not held against lists"] == 1
