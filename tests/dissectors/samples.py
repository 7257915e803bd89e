"""Good messages of every protocol, to be joined, cut and damaged: those of the sample capture, and literals.

A protocol that does not speak in pcaps/hospital.pcapng gets its row in LITERALS.
"""

from hypothesis import strategies as st

from otwatch.dissectors import DISSECTORS
from tests.dissectors import ipmi_sessions, ldap_messages, names
from tests.dissectors.bacnet import vectors as bacnet
from tests.dissectors.industrial import MESSAGES
from tests.dissectors.modbus import vectors as modbus
from tests.dissectors.snmp import vectors as snmp
from tests.dissectors.spoken import in_the_hospital
from tests.dissectors.tls_hello import client_hello

MOST, LONGEST = 60, 600
"""Messages of the sample capture that are used, and the bytes of the longest."""

LITERALS: dict[str, tuple[bytes, ...]] = {
    "bacnet": tuple(map(bytes.fromhex, bacnet.VECTORS)),
    "bacnet-ethernet": tuple(map(bytes.fromhex, ("0120ffff00ff1000c4020004d22205c49100210a", "01040005220f0c0100000119553e003f4908"))),
    "enip": tuple(map(bytes.fromhex, (
        "630000000000000000000000000000000000000000000000",
        "65000400000000000000000000000000000000000000000001000000",
        "6f0016004433221100000000000000000000000000000000000000000a00020000000000b2000600010220012401",
        "700024000000000000000000000000000000000000000000000000000a000200a1000400010b7900b100100001004d059107414855315f535000ca00",
    ))),
    "cip-io": tuple(map(bytes.fromhex, (
        "0200028008000200aa004d000000b10008000500010000000100", "0200028008000200aa004e000000b10008000600000000000100",
    ))),
    "modbus": tuple(map(bytes.fromhex, (*modbus.REQUESTS.values(), *modbus.ANSWERS.values()))),
    "snmp": tuple(map(bytes.fromhex, (snmp.SET, snmp.SECURED, snmp.TRAP_V1))),
    "http": (
        b"GET /param.cgi?user=root&pwd=pass HTTP/1.1\r\nHost: 10.24.5.9\r\nUser-Agent: curl/8.5\r\n\r\n",
        b"POST /a HTTP/1.1\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\nContent-Length: 16\r\n\r\nGET / HTTP/1.1\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHTTP/\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<title>abc d</title>",
        b"HTTP/1.1 401 \r\nServer: Axis\r\nWWW-Authenticate: Digest nonce=\"x\", realm=\"AXIS\"\r\nContent-Length: 0\r\n\r\n",
    ),
    "tls": (client_hello(), bytes.fromhex("1703030010") + bytes(16), bytes.fromhex("15030300020100")),
    "bacnet-sc": (client_hello(protocols=("http/1.1", "hub.bsc.bacnet.org")), client_hello("dc.bsc.bacnet.org")),
    "bacnet-websocket": (b"GET /hub HTTP/1.1\r\nUpgrade: websocket\r\nsec-websocket-protocol: chat, dc.bsc.bacnet.org\r\n\r\n",),
    "modbus-rtu": tuple(map(bytes.fromhex, (
        "1103006b00037687", "110500acff004e8b", "1106000100039a9b", "110f0013000a02cd01bf0b", "11100001000204000a0102c6f0",
        "110306ae415652434049ad", "1110000100021298", "0a8102b053",
    ))),
    "xway": tuple(map(bytes.fromhex, (
        "00010001000720010c05000024", "00010001000b20010c0500003607680701", "00010001000720010c050000fe", "000100010008f180011000003607",
    ))),
    "ftp": (
        b"220 (vsFTPd 3.0.3)\r\n", b"USER sysdiag\r\n", b"331 Please specify the password.\r\n", b"PASS factory cast \r\n",
        b"230-Welcome\r\n 230 yes\r\n230 Login successful.\r\n", b"stor prog.stu\n", b"150 Ok to send data.\r\n226 Transfer complete.\r\n",
        b"\xff\xf4\xff\xf2ABOR\r\n", b"AUTH TLS\r\n", b"234 \r\n",
    ),
    "ipmi": ipmi_sessions.GOOD,
    "ldap": ldap_messages.GOOD,
    **names.GOOD,
} | {name: tuple(map(bytes.fromhex, texts)) for name, texts in MESSAGES.items()}  # fmt: skip


def good(name: str) -> list[bytes]:
    """Good messages of the protocol with that name."""
    heard = [message for message in in_the_hospital()[name] if len(message) <= LONGEST]
    step = max(1, len(heard) // MOST)
    return [*LITERALS.get(name, ()), *heard[::step]]


GOOD = {dissector.name: good(dissector.name) for dissector in DISSECTORS}


@st.composite
def whole(draw: st.DrawFn, name: str) -> bytes:
    """One to three good messages of a protocol, one after the other."""
    return b"".join(draw(st.lists(st.sampled_from(GOOD[name] or [b""]), min_size=1, max_size=3)))


@st.composite
def variants(draw: st.DrawFn, name: str) -> bytes:
    """The same with bytes changed, put in, or cut off."""
    payload = bytearray(draw(whole(name)))
    for place, value in draw(st.lists(st.tuples(st.integers(0, 4095), st.integers(0, 255)), max_size=4)):
        if payload:
            payload[place % len(payload)] = value
    if draw(st.booleans()):
        at = draw(st.integers(0, len(payload)))
        payload[at:at] = draw(st.binary(max_size=8))
    return bytes(payload[: draw(st.integers(0, len(payload)))] if draw(st.booleans()) else payload)


def any_bytes(name: str) -> st.SearchStrategy[bytes]:
    """Anything, most of it near to what the protocol says."""
    return st.one_of(variants(name), variants(name), st.binary(max_size=120))
