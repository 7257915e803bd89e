from otwatch.inventory.holders import Holding, neighbours
from otwatch.inventory.macs import Macs
from otwatch.sightings import Frame

A, B = "00:80:f4:00:00:01", "00:0c:29:00:00:02"
FRAME = Frame("a.pcap", 1)


def holding(*notes: tuple[str, str, int, bool], on_link: bool = False) -> Holding:
    macs = Macs()
    for mac, ip, time_ns, by_arp in notes:
        macs.note(mac, ip, time_ns, FRAME, by_arp)
    return Holding(macs, lambda ip: ip.startswith(("10.", "fe80:", "fd00:")), lambda ip: on_link)


def held(found: Holding) -> dict[str, list[str]]:
    return {mac: [one.ip for one in found.now(mac)] for mac in found.macs()}


def test_the_last_card_holds_an_address() -> None:
    assert held(holding((A, "10.0.0.1", 1, True), (B, "10.0.0.1", 5, True))) == {A: [], B: ["10.0.0.1"]}


def test_of_two_that_announce_at_the_same_time_the_first_holds_it() -> None:
    found = holding((A, "10.0.0.1", 1, True), (B, "10.0.0.1", 5, True), (A, "10.0.0.1", 9, True))
    assert held(found) == {A: ["10.0.0.1"], B: []}
    assert [(ip, [one.mac for one in rivals]) for ip, rivals in found.conflicts()] == [("10.0.0.1", [B])]


def test_a_router_that_forwards_for_an_address_is_no_rival() -> None:
    assert not list(holding((A, "10.0.0.1", 1, True), (B, "10.0.0.1", 5, False), (A, "10.0.0.1", 9, True)).conflicts())


def test_addresses_outside_have_no_rivals() -> None:
    assert not list(holding((A, "8.8.8.8", 1, True), (B, "8.8.8.8", 5, True), (A, "8.8.8.8", 9, True)).conflicts())


def test_only_proven_addresses_are_one_card() -> None:
    notes = ((A, "10.0.0.1", 1, True), (A, "fe80::7", 2, False), (A, "fd00::280:f4ff:fe00:1", 3, False), (A, "fd00::99", 4, False))
    ((mac, sure),) = holding(*notes).proven()
    assert (mac, [one.ip for one in sure]) == (A, ["10.0.0.1", "fe80::7", "fd00::280:f4ff:fe00:1"])


def test_who_speaks_to_a_group_that_nobody_forwards_is_on_the_link() -> None:
    notes = ((A, "10.0.0.1", 1, False), (A, "fe80::7", 2, False))
    assert not list(holding(*notes).proven())
    assert list(holding(*notes, on_link=True).proven())


def test_a_contested_address_proves_nothing() -> None:
    found = holding((A, "10.0.0.1", 1, True), (A, "fe80::7", 1, False), (B, "10.0.0.1", 2, False), (A, "10.0.0.1", 3, True))
    assert found.contested("10.0.0.1")
    assert not list(found.proven())


def test_neighbours() -> None:
    assert neighbours("00:80:f4:00:00:0f", "00:80:f4:00:00:10")
    assert not neighbours("00:80:f4:00:00:0f", "00:80:f4:00:10:10")
    assert not neighbours("00:80:f4:00:00:0f", "00:80:f5:00:00:10")
