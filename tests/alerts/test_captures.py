"""What is found in real captures, and in the hospital of our own."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from otwatch.config import load_site
from otwatch.pipeline import replay
from otwatch.results import AlertRow

ROOT = Path(__file__).parents[2]
HOSPITAL = ROOT / "pcaps" / "hospital.pcapng"
TRUTH = {incident["id"]: incident for incident in json.loads((ROOT / "pcaps" / "hospital.json").read_text())["incidents"]}
FOUND = {
    "default-login": ("cred.default.cleartext", "success", 3),
    "office-setpoint": ("modbus.write.unexpected", "success", 4),
    "priority-1": ("bacnet.write.high_priority", "p1_2", 4),
    "listen-only": ("modbus.control.diagnostic", "listen_only", 4),
    "office-scan": ("recon.net.sweep", "fast", 3),
}

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


@cache
def hospital() -> tuple[AlertRow, ...]:
    return replay([str(HOSPITAL)], load_site(ROOT / "configs" / "site.yaml")).alerts


def row_of(incident: str) -> AlertRow:
    return next(row for row in hospital() if (row.detection, row.variant) == FOUND[incident][:2])


def test_exactly_the_scripted_incidents() -> None:
    assert sorted((row.detection, row.variant, row.severity) for row in hospital()) == sorted(FOUND.values())
    assert all(row.status == "new" for row in hospital())


@pytest.mark.parametrize("incident", TRUTH)
def test_incident_names_its_two_sides(incident: str) -> None:
    row = row_of(incident)
    assert row.client == TRUTH[incident]["client"]
    assert incident == "office-scan" or row.server.partition("/")[0] == TRUTH[incident]["server"]
    assert {frame.number for frame in row.frames} <= set(TRUTH[incident]["frames"])


@pytest.mark.parametrize("incident", TRUTH)
@needs_tshark
def test_filter_shows_exactly_the_frames(incident: str) -> None:
    row = row_of(incident)
    command = ("tshark", "-n", "-r", str(HOSPITAL), "-Y", row.filter, "-T", "fields", "-e", "frame.number")
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert set(map(int, shown)) == {frame.number for frame in (*row.frames, *row.answers)}


def test_sweep_counts_every_try() -> None:
    row = row_of("office-scan")
    assert row.times == len(TRUTH["office-scan"]["frames"])
    assert "10.22.8.20-36" in row.sentence["fr"]


def test_no_secret_is_said() -> None:
    assert "Valmont-cam-31" not in repr(hospital())
    assert "root:pass" not in repr(hospital())


def writes(rows: tuple[AlertRow, ...]) -> list[tuple[str, str, int]]:
    return [(row.client, row.server, row.frames[0].number) for row in rows if row.detection.endswith(".write.unexpected")]


def test_only_the_fake_command_is_an_unexpected_write(captures: Path) -> None:
    rows = replay([str(captures / "modbus" / "lemay-send_a_fake_command_modbus_6RTU_with_operate.pcap")]).alerts
    assert writes(rows) == [("192.168.1.101", "192.168.1.102", 4785)]


def test_who_was_at_work_when_the_record_began_is_taken_as_the_habit(captures: Path) -> None:
    """A sign of life, written every second over a connection that was open before; three others read that device."""
    rows = replay([str(captures / "modbus" / "iti-modbus_test.pcap")]).alerts
    assert {(row.detection, row.variant, row.severity) for row in rows} == {("modbus.write.unexpected", "first", 0)}


def test_a_port_scan_is_one_sweep(captures: Path) -> None:
    (row,) = replay([str(captures / "attack" / "markofu-portscan.pcap")]).alerts
    assert (row.detection, row.client) == ("recon.net.sweep", "10.100.25.14")


def test_orders_to_bacnet_devices_behind_routers(captures: Path) -> None:
    rows = replay([str(captures / "bacnet" / "icsnpp-bacnet_services.pcap")]).alerts
    named = {(row.detection, row.variant) for row in rows}
    assert {
        ("bacnet.write.high_priority", "p1_2"), ("cred.bacnet", "default"), ("eng.bacnet.dcc", "limited"), ("eng.bacnet.dcc", "failure"),
        ("eng.device.restart", "order"), ("eng.program.download", "success"), ("recon.bacnet.whois_sweep", "sweep"),
    } <= named  # fmt: skip
    assert {row.server for row in rows if row.detection == "cred.bacnet"} <= {"bacnet 108", "bacnet 10"}
    restarts = {row.server: row.facts["outcome"] for row in rows if row.detection == "eng.device.restart"}
    assert restarts == {"bacnet 108": "partly", "bacnet 10": "ok"}  # two tries with a wrong password, and one with the right one


ORDINARY = (
    "attack/sanders-passiveosfingerprinting.pcapng", "bacnet/ctsamples-BACnet-MSTP-SNAP-Mixed.pcap",
    "bacnet/ndpi-bacnet.pcapng", "dhcp/zeek-dhcp.pcap", "ftp/arkime-ftp.pcap", "http/zeek-pipelined-requests.pcap",
    "iot/ndpi-zabbix.pcapng", "it/ndpi-smtp-starttls.pcap", "l2/arkime-wireshark-lldp.pcap", "mixed/tracepcap-week8_near_baseline.pcap",
    "modbus/lemay-channel_4d_5s-first12000.pcapng", "modbus/zeek-modbusBig.pcap", "profinet/icsnpp-profinet_io_cm_connect.pcapng",
    "s7/iti-wincc_s400_production.pcap", "s7/iti-wincc_s300_setup-alarm-read-write.pcap", "s7/iti-tia_s300_goOnline.pcap",
    "knx/zimmermann-knx.pcap", "iec104/automayt-IEC104_SQ.pcapng", "iec61850/ndpi-iso9506-1-mms.pcap", "hl7/ndpi-hl7.pcap",
    "profinet/icsnpp-profinet_io_cm_mixed_1.pcap", "ssdp/ndpi-srvloc.pcap",
)  # fmt: skip


@pytest.mark.parametrize("name", ORDINARY)
def test_calm_without_a_site_file(captures: Path, name: str) -> None:
    """Years between packets, addresses of everybody, badly made web servers: no finding."""
    assert replay([str(captures / name)]).alerts == ()


@pytest.mark.parametrize(("name", "found"), [
    ("attack/markofu-dosattack.pcap", ("avail.flood", "invented")),
    ("attack/sanders-activeosfingerprinting.pcapng", ("recon.plc.fingerprint", "tool_signature")),
])  # fmt: skip
def test_packets_that_nothing_but_a_tool_makes(captures: Path, name: str, found: tuple[str, str]) -> None:
    (row,) = replay([str(captures / name)]).alerts
    assert (row.detection, row.variant) == found


def test_equipment_reached_from_the_internet(captures: Path) -> None:
    """Seen over many minutes: links wait for the draft of the zones, however long the capture."""
    rows = replay([str(captures / "modbus" / "zeek-modbus-and-non-modbus-p502.pcap")]).alerts
    assert {(row.detection, row.variant, row.severity, row.server) for row in rows} == {
        ("zone.internet.inbound", "established", 4, "192.168.10.111")
    }
    assert "(tcp/502)" in rows[0].sentence["en"]


def test_a_firmware_update_is_told_once(captures: Path) -> None:
    """Its first request asks for something that the module does not have, and goes on without."""
    rows = replay([str(captures / "enip" / "iti-EIP-FirmwareChange.pcap")]).alerts
    assert {(row.detection, row.variant) for row in rows} == {("eng.firmware.update", "success"), ("eng.device.restart", "order")}


def test_functions_known_by_name_only_are_not_told_as_programs(captures: Path) -> None:
    """A tool calls one function after the other, each with two bytes of nothing; this device answers 40 and 125."""
    rows = replay([str(captures / "modbus" / "iti-modbus_test_data_part2.pcap")]).alerts
    found = {row.detection: row for row in rows if row.detection.startswith("eng.")}
    assert {name: row.severity for name, row in found.items()} == {"eng.program.download": 1, "eng.firmware.update": 1}
    assert "called the firmware function of" in found["eng.firmware.update"].sentence["en"]
    assert [row.variant for row in rows if row.detection == "malf.frame"] == ["fuzzing"]


def test_an_open_screen_that_only_its_own_machine_uses(captures: Path) -> None:
    (row,) = replay([str(captures / "vnc" / "suricata-rfb-parser.pcap")]).alerts
    assert (row.detection, row.severity, row.trace[-1]) == ("cred.vnc", 1, "own machine =1")


def test_a_password_of_lists_is_not_the_manufacturers(captures: Path) -> None:
    """Nobody knows who made this server."""
    (row,) = replay([str(captures / "http" / "sanders-http_dvwa_clearlogin.pcapng")]).alerts
    assert "stands in lists of factory passwords" in row.sentence["en"]


def test_a_reset_inside_a_download_restarts_nothing(captures: Path) -> None:
    rows = replay([str(captures / "enip" / "iti-EIP-ControlProtocolChangeAttempt.pcap")]).alerts
    assert {row.detection for row in rows} == {"eng.program.download", "eng.mode.changed"}


def test_known_communities_that_read_and_write_are_one_finding(captures: Path) -> None:
    (row,) = replay([str(captures / "snmp" / "kholia-b6300a.pcap")]).alerts
    assert (row.detection, row.variant, row.server) == ("cred.snmp", "set", "172.31.19.73")


def test_a_bacnet_password_that_everybody_knows_without_its_answer(captures: Path) -> None:
    rows = replay([str(captures / "bacnet" / "icsnpp-bacnet_error_reject_abort.pcap")]).alerts
    (row,) = [row for row in rows if row.detection == "cred.bacnet"]
    assert (row.variant, row.frames[0].number) == ("unknown", 17)


def test_thirty_refused_logins_are_one_finding(captures: Path) -> None:
    (row,) = replay([str(captures / "ftp" / "zeek-bruteforce.pcap")]).alerts
    assert (row.detection, row.variant, row.client, row.server) == ("cred.bruteforce", "failing", "192.168.56.1", "192.168.56.101")
    assert (row.times, row.facts["count"], row.facts["users"]) == (30, "30", "bro")


INDUSTRIAL = {
    "s7/iti-snap7_s300_stop.pcap": {("eng.mode.changed", "stop")},
    "s7/iti-step7_s300_copyRamToRom.pcap": {("eng.program.download", "success")},
    "s7/iti-step7_s300_download.pcap": {("eng.program.download", "success")},
    "s7/iti-s7comm_reading_plc_status.pcap": {("cred.controller", "open"), ("eng.session.new", "session")},
    "s7/iti-s7comm_varservice_libnodavedemo.pcap": {("eng.session.new", "session"), ("s7.write.unexpected", "first")},
    "fox/iti-fox_info.pcap": {("eng.session.new", "session")},
    "opcua/icsnpp-python_opcua-client-server_minimal.pcap": {("cred.opcua", "anonymous"), ("cred.opcua", "offered")},
    "opcua/icsnpp-open62541_client-server_encrypted.pcapng": {("cred.opcua", "offered")},
    "opcua/icsnpp-open62541_read_service_test_data.pcap": {
        ("cred.opcua", "clear"), ("cred.opcua", "offered"), ("cred.weak.reused", "simple"),
    },
    "iec104/iti-090813_diverse.pcap": {("iec104.write.unexpected", "first")},
    "iec61850/iti-8d7c7db0-9804-012b-b2a6-0016cb8cea27.pcap": {("mms.write.unexpected", "first")},
}
"""Captures of one act each, and all that is found in them."""


@pytest.mark.parametrize("name", INDUSTRIAL)
def test_acts_in_industrial_protocols(captures: Path, name: str) -> None:
    assert {(row.detection, row.variant) for row in replay([str(captures / name)]).alerts} == INDUSTRIAL[name]


def test_a_block_that_goes_into_a_controller_is_one_download(captures: Path) -> None:
    (row,) = replay([str(captures / "s7" / "iti-step7_s300_download.pcap")]).alerts
    assert (row.client, row.server) == ("134.249.53.130", "134.249.61.182")


LOGINS = {
    "sip/goffinet-sip-cme-zoiper-register.pcapng": {("cred.default.challenge", "success")},
    "sip/goffinet-voip1b.pcapng": {("cred.default.challenge", "success")},
    "sip/goffinet-sip-register-wrong_password-401-403-401-403.pcapng": set[tuple[str, str]](),
    "sip/ndpi-sip.pcap": set[tuple[str, str]](),
    "snmp/suricata-SNMPv3.pcap": set[tuple[str, str]](),
    "vnc/suricata-rfb-parser.pcap": {("cred.vnc", "success")},
    "vnc/suricata-00-vnc-openwall-3.7.pcap": set[tuple[str, str]](),
    "http/sanders-http_dvwa_clearlogin.pcapng": {("cred.default.cleartext", "unknown")},
    "rtsp/ndpi-rtsp.pcapng": {("clear.management", "open_video")},
    "rtsp/ndpi-rtsp_setup_http.pcapng": set[tuple[str, str]](),
}
"""Logins, and all that is found in them: passwords of sites are not guessed, refused ones are not told."""


@pytest.mark.parametrize("name", LOGINS)
def test_logins(captures: Path, name: str) -> None:
    assert {(row.detection, row.variant) for row in replay([str(captures / name)]).alerts} == LOGINS[name]


def test_a_telephone_whose_password_is_its_number(captures: Path) -> None:
    (row,) = replay([str(captures / "sip/goffinet-sip-cme-zoiper-register.pcapng")]).alerts
    assert "1111" in row.sentence["fr"]  # the user; that it is the password too is what the finding says
    assert "mot de passe identique au nom d'utilisateur" in row.sentence["fr"]
    assert [frame.number for frame in row.frames] == [4, 7]


def test_without_checks_nothing_is_held_against_lists(captures: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("version: 1\nsite: {name: Essai, timezone: Europe/Paris, language: fr}\ncredentials: {check: false}\n", "utf-8")
    rows = replay([str(captures / "sip/goffinet-voip1b.pcapng")], load_site(site)).alerts
    assert not [row for row in rows if row.detection == "cred.default.challenge"]
