"""SSH: the banners of RFC 4253 and what comes before and behind them; captures."""

from pathlib import Path

import pytest

from otwatch.dissectors.ssh import SSH
from otwatch.events import Identity
from otwatch.sightings import Sighting
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import told
from tests.dissectors.streams import heard
from tests.wire.dialogues import End, connection, hear, opened, tallies

KEYS = b"\0\0\5\xdc\6\x14" + bytes(range(256)) * 4


def test_both_sides_introduce_themselves() -> None:
    assert heard(SSH, [(False, b"Welcome to the cell\r\n" + names.SSH_BANNER + KEYS), (True, b"SSH-1.99-Cisco-1.25\n")]) == [
        Identity("ssh", (), (("software", "OpenSSH_9.2p1"), ("dialect", "SSH 2.0"), ("os", "Debian-2+deb12u3"))),
        Identity("ssh", (), (("software", "Cisco-1.25"), ("dialect", "SSH 1.99"))),
    ]


@pytest.mark.parametrize(("payload", "is_ssh"), [(names.SSH_BANNER, True), (b"SSH-", False), (b"SSH is here\r\n", False), (KEYS, False)])
def test_looks_like(payload: bytes, is_ssh: bool) -> None:
    assert knows(SSH, payload, False) is is_ssh


@pytest.mark.parametrize("size", [1, 16_384])
def test_what_is_encrypted_is_only_counted(size: int) -> None:
    """Wherever batches end, and under one name."""
    client, server = connection(server=End("10.0.0.2", 2200))
    frames = [*opened(client, server), server.says(names.SSH_BANNER), client.says(b"SSH-2.0-PuTTY_0.81\r\n")]
    frames += [server.says(KEYS) for _ in range(50)]
    items = hear(frames, size)
    software = [dict(item.event.fields)["software"] for item in items if isinstance(item, Sighting) and isinstance(item.event, Identity)]
    assert software == ["OpenSSH_9.2p1", "PuTTY_0.81"]
    assert {item.conversation.service for item in tallies(items)} == {"ssh"}
    assert not any(item.unread or item.lost for item in tallies(items))


def test_capture(captures: Path) -> None:
    """tshark: ssh.protocol."""
    assert told(captures / "ssh/arkime-ssh2.pcap", "ssh") == {
        "10.0.0.2": [("software", "OpenSSH_3.9p1"), ("dialect", "SSH 1.99")],
        "10.0.0.1": [("software", "OpenSSH_5.3"), ("dialect", "SSH 2.0")],
    }  # fmt: skip
