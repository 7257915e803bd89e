"""Events in the journal of years: what comes and goes all day is told once an hour.

An interface that loses packets every other minute would fill the journal with its beginnings and ends, and what matters would be found by
nobody. Findings and metrics tell all of them.
"""

import time
from collections.abc import Callable
from math import inf

AGAIN_S = 3600.0
MOST = 1024
"""Things that are remembered; there are as many as interfaces, VLANs and kinds of blindness."""

NAMING = ("interface", "what", "where")
"""Places that name an event; `what` is a text in both languages."""

Say = Callable[..., None]
"""Says something to the operator: a word of the catalogue, and what fills its places."""


class Seldom:
    """Says each event of a place at most once in AGAIN_S."""

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._said_s: dict[tuple[str, ...], float] = {}

    def __call__(self, word: str, **places: object) -> None:
        """NAMING says which event it is; other places are how it is today."""
        event, now_s = (word, *(str(places.get(name)) for name in NAMING)), self._clock()
        if now_s - self._said_s.get(event, -inf) < AGAIN_S:
            return
        if len(self._said_s) >= MOST:
            self._said_s.clear()
        self._said_s[event] = now_s
        self._say(word, **places)
