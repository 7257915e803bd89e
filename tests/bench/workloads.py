"""Workloads by name. `python -m tests.bench.workloads KIND PACKETS FILE` writes one.

The seed and the source text decide the bytes, so files are kept from one run to the next under a name that holds a digest of both.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from random import Random

from tests.bench.traffic import Traffic, bacnet, enip, families, hostile, mix, modbus
from tests.bench.traffic.frames import write_pcap

SEED = 4242

ORDINARY: dict[str, Traffic] = {"modbus": modbus.modbus, "bacnet": bacnet.bacnet, "enip": enip.enip, "mix": mix.mix}
HOSTILE: dict[str, Traffic] = {
    "modbus-distinct": hostile.modbus_distinct,
    "modbus-writes": hostile.modbus_writes,
    "modbus-unanswered": hostile.modbus_unanswered,
    "bacnet-distinct": hostile.bacnet_distinct,
    "enip-distinct": hostile.enip_distinct,
    "syn-scan": hostile.syn_scan,
    "udp-scan": hostile.udp_scan,
    "single-bytes": hostile.single_bytes,
    "gaps": hostile.gaps,
    "halves": hostile.halves,
    "tickets": hostile.tickets,
    "endless": hostile.endless,
    "held": hostile.held,
    "undecided": hostile.undecided,
    "bacnet-wide": hostile.bacnet_wide,
    "bacnet-long": hostile.bacnet_long,
    "bacnet-pieces": hostile.bacnet_pieces,
    "fragments": hostile.fragments,
    "orphans": hostile.orphans,
    "arp-announcements": families.arp_announcements,
    "lldp-names": families.lldp_names,
    "dcp-names": families.dcp_names,
    "dhcp-names": families.dhcp_names,
    "dns-names": families.dns_names,
    "mdns-names": families.mdns_names,
    "snmp-distinct": families.snmp_distinct,
    "bacnet-devices": families.bacnet_devices,
    "bacnet-writes": families.bacnet_writes,
    "s7-distinct": families.s7_distinct,
    "iec104-commands": families.iec104_commands,
    "http-pages": families.http_pages,
    "ftp-logins": families.ftp_logins,
    "tls-hellos": families.tls_hellos,
    "port-scan": families.port_scan,
    "echoes": families.echoes,
    "groups": families.groups,
    "vlans": families.vlans,
    "ipv6-sources": families.ipv6_sources,
}


def frames(kind: str, packets: int) -> Iterator[bytes]:
    """The first `packets` frames of a kind of traffic."""
    traffic = (ORDINARY | HOSTILE)[kind]
    return islice(chain.from_iterable(traffic(Random(SEED))), packets)


def workload(kind: str, packets: int, folder: Path) -> Path:
    """The pcap of a workload, made where it is not there yet.

    OTWATCH_BENCH_WORKLOADS names another program that makes the ordinary kinds, called with KIND PACKETS FILE.
    """
    other = os.environ.get("OTWATCH_BENCH_WORKLOADS") if kind in ORDINARY else None
    sources = [Path(other)] if other else sorted((Path(__file__).parent / "traffic").glob("*.py"))
    digest = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:8]
    path = folder / f"{kind}-{packets}-{digest}.pcap"
    if not path.exists():
        half = path.with_suffix(".part")
        if other:
            subprocess.run((sys.executable, other, kind, str(packets), str(half)), check=True, stdout=subprocess.DEVNULL)
        else:
            write_pcap(half, frames(kind, packets))
        half.rename(path)
    return path


if __name__ == "__main__":
    write_pcap(Path(sys.argv[3]), frames(sys.argv[1], int(sys.argv[2])))
