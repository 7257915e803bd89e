"""Who a CIP device says it is: what its identity and network objects answer (CIP volume 1, 5-2; volume 2, 5-4 and 5-5)."""

from collections.abc import Callable
from types import MappingProxyType

from otwatch.dissectors.reader import Reader
from otwatch.events import Details, clean

VENDORS = MappingProxyType({
    1: "Rockwell Automation/Allen-Bradley",
    3: "Honeywell",
    40: "WAGO",
    46: "ABB",
    47: "Omron",
    68: "Eaton",
    77: "Rockwell Software",
    90: "HMS",
    95: "Square D",
    97: "Danfoss",
    108: "Beckhoff",
    161: "Mitsubishi",
    173: "Caterpillar",
    190: "Cummins",
    243: "Schneider Automation",
    309: "ProSoft",
    562: "Phoenix Contact",
    634: "Hirschmann",
    749: "Woodward",
    991: "Moxa",
    1251: "Siemens",
    1284: "DEIF",
    1289: "eWON",
    1344: "Grundfos",
})  # fmt: skip

DEVICE_TYPES = MappingProxyType({
    2: "AC Drive",
    7: "General Purpose Discrete I/O",
    12: "Communications Adapter",
    14: "Programmable Logic Controller",
    24: "Human-Machine Interface",
    43: "Generic Device",
    44: "Managed Ethernet Switch",
    51: "Circuit Breaker",
})  # fmt: skip

STATES = MappingProxyType({
    0: "nonexistent",
    1: "self-test",
    2: "standby",
    3: "operational",
    4: "major recoverable fault",
    5: "major unrecoverable fault",
})  # fmt: skip

_NO_STATE = 255


def _vendor(read: Reader) -> Details:
    number = read.le16()
    name: Details = (("vendor", VENDORS[number]),) if number in VENDORS else ()
    return (("vendor_id", str(number)), *name)


def _device_type(read: Reader) -> Details:
    number = read.le16()
    return (("device_type", DEVICE_TYPES.get(number, str(number))), ("device_type_id", str(number)))


def _product_code(read: Reader) -> Details:
    return (("product_code", str(read.le16())),)


def _revision(read: Reader) -> Details:
    major, minor = read.u8(), read.u8()
    return (("firmware", f"{major}.{minor}"),)


def _status(read: Reader) -> Details:
    read.take(2)
    return ()


def _serial(read: Reader) -> Details:
    return (("serial", f"0x{read.le32():08X}"),)


def _product(read: Reader) -> Details:
    name = clean(read.take(read.u8())).strip()
    return (("product", name),) if name else ()


def state(read: Reader) -> Details:
    number = read.u8()
    return () if number == _NO_STATE else (("run_state", STATES.get(number, f"state {number}")),)


_IDENTITY = {1: _vendor, 2: _device_type, 3: _product_code, 4: _revision, 5: _status, 6: _serial, 7: _product, 8: state}
"""Attributes of class 1 (volume 1, table 5-2.2)."""


def identity(read: Reader) -> Details:
    """Attributes 1 to 7 of the Identity object one behind the other, as Get Attributes All and ListIdentity give them."""
    return tuple(fact for number in range(1, 8) for fact in _IDENTITY[number](read))


def _host(read: Reader) -> Details:
    name = clean(read.take(read.le16())).strip()
    return (("host", name),) if name else ()


def _mac(read: Reader) -> Details:
    return (("mac", read.take(6).hex(":")),)


def _interface(read: Reader) -> Details:
    """TCP/IP Interface, all attributes: status, capability, control, path of the link, address and domain, host name (volume 2, 5-4.3)."""
    read.take(3 * 4)
    read.take(2 * read.le16())
    read.take(5 * 4)
    size = read.le16()
    read.take(size + (size & 1))
    return _host(read)


def _link(read: Reader) -> Details:
    """Ethernet Link, all attributes: speed, flags, physical address (volume 2, 5-5.3)."""
    read.take(2 * 4)
    return _mac(read)


SINGLE: dict[tuple[int, int], Callable[[Reader], Details]] = {
    **{(0x01, number): attribute for number, attribute in _IDENTITY.items()},
    (0xF5, 6): _host,
    (0xF6, 3): _mac,
}
ALL: dict[int, Callable[[Reader], Details]] = {0x01: identity, 0xF5: _interface, 0xF6: _link}
"""What single attributes say, by class and attribute; and all of them together."""
