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
    bacnet_lists: int = 3
    bacnet_lists_s: int = 600
    bacnet_described: int = 200
    bacnet_described_s: int = 300
    enip_devices: int = 5
    identities: int = 3
    identities_s: int = 600
    protocols: int = 3
    s7_places: int = 3
    cip_missing: int = 5
    snmp_objects: int = 100
    pages: int = 40
    roots_s: int = 600
    gateways_s: int = 10
    arp_targets: int = 30
    arp_claims: int = 5
    ping_targets: int = 20
    echo_sizes: int = 3
    echoes_s: int = 600
    tcp_ports: int = 15
    tcp_hosts: int = 10
    tcp_pairs: int = 60
    """As many as a slow scan has in a day, over `tcp_hosts` hosts and `tcp_ports` ports: half of that width, in vain, is not met in any
    recording of docs/noise.md."""
    udp_doors: int = 15
    udp_each: int = 3
    tcp_slow: int = 60
    tcp_slow_s: int = 86_400
    outside_hosts: int = 8
    communities: int = 3
    communities_s: int = 300
    communities_guessed: int = 8
    logins_refused: int = 10
    sessions: int = 10
    logins_s: int = 300
    spray_servers: int = 5
    spray_s: int = 600
    secret_devices: int = 3
    secret_s: int = 604_800
    malformed: int = 10
    order_s: int = 60
    order_points: int = 50
    order_values: int = 10
    order_alternations: int = 6
    way_usual: int = 5
    way_few: int = 2
    errors: int = 15
    errors_before: int = 50
    errors_s: int = 300
    errors_share: float = 0.3
    errors_usual: float = 0.05
    flood_s: int = 10
    flood_packets: int = 10_000
    storm_packets: int = 5_000
    open_connections: int = 16
    kept_connections: int = 64
    odd_packets: int = 2
    invented_senders: int = 5
    knocks: int = 200
    failing_share: float = 0.5
    habit_reads: int = 3
    settle_s: int = 3600
    lead_s: int = 30
    repeat_s: int = 90_000
    storm: int = 50
    storm_s: int = 3600
