"""wire/overlaps.py: one address, two machines in two VLANs; and one machine that two VLANs show."""

from struct import pack

import pytest

from otwatch.dissectors import DISSECTORS
from otwatch.events import Binding
from otwatch.sightings import Routine, Sighting, singly
from otwatch.site import SiteHalf
from otwatch.wire import Wire, overlaps
from tests.decode.builders import Frame, batch
from tests.wire.builders import regroup
from tests.wire.dialogues import MS, Item, hear, tallies

HMI, PLC, FAR = "192.168.0.1", "192.168.0.10", "192.168.7.5"
A1, A10, B1, B10 = "00:80:f4:00:00:01", "00:80:f4:00:00:10", "00:1c:06:00:00:01", "00:1c:06:00:00:10"
ROUTER_A, ROUTER_B = "00:1b:1b:00:00:0a", "00:1b:1b:00:00:0b"
EVERYBODY = "ff:ff:ff:ff:ff:ff"


def raw(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))


def ip(address: str) -> bytes:
    return bytes(map(int, address.split(".")))


def tagged(vlan: int, source: str, target: str, ethertype: int, body: bytes, ms: int) -> Frame:
    tag = pack(">HH", 0x8100, vlan) if vlan >= 0 else b""
    return Frame(raw(target) + raw(source) + tag + pack(">H", ethertype) + body, time_ns=ms * MS)


def datagram(vlan: int, macs: tuple[str, str], ends: tuple[str, str], ms: int, ttl: int = 64, payload: bytes = b"x" * 20) -> Frame:
    size = 28 + len(payload)
    head = pack(">BBHHHBBH4s4s", 0x45, 0, size, ms & 0xFFFF, 0, ttl, 17, 0, ip(ends[0]), ip(ends[1]))
    body = head + pack(">HHHH", 40001, 40002, size - 20, 0) + payload
    return tagged(vlan, *macs, 0x0800, body, ms)


def arp(vlan: int, mac: str, sender: str, target: str, ms: int, operation: int = 1) -> Frame:
    body = pack(">HHBBH6s4s6s4s", 1, 0x0800, 6, 4, operation, raw(mac), ip(sender), bytes(6), ip(target))
    return tagged(vlan, mac, EVERYBODY, 0x0806, body, ms)


def ends(items: list[Item]) -> set[str]:
    return {end for tally in tallies(items) for end in tally.conversation[:2] if end[2:3] != ":"}


def cells(ttl: int = 64) -> list[Frame]:
    """Two cells of one plan, polling at once."""
    found = []
    for at in range(6):
        found += [
            datagram(10, (A1, A10), (HMI, PLC), 10 * at, ttl), datagram(10, (A10, A1), (PLC, HMI), 10 * at + 1, ttl),
            datagram(20, (B1, B10), (HMI, PLC), 10 * at + 2, ttl), datagram(20, (B10, B1), (PLC, HMI), 10 * at + 3, ttl),
        ]  # fmt: skip
    return found


def test_two_cells_with_one_plan_are_two_conversations() -> None:
    items = hear(cells())
    assert ends(items) == {HMI, PLC, f"{HMI}%20", f"{PLC}%20"}
    told = {(tally.conversation.client, tally.vlan): sum(tally.packets) for tally in tallies(items)}
    assert {vlan for _, vlan in told} == {10, 20}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_batches_may_end_anywhere(size: int) -> None:
    frames = [arp(20, B1, HMI, PLC, 0), *cells(), arp(10, A1, HMI, PLC, 70), arp(20, B10, PLC, HMI, 80)]
    assert hear(frames, size) == hear(frames)


@pytest.mark.parametrize(("bound", "room", "crowded"), [("LIMIT", 2, 12), ("APART", 1, 2), ("LIMIT", 65_536, 0)])
def test_what_there_is_no_room_for_is_counted(monkeypatch: pytest.MonkeyPatch, bound: str, room: int, crowded: int) -> None:
    monkeypatch.setattr(overlaps, bound, room)
    wire = Wire(DISSECTORS)
    for frames in regroup(batch(cells()), 1):
        list(wire.take(frames))
    assert wire.notes().get("packets not told apart by VLAN", 0) == crowded


def routed(ttl: int = 64) -> list[Frame]:
    """One conversation through a router, whose two sides the mirror shows."""
    found = []
    for at in range(6):
        found += [
            datagram(10, (A1, ROUTER_A), (HMI, FAR), 10 * at, ttl), datagram(20, (ROUTER_B, B10), (HMI, FAR), 10 * at, ttl - 1),
            datagram(20, (B10, ROUTER_B), (FAR, HMI), 10 * at + 1, ttl), datagram(10, (ROUTER_A, A1), (FAR, HMI), 10 * at + 1, ttl - 1),
        ]  # fmt: skip
    return found


@pytest.mark.parametrize(
    "frames",
    [
        routed(),
        [arp(10, A1, HMI, "192.168.0.254", 0), arp(20, B10, FAR, "192.168.7.254", 1), *routed()],
        [arp(10, ROUTER_A, "192.168.0.254", HMI, 0), arp(10, ROUTER_A, FAR, HMI, 1, operation=2), *routed()],  # proxy ARP
        [datagram(10, (A1, A10), (HMI, PLC), 0), datagram(20, (A1, A10), (HMI, PLC), 1)],  # a bridge, or a mirror of both sides
        [datagram(10, (A1, A10), (HMI, PLC), 0), datagram(-1, (B1, B10), (HMI, PLC), 1)],  # what has no tag is in no VLAN
        [datagram(10, (A1, A10), (HMI, PLC), 0), datagram(10, (B1, B10), (HMI, PLC), 1)],  # two cards in one VLAN: a conflict
        [datagram(10, (A1, A10), (HMI, PLC), 0, 61), datagram(20, (B1, B10), (HMI, PLC), 1, 62)],  # routed twice
        [datagram(10, ("00:00:5e:00:01:07", A10), (HMI, PLC), 0), datagram(20, ("00:00:5e:00:01:08", B10), (HMI, PLC), 1)],  # VRRP
        [arp(10, A1, "0.0.0.0", HMI, 0), arp(20, B1, "0.0.0.0", HMI, 1)],  # probes have no address
    ],
)
def test_one_machine_that_two_vlans_show_stays_one(frames: list[Frame]) -> None:
    assert not [end for end in ends(hear(frames)) if "%" in end]


def test_an_arp_request_proves_it_too() -> None:
    frames = [arp(10, A1, HMI, PLC, 0), arp(20, B1, HMI, PLC, 1), datagram(20, (B1, ROUTER_B), (HMI, FAR), 2)]
    assert ends(hear(frames)) == {f"{HMI}%20", FAR}


def bindings(items: list[Item]) -> set[tuple[str, str]]:
    said = singly(item for item in items if isinstance(item, Sighting | Routine))
    return {(one.event.key, one.event.value) for one in said if isinstance(one, Sighting) and isinstance(one.event, Binding)}


def test_cards_announce_the_address_of_their_own_vlan() -> None:
    found = bindings(hear([arp(10, A1, HMI, PLC, 0), arp(20, B1, HMI, PLC, 1), arp(20, B1, HMI, PLC, 5, operation=2)]))
    assert found == {(HMI, A1), (f"{HMI}%20", B1)}


def test_assets_of_two_cells() -> None:
    half = SiteHalf(None)
    for item in hear([arp(10, A1, HMI, PLC, 0), arp(20, B1, HMI, PLC, 1), *cells()]):
        half.see(item)
    half.finish()
    results = half.results((), {})
    told = {row.key: (row.address, row.vlan, row.macs) for row in results.assets}
    assert told == {
        f"{HMI}%10": (HMI, 10, (A1,)), f"{HMI}%20": (HMI, 20, (B1,)), f"{PLC}%10": (PLC, 10, (A10,)), f"{PLC}%20": (PLC, 20, (B10,)),
    }  # fmt: skip
    assert {(row.client.partition("%")[2], row.server.partition("%")[2]) for row in results.links if row.protocol != "arp"} == {
        ("10", "10"), ("20", "20"),
    }  # fmt: skip
    assert (f"{HMI}%10", HMI, "now", "vlan", "10") in {row[:5] for row in results.faces}
    assert not [row for row in results.faces if row.state == "conflict"]
    assert "integ.dup.ip" not in {row.detection for row in results.alerts}
