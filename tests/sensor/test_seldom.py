"""The journal of a day in which everything comes and goes: it can still be read."""

from otwatch.alerts.blind import BLIND
from otwatch.changes import Blindness
from otwatch.sensor import seldom
from otwatch.sensor.seldom import AGAIN_S, Seldom


class Day:
    """A clock, and what was said by it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.said: list[tuple[str, object]] = []

    def clock(self) -> float:
        return self.now_s

    def say(self, word: str, **places: object) -> None:
        self.said.append((word, places.get("where")))


def test_what_comes_and_goes_all_day_is_told_once_an_hour() -> None:
    day = Day()
    say = Seldom(day.say, day.clock)
    for turn in range(24 * 360):
        day.now_s = turn * 10.0
        if turn % 2:
            say.over("sense.blind", "sense.sees", what=BLIND[Blindness.DROPS], where="eth1")
        else:
            say("sense.blind", what=BLIND[Blindness.DROPS], where="eth1", amount=f"{turn} %")
    assert len(day.said) == 2 * 24


def test_the_last_word_is_true_within_the_hour() -> None:
    """It ends, begins again unsaid, and lasts."""
    day = Day()
    say = Seldom(day.say, day.clock)
    say("sense.unwritten", reason="full")
    say.over("sense.unwritten", "sense.written")
    for turn in range(1, 380):
        day.now_s = turn * 10.0
        say("sense.unwritten", reason="full")
    assert [word for word, _ in day.said] == ["sense.unwritten", "sense.written", "sense.unwritten"]
    say.over("sense.unwritten", "sense.written")
    say.over("sense.unwritten", "sense.written")
    assert [word for word, _ in day.said][3:] == ["sense.written"]


def test_events_of_other_places_are_other_events() -> None:
    day = Day()
    say = Seldom(day.say, day.clock)
    for where in ("eth1", "eth2", "eth1"):
        say("sense.blind", what=BLIND[Blindness.DROPS], where=where)
    say("sense.blind", what=BLIND[Blindness.QUEUE], where="eth1")
    assert [where for _, where in day.said] == ["eth1", "eth2", "eth1"]
    day.now_s = AGAIN_S
    say("sense.blind", what=BLIND[Blindness.QUEUE], where="eth1")
    assert len(day.said) == 4


def test_places_are_bounded() -> None:
    day = Day()
    say = Seldom(day.say, day.clock)
    for number in range(seldom.MOST + 2):
        say("sense.blind", what=BLIND[Blindness.VLAN], where=str(number))
    assert len(say._said_s) <= seldom.MOST
