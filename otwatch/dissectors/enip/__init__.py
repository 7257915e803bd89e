"""EtherNet/IP: CIP over TCP and UDP (ODVA CIP volume 2; domain/protocols.md 3.1 to 3.4).

    encapsulation   header and commands of TCP and UDP 44818
    items           Common Packet Format
    implicit        I/O data on UDP 2222, a protocol of its own here
"""

from otwatch.dissectors import cip
from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.enip import encapsulation, implicit

ENIP = Dissector(
    name="enip",
    title="EtherNet/IP",
    transports=frozenset({"tcp", "udp"}),
    ports=frozenset({44818}),
    looks_like=encapsulation.looks_like,
    cut=encapsulation.cut,
    decode=encapsulation.decode,
    joined=encapsulation.joined,
    joins=cip.opens_or_closes,
    marks=tuple((offset, frozenset({0})) for offset in (1, 9, 10, 11, 20, 21, 22, 23)),
)

CIP_IO = Dissector(
    name="cip-io",
    title="EtherNet/IP I/O data",
    transports=frozenset({"udp"}),
    ports=frozenset({2222}),
    looks_like=implicit.looks_like,
    cut=whole,
    decode=implicit.decode,
    marks=((0, frozenset({2})), (1, frozenset({0})), (2, frozenset({2})), (3, frozenset({0x80}))),
)
