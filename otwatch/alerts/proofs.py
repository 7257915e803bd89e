"""Proofs held against lists: what a password would have answered is computed, so it is done once a day and within a budget.

The budget is counted in plain hashes and in packet time, never in seconds of this machine: the same capture gives the same findings on
any. A login that comes when it is spent is held against the list at its next turn; those that never had one are told in the notes.
Where a candidate costs much (SCRAM), no more are tried than one slot pays for: the likely ones.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from itertools import islice
from typing import TypeVar

from otwatch.alerts.credentials import Candidate, Verdict, judged
from otwatch.events import Proof
from otwatch.sightings import SLOT_NS

Kept = TypeVar("Kept")

BUDGET = 50_000
"""Hashes in a slot of 10 s: some 30 ms of this machine's time in a second."""
AGAIN_NS = 86_400_000_000_000
"""How long a verdict holds: a day (detections.md B.1)."""
BOUND = 16_384
"""Verdicts remembered, and logins that wait for theirs; beyond it those are forgotten that are the oldest."""


class Proofs:
    """The verdicts on logins by who logs in where with which result: whoever was refused may come again with another password."""

    def __init__(self) -> None:
        self._verdicts: OrderedDict[Hashable, tuple[int, Verdict]] = OrderedDict()
        self._waiting: OrderedDict[Hashable, None] = OrderedDict()
        self._slot = self._spent = 0

    def judge(self, login: Hashable, proof: Proof, candidates: Iterable[Candidate], time_ns: int) -> Verdict | None:
        """What a proof is of; None where the budget of the slot is spent."""
        known = self._verdicts.get(login)
        if known is not None and time_ns - known[0] < AGAIN_NS:
            return known[1]
        asked = tuple(islice(candidates, max(BUDGET // proof.cost, 1)))
        if not self._spend(len(asked) * proof.cost, time_ns // SLOT_NS):
            _remember(self._waiting, login, None)
            return None
        self._waiting.pop(login, None)
        verdict = judged(proof, asked)
        _remember(self._verdicts, login, (time_ns, verdict))
        return verdict

    def notes(self) -> dict[str, int]:
        return {"logins not held against lists": len(self._waiting)}

    def _spend(self, hashes: int, slot: int) -> bool:
        if slot > self._slot:
            self._slot, self._spent = slot, 0
        if self._spent + hashes > BUDGET:
            return False
        self._spent += hashes
        return True


def _remember(table: OrderedDict[Hashable, Kept], key: Hashable, kept: Kept) -> None:
    table.pop(key, None)
    table[key] = kept
    if len(table) > BOUND:
        table.popitem(last=False)
