"""The table of links: what is forgotten when there are too many."""

from otwatch.inventory.link_table import ONCE, Links
from otwatch.inventory.links import Way
from otwatch.sightings import Frame, Role


def test_links_seen_once_are_forgotten_before_those_that_go_on() -> None:
    links = Links(lambda: None)
    for number in range(3 * ONCE):
        link = links.at(Way("10.0.0.1", f"10.0.0.2/{number}", "tcp", 502, "modbus"), Role.SYN, number, Frame("a.pcap", number))
        if number < ONCE // 2:
            link.last_ns += 1
    going_on = [link for link in links.all() if link.last_ns > link.first_ns]
    assert len(going_on) == ONCE // 2
    assert len(links) <= ONCE + ONCE // 2
    assert links.evicted == 3 * ONCE - len(links)
