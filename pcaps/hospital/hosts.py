"""The hosts of the sample hospital. Everything is fictional; the MAC prefixes are real vendors' (IEEE registry)
but for the virtual machine, whose address is the one the example site declares.

Addresses are those of the example site (configs/site.yaml). All hosts share one bridge and the mask /8: the capture shows
what the mirror port of a flat core would show, every frame once, with the MAC of the true sender.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

PREFIX = 8


class Host(NamedTuple):
    """A host in a namespace of its own.

    name      namespace and bridge port, at most 11 characters
    says      what its stack says about itself on the wire, in the words of `events.IDENTITY_FIELDS`
    routable  False: its mask is /24 and it has no gateway, so it takes SYNs from other zones and cannot answer them
    """

    name: str
    address: str
    mac: str
    what: str
    says: Mapping[str, str] = MappingProxyType({})
    routable: bool = True


HVAC_PLC_SAYS = {"vendor": "Schneider Electric", "product_code": "TM221CE24R", "firmware": "1.11"}
GATEWAY_SAYS = {"vendor": "Schneider Electric", "product_code": "EGX150", "firmware": "4.150"}
ENIP_PLC_SAYS = {"vendor_id": "1", "product": "1769-L33ER/A LOGIX5333ER", "product_code": "107", "firmware": "30.11", "serial": "60a1b2c3"}
CAMERA_SAYS = {"realm": "AXIS_ACCC8E012345", "software": "Apache/2.2.22 (Unix)"}
UPS_SAYS = {
    "description": "APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.8.2 PN:apc_hw05_aos_682.bin AF1:v6.8.0 AN1:apc_hw05_sumx_680.bin "
    "MN:AP9631 HR:08 SN: ZA1634999999 MD:08/20/2016)",
    "object_id": "1.3.6.1.4.1.318.1.3.27",
    "name": "OND-BLOC-A",
    "location": "Local onduleurs, niveau -1",
}


def _air_handler(instance: int, name: str) -> dict[str, str]:
    return {
        "device_instance": str(instance), "name": name, "vendor": "Siemens Building Technologies", "vendor_id": "7",
        "model": "PXC36-E.D", "firmware": "FW=V6.00.141", "software": "V2.4 CTA BLOC", "location": "Terrasse technique, bloc operatoire",
    }  # fmt: skip


TIME = Host("temps", "10.20.4.10", "ec:46:70:5a:04:10", "time server")
GTB_1 = Host("gtb-1", "10.20.1.10", "02:00:00:aa:01:10", "supervision server (a virtual machine), BACnet client of the air handlers")
GTB_2 = Host("gtb-2", "10.20.1.11", "f8:b1:56:aa:01:11", "supervision server, watches the UPS")
GTE = Host("gte", "10.20.1.12", "f8:b1:56:aa:01:12", "supervision server, Modbus and EtherNet/IP client")
SECURITY = Host("pc-secu", "10.20.2.50", "00:1b:78:2c:02:50", "security PC")
ENGINEERING = Host("ingenierie", "10.20.3.5", "00:14:22:3e:03:05", "engineering station")
OFFICE = Host("bureau", "10.10.5.20", "00:1b:78:41:05:20", "office PC")
SWITCHBOARD = Host("tgbt", "10.21.2.10", "00:80:f4:21:02:10", "LV switchboard, Modbus gateway with units 1 to 3", GATEWAY_SAYS)
UPS = Host("onduleur", "10.21.4.40", "00:c0:b7:21:04:40", "UPS with an SNMP card", UPS_SAYS)
AIR_HANDLERS = (
    Host("cta-bloc-3", "10.22.1.15", "00:05:19:22:01:15", "air handler of theatre 3", _air_handler(210103, "CTA-BLOC-3")),
    Host("cta-bloc-4", "10.22.1.16", "00:05:19:22:01:16", "air handler of theatre 4", _air_handler(210104, "CTA-BLOC-4")),
)
HVAC_PLC = Host("api-cvc", "10.22.8.20", "00:80:f4:22:08:20", "HVAC PLC, Modbus server", HVAC_PLC_SAYS)
WATER_PLC = Host("api-eau", "10.23.1.5", "00:00:bc:23:01:05", "water PLC, EtherNet/IP server", ENIP_PLC_SAYS)
CAMERA = Host("camera", "10.24.5.9", "ac:cc:8e:01:23:45", "camera with a web page", CAMERA_SAYS)
ROOM_CONTROLLERS = tuple(
    Host(f"regul-{last}", f"10.22.8.{last}", f"00:0a:5c:22:08:{last}", "room controller, no open port", routable=last <= 32)
    for last in range(21, 37)
)
"""What else stands in 10.22.8.0/24: up to .32 they refuse connections, from .33 they stay silent; from .37 on nobody is there."""

HOSTS = (
    TIME, GTB_1, GTB_2, GTE, SECURITY, ENGINEERING, OFFICE, SWITCHBOARD, UPS, *AIR_HANDLERS, HVAC_PLC, WATER_PLC, CAMERA, *ROOM_CONTROLLERS,
)  # fmt: skip
