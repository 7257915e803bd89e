"""What NTLM says in clear of the two sides of a login: names of machine and domain, version of Windows (MS-NLMP 2.2.1.2, 2.2.1.3).

It travels inside SMB, HTTP, LDAP, RDP and others. Numbers are little-endian; texts are told by length and place in the message.
"""

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, clean

SIGNATURE = b"NTLMSSP\0"
_CHALLENGE, _AUTHENTICATE = 2, 3
_UNICODE, _VERSION = 0x00000001, 0x02000000

PAIRS = {1: "host", 2: "domain", 3: "host", 4: "domain"}
"""MS-NLMP 2.2.2.1: names of NetBIOS and of DNS, of the machine and of its domain."""
SYSTEMS = {
    (5, 0): "Windows 2000", (5, 1): "Windows XP", (5, 2): "Windows Server 2003", (6, 0): "Windows Vista or Server 2008",
    (6, 1): "Windows 7 or Server 2008 R2", (6, 2): "Windows 8 or Server 2012", (6, 3): "Windows 8.1 or Server 2012 R2",
    (10, 0): "Windows 10 or later",
}  # fmt: skip
"""MS-NLMP 2.2.2.10, with the build number behind. Samba says 6.1 build 0."""


def told(blob: bytes) -> Details:
    """What the NTLM message in a blob tells of its sender; nothing where there is none or it is broken."""
    at = blob.find(SIGNATURE)
    if at < 0:
        return ()
    try:
        return _message(blob, at)
    except Malformed:
        return ()


def _message(blob: bytes, start: int) -> Details:
    read = Reader(blob, start)
    read.take(len(SIGNATURE))
    kind = read.le32()
    if kind == _CHALLENGE:
        read.take(8)
        flags = read.le32()
        read.take(8 + 8)
        info = _part(blob, start, read)
        return tuple(dict.fromkeys((*_pairs(info), *_system(read, flags))))
    if kind != _AUTHENTICATE:
        return ()
    read.take(8 + 8)
    domain, _user, station = (_part(blob, start, read) for _ in range(3))
    read.take(8)
    flags = read.le32()
    encoding = "utf-16-le" if flags & _UNICODE else "cp1252"
    named = (("domain", _text(domain, encoding)), ("host", _text(station, encoding)), *_system(read, flags))
    return tuple((name, value) for name, value in named if value)


def _part(blob: bytes, start: int, read: Reader) -> Reader:
    """Length 2, space 2, place 4."""
    size = read.le16()
    read.take(2)
    whole = Reader(blob, start)
    whole.take(read.le32())
    return whole.part(size)


def _pairs(info: Reader) -> list[tuple[str, str]]:
    found = []
    while info.left and (number := info.le16()):
        value = info.part(info.le16())
        if number in PAIRS and (text := _text(value, "utf-16-le")):
            found.append((PAIRS[number], text))
    return found


def _text(read: Reader, encoding: str) -> str:
    return clean(read.rest().decode(encoding, "replace").rstrip("\0 "))


def _system(read: Reader, flags: int) -> Details:
    if not flags & _VERSION or read.left < 4:
        return ()
    major, minor, build = read.u8(), read.u8(), read.le16()
    name = SYSTEMS.get((major, minor))
    return (("os", f"{name} (build {build})"),) if name and build else ()
