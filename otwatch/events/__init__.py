"""What dissectors can say: the vocabulary between protocols and everything else.

A message on the wire is read into one or more events. Detections, inventory and zones know these
types and the thirteen verbs, and no protocol's codes.

Two routes stand in an event, and both describe the *operation*, whoever is speaking: `target` is who is asked behind the server's
address, `origin` who asks behind the client's. A route is a tuple of hops, outermost first; the empty route is the endpoint itself.

    ("unit 17",)                        Modbus unit 17 behind the address
    ("net 2001/05",)                    BACnet station 05 (hex) on network 2001 behind the address
    ("ip 192.0.3.7:47808",)             the true sender of a BACnet message that a BBMD forwarded
    ("ip 192.0.3.7:47808", "net 7/0a")  both
    ("port 1/0",)                       CIP: through port 1 (the backplane) to link address 0
    ("mac 00:80:f4:12:34:56",)          who has no address yet, by its MAC (DHCP)

Texts in events come from `clean` and are safe to print; secrets travel only inside `Secret`.
"""

from enum import StrEnum
from typing import NamedTuple

from otwatch.events.secret import UNREAD as UNREAD
from otwatch.events.secret import Proof as Proof
from otwatch.events.secret import Secret as Secret
from otwatch.events.text import TEXT_LIMIT as TEXT_LIMIT
from otwatch.events.text import clean as clean


class Verb(StrEnum):
    """What an operation does to the plant (domain/protocols.md 0.2)."""

    DISCOVER = "DISCOVER"
    READ = "READ"
    SUBSCRIBE = "SUBSCRIBE"
    WRITE = "WRITE"
    CONTROL = "CONTROL"
    PROGRAM = "PROGRAM"
    ADMIN = "ADMIN"
    TIME = "TIME"
    ALARM = "ALARM"
    FILE = "FILE"
    SESSION = "SESSION"
    AUTH = "AUTH"
    OTHER = "OTHER"


CHANGES = frozenset({Verb.WRITE, Verb.CONTROL, Verb.PROGRAM, Verb.ADMIN, Verb.TIME})
"""Verbs that change the plant."""
Route = tuple[str, ...]
Details = tuple[tuple[str, str], ...]


class Point(NamedTuple):
    """What is read or written, in the protocol's own terms.

    kind    "coil", "discrete-input", "holding-register", "input-register", "file-record"; the BACnet object type; "tag" or "cip" (CIP)
    first   wire address, object instance; 0 where there is none
    quantity  how many follow each other
    part    BACnet property ("present-value", with "[3]" when indexed); CIP member
    name    CIP tag, or class/instance/attribute as "0x04/101/3"
    """

    kind: str
    first: int = 0
    quantity: int = 1
    part: str = ""
    name: str = ""

    def __str__(self) -> str:
        if self.name:
            return f"{self.kind} {self.name}"
        if self.part:
            return f"{self.kind}:{self.first} {self.part}"
        last = f"..{self.first + self.quantity - 1}" if self.quantity > 1 else ""
        return f"{self.kind} {self.first}{last}"


UNNAMED = -1
"""Code of an answer that does not repeat which operation it answers (SNMP Response)."""

TRANSFER_STEPS = tuple(f"{way}-{step}" for way in ("download", "upload") for step in ("begin", "block", "end", "abort"))  # in, out


class Request(NamedTuple):
    """Somebody asks for something.

    code      the protocol's number of the operation (function, service choice, CIP service)
    points    what it is about; `values` stand beside them, one text each, for writes
    priority  BACnet command priority 1..16, None where the protocol has none
    details   further named facts, e.g. (("minutes", "10"),); "transfer": one of TRANSFER_STEPS, "bytes": the size of its block
    one_way   no answer is foreseen (unconfirmed services, broadcasts, notifications)
    """

    protocol: str
    verb: Verb
    operation: str
    code: int
    target: Route = ()
    origin: Route = ()
    points: tuple[Point, ...] = ()
    values: tuple[str, ...] = ()
    priority: int | None = None
    details: Details = ()
    one_way: bool = False


class Answer(NamedTuple):
    """Somebody answers. `error` is empty on success, else the protocol's words; `error_code` its number(s).

    code is the one of the request, or UNNAMED. final is False for answers that only say "wait" (Modbus exception 5).
    """

    protocol: str
    operation: str
    code: int
    target: Route = ()
    origin: Route = ()
    error: str = ""
    error_code: str = ""
    details: Details = ()
    final: bool = True


class Identity(NamedTuple):
    """Facts about a thing, said by the sender about itself or about what stands behind it: `IDENTITY_FIELDS` with their values.

    A field may stand there several times. hearsay: the sender says it about somebody else, who need not be there; without a subject
    about whom it speaks to.
    """

    protocol: str
    subject: Route
    fields: Details
    hearsay: bool = False


IDENTITY_FIELDS = frozenset({
    "vendor", "vendor_id", "product", "product_code", "model", "firmware", "software", "hardware", "serial",
    "name", "description", "location", "device_type", "device_type_id", "device_instance", "ip", "url", "application", "os", "realm",
    "run_state", "title", "project", "reserved_by", "mac", "host", "contact", "object_id",
    "domain", "dialect", "service", "capability", "vendor_class", "fingerprint", "asset_tag", "certificate", "certificate_name", "issuer",
    "valid_until", "stratum", "security", "knx_address", "agent", "brand", "enterprise", "organisation",
})  # fmt: skip

CAPABILITIES = frozenset({
    "bridge", "router", "access-point", "telephone", "camera", "recorder", "printer", "time-server", "dhcp-server", "wan-gateway",
})  # fmt: skip
"""Values of the field "capability": what a thing says it can do, in one word whatever the protocol."""


class Binding(NamedTuple):
    """Two names of one thing.

    kind                key               value
    bacnet-device       device instance   "" (the sender, at `subject`, is that device)
    bacnet-network      network number    "" (the sender routes to that network)
    arp                 IP address        MAC
    address             IP address        MAC, "" for the one it is sent from (the sender says so about itself: LLDP)
    lease, virtual      IP address        MAC (a server lent it the address: DHCP); the group of routers that share it: "VRRP 7"
    route               IP address        IP address of the router that leads there, says the sender (ICMP redirect, DHCP)
    resolver, gateway   IP, or MAC        "" (names are resolved there: DHCP), or IP of the way out that a server names to this client
    point-name          "analog-value:12" what the device at `subject` calls it; likewise point-description, point-unit
    """

    kind: str
    key: str
    value: str = ""
    subject: Route = ()


class Credential(NamedTuple):
    """A login attempt. `scheme`: "http-basic", "http-digest", "ftp", "snmp" ...; `realm` is the server's hint.

    `secret` is a Proof where the password itself was not sent.
    """

    scheme: str
    user: str
    secret: Secret | Proof
    realm: str = ""


REWRITTEN = "bytes sent again with other content"
"""Reason of an Anomaly: two copies of the same bytes of TCP, of which one is not what the sender meant."""


class Anomaly(NamedTuple):
    """The message breaks its protocol at `offset`; a request or an answer that was told before the flaw stands `beside` it."""

    protocol: str
    reason: str
    offset: int
    beside: bool = False


class Piece(NamedTuple):
    """A piece of a message that was cut by its protocol (BACnet segmentation, clause 5.2).

    Pieces with the same `key` in the same direction of a conversation are one message; `number` counts from 0 and wraps at 256; `head`
    is what stands before the first piece when it is put together; `ticket` is the number by which the whole message is answered.
    """

    key: str
    number: int
    more: bool
    head: bytes
    data: bytes
    ticket: bytes = b""


class Envelope(NamedTuple):
    """How a message travelled and what kind it is: the headers around what is asked or answered, for counting only. `fields` are few and
    from small sets of values, so that messages in the same envelope are one meaning; a field that is said several times counts as often."""

    protocol: str
    fields: Details


class Opened(NamedTuple):
    """A connection inside a protocol was opened: what travels through it carries its number and not who stands at its end (CIP).

    key is what closing it names. asker and asked are the numbers under which who opened it sends, and the other side; "" where that
    side sends nothing. points: what the one sends to, and what the other sends.
    """

    protocol: str
    key: str
    asker: str
    asked: str
    target: Route
    points: tuple[tuple[Point, ...], tuple[Point, ...]]
    details: Details


class Announced(NamedTuple):
    """A control session says where the conversations will be that carry what it asks for: FTP data, sound, pictures.

    service   their name        asker   whether this end is that of who asks in the session
    address   "" is that of who says it
    """

    protocol: str
    service: str
    transport: str
    ports: tuple[int, ...]
    asker: bool
    address: str = ""


class State(NamedTuple):
    """The sender is seen in a state, `before` in another where that is known.

    "io": whether a controller's outputs are valid, "run" or "idle" (CIP); "clock": why none is given; "root 7": of tree 7."""

    protocol: str
    subject: Route
    name: str
    value: str
    before: str = ""


class Truncated(NamedTuple):
    """Only the beginning of the message was captured; what does not depend on the rest is told, a request or an answer `beside` it."""

    protocol: str
    beside: bool = False


class Echo(NamedTuple):
    """What a packet said that a mirror showed a second time: counted only, for it was said once."""

    protocol: str
    event: "Said"


Said = Request | Answer | Identity | Binding | Credential | Anomaly | Piece | Envelope | Opened | Announced | State | Truncated
Event = Said | Echo


class Message(NamedTuple):
    """One protocol unit: bytes `start` to `end` of its payload, the span of its ticket, and what it says."""

    start: int
    end: int
    ticket: tuple[int, int]
    events: tuple[Event, ...]


class Reading(NamedTuple):
    """What one payload says.

    `used` counts bytes of whole messages; what is left begins a message that is not here yet. `aside` are spans nobody
    looked at, `bits` bytes of which it looked at these bits: another payload of this length that differs only in the rest says the same.
    """

    messages: tuple[Message, ...]
    used: int
    aside: tuple[tuple[int, int], ...]
    bits: tuple[tuple[int, int], ...] = ()
