"""The Common Packet Format: the items in which EtherNet/IP carries addresses, CIP messages and facts (CIP volume 2, 2-6)."""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address

from otwatch.dissectors import cip
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, clean

CIP_IDENTITY, CIP_SECURITY, SERVICE = 0x000C, 0x0086, 0x0100
CONNECTED_ADDRESS = 0x00A1
CONNECTED_DATA, UNCONNECTED_DATA, SEQUENCED_ADDRESS = 0x00B1, 0x00B2, 0x8002
_MESSAGES = frozenset({CONNECTED_DATA, UNCONNECTED_DATA})
ITEMS = 16
"""More items than any message has: address, data and two socket addresses are four."""


def items(read: Reader) -> Iterator[tuple[int, Reader]]:
    """All items. Bytes that nobody reads of an item are set aside."""
    for _ in range(_count(read)):
        kind = read.le16()
        item = read.part(read.le16())
        yield kind, item
        item.aside(item.left)


def _count(read: Reader) -> int:
    count = read.le16()
    if count > ITEMS:
        raise Malformed(f"{count} items in one message", read.at - 2)
    return count


def carried(read: Reader) -> Iterator[tuple[str, Reader]]:
    """The CIP messages of SendRRData and SendUnitData, and the connection they travel through; "" without. Other items are set aside."""
    if read.le32():
        raise Malformed("interface handle is not 0 (CIP)", read.at - 4)
    read.aside(2)  # timeout
    connection = ""
    for _ in range(_count(read)):
        kind, size = read.le16(), read.le16()
        if kind == CONNECTED_ADDRESS and size == 4:
            connection = f"0x{read.le32():08x}"
            continue
        if kind not in _MESSAGES:
            read.aside(size)
            continue
        item = read.part(size)
        if kind == CONNECTED_DATA:
            item.ticket(2)  # sequence count
        yield connection, item
        if item.left:
            item.aside(item.left)


def _identity_item(item: Reader) -> tuple[Details, Details]:
    item.take(2 + 4)  # encapsulation version, family and port of the socket address
    address = str(IPv4Address(item.u32()))
    item.take(8)
    facts = (("ip", address), *cip.identity(item))
    return (), (*facts, *cip.state(item)) if item.left else facts


def _service_item(item: Reader) -> tuple[Details, Details]:
    """Capability flags: bit 5 CIP over TCP, bit 8 class 0 and 1 over UDP (volume 2, 2-4.6)."""
    item.take(2)
    flags = item.le16()
    name = clean(item.rest())
    return (("service", name), ("flags", f"0x{flags:04x}")), ()


def _security_item(item: Reader) -> tuple[Details, Details]:
    profiles, state = item.le16(), item.u8()
    return (("security_profiles", f"0x{profiles:04x}"), ("security_state", str(state))), ()


LISTED: dict[int, Callable[[Reader], tuple[Details, Details]]] = {
    CIP_IDENTITY: _identity_item,
    SERVICE: _service_item,
    CIP_SECURITY: _security_item,
}
"""Items of the answers to the List commands, read into details of the answer and facts of the device."""
