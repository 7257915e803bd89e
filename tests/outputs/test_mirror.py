"""The checks of the mirror: what is good, what is not, and where the border lies."""

from pathlib import Path

import pytest

from otwatch import pipeline
from otwatch.config import load_site
from otwatch.outputs.mirror import Diagnosis, Grade, Reason, diagnose
from otwatch.results import Results
from otwatch.zones.policy.expected import protocols
from tests.cli.commands import HOSPITAL_PCAP, SITE
from tests.outputs.samples import BEGIN_NS, EMPTY, FRAME, HOSPITAL, SECOND, asset, link

MODBUS = HOSPITAL.protocols[0]


def reason(results: Results, check: str) -> Reason:
    return next(one for one in diagnose(results).reasons if one.check == check)


def with_links(*ways: tuple[int, int]) -> Results:
    """One TCP conversation for each pair of bytes sent and received."""
    links = tuple(link(f"10.0.0.{at}", "10.0.1.1", "", "", bytes_sent=sent, bytes_received=got) for at, (sent, got) in enumerate(ways))
    return HOSPITAL._replace(links=links)


def test_nothing_captured_is_one_reason() -> None:
    assert diagnose(EMPTY) == Diagnosis((Reason("empty", Grade.BAD, {}),))


def test_the_small_hospital_is_good() -> None:
    assert diagnose(HOSPITAL).verdict == Grade.GOOD


@pytest.mark.parametrize(
    ("ways", "grade"),
    [([(1, 1)], Grade.GOOD), ([(1, 1)] * 19 + [(1, 0)], Grade.NOTE), ([(1, 1)] * 9 + [(0, 1)], Grade.DOUBTFUL),
     ([(1, 1), (1, 0)], Grade.BAD)],
)  # fmt: skip
def test_one_way(ways: list[tuple[int, int]], grade: Grade) -> None:
    assert reason(with_links(*ways), "one_way").grade == grade


def test_what_hardly_talked_is_not_judged() -> None:
    refused = link("a", "c", "", "", state="refused", bytes_sent=0)
    few = HOSPITAL._replace(links=(link("a", "b", "", "", packets=2, bytes_received=0), refused))
    assert "one_way" not in {one.check for one in diagnose(few).reasons}


@pytest.mark.parametrize(
    ("check", "notes", "grade"),
    [
        ("cut", {}, Grade.GOOD), ("cut", {"capture: frames cut": 1}, Grade.NOTE), ("cut", {"capture: frames cut": 21}, Grade.DOUBTFUL),
        ("cut", {"capture: frames cut": 1039}, Grade.BAD),
        ("undecodable", {"frames: IP header is wrong": 20, "frames: unknown link type": 1}, Grade.DOUBTFUL),
        ("undecodable", {"frames: unknown link type": 2078}, Grade.BAD),
        ("twice", {"packets captured twice": 4}, Grade.NOTE), ("twice", {"packets captured twice": 1039}, Grade.DOUBTFUL),
        ("dropped", {"eth1: received": 10**9, "eth1: dropped": 1}, Grade.DOUBTFUL),
        ("dropped", {"eth1: received": 99, "eth1: dropped": 1}, Grade.BAD), ("dropped", {"eth1: received": 99}, Grade.GOOD),
        ("dropped", {"capture: drop counters": 1}, Grade.GOOD),
        ("dropped", {"capture: drop counters": 1, "capture: frames dropped": 2}, Grade.DOUBTFUL),
        ("dropped", {"capture: drop counters": 1, "capture: frames dropped": 2078}, Grade.BAD),
        ("transmitted", {"now: eth1 transmitted": 0}, Grade.GOOD), ("transmitted", {"now: eth1 transmitted": 6}, Grade.DOUBTFUL),
        ("addressed", {"now: eth1 addresses": 0}, Grade.GOOD), ("addressed", {"now: eth1 addresses": 2}, Grade.DOUBTFUL),
        ("offloaded", {"capture: open checksums": 1}, Grade.NOTE), ("clock", {"capture: steps back": 1}, Grade.DOUBTFUL),
        ("silences", {"capture: silences": 1, "capture: silent seconds": 70}, Grade.NOTE),
    ],
)  # fmt: skip
def test_counters(check: str, notes: dict[str, int], grade: Grade) -> None:
    assert reason(HOSPITAL._replace(notes=notes), check).grade == grade


@pytest.mark.parametrize(("lost", "grade"), [(0, Grade.GOOD), (60, Grade.NOTE), (700, Grade.DOUBTFUL), (70_000, Grade.BAD)])
def test_lost(lost: int, grade: Grade) -> None:
    assert reason(HOSPITAL._replace(protocols=(MODBUS._replace(lost=lost),)), "lost").grade == grade


@pytest.mark.parametrize(("packets", "grade"), [(900, Grade.GOOD), (60, Grade.DOUBTFUL), (17, Grade.BAD)])
def test_broadcast(packets: int, grade: Grade) -> None:
    to_all = link("10.0.0.1", "224.0.0.1", "", "", packets=900 - packets)
    heard = HOSPITAL._replace(protocols=(MODBUS,), links=(link("10.0.0.1", "10.0.0.2", "", "", packets=packets), to_all))
    assert reason(heard, "broadcast").grade == grade


def test_one_machine() -> None:
    star = HOSPITAL._replace(links=tuple(link("10.0.0.1", f"10.0.1.{at}", "", "") for at in range(4)))
    assert reason(star, "one_machine") == Reason("one_machine", Grade.NOTE, {"names": ("10.0.0.1",), "pairs": 4})
    more = star._replace(links=(*star.links, link("10.0.0.2", "10.0.1.1", "", "")))
    assert reason(more, "one_machine").grade == Grade.GOOD


def test_vlans() -> None:
    assert reason(HOSPITAL, "vlans").grade == Grade.NOTE
    tagged = HOSPITAL._replace(assets=(asset("10.0.0.1", vlan=20), asset("10.0.0.2", vlan=4)))
    assert reason(tagged, "vlans") == Reason("vlans", Grade.GOOD, {"names": ("4", "20")})


def test_clocks_that_were_never_set() -> None:
    first = HOSPITAL.captures[0]._replace(first_ns=0, last_ns=300 * SECOND)
    assert reason(HOSPITAL._replace(captures=(first,)), "clock").figures == {"times": 0, "captures": 1}


def test_captures() -> None:
    short = HOSPITAL.captures[0]._replace(last_ns=BEGIN_NS + 5 * SECOND, broken="breaks off")
    diagnosis = diagnose(HOSPITAL._replace(captures=(short,)))
    assert [one.check for one in diagnosis.flaws] == ["broken"]
    assert reason(HOSPITAL._replace(captures=(short,)), "short").grade == Grade.NOTE
    assert reason(HOSPITAL._replace(captures=(short,)), "broken").figures["names"] == (FRAME.capture,)


def test_what_should_be_there() -> None:
    zones = HOSPITAL.zones
    assert reason(HOSPITAL, "silent_zones").grade == Grade.GOOD
    silent = [zone._replace(assets=0) for zone in zones]
    assert reason(HOSPITAL._replace(zones=(silent[0], *zones[1:])), "silent_zones").grade == Grade.NOTE
    assert reason(HOSPITAL._replace(zones=(*silent[:2], *zones[2:])), "silent_zones").grade == Grade.DOUBTFUL
    assert reason(HOSPITAL._replace(zones=tuple(silent)), "silent_zones").grade == Grade.BAD
    assert reason(HOSPITAL._replace(protocols=(MODBUS._replace(name="arp"),)), "plant").grade == Grade.DOUBTFUL
    assert reason(HOSPITAL._replace(protocols=(MODBUS._replace(name="ntp"),)), "plant").grade == Grade.DOUBTFUL
    expected = {"modbus": frozenset({"modbus"}), "knx": frozenset({"knx"}), "enip": frozenset({"enip", "cip"})}
    absent = next(one for one in diagnose(HOSPITAL, expected).reasons if one.check == "absent")
    assert absent == Reason("absent", Grade.DOUBTFUL, {"times": 2, "all": 3, "names": ("enip", "knx")})


def test_the_site_file_says_what_to_expect() -> None:
    expected = protocols(load_site(Path(SITE)))
    assert {"modbus", "bacnet", "enip"} <= expected.keys()
    assert not {"any", "https", "dns"} & expected.keys()


def test_the_sample_capture_is_good() -> None:
    assert diagnose(pipeline.replay([HOSPITAL_PCAP])).verdict == Grade.GOOD


@pytest.mark.parametrize(
    ("name", "flaw", "grade"),
    [("it/tcpdump-dns_udp_2.pcap", "cut", Grade.BAD), ("l2/ndpi-hsrp0.pcap", "broadcast", Grade.BAD),
     ("enip/iti-EIP-LockPLCAttempt.pcap", "one_way", Grade.BAD), ("enip/iti-EIP-LockPLCAttempt.pcap", "offloaded", Grade.NOTE)],
)  # fmt: skip
def test_real_captures(name: str, flaw: str, grade: Grade, captures: Path) -> None:
    assert reason(pipeline.replay([str(captures / name)]), flaw).grade == grade
