"""The ends of mirrors: a switch and us, whose packets only carry what others said."""

from otwatch.sightings import Tally

BOUND = 4_096


class Mirrors:
    """Who sends copies to whom."""

    def __init__(self) -> None:
        self._ends: set[tuple[str, str]] = set()

    def hold(self, tally: Tally) -> bool:
        """Whether a tally is that of a mirror: it says so, or counts pieces of datagrams between the ends of one.

        Pieces have no ports, and only the last is unwrapped with what is inside.
        """
        talk = tally.conversation
        ends = (talk.client, talk.server)
        if tally.tunnel == "mirror":
            if len(self._ends) < BOUND:
                self._ends.add(ends)
            return True
        return not talk.server_port and not tally.tunnel and (ends in self._ends or ends[::-1] in self._ends)
