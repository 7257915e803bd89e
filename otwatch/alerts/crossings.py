"""When what somebody did within a window is a finding: the lines that tracks cross (alerts/tracks.py).

Each is asked for every thing that is counted, so none walks through a full track before it must: sums stand in the track, and only groups
that were touched can have come to cross anything.
"""

from collections.abc import Hashable

from otwatch.alerts.tracks import Line, Seen, Track


def distinct(least: int) -> Line:
    """At least so many different things."""
    return Line(lambda track: len(track.things) >= least)


def disagreed() -> Line:
    """Things are (what, who): several who say different things."""
    return Line(lambda track: all(len(groups) > 1 for groups in track.groups), parts=2)


def refused(least: int) -> Line:
    """At least so many different things that failed."""
    return Line(lambda track: track.failed >= least)


def total(least: int) -> Line:
    """At least so many times, whatever it was."""
    return Line(lambda track: track.times >= least)


def spread(least: int) -> Line:
    """At least so many in all that different things stand for."""
    return Line(lambda track: track.quantity >= least)


def restless(values: int, alternations: int) -> Line:
    """Things are values: set so often and never the same for long, or to and fro between two of them."""

    def crossed(track: Track) -> bool:
        changes = len(track.things) >= 2
        fro = min(seen.times for seen in track.things.values()) if len(track.things) == 2 else 0
        return changes and (track.times >= values or (track.times > alternations and 2 * fro >= alternations))

    return Line(crossed)


def twice(least: int) -> Line:
    """At least so many different things, each of them twice."""
    return Line(lambda track: track.repeated >= least)


def beside(usual: int, few: int) -> Line:
    """Things are (way, what): one way that is used all the time, and a second one that came after it, was used a few times, and was not
    its replacement."""

    def crossed(track: Track) -> bool:
        (ways,) = track.groups
        if len(ways) != 2:
            return False
        (side, rare), (main, often) = sorted(ways.items(), key=lambda way: way[1].times)
        if rare.times > few or often.times < usual:
            return False
        beside, along = _along(side, track), _along(main, track)
        began, ended = min(seen.first_ns for seen in beside), max(seen.last_ns for seen in beside)
        return min(seen.first_ns for seen in along) < began and ended < max(seen.last_ns for seen in along)

    return Line(crossed, parts=1)


def _along(way: Hashable, track: Track) -> list[Seen]:
    return [seen for thing, seen in track.things.items() if isinstance(thing, tuple) and thing[0] == way]


def doors(least: int, each: int) -> Line:
    """Things are (host, port): so many in all, on hosts with several of them each."""

    def crossed(track: Track) -> bool:
        if len(track.things) < least or all(host.things < each for host in track.touched):
            return False
        (hosts,) = track.groups
        return sum(host.things for host in hosts.values() if host.things >= each) >= least

    return Line(crossed, parts=1)


def sweep(hosts: int, ports: int, pairs: int, share: float) -> Line:
    """Things are (host, port): one port of so many hosts, so many ports of one host, or so many pairs that stand for one each, over as many
    hosts and ports; with at least this share in vain."""
    needed = (ports, hosts)

    def scattered(track: Track) -> bool:
        by_host, by_port = track.groups
        is_wide = track.quantity >= pairs and len(by_host) >= hosts and len(by_port) >= ports
        return is_wide and track.failed >= share * len(track.things)

    def crossed(track: Track) -> bool:
        if track.failed < share * min(hosts, ports):
            return False
        in_line = any(tries.things >= needed[tries.part] and tries.failed >= share * tries.things for tries in track.touched)
        return in_line or scattered(track)

    return Line(crossed, parts=2)
