"""An interface that only listens: the ruleset, the file for networkd, and who is refused."""

import shutil
import subprocess
from pathlib import Path

import pytest

from otwatch.config.sensor import Sensor
from otwatch.sensor import check_silent, silence
from otwatch.sensor.silence import SilenceError


def test_loopback_has_addresses() -> None:
    assert "127.0.0.1" in silence.addresses("lo")
    assert silence.addresses("nothing0") == ()


def test_an_interface_with_an_address_is_refused_unless_allowed() -> None:
    with pytest.raises(SilenceError, match=r"lo: has an IP address \(127\.0\.0\.1"):
        check_silent(Sensor(interfaces=("lo",)))
    check_silent(Sensor(interfaces=("lo",), allow_addressed=True))
    check_silent(Sensor(interfaces=("nothing0",)))


def test_sent_frames_are_counted() -> None:
    assert silence.transmitted("lo") >= 0
    assert silence.transmitted("nothing0") == -1


@pytest.mark.parametrize("name", ["", "a b", 'eth0"; flush', "eth0\n", "a" * 16, "../lo"])
def test_what_is_no_name_is_not_written_into_a_ruleset(name: str) -> None:
    for write in (silence.ruleset, silence.network):
        with pytest.raises(SilenceError, match="no name of an interface"):
            write(name)


def test_the_ruleset_drops_what_would_leave() -> None:
    assert 'type filter hook egress device "enp3s0.5" priority 0; policy drop;' in silence.ruleset("enp3s0.5")
    assert "table netdev otwatch_enp3s0_5" in silence.ruleset("enp3s0.5")


def test_nothing_speaks_by_itself() -> None:
    said = silence.network("mir0")
    for name in ("ARP", "Multicast", "LinkLocalAddressing", "IPv6AcceptRA", "EmitLLDP", "DHCP", "GenericReceiveOffload"):
        assert f"{name}=no\n" in said


@pytest.mark.skipif(shutil.which("nft") is None, reason="nft is not installed (Debian package nftables)")
def test_nft_understands_the_ruleset() -> None:
    checked = subprocess.run(["nft", "--check", "-f", "-"], input=silence.ruleset("lo"), capture_output=True, text=True, check=False)
    if "Operation not permitted" in checked.stderr or "not supported" in checked.stderr:
        pytest.skip(checked.stderr.strip())
    assert not checked.returncode, checked.stderr


def test_a_system_without_nft_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SilenceError, match="nft cannot be run"):
        silence.apply("mir0")
