"""The protocols otwatch speaks. The tuple below is the registry: what is not in it does not exist.

The order matters only where two could look alike on a port that hints at neither: the stricter stands first.
"""

from collections.abc import Callable

from otwatch.dissectors.arp import ARP
from otwatch.dissectors.bacnet import BACNET, BACNET_ETHERNET
from otwatch.dissectors.bacnet import readings as bacnet
from otwatch.dissectors.bacnet_sc import BACNET_SC, BACNET_WEBSOCKET
from otwatch.dissectors.base import Dissector
from otwatch.dissectors.cdp import CDP
from otwatch.dissectors.dhcp import DHCP
from otwatch.dissectors.dhcpv6 import DHCPV6
from otwatch.dissectors.dicom import DICOM
from otwatch.dissectors.dns import DNS, DNS_STREAM, LLMNR, MDNS
from otwatch.dissectors.enip import CIP_IO, ENIP
from otwatch.dissectors.first_hop import GLBP, HSRP
from otwatch.dissectors.fox import FOX
from otwatch.dissectors.ftp import FTP
from otwatch.dissectors.hl7 import HL7
from otwatch.dissectors.http import HTTP
from otwatch.dissectors.icmp import ICMP, ICMPV6
from otwatch.dissectors.iec104 import IEC104
from otwatch.dissectors.ipmi import IPMI
from otwatch.dissectors.knx import KNX
from otwatch.dissectors.ldap import LDAP
from otwatch.dissectors.lldp import LLDP
from otwatch.dissectors.mms import MMS
from otwatch.dissectors.modbus import MODBUS
from otwatch.dissectors.modbus import readings as modbus
from otwatch.dissectors.modbus.rtu import MODBUS_RTU
from otwatch.dissectors.mqtt import MQTT
from otwatch.dissectors.netbios import NETBIOS_DATAGRAMS, NETBIOS_NAMES
from otwatch.dissectors.ntp import NTP
from otwatch.dissectors.opcua import OPCUA
from otwatch.dissectors.profinet import PROFINET
from otwatch.dissectors.rings import DLR, MRP
from otwatch.dissectors.rtsp import RTSP
from otwatch.dissectors.s7 import PLUS, S7
from otwatch.dissectors.sip import SIP, SIP_STREAM
from otwatch.dissectors.smb import SMB
from otwatch.dissectors.snmp import SNMP
from otwatch.dissectors.spanning_tree import PVST, SPANNING_TREE
from otwatch.dissectors.ssdp import SSDP
from otwatch.dissectors.ssh import SSH
from otwatch.dissectors.telnet import TELNET
from otwatch.dissectors.tls import TLS
from otwatch.dissectors.trunks import DTP, VTP
from otwatch.dissectors.vnc import VNC
from otwatch.dissectors.vrrp import VRRP
from otwatch.dissectors.ws_discovery import WS_DISCOVERY
from otwatch.dissectors.xway import XWAY
from otwatch.events import Point

DISSECTORS: tuple[Dissector, ...] = (
    ARP, PROFINET, BACNET, BACNET_ETHERNET, ENIP, CIP_IO, BACNET_SC, TLS, S7, PLUS, MMS, KNX, OPCUA, IEC104, FOX, HL7, DICOM,
    MODBUS, XWAY, SNMP, IPMI,
    BACNET_WEBSOCKET, HTTP, FTP, LDAP,
    ICMP, ICMPV6, LLDP, CDP, SPANNING_TREE, PVST, MRP, DLR, DTP, VTP,
    DHCP, DHCPV6, HSRP, GLBP, VRRP, DNS, DNS_STREAM, MDNS, LLMNR, NETBIOS_NAMES, NETBIOS_DATAGRAMS, NTP, SSDP,
    WS_DISCOVERY, SSH, SMB, RTSP, SIP, SIP_STREAM,
    TELNET, VNC, MQTT, MODBUS_RTU,
)  # fmt: skip

_Reading = Callable[[Dissector, tuple[Point, ...]], Dissector]
_READINGS: dict[Dissector, _Reading] = {MODBUS: modbus.reading, BACNET: bacnet.reading}
"""Those that can say values that were read, of points that somebody watches."""


def watching(points: tuple[Point, ...]) -> tuple[Dissector, ...]:
    """The dissectors, of which some also tell the values of these points: their reads are joined with the answers, once a slot, and
    `Sighting.told` holds (point, value). Values of all other points stay set aside, so the fast path loses nothing to them."""
    if not points:
        return DISSECTORS
    return tuple(_READINGS[one](one, points) if one in _READINGS else one for one in DISSECTORS)


__all__ = ["DISSECTORS", "Dissector", "watching"]
