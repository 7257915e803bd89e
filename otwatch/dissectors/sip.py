"""SIP over UDP: which telephones, intercoms and exchanges there are, by what they say they run on (RFC 3261 sections 20.35, 20.41).

Who calls whom is nobody's business here: of a message nothing but its kind and its software is looked at.
"""

from collections.abc import Iterator
from re import compile as pattern

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.heads import read_head
from otwatch.dissectors.reader import Reader
from otwatch.events import Event, Identity

NAME = "sip"
_STATUS = b"SIP/2.0 "
_REQUEST = pattern(rb"[A-Z]{3,12} (?:sips?|tel):\S{1,1024} SIP/2\.0\r?$")
_OWN = ("REGISTER", "OPTIONS")
_LETTERS = frozenset(range(ord("A"), ord("Z") + 1))
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
