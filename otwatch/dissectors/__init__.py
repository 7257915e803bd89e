"""The protocols otwatch speaks. The tuple below is the registry: what is not in it does not exist.

The order matters only where two could look alike on a port that hints at neither: the stricter stands first.
"""

from otwatch.dissectors.arp import ARP
from otwatch.dissectors.bacnet import BACNET, BACNET_ETHERNET
from otwatch.dissectors.bacnet_sc import BACNET_SC, BACNET_WEBSOCKET
from otwatch.dissectors.base import Dissector
from otwatch.dissectors.enip import CIP_IO, ENIP
from otwatch.dissectors.fox import FOX
from otwatch.dissectors.ftp import FTP
from otwatch.dissectors.hl7 import HL7
from otwatch.dissectors.http import HTTP
from otwatch.dissectors.iec104 import IEC104
from otwatch.dissectors.knx import KNX
from otwatch.dissectors.mms import MMS
from otwatch.dissectors.modbus import MODBUS
from otwatch.dissectors.modbus.rtu import MODBUS_RTU
from otwatch.dissectors.opcua import OPCUA
from otwatch.dissectors.profinet import PROFINET
from otwatch.dissectors.s7 import PLUS, S7
from otwatch.dissectors.snmp import SNMP
from otwatch.dissectors.tls import TLS
from otwatch.dissectors.xway import XWAY

DISSECTORS: tuple[Dissector, ...] = (
    ARP, PROFINET, BACNET, BACNET_ETHERNET, ENIP, CIP_IO, BACNET_SC, TLS, S7, PLUS, MMS, KNX, OPCUA, IEC104, FOX, HL7, MODBUS, XWAY, SNMP,
    BACNET_WEBSOCKET, HTTP, FTP, MODBUS_RTU,
)  # fmt: skip

__all__ = ["DISSECTORS", "Dissector"]
