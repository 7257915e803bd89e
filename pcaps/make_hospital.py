"""Plays the sample hospital and writes pcaps/hospital.pcapng and pcaps/hospital.json; about five minutes, as root.

    .venv/bin/python -m pcaps.make_hospital

What is played stands in pcaps/hospital/, what comes out in pcaps/SOURCES.md.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pcaps.hospital.act import DEVICES, STATIONS
from pcaps.hospital.devices import CPPPO, CPPPO_NEEDS
from pcaps.hospital.means import check_means, install
from pcaps.hospital.network import capture, hospital_network, inside, namespace
from pcaps.hospital.rewrite import read_pcap, write_pcapng
from pcaps.hospital.timetable import BOOT, END, STORY_BEGINS
from pcaps.hospital.truth import write_truth

HERE = Path(__file__).parent
PROGRAMS = {
    "ip": "iproute2", "sysctl": "procps", "ethtool": "ethtool", "tcpdump": "tcpdump", "tshark": "tshark",
    "/usr/sbin/snmpd": "snmpd", "snmpget": "snmp",
}  # fmt: skip
COMMENT = "otwatch sample capture: a fictional hospital played by real protocol stacks; see SOURCES.md"


def _play(host: str, began: float) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "pcaps.hospital.act", host, str(began))
    return subprocess.Popen(inside(namespace(host), *command), cwd=HERE.parent)


def _live_a_day(began: float, raw: Path) -> None:
    """All hosts play their part, captured from `began` on; every one must get through the day."""
    playing = {host: _play(host, began) for host in (*DEVICES, *STATIONS)}
    try:
        time.sleep(max(0.0, began - time.time()))
        with capture(raw):
            failed = [host for host in STATIONS if playing[host].wait() != 0]
            time.sleep(max(0.0, began + END - time.time()))
            failed += [host for host in DEVICES if playing[host].poll() is not None]
    finally:
        for process in playing.values():
            process.terminate()
        for process in playing.values():
            process.wait()
    if failed:
        sys.exit(f"make_hospital: {', '.join(failed)} did not get through the day; their tracebacks are above")


def main() -> None:
    check_means("make_hospital", PROGRAMS)
    install(CPPPO, CPPPO_NEEDS)
    target = HERE / "hospital.pcapng"
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "raw.pcap")
        with hospital_network():
            began = time.time() + BOOT
            _live_a_day(began, raw)
        shift_us = round((STORY_BEGINS.timestamp() - began) * 1_000_000)
        frames = write_pcapng(target, read_pcap(raw), shift_us, COMMENT)
    write_truth(HERE / "hospital.json", target, frames)
    print(f"{target}: {frames} frames, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
