"""The statements of every protocol: one store for what the asking side says, one for the other, one where nobody knows."""

from collections.abc import Callable

import numpy as np

from otwatch.decode.conversations import NOBODY, SEALED, Conversations
from otwatch.decode.statements import BOUND, ROUTINE, WEIGHT, Meanings, Statements
from otwatch.dissectors.base import Dissector
from otwatch.events import Request, Verb
from otwatch.packets import I64

ANSWERS, ASKS, EITHER = 0, 1, 2
"""Who speaks, as far as it decides how a message is read."""


class Stores:
    """Three stores a dissector, and which of them a direction (2 x conversation + side) belongs to."""

    def __init__(self, dissectors: tuple[Dissector, ...], conversations: Conversations, meanings: Meanings) -> None:
        self._dissectors = dissectors
        self._conversations = conversations
        self._tells = np.array([one.tells for one in dissectors])
        self._meanings = meanings
        self.all = [Statements(meanings, _waits_for(one), one.ordered) for one in dissectors for _ in (ANSWERS, ASKS, EITHER)]

    def known(self, label: int) -> Dissector:
        """The dissector with a label of `Conversations`."""
        return self._dissectors[label]

    def dissector(self, number: int) -> Dissector:
        """What is spoken in a conversation, or was until it could not be read any more."""
        return self._dissectors[self._label(number)]

    def number(self, direction: int) -> int:
        """The number of the store of a direction."""
        number = direction >> 1
        label, asker = self._label(number), int(self._conversations.asker[number])
        if self._tells[label] or asker == NOBODY:
            return 3 * label + EITHER
        return 3 * label + (ASKS if asker == direction & 1 else ANSWERS)

    def _label(self, number: int) -> int:
        label = int(self._conversations.label[number])
        return SEALED - label if label <= SEALED else label

    def numbers(self, number: I64, side: I64) -> I64:
        """The same for many sides of conversations."""
        label, asker = self._conversations.label[number].astype(np.int64), self._conversations.asker[number]
        asks = np.where(asker == side, ASKS, ANSWERS)
        return 3 * label + np.where(self._tells[label] | (asker == NOBODY), EITHER, asks)

    def of(self, direction: int) -> Statements:
        """The store of a direction."""
        return self.all[self.number(direction)]

    def is_request(self, direction: int) -> bool | None:
        """Whether a direction asks, None where nobody knows or the message itself tells."""
        says = self.number(direction) % 3
        return None if says == EITHER else says == ASKS

    def settle(self) -> None:
        """Make everything learnt in this batch visible to the next."""
        for statements in self.all:
            statements.settle()

    def full(self) -> bool:
        """Whether so much is remembered that some must be forgotten."""
        return self._too_many or len(self._meanings) > BOUND or self._meanings.weight > WEIGHT

    def forget(self, meanings: Meanings) -> None:
        """Number all meanings anew; where there are too many statements, forget those not seen for longest."""
        too_many = self._too_many
        self._meanings = meanings
        for statements in self.all:
            if too_many:
                statements.forget()
            statements.restate(meanings)

    @property
    def _too_many(self) -> bool:
        return sum(len(one.known) for one in self.all) > BOUND or sum(one.weight for one in self.all) > WEIGHT


def _waits_for(dissector: Dissector) -> Callable[[Request], bool]:
    routine = ROUTINE - {Verb.DISCOVER} if dissector.joined else ROUTINE
    return lambda request: dissector.ordered or request.verb not in routine or dissector.joins(request)
