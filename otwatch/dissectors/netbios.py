"""NetBIOS over UDP (RFC 1001, RFC 1002): the names of Windows machines, their domain, and what they announce to the browser.

The name service is built like DNS; its names are 15 characters and a suffix that says what for, each half byte a letter from A on.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.dns.message import NETBIOS, NETBIOS_STATUS, Labels, Record, looks_like, read_message
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Event, Identity, clean

NAME_SERVICE, DATAGRAMS = "netbios-ns", "netbios-dgm"
_QUERY, _REGISTER, _REFRESH = 0, 5, frozenset({8, 9})
_GROUP = 0x8000
HOST_SUFFIXES, DOMAIN_SUFFIXES = frozenset({0x00, 0x20}), frozenset({0x00, 0x1B, 0x1C, 0x1E})
"""Of names of one machine, and of groups: workstation, server; domain, its master, its controllers, its browsers."""
_ENCODED, _PLAIN = 32, 16
_DIRECT = frozenset({0x10, 0x11, 0x12})  # to one, to a group, to all (RFC 1002 4.4.1)
_BROWSE, _SMB = b"\\MAILSLOT\\BROWSE\0", b"\xffSMB"
ANNOUNCEMENTS = frozenset({1, 15})
"""MS-BRWS 2.2.1, 2.2.6: a host, and the master of the browsers of a network, announce themselves."""
SYSTEMS = {
    (4, 0): "Windows NT 4.0 or 95", (4, 10): "Windows 98", (5, 0): "Windows 2000", (5, 1): "Windows XP", (5, 2): "Windows Server 2003",
    (6, 0): "Windows Vista or Server 2008", (6, 1): "Windows 7 or Server 2008 R2 (or Samba)", (6, 2): "Windows 8 or Server 2012",
    (6, 3): "Windows 8.1 or Server 2012 R2", (10, 0): "Windows 10 or later",
}  # fmt: skip
"""Versions in announcements. Samba says 4.9 or 6.1 whatever it is."""


def decode_names(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """Registrations and status answers are said by their owner; an answer to a query may come from a name server."""
    message = read_message(read, {})
    registers = message.operation == _REGISTER or message.operation in _REFRESH
    for record in message.records:
        if message.is_response and record.kind == NETBIOS_STATUS:
            yield from _status(record.data)
        elif record.kind == NETBIOS and (registers or message.operation == _QUERY):
            yield from _owned(record, registers and not message.is_response)


def _status(data: Reader) -> Iterator[Event]:
    """RFC 1002 4.2.18: how many names, each with its flags; then the MAC."""
    fields: list[tuple[str, str]] = []
    for _ in range(data.u8()):
        fields.extend(_field(data.take(_PLAIN), data.u16()))
    mac = data.take(6)
    if any(mac):
        fields.append(("mac", mac.hex(":")))
    if fields:
        yield Identity(NAME_SERVICE, (), tuple(dict.fromkeys(fields)))


def _owned(record: Record, by_owner: bool) -> Iterator[Event]:
    """RFC 1002 4.2.2, 4.2.13: flags and address of whoever has the name."""
    flags = record.data.u16()
    octets = record.data.fields(">4B")
    fields = _field(_plain(record.name), flags)
    if by_owner and fields:
        yield Identity(NAME_SERVICE, (), fields)
    elif any(octets) and not flags & _GROUP and fields:
        yield Identity(NAME_SERVICE, (f"ip {'.'.join(map(str, octets))}:0",), fields, hearsay=True)


def _field(name: bytes, flags: int) -> Details:
    """What a name is by its suffix and by whether it is a group's."""
    read = Reader(name)
    text, suffix = read.take(_PLAIN - 1).rstrip(b" \0"), read.u8()
    shown = clean(text, "cp1252")
    if not shown or text.startswith((b"\x01", b"*")):
        return ()
    if flags & _GROUP:
        return (("domain", shown),) if suffix in DOMAIN_SUFFIXES else ()
    return (("host", shown),) if suffix in HOST_SUFFIXES else ()


def _plain(name: Labels) -> bytes:
    """RFC 1001 14.1: two letters for each byte."""
    halves = [letter - ord("A") for letter in name[0]] if name else []
    if len(halves) != _ENCODED or any(half not in range(16) for half in halves):
        raise Malformed("no name of NetBIOS", 0)
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return bytes(high << 4 | low for high, low in pairs)


def _look(read: Reader, _hinted: bool) -> bool:
    return looks_like(read)


def looks_like_datagram(read: Reader, _hinted: bool) -> bool:
    return read.u8() in _DIRECT


def decode_datagram(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """Who sends it, and what it announces of itself (RFC 1002 4.4.2, MS-BRWS 2.2.1)."""
    if read.u8() not in _DIRECT:
        read.aside(read.left)
        return
    read.take(1)
    read.aside(2 + 4 + 2)  # number, address, port
    read.take(4)
    sender, _ = _name(read), _name(read)
    fields = (*_field(sender, 0), *_announced(read.part(read.left)))
    if fields:
        yield Identity(DATAGRAMS, (), tuple(dict.fromkeys(fields)))


def _name(read: Reader) -> bytes:
    """RFC 1002 4.1: one encoded label, perhaps a scope."""
    label = read.take(read.u8())
    while size := read.u8():
        read.take(size)
    return _plain((label,))


def _announced(smb: Reader) -> Details:
    """A message of the browser in an SMB transaction (MS-CIFS 2.2.4.33): its data stand where the words say."""
    start = smb.at
    if smb.left < 32 or smb.peek(4) != _SMB:
        smb.aside(smb.left)
        return ()
    smb.take(4 + 1)
    smb.aside(27)
    smb.u8()
    smb.take(11 * 2)
    smb.take(2)
    offset = smb.le16()
    rest = smb.peek(smb.left)
    if _BROWSE not in rest or not smb.at <= start + offset <= smb.end:
        return ()
    smb.take(start + offset - smb.at)
    return _host(smb)


def _host(read: Reader) -> Details:
    if read.u8() not in ANNOUNCEMENTS:
        return ()
    read.take(1 + 4)
    host = clean(read.take(_PLAIN).partition(b"\0")[0], "cp1252")
    version = read.u8(), read.u8()
    read.take(4 + 2 + 2)
    comment = clean(read.rest().partition(b"\0")[0], "cp1252")
    said = (("host", host), ("os", SYSTEMS.get(version, "")), ("description", comment))
    return tuple((name, value) for name, value in said if value)


NETBIOS_NAMES = Dissector(
    name=NAME_SERVICE,
    title="NetBIOS names",
    transports=frozenset({"udp"}),
    ports=frozenset({137}),
    looks_like=_look,
    cut=whole,
    decode=decode_names,
    tells=True,
    marks=tuple((offset, frozenset({0})) for offset in (4, 6, 8, 10)),
    fixed=True,
    names=True,
)

NETBIOS_DATAGRAMS = Dissector(
    name=DATAGRAMS,
    title="NetBIOS datagrams",
    transports=frozenset({"udp"}),
    ports=frozenset({138}),
    looks_like=looks_like_datagram,
    cut=whole,
    decode=decode_datagram,
    tells=True,
    marks=((0, _DIRECT),),
    fixed=True,
    names=True,
)
