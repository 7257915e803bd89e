"""HTTP/1: heads to events, bodies passed exactly, credentials found and never shown."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.base import read
from otwatch.dissectors.http import HTTP, METHODS
from otwatch.dissectors.http.bodies import Exchange
from otwatch.dissectors.http.head import LIMIT
from otwatch.dissectors.reader import Reader
from otwatch.events import UNNAMED, Anomaly, Answer, Credential, Event, Identity, Point, Request, Secret, Verb
from tests.dissectors.streams import heard, spoken, tcp

GET = b"GET / HTTP/1.1\r\nHost: cam\r\n\r\n"


def asked(head: bytes) -> tuple[Event, ...]:
    return tuple(heard(HTTP, [(True, head)]))


def answered(head: bytes, method: bytes = b"GET") -> list[Event]:
    return heard(HTTP, [(True, method + b" / HTTP/1.1\r\n\r\n"), (False, head)])[1:]


def answers(events: list[Event]) -> list[str]:
    return [dict(event.details)["status"] for event in events if isinstance(event, Answer)]


def test_a_request_says_who_asks_for_what() -> None:
    request, software, login = asked(
        b"GET /axis-cgi/param.cgi?user=root&pwd=pass HTTP/1.1\r\nHost: 10.24.5.9\r\nUser-Agent: curl/8.5\r\n\r\n"
    )
    assert request == Request(
        "http",
        Verb.READ,
        "GET",
        0,
        points=(Point("url", name="/axis-cgi/param.cgi"),),
        details=(("host", "10.24.5.9"), ("agent", "curl/8.5")),
    )
    assert software == Identity("http", (), (("agent", "curl/8.5"),))
    assert login == Credential("http-form", "root", Secret(b"pass"))


@pytest.mark.parametrize("field", ["Via: 1.1 proxy", "X-Forwarded-For: 10.9.9.9", "Forwarded: for=10.9.9.9"])
def test_a_proxy_asks_with_the_software_of_another(field: str) -> None:
    said = asked(f"GET / HTTP/1.1\r\nUser-Agent: curl/8.5\r\n{field}\r\n\r\n".encode())
    assert said
    assert not [event for event in said if isinstance(event, Identity)]


def test_the_software_that_asks_is_told_once() -> None:
    first, second = (f"GET /{path} HTTP/1.1\r\nUser-Agent: {name}\r\n\r\n".encode() for path, name in (("a", "one"), ("b", "two")))
    said = [event for event in asked(first + first + second) if isinstance(event, Identity)]
    assert said == [Identity("http", (), (("agent", name),)) for name in ("one", "two")]


@pytest.mark.parametrize(
    ("method", "verb"),
    [("GET", Verb.READ), ("HEAD", Verb.READ), ("OPTIONS", Verb.READ), ("POST", Verb.WRITE), ("PUT", Verb.WRITE), ("PATCH", Verb.WRITE),
     ("DELETE", Verb.WRITE), ("CONNECT", Verb.OTHER), ("TRACE", Verb.OTHER), ("BREW", Verb.OTHER)],
)  # fmt: skip
def test_verbs(method: str, verb: Verb) -> None:
    (request,) = asked(f"{method} /x HTTP/1.0\r\n\r\n".encode())
    assert isinstance(request, Request)
    assert (request.verb, request.operation) == (verb, method)


def test_a_method_that_is_not_in_the_table_keeps_its_name() -> None:
    (request,) = asked(b"BREW /pot HTTP/1.1\r\n\r\n")
    assert isinstance(request, Request)
    assert request.code == len(METHODS)


def test_an_answer_says_what_it_answers_and_who_the_server_is() -> None:
    head = b'HTTP/1.1 401 \r\nServer: Axis\r\nWWW-Authenticate: Digest nonce="x", realm="AXIS_ACCC8E012345"\r\nContent-Length: 0\r\n\r\n'
    assert answered(head) == [
        Answer("http", "GET", 0, error="Unauthorized", error_code="401", details=(("status", "401"),)),
        Identity("http", (), (("software", "Axis"), ("realm", "AXIS_ACCC8E012345"))),
    ]


def test_a_redirection_is_no_error_and_its_query_is_not_kept() -> None:
    (answer,) = answered(b"HTTP/1.1 302 Found\r\nLocation: http://cam/login.htm?token=marker\r\nContent-Length: 0\r\n\r\n")
    assert isinstance(answer, Answer)
    assert (answer.error, answer.details) == ("", (("status", "302"), ("location", "//cam/login.htm")))


def test_an_answer_whose_request_was_not_seen() -> None:
    (answer,) = heard(HTTP, [(False, b"HTTP/1.1 204 No Content\r\n\r\n")])
    assert isinstance(answer, Answer)
    assert (answer.operation, answer.code) == ("HTTP answer", UNNAMED)


def test_continue_is_not_the_last_word() -> None:
    events = heard(HTTP, [
        (True, b"POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"), (False, b"HTTP/1.1 100 Continue\r\n\r\n"),
        (True, b"GET"), (False, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ])  # fmt: skip
    assert [(event.operation, event.final) for event in events if isinstance(event, Answer)] == [("POST", False), ("POST", True)]


OK = b"HTTP/1.1 200 OK\r\n"
LAST = b"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        (b"GET", OK + b"Content-Length: 21\r\n\r\n" + b"HTTP/1.1 500 forged\r\n"),
        (b"GET", OK + b"Transfer-Encoding: chunked\r\n\r\n15;x=y\r\nHTTP/1.1 500 forged\r\n\r\n0\r\nTrailer: 1\r\n\r\n"),
        (b"GET", OK + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n\r\n"),
        (b"HEAD", OK + b"Content-Length: 5000\r\n\r\n"),
        (b"HEAD", OK + b"Transfer-Encoding: chunked\r\n\r\n"),
        (b"GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n"),
        (b"GET", OK + b"Content-Length: 7, 7\r\n\r\n1234567\r\n"),
        (b"GET", OK + b"Content-Length: 77000\r\n\r\n" + b"\r\n\r\nHTTP/1.1 500 X\r\n\r\n" * 3500),
    ],
)
def test_the_next_head_stands_behind_the_body(method: bytes, answer: bytes) -> None:
    events = heard(HTTP, [(True, method + b" / HTTP/1.1\r\n\r\n" + GET), (False, answer + LAST)])
    assert answers(events)[1:] == ["404"]
    assert len(answers(events)) == 2


def test_an_answer_without_length_lasts_to_the_end() -> None:
    events = answered(OK + b"\r\nHTTP/1.1 500 forged\r\n\r\n")
    assert answers(events) == ["200"]


@pytest.mark.parametrize(("ask", "answer"), [(b"CONNECT h:1", b"200 OK"), (b"GET /ws", b"101 Switching Protocols")])
def test_a_tunnel_is_passed_over(ask: bytes, answer: bytes) -> None:
    events = heard(HTTP, [(True, ask + b" HTTP/1.1\r\n\r\n"), (False, b"HTTP/1.1 " + answer + b"\r\n\r\n\0" + LAST), (True, GET)])
    assert len(events) == 2


def test_answers_to_head_when_only_answers_are_captured() -> None:
    head = OK + b"Content-Length: 5000\r\n\r\n"
    assert answers(heard(HTTP, [(False, head[:20]), (False, head[20:] + b"HT"), (False, (head + head)[2:])])) == ["200"] * 3


def test_nothing_of_a_body_is_waited_for() -> None:
    session = Exchange()
    head = b"PUT /firmware HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n"
    assert read(HTTP, head + b"x" * 1000, True, session).used == len(head) + 1000
    assert read(HTTP, b"x" * 60000, True, session).used == 60000
    assert session.sides[True].left == 100_000_000 - 61_000


@pytest.mark.parametrize(
    ("page", "title"),
    [(b"<html><TITLE>\r\n  AXIS &amp; Co </Title>", "AXIS & Co"), (b"<title lang='fr'>R\xe9glages</title>", "Réglages"),
     (b"<title>" + b"x" * 5000 + b"</title>", None), (b"</title><title>", None), (b"<title</title>", None), (b"no title", None)],
)  # fmt: skip
def test_title_of_a_page(page: bytes, title: str | None) -> None:
    events = answered(OK + b"Content-Type: text/html\r\n\r\n" + page)
    assert [event.fields for event in events if isinstance(event, Identity)] == ([(("title", title),)] if title is not None else [])


ONVIF = (
    b'<?xml version="1.0"?><env:Envelope><env:Body><tds:GetDeviceInformationResponse><tds:Manufacturer>AXIS</tds:Manufacturer>'
    b"<tds:Model>M3046-V</tds:Model><tds:FirmwareVersion>9.80.3</tds:FirmwareVersion><tds:SerialNumber>ACCC8E012345</tds:SerialNumber>"
    b"<tds:HardwareId>760</tds:HardwareId></tds:GetDeviceInformationResponse></env:Body></env:Envelope>"
)
UPNP = (
    b'<root xmlns="urn:schemas-upnp-org:device-1-0"><device><friendlyName>Passerelle &amp; Cie</friendlyName>'
    b"<manufacturer>Schneider Electric</manufacturer><modelName>Link150</modelName><serialNumber>7</serialNumber>"
    b"<deviceList><device><modelName>inner</modelName></device></deviceList></device></root>"
)


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        (ONVIF, [("vendor", "AXIS"), ("model", "M3046-V"), ("firmware", "9.80.3"), ("serial", "ACCC8E012345"), ("hardware", "760")]),
        (UPNP, [("name", "Passerelle & Cie"), ("vendor", "Schneider Electric"), ("model", "Link150"), ("serial", "7")]),
        (b"<order><Manufacturer>x</Manufacturer></order>", []),
    ],
)
@pytest.mark.parametrize("size", [1, 50, 4096])
def test_a_device_describes_itself_in_xml(document: bytes, fields: list[tuple[str, str]], size: int) -> None:
    head = OK + b"Content-Type: application/soap+xml\r\nContent-Length: %d\r\n\r\n" % len(document)
    parts = [document[at : at + size] for at in range(0, len(document), size)]
    events = heard(HTTP, [(False, part) for part in (head, *parts)])
    assert [field for event in events if isinstance(event, Identity) for field in event.fields] == fields


def test_title_of_a_page_that_comes_in_chunks() -> None:
    events = answered(OK + b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n<title>AXI\r\n9\r\nS</title>\r\n0\r\n\r\n")
    assert events[1:] == [Identity("http", (), (("title", "AXIS"),))]


@pytest.mark.parametrize(
    ("head", "reason"),
    [(b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "Content-Length is no single number"),
     (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "Content-Length is no single number"),
     (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "Content-Length beside Transfer-Encoding"),
     (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "request whose last transfer coding is not chunked"),
     (b"POST / HTTP/1.1\r\nHost\r\n\r\n", "header line without a colon")],
)  # fmt: skip
def test_a_flaw_stands_behind_what_was_said(head: bytes, reason: str) -> None:
    request, anomaly = asked(head)
    assert isinstance(request, Request)
    assert anomaly == Anomaly("http", reason, 0, beside=True)


def test_what_cannot_be_a_head_is_refused_at_once() -> None:
    for junk in (b"\x16\x03\x01", b"hello world\r\n", b"GET / HTTP/2.0\r\n", b"A" * 40, b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * LIMIT):
        (event,) = asked(junk)
        assert isinstance(event, Anomaly)


@pytest.mark.parametrize(
    ("data", "yes"),
    [(GET, True), (LAST, True), (b"GET /" + b"a" * 2000, True), (b"GET rtsp://cam/ RTSP/1.0\r\n", False),
     (b"OPTIONS sip:x SIP/2.0\r\n", False), (b"PRI * HTTP/2.0\r\n", False), (b"220 ftp\r\n", False),
     (b"\0\1\0\0\0\6\1\3\0\0\0\1", False), (b"", False)],
)  # fmt: skip
def test_looks_like(data: bytes, yes: bool) -> None:
    assert HTTP.looks_like(Reader(data), False) is yes


WIRE = [
    (True, b"POST /a HTTP/1.1\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\nContent-Length: 16\r\n\r\nGET / HTTP/1.1\r\n"
     b"HEAD / HTTP/1.1\n\n" + GET),
    (False, OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nHTTP/\r\n0\r\n\r\n" + OK + b"Content-Length: 9\r\n\r\n"),
    (False, OK + b"Content-Type: text/html\r\nContent-Length: 20\r\n\r\n<title>abc d</title>" + LAST),
]  # fmt: skip


@given(st.lists(st.integers(1, 12), min_size=1, max_size=8))
def test_it_makes_no_difference_how_a_stream_is_split(sizes: list[int]) -> None:
    parts: list[tuple[bool, bytes]] = []
    for asks, data in WIRE:
        at = turn = 0
        while at < len(data):
            parts.append((asks, data[at : at + sizes[turn % len(sizes)]]))
            at += sizes[turn % len(sizes)]
            turn += 1
    assert heard(HTTP, parts) == heard(HTTP, WIRE)


@given(
    st.lists(
        st.tuples(st.booleans() | st.none(), st.binary(max_size=60) | st.sampled_from([WIRE[0][1], WIRE[1][1], GET, LAST])), max_size=6
    )
)
def test_any_bytes_give_events(parts: list[tuple[bool | None, bytes]]) -> None:
    session = Exchange()
    for asks, data in parts:
        assert read(HTTP, data, asks, session).used <= len(data)


@given(st.binary(max_size=80), st.integers(0, 200), st.binary(max_size=4))
def test_any_mutation_gives_events(tail: bytes, at: int, put: bytes) -> None:
    for asks, data in WIRE:
        read(HTTP, data[:at] + put + data[at + len(put) :] + tail, asks)


def capture_events(path: Path) -> list[Event]:
    return [event for _, event in spoken(HTTP, tcp(path))]


@pytest.mark.parametrize("name", ["arkime-http-basicauth", "zeek-basic-auth-with-colon", "suricata-http-auth-bearer"])
def test_credentials_of_captures_are_those_tshark_saw(captures: Path, name: str) -> None:
    wanted = [
        item
        for item in json.loads((captures / "TRUTH.json").read_text())["captures"][f"http/{name}.pcap"]["credentials"]["items"]
        if item["secret"]
    ]
    found = [event for event in capture_events(captures / f"http/{name}.pcap") if isinstance(event, Credential)]
    assert [credential.user for credential in found] == [item["user"] for item in wanted]
    assert all(credential.secret.equals(item["secret"]) for credential, item in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("name", "asked_for", "statuses", "flaws"),
    [("zeek-pipelined-requests", 5, 5, 0), ("arkime-http-100-continue", 1, 2, 0), ("zeek-get-gzip", 1, 1, 0),
     ("suricata-basic_websockets", 1, 1, 0), ("zeek-connect-with-smtp", 1, 1, 1)],  # "Mozilla 4.0 (...)" is no header line
)  # fmt: skip
def test_requests_and_answers_of_captures(captures: Path, name: str, asked_for: int, statuses: int, flaws: int) -> None:
    events = capture_events(captures / f"http/{name}.pcap")
    assert sum(isinstance(event, Request) for event in events) == asked_for
    assert len(answers(events)) == statuses
    assert sum(isinstance(event, Anomaly) for event in events) == flaws
