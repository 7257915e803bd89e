"""All sliding counters of a record: over how long each counts, and when it crosses.

What goes in is decided in `counting`; what a crossing means, in the detections; how a counter works, in `tracks`.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import TypeVar

from otwatch.alerts.crossings import beside, disagreed, distinct, doors, refused, restless, spread, sweep, total, twice
from otwatch.alerts.thresholds import Thresholds
from otwatch.alerts.tracks import THINGS, Counter, Crossing, Mark
from otwatch.events import Request
from otwatch.sightings import SLOT_NS, Conversation, Frame, Outcome, Sighting, Tally

_NOT_JOINED = Outcome.NONE  # looked up in the enum it costs 0.1 us
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Windows:
    """All counters of a record, and what the item that was just counted crossed.

    Two short memories stand beside them: the last request told at once, because a login and the request that carries it are
    told as two sightings of one frame; and the conversations that lost bytes lately, with the two hosts of each.
    """

    def __init__(self, thresholds: Thresholds = Thresholds()) -> None:  # noqa: B008  # a constant
        of = thresholds
        scan = of.scan_s
        self.thresholds = of
        self._counters = {
            "arp": Counter(scan, distinct(of.arp_targets)),
            "arp_addresses": Counter(scan, distinct(2)),
            "arp_owners": Counter(scan, twice(2)),
            "bacnet_instances": Counter(scan, distinct(2)),
            "gateways": Counter(of.gateways_s, disagreed()),
            "bridge_roots": Counter(of.roots_s, twice(2)),
            "ping": Counter(scan, distinct(of.ping_targets)),
            "echoes": Counter(of.echoes_s, refused(of.echo_sizes)),
            "tcp": Counter(scan, sweep(of.tcp_hosts, of.tcp_ports, of.tcp_pairs, of.failing_share)),
            "udp": Counter(scan, doors(of.udp_doors, of.udp_each)),
            "tcp_slow": Counter(of.tcp_slow_s, distinct(of.tcp_slow), fresh=True),
            "tcp_outside": Counter(of.tcp_slow_s, distinct(of.outside_hosts), fresh=True),
            "modbus_units": Counter(scan, distinct(of.modbus_units), fresh=True),
            "modbus_units_failing": Counter(scan, distinct(of.modbus_units_failing), fresh=True),
            "modbus_functions": Counter(scan, distinct(of.modbus_functions)),
            "modbus_addresses": Counter(scan, total(of.modbus_addresses)),
            "modbus_points": Counter(of.modbus_points_s, spread(of.modbus_points), fresh=True),
            "bacnet_global": Counter(scan, total(of.bacnet_global)),
            "bacnet_ranges": Counter(scan, distinct(of.bacnet_ranges)),
            "bacnet_names": Counter(scan, distinct(of.bacnet_names)),
            "bacnet_devices": Counter(scan, distinct(of.bacnet_devices)),
            "bacnet_lists": Counter(of.bacnet_lists_s, distinct(of.bacnet_lists)),
            "bacnet_described": Counter(of.bacnet_described_s, distinct(of.bacnet_described), fresh=True),
            "identities": Counter(of.identities_s, distinct(of.identities)),
            "protocols": Counter(of.identities_s, distinct(of.protocols)),
            "s7_places": Counter(scan, distinct(of.s7_places)),
            "cip_missing": Counter(scan, distinct(of.cip_missing), fresh=True),
            "pages": Counter(scan, distinct(of.pages)),
            "snmp_objects": Counter(scan, distinct(of.snmp_objects), fresh=True),
            "orders": Counter(of.order_s, distinct(of.order_points)),
            "values": Counter(of.order_s, restless(of.order_values, of.order_alternations)),
            "ways": Counter(of.settle_s, beside(of.way_usual, of.way_few)),
            "errors": Counter(of.errors_s, total(of.errors)),
            "storm": Counter(of.flood_s, total(of.storm_packets), fresh=True),
            "flood": Counter(of.flood_s, total(of.flood_packets), fresh=True),
            "odd": Counter(scan, distinct(of.odd_packets)),
            "invented": Counter(of.flood_s, distinct(of.invented_senders)),
            "open": Counter(scan, distinct(of.open_connections)),
            "kept": Counter(scan, distinct(of.kept_connections)),
            "knocks": Counter(scan, distinct(of.knocks)),
            "enip_devices": Counter(scan, distinct(of.enip_devices)),
            "communities": Counter(of.communities_s, distinct(of.communities)),
            "sessions": Counter(scan, distinct(of.sessions)),
            "logins": Counter(of.logins_s, refused(of.logins_refused)),
            "sprays": Counter(of.spray_s, twice(of.spray_servers)),
            "secrets": Counter(of.secret_s, distinct(of.secret_devices)),
            "malformed": Counter(scan, distinct(of.malformed)),
        }
        self._crossed: dict[str, Crossing] = {}
        self._carrier: tuple[Frame, Request] | None = None
        self._lossy: OrderedDict[Conversation, int] = OrderedDict()
        self._losing: OrderedDict[frozenset[str], None] = OrderedDict()

    def begin(self) -> None:
        """The next item: what the one before it crossed is forgotten."""
        if self._crossed:
            self._crossed = {}

    def count(self, marks: Iterable[Mark]) -> None:
        """Count what the item says."""
        for mark in marks:
            crossing = self._counters[mark.counter].add(mark)
            if crossing is not None:
                self._crossed[mark.counter] = crossing

    @property
    def is_crossed(self) -> bool:
        """Whether the item just counted belongs to any crossing."""
        return bool(self._crossed)

    def crossed(self, counter: str) -> Crossing | None:
        """Whether the item just counted belongs to a crossing."""
        return self._crossed.get(counter)

    def forgotten(self) -> int:
        """Keys of counters that were let go before their time, because there were too many."""
        return sum(counter.forgotten for counter in self._counters.values())

    def remember(self, item: Sighting | Tally) -> None:
        """Keep the last request that was told at once, and which conversations lost bytes."""
        if isinstance(item, Tally):
            if item.lost:
                _keep(self._lossy, item.conversation, item.last_ns)
                _keep(self._losing, _hosts(item.conversation), None)
        elif item.outcome is not _NOT_JOINED and isinstance(item.event, Request):
            self._carrier = (item.frame, item.event)

    def carrier(self, frame: Frame) -> Request | None:
        """The request told last, if it stands in this frame."""
        return self._carrier[1] if self._carrier and self._carrier[0] == frame else None

    def has_lost(self, conversation: Conversation) -> bool:
        """Whether bytes between its two hosts were lost at any time that is remembered: who opens a connection for each order lost them in
        others."""
        return _hosts(conversation) in self._losing

    def is_lossy(self, conversation: Conversation, time_ns: int) -> bool:
        """Whether bytes of the conversation were lost within the two slots before."""
        lost_ns = self._lossy.get(conversation)
        return lost_ns is not None and time_ns - lost_ns <= 2 * SLOT_NS


def _hosts(conversation: Conversation) -> frozenset[str]:
    return frozenset((conversation.client, conversation.server))


def _keep(table: OrderedDict[_Key, _Value], key: _Key, value: _Value) -> None:
    """The last in a bounded table."""
    table[key] = value
    table.move_to_end(key)
    if len(table) > THINGS:
        table.popitem(last=False)
