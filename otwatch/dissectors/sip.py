"""SIP over UDP and TCP: which telephones, intercoms and exchanges there are, by what they say they run on (RFC 3261 sections 20.35, 20.41),
and with which proof they log in (22.4).

Who calls whom is nobody's business here: of a message nothing but its kind, its software, its login and the ports of its sound is told.
"""

from collections.abc import Iterator
from ipaddress import ip_address
from re import compile as pattern
from zlib import crc32

from otwatch.dissectors import digest
from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.heads import Head, cut_head, read_head
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Announced, Answer, Event, Identity, Request, Verb

NAME, SCHEME = "sip", "sip-digest"
LOGIN = 1
"""Code of the only operation that is told: SIP numbers none."""
_STATUS = b"SIP/2.0 "
_REQUEST = pattern(rb"[A-Z]{3,12} (?:sips?|tel):\S{1,1024} SIP/2\.0\r?$")
_OWN = ("REGISTER", "OPTIONS")
_LETTERS = frozenset(range(ord("A"), ord("Z") + 1))
_ADDRESS = pattern(rb"(?m)^c=IN IP[46] ([0-9A-Fa-f.:]{2,39})")
_MEDIA = pattern(rb"(?m)^m=(?:audio|video) ([0-9]{1,5})(?:/[0-9]+)? RTP/")
_LONGEST = 1 << 16
TELEPHONE = (("capability", "telephone"),)


def looks_like(read: Reader, _hinted: bool) -> bool:
    line = read.peek(1200).partition(b"\n")[0]
    return line.startswith(_STATUS) or _REQUEST.match(line) is not None


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    text = read.peek(read.left).lower()
    head = read_head(read)
    answers, body = head.start.startswith(_STATUS), read.rest()
    yield from _announced(body, asker=not answers)
    yield from _answer(head) if answers else _login(head, body)
    read.take(read.left)
    passed_on = text.count(b"\nvia:") + text.count(b"\nv:") > 1
    yield from () if passed_on else _software(head)


def _software(head: Head) -> Iterator[Event]:
    """The software of who asks, if no proxy stands between (one Via), and of who answers what is asked of himself: a proxy passes on
    the answers of others."""
    answers = head.start.startswith(_STATUS)
    if answers and not head.text("cseq").endswith(_OWN):
        return
    software = (head.text("server") if answers else "") or head.text("user-agent")
    if software:
        yield Identity(NAME, (), (("software", software), *TELEPHONE))


def _announced(body: bytes, asker: bool) -> Iterator[Announced]:
    """Where sound will be: SDP (RFC 4566 5.7, 5.14), RTP on each port and RTCP on the next (RFC 3550 11)."""
    address, ports = _ADDRESS.search(body), [int(port) for port in _MEDIA.findall(body)]
    if address is not None and (said := _valid(address[1])):
        yield from (Announced(NAME, "rtp", "udp", (port, port + 1), asker, said) for port in ports if 0 < port < 0xFFFF)


def _valid(address: bytes) -> str:
    try:
        return str(ip_address(address.decode()))
    except ValueError:
        return ""


def _login(head: Head, body: bytes) -> Iterator[Event]:
    """A request that answers a challenge, of a registrar or of a proxy on the way (22.2, 22.3)."""
    if not _REQUEST.match(head.start):
        return
    method = head.start.partition(b" ")[0]
    for field in ("authorization", "proxy-authorization"):
        login = digest.credential(SCHEME, head.fields.get(field, b""), method, body)
        if login is not None:
            yield Request(NAME, Verb.AUTH, "login", LOGIN, details=(("method", method.decode("ascii")), _call(head)))
            yield login
            return


def _answer(head: Head) -> Iterator[Event]:
    """The final answer; those before it only say "wait" (8.1.3.2)."""
    status = head.start[len(_STATUS) :].partition(b" ")[0].decode("latin-1")
    if len(status) == 3 and status.isdigit() and status >= "200":
        error = f"status {status}" if status >= "400" else ""
        code = digest.refusal(status, head.fields.get("www-authenticate") or head.fields.get("proxy-authenticate", b""))
        yield Answer(NAME, "SIP answer", LOGIN, error=error, error_code=code if error else "", details=(_call(head),))


def _call(head: Head) -> tuple[str, str]:
    """What an answer repeats of its request (8.2.6.2): the call and the number in it, as a sum that names nobody."""
    call = head.fields.get("call-id") or head.fields.get("i", b"")
    return "call", f"{crc32(call + head.fields.get('cseq', b'')):08x}"


def cut_stream(read: Reader) -> Reader | None:
    """A head, and a body as long as it says (RFC 3261 18.3)."""
    look = Reader(read.data, read.at, read.end)
    head = cut_head(look)
    if head is None:
        return None
    fields = read_head(head)
    size = fields.text("content-length") or fields.text("l") or "0"
    if not size.isascii() or not size.isdecimal() or int(size) > _LONGEST:
        raise Malformed(f"body of {size} bytes", read.at)
    whole_of_it = look.at - read.at + int(size)
    return read.part(whole_of_it) if read.left >= whole_of_it else None


SIP = Dissector(
    name=NAME,
    title="SIP",
    transports=frozenset({"udp"}),
    ports=frozenset({5060}),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    tells=True,
    marks=tuple((offset, _LETTERS | (frozenset(b"/ ") if offset == 3 else frozenset())) for offset in range(4)),
    names=True,
)
SIP_STREAM = SIP._replace(name="sip-tcp", title="SIP over TCP", transports=frozenset({"tcp"}), cut=cut_stream)
