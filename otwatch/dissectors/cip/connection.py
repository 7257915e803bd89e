"""Forward Open and Forward Close: connections between an originator and a target (CIP volume 1, 3-5.5.2; domain/protocols.md 3.9).

Connection ids, serial numbers and timing ticks change with every connection and are set aside. What stays - who
opens, of which transport class, how fast, how much, to where - is what tells one client from another.
"""

from otwatch.dissectors.cip.body import Body
from otwatch.dissectors.cip.path import Path, path
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Verb

_TYPES = ("null", "multicast", "point to point", "reserved")


def forward_open(read: Reader, _path: Path) -> Body:
    return _opened(read, 2)


def large_forward_open(read: Reader, _path: Path) -> Body:
    return _opened(read, 4)


def _opened(read: Reader, width: int) -> Body:
    read.aside(2 + 4 + 4 + 2)  # priority and ticks, both connection ids, connection serial number
    originator = _originator(read)
    read.aside(4)  # timeout multiplier, reserved
    sizes = (*_rate("o_t", read, width), *_rate("t_o", read, width))
    transport = read.u8() & 0x0F
    to = path(read, read.u8())
    return Body(
        details=(*originator, ("class", str(transport)), *sizes, *_where(to)),
        points=to.points,
        verb=Verb.SUBSCRIBE if transport < 2 else Verb.SESSION,
    )


def _originator(read: Reader) -> Details:
    vendor, serial = read.fields("<HI")
    return (("originator_vendor", str(vendor)), ("originator_serial", f"0x{serial:08X}"))


def _rate(side: str, read: Reader, width: int) -> Details:
    """Requested packet interval and network connection parameters of one direction (volume 1, table 3-5.8)."""
    interval = read.le32()
    parameters = read.le16() if width == 2 else read.le32()
    kind = _TYPES[parameters >> (8 * width - 3) & 3]
    size = parameters & (0x1FF if width == 2 else 0xFFFF)
    if kind == "null":
        return ((f"{side}_type", kind),)
    return ((f"{side}_type", kind), (f"{side}_bytes", str(size)), (f"{side}_interval_us", str(interval)))


def _where(to: Path) -> Details:
    route: Details = (("route", " ".join(to.hops)),) if to.hops else ()
    key: Details = (("key", to.key),) if to.key else ()
    return (*route, *to.details, *key)


def forward_close(read: Reader, _path: Path) -> Body:
    read.aside(2 + 2)  # priority and ticks, connection serial number
    originator = _originator(read)
    words = read.u8()
    read.aside(1)
    to = path(read, words)
    return Body(details=(*originator, *_where(to)), points=to.points)
