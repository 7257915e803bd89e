"""What is done again and again, and what equipment relies on, led elsewhere or gone."""

from base64 import b64encode
from functools import partial

from pcaps.acts import messages as say
from pcaps.acts.act import CAMERA, GTE, LEARNT, OFFICE, OTHER_PLC, PLC, SECURITY, THEATRE, TIME, VALMONT, Act, be_learnt, set_while_learnt
from pcaps.acts.frames import Connection, Story
from pcaps.acts.logins import OWN

_BBMD, _OTHER_NAMES, _NAMES = "10.22.1.30", "10.20.4.99", "10.20.4.5"
_NINE_MINUTES = 540.0


def _orders(times: int, registers: int, story: Story) -> None:
    """A second between two orders."""
    connection = story.connect(OFFICE, PLC, 502)
    for at in range(times):
        said = say.wrote(4000 + at % registers, at, at)
        connection.ask(said, said)
        story.wait(1)
    connection.close()


def _logins(story: Story, *tries: tuple[str, str]) -> None:
    for password, status in tries:
        connection = story.connect(OFFICE, CAMERA, 80)
        proof = b64encode(f"technicien:{password}".encode()).decode()
        asked = say.http("GET / HTTP/1.1", "Host: 10.24.5.9", f"Authorization: Basic {proof}")
        connection.ask(asked, say.http(f"HTTP/1.1 {status}", "Server: Apache/2.2.22 (Unix)"))
        connection.close()
        story.wait(5)


def _guesses(times: int, story: Story) -> None:
    _logins(story, *((f"Essai-{at}-mdp", "401 Unauthorized") for at in range(times)), (OWN, "200 OK"))


def _default_refused(password: str, story: Story) -> None:
    connection = story.connect(SECURITY, CAMERA, 80)
    proof = b64encode(f"root:{password}".encode()).decode()
    refused = say.http("HTTP/1.1 401 Unauthorized", "Server: Apache/2.2.22 (Unix)", 'WWW-Authenticate: Basic realm="AXIS_ACCC8E"')
    connection.ask(say.http("GET / HTTP/1.1", f"Authorization: Basic {proof}"), refused)
    connection.close()


def _claims(cards: tuple[str, ...], story: Story) -> None:
    """Cards that answer in turn for the address of a controller; that of the office PC has its own, too."""
    for _ in range(10):
        story.arp(OFFICE)
        for card in cards:
            story.arp(PLC, GTE, card)
            story.wait(4)


def _asks_names(server: str, story: Story) -> None:
    question = bytes.fromhex("1234 0100 0001 0000 0000 0000 05") + b"heure" + b"\7valmont\3lan\0\0\1\0\1"
    answer = question[:2] + bytes.fromhex("8580 0001 0001") + question[8:] + bytes.fromhex("c00c 0001 0001 00000e10 0004 0a14040a")
    story.ask(GTE, server, 53, question, answer)


def _asks_time(answer: bytes, story: Story) -> None:
    for _ in range(4):
        story.ask(PLC, TIME, 123, say.NTP_ASKED, answer)
        story.wait(600)


_NOT_SET = bytes.fromhex("e41006e9") + say.NTP_GIVEN[4:]
"""RFC 5905 7.3: a clock that is not set."""


def _bbmd(question: str, result: str, story: Story) -> None:
    be_learnt(story)
    story.ask(OFFICE, _BBMD, 47808, bytes.fromhex(question), bytes.fromhex("81000006" + result), own=47808)


_TABLE_READ = partial(_bbmd, "81060004", "0000")


def _routers(question: str, answer: str, story: Story) -> None:
    answers = (say.bacnet(answer, "0180"),) if answer else ()
    story.ask(OFFICE, _BBMD, 47808, say.bacnet(question, "0180"), *answers, own=47808)


def _unanswered(connection: Connection, story: Story, answers: bool) -> None:
    connection.say(say.READ)
    if answers:
        connection.say(say.VALUES, by_client=False)


def _polled(stops: bool, story: Story) -> None:
    """A controller is asked every nine minutes round the clock; then it does not answer any more, and somebody else is heard."""
    connection = story.connect(GTE, PLC, 502)
    for at in range(190):
        _unanswered(connection, story, not (stops and at > 175))
        story.wait(_NINE_MINUTES)
        if at > 170:
            story.arp(OTHER_PLC)


def _firmware(versions: tuple[str, ...], story: Story) -> None:
    for firmware in versions:
        text = firmware.encode()
        asked = say.bacnet("0005 01 0c 0c020334b7 192c")
        story.ask("10.20.1.10", THEATRE, 47808, asked, say.bacnet(f"30 01 0c 0c020334b7 192c 3e 75{len(text) + 1:02x}00{text.hex()} 3f"),
                  own=47808)  # fmt: skip
        story.wait(600)


def _identities(hosts: int, story: Story) -> None:
    for last in range(20, 20 + hosts):
        story.ask(OFFICE, f"10.23.1.{last}", 44_818, say.LIST_IDENTITY)
        story.wait(1)


def _outward(port: int, story: Story) -> None:
    if port == 53:
        question = bytes.fromhex("1234 0100 0001 0000 0000 0000 07") + b"exemple\2fr\0\0\1\0\1"
        story.ask(GTE, "8.8.8.8", 53, question, question[:2] + b"\x81\x80" + question[4:])
    elif port == 123:
        story.ask(PLC, "8.8.8.8", 123, say.NTP_ASKED, say.NTP_GIVEN)
    else:
        story.knock(PLC, "8.8.8.8", port, refused=False)


def _reused(passwords: tuple[str, ...], story: Story) -> None:
    for last, password in enumerate(passwords, 11):
        connection = story.connect(SECURITY, f"10.24.5.{last}", 80)
        proof = b64encode(f"securite:{password}".encode()).decode()
        connection.ask(say.http("GET / HTTP/1.1", f"Authorization: Basic {proof}"), say.http("HTTP/1.1 200 OK", "Server: Apache"))
        connection.close()


def _offered(answers: str, story: Story) -> None:
    """A desk is used by RDP, and from it a controller is read, or not."""
    session = story.connect(SECURITY, "10.20.1.11", 3389)
    session.ask(say.RDP_ASKED, say.RDP_GIVEN)
    story.wait(30)
    if answers:
        connection = story.connect("10.20.1.11", answers, 502)
        connection.ask(say.READ, say.VALUES)
        connection.close()
    story.wait(30)
    session.say(say.tpkt("02 f0 80 21 80"))
    session.close()


_OWNERS = ("00:80:f4:16:08:14", "00:1b:78:41:05:20")
_REGISTER, _DELETE = "81050006003c", "8108000a 0a0a0514bac0"
_TIME_HERE, _NAMES_HERE = partial(_asks_time, say.NTP_GIVEN), partial(_asks_names, _NAMES)
_ROUTERS_ASKED = partial(_routers, "00", "01 0835")
BURSTS = (
    Act("values-tried", "io.bruteforce", "repeated", partial(_orders, 14, 1), partial(_orders, 4, 1)),
    Act("registers-tried", "io.bruteforce", "points", partial(_orders, 56, 56), partial(_orders, 9, 9)),
    Act("password-guessed", "cred.bruteforce", "success_after", partial(_guesses, 12), partial(_guesses, 2)),
    Act("default-refused", "cred.default.cleartext", "failure", partial(_default_refused, "pass"), partial(_default_refused, OWN)),
    Act("password-shared", "cred.weak.reused", "reused", partial(_reused, (OWN,) * 5),
        partial(_reused, tuple(OWN + last for last in "abcde")), site=VALMONT),
    Act("address-claimed", "integ.arp.spoof", "suspected", partial(_claims, _OWNERS), partial(_claims, _OWNERS[:1])),
    Act("other-names", "integ.l2.control", "dns", partial(_asks_names, _OTHER_NAMES), _NAMES_HERE, site=VALMONT),
    Act("clock-not-set", "integ.ntp.server", "unsound", partial(_asks_time, _NOT_SET), _TIME_HERE, site=VALMONT),
    Act("foreign-device", "integ.bacnet.bbmd", "register", partial(_bbmd, _REGISTER, "0000"), _TABLE_READ, site=LEARNT),
    Act("foreign-refused", "integ.bacnet.bbmd", "refused", partial(_bbmd, _REGISTER, "0030"), _TABLE_READ, site=LEARNT),
    Act("foreign-deleted", "integ.bacnet.bbmd", "delete", partial(_bbmd, _DELETE, "0000"), _TABLE_READ, site=LEARNT),
    Act("router-offers", "integ.bacnet.routing", "new_network", partial(_routers, "02 0835 05", ""), _ROUTERS_ASKED),
    Act("controller-mute", "avail.polling.stopped", "server_stopped", partial(_polled, True), partial(_polled, False)),
    Act("newer-firmware", "inv.firmware.changed", "upgrade", partial(_firmware, ("V5.00.020",) * 2 + ("V6.00.141",) * 2),
        partial(_firmware, ("V5.00.020",) * 4)),
    Act("other-register", "write.novel_target", "point", partial(set_while_learnt, times=20, then=(4051, 20)),
        partial(set_while_learnt, times=20, then=(4000, 20)), site=LEARNT),
    Act("identities-swept", "recon.enip.identity_sweep", "sweep", partial(_identities, 8), partial(_identities, 2)),
    Act("names-outside", "zone.internet.outbound", "dns", partial(_outward, 53), _NAMES_HERE, site=VALMONT),
    Act("time-outside", "zone.internet.outbound", "time", partial(_outward, 123), _TIME_HERE, site=VALMONT),
    Act("calls-outside", "zone.internet.outbound", "attempt", partial(_outward, 443), _TIME_HERE, site=VALMONT),
    Act("relayed-reading", "zone.chain.jump", "read", partial(_offered, PLC), partial(_offered, ""), site=VALMONT),
)  # fmt: skip
