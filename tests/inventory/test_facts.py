from hypothesis import given
from hypothesis import strategies as st

from otwatch.events import Identity
from otwatch.inventory.facts import CONFIDENCE, VALUES, Fact, Facts, source_of, useful
from otwatch.sightings import Frame

FRAME = Frame("a.pcap", 1)


def fact(value: str, source: str = "snmp", confidence: str = "self", at: int = 0, name: str = "vendor") -> Fact:
    return Fact(name, value, source, confidence, FRAME, at, at)


def test_contradictions_stand_side_by_side() -> None:
    facts = Facts()
    facts.learn(fact("A", at=1))
    facts.learn(fact("B", "MAC address (IEEE)", "mac", at=2))
    assert facts.value("vendor") == "A"
    assert facts.values("vendor") == ("A", "B")


def test_a_better_source_wins_over_a_later_one() -> None:
    facts = Facts()
    facts.learn(fact("M340", "modbus 43/14", at=1))
    assert facts.learn(fact("page", "http title", at=2)) == ""
    assert facts.value("vendor") == "M340"


def test_the_same_source_changes_its_word_once() -> None:
    facts = Facts()
    assert facts.learn(fact("1.0", at=1)) == ""
    assert facts.learn(fact("1.0", at=2)) == ""
    assert facts.learn(fact("1.1", at=3)) == "1.0"
    assert facts.learn(fact("1.0", at=4)) == ""
    assert facts.value("vendor") == "1.0"


@given(st.lists(st.tuples(st.text("abc", min_size=1, max_size=3), st.sampled_from(sorted(CONFIDENCE)), st.integers(0, 99)), max_size=60))
def test_bounded_and_the_best_is_never_forgotten(said: list[tuple[str, str, int]]) -> None:
    facts, best = Facts(), 0
    for value, confidence, at in said:
        facts.learn(fact(value, confidence, confidence, at))
        best = max(best, CONFIDENCE[confidence])
        shown = facts.best("vendor")
        assert shown is not None
        assert CONFIDENCE[shown.confidence] == best
        assert len(list(facts)) <= VALUES


def test_sources_in_words() -> None:
    i_am = Identity("bacnet", (), (("device_instance", "7"), ("vendor_id", "7"), ("vendor", "Siemens")))
    assert source_of(i_am, "vendor") == "bacnet I-Am"
    assert source_of(Identity("bacnet", (), (("vendor", "Siemens"),)), "vendor") == "bacnet Device object"
    assert source_of(Identity("modbus", (), (("product", "M340"),)), "product") == "modbus 43/14"
    assert source_of(Identity("http", (), (("software", "x"),)), "software") == "http Server"
    assert source_of(Identity("dhcp", (), (("host", "x"),)), "host") == "dhcp option 12"
    assert source_of(Identity("finger", (), (("os", "x"),)), "os") == "finger"


def test_the_instance_that_means_any_names_nothing() -> None:
    assert useful((("device_instance", "4194303"), ("name", ""), ("vendor", "x"))) == (("vendor", "x"),)
