"""From when on something is a finding."""

from typing import NamedTuple


class Thresholds(NamedTuple):
    """The defaults of detections.md E.1. `_s` are seconds of packet time, all others numbers of things."""

    scan_s: int = 60
    modbus_units: int = 8
    modbus_units_failing: int = 4
    modbus_functions: int = 3
    modbus_addresses: int = 5
    modbus_points: int = 1000
    modbus_points_s: int = 300
    modbus_records: int = 20
    bacnet_global: int = 4
    bacnet_ranges: int = 10
    bacnet_names: int = 10
    bacnet_devices: int = 5
    enip_devices: int = 5
    roots_s: int = 600
    arp_targets: int = 30
    arp_claims: int = 5
    ping_targets: int = 20
    tcp_ports: int = 15
    tcp_hosts: int = 10
    tcp_slow: int = 60
    tcp_slow_s: int = 86_400
    communities: int = 3
    communities_s: int = 300
    logins_refused: int = 10
    logins_s: int = 300
    malformed: int = 10
    failing_share: float = 0.5
    habit_reads: int = 3
    settle_s: int = 3600
    repeat_s: int = 86_400
    storm: int = 50
    storm_s: int = 3600
