"""What all counters of a record have crossed."""

from otwatch.alerts.windows import Windows
from tests.alerts.site import LATER, tally


def test_windows_know_all_counters_of_thresholds() -> None:
    assert Windows().crossed("tcp") is None


def test_bytes_lost_between_two_hosts_count_for_all_their_connections() -> None:
    """Who opens a connection for each order lost the bytes of another one."""
    windows = Windows()
    lost = tally("10.22.8.5", "10.22.8.20", 502, number=1)._replace(lost=100)
    windows.remember(lost)
    later, back, other = (tally(*ends, number=2).conversation for ends in (
        ("10.22.8.5", "10.22.8.20", 502), ("10.22.8.20", "10.22.8.5", 44818), ("10.22.8.5", "10.22.8.21", 502),
    ))  # fmt: skip
    assert windows.has_lost(later)
    assert windows.has_lost(back)
    assert not windows.has_lost(other)
    assert windows.is_lossy(lost.conversation, LATER)
    assert not windows.is_lossy(later, LATER)
