"""What systemd hears, on a socket that stands for its own."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from otwatch.sensor.notify import Notifier


@pytest.fixture(params=["path", "abstract"])
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    named = str(tmp_path / "notify") if request.param == "path" else f"@otwatch-test-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hearing:
        hearing.bind("\0" + named[1:] if named.startswith("@") else named)
        hearing.settimeout(5)
        yield named, hearing


def test_states_arrive(heard: tuple[str, socket.socket]) -> None:
    named, hearing = heard
    notifier = Notifier(named)
    notifier.tell("READY=1")
    notifier.tell("WATCHDOG=1", "STATUS=well")
    assert [hearing.recv(100), hearing.recv(100)] == [b"READY=1", b"WATCHDOG=1\nSTATUS=well"]
    notifier.close()


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setenv("WATCHDOG_USEC", "1000000")
    for notifier in (Notifier(), Notifier("/nowhere/at/all")):
        notifier.tell("READY=1")
        assert notifier.watchdog_s == 0
        notifier.close()


def test_a_listener_that_is_gone_is_no_matter(heard: tuple[str, socket.socket]) -> None:
    named, hearing = heard
    notifier = Notifier(named)
    hearing.close()
    notifier.tell("WATCHDOG=1")
    notifier.close()


def test_the_watchdog_hears_twice_in_its_time(heard: tuple[str, socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    notifier = Notifier(heard[0])
    assert notifier.watchdog_s == 15
    notifier.close()
