"""What all counters of a record have crossed."""

from otwatch.alerts.windows import Windows


def test_windows_know_all_counters_of_thresholds() -> None:
    assert Windows().crossed("tcp") is None
