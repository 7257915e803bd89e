"""FTP: commands and replies to events, the user beside the password, greetings that answer nothing."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.base import read
from otwatch.dissectors.ftp import COMMANDS, FTP, Talk
from otwatch.dissectors.reader import Reader
from otwatch.events import UNNAMED, Anomaly, Answer, Credential, Event, Identity, Point, Request, Secret, Verb
from tests.dissectors.streams import heard, spoken, tcp

LOGIN = [
    (False, b"220 (vsFTPd 3.0.3)\r\n"),
    (True, b"USER sysdiag\r\n"), (False, b"331 Please specify the password.\r\n"),
    (True, b"PASS factory cast \r\n"), (False, b"230-Welcome\r\n 230 yes\r\n230 Login successful.\r\n"),
    (True, b"stor prog.stu\n"), (False, b"150 Ok to send data.\r\n226 Transfer complete.\r\n"),
    (True, b"\xff\xf4\xff\xf2ABOR\r\n"), (False, b"225 No transfer to ABOR.\r\n"),
]  # fmt: skip


def code(command: str) -> int:
    return list(COMMANDS).index(command)


def done(command: str, status: str, *, final: bool = True) -> Answer:
    return Answer("ftp", command, code(command), details=(("status", status),), final=final)


def test_a_session() -> None:
    assert heard(FTP, LOGIN) == [
        Identity("ftp", (), (("description", "(vsFTPd 3.0.3)"), ("software", "vsFTPd 3.0.3"))),
        Request("ftp", Verb.AUTH, "USER", code("USER"), details=(("user", "sysdiag"),)),
        done("USER", "331"),
        Request("ftp", Verb.AUTH, "PASS", code("PASS"), details=(("user", "sysdiag"),)),
        Credential("ftp", "sysdiag", Secret(b"factory cast ")),
        done("PASS", "230"),
        Request("ftp", Verb.FILE, "STOR", code("STOR"), points=(Point("file", name="prog.stu"),)),
        done("STOR", "150", final=False),
        done("STOR", "226"),
        Request("ftp", Verb.SESSION, "ABOR", code("ABOR")),
        done("ABOR", "225"),
    ]


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    events = heard(FTP, [
        (True, b"USER a\r\nPASS marker\r\nmarkermarker\r\n"), (False, b"331 ok\r\n530 'PASS marker' wrong\r\n500 'markermarker'?\r\n"),
    ])  # fmt: skip
    assert "marker" not in repr(events)
    refusals = [(event.operation, event.error, event.error_code) for event in events if isinstance(event, Answer) and event.error]
    assert refusals == [("PASS", "Not logged in", "530"), ("unknown command", "Syntax error, command unrecognized", "500")]


def test_an_error_in_the_words_of_the_server() -> None:
    *_, answer = heard(FTP, [(True, b"RETR a\r\n"), (False, b"550 Failed to open file.\r\n")])
    assert isinstance(answer, Answer)
    assert (answer.error, answer.error_code) == ("Failed to open file.", "550")


@pytest.mark.parametrize("reply", [b"220 hello\r\n", b"120 wait\r\n", b"421 Timeout.\r\n", b"220-hello\r\n230 x\r\n220 end\r\n"])
def test_what_nobody_asked_for_is_no_answer(reply: bytes) -> None:
    events = heard(FTP, [(False, reply), (True, b"NOOP\r\n"), (False, b"200 ok\r\n")])
    assert [event for event in events if isinstance(event, Answer)] == [done("NOOP", "200")]


def test_a_greeting_that_comes_after_the_first_command_answers_nothing() -> None:
    events = heard(FTP, [(True, b"USER a\r\n"), (False, b"220 hello\r\n331 ok\r\n")])
    assert [event for event in events if isinstance(event, Answer)] == [done("USER", "331")]


def test_after_rein_the_greeting_is_the_answer_and_the_user_is_forgotten() -> None:
    events = heard(
        FTP,
        [(True, b"USER a\r\n"), (False, b"331 \r\n"), (True, b"REIN\r\n"), (False, b"120 wait\r\n220 hello\r\n"), (True, b"PASS x\r\n")],
    )
    assert events[-4:-2] == [done("REIN", "120", final=False), done("REIN", "220")]
    assert events[-1] == Credential("ftp", "", Secret(b"x"))


def test_an_answer_whose_command_was_not_seen() -> None:
    (answer,) = heard(FTP, [(False, b"530 Login incorrect.\r\n")])
    assert answer == Answer("ftp", "FTP reply", UNNAMED, error="Not logged in", error_code="530", details=(("status", "530"),))


@pytest.mark.parametrize("lost", [[(True, b"QUIT\r\n"), (False, b"221 Goodbye.\r\n")], [(False, b"331 Password required.\r\n")]])
def test_what_answers_another_command_lets_nobody_in(lost: list[tuple[bool, bytes]]) -> None:
    """The mirror lost the refusal of PASS, or USER."""
    answers = [event for event in heard(FTP, [(True, b"PASS 3\r\n"), *lost]) if isinstance(event, Answer)]
    assert [answer.code for answer in answers] in ([code("QUIT")], [])


def test_a_reply_of_one_command_alone_names_it() -> None:
    """Behind a gap nobody knows what was asked; "221 Goodbye" is no answer to a password that waits for its own."""
    assert heard(FTP, [(False, b"221 Goodbye.\r\n")]) == [done("QUIT", "221")]


def test_nothing_is_read_once_it_is_encrypted() -> None:
    events = heard(
        FTP, [(True, b"AUTH TLS\r\n"), (False, b"234 go\r\n"), (True, b"\x16\x03\x01\0PASS x\r\n" * 900), (False, b"\x16\x03\x03no end")]
    )
    assert events == [Request("ftp", Verb.AUTH, "AUTH", code("AUTH"), details=(("mechanism", "TLS"),)), done("AUTH", "234")]


def test_the_system_is_an_identity_when_it_was_asked_for() -> None:
    events = heard(FTP, [(True, b"SYST\r\n"), (False, b"215 VxWorks (5.4.2)\r\n")])
    assert Identity("ftp", (), (("os", "VxWorks (5.4.2)"),)) in events


@pytest.mark.parametrize(
    ("greeting", "software"),
    [("ProFTPD 1.3.0a Server (ProFTPD Anonymous Server)", "ProFTPD 1.3.0a"),
     ("ftp.NetBSD.org FTP server (NetBSD-ftpd 20100320) ready.", "NetBSD-ftpd 20100320"),
     ("VxWorks (5.4.2) FTP server ready", "VxWorks 5.4.2"),
     ("FTP Sandbox Ready.", ""), ("FileZilla Server version 0.9.41 beta", "FileZilla 0.9.41")],
)  # fmt: skip
def test_software_of_a_greeting(greeting: str, software: str) -> None:
    (identity,) = heard(FTP, [(False, b"220-==\r\n220 " + greeting.encode() + b"\r\n")])
    assert isinstance(identity, Identity)
    assert dict(identity.fields) == {"description": greeting} | ({"software": software} if software else {})


def test_site_keeps_only_its_first_word() -> None:
    (request,) = heard(FTP, [(True, b"SITE pswd old new\r\n")])
    assert request == Request("ftp", Verb.FILE, "SITE", code("SITE"), details=(("site", "PSWD"),))


def test_without_a_role_the_line_tells() -> None:
    events = [event for data in (b"USER a\r\n", b"331 ok\r\n") for message in read(FTP, data, None).messages for event in message.events]
    assert [type(event) for event in events] == [Request, Answer]


@pytest.mark.parametrize("line", [b"\r\n", b"\0\1\2\r\n", b"what is this\r\n"])
def test_a_server_that_says_no_code_is_malformed(line: bytes) -> None:
    (event,) = heard(FTP, [(False, line)])
    assert isinstance(event, Anomaly)


def test_bytes_that_are_no_text_are_no_command() -> None:
    assert heard(FTP, [(True, b"\x17\x03\x03\0\x20\x9f\n")]) == [Anomaly("ftp", "command is no text", 0)]


def test_a_line_without_end_is_refused() -> None:
    assert heard(FTP, [(True, b"STOR " + b"a" * 5000)]) == [Anomaly("ftp", "line longer than 4096 bytes", 0)]


@pytest.mark.parametrize(
    ("data", "hinted", "yes"),
    [(b"220 (Ftp Server)\r\n", False, True), (b"220 py.fake ready\r\n", True, True), (b"220 py.fake ready\r\n", False, False),
     (b"220 mail ESMTP ftp\r\n", True, False), (b"USER a\r\n", True, True), (b"USER a\r\n", False, False), (b"SYST\r\n", False, True),
     (b"PORT 1,2,3,4,5,6\r\n", False, True),
     (b"STOR payload\r\n", False, False), (b"GET / HTTP/1.1\r\n", True, False), (b"\x16\x03\x01", True, False), (b"", True, False)],
)  # fmt: skip
def test_looks_like(data: bytes, hinted: bool, yes: bool) -> None:
    assert FTP.looks_like(Reader(data), hinted) is yes


@given(st.integers(1, 30))
def test_it_makes_no_difference_how_a_stream_is_split(size: int) -> None:
    parts = [(asks, data[at : at + size]) for asks, data in LOGIN for at in range(0, len(data), size)]
    assert heard(FTP, parts) == heard(FTP, LOGIN)


LINES = st.sampled_from([data for _, data in LOGIN] + [b"AUTH TLS\r\n", b"234 \r\n", b"220-", b"999 x\r\n", b"211-a\r\n"])


@given(st.lists(st.tuples(st.booleans() | st.none(), st.binary(max_size=40) | LINES), max_size=8))
def test_any_bytes_give_events(parts: list[tuple[bool | None, bytes]]) -> None:
    session = Talk()
    for asks, data in parts:
        assert read(FTP, data, asks, session).used <= len(data)


NAMES = [
    "arkime-ftp", "ndpi-ftp", "suricata-ftp-active-mode", "suricata-ftp-download-active", "suricata-ftp-mode-02",
    "suricata-ftp-passive-dynamic_port", "suricata-ftp-retr-bypass-baseline", "suricata-ftp-upload-active", "zeek-bruteforce",
    "zeek-fake-server-delays-all", "zeek-ipv4", "zeek-ipv6", "ndpi-ftp-start-tls", "suricata-ftp-bounce",
]  # fmt: skip


def capture_events(path: Path) -> list[tuple[int, Event]]:
    control = (said for said in tcp(path) if any(port in {21, 2121, 60555, 21212} for *_, port in said.conversation))
    return [(said.frame, event) for said, event in spoken(FTP, control)]


@pytest.mark.parametrize("name", NAMES)
def test_credentials_of_captures_are_those_tshark_saw(captures: Path, name: str) -> None:
    truth = json.loads((captures / "TRUTH.json").read_text())["captures"][f"ftp/{name}.pcap"]["credentials"]["items"]
    found = [(frame, event) for frame, event in capture_events(captures / f"ftp/{name}.pcap") if isinstance(event, Credential)]
    assert [(frame, credential.user) for frame, credential in found] == [(item["frame"], item["user"] or "") for item in truth]
    assert all(credential.secret.equals(item["secret"]) for (_, credential), item in zip(found, truth, strict=True))


def test_refusals_of_a_brute_force(captures: Path) -> None:
    answers = [event for _, event in capture_events(captures / "ftp/zeek-bruteforce.pcap") if isinstance(event, Answer)]
    assert sum(answer.operation == "PASS" and answer.error_code == "530" for answer in answers) == 30
