"""An interface that only listens: the ruleset, the file for networkd, and who is refused."""

import subprocess
from pathlib import Path

import pytest

from otwatch.config.sensor import Sensor
from otwatch.sensor import check_silent, silence
from otwatch.sensor.silence import SilenceError
from tests.conftest import ROOT
from tests.debian import needs


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
    for write in (silence.ruleset, silence.network, silence.commands):
        with pytest.raises(SilenceError, match="no name of an interface"):
            write(name)


def test_the_ruleset_drops_what_would_leave() -> None:
    assert 'type filter hook egress device "enp3s0.5" priority 0; policy drop;' in silence.ruleset("enp3s0.5")
    assert "table netdev otwatch_enp3s0_5" in silence.ruleset("enp3s0.5")


def test_nothing_speaks_by_itself() -> None:
    said = silence.network("mir0")
    for name in ("ARP", "Multicast", "LinkLocalAddressing", "IPv6AcceptRA", "EmitLLDP", "DHCP"):
        assert f"{name}=no\n" in said


def test_the_file_for_networkd_is_what_is_printed() -> None:
    assert (ROOT / "systemd" / "10-otwatch-mirror0.network").read_text("utf-8") == silence.network("mirror0")


def test_the_commands_set_it_up_last() -> None:
    assert silence.commands("mir0").splitlines() == [
        "echo 1 > /proc/sys/net/ipv6/conf/mir0/disable_ipv6",
        "ethtool -K mir0 gro off lro off",
        "ip link set dev mir0 arp off multicast off promisc on up",
    ]


def test_an_interface_that_may_be_the_way_in_is_not_silenced() -> None:
    with pytest.raises(SilenceError, match=r"lo: has an IP address \(127\.0\.0\.1.*may be reached"):
        silence.apply("lo")


def test_nft_understands_the_ruleset() -> None:
    nft = needs("nft", "nftables")
    checked = subprocess.run([nft, "--check", "-f", "-"], input=silence.ruleset("lo"), capture_output=True, text=True, check=False)
    if "Operation not permitted" in checked.stderr or "not supported" in checked.stderr:
        pytest.skip(checked.stderr.strip())
    assert not checked.returncode, checked.stderr


def test_a_system_without_nft_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SilenceError, match="nft cannot be run"):
        silence.apply("mir0")
