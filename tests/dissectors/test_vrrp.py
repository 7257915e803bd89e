"""VRRP: literals of every version, what is no VRRP, and a capture."""

from pathlib import Path

import pytest

from otwatch.dissectors.vrrp import MOST, VRRP
from otwatch.events import Anomaly, Binding
from otwatch.events.text import PROSE_LIMIT
from otwatch.inventory.faces import unite
from otwatch.inventory.rows import asset_rows
from otwatch.sightings import Sighting, singly
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, said, told
from tests.inventory.test_captures import placed, replay
from tests.wire.dialogues import hear
from tests.wire.test_overlaps import tagged

CARP = bytes.fromhex("21 01 64 07 00 01 0000") + bytes(28)
"""ip_carp.h of OpenBSD: the same number and type, group 1, and 7 words of a sum behind the counter."""


@pytest.mark.parametrize(("payload", "text", "addresses"), [
    (names.VRRP_2, "VRRP group 7 priority 100 for 10.20.0.1, 10.20.0.2", ("10.20.0.1", "10.20.0.2")),
    (names.VRRP_3, "VRRP group 7 gives up for 10.20.0.1", ("10.20.0.1",)),
    (names.VRRP_6, "VRRP group 36 priority 100 for fe80::3636", ("fe80::3636",)),
])  # fmt: skip
def test_an_advertisement_names_the_addresses_that_are_shared(payload: bytes, text: str, addresses: tuple[str, ...]) -> None:
    assert fields(VRRP, payload) == [("capability", "router"), ("description", text)]
    group = " ".join(text.split()[:3:2])
    assert [event for event in said(VRRP, payload) if isinstance(event, Binding)] == [Binding("virtual", one, group) for one in addresses]


def test_the_password_is_never_told() -> None:
    assert b"tresor" in names.VRRP_2
    assert "tresor" not in repr(said(VRRP, names.VRRP_2))


@pytest.mark.parametrize("payload", [CARP, names.VRRP_3[:-1], names.VRRP_2 + b"\0", b"\x41" + names.VRRP_3[1:], b"\x32" + names.VRRP_3[1:]])
def test_what_is_no_vrrp(payload: bytes) -> None:
    assert not knows(VRRP, payload, False)


def test_a_count_that_does_not_fit_is_a_flaw() -> None:
    (flaw,) = said(VRRP, names.VRRP_3[:3] + b"\2" + names.VRRP_3[4:])
    assert isinstance(flaw, Anomaly)


def test_a_message_full_of_addresses_is_told_in_part() -> None:
    """RFC 9568 5.2.5: up to 255 of them."""
    full = names.VRRP_3[:3] + b"\xff" + names.VRRP_3[4:8] + b"".join(bytes([10, 0, 0, number]) for number in range(255))
    bound = [event for event in said(VRRP, full) if isinstance(event, Binding)]
    assert bound == [Binding("virtual", f"10.0.0.{number}", "VRRP 7") for number in range(MOST)]
    assert len(dict(fields(VRRP, full))["description"]) <= PROSE_LIMIT


def test_it_is_recognised_above_ip() -> None:
    size = 20 + len(names.VRRP_3)
    head = bytes.fromhex("45c0") + size.to_bytes(2) + bytes.fromhex("00010000 ff70 0000 0a140002 e0000012")
    items = hear([tagged(-1, "00:00:5e:00:01:07", "01:00:5e:00:00:12", 0x0800, head + names.VRRP_3, 0)])
    bound = [item for item in singly(items) if isinstance(item, Sighting) and isinstance(item.event, Binding)]
    assert {item.event for item in bound} == {Binding("virtual", "10.20.0.1", "VRRP 7")}
    assert {item.conversation.service for item in bound} == {"vrrp"}


def test_capture(captures: Path) -> None:
    """tshark: vrrp.ipv6_addr, vrrp.virt_rtr_id, vrrp.prio."""
    path = captures / "l2/ndpi-vrrp3.pcapng"
    found = told(path, "vrrp")
    assert ("description", "VRRP group 36 priority 105 for fe80::3636") in found["fe80::1"]
    assert ("description", "VRRP group 36 priority 100 for fe80::3636") in found["fe80::2"]
    site = replay(path)
    faces = {(row.asset, row.key, row.state, row.reason, row.value) for row in unite(site)}
    assert {("fe80::3636", f"fe80::{number}", "shared", "virtual address", "VRRP 36") for number in (1, 2)} <= faces
    kinds = {row.key: (row.kind, row.label) for row in asset_rows(site, placed)}
    assert kinds["fe80::3636"] == ("group", "VRRP 36 (fe80::3636)")
    assert {kinds["fe80::1"][0], kinds["fe80::2"][0]} == {"host"}
