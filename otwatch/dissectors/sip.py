"""SIP over UDP and TCP: which telephones, intercoms and exchanges there are, by what they say they run on (RFC 3261 sections 20.35, 20.41).

Who calls whom is nobody's business here: of a message nothing but its kind and its software is looked at.
"""

from collections.abc import Iterator
from re import compile as pattern

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.heads import cut_head, read_head
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Event, Identity

NAME = "sip"
_STATUS = b"SIP/2.0 "
_REQUEST = pattern(rb"[A-Z]{3,12} (?:sips?|tel):\S{1,1024} SIP/2\.0\r?$")
_OWN = ("REGISTER", "OPTIONS")
_LETTERS = frozenset(range(ord("A"), ord("Z") + 1))
_LONGEST = 1 << 16
TELEPHONE = (("capability", "telephone"),)


def looks_like(read: Reader, _hinted: bool) -> bool:
    line = read.peek(1200).partition(b"\n")[0]
    return line.startswith(_STATUS) or _REQUEST.match(line) is not None


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """The software of who asks, if no proxy stands between (one Via), and of who answers what is asked of himself: a proxy passes on
    the answers of others."""
    text = read.peek(read.left).lower()
    head = read_head(read)
    read.take(read.left)
    passed_on = text.count(b"\nvia:") + text.count(b"\nv:") > 1
    if passed_on or (head.start.startswith(_STATUS) and not head.text("cseq").endswith(_OWN)):
        return
    software = (head.text("server") if head.start.startswith(_STATUS) else "") or head.text("user-agent")
    if software:
        yield Identity(NAME, (), (("software", software), *TELEPHONE))


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
