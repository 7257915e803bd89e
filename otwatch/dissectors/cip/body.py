"""What stands behind the path of a CIP request: the written value, the reset type, the network settings.

Each reader here is a row's `body` in `services`. It gets the request data and the path, and reads what decides
the meaning; bytes that say nothing to us are set aside. Of a written value at most HEX_LIMIT bytes are kept.
"""

from collections.abc import Callable
from ipaddress import IPv4Address
from typing import NamedTuple

from otwatch.dissectors.cip.path import Path
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Point, Verb, clean

HEX_LIMIT = 64
ATTRIBUTES = 64


class Body(NamedTuple):
    """values and details as in `Request`; points, operation and verb replace what path and service say, where they are given."""

    values: tuple[str, ...] = ()
    details: Details = ()
    points: tuple[Point, ...] = ()
    operation: str = ""
    verb: Verb | None = None


NOTHING = Body()
"""Made once: most requests are only a path."""

BodyReader = Callable[[Reader, Path], Body]


def unread(read: Reader, _path: Path) -> Body:
    """Nothing but the object: data, if any, are set aside."""
    read.aside(read.left)
    return NOTHING


def hex_text(read: Reader) -> str:
    """The data left as hex; what is beyond HEX_LIMIT bytes is set aside and shown as "…"."""
    shown = read.take(min(read.left, HEX_LIMIT)).hex()
    more = "…" if read.left else ""
    read.aside(read.left)
    return shown + more


def raw_value(read: Reader, _path: Path) -> Body:
    """The value, as hex."""
    return Body(values=(hex_text(read),) if read.left else ())


def attribute_list(read: Reader, path: Path) -> Body:
    """Get Attribute List: one point for each attribute asked for (volume 1, appendix A-4.3)."""
    count = read.le16()
    numbers = [read.le16() for _ in range(min(count, ATTRIBUTES))]
    return Body(points=tuple(Point("cip", name=f"{path.name}/{number}") for number in numbers))


def set_attribute_list(read: Reader, path: Path) -> Body:
    """Set Attribute List: the size of a value is known to its object only, so only the first attribute's number can be told."""
    read.le16()
    points = (Point("cip", name=f"{path.name}/{read.le16()}"),) if read.left else ()
    return Body(values=(hex_text(read),) if read.left else (), points=points)


def reset(read: Reader, _path: Path) -> Body:
    """Reset: 0 power cycle, 1 factory settings, 2 factory settings but for communication; 0 where it is absent (volume 1, 5-2.3.1)."""
    return Body(details=(("type", str(read.u8() if read.left else 0)),))


def _ipv4(read: Reader) -> str:
    return str(IPv4Address(read.le32()))


_METHODS = ("static", "BOOTP", "DHCP")


def set_address(read: Reader, path: Path) -> Body:
    """Set on the TCP/IP Interface object, class 0xf5 (volume 2, 5-4.3): 3 how the address comes, 5 the address, 6 the host name."""
    details = _ADDRESS.get(path.attribute or 0, _no_details)(Reader(read.data, read.at, read.end))
    return Body((hex_text(read),), details)


def _no_details(_read: Reader) -> Details:
    return ()


def _configuration_control(read: Reader) -> Details:
    method = read.le32() & 0x0F
    return (("method", _METHODS[method] if method < len(_METHODS) else str(method)),)


def _interface_configuration(read: Reader) -> Details:
    names = ("ip", "mask", "gateway", "dns1", "dns2")
    addresses = tuple((name, _ipv4(read)) for name in names)
    domain = clean(read.take(read.le16()))
    return (*addresses, ("domain", domain)) if domain else addresses


def _host_name(read: Reader) -> Details:
    return (("host", clean(read.take(read.le16()))),)


_ADDRESS = {3: _configuration_control, 5: _interface_configuration, 6: _host_name}
