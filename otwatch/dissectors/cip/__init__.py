"""CIP, the language inside EtherNet/IP: services asked of objects (ODVA CIP volume 1; domain/protocols.md 3.5 to 3.11).

    router      messages, and the messages they wrap -> Request, Answer
    path        EPATH: through which ports, which object, which attribute or tag
    classes     names of objects
    services    what a service code means on a class of objects
    body        the data of a request: values written, reset type, network settings
    tags        the data of the tag services
    modbus      the data of the Modbus object
    connection  Forward Open and Forward Close
    pccc        the older language of PLC-5 and SLC 500 inside class 0x67
    joined      what answers say once their requests are known
    identity    what the answers of the identity and network objects say of a device
    status      words for refusals
"""

from otwatch.dissectors.cip.connection import connection_name, opens_or_closes
from otwatch.dissectors.cip.identity import identity, state
from otwatch.dissectors.cip.joined import joined
from otwatch.dissectors.cip.router import decode

__all__ = ["connection_name", "decode", "identity", "joined", "opens_or_closes", "state"]
