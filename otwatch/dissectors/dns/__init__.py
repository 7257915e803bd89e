"""Who has which name: DNS (RFC 1035), mDNS with DNS-SD (RFC 6762, RFC 6763), LLMNR (RFC 4795).

Only answers are told. A host that answers by mDNS or LLMNR speaks of itself; a DNS server speaks of others.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Decode, Dissector, whole
from otwatch.dissectors.dns.message import AAAA, HINFO, PTR, TXT, A, Labels, Record, looks_like, read_message
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Event, Identity, clean

_REVERSE, _SERVICE, _META = (b"in-addr", b"arpa"), b"_", b"_services"
_FEW = frozenset({0})
"""High bytes of the four counts: no message holds 256 records of one kind."""
MARKS = tuple((offset, _FEW) for offset in (4, 6, 8, 10))

KEYS = {
    "model": "model", "md": "model", "mdl": "model", "ty": "model", "usb_mdl": "model", "am": "model", "manufacturer": "vendor",
    "vendor": "vendor", "usb_mfg": "vendor", "fv": "firmware", "fw": "firmware", "firmware": "firmware", "sn": "serial",
    "serial": "serial", "serialnumber": "serial", "macaddress": "mac", "note": "location",
}  # fmt: skip
"""Keys of TXT records that makers agree on, and what they say."""
_CAPABLE = {
    "_axis-video": "camera", "_rtsp": "camera", "_psia": "camera", "_ipp": "printer", "_printer": "printer", "_pdl-datastream": "printer",
}  # fmt: skip


def decode_mdns(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """What a host answers: the services it offers with their descriptions, and its name if the message has but one."""
    message = read_message(read)
    if not message.is_response:
        read.aside(read.left)
        return
    fields: list[tuple[str, str]] = []
    hosts: dict[str, None] = {}
    for record in message.records:
        if record.kind in (A, AAAA):
            hosts[_text(record.name)] = None
        else:
            fields.extend(_said(record))
    if len(hosts) == 1:
        fields.append(("host", next(iter(hosts))))
    if fields:
        yield Identity("mdns", (), tuple(dict.fromkeys(fields)))


def _said(record: Record) -> Details:
    data = record.data
    if record.kind == PTR and record.name and record.name[0].startswith(_SERVICE) and record.name[0] != _META:
        return _service(record.target)
    if record.kind == TXT:
        return tuple(_described(data))
    return (("hardware", clean(data.take(data.u8()))), ("os", clean(data.take(data.u8())))) if record.kind == HINFO else ()


def _service(name: Labels) -> Details:
    """RFC 6763 4.1: instance, service, transport, domain."""
    if len(name) < 3:
        return ()
    instance, kind = name[0], clean(name[1])
    capable = (("capability", _CAPABLE[kind]),) if kind in _CAPABLE else ()
    return (("service", clean(f"{instance.decode('utf-8', 'backslashreplace')} ({kind})")), *capable)


def _described(data: Reader) -> Iterator[tuple[str, str]]:
    """RFC 6763 6.3: strings of key=value."""
    while data.left:
        key, equals, value = data.take(data.u8()).partition(b"=")
        field = KEYS.get(key.decode("latin-1").lower())
        if field and equals and value:
            yield field, clean(value)


def decode_llmnr(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """Who answers for a name has it (RFC 4795 2.3)."""
    message = read_message(read)
    if not message.is_response:
        read.aside(read.left)
        return
    for name in dict.fromkeys(_text(record.name) for record in message.records if record.kind in (A, AAAA)):
        yield Identity("llmnr", (), (("host", name),))


def decode_dns(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """What a server says: the address of the name that was asked for, the name of an address."""
    message = read_message(read)
    if not message.is_response or not message.questions:
        read.aside(read.left)
        return
    asked = message.questions[0]
    for record in message.records:
        address, name = _address(record), asked.name
        if record.kind == PTR and record.name[-2:] == _REVERSE:
            address, name = _backwards(record.name), record.target
        if address and name:
            yield Identity("dns", (f"ip {address}:0",), (("host", _text(name)),), hearsay=True)


def _address(record: Record) -> str:
    return ".".join(map(str, record.data.fields(">4B"))) if record.kind == A and record.data.left == 4 else ""


def _backwards(name: Labels) -> str:
    """The address that is asked for by 4.3.2.1.in-addr.arpa (RFC 1035 3.5)."""
    octets = [label.decode("latin-1") for label in reversed(name[:-2])]
    return ".".join(octets) if len(octets) == 4 and all(one.isdecimal() and len(one) < 4 and int(one) < 256 for one in octets) else ""


def _text(name: Labels) -> str:
    return clean(b".".join(name))


def _look(read: Reader, _hinted: bool) -> bool:
    return looks_like(read)


def _cut_stream(read: Reader) -> Reader | None:
    """RFC 7766 8: a length of 2 bytes before each message."""
    if read.left < 2:
        return None
    (size,) = read.ahead(">H")
    return read.part(2 + size) if read.left >= 2 + size else None


def _look_stream(read: Reader, hinted: bool) -> bool:
    """A question comes first, and has one segment to itself."""
    return hinted and read.u16() == read.left and looks_like(read.part(read.left))


def _decode_stream(read: Reader, is_request: bool | None) -> Iterator[Event]:
    read.take(2)
    return decode_dns(read.part(read.left), is_request)


def _dissector(name: str, title: str, port: int, decode: Decode) -> Dissector:
    return Dissector(
        name=name, title=title, transports=frozenset({"udp"}), ports=frozenset({port}), looks_like=_look, cut=whole, decode=decode,
        tells=True, marks=MARKS, fixed=True, names=True,
    )  # fmt: skip


DNS = _dissector("dns", "DNS", 53, decode_dns)
MDNS = _dissector("mdns", "mDNS, DNS-SD", 5353, decode_mdns)
LLMNR = _dissector("llmnr", "LLMNR", 5355, decode_llmnr)
DNS_STREAM = Dissector(
    name="dns-tcp", title="DNS over TCP", transports=frozenset({"tcp"}), ports=frozenset({53}), looks_like=_look_stream, cut=_cut_stream,
    decode=_decode_stream, tells=True, names=True,
)  # fmt: skip
