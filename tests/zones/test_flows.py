"""What is a flow between zones, who began it, and what the example site says of it: from packets (domain/zones.md 9 and 13)."""

from dataclasses import replace
from datetime import date
from ipaddress import ip_network

import pytest

from otwatch.config.site import DeclaredZone, Match, Site
from tests.decode.builders import Frame
from tests.wire.dialogues import End, ip, modbus, udp
from tests.wire.test_connections import IO_PATH, Session, forward_open, granted, outputs

from .conftest import TUESDAY, at
from .packets import (
    CONFIRMED_COV,
    COV,
    FOX,
    GET,
    I_AM,
    I_HAVE,
    INFORM,
    KNX_WRITE,
    OPC_UA,
    PICTURES,
    S7_SETUP,
    SECOND,
    SET,
    SETUP,
    TRAP,
    UMAS_STOP,
    WHO_IS,
    asked,
    bacnet,
    detections,
    flows,
    icmp,
    ntp,
    read,
    results,
    snmp,
    tagged,
    wrote,
)

Flow = tuple[str, str, str]


def _judged(site: Site, frames: list[Frame], flow: Flow, began_ns: int = TUESDAY) -> tuple[str, set[str]]:
    found = results(site, frames, began_ns=began_ns)
    return flows(found)[flow], detections(found)


# -- 9.2: who is the initiator ----------------------------------------------------------------------------------------------------------



def _io(source: str, target: str) -> Frame:
    """I/O data of connection 0x4D00AA (CIP volume 2, 2-6)."""
    return udp(End(source, 2222), End(target, 2222), bytes.fromhex("020002800800aa004d0001000000b1000400010001000000"), 0)


def _mac(last: int) -> bytes:
    return bytes([0x02, 0, 0, 0, 0, last])


def _shout(source: str, target: str) -> list[Frame]:
    return [udp(End(source, 4444), End(target, 4444), b"x")]


GTE, GTB, AIR, POWER, UPS, ENG = "10.20.1.12", "10.20.1.10", "10.22.1.15", "10.21.2.10", "10.21.4.40", "10.20.3.5"
CASES: list[tuple[str, list[Frame], Flow, str]] = [
    ("SYN", read(POWER, GTE), (POWER, GTE, "modbus"), "undeclared pair"),
    ("no SYN: the well-known port", read(GTE, POWER, opening=False), (GTE, POWER, "modbus"), "allowed c09"),
    ("confirmed request", [bacnet(GTB, AIR, bytes.fromhex("0005010c0c004000011955"))], (GTB, AIR, "bacnet"), "allowed c01"),
    ("its answer alone", [bacnet(AIR, GTB, bytes.fromhex("30010c0c0040000119553e4441a800003f"))], (GTB, AIR, "bacnet"), "not judged"),
    ("Who-Is", [bacnet(GTB, "10.22.1.255", WHO_IS)], (GTB, "10.22.1.255", "bacnet"), "allowed c01"),
    ("origin of a Forwarded-NPDU", [bacnet("10.22.1.254", AIR, WHO_IS, origin=GTB)], (GTB, AIR, "bacnet"), "allowed c01"),
    ("SNET and SADR", [bacnet("10.22.2.5", GTB, COV, routed="083505")], ("bacnet 2101/05", GTB, "bacnet"), "allowed c02"),
    ("I-Am, own domain", [bacnet(AIR, "10.22.1.255", I_AM, broadcast=True)], (AIR, "10.22.1.255", "bacnet"), "not judged broadcast"),
    ("I-Have, own domain", [bacnet(AIR, "10.22.1.255", I_HAVE, broadcast=True)], (AIR, "10.22.1.255", "bacnet"), "not judged broadcast"),
    ("I-Am to who asked", [bacnet(ENG, "10.22.1.255", WHO_IS), bacnet(AIR, ENG, I_AM, at=1)], (AIR, ENG, "bacnet"), "not judged answer"),
    ("I-Am that nobody asked for", [bacnet(AIR, ENG, I_AM)], (AIR, ENG, "bacnet"), "undeclared pair"),
    ("COV notification", [bacnet(AIR, GTB, COV)], (AIR, GTB, "bacnet"), "allowed c02"),
    ("client by role: Modbus", asked(GTE, POWER, 1502, modbus(1, bytes.fromhex("0300000001")), modbus(1, bytes.fromhex("03020001")),
                                     opening=False), (GTE, POWER, "modbus"), "undeclared proto"),
    ("client by role: SNMP", [snmp(GTE, UPS, GET, 161)], (GTE, UPS, "snmp"), "allowed c11"),
    ("inform: the sender", [snmp(UPS, GTE, INFORM, 162), snmp(GTE, UPS, INFORM, 50_000)], (UPS, GTE, "snmp"), "allowed c12"),
    ("client by role: S7", asked("10.20.3.5", POWER, 102, *S7_SETUP), ("10.20.3.5", POWER, "s7"), "allowed c13"),
    ("client by role: UMAS", asked("10.20.3.5", POWER, 502, *UMAS_STOP, opening=False), ("10.20.3.5", POWER, "modbus"), "allowed c13"),
    ("client by role: OPC UA", asked(GTB, "10.20.1.130", 4840, *OPC_UA, opening=False), (GTB, "10.20.1.130", "opcua"), "violation c14 tls"),
    ("client by role: Fox", asked("10.20.2.9", GTB, 1911, FOX, FOX, opening=False), ("10.20.2.9", GTB, "fox"), "undeclared proto"),
    ("client by role: SNMP Set", [snmp(GTE, UPS, SET, 161)], (GTE, UPS, "snmp"), "forbidden n09"),
    ("neither SYN nor port nor message", asked(GTE, POWER, 40_000, b"a", b"b", opening=False), (GTE, POWER, "tcp"), "undeclared proto"),
    ("KNX routing: the device that sends", [udp(End("10.25.9.5", 3671), End("224.0.23.12", 3671), KNX_WRITE, 0)],
     ("10.25.9.5/knx 1.1.20", "224.0.23.12", "knx"), "not judged multicast"),
    ("trap: the sender", [snmp(UPS, GTE, TRAP, 162)], (UPS, GTE, "snmp"), "allowed c12"),
    ("syslog: the sender", [udp(End(GTE, 5140), End("10.20.4.5", 514), b"<34>1 x")], (GTE, "10.20.4.5", "syslog"), "undeclared proto"),
    ("NTP mode 3: the asker", [ntp(GTE, "10.20.4.10", 3)], (GTE, "10.20.4.10", "ntp"), "allowed c20 op?"),
    ("NTP mode 4: still the asker", [ntp("10.20.4.10", GTE, 4)], (GTE, "10.20.4.10", "ntp"), "allowed c20 op?"),
    ("NTP mode 5: the server", [ntp("10.20.4.10", "10.22.1.255", 5)], ("10.20.4.10", "10.22.1.255", "ntp"), "undeclared pair"),
    ("echo: its sender, for free", [icmp(GTB, AIR, 8), icmp(AIR, GTB, 0)], (GTB, AIR, "icmp"), "allowed c01 icmp"),
    ("VNC reverse: who dials", asked(AIR, "10.20.3.5", 5500, b"RFB 003.008\n"), (AIR, "10.20.3.5", "vnc"), "undeclared pair"),
    ("echo, no conduit", [icmp("10.23.1.4", "10.24.5.9", 8)], ("10.23.1.4", "10.24.5.9", "icmp"), "undeclared icmp pair"),
    ("Who-Has", [bacnet(GTB, "10.22.1.255", bytes.fromhex("10071c02000001"))], (GTB, "10.22.1.255", "bacnet"), "allowed c01"),
    ("CIP I/O, opening not seen", [_io("10.20.3.5", POWER)], ("10.20.3.5", POWER, "cip-io"), "allowed c13"),
    ("the same, the device heard first", [_io(POWER, "10.20.3.5")], (POWER, "10.20.3.5", "cip-io"), "allowed c13"),
    ("the same from the office", [_io("10.10.5.20", AIR)], ("10.10.5.20", AIR, "cip-io"), "forbidden n03"),
    ("DHCP", [udp(End(AIR, 68), End("255.255.255.255", 67), bytes(240))], (AIR, "255.255.255.255", "dhcp"), "not judged local"),
    # 9.3
    ("limited broadcast", _shout(AIR, "255.255.255.255"), (AIR, "255.255.255.255", "udp"), "not judged broadcast"),
    ("own subnet", _shout(AIR, "10.22.1.255"), (AIR, "10.22.1.255", "udp"), "not judged broadcast"),
    ("directed broadcast", _shout("10.24.5.9", "10.22.1.255"), ("10.24.5.9", "10.22.1.255", "udp"), "forbidden n05"),
    ("multicast", [udp(End(AIR, 5353), End("224.0.0.251", 5353), bytes(12))], (AIR, "224.0.0.251", "mdns"), "not judged multicast"),
    # 9.5
    ("unknown source", read("10.25.0.1", AIR), ("10.25.0.1", AIR, "modbus"), "undeclared pair unknown_source"),
    ("unknown target", read(GTE, "10.25.0.1"), (GTE, "10.25.0.1", "modbus"), "undeclared pair unknown_target"),
    # 9.6
    ("same zone", read(GTE, "10.20.1.13"), (GTE, "10.20.1.13", "modbus"), "intra"),
    ("proto not listed", read(GTE, AIR), (GTE, AIR, "modbus"), "undeclared proto"),
    ("one way, backwards", read("10.24.2.10", "10.24.1.3"), ("10.24.2.10", "10.24.1.3", "modbus"), "forbidden c25 unidirectional"),
]  # fmt: skip


@pytest.mark.parametrize(("frames", "flow", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_initiators_and_verdicts(example: Site, frames: list[Frame], flow: Flow, expected: str) -> None:
    found = flows(results(example, frames))
    assert found[flow] == expected, found


def test_who_began_is_a_guess_where_nothing_tells(example: Site) -> None:
    (row,) = results(example, asked(GTE, POWER, 40_000, b"a", b"b", opening=False)).links
    assert row.role == "guess"


def test_vnc_that_dials_out_is_flagged(example: Site) -> None:
    found = results(example, asked(AIR, ENG, 5500, b"RFB 003.008\n"))
    assert "zone.remote.unexpected" in detections(found)
    assert "zone.remote.unexpected" not in detections(results(example, asked(ENG, AIR, 5900, b"", b"RFB 003.008\n")))


@pytest.mark.parametrize("joined", [False, True])
def test_a_telegram_of_knx_reaches_the_zones_that_want_the_group(example: Site, joined: bool) -> None:
    """Nothing on the wire says which devices listen to 1/2/3; who takes part in routing says so by IGMP. Nobody known: the group itself."""
    report = Frame(ip(End("10.22.2.60", 0), End("224.0.23.12", 0), 2, bytes.fromhex("16000901e000170c")))
    telegram = udp(End("10.25.9.5", 3671), End("224.0.23.12", 3671), KNX_WRITE, 1)
    found = flows(results(lit(example), [report, telegram] if joined else [telegram]))
    to = [server for client, server, protocol in found if client == "10.25.9.5/knx 1.1.20"]
    assert sorted(to) == (["10.22.2.60", "224.0.23.12"] if joined else ["224.0.23.12"])


def lit(site: Site) -> Site:
    """With a zone for lighting."""
    zone = DeclaredZone("eclairage", "lighting", match=(Match(cidr=ip_network("10.25.9.0/24")),))
    return site._replace(zones=(*(site.zones or ()), zone))


def test_an_error_of_icmp_is_about_a_flow_and_none_itself(example: Site) -> None:
    """Time exceeded and unreachable come from routers on the way, from any zone, even from the Internet."""
    tried = [udp(End(GTE, 50_000), End("10.22.1.77", 9_999), b"x" * 12)]
    quoted = tried[0].data[14:42]
    errors = [icmp(router, GTE, kind, bytes(4) + quoted) for router in ("10.22.1.254", "198.51.100.7") for kind in (3, 11)]
    found = results(example, [*tried, *errors])
    assert set(flows(found)) == {(GTE, "10.22.1.77", "udp")}
    assert {row.key for row in found.assets} >= {"10.22.1.254", "198.51.100.7"}
    assert not {"zone.internet.inbound", "zone.internet.outbound"} & detections(found)


def test_what_holds_a_network_together_is_no_flow(example: Site) -> None:
    """ARP for an address of another zone, LLDP and spanning tree (zones.md 9.2)."""
    arp = bytes.fromhex("0001080006040001020000000001") + bytes([10, 20, 1, 12]) + bytes(6) + bytes([10, 22, 1, 15])
    lldp = bytes.fromhex("0207040200000000010403070200000000010602007800000000")
    tree = bytes.fromhex("4242030000000000800002000000000100000000800002000000000180010000140002000f00")
    frames = [
        Frame(bytes.fromhex("ffffffffffff0200000000010806") + arp),
        Frame(bytes.fromhex("0180c200000e02000000000188cc") + lldp),
        Frame(bytes.fromhex("0180c20000000200000000010026") + tree),
    ]
    found = results(example, frames)
    assert {verdict.partition("judged")[0] for verdict in flows(found).values()} <= {"not "}, flows(found)
    assert "zone.flow.undeclared" not in detections(found)


def test_zones_that_share_a_vlan_are_told_once(example: Site) -> None:
    """By who asks there by ARP or speaks to everybody; a flow between them is not told again, and what a router brings is not there."""
    def arp(ip: str, last: int) -> Frame:
        body = bytes.fromhex("0001080006040001") + _mac(last) + bytes(map(int, ip.split("."))) + bytes(10)
        return tagged(Frame(b"\xff" * 6 + _mac(last) + b"\x08\x06" + body), 20)

    camera, air, routed = "10.24.5.9", "10.22.1.15", "10.23.1.4"
    frames = [arp(camera, 1), arp(air, 2), arp(air, 2), *(tagged(one, 20) for one in read(routed, "10.23.1.5"))]
    (one,) = results(example, frames).alerts
    assert (one.detection, one.variant, one.facts["rule"], one.facts["zones"]) == (
        "zone.flow.undeclared", "shared", "shared_broadcast_domain", "cvc_bloc, video"
    )  # fmt: skip
    assert "est dans le même domaine de diffusion que" in one.sentence["fr"]
    assert "VLAN 20" in one.sentence["en"]
    assert not results(example, [arp(camera, 1), tagged(arp(air, 2), 30)]).alerts  # the inner tag counts: another VLAN


PICTURE = "239.1.1.7"


@pytest.mark.parametrize(
    ("joiner", "vlans", "verdict"),
    [
        ("10.22.1.15", (0, 0), "forbidden n05"),
        ("10.20.2.50", (0, 0), "undeclared pair"),
        ("10.24.5.8", (0, 0), ""),
        ("10.22.1.15", (20, 20), "forbidden n05"),
        ("10.22.1.15", (20, 30), ""),
    ],
    ids=["another zone", "a zone without conduit", "the same zone", "in the same VLAN", "in another VLAN, where the group does not come"],
)
def test_who_joins_a_group_is_spoken_to_by_who_publishes(example: Site, joiner: str, vlans: tuple[int, int], verdict: str) -> None:
    """IGMP version 2 (RFC 2236): a report is sent to the group itself."""
    camera = "10.24.5.9"
    report = Frame(ip(End(joiner, 0), End(PICTURE, 0), 2, bytes.fromhex("16000901") + bytes([239, 1, 1, 7])))
    frames = [tagged(report, vlans[0]), tagged(udp(End(camera, 5004), End(PICTURE, 5004), bytes(40), 1), vlans[1])]
    found = flows(results(example, frames))
    assert found[camera, PICTURE, "udp"] == "not judged multicast"
    assert found.get((camera, joiner, "udp"), "") == verdict


SESSION = (b"USER x\r\n", b"331 ok\r\n")
BACKUP = "10.20.4.5"
COMPANIONS: list[tuple[str, list[Frame], set[Flow]]] = [
    ("FTP, passive", [*asked(GTE, BACKUP, 21, *SESSION, b"PASV\r\n", b"227 ok (10,20,4,5,200,10)\r\n"),
                      *asked(GTE, BACKUP, 51_210, b"", b"\x01" * 9, begin=10)], {(GTE, BACKUP, "ftp"), (GTE, BACKUP, "ftp-data")}),
    ("FTP, active", [*asked(GTE, BACKUP, 21, *SESSION, b"PORT 10,20,1,12,195,80\r\n", b"200 ok\r\n"),
                     *asked(BACKUP, GTE, 50_000, b"\x01" * 9, begin=10)], {(GTE, BACKUP, "ftp"), (GTE, BACKUP, "ftp-data")}),
    ("pictures of a camera", [*asked("10.20.2.50", "10.24.5.9", 554, *PICTURES, *SETUP),
                              *(udp(End("10.24.5.9", 6970), End("10.20.2.50", 5000), b"\x80\x60" + bytes(30), 20 + at) for at in range(3))],
     {("10.20.2.50", "10.24.5.9", "rtsp"), ("10.20.2.50", "10.24.5.9", "rtp")}),
    ("TFTP", [udp(End(POWER, 50_001), End(BACKUP, 69), b"\0\x01a\0octet\0", 0),
              udp(End(BACKUP, 50_999), End(POWER, 50_001), b"\0\x03\0\x01data", 1)], {(POWER, BACKUP, "tftp")}),
]  # fmt: skip


@pytest.mark.parametrize(("frames", "expected"), [case[1:] for case in COMPANIONS], ids=[case[0] for case in COMPANIONS])
def test_what_a_session_asked_for_is_its_clients(example: Site, frames: list[Frame], expected: set[Flow]) -> None:
    found = flows(results(example, frames))
    assert set(found) == expected
    assert len(set(found.values())) == 1, found  # what is said of the session is said of its data


@pytest.mark.parametrize("size", [1, 2, 5, 16_384])
def test_batches_change_nothing(example: Site, size: int) -> None:
    """All cases one after the other, ten minutes apart, so that grace ends between them."""
    frames = [replace(frame, time_ns=600 * SECOND * at + frame.time_ns) for at, case in enumerate(CASES) for frame in case[1]]
    assert results(example, frames, size) == results(example, frames)


def test_cip_io_belongs_to_who_opened_it(example: Site) -> None:
    session = Session()
    session.asks(forward_open(IO_PATH, 1), granted(), 0)
    found = results(example, [*session.frames, outputs(1, "0100", 1), outputs(2, "0100", 2)])
    assert {row.client for row in found.links if row.port == 2222} == {"10.0.0.1"}


def test_a_new_host_is_judged_by_what_is_learnt_of_it_within_its_grace(example: Site) -> None:
    """A BACnet device behind a router says who it is only after it was asked: then its zone is its own (zones.md 9.5)."""
    station = "083505"
    first = bacnet("10.22.2.5", GTB, CONFIRMED_COV, routed=station)
    named = bacnet("10.22.2.5", GTB, I_AM, routed=station, at=60 * SECOND)
    found = results(example, [first, named])
    assert {row.key: row.zone for row in found.assets}["bacnet 210040"] == "cvc_bloc"
    assert flows(found)["bacnet 210040", GTB, "bacnet"] == "allowed c02"


# -- time, works, drafts ----------------------------------------------------------------------------------------------------------------


def test_works_lower_to_expected_and_keep(example: Site) -> None:
    """UMAS stop of a controller of cvc_bloc by the declared station, on the morning of its intervention and after it (zones.md 5.6)."""
    frames = asked("10.20.3.5", "10.22.1.15", 502, *UMAS_STOP)
    during, after = (results(example, frames, began_ns=at(f"2026-10-12T{hour}:00")).alerts for hour in ("09", "13"))
    assert {(one.status, one.severity) for one in during} == {("expected", 0)}
    assert {one.status for one in after} == {"new"}
    assert max(one.severity for one in after) > 0


def test_works_never_hide_a_never_rule(example: Site) -> None:
    works = (example.interventions[0]._replace(targets=(), ops=frozenset()),)
    found = results(example._replace(interventions=works), wrote("10.20.3.5", "10.21.4.5"), began_ns=at("2026-10-12T09:00"))
    assert {one.status for one in found.alerts if "zone.flow.forbidden" in (one.detection, *one.also)} == {"new"}


def test_a_conduit_expires(example: Site) -> None:
    last = at("2026-10-13T10:00")
    conduits = tuple(one._replace(expires=date(2026, 10, 13)) if one.id == "c09" else one for one in example.conduits or ())
    for began_ns, verdict in ((last, "allowed c09"), (last + 24 * 3600 * SECOND, "undeclared c09 expires")):
        assert _judged(example._replace(conduits=conduits), read(GTE, POWER), (GTE, POWER, "modbus"), began_ns)[0] == verdict


def test_a_draft_nobody_accepted_judges_never_rules_between_sure_zones_one_severity_lower(example: Site) -> None:
    frames, flow = read("10.10.5.20", "10.22.2.15"), ("10.10.5.20", "10.22.2.15", "modbus")
    accepted = example._replace(suggested_on=date(2026, 10, 1), accepted_by="somebody")

    def draft(sure: float) -> Site:
        zones = tuple(zone._replace(confidence=sure) for zone in example.zones or ())
        return accepted._replace(accepted_by="", zones=zones)

    assert flows(results(accepted, frames))[flow] == "forbidden n03"
    assert flows(results(draft(0.8), frames))[flow] == "forbidden n03"
    assert flows(results(draft(0.6), frames))[flow] == "not judged draft"
    severe = [max(one.severity for one in results(site, frames).alerts) for site in (accepted, draft(0.8))]
    assert severe[1] == severe[0] - 1
    assert flows(results(draft(0.8), read(GTE, AIR)))[GTE, AIR, "modbus"] == "not judged draft"


def test_days_and_hours_of_a_conversation(example: Site) -> None:
    later = [replace(frame, time_ns=frame.time_ns + 26 * 3600 * SECOND) for frame in read(GTE, POWER)]
    (row,) = (row for row in results(example, [*read(GTE, POWER), *later]).links if row.client == GTE)
    hours = [hour for hour in range(168) if int(row.hours, 16) >> hour & 1]
    assert (row.days, hours) == (2, [24 + 8, 48 + 10])  # Tuesday 08 UTC, Wednesday 10 UTC
