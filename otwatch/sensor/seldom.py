"""Events in the journal of years: what comes and goes all day is told once an hour.

An interface that loses packets every other minute would fill the journal with its beginnings and ends, and what matters would be found by
nobody. Findings and metrics tell all of them.
"""

import time
from collections.abc import Callable, Mapping
from math import inf

AGAIN_S = 3600.0
MOST = 1024
"""Things that are remembered; there are as many as interfaces, VLANs and kinds of blindness."""

NAMING = ("interface", "what", "where")
"""Places that name an event; `what` is a text in both languages."""

Say = Callable[..., None]
"""Says something to the operator: a word of the catalogue, and what fills its places."""


class Seldom:
    """Says each event of a place at most once in AGAIN_S, and the end of what it said."""

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._said_s: dict[tuple[str, ...], float] = {}
        self._open: set[tuple[str, ...]] = set()

    def __call__(self, word: str, **places: object) -> None:
        """NAMING says which event it is; other places are how it is today. What goes on is told again after AGAIN_S."""
        if self._clock() - self._said_s.get(_event(word, places), -inf) >= AGAIN_S:
            self.surely(word, **places)

    def surely(self, word: str, **places: object) -> None:
        """The same, whenever it was told last."""
        if len(self._said_s) >= MOST:
            self._said_s.clear()
            self._open.clear()
        self._said_s[_event(word, places)] = self._clock()
        self._open.add(_event(word, places))
        self._say(word, **places)

    def over(self, word: str, end: str, **places: object) -> None:
        """What `word` told is over: `end` is told where that was."""
        if _event(word, places) in self._open:
            self._open.remove(_event(word, places))
            self._say(end, **places)


def _event(word: str, places: Mapping[str, object]) -> tuple[str, ...]:
    return word, *(str(places.get(name)) for name in NAMING)
