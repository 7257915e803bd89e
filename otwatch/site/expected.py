"""What the site file says has to be done every so many days: whether it was seen in time. Times without sight do not count."""

from collections.abc import Iterator

from otwatch.changes import LinkSeen, OperationMissed
from otwatch.config.site import ExpectedOperation
from otwatch.sightings import Frame
from otwatch.site.places import Places
from otwatch.site.silences import DAY_NS

_NEVER = Frame("", 0)


class Expected:
    """`_due_ns`: until when each operation has to be seen; `_last`: when it was, and in which frame."""

    def __init__(self, operations: tuple[ExpectedOperation, ...], places: Places) -> None:
        self._operations = operations
        self._places = places
        self._due_ns: dict[str, int] = {}
        self._last: dict[str, tuple[int, Frame]] = {}

    def met(self, link: LinkSeen) -> None:
        """A link that is at work in this hour may be one of them."""
        policy = self._places.policy
        for operation in self._operations if policy is not None and link.state == "established" else ():
            client, server = self._places.placed(link.client), self._places.placed(link.server)
            if policy is not None and policy.is_expected(operation, client, server, link.verb):
                self._last[operation.id] = link.time_ns, link.frame
                self._due_ns[operation.id] = link.time_ns + operation.every_days * DAY_NS

    def pass_time(self, now_ns: int) -> Iterator[OperationMissed]:
        """What was not seen in time; it is told again after as many days."""
        for operation in self._operations:
            span_ns = operation.every_days * DAY_NS
            if self._due_ns.setdefault(operation.id, now_ns + span_ns) <= now_ns:
                self._due_ns[operation.id] = now_ns + span_ns
                last_ns, frame = self._last.get(operation.id, (0, _NEVER))
                yield OperationMissed(operation.id, operation.every_days, operation.note, last_ns, now_ns, frame)

    def stand_still(self, blind_ns: int) -> None:
        """For so long nothing could be seen."""
        for name in self._due_ns:
            self._due_ns[name] += blind_ns
