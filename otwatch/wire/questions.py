"""Questions that one answer a slot is enough for: who are you.

Many supervisors ask them with every poll. The first in a slot waits for its answer; asked again by the same side in the same
words, it is only counted.
"""

import numpy as np

from otwatch.decode.rows import order
from otwatch.packets import I64, Bools

BOUND = 65_536
"""Questions remembered in a slot; beyond it all wait for their answers."""


class Questions:
    """What was asked in the open slot."""

    def __init__(self) -> None:
        self._slot = -1
        self._asked: set[tuple[int, int]] = set()

    def again(self, row: I64, slot: I64, direction: I64, question: I64) -> Bools:
        """Which of the questions (numbers of `Meanings`, -1 for none) were asked in their slot before, in the order of rows."""
        repeated = np.zeros(len(row), dtype=np.bool_)
        asks = np.flatnonzero(question >= 0)
        for at in asks[order(row[asks])].tolist():
            if slot[at] != self._slot:
                self._slot = int(slot[at])
                self._asked.clear()
            asked = (int(direction[at]), int(question[at]))
            repeated[at] = asked in self._asked
            if len(self._asked) < BOUND:
                self._asked.add(asked)
        return repeated

    def forget(self) -> None:
        """Conversations or meanings are numbered anew."""
        self._asked.clear()
